"""Tables of a Word document (docx) as sheets, straight from its XML; text outside of tables is not read."""

import zipfile
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from skillsaid_desktop.importers.row_source import MOST_COLUMNS, Budget, Refused, Sheet

_CHUNK = 2**16
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main "
_DOCUMENT = "word/document.xml"
_DEEPEST = 20


def word_sheets(path: str, budget: Budget) -> Iterator[Sheet]:
    """Yield each table, inner ones before the one they stand in; raises Refused if there is none."""
    reader = _Reader(budget)
    with zipfile.ZipFile(path) as archive, archive.open(_DOCUMENT) as member:
        while chunk := member.read(_CHUNK):
            reader.parser.Parse(chunk)
        reader.parser.Parse(b"", True)
    if not reader.tables:
        raise Refused("document without table")
    for number, table in enumerate(reader.tables, 1):
        yield {"name": f"table {number}", "merges": table.merges}, enumerate(table.rows, 1)


class _Table:
    """A table on its grid: each cell's text where the cell begins, "" where it reaches on."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self.merges: list[tuple[int, int, int, int]] = []
        self.row: list[Any] = []
        self.text: list[str] = []
        self.wide = 1
        self.merge = ""  # of the open cell: "restart" begins a merge down, "continue" goes on with it
        self.tall: dict[int, tuple[int, int]] = {}  # column -> first row and width of a merge under way


class _Reader:
    """Follows tables, rows and cells through expat."""

    def __init__(self, budget: Budget) -> None:
        self.tables: list[_Table] = []
        self._budget = budget
        self._open: list[_Table] = []
        self._is_text = False
        self.parser = expat.ParserCreate(None, " ")
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._add
        self.parser.buffer_text = True

    def _refuse(self, *_: object) -> None:
        raise Refused("entities")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = _kind(name)
        if kind == "tbl":
            if len(self._open) >= _DEEPEST:
                raise Refused("too large")
            self._open.append(_Table())
        if not kind or not self._open:
            return
        table = self._open[-1]
        value = next((value for key, value in attributes.items() if _kind(key) == "val"), "")
        match kind:
            case "tr":
                table.row = []
            case "gridBefore":
                self._widen(table, _count(value, 0))
            case "tc":
                table.text, table.wide, table.merge = [], 1, ""
            case "gridSpan":
                table.wide = _count(value, 1)
            case "vMerge":
                table.merge = value or "continue"
            case "t":
                self._is_text = True
            case "br" | "cr":
                table.text.append("\n")
            case "tab":
                table.text.append(" ")

    def _add(self, text: str) -> None:
        if self._is_text and self._open:
            self._open[-1].text.append(text)

    def _end(self, name: str) -> None:
        kind = _kind(name)
        if not kind or not self._open:
            return
        table = self._open[-1]
        match kind:
            case "t":
                self._is_text = False
            case "p":
                table.text.append("\n")
            case "tc":
                self._end_cell(table)
            case "tr":
                table.rows.append(table.row)
                table.row = []
            case "tbl":
                self._open.pop()
                for column in list(table.tall):
                    _close_merge(table, column, len(table.rows))
                if any(any(row) for row in table.rows):
                    self.tables.append(table)

    def _end_cell(self, table: _Table) -> None:
        column, number = len(table.row), len(table.rows) + 1
        self._widen(table, table.wide)
        is_going_on = table.merge == "continue" and column in table.tall
        if not is_going_on:
            table.row[column] = "\n".join(filter(None, map(str.strip, "".join(table.text).split("\n"))))
            for each in [one for one in table.tall if column <= one < column + table.wide]:
                _close_merge(table, each, number - 1)
            if table.merge == "restart":
                table.tall[column] = (number, table.wide)
            elif table.wide > 1:
                table.merges.append((number, column, number, column + table.wide - 1))
        table.text = []

    def _widen(self, table: _Table, columns: int) -> None:
        if len(table.row) + columns > MOST_COLUMNS:
            raise Refused("too large")
        self._budget.spend(columns)
        table.row += [""] * columns


def _close_merge(table: _Table, column: int, last: int) -> None:
    first, wide = table.tall.pop(column)
    if last > first or wide > 1:
        table.merges.append((first, column, last, column + wide - 1))


def _kind(name: str) -> str:
    """Return the local name of Word's own elements and attributes, "" for others."""
    for space in (_WORD, _STRICT):
        if name.startswith(space):
            return name[len(space) :]
    return ""


def _count(text: str, least: int) -> int:
    return max(int(text), least) if text.isascii() and text.isdecimal() and len(text) < 9 else least
