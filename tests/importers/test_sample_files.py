"""Every sample file is read, also where its ledger does not exist yet: headings, rows, rows left out, cells.

The columns here are DOMAIN section 5 in short, with the aliases that it names.
"""

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from skillsaid_desktop.importers import SourceTable, find_tables, read_workbook
from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.document_number import IdNumber
from skillsaid_desktop.schema.record import parse_record
from skillsaid_desktop.schema.types import Date, Name, Text

SAMPLES = Path(__file__).parent.parent / "samples"
EXPECTED: dict[str, Any] = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["files"]
BANK = "银行回盘 20251120.txt"


def _field(title: str, *aliases: str, required: bool = False) -> Field:
    kinds = {"姓名": Name(), "身份证号": IdNumber()}
    kind = kinds.get(title) or (Date() if title.endswith("日期") else Text(multiline=True))
    return Field(name=title, title=title, type=kind, required=required, aliases=aliases)


NAME = _field("姓名", "学生姓名", "学员姓名", "结对学生", "学生", "成员姓名", required=True)
ID = _field(
    "身份证号", "身份证号码", "公民身份号码", "证件号码", "证件号", "身份证", "身份证件号码", "身份证件号",
    required=True,
)  # fmt: skip
CLASS = _field("班级", "班级名称", "所在班级", "原班级")
CATEGORY = _field(
    "身份类别", "户类型", "脱贫属性", "贫困户属性", "监测对象类别", "困难类型", "类别", "人员类别"
)
HOUSEHOLD = _field("户编号", "家庭编号", "户号")
HEAD = _field("户主姓名", "户主")

ROSTER = (
    NAME, ID, CATEGORY, HOUSEHOLD, HEAD, _field("人员编号"), _field("与户主关系", "家庭关系"), _field("县", "所属县"),
    _field("乡", "乡镇", "乡(镇)"), _field("村", "行政村"), _field("主要致贫原因", "致贫返贫风险"),
    _field("识别日期", "识别时间", "监测时间"), _field("消除日期", "风险消除时间"), _field("联系电话", "电话", "手机"),
)  # fmt: skip
KINDS: dict[str, tuple[Field, ...]] = {
    "于都县脱贫户监测户花名册.xls": ROSTER,
    "乐安县防返贫监测信息.csv": ROSTER,
    "比对结果下载.xls": (NAME, ID, HOUSEHOLD, CATEGORY, HEAD, _field("比对结论", required=True)),
    "结对帮扶.xlsx": (
        _field("校领导", "校领导姓名", required=True), _field("职务", "行政职务"), NAME, ID, CLASS,
        _field("结对日期", "结对时间", required=True), _field("解除日期", "解除时间"), _field("解除原因"),
    ),
    "帮扶记录 2025-秋.xlsx": (
        _field("校领导", required=True), NAME, CLASS, _field("联系日期", required=True), _field("联系方式", required=True),
        _field("谈话内容"), _field("存在困难"), _field("帮扶措施及资金"), _field("效果"),
    ),
    "国助发放 2025秋.xlsx": (
        NAME, ID, CLASS, CATEGORY, _field("银行卡号", "资助卡号"), _field("开户名", "开户姓名"), _field("月份", required=True),
        _field("金额", "发放金额", required=True), _field("发放日期", "发放时间"), _field("签收"),
    ),
    "免学费名单 2025秋.xlsx": (
        NAME, ID, CLASS, _field("性别"), _field("民族"), _field("专业"), _field("标准", "免学费标准", required=True),
        _field("金额", "免除金额", required=True), _field("备注"),
    ),
    "雨露计划到账 2025秋.xlsx": (
        NAME, ID, CLASS, _field("县"), HEAD, HOUSEHOLD, _field("收款人", required=True), _field("与学生关系"),
        _field("卡号后四位"), _field("应补金额"), _field("到账日期", "到账时间"), _field("到账金额"), _field("未到账原因"),
    ),
    "培训班学员 2025.xlsx": (
        NAME, ID, _field("性别"), CATEGORY, _field("乡", "乡镇"), _field("村"), _field("文化程度"), _field("联系电话", "电话"),
        _field("出勤天数", required=True), _field("结业考核", required=True),
    ),
    "技能鉴定成绩 2025-12.xlsx": (
        NAME, ID, CLASS, _field("职业", required=True), _field("等级", required=True), _field("理论成绩", "理论知识"),
        _field("实操成绩", "操作技能"), _field("结果", "评定结果", required=True), _field("证书编号"), _field("发证日期"),
    ),
    "实习安排.xlsx": (
        NAME, ID, CLASS, _field("单位", "实习单位", required=True), _field("统一社会信用代码"), _field("岗位"),
        _field("起止", "实习起止时间", required=True), _field("三方协议编号"), _field("监护人同意书"), _field("报酬"),
    ),
    "就业去向 2025届.xlsx": (
        NAME, ID, CLASS, CATEGORY, _field("去向", "就业去向", required=True), _field("单位", "就业单位"), _field("岗位"),
        _field("专业是否对口"), _field("月薪"), _field("入职日期", "入职时间"), _field("证明材料"), _field("推荐次数"),
    ),
    "校企合作.xlsx": (
        _field("企业", "企业名称", "单位", required=True), _field("类型", "协议类型", required=True), _field("信用代码"),
        _field("起", "签订时间", "日期"), _field("止", "到期时间"), _field("金额"), _field("受助学生"), _field("定向班"),
    ),
    "扶贫工作台账 2025.xlsx": (
        _field("编号"), _field("日期", "时间", required=True), _field("类别", required=True),
        _field("事项", "工作内容", required=True), _field("责任人", required=True),
        _field("完成时限", required=True), _field("佐证材料"),
    ),
    "领导小组.docx": (
        NAME, _field("职务", required=True), _field("组内职务"), _field("分工", "责任分工"),
    ),
}  # fmt: skip


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
