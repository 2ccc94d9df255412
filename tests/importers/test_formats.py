"""Each form of file that a list may come in, read to the same rows."""

import csv
import io
import shutil
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers import Limits, RawSheet, read_workbook
from tests.importers.foreign_files import (
    ods_row,
    spreadsheet_xml,
    word_cell,
    write_docx,
    write_ods,
    write_xlsb,
)

FILES = Path(__file__).parent / "files"
SAMPLES = Path(__file__).parent.parent / "samples"
ROWS = [
    ["姓名", "身份证号", "措施；说明"],
    ["钟𫖯", "36073120080620495X", "公益性岗位\n每月800元"],
    ["司徒·凯军", "361025197503019419", '他说“好”, 又说"不好"|完;\t了'],
    ["李四", "", "无"],
]


def _read(path: Path, data: bytes | str) -> list[RawSheet]:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(read_workbook(path).sheets)


def _cells(sheet: RawSheet) -> list[tuple[int, list[Any]]]:
    return [(row.number, list(row.cells)) for row in sheet.rows]


@pytest.mark.parametrize(
    ("encoding", "separator"),
    list(product(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"], [",", "\t", "|", ";"])),
)
def test_text_is_read_in_any_encoding_with_any_separator(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=separator, lineterminator="\r\n").writerows(ROWS)
    sheet = _read(tmp_path / "名册.csv", written.getvalue().encode(encoding))[0]
    assert _cells(sheet) == list(enumerate(ROWS, 1))


def test_text_that_broke_off_or_has_a_broken_byte_keeps_its_encoding(tmp_path: Path) -> None:
    lines = ["姓名,班级", *(f"学生{number},护理2401" for number in range(100))]
    for encoding in ("utf-8", "gb18030"):
        data = "\n".join(lines).encode(encoding)
        assert _cells(_read(tmp_path / "甲.csv", data[:-5] + data[-3:-1])[0])[:100] == [
            (number, line.split(",")) for number, line in enumerate(lines[:100], 1)
        ]


def test_records_are_numbered_as_a_spreadsheet_numbers_them(tmp_path: Path) -> None:
    sheet = _read(tmp_path / "甲.csv", 'a,b\n"1\n2\n3",x\n\n\n4,y\n')[0]
    assert _cells(sheet) == [(1, ["a", "b"]), (2, ["1\n2\n3", "x"]), (5, ["4", "y"])]


def test_a_quotation_mark_that_nobody_closed_costs_one_line_only(tmp_path: Path) -> None:
    rows = [f"学生{number},护理2401\n" for number in range(200)]
    for place in (3, 196):
        broken = [*rows[:place], '学生x,"护理2401\n', *rows[place:]]
        sheet = _read(tmp_path / "甲.csv", "姓名,班级\n" + "".join(broken))[0]
        assert len(sheet.rows) == 202
        assert list(sheet.rows[place + 1].cells) == ["学生x", '"护理2401']
        assert list(sheet.rows[-1].cells) == ["学生199", "护理2401"]


def test_guards_are_taken_off_but_for_long_numbers(tmp_path: Path) -> None:
    text = '="张三",="36102501725578",="361025200810244733",\t361025197407070249\n' * 3
    cells = list(_read(tmp_path / "甲.csv", text)[0].rows[0].cells)
    assert cells == ["张三", '="36102501725578"', '="361025200810244733"', "\t361025197407070249"]


def test_a_line_that_only_names_the_separator_is_no_row(tmp_path: Path) -> None:
    assert _cells(_read(tmp_path / "甲.csv", "sep=;\n姓名;班级\n张三;护理,1班")[0]) == [
        (1, ["姓名", "班级"]),
        (2, ["张三", "护理,1班"]),
    ]


def test_a_web_page_is_read_as_a_browser_shows_it(tmp_path: Path) -> None:
    page = """<html><head><meta charset=gb2312><style>td{color:red}</style><title>无关</title></head><body>导航
    <table><col><col style="display:none"><tr><th rowspan=2>姓名<th colspan=2>户籍<th rowspan=2>备注
    <tr><th>县<th>乡<tr style='display: none'><td>钟&#177070;&nbsp;<td>于都县</td><td>贡江镇
      <td>第一行<br>第二行<p>第三行</p><tr><td rowspan=2>同户<td>a<td>b<td><tr><td>c<td>d</table>
    <table><tr><td>另一张<td>表</table>"""
    first, second = _read(tmp_path / "下载.xls", page.encode("gbk"))
    assert [list(row.cells) for row in first.rows] == [
        ["姓名", "户籍", "", "备注"],
        ["", "县", "乡"],
        ["钟𫎮", "于都县", "贡江镇", "第一行\n第二行\n第三行"],
        ["同户", "a", "b"],
        ["", "c", "d"],
    ]
    assert set(first.merges) == {(1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 2, 3), (4, 0, 5, 0)}
    assert (first.hidden_rows, first.hidden_columns) == ((3,), ("B",))
    assert (second.name, list(second.rows[0].cells)) == ("table 2", ["另一张", "表"])


def test_a_web_page_that_breaks_off_gives_what_came(tmp_path: Path) -> None:
    data = (SAMPLES / "比对结果下载.xls").read_bytes()
    sheet = _read(tmp_path / "下载.xls", data[: len(data) // 2])[0]
    whole = read_workbook(SAMPLES / "比对结果下载.xls").sheets[0]
    assert 50 < len(sheet.rows) < 80
    assert sheet.rows[:50] == whole.rows[:50]


def _xml_cell(text: str, kind: str = "String", more: str = "") -> str:
    return f'<Cell {more}><Data ss:Type="{kind}">{text}</Data></Cell>'


def test_excel_2003_xml_is_read(tmp_path: Path) -> None:
    html = 'xmlns="http://www.w3.org/TR/REC-html40"'
    rich = f'<Cell><ss:Data ss:Type="String" {html}>红<Font Color="#FF0000">字</Font></ss:Data></Cell>'
    options = '<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">'
    rows = [
        '<Row ss:Index="2">' + _xml_cell("户主", more='ss:MergeAcross="1"') + _xml_cell("备注"),
        '<Row ss:Hidden="1">' + _xml_cell("钟𫖯 &amp; 子", more='ss:MergeDown="1"'),
        _xml_cell("360731200806204952", "Number", 'ss:Index="3"')
        + _xml_cell("3.60731200806205E+17", "Number"),
        "<Row>" + _xml_cell("2025-09-01T00:00:00.000", "DateTime", 'ss:Index="2"'),
        _xml_cell("230", "Number") + rich,
    ]
    sheets = (
        '<Worksheet ss:Name="脱贫户"><Table><Column/><Column ss:Index="3" ss:Hidden="1"/>'
        f"{rows[0]}</Row>{rows[1]}{rows[2]}</Row>{rows[3]}{rows[4]}</Row></Table></Worksheet>"
        f'<Worksheet ss:Name="字典"><Table/>{options}<Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>'
    )
    first, second = _read(tmp_path / "名册.xls", spreadsheet_xml(sheets).encode("gb18030"))
    assert (first.name, second.name, first.is_hidden, second.is_hidden) == ("脱贫户", "字典", False, True)
    assert _cells(first) == [
        (2, ["户主", "", "备注"]),
        (3, ["钟𫖯 & 子", "", "360731200806204952", 3.60731200806205e17]),
        (4, ["", date(2025, 9, 1), 230, "红字"]),
    ]
    assert first.merges == [(2, 0, 2, 1), (3, 0, 4, 0)]
    assert (first.hidden_rows, first.hidden_columns) == ((3,), ("C",))


def test_tables_of_a_word_document_are_read(tmp_path: Path) -> None:
    down, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [
        word_cell("组内职务") + word_cell("姓名") + word_cell("分工"),
        word_cell("组长", down) + word_cell("查文彬") + word_cell("全面\n负责"),
        word_cell("", on) + word_cell("单国强") + word_cell("x"),
        word_cell("以下空白", '<w:gridSpan w:val="3"/>'),
    ]
    table = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    path = tmp_path / "小组.docx"
    write_docx(path, f"<w:p><w:r><w:t>标题</w:t></w:r></w:p>{table}<w:tbl></w:tbl>{table}")
    first, second = read_workbook(path).sheets
    assert (first.name, second.name) == ("table 1", "table 2")
    assert _cells(first) == [
        (1, ["组内职务", "姓名", "分工"]),
        (2, ["组长", "查文彬", "全面\n负责"]),
        (3, ["", "单国强", "x"]),
        (4, ["以下空白"]),
    ]
    assert sorted(first.merges) == [(2, 0, 3, 0), (4, 0, 4, 2)]
    assert _cells(second) == _cells(first)


def test_a_binary_workbook_is_read_with_its_merged_cells(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsb"
    write_xlsb(
        path, [["姓名", "户主", "金额"], ["张三", "张大", 230], ["李四", "", 3.60731e17]], [(2, 1, 3, 1)]
    )
    sheet = read_workbook(path).sheets[0]
    assert _cells(sheet) == [
        (1, ["姓名", "户主", "金额"]),
        (2, ["张三", "张大", 230]),
        (3, ["李四", "", 3.60731e17]),
    ]
    assert (sheet.name, sheet.merges, sheet.is_hidden) == ("名册", [(2, 1, 3, 1)], False)


def test_an_opendocument_workbook_is_read_with_its_merged_and_hidden_cells(tmp_path: Path) -> None:
    path = tmp_path / "名册.ods"
    tall = ods_row("同户").replace("<table:table-cell ", '<table:table-cell table:number-rows-spanned="2" ')
    write_ods(
        path,
        '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        + ods_row("姓名", "户主", properties='table:visibility="filter"')
        + tall
        + "<table:table-row><table:covered-table-cell/></table:table-row>"
        + ods_row("末行"),
        display="false",
    )
    sheet = read_workbook(path).sheets[0]
    assert _cells(sheet) == [(4, ["姓名", "户主"]), (5, ["同户"]), (7, ["末行"])]
    assert (sheet.merges, sheet.is_hidden) == ([(5, 0, 6, 0)], True)
    assert (sheet.hidden_rows, sheet.hidden_columns) == ((4,), ("C",))


@pytest.mark.parametrize("name", ["结对帮扶.ods", "结对帮扶.html"])
def test_what_an_office_program_saved_in_another_form_is_the_same_list(name: str) -> None:
    """Both were saved by LibreOffice 7.4 from the sample workbook."""
    sheet = read_workbook(FILES / name).sheets[0]
    original = read_workbook(SAMPLES / "结对帮扶.xlsx").sheets[0]
    texts = [[column for column in row.cells if isinstance(column, str)] for row in original.rows]
    assert [row.number for row in sheet.rows] == [row.number for row in original.rows]
    assert [
        [cell for cell in row.cells if cell in known] for row, known in zip(sheet.rows, texts, strict=True)
    ] == texts
    assert {each for each in sheet.merges if each[2] > each[0]} == {
        each for each in original.merges if each[2] > each[0]
    }


def test_hidden_rows_and_columns_of_an_old_workbook_are_read_and_told() -> None:
    """The sample with rows 5, 6, 20 and column C hidden, saved as BIFF8 by LibreOffice 7.4."""
    sheet = read_workbook(FILES / "结对帮扶(有隐藏).xls").sheets[0]
    assert (sheet.hidden_rows, sheet.hidden_columns) == ((5, 6, 20), ("C",))
    assert len(sheet.rows) == 65


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (SAMPLES / "结对帮扶.xlsx", "结对帮扶.xls"),
        (SAMPLES / "班主任监测表" / "11月-建筑2401.xls", "建筑.xlsx"),
        (SAMPLES / "班主任监测表" / "11月-建筑2401.xls", "建筑.et"),
        (FILES / "结对帮扶.ods", "结对帮扶.xlsx"),
        (SAMPLES / "比对结果下载.xls", "比对结果.csv"),
        (SAMPLES / "乐安县防返贫监测信息.csv", "乐安县.xlsx"),
    ],
)
def test_a_wrong_ending_does_not_matter(tmp_path: Path, source: Path, name: str) -> None:
    shutil.copyfile(source, tmp_path / name)
    renamed, original = read_workbook(tmp_path / name), read_workbook(source)
    assert [sheet.rows for sheet in renamed.sheets] == [sheet.rows for sheet in original.sheets]


def test_the_bank_s_records_are_read() -> None:
    sheet = read_workbook(SAMPLES / "银行回盘 20251120.txt").sheets[0]
    people = [row for row in sheet.rows if row.cells[0] == "D"]
    assert (sheet.name, len(people), people[0].number, sheet.rows[-1].number) == ("txt", 156, 2, 158)
    assert sum(row.cells[5] == "失败" for row in people) == 6
    assert list(people[3].cells)[2:] == [
        "6210983361877067161", "钟建明", "230.00", "失败", "账号户名不符", "4952",
    ]  # fmt: skip


def test_cells_keep_their_address_below_empty_rows_and_right_of_empty_columns(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet["C4"], sheet["D6"], sheet["B9"] = "姓名", "张三", "末行"
    workbook.save(path)
    assert _cells(read_workbook(path).sheets[0]) == [
        (4, ["", "", "姓名"]),
        (6, ["", "", "", "张三"]),
        (9, ["", "末行"]),
    ]


def test_text_is_read_in_the_child_under_the_same_limits(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_text("a,b\n" * 100, "utf-8")
    with pytest.raises(UserError, match="太多"):
        read_workbook(path, limits=Limits(cells=50))
