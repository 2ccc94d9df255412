"""A block copied in Excel or WPS becomes a workbook."""

import pytest

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers import find_tables, read_clipboard
from skillsaid_desktop.ledgers import STUDENTS

TEXT = '姓名\t身份证号\t备注\r\n张三\t360731200806204952\t"第一行\n第二行 ""引"""\r\n李四\t\t\r\n\t\t\r\n王五\t1\t=1+1\r\n\r\n'


def test_the_text_of_a_copied_block_is_read_to_the_letter() -> None:
    workbook = read_clipboard(TEXT)
    assert workbook.file == "剪贴板"
    assert [(row.number, list(row.cells)) for row in workbook.sheets[0].rows] == [
        (1, ["姓名", "身份证号", "备注"]),
        (2, ["张三", "360731200806204952", '第一行\n第二行 "引"']),
        (3, ["李四"]),
        (5, ["王五", "1", "=1+1"]),
    ]


def test_merged_cells_come_from_the_html_beside_the_text() -> None:
    text = "学生\t班级\r\n张三\t护理2401\r\n李四\t\r\n王五\t护理2402\r\n"
    html = (
        "Version:1.0\r\nStartHTML:0000000105\r\n<html xmlns:x='urn:x'><head><style>td{}</style></head><body>"
        "<!--StartFragment--><table><tr><td>学生</td><td>班级</td></tr><tr><td>张三</td>"
        "<td rowspan=2>护理\r\n  2401</td></tr><tr><td>李四</td></tr><tr><td>王五</td><td>护理2402</td></tr></table>"
    )
    sheet = read_clipboard(text, html).sheets[0]
    assert sheet.merges == [(2, 1, 3, 1)]
    assert list(sheet.rows[1].cells) == ["张三", "护理2401"]


def test_html_alone_is_enough() -> None:
    sheet = read_clipboard(
        "", "<table><tr><td>学生<td>班级<tr><td><td><tr><td>张三<td>护理<br>2401</table>"
    ).sheets[0]
    assert [(row.number, list(row.cells)) for row in sheet.rows] == [
        (1, ["学生", "班级"]),
        (3, ["张三", "护理\n2401"]),
    ]


def test_a_paste_goes_through_the_same_headings_as_a_file() -> None:
    text = "学生姓名\t公民身份号码\t专业\t班级\t层次\t入学时间\r\n张三\t360731200806204952\t护理\t护理2401\t中级工\t2024.9\r\n"
    table = find_tables(read_clipboard(text), STUDENTS.importable)[0]
    assert [(row.number, row.cells["name"]) for row in table.rows] == [(2, "张三")]


@pytest.mark.parametrize(
    ("text", "html"), [("", ""), (" \r\n\t\r\n", ""), ("", "<b>无</b>"), ("", "<![bad[<table>")]
)
def test_a_clipboard_without_a_table_says_so(text: str, html: str) -> None:
    with pytest.raises(UserError, match="剪贴板里没有表格"):
        read_clipboard(text, html)


def test_a_paste_without_end_is_refused() -> None:
    with pytest.raises(UserError, match="太多"):
        read_clipboard("x\t" * 40_000)
    with pytest.raises(UserError, match="太多"):
        read_clipboard("x" * 40_000_001)


def test_hostile_html_costs_no_more_than_its_text() -> None:
    sheet = read_clipboard("张三\t1\r\n", "<table>" + "<tr><td colspan=1000 rowspan=60000>x" * 20_000).sheets[
        0
    ]
    assert (list(sheet.rows[0].cells), sheet.merges) == (["张三", "1"], [])
