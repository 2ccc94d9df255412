"""The lists that the benches of papers write, and the bare libraries that they are measured against."""

import io
from datetime import date
from pathlib import Path
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from skillsaid_desktop.documents import Document, PageSetup, PaperSize, Table, TableColumn, TableRow
from skillsaid_desktop.exporters.pdf_fonts import first_font_name
from skillsaid_desktop.exporters.pdf_pages import Pages
from skillsaid_desktop.schema import Amount, Date, FieldType, IdNumber, Name, Number, Text

_SURNAMES = "刘曾吴邹钟王赖廖李谢张黄郭徐陈杨林何罗高郑梁宋唐许韩冯邓曹彭"
_GIVEN = "志诗宇斌建英雪超嘉龙然鑫亮峰俊鹏红瑶婷晨莹明强丽芳军杰娟艳勇涛霞平刚桂"
_KINDS: tuple[tuple[str, FieldType, float], ...] = (
    ("序号", Number(), 3),
    ("姓名", Name(), 4),
    ("身份证号", IdNumber(), 10),
    ("班级", Text(), 5),
    ("专业", Text(), 7),
    ("入学日期", Date(), 6),
    ("金额", Amount(), 5),
    ("情况", Text(), 14),
)


def long_list(rows: int, columns: int) -> Document:
    """Return a list of invented people, one column in eight long enough to wrap."""
    kinds = [_KINDS[index % len(_KINDS)] for index in range(columns)]
    table_columns = tuple(
        TableColumn(headings=(f"{title}{index}",), type=kind, width=width)
        for index, (title, kind, width) in enumerate(kinds)
    )
    body = [TableRow(values=tuple(_value(title, row) for title, _, _ in kinds)) for row in range(rows)]
    return Document(
        title="名单",
        file_name="名单",
        page=PageSetup(size=PaperSize.A3, landscape=True),
        blocks=(Table(columns=table_columns, rows=body, name="名单"),),
    )


def _value(title: str, row: int) -> Any:
    if title == "序号":
        return row + 1
    if title == "姓名":
        return _SURNAMES[row % 30] + _GIVEN[row // 30 % 35] + _GIVEN[row // 7 % 35]
    if title == "身份证号":
        return f"360731200806{row % 1_000_000:06d}"
    if title == "班级":
        return f"机电23{row % 40:02d}"
    if title == "专业":
        return "机电一体化技术"
    if title == "入学日期":
        return date(2023, 9, 1 + row % 28)
    if title == "金额":
        return 23_000 + row
    return f"第{row}户：父亲务工，母亲在家照顾老人，成绩中等，希望毕业后在本地就业。"


def bare_workbook(document: Document, path: Path) -> None:
    """Write the same cells in bare XlsxWriter `constant_memory`, one border style."""
    (table,) = document.tables
    with Workbook(str(path), {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        text = workbook.add_format({"border": 1, "text_wrap": True, "num_format": "@"})
        number = workbook.add_format({"border": 1, "num_format": "0"})
        day = workbook.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
        for at, row in enumerate(table.rows):
            for column, value in enumerate(row.values):
                if isinstance(value, str):
                    sheet.write_string(at, column, value, text)
                elif isinstance(value, date):
                    sheet.write_datetime(at, column, value, day)
                else:
                    sheet.write_number(at, column, value, number)


def drawn_strings(document: Document) -> list[list[tuple[float, float, str]]]:
    """Return for each page the strings that stand on it, lines of wrapped cells one by one."""
    from skillsaid_desktop.exporters.pdf_fonts import body_face, bold_face

    laid = Pages(document, body_face(), bold_face(), [])
    pages = []
    for page in laid.pages:
        strings: list[tuple[float, float, str]] = [(text.x, text.y, text.text) for text in page.texts]
        for table in page.tables:
            y = table.y
            edges = table.laid.edges
            strings += [
                (edges[each.span.column], y, line) for each in table.laid.headings for line in each.lines
            ]
            for row in table.rows:
                for x, lines in zip(edges, row.lines, strict=False):
                    shown = (lines,) if isinstance(lines, str) else lines
                    strings += [(x, y + number * 10, line) for number, line in enumerate(shown) if line]
                y += row.height
        pages.append(strings)
    return pages


def bare_canvas(pages: list[list[tuple[float, float, str]]]) -> bytes:
    """Draw strings on reportlab's canvas, nothing else."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(1190, 842), pageCompression=1)
    for page in pages:
        canvas.setFont(first_font_name(), 9)
        for x, y, text in page:
            canvas.drawString(x, 842 - y, text)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()
