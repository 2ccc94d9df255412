"""A table measured for the paper: widths, lines of each cell, row heights. Measures are points."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from skillsaid_desktop.documents import Cell, Table, TableColumn, TableRow
from skillsaid_desktop.documents.document import RowKind
from skillsaid_desktop.documents.headings import Span, heading_depth, heading_spans
from skillsaid_desktop.exporters.cell_text import alignment_of, text_of
from skillsaid_desktop.exporters.line_breaks import break_lines
from skillsaid_desktop.exporters.pdf_fonts import Face
from skillsaid_desktop.schema.issue import Issue, Severity
from skillsaid_desktop.schema.types import Align

LEADING = 1.28
PAD_X = 3.0
PAD_Y = 2.6
SMALLEST = 6.5
PEN_HEIGHT = 30.0  # 10.5 mm: room for a signature

Lines = str | tuple[str, ...]


@dataclass(slots=True)
class LaidRow:
    """A row ready to draw: the lines of each cell, their sizes where not the table's own, and the height."""

    kind: RowKind
    lines: list[Lines]
    height: float
    source: TableRow
    sizes: dict[int, float] | None = None
    aligns: dict[int, Align] | None = None
    refs: dict[int, str] | None = None


@dataclass(frozen=True, kw_only=True)
class LaidHeading:
    """A heading and where it stands in the heading rows."""

    span: Span
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LaidTable:
    """A table ready to be put on pages."""

    table: Table
    size: float
    edges: tuple[float, ...]  # x of each vertical line, from the left margin
    headings: tuple[LaidHeading, ...]
    heading_heights: tuple[float, ...]
    rows: Sequence[LaidRow]
    aligns: tuple[Align, ...]
    names: frozenset[int]  # columns whose cells name what stands right of them

    @property
    def heading_height(self) -> float:
        """Height of all heading rows together."""
        return sum(self.heading_heights)


def _column_edges(columns: Sequence[TableColumn], size: float, room: float) -> tuple[float, ...]:
    natural = [column.width * size + 2 * PAD_X for column in columns]
    spare = room - sum(natural)
    filling = [index for index, column in enumerate(columns) if column.fills]
    if spare > 0 and filling:
        for index in filling:
            natural[index] += spare / len(filling)
    else:
        factor = room / sum(natural)
        natural = [width * factor for width in natural]
    edges = [0.0]
    for width in natural:
        edges.append(edges[-1] + width)
    return tuple(edges)


def fitting_size(columns: Sequence[TableColumn], largest: float, room: float) -> float:
    """Return the largest type size, in half points, at which the columns fit side by side."""
    size = largest
    while size > SMALLEST and sum(column.width * size + 2 * PAD_X for column in columns) > room:
        size -= 0.5
    return size


class TableLayout:
    """Measures one table for a paper of a given width and collects what could not be shown."""

    def __init__(self, table: Table, room: float, body: Face, bold: Face, issues: list[Issue]) -> None:
        self._table = table
        self._body = body
        self._bold = bold
        self._issues = issues
        self._size = fitting_size(table.columns, table.text_size, room)
        self._edges = _column_edges(table.columns, self._size, room)
        self._line = self._size * LEADING
        self._types = [column.type for column in table.columns]
        self._formats = [column.type.format for column in table.columns]
        # Room of each cell in em, so that a text's width is compared without multiplying.
        self._rooms = [
            (right - left - 2 * PAD_X) / self._size + 0.01
            for left, right in zip(self._edges, self._edges[1:], strict=False)
        ]

    def laid(self) -> LaidTable:
        """Return the measured table."""
        headings, heights = self._laid_headings()
        columns = self._table.columns
        return LaidTable(
            table=self._table,
            size=self._size,
            edges=self._edges,
            headings=headings,
            heading_heights=heights,
            rows=[self._laid_row(row) for row in self._table.rows],
            aligns=tuple(alignment_of(column) for column in columns),
            names=frozenset(index for index, column in enumerate(columns) if column.names),
        )

    def _laid_headings(self) -> tuple[tuple[LaidHeading, ...], tuple[float, ...]]:
        depth = heading_depth(self._table.columns)
        heights = [self._line + 2 * PAD_Y + 2] * depth
        laid = []
        for span in heading_spans(self._table.columns):
            room = (self._edges[span.last_column + 1] - self._edges[span.column] - 2 * PAD_X) / self._size
            lines = break_lines(span.text, self._bold.widths, max(room, 1.0))
            laid.append(LaidHeading(span=span, lines=lines))
            rows = span.last_row - span.row + 1
            needed = len(lines) * self._line + 2 * PAD_Y + 2
            spanned = sum(heights[span.row : span.last_row + 1])
            if needed > spanned:
                for row in range(span.row, span.last_row + 1):
                    heights[row] += (needed - spanned) / rows
            self._note_missing(span.text, "", self._bold)
        return tuple(laid), tuple(heights)

    def _laid_row(self, row: TableRow) -> LaidRow:
        face = self._body if row.kind == "body" else self._bold
        least = PEN_HEIGHT if self._table.tall_rows and row.kind == "body" else self._line + 2 * PAD_Y + 1
        if row.kind == "group":
            return self._laid_group(row, face, least)
        laid = LaidRow(row.kind, [], least, row)
        widths = face.widths
        width_at = widths.__getitem__
        most = 1
        lines = laid.lines
        for index, (value, formatted, room) in enumerate(
            zip(row.values, self._formats, self._rooms, strict=True)
        ):
            if value is None:
                lines.append("")
                continue
            if type(value) is str:
                text = value
            elif type(value) is Cell:
                text = self._special(laid, index, value)
            else:
                text = formatted(value)
            if "\n" not in text and sum(map(width_at, text)) <= room:
                lines.append(text)
                continue
            column = self._table.columns[index]
            if not column.wrap:
                lines.append(text.replace("\n", " "))
                width = face.width(text)
                laid.sizes = {**(laid.sizes or {}), index: self._size * room / width}
                continue
            broken = break_lines(text, widths, room)
            lines.append(broken)
            # A joined cell has the height of its rows together; its text decides over none of them.
            if len(broken) > most and not column.merge_down:
                most = len(broken)
        laid.height = max(least, most * self._line + 2 * PAD_Y + 1)
        if face.missing:
            for each in lines:
                self._note_missing(each if isinstance(each, str) else "".join(each), row.about, face)
        return laid

    def _laid_group(self, row: TableRow, face: Face, least: float) -> LaidRow:
        value = next((each for each in row.values if each is not None), "")
        text = value if isinstance(value, str) else text_of(value, self._types[0])
        room = (self._edges[-1] - 2 * PAD_X) / self._size
        broken = break_lines(text, face.widths, room)
        self._note_missing(text, row.about, face)
        return LaidRow("group", [broken], max(least, len(broken) * self._line + 2 * PAD_Y + 1), row)

    def _special(self, laid: LaidRow, index: int, cell: Cell) -> str:
        if cell.align is not None or cell.type is not None:
            laid.aligns = laid.aligns or {}
            laid.aligns[index] = alignment_of(self._table.columns[index], cell)
        if cell.ref:
            laid.refs = laid.refs or {}
            laid.refs[index] = cell.ref
        return text_of(cell.value, cell.type or self._types[index])

    def _note_missing(self, text: str, about: str, face: Face) -> None:
        if face.missing:
            note_missing(text, about, face, self._issues)


def note_missing(text: str, about: str, face: Face, issues: list[Issue]) -> None:
    """Add an issue for each character of `text` that no font has, naming the person and the code point."""
    for char in sorted(face.missing.intersection(text)):
        whose = f"{about}：" if about and about not in text else ""
        issues.append(
            Issue(
                severity=Severity.ASK,
                code="glyph",
                message=f"{whose}“{text}”里有一个字库里没有的字（U+{ord(char):04X}），"
                "纸上印成〓，请手写补上。",
            )
        )


def split_row(row: LaidRow, lines_fitting: int, line: float) -> list[LaidRow]:
    """Return a row that is higher than a page as several, each with at most so many lines."""
    most = max((len(each) for each in row.lines if isinstance(each, tuple)), default=1)
    parts = []
    for start in range(0, most, lines_fitting):
        lines: list[Lines] = []
        for each in row.lines:
            if isinstance(each, str):
                lines.append(each if start == 0 else "")
            else:
                lines.append(each[start : start + lines_fitting] or ("",))
        longest = max((len(each) for each in lines if isinstance(each, tuple)), default=1)
        height = longest * line + 2 * PAD_Y + 1
        parts.append(LaidRow(row.kind, lines, height, row.source, row.sizes, row.aligns, row.refs))
    return parts


def joined_below(rows: Sequence[LaidRow], column: int) -> list[tuple[int, int]]:
    """Return first and last index of each stretch of rows whose cell in `column` says the same."""
    stretches: list[tuple[int, int]] = []
    start = 0
    for index in range(1, len(rows) + 1):
        if index < len(rows) and rows[index].kind == "body" and rows[start].kind == "body":
            above = rows[start].source.values[column]
            if above is not None and above == rows[index].source.values[column]:
                continue
        stretches.append((start, index - 1))
        start = index
    return stretches


def continued(group: LaidRow) -> LaidRow:
    """Return a group's line as it stands again at the top of the next page."""
    lines = group.lines[0]
    told = (lines,) if isinstance(lines, str) else lines
    return replace(group, lines=[(*told[:-1], f"{told[-1]}（续）")])
