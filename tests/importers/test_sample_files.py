"""Every sample file is read, also where its ledger does not exist yet: headings, rows, rows left out, cells."""

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from skillsaid_desktop.importers import SourceTable, find_tables, read_workbook
from skillsaid_desktop.schema.record import parse_record
from tests.importers.sample_fields import KINDS, ROSTER

SAMPLES = Path(__file__).parent.parent / "samples"
EXPECTED: dict[str, Any] = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["files"]


def _tables(name: str) -> list[SourceTable]:
    return find_tables(read_workbook(SAMPLES / name), KINDS[name])


@pytest.mark.parametrize("name", KINDS)
def test_every_sheet_gives_its_data_rows_and_no_other(name: str) -> None:
    expected = EXPECTED[name]
    tables = _tables(name)
    assert {table.sheet: (len(table.rows), table.rows[0].number) for table in tables} == {
        sheet: (facts["rows"], facts["first_data_row"])
        for sheet, facts in expected["sheets"].items()
        if facts["rows"]
    }
    skipped = {(table.sheet, row) for table in tables for row, _why in table.skipped}
    assert {
        (each["sheet"], each["row"]) for each in expected["problems"] if each["verdict"] == "skip"
    } <= skipped


@pytest.mark.parametrize("name", KINDS)
def test_every_column_is_found_somewhere(name: str) -> None:
    found = {field for table in _tables(name) for field in table.columns}
    missing = {each.name for each in KINDS[name]} - found
    # 于都's roster is of one county and does not name it; 乐安's list has neither of the other two.
    assert missing <= {"县", "人员编号", "主要致贫原因"}


def test_a_county_s_roster_skips_its_subtotals_and_the_headings_pasted_again() -> None:
    name = "于都县脱贫户监测户花名册.xls"
    reasons = {"subtotal": "合计行", "heading again": "重复的表头", "signature": "签字行"}
    assert {table.sheet: table.skipped for table in _tables(name)} == {
        "脱贫户": [
            (each["row"], reasons[each["kind"]])
            for each in sorted(EXPECTED[name]["problems"], key=lambda each: each["row"] or 0)
            if each["verdict"] == "skip"
        ],
        "监测对象": [],
    }


def test_household_cells_merged_over_its_people_hold_for_each_of_them() -> None:
    table = _tables("于都县脱贫户监测户花名册.xls")[0]
    people = [row.cells for row in table.rows]
    assert all(cells["户编号"] and cells["户主姓名"] for cells in people)
    assert len({cells["户编号"] for cells in people}) == 1342
    # A person's number begins with that of the household.
    assert all(str(cells["人员编号"]).startswith(str(cells["户编号"])) for cells in people)


def test_a_unit_line_is_no_part_of_the_headings() -> None:
    table = _tables("于都县脱贫户监测户花名册.xls")[0]
    assert table.heading_rows == (3,)
    assert table.unknown_columns == ("组别", "性别", "证件类型", "健康状况", "在校生状况", "脱贫时间")
    assert "数据截止：2025年9月30日" in table.lines_above[1]


def test_numbers_that_a_csv_guards_are_mended_and_told() -> None:
    name = "乐安县防返贫监测信息.csv"
    table = _tables(name)[0]
    found = defaultdict(set)
    for row in table.rows:
        for issue in parse_record(ROSTER, row.cells, None, name, table.sheet, row.number).issues:
            found[issue.code].add(row.number)
    planted = defaultdict(set)
    for each in EXPECTED[name]["problems"]:
        planted[each["kind"]].add(each["row"])
    others = {each["row"] for each in EXPECTED[name]["problems"] if each["verdict"] != "clean"}
    # Four guarded numbers stand in rows that are asked about or refused for something else.
    assert found["guarded number"] - others == planted["guarded number"]
    assert len(found["guarded number"]) == 806
    assert found["spoiled number"] == planted["spoiled number"]
    assert found["blank"] == planted["blank"]
    assert found["check digit"] == planted["check digit"] | planted["ID differs in one digit"]
    assert any("\ue000" <= letter <= "\uf8ff" for letter in str(table.rows[140].cells["姓名"]))


def test_a_downloaded_page_gives_its_verdicts() -> None:
    table = _tables("比对结果下载.xls")[0]
    assert table.heading_rows == (2, 3)
    verdicts = Counter(row.cells["比对结论"] for row in table.rows)
    assert verdicts == EXPECTED["比对结果下载.xls"]["facts"]["verdicts"]
    assert (table.rows[0].cells["户编号"], table.rows[0].cells["户主姓名"]) == ("36102522349702", "徐水才")


def test_days_of_an_attendance_grid_belong_to_the_headings() -> None:
    assert {table.heading_rows for table in _tables("培训班学员 2025.xlsx")} == {(3, 4)}


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("结对帮扶.xlsx", "校领导"),
        ("帮扶记录 2025-秋.xlsx", "校领导"),
        ("实习安排.xlsx", "单位"),
        ("领导小组.docx", "组内职务"),
    ],
)
def test_what_is_merged_over_several_people_holds_for_each(name: str, column: str) -> None:
    assert all(row.cells[column] for table in _tables(name) for row in table.rows)
