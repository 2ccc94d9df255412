"""Tables found in the sample files as they came: rows, headings, what is skipped, what the lines say."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from skillsaid_desktop.importers import (
    RawRow,
    RawSheet,
    RawWorkbook,
    SourceTable,
    as_of_day,
    find_tables,
    read_workbook,
    why_no_table,
)
from skillsaid_desktop.importers.headings import fold_heading
from skillsaid_desktop.ledgers import CHANGES, MONITORING, STUDENTS
from skillsaid_desktop.ledgers.ledger import Ledger

SAMPLES = Path(__file__).parent.parent / "samples"
EXPECTED: dict[str, Any] = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["files"]
ROSTER = "学籍系统导出 2025-09.xlsx"


def _ledger(name: str) -> Ledger:
    return STUDENTS if name.startswith("学籍") else CHANGES if name.startswith("异动") else MONITORING


def _tables(name: str) -> list[SourceTable]:
    return find_tables(read_workbook(SAMPLES / name), _ledger(name).importable)


@pytest.mark.parametrize(
    "name", sorted(name for name in EXPECTED if name.startswith(("学籍", "异动", "班主任监测表")))
)
def test_every_data_row_is_found_and_no_other(name: str) -> None:
    expected = EXPECTED[name]
    tables = _tables(name)
    found = {table.sheet: (len(table.rows), table.rows[0].number) for table in tables}
    assert found == {
        sheet: (facts["rows"], facts["first_data_row"])
        for sheet, facts in expected["sheets"].items()
        if facts["rows"]
    }
    skipped = {row for table in tables for row, _why in table.skipped}
    assert {each["row"] for each in expected["problems"] if each["verdict"] == "skip"} <= skipped


def test_two_level_headings_are_joined() -> None:
    table = _tables(ROSTER)[0]
    assert table.heading_rows == (3, 4)
    assert table.unknown_columns == ()
    first = table.rows[0].cells
    assert (first["name"], first["guardian_name"]) == ("朱博", "朱财")
    assert (first["document_number"], first["home_county"]) == ("36073520060928803x", "石城县")


def test_why_a_row_is_skipped_is_said() -> None:
    assert _tables(ROSTER)[0].skipped == [(465, "合计行"), (467, "签字行")]
    assert _tables("异动登记 2025-11.xlsx")[0].skipped == [(28, "以下空白"), (29, "签字行")]


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    sheet = read_workbook(SAMPLES / ROSTER).sheets[0]
    assert len(sheet.hidden_rows) == EXPECTED[ROSTER]["facts"]["rows_hidden_by_filter"]
    assert list(sheet.hidden_columns) == EXPECTED[ROSTER]["facts"]["hidden_columns"]


def test_the_day_of_a_roster_comes_from_its_export_line() -> None:
    assert as_of_day(_tables(ROSTER)[0], ROSTER) == date(2025, 9, 18)
    assert as_of_day(_tables("学籍系统导出 2025-11.xlsx")[0], "x.xlsx") == date(2025, 11, 24)


def test_the_day_of_a_roster_comes_from_the_name_of_its_file() -> None:
    table = SourceTable(sheet="名册", heading_rows=(1,), columns={})
    assert as_of_day(table, "名册20251120.xlsx") == date(2025, 11, 20)
    assert as_of_day(table, "名册 2025年11月5日.xlsx") == date(2025, 11, 5)
    assert as_of_day(table, "名册 2025-09.xlsx") == date(2025, 9, 30)
    assert as_of_day(table, "名册.xlsx") is None


def test_a_value_merged_over_a_class_holds_for_each_student() -> None:
    rows = _tables("班主任监测表/12月-新能源2401.xlsx")[0].rows
    assert {row.cells["noted_on"] for row in rows} == {date(2025, 12, 14)}
    assert {row.cells["noted_by"] for row in rows} == {"余冬莲"}


def test_unknown_and_missing_columns_are_listed() -> None:
    table = _tables("班主任监测表/11月-新能源2401.xlsx")[0]
    assert table.unknown_columns == ("家长微信",)
    assert "方式" in table.missing_columns


def test_a_list_of_another_kind_is_no_data() -> None:
    roster = read_workbook(SAMPLES / ROSTER)
    assert find_tables(roster, CHANGES.importable) == []
    assert find_tables(roster, MONITORING.importable) == []
    changes = read_workbook(SAMPLES / "异动登记 2025-11.xlsx")
    assert find_tables(changes, STUDENTS.importable) == []


def test_a_file_without_a_table_of_the_kind_says_what_is_missing() -> None:
    workbook = read_workbook(SAMPLES / "异动登记 2025-11.xlsx")
    refusal = why_no_table(workbook, STUDENTS.importable, "学生名册")
    assert "异动登记 2025-11.xlsx" in refusal.message
    assert "入学日期" in refusal.message
    assert "11月" in why_no_table(workbook, CHANGES.importable, "异动登记", sheet="12月").hint


def test_repeated_headings_totals_and_low_headings(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    headings = ["序号", "学生\n姓名", "公民身份号码", "专业", "班级", "培养层次", "入学时间（年月）"]
    for _ in range(28):
        sheet.append(["填表要求：请如实填写"])
    sheet.append(headings)
    sheet.append([1, "张三", "360731200806204952", "护理", "护理2501", "中级工", "2025.9"])
    sheet.append([None, "小计", 1])
    sheet.append(headings)
    sheet.append([2, "李四", "36073520060928803X", "护理", "护理2501", "中级工", "2025.9"])
    sheet.append([3])
    sheet.append(["注：一式两份"])
    workbook.save(path)
    table = find_tables(read_workbook(path), STUDENTS.importable)[0]
    assert table.heading_rows == (29,)
    assert [(row.number, row.cells["name"]) for row in table.rows] == [(30, "张三"), (33, "李四")]
    assert [why for _row, why in table.skipped] == ["合计行", "重复的表头", "空行", "说明"]


@pytest.mark.parametrize(
    ("heading", "folded"),
    [
        ("学制(年)", "学制"),
        ("是否住宿", "住宿"),
        ("身份证\n号 码", "身份证号码"),
        ("应／往届", "应/往届"),
        ("姓名*", "姓名"),
    ],
)
def test_headings_are_compared_without_blanks_width_brackets_and_whether(heading: str, folded: str) -> None:
    assert fold_heading(heading) == folded


def test_group_headings_page_numbers_and_titles_printed_again_are_no_data(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    headings = "姓名,身份证号,专业,班级,培养层次,入学日期\n"
    person = "张三,360731200806204952,护理,护理2501,中级工,2025-09-01\n"
    lines = [
        "示范学院学生名册\n",
        headings,
        "一、护理专业\n",
        person,
        "第 1 页 共 2 页\n",
        "示范学院学生名册\n",
    ]
    lines += [headings, "（二）机电专业\n", person, "共 2 人\n"]
    path.write_text("".join(lines), "utf-8")
    table = find_tables(read_workbook(path), STUDENTS.importable)[0]
    assert [row.number for row in table.rows] == [4, 9]
    assert table.skipped == [
        (3, "分组标题"), (5, "页码"), (6, "重复的标题"), (7, "重复的表头"), (8, "分组标题"), (10, "合计行"),
    ]  # fmt: skip


def test_a_row_merged_over_the_table_is_a_group_heading(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["姓名", "身份证号", "专业", "班级", "培养层次", "入学日期"])
    sheet.append(["护理2501班"])
    sheet.append(["张三", "360731200806204952", "护理", "护理2501", "中级工", "2025-09-01"])
    sheet.append(["李四"])
    sheet.merge_cells("A2:F2")
    workbook.save(path)
    table = find_tables(read_workbook(path), STUDENTS.importable)[0]
    assert table.skipped == [(2, "分组标题")]
    assert [row.number for row in table.rows] == [3, 4]  # a name alone is a row that lacks its number


def test_merged_cells_that_overlap_cost_no_more_than_their_rows() -> None:
    rows = [RawRow(1, ["姓名", "身份证号", "专业", "班级", "培养层次", "入学日期"])]
    rows += [RawRow(number, ["张三"]) for number in range(2, 2002)]
    merges = [(2 + number % 1000, 0, 90_000, 0) for number in range(20_000)]
    merges += [(1, 1, 1, 99_999_999)] * 1000
    sheet = RawSheet(name="名册", rows=rows, merges=merges)
    table = find_tables(RawWorkbook(file="x.xlsx", digest="", sheets=(sheet,)), STUDENTS.importable)[0]
    assert len(table.rows) == 2000
