"""What Excel and WPS put on the clipboard, as a workbook, so that a paste goes the way of a file."""

import hashlib
import io
import re
from itertools import islice

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers.html_rows import HtmlTable, html_tables
from skillsaid_desktop.importers.row_source import Budget, Refused
from skillsaid_desktop.importers.text_rows import text_rows
from skillsaid_desktop.importers.workbook import RawRow, RawSheet, RawWorkbook

CLIPBOARD = "剪贴板"
_SHEET = "粘贴的表格"
_MOST_LETTERS = 40_000_000
_MOST_MARKUP = 12_000_000
"""Letters of HTML that are looked at; of a larger block the text alone is taken."""
_MOST_CELLS = 3_000_000
_START = re.compile(r"<(?:html|table)\b", re.IGNORECASE)


def read_clipboard(text: str, html: str = "") -> RawWorkbook:
    """Return what was copied: cells from the text, merged cells from the HTML; without text all from the HTML.

    Raises UserError if there is no table in it, or too much.
    """
    if len(text) > _MOST_LETTERS:
        raise _too_large()
    table = _table(html)
    try:
        rows = _rows(text)
    except Refused:
        raise _too_large() from None
    if table is not None and not rows:
        rows = [RawRow(number, cells) for number, cells in enumerate(table.rows, 1) if any(cells)]
    if not rows or max(len(row.cells) for row in rows) < 2:
        raise UserError("剪贴板里没有表格。", "台账没有改动。请在 Excel 或 WPS 里选中名单，复制，再来粘贴。")
    sheet = RawSheet(name=_SHEET, rows=rows)
    if table is not None and len(table.rows) >= rows[-1].number:
        # The text is what was copied, to the letter; only the HTML knows of merged cells.
        sheet.merges = table.merges
    digest = hashlib.sha256((text or html).encode("utf-8", "replace")).hexdigest()
    return RawWorkbook(file=CLIPBOARD, digest=digest, sheets=(sheet,))


def read_cells(text: str) -> list[list[str]]:
    """Return a copied block as a rectangle of texts, blank cells included; a line break in a cell stays in it.

    Raises UserError if there is nothing in it, or too much.
    """
    if len(text) > _MOST_LETTERS:
        raise _too_large()
    try:
        lines = io.StringIO(text, newline=None)
        rows = [
            [str(cell) for cell in cells] for _number, cells in text_rows(lines, Budget(_MOST_CELLS), "\t")
        ]
    except Refused:
        raise _too_large() from None
    if rows and not any(rows[-1]) and len(rows) > 1:
        rows.pop()  # the empty line after a block
    width = max(map(len, rows), default=0)
    if not width:
        raise UserError(
            "剪贴板里没有可以粘贴的文字。", "台账没有改动。请先在 Excel、WPS 或这里选中格子，复制，再来粘贴。"
        )
    return [row + [""] * (width - len(row)) for row in rows]


def _rows(text: str) -> list[RawRow]:
    first = next(iter(islice(io.StringIO(text), 1)), "")
    lines = io.StringIO(text, newline=None)
    rows = []
    for number, cells in text_rows(lines, Budget(_MOST_CELLS), "\t" if "\t" in first else ""):
        plain = list(cells)
        while plain and not plain[-1].strip():
            plain.pop()
        if plain:
            rows.append(RawRow(number, plain))
    return rows


def _table(html: str) -> HtmlTable | None:
    """Return the largest table of what the clipboard holds as HTML, Windows' own lines before it left out."""
    found = _START.search(html)
    if not found or len(html) > _MOST_MARKUP:
        return None
    try:
        tables = html_tables((html[found.start() :],), Budget(_MOST_CELLS))
    except (Refused, AssertionError):  # html.parser asserts on broken marked sections
        return None
    return max(tables, key=lambda table: len(table.rows), default=None)


def _too_large() -> UserError:
    return UserError("剪贴板里的内容太多，没有粘贴。", "台账没有改动。请把名单存成工作簿，再从文件导入。")
