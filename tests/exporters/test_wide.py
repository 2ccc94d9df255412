"""Lists wider than the paper stay readable: bands of columns, each with the names again."""

import io
from pathlib import Path

import openpyxl

from skillsaid_desktop.documents import Document, Table, TableColumn, TableRow
from skillsaid_desktop.documents.wide import column_bands
from skillsaid_desktop.exporters.pdf import render_pdf
from skillsaid_desktop.exporters.xlsx import render_xlsx
from skillsaid_desktop.schema import Name, Text
from tests.exporters.readable import pdf_text


def _wide(columns: int = 40) -> Document:
    heads = [TableColumn(headings=("姓名",), type=Name(), width=5)]
    heads += [TableColumn(headings=(f"第{number}栏",), type=Text(), width=8) for number in range(1, columns)]
    rows = [TableRow(values=("机电2301", *(None,) * (columns - 1)), kind="group")]
    rows += [TableRow(values=(f"张{row}", *(f"值{row}-{n}" for n in range(1, columns)))) for row in range(20)]
    table = Table(columns=tuple(heads), rows=rows, frozen_columns=1, name="宽表")
    return Document(title="宽表", file_name="宽表", blocks=(table,))


def test_bands_are_even_and_hold_every_column_once() -> None:
    columns = _wide().tables[0].columns
    bands = column_bands(columns, 1, 60, 0.6)
    assert [index for band in bands for index in band[1:]] == list(range(1, 40))
    assert all(band[0] == 0 for band in bands)
    assert max(len(band) - 1 for band in bands) == -(-39 // len(bands))


def test_a_table_that_fits_is_one_band() -> None:
    assert column_bands(_wide(4).tables[0].columns, 1, 60, 0.6) == [[0, 1, 2, 3]]


def test_each_page_of_a_wide_list_says_who_the_row_is(tmp_path: Path) -> None:
    path = tmp_path / "wide.pdf"
    path.write_bytes(render_pdf(_wide()).content)
    pages = pdf_text(path).split("\f")[:-1]
    assert len(pages) > 2
    assert all("张19" in page and "姓名" in page for page in pages)
    assert "值19-39" in "".join(pages)


def test_a_wide_sheet_repeats_its_first_columns_in_print() -> None:
    content, _ = render_xlsx(_wide())
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet.print_title_cols == "$A:$A"
    assert len(sheet.col_breaks.brk) >= 2
