"""Columns are taken for what they are: by heading, by a similar one, by their values, or as they were chosen before."""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillsaid_desktop.importers import (
    KnownWords,
    MappedTable,
    RawRow,
    RawSheet,
    RawWorkbook,
    Why,
    map_tables,
    read_workbook,
)
from skillsaid_desktop.importers.date_habits import date_habits
from skillsaid_desktop.importers.layout import EXTRA
from skillsaid_desktop.ledgers import CHANGES, STUDENTS
from skillsaid_desktop.policy.policy import default_policy_text
from skillsaid_desktop.schema import RawValue
from skillsaid_desktop.schema.row_reader import row_reader
from skillsaid_desktop.schema.types import Text
from skillsaid_desktop.storage.policy_in_force import parsed_policy
from tests.factories import document_number

SAMPLES = Path(__file__).parent.parent / "samples"
FAULTS = Path(__file__).parent.parent / "faults" / "files"
WORDS = parsed_policy(default_policy_text("jiangxi"), "jiangxi").words(date(2025, 11, 24))
KNOWN = KnownWords(words=WORDS, is_known={"class_name": lambda text: text in ("机电2301", "护理2401")})
HEADS = ("姓名", "身份证号", "班级", "专业", "培养层次", "入学日期")
NAMES = ("曾诗", "吴宇佳", "邹斌", "钟建明", "王英雪", "赖斌超")


def people() -> list[list[RawValue]]:
    return [
        [name, document_number(at + 1), "机电2301" if at < 4 else "护理2401", "机电一体化", "中级工" if at % 2 else "高级工",
         "2023-09-01"]
        for at, name in enumerate(NAMES)
    ]  # fmt: skip


def book(heads: tuple[str, ...] | None, rows: list[list[RawValue]]) -> RawWorkbook:
    lines = [RawRow(1, list(heads))] if heads else []
    lines += [RawRow(at, row) for at, row in enumerate(rows, len(lines) + 1)]
    return RawWorkbook(file="名单.xlsx", digest="d", sheets=(RawSheet(name="Sheet1", rows=lines),))


def mapped(workbook: RawWorkbook, **options: object) -> MappedTable:
    (one,) = map_tables(workbook, STUDENTS.importable, known=KNOWN, **options)  # type: ignore[arg-type]
    return one


def why(one: MappedTable) -> dict[str, Why | None]:
    return {each.field: each.why for each in one.layout.columns if each.field}


def test_known_headings_need_no_question() -> None:
    one = mapped(book(HEADS, people()))
    assert set(why(one).values()) == {Why.HEADING}
    assert not one.layout.is_asking


def test_a_similar_heading_is_proposed_and_named() -> None:
    one = mapped(book(("姓名", "身份证件号吗", "班级", "专业", "培养层次", "入学日期时间"), people()))
    assert why(one)["document_number"] is Why.SIMILAR
    assert one.table.columns["entered_on"] == "F"
    assert one.layout.is_asking
    assert {each.column for each in one.table.issues if each.code == "column guessed"} == {
        "身份证号",
        "入学日期",
    }


@pytest.mark.parametrize(
    "heading", ["联系人电话", "原班级名称", "毕业日期", "班主任电话", "家长联系电话1", "入学年龄"]
)
def test_a_heading_that_means_something_else_is_not_similar(heading: str) -> None:
    values: list[RawValue] = [
        "13807971234" if "电话" in heading else "护理2401" if "班" in heading else "2020-01-02"
    ] * 6
    rows = [[*row, value] for row, value in zip(people(), values, strict=True)]
    one = mapped(book((*HEADS, heading), rows))
    assert [each.heading for each in one.layout.unknown] == [heading]


def test_a_column_full_of_valid_numbers_is_the_number() -> None:
    one = mapped(book(("姓名", "证照", "班级", "专业", "培养层次", "入学日期"), people()))
    assert (one.table.columns["document_number"], why(one)["document_number"]) == ("B", Why.VALUES)


def test_the_numbers_of_a_parent_are_not_the_students() -> None:
    one = mapped(book(("姓名", "父亲证照", "班级", "专业", "培养层次", "入学日期"), people()))
    assert "document_number" not in one.table.columns
    assert one.layout.missing == ("document_number",)
    assert one.layout.is_asking


def test_a_sheet_without_headings_is_read_by_its_values() -> None:
    one = mapped(book(None, [row[::-1] for row in people()]))
    assert one.layout.heading_rows == ()
    assert one.table.columns == {
        "entered_on": "A", "level": "B", "class_name": "D", "document_number": "E", "name": "F",
    }  # fmt: skip
    assert len(one.table.rows) == 6
    assert one.layout.is_asking


def test_two_columns_of_numbers_without_headings_are_nobodys() -> None:
    rows = [[*row, document_number(at + 500)] for at, row in enumerate(people())]
    assert map_tables(book(None, rows), STUDENTS.importable, known=KNOWN) == []


def test_a_birth_date_is_told_by_the_numbers() -> None:
    rows: list[list[RawValue]] = [["2008-06-20", *row] for row in people()]
    assert mapped(book(None, rows)).table.columns["born_on"] == "A"


def test_a_chosen_layout_holds_for_the_whole_sheet_and_keeps_extra_columns() -> None:
    rows = [[*row, "wx" + str(at)] for at, row in enumerate(people())]
    before = mapped(book((*HEADS, "家长微信"), rows))
    assert [each.heading for each in before.layout.unknown] == ["家长微信"]
    chosen = {**before.layout.chosen(), "家长微信": EXTRA, "专业": ""}
    one = mapped(book((*HEADS, "家长微信"), rows), remembered={before.layout.fingerprint: chosen})
    assert not one.layout.unknown
    assert "major" not in one.table.columns
    assert one.table.rows[2].cells["+家长微信"] == "wx2"
    assert why(one)["name"] is Why.REMEMBERED
    assert one.layout.missing == ("major",)


def test_which_of_two_equal_headings_is_meant_is_asked_and_can_be_chosen() -> None:
    workbook = read_workbook(FAULTS / "重复表头.xlsx")
    first = mapped(workbook)
    assert set(first.layout.twice) == {"name", "phone"}
    keys = [each.key for each in first.layout.columns if each.heading in ("姓名", "联系电话")]
    assert keys == ["姓名", "联系电话", "联系电话#2", "姓名#2"]
    chosen = {
        **first.layout.chosen(),
        "联系电话": "guardian_phone",
        "联系电话#2": "phone",
        "姓名#2": "guardian_name",
    }
    one = mapped(workbook, chosen={first.layout.fingerprint: chosen})
    assert one.table.columns["phone"] == next(
        each.letter for each in one.layout.columns if each.key == "联系电话#2"
    )
    assert not [each for each in one.table.issues if each.code == "heading twice"]


def test_a_layout_moves_with_its_columns_and_another_one_is_asked_anew() -> None:
    one = mapped(book(HEADS, people()))
    moved = [RawRow(9, ["", *HEADS]), *(RawRow(10 + at, ["", *row]) for at, row in enumerate(people()))]
    below = RawWorkbook(file="b.xlsx", digest="e", sheets=(RawSheet(name="S", rows=moved),))
    assert mapped(below).layout.fingerprint == one.layout.fingerprint
    assert mapped(book((*HEADS[:5], "入学时间"), people())).layout.fingerprint != one.layout.fingerprint


def test_the_order_of_day_and_month_is_found_in_the_column_or_asked() -> None:
    heads = ("学生", "身份证号", "异动类别", "异动日期")

    def habits(*days: str) -> tuple[tuple[str, ...], ...]:
        rows: list[list[RawValue]] = [
            ["曾诗", document_number(at), "休学", day] for at, day in enumerate(days)
        ]
        (one,) = map_tables(book(heads, rows), CHANGES.importable, known=KNOWN)
        return tuple(each.orders for each in date_habits(one.table, CHANGES.importable))

    assert habits("03/04/2025", "05/06/2025") == (("dmy", "mdy"),)
    assert habits("03/04/2025", "13/06/2025") == (("dmy",),)
    assert habits("25.9.1", "25.10.31") == (("ymd",),)
    assert habits("05-06-07") == (("ymd", "dmy", "mdy"),)
    assert habits("2025-11-05", "20251105") == ()


# The mapping under a storm: shuffled, renamed and dropped columns of a real roster.


@lru_cache(maxsize=1)
def roster() -> RawSheet:
    sheet = read_workbook(SAMPLES / "学籍系统导出 2025-11.xlsx").sheets[0]
    return RawSheet(name=sheet.name, rows=sheet.rows[:42])


@lru_cache(maxsize=1)
def columns_as_they_are() -> dict[int, str]:
    sheet = roster()
    whole = RawWorkbook(file="a.xlsx", digest="a", sheets=(sheet,))
    layout = mapped(whole).layout
    return {each.at: each.field for each in layout.columns if each.field}


RENAMES = st.sampled_from(
    ["", "列1", "内容", "证件", "电话", "日期", "家长证件号", "备用", "班别", "父亲电话", "号码2", "毕业日期", "  ", "=A1",
     "姓　名", "身份证号（必填）", "联系电话＊", "类别", "原班级", "监护人联系电话", "学籍号吗", "等级", "户主身份证号吗"]
)  # fmt: skip


@settings(max_examples=60)
@given(data=st.data())
def test_no_value_lands_silently_in_a_column_of_another_type(data: st.DataObject) -> None:
    sheet, fields = roster(), columns_as_they_are()
    heading = next(row for row in sheet.rows if row.number == 2)
    width = len(heading.cells)
    order = data.draw(st.permutations(range(width)))
    dropped = data.draw(st.sets(st.sampled_from(range(width)), max_size=8))
    order = [at for at in order if at not in dropped]
    renamed = data.draw(st.dictionaries(st.sampled_from(order), RENAMES, max_size=6))
    titles: list[RawValue] = [renamed.get(at, heading.cells[at]) for at in order]
    rows = [RawRow(2, titles)] + [
        RawRow(row.number, [row.cells[at] if at < len(row.cells) else "" for at in order])
        for row in sheet.rows
        if row.number > 2
    ]
    if data.draw(st.booleans(), label="without headings") and not renamed:
        rows = rows[1:]
    workbook = RawWorkbook(file="x.xlsx", digest="x", sheets=(replace(sheet, rows=rows, merges=[]),))
    for one in map_tables(workbook, STUDENTS.importable, known=KNOWN):
        doubtful = {each.field for each in one.layout.guessed} | set(one.layout.twice)
        told = {each.column for each in one.table.issues}
        wanted = [each for each in STUDENTS.importable if each.name in one.table.columns]
        read = row_reader(wanted, WORDS, "x.xlsx", one.table.sheet)
        numbers = [row.number for row in one.table.rows]
        records = read(tuple(one.table.columns), numbers, [row.values for row in one.table.rows])
        for column in one.layout.columns:
            if not column.field:
                continue
            field = STUDENTS.column(column.field)
            was = fields.get(order[column.at])
            if was == column.field or isinstance(field.type, Text):
                continue
            if (
                column.why is Why.HEADING
            ):  # its heading says so: then what does not fit is an issue of its row
                bad = [
                    each
                    for each in records
                    if each.values.get(field.name) is None and each.raw.get(field.name)
                ]
                assert all(any(issue.column == field.title for issue in each.issues) for each in bad)
                continue
            assert column.field in doubtful
            assert field.title in told
            assert one.layout.is_asking
