"""Tables of a web page, as old web systems send them under the name .xls, and as Excel and WPS put them on the clipboard.

Unclosed tags, spans, entities and <br> are read as a browser would show them; rows count from 1 in each table.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from skillsaid_desktop.importers.row_source import MOST_COLUMNS, Budget, Refused, Sheet, column_letter
from skillsaid_desktop.importers.text_encoding import encoding_of

_CHUNK = 2**16
_MOST_COLUMN_SPAN = 1_000  # the HTML standard's own limits
_MOST_ROW_SPAN = 65_534
_DEEPEST = 20
_BREAKS = frozenset({"br", "p", "div", "li"})
_UNSEEN = frozenset({"style", "script", "title", "xml"})
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def html_sheets(path: str, budget: Budget) -> Iterator[Sheet]:
    """Yield each table of a page; raises Refused if there is none."""
    with open(path, encoding=encoding_of(path), errors="replace") as file:  # noqa: PTH123
        tables = html_tables(iter(lambda: file.read(_CHUNK), ""), budget)
    if not tables:
        raise Refused("page without table")
    for number, table in enumerate(tables, 1):
        name = "table" if len(tables) == 1 else f"table {number}"
        yield {"name": name, **table.facts()}, enumerate(table.rows, 1)


@dataclass
class HtmlTable:
    """A table on its grid: each cell's text where the cell begins, "" where it reaches on."""

    rows: list[list[Any]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        """Return what a sheet knows besides its rows."""
        return {
            "merges": self.merges,
            "hidden_rows": tuple(self.hidden_rows),
            "hidden_columns": tuple(column_letter(column) for column in self.hidden_columns),
        }


def html_tables(chunks: Iterable[str], budget: Budget) -> list[HtmlTable]:
    """Return the tables that hold anything, the outer one of nested ones after its inner ones."""
    reader = _Reader(budget)
    for chunk in chunks:
        reader.feed(chunk)
    reader.close()
    reader.end()
    return [each for each in reader.tables if any(any(row) for row in each.rows)]


class _Open:
    """A table that is being read."""

    def __init__(self) -> None:
        self.table = HtmlTable()
        self.row: list[Any] | None = None
        self.cell: list[str] | None = None
        self.place = (0, 1, 1)  # column, column span, row span of the open cell
        self.reaching: dict[int, int] = {}  # column -> rows that a cell above still covers
        self.columns = 0


class _Reader(HTMLParser):
    """Follows rows and cells; what stands outside of a cell is nothing to us."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[HtmlTable] = []
        self._budget = budget
        self._open: list[_Open] = []
        self._unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, row or cell; each ends the one before it."""
        if tag in _UNSEEN:
            self._unseen = tag
        elif tag == "table":
            if len(self._open) >= _DEEPEST:
                raise Refused("too large")
            self._open.append(_Open())
        elif not self._open:
            return
        elif tag == "tr":
            self._end_row()
            self._start_row(dict(attrs))
        elif tag in ("td", "th"):
            self._end_cell()
            self._start_cell(dict(attrs))
        elif tag == "col":
            self._start_column(dict(attrs))
        elif tag in _BREAKS and self._open[-1].cell is not None:
            self._open[-1].cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close what the tag closes."""
        if tag == self._unseen:
            self._unseen = ""
        elif not self._open:
            return
        elif tag == "table":
            self._end_row()
            self.tables.append(self._open.pop().table)
        elif tag == "tr":
            self._end_row()
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in ("p", "div") and self._open[-1].cell is not None:
            self._open[-1].cell.append("\n")

    def handle_data(self, data: str) -> None:
        """Add to the open cell."""
        if self._open and not self._unseen and self._open[-1].cell is not None:
            self._open[-1].cell.append(_BLANKS.sub(" ", data))

    def unknown_decl(self, data: str) -> None:
        """Pass over what Word and Excel write for each other (`<![if …]>`)."""

    def end(self) -> None:
        """Close what a page that breaks off has left open."""
        while self._open:
            self._end_row()
            self.tables.append(self._open.pop().table)

    def _start_column(self, attributes: dict[str, str | None]) -> None:
        current = self._open[-1]
        span = _span(attributes.get("span"), _MOST_COLUMN_SPAN)
        if _HIDDEN.search(attributes.get("style") or ""):
            current.table.hidden_columns += range(current.columns, min(current.columns + span, MOST_COLUMNS))
        current.columns += span

    def _start_row(self, attributes: dict[str, str | None]) -> None:
        current = self._open[-1]
        current.row = []
        if _HIDDEN.search(attributes.get("style") or ""):
            current.table.hidden_rows.append(len(current.table.rows) + 1)

    def _start_cell(self, attributes: dict[str, str | None]) -> None:
        current = self._open[-1]
        if current.row is None:
            current.row = []
        column = len(current.row)
        while current.reaching.get(column, 0) > 0:
            column += 1
        wide = _span(attributes.get("colspan"), _MOST_COLUMN_SPAN)
        if column + wide > MOST_COLUMNS:
            raise Refused("too large")
        self._budget.spend(column + wide - len(current.row))
        current.row += [""] * (column + wide - len(current.row))
        current.place = (column, wide, _span(attributes.get("rowspan"), _MOST_ROW_SPAN))
        current.cell = []

    def _end_cell(self) -> None:
        current = self._open[-1]
        if current.cell is None or current.row is None:
            return
        column, wide, high = current.place
        lines = "".join(current.cell).split("\n")
        current.row[column] = "\n".join(filter(None, (_BLANKS.sub(" ", line).strip() for line in lines)))
        current.cell = None
        if wide > 1 or high > 1:
            row = len(current.table.rows) + 1
            current.table.merges.append((row, column, row + high - 1, column + wide - 1))
        if high > 1:
            for each in range(column, column + wide):
                current.reaching[each] = max(current.reaching.get(each, 0), high)

    def _end_row(self) -> None:
        self._end_cell()
        current = self._open[-1]
        if current.row is None:
            return
        self._budget.spend(1)
        current.table.rows.append(current.row)
        current.row = None
        if current.reaching:
            current.reaching = {each: left - 1 for each, left in current.reaching.items() if left > 1}


def _span(text: str | None, most: int) -> int:
    digits = (text or "").strip()
    return (
        min(max(int(digits), 1), most) if digits.isascii() and digits.isdecimal() and len(digits) < 9 else 1
    )
