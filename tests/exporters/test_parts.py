"""A paper of parts: each person's begins on a page and a sheet of its own, with page numbers and a bookmark."""

import io
import re

import openpyxl
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QModelIndex
from PySide6.QtPdf import QPdfBookmarkModel, QPdfDocument

from skillsaid_desktop.documents import Document, Heading, Part, Signatures, Table, TableColumn, TableRow
from skillsaid_desktop.exporters.pdf import render_pdf
from skillsaid_desktop.exporters.xlsx import render_xlsx
from skillsaid_desktop.schema import Text

NAMES = ("张三", "李四", "李四")


def paper(rows: int = 3) -> Document:
    blocks: list[Part | Heading | Table | Signatures] = []
    facts = (
        TableColumn(headings=(), type=Text(), width=5, names=True),
        TableColumn(headings=(), type=Text(), width=12, fills=True),
    )
    listed = (
        TableColumn(headings=("日期",), type=Text(), width=5),
        TableColumn(headings=("事项",), type=Text(), width=20, fills=True),
        TableColumn(headings=("说明",), type=Text(), width=10),
    )
    for name in NAMES:
        blocks += [
            Part(title="一生一档", name=f"机电2301 {name}", subtitle=name),
            Heading(text="基本情况"),
            Table(columns=facts, rows=[TableRow(values=("姓名", name))]),
            Heading(text="时间线"),
            Table(columns=listed, rows=[TableRow(values=("2025-11-05", "面谈", "学习"))] * rows),
            Signatures(entries=(("填表人", "丁晓岚"),)),
        ]
    return Document(title="一生一档", file_name="一生一档", blocks=blocks, header_left="填报单位：示范学校")


def opened(content: bytes) -> tuple[QPdfDocument, QBuffer]:
    document, buffer = QPdfDocument(), QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    return document, buffer


def test_each_part_has_its_own_pages_numbers_and_bookmark() -> None:
    pdf = render_pdf(paper(rows=60))
    assert pdf.pages == 6
    document, _buffer = opened(pdf.content)
    numbers = []
    for page in range(pdf.pages):
        text = document.getAllText(page).text()
        found = re.search(r"第\s*(\d)\s*页\s*共\s*(\d)\s*页", text)
        assert found is not None
        numbers.append((int(found[1]), int(found[2])))
        assert ("机电2301" in text) == (numbers[-1][0] > 1)  # the running title says whose the page is
    assert numbers == [(1, 2), (2, 2)] * 3
    bookmarks = QPdfBookmarkModel()
    bookmarks.setDocument(document)
    found_marks = []
    for row in range(bookmarks.rowCount(QModelIndex())):
        index = bookmarks.index(row, 0)
        title = bookmarks.data(index, int(QPdfBookmarkModel.Role.Title))
        found_marks.append((title, bookmarks.data(index, int(QPdfBookmarkModel.Role.Page))))
    assert found_marks == [("机电2301 张三", 0), ("机电2301 李四", 2), ("机电2301 李四", 4)]


def test_each_part_is_a_sheet_of_the_workbook() -> None:
    content, issues = render_xlsx(paper())
    assert issues == []
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["机电2301 张三", "机电2301 李四", "机电2301 李四2"]
    for sheet, name in zip(book.worksheets, NAMES, strict=True):
        cells = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
        assert cells[:2] == ["一生一档", name]
        assert cells.count("面谈") == 3
        assert sheet.freeze_panes is None
        # Tables of two and of three columns share the sheet's whole width.
        ends = {merged.max_col for merged in sheet.merged_cells.ranges}
        assert max(ends) == sheet.max_column
