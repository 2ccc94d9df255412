"""Sheets of an Excel 2003 XML file (SpreadsheetML), mostly saved under the name .xls by web systems."""

import math
import re
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any
from xml.parsers import expat

from skillsaid_desktop.importers.row_source import MOST_COLUMNS, Budget, Refused, Sheet, column_letter
from skillsaid_desktop.importers.text_encoding import encoding_of

_CHUNK = 2**16
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet "
_VISIBLE = "urn:schemas-microsoft-com:office:excel Visible"
_EXACT = 15
"""Digits that a spreadsheet's number holds; a longer number was written by a program and is kept to the letter."""
_WHOLE = re.compile(r"-?\d+")
_MOST_ROWS = 1_048_576


def xml_sheets(path: str, budget: Budget) -> Iterator[Sheet]:
    """Yield each worksheet; raises Refused for a document type or entities of its own."""
    reader = _Reader(budget)
    with open(path, encoding=encoding_of(path), errors="replace") as file:  # noqa: PTH123
        reader.read(iter(lambda: file.read(_CHUNK), ""))
    yield from reader.sheets


class _Reader:
    """Follows worksheets, rows and cells through expat."""

    def __init__(self, budget: Budget) -> None:
        self.sheets: list[tuple[dict[str, Any], list[tuple[int, list[Any]]]]] = []
        self._budget = budget
        self._rows: list[tuple[int, list[Any]]] = []
        self._merges: list[tuple[int, int, int, int]] = []
        self._hidden_rows: list[int] = []
        self._hidden_columns: list[str] = []
        self._facts: dict[str, Any] = {}
        self._number = 0
        self._column = 0
        self._at = 0
        self._row: list[Any] = []
        self._kind = ""
        self._text: list[str] | None = None
        # The text is decoded before, whatever the XML says of its encoding.
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._add
        self._parser.buffer_text = True

    def read(self, chunks: Iterator[str]) -> None:
        """Read to the end; a file that breaks off keeps no half sheet: expat's error passes on."""
        first = True
        for chunk in chunks:
            self._parser.Parse((chunk.lstrip("\ufeff\r\n\t ") if first else chunk).encode("utf-8", "replace"))
            first = False
        self._parser.Parse(b"", True)

    def _refuse(self, *_: object) -> None:
        raise Refused("entities")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _VISIBLE:
            self._text = []
        if not name.startswith(_SPREADSHEET):
            return
        own = {
            key.removeprefix(_SPREADSHEET): value
            for key, value in attributes.items()
            if key.startswith(_SPREADSHEET)
        }
        match name.removeprefix(_SPREADSHEET):
            case "Worksheet":
                self._start_sheet(own.get("Name", f"Sheet{len(self.sheets) + 1}"))
            case "Column":
                index, span = _number(own.get("Index")), _number(own.get("Span")) or 0
                self._column = (index or self._column + 1) + span
                if own.get("Hidden") == "1":
                    first = self._column - span
                    self._hidden_columns += [
                        column_letter(each) for each in range(first - 1, min(self._column, first + 50))
                    ]
            case "Row":
                self._number = _number(own.get("Index")) or self._number + 1
                self._row, self._column = [], 0
                if self._number > _MOST_ROWS:
                    raise Refused("too large")
                if own.get("Hidden") == "1":
                    self._hidden_rows.append(self._number)
            case "Cell":
                self._start_cell(own)
            case "Data":
                self._kind, self._text = own.get("Type", "String"), []

    def _start_sheet(self, name: str) -> None:
        self._rows, self._merges, self._hidden_rows, self._hidden_columns = [], [], [], []
        self._number = self._column = 0
        self._facts = {"name": name, "merges": self._merges}
        self.sheets.append((self._facts, self._rows))

    def _start_cell(self, own: dict[str, str]) -> None:
        column = (_number(own.get("Index")) or self._column + 1) - 1
        across, down = _number(own.get("MergeAcross")) or 0, _number(own.get("MergeDown")) or 0
        self._at, self._column = column, column + 1 + across
        if self._column > MOST_COLUMNS:
            raise Refused("too large")
        wanted = column + 1 - len(self._row)
        self._budget.spend(max(wanted, 1))
        self._row += [""] * wanted
        if across or down:
            merge = (self._number, column, min(self._number + down, _MOST_ROWS), column + across)
            self._merges.append(merge)

    def _add(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if name == _VISIBLE:
            self._facts["is_hidden"] = "".join(self._text or ()).strip() != "SheetVisible"
            self._text = None
        if not name.startswith(_SPREADSHEET):
            return
        match name.removeprefix(_SPREADSHEET):
            case "Data":
                if self._text is not None and self._at < len(self._row):
                    self._row[self._at] = _value(self._kind, "".join(self._text))
                self._text = None
            case "Row":
                self._budget.spend(1)
                if self._row:
                    self._rows.append((self._number, self._row))
            case "Worksheet":
                self._facts["hidden_rows"] = tuple(self._hidden_rows)
                self._facts["hidden_columns"] = tuple(self._hidden_columns)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else None


def _value(kind: str, text: str) -> Any:
    plain = text.strip()
    if kind == "Number":
        if _WHOLE.fullmatch(plain):
            return int(plain) if len(plain.lstrip("-")) <= _EXACT else plain
        try:
            number = float(plain)
        except ValueError:
            return text
        return number if math.isfinite(number) else text
    if kind == "DateTime":
        try:
            moment = datetime.fromisoformat(plain).replace(tzinfo=None)
        except ValueError:
            return text
        return moment.date() if moment.time() == time() else moment
    if kind == "Boolean":
        return plain == "1"
    return text
