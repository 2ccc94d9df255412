"""Papers as workbooks: what a clerk sees in WPS, and what no cell may do."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from skillsaid_desktop.documents import Document, Signatures, Table, TableColumn, TableRow
from skillsaid_desktop.exporters.xlsx import render_xlsx, write_xlsx
from skillsaid_desktop.exporters.xlsx_rows import text_width
from skillsaid_desktop.schema import Text
from tests.exporters.papers import form_paper, list_paper
from tests.exporters.readable import workbook_lines

MADE = datetime(2025, 11, 25, 10, 0)


@pytest.mark.parametrize("name", ["list", "form"])
def test_a_workbook_has_every_cell_style_and_print_setting(
    name: str, compare: Callable[[str, str], None]
) -> None:
    paper = list_paper(4) if name == "list" else form_paper()
    content, issues = render_xlsx(paper, made_at=MADE)
    assert issues == []
    compare(f"{name}.xlsx.txt", workbook_lines(content))


def _texts(*texts: str) -> Document:
    columns = (TableColumn(headings=("内容",), type=Text(), width=20),)
    rows = [TableRow(values=(text,)) for text in texts]
    return Document(title="清单", file_name="清单", blocks=(Table(columns=columns, rows=rows, name="清单"),))


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-5", "@SUM(A1)", "{=A1}", "http://x", "<r>a</r>", "007", "1E5"]
)
def test_dangerous_text_stays_text(text: str) -> None:
    content, _ = render_xlsx(_texts(text))
    cell = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["A3"]
    assert cell.data_type in ("s", "inlineStr")
    assert str(cell.value).strip() == text
    assert cell.hyperlink is None


def test_control_characters_do_not_break_the_file() -> None:
    content, _ = render_xlsx(_texts("铃\x07声\x1f", "_x0007_"))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert "铃" in str(sheet["A3"].value)
    assert "0007" in str(sheet["A4"].value)


def test_a_text_longer_than_a_cell_is_cut_and_named() -> None:
    content, issues = render_xlsx(_texts("长" * 40_000))
    assert len(str(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["A3"].value)) == 32767
    assert "放得下" in issues[0].message


def test_days_and_sums_are_numbers_and_document_numbers_are_text() -> None:
    content, _ = render_xlsx(list_paper(2))
    row = [cell.value for cell in list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].rows)[7]]
    assert row[2] == "360731200806200002"
    assert row[5] == datetime(2023, 9, 1) or row[5] == date(2023, 9, 1)


def test_sheet_names_that_excel_refuses_are_mended() -> None:
    paper = _texts("一")
    table = replace(paper.tables[0], name="在读/实习[2025]:" + "很长" * 20)
    content, _ = render_xlsx(replace(paper, blocks=(table, replace(table, name="在读*"), table)))
    assert len(openpyxl.load_workbook(io.BytesIO(content)).sheetnames) == 3


def test_nothing_is_left_in_the_data_folder(own_data_folder: Path, tmp_path: Path) -> None:
    write_xlsx(list_paper(3), tmp_path / "名单.xlsx")
    assert [path.name for path in (own_data_folder / "exporting").iterdir()] == []
    assert [path.name for path in tmp_path.iterdir()] == ["名单.xlsx"]


def test_head_and_signatures_of_a_narrow_sheet_are_not_cut() -> None:
    columns = tuple(
        TableColumn(headings=(one,), type=Text(), width=6) for one in ("序号", "姓名", "班级", "专业")
    )
    rows = [TableRow(values=("1", "万强", "建筑2301", "建筑施工"))]
    names = ("单位负责人", "审核人", "填表人", "联系电话", "填表日期")
    paper = Document(
        title="名单",
        file_name="名单",
        header_left="填报单位（盖章）：江西示范技师学院建筑与机电工程学院",
        header_center="统计截止日：2025年10月25日",
        header_right="单位：人",
        blocks=(
            Table(columns=columns, rows=rows),
            Signatures(entries=tuple((one, "经办示例") for one in names)),
        ),
    )
    content, _ = render_xlsx(paper)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    room = len(columns) * sheet.column_dimensions["A"].width  # in half characters; all four are alike
    lines = [
        row[0].value
        for row in sheet.iter_rows()
        if isinstance(row[0].value, str) and "：" in row[0].value and row[0].coordinate in sheet.merged_cells
    ]
    assert "".join(lines).count("：") == 3 + len(names)
    assert [line for line in lines if text_width(line) * 2 > room] == []
