"""A Document put on pages: which rows stand on which, before anything is drawn. Measures are points from the top."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

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
)
from skillsaid_desktop.documents.wide import banded, column_bands
from skillsaid_desktop.exporters.line_breaks import break_lines
from skillsaid_desktop.exporters.pdf_fonts import Face
from skillsaid_desktop.exporters.pdf_table import (
    LEADING,
    PAD_X,
    PAD_Y,
    SMALLEST,
    LaidRow,
    LaidTable,
    TableLayout,
    continued,
    note_missing,
    split_row,
)
from skillsaid_desktop.schema.issue import Issue
from skillsaid_desktop.schema.types import Align

MM = 72 / 25.4
_SIZES = {PaperSize.A4: (210 * MM, 297 * MM), PaperSize.A3: (297 * MM, 420 * MM)}
TITLE_SIZE = 18.0
LINE_SIZE = 10.0
HEAD_GAP = 10.0
CARD_GAP = 18.0
CARD_HEAD = 30.0  # title and line of facts of a card
SIGNATURE_ROOM = 6.0  # em kept for a name to be written


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedText:
    """A line of text: its base line, the x that it is aligned to, its size and whether it is bold."""

    text: str
    x: float
    y: float
    size: float
    bold: bool = False
    align: Align = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedTable:
    """Rows of a table under its heading rows, `x` from the left margin; `message` stands in place of rows."""

    laid: LaidTable
    rows: Sequence[LaidRow]
    y: float
    message: str = ""
    message_height: float = 0.0
    x: float = 0.0


@dataclass(slots=True)
class Page:
    """What stands on one page, and the part of the paper to which it belongs; `cuts` are lines to cut along."""

    part: Part | None = None
    texts: list[PlacedText] = field(default_factory=list)
    tables: list[PlacedTable] = field(default_factory=list)
    cuts: list[tuple[float, float, float, float]] = field(default_factory=list)


class Pages:
    """Fills pages from the top; `pages` is the result."""

    def __init__(self, document: Document, body: Face, bold: Face, issues: list[Issue]) -> None:
        self._document = document
        self._body = body
        self._bold = bold
        self._issues = issues
        setup = document.page
        width, height = _SIZES[setup.size]
        self.width, self.height = (height, width) if setup.landscape else (width, height)
        self.left = setup.margin_left * MM
        self.room = self.width - self.left - setup.margin_right * MM
        self._top = setup.margin_top * MM
        self._bottom = self.height - setup.margin_bottom * MM
        self.pages: list[Page] = [Page()]
        self._y = self._top
        self._ends_with_table = False
        if not document.has_parts:
            self._place_head(document.title, document.subtitle)
        blocks = list(document.blocks)
        for index, block in enumerate(blocks):
            self._place(block, blocks[index + 1 :])
            self._ends_with_table = isinstance(block, Table)

    @property
    def _page(self) -> Page:
        return self.pages[-1]

    def _turn(self) -> None:
        self.pages.append(Page(part=self._page.part))
        self._y = self._top

    def numbers(self) -> list[tuple[int, int]]:
        """Return each page's number and how many there are, counted in its part if the paper has parts."""
        found: list[tuple[int, int]] = []
        for _part, pages in groupby(self.pages, key=lambda page: id(page.part)):
            total = len(list(pages))
            found += [(number, total) for number in range(1, total + 1)]
        return found

    def _begin(self, part: Part) -> None:
        """Begin a part on a page of its own."""
        if self._page.part is not None or self._page.texts:
            self._turn()
        self._page.part = part
        self._place_head(part.title, part.subtitle)
        self._y += 6

    def _write(self, text: str, x: float, size: float, *, bold: bool = False, align: Align = "left") -> None:
        """Put a line at the current height: `y` is its top, the base line lies lower."""
        face = self._bold if bold else self._body
        face.width(text)
        if face.missing:
            note_missing(text, "", face, self._issues)
        self._page.texts.append(
            PlacedText(text=text, x=x, y=self._y + size * 0.92, size=size, bold=bold, align=align)
        )

    def _place_head(self, title: str, subtitle: str) -> None:
        document = self._document
        middle = self.left + self.room / 2
        if document.attachment:
            self._write(document.attachment, self.left, 11, bold=True)
            self._y += 15
        lines = break_lines(title, self._bold.widths, self.room / TITLE_SIZE)
        for line in lines:
            self._write(line, middle, TITLE_SIZE, bold=True, align="center")
            self._y += TITLE_SIZE * 1.4
        if subtitle:
            for line in break_lines(subtitle, self._body.widths, self.room / 10.5):
                self._write(line, middle, 10.5, align="center")
                self._y += 16
        parts = (document.header_left, document.header_center, document.header_right)
        if any(parts):
            self._y += 5
            wanted = sum(self._body.width(part) for part in parts) * LINE_SIZE + 2 * HEAD_GAP
            size = LINE_SIZE if wanted <= self.room else max(LINE_SIZE * self.room / wanted, 6.0)
            for part, x, align in self._three(parts, size):
                self._write(part, x, size, align=align)
            self._y += LINE_SIZE * 1.55
        else:
            self._y += 6

    def _three(self, parts: tuple[str, str, str], size: float) -> list[tuple[str, float, Align]]:
        """Place left, middle and right of a line; the middle one gives way to a long left or right one."""
        left, center, right = (self._body.width(part) * size for part in parts)
        latest = self.room - center - (right + HEAD_GAP if right else 0)
        start = min(max((self.room - center) / 2, left + HEAD_GAP), latest)
        placed: list[tuple[str, float, Align]] = [
            (parts[0], self.left, "left"),
            (parts[1], self.left + start, "left"),
            (parts[2], self.left + self.room, "right"),
        ]
        return [each for each in placed if each[0]]

    def _place(self, block: Block, following: Sequence[Block]) -> None:
        if isinstance(block, Table):
            # A table that nearly fits is set a little narrower, not parted.
            room, gap = self.room * 1.1 / SMALLEST, 2 * PAD_X / SMALLEST
            bands = column_bands(block.columns, block.frozen_columns, room, gap)
            parts = banded(block, bands)
            for number, part in enumerate(parts):
                if number:
                    self._turn()
                self._place_table(part, self._tail(following) if number == len(parts) - 1 else 0.0)
        elif isinstance(block, Heading):
            self._place_heading(block)
        elif isinstance(block, Paragraph):
            self._place_paragraph(block)
        elif isinstance(block, Part):
            self._begin(block)
        elif isinstance(block, Cards):
            self._place_cards(block)
        else:
            self._place_signatures(block)

    def _tail(self, following: Sequence[Block]) -> float:
        """Return the height of what must stand on the page of a table's last rows: notes and signatures."""
        height = 0.0
        for block in following:
            if isinstance(block, Table | Heading | Cards):
                return 0.0
            if isinstance(block, Part):
                break
            height += self._height(block)
        return height if height < (self._bottom - self._top) / 2 else 0.0

    def _height(self, block: Paragraph | Signatures) -> float:
        if isinstance(block, Signatures):
            return 12 + 20 * len(self._signature_lines(block))
        size = _paragraph_size(block)
        return 4 + len(self._paragraph_lines(block)) * size * 1.5

    def _place_heading(self, block: Heading) -> None:
        size = 12.0 if block.level == 1 else 10.5
        if self._y + size + 80 > self._bottom or (block.starts_page and self._page.tables):
            self._turn()
        elif self._y > self._top:
            self._y += 8
        self._write(block.text, self.left, size, bold=True)
        self._y += size * 1.6

    def _paragraph_lines(self, block: Paragraph) -> tuple[str, ...]:
        size = _paragraph_size(block)
        return break_lines(block.text, self._body.widths, self.room / size)

    def _place_paragraph(self, block: Paragraph) -> None:
        size = _paragraph_size(block)
        self._y += 4
        for line in self._paragraph_lines(block):
            if self._y + size * 1.5 > self._bottom:
                self._turn()
            self._write(line, self.left, size)
            self._y += size * 1.5

    def _signature_lines(self, block: Signatures) -> list[list[tuple[str, float]]]:
        """Return the entries as texts with their widths, so many a line as fit."""
        entries = []
        for label, text in block.entries:
            shown = f"{label}：{text}"
            needed = self._body.width(shown) + (0 if text else SIGNATURE_ROOM)
            entries.append((shown, needed * LINE_SIZE))
        for number in range(1, len(entries) + 1):
            each = -(-len(entries) // number)
            lines = [entries[start : start + each] for start in range(0, len(entries), each)]
            widest = max(sum(width + 10 for _, width in line) for line in lines)
            if widest <= self.room or number == len(entries):
                return lines
        return [entries]

    def _place_signatures(self, block: Signatures) -> None:
        lines = self._signature_lines(block)
        if self._y + 12 + 20 * len(lines) > self._bottom:
            self._turn()
        self._y += 12
        columns = max(len(line) for line in lines)
        for line in lines:
            if len(lines) == 1:
                gap = (self.room - sum(width for _, width in line)) / max(len(line) - 1, 1)
                x = self.left
                for text, width in line:
                    self._write(text, x, LINE_SIZE)
                    x += width + gap
            else:
                for index, (text, _) in enumerate(line):
                    self._write(text, self.left + self.room * index / columns, LINE_SIZE)
            self._y += 20

    def _place_cards(self, block: Cards) -> None:
        """Put cards row by row; a card is never parted, and each row is as high as its highest card."""
        width = (self.room - CARD_GAP * (block.across - 1)) / block.across
        is_first = True
        for start in range(0, len(block.cards), block.across):
            cards = block.cards[start : start + block.across]
            laid = [
                TableLayout(card.table, width, self._body, self._bold, self._issues).laid() for card in cards
            ]
            height = CARD_HEAD + max(one.heading_height + sum(row.height for row in one.rows) for one in laid)
            if not is_first and self._y + height > self._bottom:
                self._turn()
                is_first = True
            if not is_first:
                middle = self._y - CARD_GAP / 2
                self._page.cuts.append((self.left - 12, middle, self.left + self.room + 12, middle))
            top = self._y
            for at, (card, table) in enumerate(zip(cards, laid, strict=True)):
                x = at * (width + CARD_GAP)
                if at:
                    middle = self.left + x - CARD_GAP / 2
                    self._page.cuts.append((middle, top, middle, top + height))
                self._y = top
                self._write(card.title, self.left + x, 11, bold=True)
                if card.subtitle:
                    self._y = top + 15
                    self._write(card.subtitle, self.left + x, 8)
                self._page.tables.append(PlacedTable(laid=table, rows=table.rows, y=top + CARD_HEAD, x=x))
            self._y = top + height + CARD_GAP
            is_first = False

    def _place_table(self, table: Table, tail: float) -> None:
        laid = TableLayout(table, self.room, self._body, self._bold, self._issues).laid()
        if self._ends_with_table:
            self._y += 8
        if not laid.rows:
            height = laid.size * LEADING + 4 * PAD_Y
            if self._y + laid.heading_height + height + tail > self._bottom:
                self._turn()
            self._page.tables.append(
                PlacedTable(laid=laid, rows=(), y=self._y, message=table.when_empty, message_height=height)
            )
            self._y += laid.heading_height + height
            return
        page_room = self._bottom - self._top - laid.heading_height
        line = laid.size * LEADING
        rows: list[LaidRow] = []
        for row in laid.rows:
            if row.height > page_room:
                rows.extend(split_row(row, max(int((page_room - 2 * PAD_Y - 1) / line), 1), line))
            else:
                rows.append(row)
        self._fill(laid, rows, tail)

    def _fill(self, laid: LaidTable, rows: Sequence[LaidRow], tail: float) -> None:
        # The last two rows stay with the signatures, a group line with the row after it.
        keep_from = len(rows) - 2 if len(rows) > 3 else len(rows) - 1
        start = 0
        head = laid.heading_height
        if self._y + head + rows[0].height + (rows[1].height if len(rows) > 1 else 0) > self._bottom:
            self._turn()
        y = self._y + head
        group: LaidRow | None = None
        again: list[LaidRow] = []  # the group's line, on a page that begins within the group
        for index, row in enumerate(rows):
            needed = row.height
            if index == keep_from:
                needed = sum(each.height for each in rows[index:]) + tail
            elif row.kind == "group" and index + 1 < len(rows):
                needed += rows[index + 1].height
            if y + needed > self._bottom and index > start:
                self._page.tables.append(PlacedTable(laid=laid, rows=[*again, *rows[start:index]], y=self._y))
                self._turn()
                start = index
                y = self._y + head
                again = []
                if group is not None and row.kind == "body" and y + group.height + row.height <= self._bottom:
                    again = [continued(group)]
                    y += group.height
            if row.kind == "group":
                group = row
            y += row.height
        self._page.tables.append(PlacedTable(laid=laid, rows=[*again, *rows[start:]], y=self._y))
        self._y = y


def _paragraph_size(block: Paragraph) -> float:
    return 9.0 if block.small else 10.5
