"""A Document as a workbook: row by row, every text a text, set up to print as the PDF does.

XlsxWriter's `constant_memory` wants rows in order, so joined cells are written cell by cell and their ranges
are registered apart. Its row files lie in our own data folder, not among everybody's temporary files.
"""

import io
import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from skillsaid_desktop import clock
from skillsaid_desktop.documents import (
    Block,
    Cards,
    Document,
    Heading,
    PaperSize,
    Paragraph,
    Part,
    Signatures,
    Table,
    TableColumn,
)
from skillsaid_desktop.documents.headings import heading_depth, heading_spans
from skillsaid_desktop.documents.wide import column_bands
from skillsaid_desktop.exporters.target import replace_file
from skillsaid_desktop.exporters.xlsx_rows import LINE, CellWriter, RowWriter, equal_below, text_width
from skillsaid_desktop.exporters.xlsx_styles import Styles
from skillsaid_desktop.paths import data_folder
from skillsaid_desktop.schema.issue import Issue

_PAPER = {PaperSize.A4: 9, PaperSize.A3: 8}
_ROW = 19.5
_SMALLEST = 1.6  # how far a sheet may be shrunk before it takes two pages side by side
_WIDENED = 1.6  # how far the columns of a narrow table are widened to fill the paper
_CHARACTER = 3.6  # millimetres that a full-width character takes in a column at 10 points
_GRID = 2.0  # width of the columns of a part's sheet, narrow so that each table finds its own among them
_WORK = "exporting"
_ABANDONED = 3600.0  # seconds


def write_xlsx(document: Document, path: Path) -> list[Issue]:
    """Write the paper to `path` and return what could not be shown as it should, or raise UserError."""
    content, issues = render_xlsx(document)
    replace_file(path, lambda stream: stream.write(content))
    return issues


def render_xlsx(document: Document, *, made_at: datetime | None = None) -> tuple[bytes, list[Issue]]:
    """Return the workbook's bytes and what could not be shown as it should."""
    work = data_folder() / _WORK
    work.mkdir(exist_ok=True)
    _sweep(work)
    folder = tempfile.mkdtemp(dir=work)
    stream = io.BytesIO()
    issues: list[Issue] = []
    try:
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False}
        with Workbook(stream, options) as workbook:
            moment = made_at or clock.now()
            workbook.set_properties(
                {
                    "title": document.title,
                    "subject": document.subtitle,
                    "author": document.author,
                    "company": document.author,
                    "comments": "技能帮扶台账",
                    "created": moment,
                }
            )
            styles = Styles(workbook)
            names: set[str] = set()
            for blocks in _sheets(document):
                name = _sheet_name(blocks, document, names)
                sheet: Any = workbook.add_worksheet(name)
                _SheetWriter(sheet, styles, document, blocks, issues).write()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return stream.getvalue(), issues


def _sweep(work: Path) -> None:
    """Remove what a killed export left behind; what another program is writing now stays."""
    for left in work.iterdir():
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED:
                shutil.rmtree(left, ignore_errors=True)


def _sheets(document: Document) -> list[list[Block]]:
    """Return the blocks of each sheet: a part begins one, and a table with a name of its own with its heading."""
    sheets: list[list[Block]] = [[]]
    for block in document.blocks:
        if isinstance(block, Part):
            if sheets[-1]:
                sheets.append([])
            sheets[-1].append(block)
            continue
        tables = [each for each in sheets[-1] if isinstance(each, Table)]
        if isinstance(block, Table) and tables and block.name and block.name != tables[-1].name:
            carried: list[Block] = []
            while isinstance(sheets[-1][-1], Heading):
                carried.insert(0, sheets[-1].pop())
            sheets.append(carried)
        sheets[-1].append(block)
    return sheets


def _sheet_name(blocks: Sequence[Block], document: Document, taken: set[str]) -> str:
    table = next((block for block in blocks if isinstance(block, Table)), None)
    wanted = (table.name if table is not None else "") or document.title
    if isinstance(blocks[0], Part):
        wanted = blocks[0].name
    wanted = "".join("·" if char in "[]:*?/\\" else char for char in wanted).strip("'")[:28] or "表"
    name = wanted
    number = 2
    while name.lower() in taken:
        name = f"{wanted}{number}"
        number += 1
    taken.add(name.lower())
    return name


class _SheetWriter:
    """Writes the blocks of one sheet from the top."""

    def __init__(
        self, sheet: Any, styles: Styles, document: Document, blocks: Sequence[Block], issues: list[Issue]
    ) -> None:
        self._sheet = sheet
        self._styles = styles
        self._document = document
        self._blocks = blocks
        self._cells = CellWriter(sheet, issues)
        self._row = 0
        tables = [block for block in blocks if isinstance(block, Table)]
        tables += [card.table for block in blocks if isinstance(block, Cards) for card in block.cards]
        # The longest table gives the columns; shorter ones are fitted to them.
        self._main = max(tables, key=lambda table: (len(table.rows), len(table.columns)), default=None)
        if self._main is not None and any(len(t.columns) > len(self._main.columns) for t in tables):
            self._main = max(tables, key=lambda table: len(table.columns))
        self._widths = self._spread(self._main.columns) if self._main else [60.0]
        if document.has_parts:
            self._main = None
            self._widths = [_GRID] * int(self._room() / (_GRID + 0.6))
        self._last = len(self._widths) - 1
        self._bands = self._side_by_side()
        # What stands above and below the table is read on the first page.
        self._text_last = self._bands[0][-1]

    def _spread(self, columns: Sequence[TableColumn]) -> list[float]:
        """Return the columns' widths, those that fill widened to what the paper leaves them."""
        widths = [column.width for column in columns]
        spare = self._room() - sum(width + 0.6 for width in widths)
        if spare <= 0:
            return widths
        filling = [index for index, column in enumerate(columns) if column.fills]
        if not filling:
            share = min(1 + spare / sum(widths), _WIDENED)
            return [width * share for width in widths]
        for index in filling:
            widths[index] += spare / len(filling)
        return widths

    def _room(self) -> float:
        """Return how many full-width characters stand side by side on the paper."""
        setup = self._document.page
        sides = (210, 297) if setup.size is PaperSize.A4 else (297, 420)
        return (sides[setup.landscape] - setup.margin_left - setup.margin_right) / _CHARACTER

    def write(self) -> None:
        """Write everything and the print set-up."""
        for index, width in enumerate(self._widths):
            self._sheet.set_column(index, index, max(width * 2.05 + 1.2, 3.0))
        self._sheet.set_default_row(_ROW)
        self._set_up_print()
        self._head()
        for block in self._blocks:
            if isinstance(block, Table):
                self._table(block)
            elif isinstance(block, Heading):
                self._across(block.text, self._styles.line(size=12, bold=True), 22)
            elif isinstance(block, Paragraph):
                self._paragraph(block)
            elif isinstance(block, Signatures):
                self._signatures(block)
            elif isinstance(block, Cards):
                self._cards(block)
        self._sheet.print_area(0, 0, max(self._row - 1, 0), self._last)

    def _set_up_print(self) -> None:
        sheet, setup = self._sheet, self._document.page
        sheet.set_paper(_PAPER[setup.size])
        if setup.landscape:
            sheet.set_landscape()
        sides = (setup.margin_left, setup.margin_right, setup.margin_top, setup.margin_bottom)
        sheet.set_margins(*(millimetres / 25.4 for millimetres in sides))
        sheet.center_horizontally()
        self._fit(sheet)
        sheet.hide_gridlines(1)
        mark = self._document.mark.replace("&", "&&")
        if mark:
            sheet.set_header(f'&R&"黑体,Regular"&9{mark}', {"margin": 0.3})
        sheet.set_footer('&C&"宋体,Regular"&9第 &P 页　共 &N 页', {"margin": 0.3})

    def _fit(self, sheet: Any) -> None:
        """Print one page wide, or so many that the type stays readable, each with the first columns again."""
        if self._main is not None and len(self._bands) > 1:
            sheet.set_v_pagebreaks([band[-1] + 1 for band in self._bands[:-1]])
            if self._main.frozen_columns:
                sheet.repeat_columns(0, self._main.frozen_columns - 1)
            sheet.set_print_scale(int(100 / _SMALLEST))
        else:
            sheet.fit_to_pages(1, 0)

    def _side_by_side(self) -> list[list[int]]:
        """Return the columns of each page across."""
        if self._main is None:
            return [list(range(len(self._widths)))]
        return column_bands(self._main.columns, self._main.frozen_columns, self._room() * _SMALLEST, 0.6)

    def _across(self, text: str, style: Any, height: float) -> None:
        self._sheet.set_row(self._row, height)
        self._cells.span(self._row, 0, self._text_last, text, style)
        self._row += 1

    def _head(self) -> None:
        document, styles = self._document, self._styles
        if document.attachment:
            self._across(document.attachment, styles.line(size=11, bold=True), 18)
        part = self._blocks[0] if self._blocks and isinstance(self._blocks[0], Part) else document
        self._across(part.title, styles.line(size=18, bold=True, align="center"), 32)
        if part.subtitle:
            self._across(part.subtitle, styles.line(size=10.5, align="center"), 18)
        left, center, right = document.header_left, document.header_center, document.header_right
        if not (left or center or right):
            return
        row = self._row
        self._sheet.set_row(row, 20)
        given = [("left", left), ("center", center), ("right", right)]
        parts = [(align, text) for align, text in given if text]
        if len(parts) == 2:
            parts[1] = ("right", parts[1][1])
        edges = self._cut_by_width([text_width(text) + 1 for _, text in parts])
        if edges is None:
            self._lines([text for _, text in parts], 20)
            return
        for (align, text), (first, last) in zip(parts, edges, strict=True):
            self._cells.span(row, first, last, text, styles.line(size=10, align=align))  # type: ignore[arg-type]
        self._row += 1

    def _lines(self, parts: Sequence[str], height: float) -> None:
        """Write parts of a line, on as many lines as the sheet is too narrow for."""
        room = sum(self._widths[: self._text_last + 1]) * 1.07
        lines: list[str] = []
        for part in parts:
            joined = f"{lines[-1]}　　{part}" if lines else part
            if lines and text_width(joined) <= room:
                lines[-1] = joined
            else:
                lines.append(part)
        for line in lines:
            self._across(line, self._styles.line(size=10), height)

    def _cut_by_width(self, wanted: Sequence[float]) -> list[tuple[int, int]] | None:
        """Return first and last column for each part of a line, each wide enough; None if they don't fit."""
        widths = self._widths[: self._text_last + 1]
        if len(widths) < len(wanted):
            return None
        total = sum(widths)
        spare = max(total - sum(wanted), 0) / len(wanted)
        edges: list[tuple[int, int]] = []
        column = 0
        for index, width in enumerate(wanted):
            left = len(wanted) - index - 1
            first = column
            got = 0.0
            while column < len(widths) - left and (column == first or got < width + spare * 0.6):
                got += widths[column]
                column += 1
            if not left:
                column = len(widths)
            if got + 0.5 < width and left:
                return None
            edges.append((first, column - 1))
        return edges if sum(widths[edges[-1][0] :]) + 0.5 >= wanted[-1] else None

    def _paragraph(self, block: Paragraph) -> None:
        size = 9.0 if block.small else 10.5
        lines = max(1, -(-text_width(block.text) * size // (sum(self._widths) * 10.5)))
        self._across(block.text, self._styles.line(size=size, wrap=True), 4 + lines * size * 1.5)

    def _cards(self, block: Cards) -> None:
        """Write the cards below each other, one to a page: a sheet has one width of columns."""
        breaks = []
        for card in block.cards:
            if self._row and card is not block.cards[0]:
                breaks.append(self._row)
            self._across(card.title, self._styles.line(size=12, bold=True), 22)
            if card.subtitle:
                self._across(card.subtitle, self._styles.line(size=9), 16)
            self._table(card.table)
        self._sheet.set_h_pagebreaks(breaks)

    def _signatures(self, block: Signatures) -> None:
        parts = [f"{label}：{text}" if text else f"{label}：{'　' * 6}" for label, text in block.entries]
        self._sheet.set_row(self._row, 8)
        self._row += 1
        self._lines(parts, 24)

    def _fitted(self, table: Table) -> list[tuple[int, int]]:
        """Return first and last sheet column of each table column."""
        if table is self._main or len(table.columns) == len(self._widths):
            return [(index, index) for index in range(len(table.columns))]
        widths = [column.width for column in table.columns]
        if self._document.has_parts:
            widths = self._spread(table.columns)
        total, own = sum(self._widths), sum(widths)
        ends = []
        sheet_sum = 0.0
        sums = [sheet_sum := sheet_sum + width for width in self._widths]
        wanted = 0.0
        first = 0
        for index, width in enumerate(widths):
            wanted += width * total / own
            left = len(table.columns) - index - 1
            last = first
            while last + 1 <= self._last - left and abs(sums[last + 1] - wanted) < abs(sums[last] - wanted):
                last += 1
            if not left:
                last = self._last
            ends.append((first, last))
            first = last + 1
        return ends

    def _table(self, table: Table) -> None:
        places = self._fitted(table)
        top = self._row
        self._headings(table, places)
        if table is self._main:
            self._sheet.repeat_rows(top, self._row - 1)
            self._sheet.freeze_panes(self._row, table.frozen_columns)
        if not table.rows:
            style = self._styles.cell(
                kind=table.columns[0].type, align="center", wrap=True, row_kind="body", is_text=True
            )
            self._sheet.set_row(self._row, 26)
            self._cells.span(self._row, 0, self._last, table.when_empty, style)
            self._row += 1
            return
        plain = all(first == last for first, last in places)
        first_row = self._row
        rows = RowWriter(self._cells, self._styles, table, self._widths, None if plain else places)
        for row in table.rows:
            rows.write(row, self._row)
            self._row += 1
        for index, column in enumerate(table.columns):
            if column.merge_down:
                for start, end in equal_below(table.rows, index):
                    self._cells.join(first_row + start, places[index][0], first_row + end, places[index][1])

    def _headings(self, table: Table, places: Sequence[tuple[int, int]]) -> None:
        depth = heading_depth(table.columns)
        spans = heading_spans(table.columns)
        style = self._styles.heading()
        starts = {(span.row, span.column): span for span in spans}
        heights = [20.0] * depth
        for span in spans:
            room = sum(column.width for column in table.columns[span.column : span.last_column + 1])
            lines = -(-text_width(span.text) // max(room, 1.0))
            rows = span.last_row - span.row + 1
            for row in range(span.row, span.last_row + 1):
                heights[row] = max(heights[row], (lines * LINE + 6) / rows)
        for level in range(depth):
            self._sheet.set_row(self._row, heights[level])
            for index, (first, last) in enumerate(places):
                found = starts.get((level, index))
                self._cells.write_text(self._row, first, found.text if found else "", style)
                for column in range(first + 1, last + 1):
                    self._sheet.write_blank(self._row, column, None, style)
            self._row += 1
        for span in spans:
            first, last = places[span.column][0], places[span.last_column][1]
            if first < last or span.row < span.last_row:
                base = self._row - depth
                self._cells.join(base + span.row, first, base + span.last_row, last)
