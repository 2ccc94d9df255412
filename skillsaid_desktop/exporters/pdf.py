"""A Document as PDF: what prints, what the preview shows and what is filed are this one layout.

Rows are drawn straight onto reportlab's canvas: its own tables know no joined cells over page breaks and no
fall-back of glyphs, and the number of pages must be known before the first is drawn.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from skillsaid_desktop import clock
from skillsaid_desktop.documents import Document
from skillsaid_desktop.exporters.pdf_fonts import Pen, body_face, bold_face, first_font_name
from skillsaid_desktop.exporters.pdf_pages import Page, Pages, PlacedTable, PlacedText
from skillsaid_desktop.exporters.pdf_table import LEADING, PAD_X, LaidRow, LaidTable, joined_below
from skillsaid_desktop.exporters.target import replace_file
from skillsaid_desktop.schema.issue import Issue
from skillsaid_desktop.schema.types import Align

_OUTER = 0.9
_INNER = 0.45


@dataclass(frozen=True)
class Spot:
    """A cell that a click opens: page from 0, place in points from the page's top left, and what it opens."""

    page: int
    x: float
    y: float
    width: float
    height: float
    ref: str


@dataclass(frozen=True)
class Pdf:
    """A finished paper: the file's bytes, how many pages, where its figures stand, what could not be shown."""

    content: bytes
    pages: int
    spots: tuple[Spot, ...]
    issues: list[Issue]


def write_pdf(document: Document, path: Path) -> list[Issue]:
    """Write the paper to `path` and return what could not be shown as it should, or raise UserError."""
    pdf = render_pdf(document)
    replace_file(path, lambda stream: stream.write(pdf.content))
    return pdf.issues


def render_pdf(document: Document, *, made_at: datetime | None = None) -> Pdf:
    """Return the paper as PDF; with the same `made_at` the same paper gives the same bytes."""
    issues: list[Issue] = []
    body, bold = body_face(), bold_face()
    laid = Pages(document, body, bold, issues)
    stream = io.BytesIO()
    # Any: the stubs know neither a font name to begin with nor the content stream of a page.
    canvas: Any = Canvas(
        stream,
        pagesize=(laid.width, laid.height),
        invariant=1,
        pageCompression=1,
        initialFontName=first_font_name(),  # type: ignore[arg-type] # the stub says float
        lang="zh-CN",
    )
    canvas.setTitle(document.title)
    canvas.setAuthor(document.author)
    canvas.setSubject(document.subtitle)
    canvas.setCreator("技能帮扶台账")
    canvas.setProducer("技能帮扶台账")
    _date(canvas, made_at or clock.now())
    sheet = _Sheet(document, laid, Pen(body, canvas), Pen(bold, canvas))
    for number, page in enumerate(laid.pages):
        canvas._code.append(sheet.drawn(page, number))
        if page.part is not None and sheet.numbers[number][0] == 1:
            canvas.bookmarkPage(f"part {number}", fit="XYZ", left=0, top=laid.height, zoom=0)
            canvas.addOutlineEntry(page.part.name, f"part {number}", 0)
            canvas.showOutline()
        canvas.showPage()
    canvas.save()
    return Pdf(stream.getvalue(), len(laid.pages), tuple(sheet.spots), _once(issues))


def _date(canvas: Any, moment: datetime) -> None:
    stamp = canvas._doc._timeStamp
    stamp.t = moment.timestamp()
    stamp.lt = moment.timetuple()
    stamp.YMDhms = tuple(stamp.lt)[:6]
    offset = moment.astimezone().utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    stamp.dhh, stamp.dmm = divmod(minutes, 60)


def _once(issues: Sequence[Issue]) -> list[Issue]:
    return list(dict.fromkeys(issues))


class _Sheet:
    """Draws pages of one document."""

    def __init__(self, document: Document, pages: Pages, body: Pen, bold: Pen) -> None:
        self._document = document
        self._pages = pages
        self._height = pages.height
        self._body = body
        self._bold = bold
        self.spots: list[Spot] = []
        self.numbers = pages.numbers()

    def drawn(self, page: Page, number: int) -> str:
        """Return the content stream of one page."""
        texts: list[str] = []
        lines: list[str] = []
        for table in page.tables:
            self._table(table, number, texts, lines)
        for text in (*page.texts, *self._margins(page, *self.numbers[number])):
            texts.append(self._text(text))
        if page.cuts:
            lines += ["q 0.5 G 0.5 w [3 3] 0 d", *(self._line(*cut) for cut in page.cuts), "S Q"]
        return "\n".join([*lines, "BT", *texts, "ET"])

    def _margins(self, page: Page, number: int, total: int) -> list[PlacedText]:
        left, right = self._pages.left, self._pages.left + self._pages.room
        placed = [
            PlacedText(
                text=f"第 {number} 页　共 {total} 页",
                x=(left + right) / 2,
                y=self._height - 24,
                size=9,
                align="center",
            )
        ]
        if self._document.mark:
            placed.append(
                PlacedText(text=self._document.mark, x=right, y=32, size=9, bold=True, align="right")
            )
        if number > 1:
            title = f"{page.part.title}　{page.part.name}" if page.part else self._document.title
            placed.append(PlacedText(text=title, x=left, y=32, size=9))
        return placed

    def _text(self, placed: PlacedText) -> str:
        pen = self._bold if placed.bold else self._body
        x = placed.x
        if placed.align != "left":
            width = pen.face.width(placed.text) * placed.size
            x -= width / 2 if placed.align == "center" else width
        return pen.show(placed.text, x, self._height - placed.y, placed.size)

    def _table(self, placed: PlacedTable, number: int, texts: list[str], lines: list[str]) -> None:
        laid = placed.laid
        left = self._pages.left + placed.x
        xs = [left + edge for edge in laid.edges]
        y = placed.y
        bottom = y + laid.heading_height
        fills: list[str] = []
        strokes: list[str] = []
        self._headings(laid, xs, y, texts, strokes)
        strokes.append(self._line(xs[0], bottom, xs[-1], bottom))
        if placed.message_height:
            base = bottom + placed.message_height / 2 + laid.size * 0.36
            middle = (xs[0] + xs[-1]) / 2
            texts.append(
                self._text(PlacedText(text=placed.message, x=middle, y=base, size=laid.size, align="center"))
            )
            bottom += placed.message_height
        tops = [bottom]
        for row in placed.rows:
            tops.append(tops[-1] + row.height)
        self._rows(placed, number, xs, tops, texts, fills, strokes)
        end = tops[-1]
        box = f"{xs[0]:.2f} {self._height - end:.2f} {xs[-1] - xs[0]:.2f} {end - y:.2f} re S"
        lines.extend(("0.95 g", *fills, "0 g 0 G", f"{_INNER} w", *strokes, "S", f"{_OUTER} w", box))

    def _line(self, x: float, y: float, to_x: float, to_y: float) -> str:
        return f"{x:.2f} {self._height - y:.2f} m {to_x:.2f} {self._height - to_y:.2f} l"

    def _headings(
        self, laid: LaidTable, xs: Sequence[float], top: float, texts: list[str], strokes: list[str]
    ) -> None:
        tops = [top]
        for height in laid.heading_heights:
            tops.append(tops[-1] + height)
        for heading in laid.headings:
            span = heading.span
            left, right = xs[span.column], xs[span.last_column + 1]
            upper, lower = tops[span.row], tops[span.last_row + 1]
            strokes.append(self._line(left, lower, right, lower))
            if span.last_column + 2 < len(xs):
                strokes.append(self._line(right, upper, right, lower))
            self._lines_in(
                self._bold, heading.lines, (left, right), (upper, lower), laid.size, "center", texts
            )

    def _rows(
        self,
        placed: PlacedTable,
        number: int,
        xs: Sequence[float],
        tops: Sequence[float],
        texts: list[str],
        fills: list[str],
        strokes: list[str],
    ) -> None:
        laid, rows = placed.laid, placed.rows
        joined = [index for index, column in enumerate(laid.table.columns) if column.merge_down]
        for column in laid.names:
            fills.append(
                f"{xs[column]:.2f} {self._height - tops[-1]:.2f} "
                f"{xs[column + 1] - xs[column]:.2f} {tops[-1] - tops[0]:.2f} re f"
            )
        for index, row in enumerate(rows):
            if row.kind != "body":
                fills.append(
                    f"{xs[0]:.2f} {self._height - tops[index + 1]:.2f} "
                    f"{xs[-1] - xs[0]:.2f} {row.height:.2f} re f"
                )
            self._row(laid, row, number, xs, tops[index], texts, skip=joined)
        self._grid(rows, joined, xs, tops, strokes)
        for column in joined:
            for first, last in joined_below(rows, column):
                row = rows[first]
                if row.kind == "group":
                    continue
                words = row.lines[column]
                pen = self._body if row.kind == "body" else self._bold
                self._lines_in(
                    pen,
                    (words,) if isinstance(words, str) else words,
                    (xs[column], xs[column + 1]),
                    (tops[first], tops[last + 1]),
                    laid.size,
                    laid.aligns[column],
                    texts,
                )

    def _grid(
        self,
        rows: Sequence[LaidRow],
        joined: Sequence[int],
        xs: Sequence[float],
        tops: Sequence[float],
        strokes: list[str],
    ) -> None:
        inside = {
            (column, below)
            for column in joined
            for first, last in joined_below(rows, column)
            for below in range(first, last)
        }
        for index in range(len(rows) - 1):
            y = tops[index + 1]
            start = 0
            for column in joined:
                if (column, index) in inside:
                    if xs[column] > xs[start]:
                        strokes.append(self._line(xs[start], y, xs[column], y))
                    start = column + 1
            if start < len(xs) - 1:
                strokes.append(self._line(xs[start], y, xs[-1], y))
        start = 0
        for index in range(len(rows) + 1):
            if index == len(rows) or rows[index].kind == "group":
                if index > start:
                    strokes.extend(self._line(x, tops[start], x, tops[index]) for x in xs[1:-1])
                start = index + 1

    def _row(
        self,
        laid: LaidTable,
        row: LaidRow,
        number: int,
        xs: Sequence[float],
        top: float,
        texts: list[str],
        *,
        skip: Sequence[int],
    ) -> None:
        of_row = pen = self._body if row.kind == "body" else self._bold
        size = laid.size
        if row.kind == "group":
            words = row.lines[0]
            lines = (words,) if isinstance(words, str) else words
            self._lines_in(pen, lines, (xs[0], xs[-1]), (top, top + row.height), size, "left", texts)
            return
        base = self._height - (top + row.height / 2 + size * 0.36)
        width_at = pen.face.widths.__getitem__
        for column, words in enumerate(row.lines):
            if row.refs and column in row.refs:
                self._spot(row.refs[column], number, xs[column], top, xs[column + 1], row.height)
            if not words or column in skip:
                continue
            pen = self._bold if column in laid.names else of_row
            align = row.aligns.get(column, laid.aligns[column]) if row.aligns else laid.aligns[column]
            own = row.sizes.get(column, size) if row.sizes else size
            if isinstance(words, tuple):
                self._lines_in(
                    pen, words, (xs[column], xs[column + 1]), (top, top + row.height), own, align, texts
                )
                continue
            if align == "left":
                x = xs[column] + PAD_X
            else:
                width = sum(map(width_at, words)) * own
                spare = xs[column + 1] - xs[column] - width
                x = xs[column] + (spare - PAD_X if align == "right" else spare / 2)
            texts.append(pen.show(words, x, base, own))

    def _spot(self, ref: str, page: int, left: float, top: float, right: float, height: float) -> None:
        self.spots.append(Spot(page, left, top, right - left, height, ref))

    def _lines_in(
        self,
        pen: Pen,
        lines: Sequence[str],
        sides: tuple[float, float],
        ends: tuple[float, float],
        size: float,
        align: Align,
        texts: list[str],
    ) -> None:
        """Draw lines of text in the middle of a cell's height."""
        leading = size * LEADING
        base = (ends[0] + ends[1] - leading * (len(lines) - 1)) / 2 + size * 0.36
        for text in lines:
            if text:
                width = 0.0 if align == "left" else pen.face.width(text) * size
                if align == "left":
                    x = sides[0] + PAD_X
                elif align == "right":
                    x = sides[1] - PAD_X - width
                else:
                    x = (sides[0] + sides[1] - width) / 2
                texts.append(pen.show(text, x, self._height - base, size))
            base += leading
