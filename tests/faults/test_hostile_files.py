"""No input file ends or hangs the program, and each bad one gives a message that names it and what to do."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from skillsaid_desktop.errors import Cancelled, UserError
from skillsaid_desktop.importers import Limits, find_tables, read_workbook
from skillsaid_desktop.ledgers import STUDENTS
from skillsaid_desktop.ledgers.ledger import Outcome
from skillsaid_desktop.services.intake import preview_import
from skillsaid_desktop.storage import LedgerFile
from tests.importers.foreign_files import ods_row, spreadsheet_xml, write_docx, write_ods

FILES = Path(__file__).parent / "files"
EXPECTED: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "samples" / "expected.json").read_text("utf-8")
)["files"]

READABLE = {
    "只有表头.xlsx": (0, (1,)),
    "格式刷到底.xlsx": (12, (1,)),
    "公式没有结果.xlsx": (12, (1,)),
    "怪字符.xlsx": (6, (1,)),
    "路径穿越.xlsx": (2, (1,)),
    "重复表头.xlsx": (12, (1,)),
    "表头在第9行.xlsx": (12, (9,)),
}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("名册(传输中断).xlsx", "不完整"),
        ("空文件.xlsx", "空文件"),
        ("手机拍的名单.xlsx", "图片"),
        ("加了密码的花名册.xlsx", "密码"),
        ("压缩炸弹.xlsx", "大得不正常"),
        ("外部实体.xlsx", "外部文件或网址"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_a_remedy(name: str, reason: str) -> None:
    with pytest.raises(UserError, match=reason) as refusal:
        read_workbook(FILES / name)
    assert name in refusal.value.message
    assert "台账没有改动" in refusal.value.hint


@pytest.mark.parametrize("name", READABLE)
def test_an_odd_file_is_read_for_what_it_holds(name: str) -> None:
    rows, heading_rows = READABLE[name]
    tables = find_tables(read_workbook(FILES / name), STUDENTS.importable)
    assert [(len(table.rows), table.heading_rows) for table in tables] == [(rows, heading_rows)]


def test_the_whole_folder_of_bad_files_ends_as_expected(ledger_file: LedgerFile) -> None:
    """Each is refused and named, or gives its rows; none stops the others (samples, expected.json)."""
    expected = {
        name.removeprefix("坏文件/"): facts for name, facts in EXPECTED.items() if name.startswith("坏文件/")
    }
    assert {path.name for path in FILES.iterdir()} == set(expected)
    preview = preview_import(ledger_file, "students", [FILES])
    refused = {each.name for each in preview.files if each.refusal}
    assert refused == {name for name, facts in expected.items() if not facts["facts"]["opens"]}
    assert {each.file for each in preview.issues if each.code == "unreadable"} == refused
    for name in expected.keys() - refused:
        rows = [row for row in preview.rows if row.record.place.file == name]
        counts = expected[name]["counts"]
        refusals = sum(row.outcome is Outcome.INVALID for row in rows)
        assert (len(rows), refusals) == (counts["rows"], counts["refuse"]), name


def test_nothing_is_written_outside(tmp_path: Path) -> None:
    before = sorted(FILES.parent.iterdir())
    read_workbook(FILES / "路径穿越.xlsx")
    assert sorted(FILES.parent.iterdir()) == before


def test_a_heading_that_stands_twice_is_asked_about_and_the_first_taken() -> None:
    table = find_tables(read_workbook(FILES / "重复表头.xlsx"), STUDENTS.importable)[0]
    twice = {each.column for each in table.issues if each.code == "heading twice"}
    assert twice == {"姓名", "联系电话"}
    assert (table.columns["name"], table.columns["phone"]) == ("A", "C")


def test_formulas_without_result_are_told() -> None:
    table = find_tables(read_workbook(FILES / "公式没有结果.xlsx"), STUDENTS.importable)[0]
    assert "formula without value" in {each.code for each in table.issues}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"<html><body>" + "登录已超时".encode("gbk") + b"</body></html>", "没有表格"),
        (b"<html><table><tr><td> &nbsp; </table>", "没有表格"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "网页归档"),
        (b"{\\rtf1\\ansi ...}", "RTF"),
        (b"<?xml version='1.0'?><dataset><row/></dataset>", "XML"),
        (b"\xff\xd8\xff\xe0" + b"JFIF, and what follows", "图片"),
        (b"BM" + bytes(60), "图片"),
        (bytes(range(256)) * 20, "不是表格"),
        (b"PK\x03\x04" + bytes(400), "不完整"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "读不出来"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "名单.xlsx"
    path.write_bytes(data)
    with pytest.raises(UserError, match=reason):
        read_workbook(path)


def test_other_zip_files_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("名单.txt", "x")
    with pytest.raises(UserError, match="压缩包"):
        read_workbook(path)
    write_docx(path, "<w:p><w:r><w:t>名单在正文里</w:t></w:r></w:p>")
    with pytest.raises(UserError, match="Word 文档，里面没有表格"):
        read_workbook(path)
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"))
    with pytest.raises(UserError, match="旧格式的 Word"):
        read_workbook(path)


@pytest.mark.parametrize("form", ["xml", "docx", "ods"])
def test_xml_of_every_kind_that_brings_its_own_entities_is_refused(tmp_path: Path, form: str) -> None:
    trick = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    path = tmp_path / f"名单.{form}"
    if form == "xml":
        path.write_text(spreadsheet_xml("<Worksheet/>", doctype=trick), "utf-8")
    elif form == "docx":
        write_docx(path, "<w:tbl/>", doctype=trick)
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", f'<?xml version="1.0"?>{trick}<x>&a;</x>')
    with pytest.raises(UserError, match="外部文件或网址"):
        read_workbook(path)


@pytest.mark.parametrize(
    "text",
    [
        "<table>" + "<tr><td colspan=1000>x" * 20_000,
        "<table><tr>" + "<td colspan=1000>x" * 20,
        "<table><tr><td>" * 3_000,
        spreadsheet_xml(
            '<Worksheet><Table><Row><Cell ss:Index="99999999"><Data>x</Data></Cell></Row></Table></Worksheet>'
        ),
        "姓名,身份证号\n" + "," * 100_000,
        "姓名" + "x" * 5_000_000,
    ],
)
def test_a_text_that_claims_to_be_huge_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "名单.xls"
    path.write_text(text, "utf-8")
    with pytest.raises(UserError, match="太多"):
        read_workbook(path)


def test_an_ods_that_repeats_a_row_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "名单.ods"
    cell = ods_row("x", properties='table:number-rows-repeated="1048576"')
    write_ods(
        path, cell.replace("<table:table-cell ", '<table:table-cell table:number-columns-repeated="16384" ')
    )
    with pytest.raises(UserError, match="名单"):
        read_workbook(path, limits=Limits(memory_bytes=2**30))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="找不到"):
        read_workbook(tmp_path / "没有.xlsx")
    with pytest.raises(UserError, match="文件夹"):
        read_workbook(tmp_path)


def test_one_cell_in_the_far_corner_ends_the_child_and_not_the_program(tmp_path: Path) -> None:
    path = tmp_path / "远处有空格.xlsx"
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet["A1"], sheet["B1"], sheet["XFD1048576"] = "姓名", "身份证号", " "
    workbook.save(path)
    with pytest.raises(UserError, match="远处有空格") as refusal:
        read_workbook(path)
    assert "台账没有改动" in refusal.value.hint


def test_too_many_cells_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    workbook = Workbook()
    for _ in range(40):
        workbook.worksheets[0].append(["x"] * 10)
    workbook.save(path)
    with pytest.raises(UserError, match="太多"):
        read_workbook(path, limits=Limits(cells=100))
    assert len(read_workbook(path).sheets[0].rows) == 40


def test_reading_stops_when_the_user_says_so() -> None:
    class Stop:
        def report(self, done: int, total: int, text: str) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        read_workbook(FILES / "表头在第9行.xlsx", progress=Stop())
