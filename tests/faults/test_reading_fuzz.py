"""A fuzzer over reader, heading finder and column types: no hang, no crash, every refusal names the file.

200 mutated files in the suite; SKILLSAID_FUZZ=5000 is the long mode. Workbooks always go through the reading
child; of texts and pages, whose readers are Python, one in five does, the others are read in this process.
"""

import os
import random
import string
import traceback
from collections import Counter
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers import (
    Limits,
    RawRow,
    RawSheet,
    RawWorkbook,
    as_of_day,
    find_tables,
    read_clipboard,
    read_workbook,
    why_no_table,
)
from skillsaid_desktop.importers.child import messages
from skillsaid_desktop.importers.html_rows import html_tables
from skillsaid_desktop.importers.row_source import Budget, Refused
from skillsaid_desktop.importers.signatures import check_file
from skillsaid_desktop.importers.text_rows import text_rows
from skillsaid_desktop.ledgers import CHANGES, MONITORING, STUDENTS
from skillsaid_desktop.policy.policy import default_policy_text, load_policy
from skillsaid_desktop.schema.row_reader import row_reader
from tests.faults.mutations import NASTY, mutated
from tests.importers.foreign_files import spreadsheet_xml, write_xlsb
from tests.importers.sample_fields import KINDS

FILES = Path(__file__).parent / "files"
SAMPLES = Path(__file__).parent.parent / "samples"
MUTANTS = int(os.environ.get("SKILLSAID_FUZZ", "200"))
_POLICY = load_policy(default_policy_text(), "jiangxi")
_OTHERS = [
    KINDS[each] for each in ("乐安县防返贫监测信息.csv", "比对结果下载.xls", "结对帮扶.xlsx", "领导小组.docx")
]
_KINDS = [*(each.importable for each in (STUDENTS, CHANGES, MONITORING)), *_OTHERS]
_LIMITS = Limits(seconds=60, cells=2_000_000, memory_bytes=2**30)
_WORKBOOKS = [
    SAMPLES / "班主任监测表" / "11月-机电2401.xlsx",
    SAMPLES / "班主任监测表" / "11月-建筑2401.xls",
    SAMPLES / "班主任监测表" / "11月-护理2301、2401.xlsx",
    SAMPLES / "异动登记 2025-11.xlsx",
    SAMPLES.parent / "importers" / "files" / "结对帮扶.ods",
    SAMPLES.parent / "importers" / "files" / "结对帮扶(有隐藏).xls",
    FILES / "表头在第9行.xlsx",
    FILES / "怪字符.xlsx",
]
_TEXTS = [
    SAMPLES / "乐安县防返贫监测信息.csv",
    SAMPLES / "银行回盘 20251120.txt",
    SAMPLES / "比对结果下载.xls",
    SAMPLES / "领导小组.docx",
    SAMPLES.parent / "importers" / "files" / "结对帮扶.html",
]


def _sources(folder: Path) -> list[tuple[str, bytes]]:
    """Return the files to damage: samples and two that no sample stands for."""
    found = [(path.suffix, path.read_bytes()) for path in _WORKBOOKS + _TEXTS]
    headings: list[str | float] = ["姓名", "身份证号", "专业", "班级", "培养层次", "入学日期"]
    person: list[str | float] = ["张三", "360731200806204952", "护理", "护理2401", "中级工", 45536]
    write_xlsb(folder / "名册.xlsb", [headings, *[person] * 20], [(2, 3, 9, 3)])
    cell = '<Cell ss:MergeDown="0"><Data ss:Type="String">{}</Data></Cell>'
    rows = "<Row>" + "".join(map(cell.format, headings)) + "</Row>"
    rows += ('<Row ss:Index="0">' + "".join(map(cell.format, person)) + "</Row>") * 20
    table = spreadsheet_xml(f'<Worksheet ss:Name="名册"><Table>{rows}</Table></Worksheet>')
    return [*found, (".xlsb", (folder / "名册.xlsb").read_bytes()), (".xml", table.encode())]


@pytest.mark.timeout(6 * 3600)
def test_mutated_files_never_hang_or_crash(tmp_path: Path) -> None:
    chance = random.Random(20251126)
    sources = _sources(tmp_path)
    ends: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    for number in range(MUTANTS):
        ending, data = chance.choice(sources)
        path = tmp_path / f"变形{ending}"
        path.write_bytes(mutated(data, chance))
        is_text = ending in (".csv", ".txt", ".html", ".xml", ".docx") or data.startswith(b"<html")
        in_child = not is_text or chance.random() < 0.2
        try:
            workbook = read_workbook(path, limits=_LIMITS) if in_child else _read_here(path)
            ends["child" if in_child else "here", _use(workbook)] += 1
        except UserError as error:
            ends["child" if in_child else "here", "refused"] += 1
            if path.name not in error.message or "台账没有改动" not in error.hint or "太久" in error.message:
                wrong.append(f"{number} {ending}: {error}")
        except Exception:
            wrong.append(f"{number} {ending}: {traceback.format_exc(limit=-3)}")
    print(f"\n{MUTANTS} mutated files: {dict(ends)}")
    assert wrong == []


def _read_here(path: Path) -> RawWorkbook:
    """Read as the child does, in this process."""
    sheets: list[RawSheet] = []
    form = check_file(path, _LIMITS)
    if form == "workbook":  # what the damage has made of it
        return read_workbook(path, limits=_LIMITS)
    try:
        for message in messages(str(path), form, _LIMITS.cells):
            if message[0] == "sheet":
                sheets.append(RawSheet(**message[1]))
            else:
                sheets[-1].rows.extend(map(RawRow, message[1], message[2]))
    except Exception as error:  # the child says "damaged" of any
        raise UserError(f"“{path.name}” {error}", "台账没有改动。") from error
    return RawWorkbook(file=path.name, digest="", sheets=tuple(sheets))


def _use(workbook: RawWorkbook) -> str:
    """Find tables of every kind and read their rows."""
    words = _POLICY.words(date(2025, 12, 1))
    seen = "no table"
    for columns in _KINDS:
        tables = find_tables(workbook, columns)
        if not tables:
            why_no_table(workbook, columns, "名册")
        for table in tables:
            seen = "table"
            as_of_day(table, workbook.file)
            fields = [each for each in columns if each.name in table.columns]
            read = row_reader(fields, words, workbook.file, table.sheet)
            rows = table.rows[:200]
            read(tuple(table.columns), [row.number for row in rows], [row.values for row in rows])
    return seen


_CELLS = st.one_of(
    st.sampled_from([*NASTY, "姓名", "身份证号", "专业", "班级", "培养层次", "入学日期", "小计", "序号"]),
    st.text(max_size=20),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.dates(),
    st.datetimes(),
)
_MERGES = st.lists(st.tuples(*[st.integers(0, 60)] * 4), max_size=8)


@settings(max_examples=MUTANTS)
@given(
    rows=st.lists(st.lists(_CELLS, max_size=9), max_size=30),
    heading=st.integers(0, 45),
    merges=_MERGES,
)
def test_any_sheet_is_parted_into_rows_and_reasons(
    rows: list[list[str | int | float | bool | date | datetime | None]],
    heading: int,
    merges: list[tuple[int, int, int, int]],
) -> None:
    titles = ["姓名", "身份证号", "专业", "班级", "培养层次", "入学日期"]
    sheet = RawSheet(
        name="名册", rows=[RawRow(number, row) for number, row in enumerate(rows, 1)], merges=merges
    )
    sheet.rows[heading:heading] = [RawRow(0, titles)]
    sheet.rows = [RawRow(number, row.cells) for number, row in enumerate(sheet.rows, 1)]
    workbook = RawWorkbook(file="名册.xlsx", digest="", sheets=(sheet,))
    _use(workbook)
    for table in find_tables(workbook, STUDENTS.importable):
        taken = [row.number for row in table.rows]
        skipped = [number for number, _why in table.skipped]
        assert sorted(taken + skipped) == list(range(table.heading_rows[-1] + 1, len(sheet.rows) + 1))


@settings(max_examples=MUTANTS)
@given(
    text=st.text(
        alphabet=st.sampled_from('甲1,\t|;"=\n\r\x00 ') | st.sampled_from(string.printable), max_size=400
    )
)
def test_any_text_is_read_or_refused_and_loses_no_line(text: str) -> None:
    rows = [list(cells) for _number, cells in text_rows(StringIO(text, newline=None), Budget(10_000))]
    kept = "".join("".join(row) for row in rows)
    assert kept.count("甲") == text.count("甲")
    _paste(text, "")


@settings(max_examples=MUTANTS)
@given(
    parts=st.lists(
        st.sampled_from(
            ["<table>", "<tr>", "<td>", "<td colspan=3>", "<td rowspan=9>", "</td>", "</tr>", "</table>", "<br>",
             "&nbsp;", "<!--", "-->", "<![", "<!doctype", "<style>", "</style>", "&#x110000;", "<th colspan=-1>",
             "<td colspan=99999999999>"]
        ) | st.text(max_size=5),
        max_size=60,
    )
)  # fmt: skip
def test_any_page_is_read_or_refused(parts: list[str]) -> None:
    page = "".join(parts)
    try:
        tables = html_tables((page,), Budget(100_000))
    except (Refused, AssertionError):
        tables = []
    for table in tables:
        width = max(map(len, table.rows))
        assert all(left <= right < width for _, left, _, right in table.merges)
    _paste("", page)


def _paste(text: str, html: str) -> None:
    """Paste it: a workbook or a UserError."""
    try:
        workbook = read_clipboard(text, html)
    except UserError:
        return
    _use(workbook)
