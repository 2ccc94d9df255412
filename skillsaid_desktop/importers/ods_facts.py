"""What calamine does not tell of an ods: merged cells, hidden rows and columns, hidden sheets."""

import zipfile
from typing import Any
from xml.parsers import expat

from skillsaid_desktop.importers.row_source import Refused, column_letter

_CHUNK = 2**16
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_HIDDEN = ("collapse", "filter")
_MOST = 100_000
"""Hidden rows that are counted one by one; formatting runs down to the last row of a sheet."""


def ods_facts(archive: zipfile.ZipFile) -> dict[str, dict[str, Any]]:
    """Return the facts of each sheet by its name; what does not parse is left for the reader to say."""
    reader = _Reader()
    try:
        with archive.open("content.xml") as member:
            while chunk := member.read(_CHUNK):
                reader.parser.Parse(chunk)
    except expat.ExpatError:
        return {}
    return reader.found


class _Reader:
    """Follows tables, rows and cells, counting repeated ones."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, Any]] = {}
        self._depth = 0
        self._name = ""
        self._row = self._column = self._columns = 0
        self._repeats = 1
        self._style = ""
        self._hidden_styles: set[str] = set()
        self._merges: list[tuple[int, int, int, int]] = []
        self._hidden_rows: list[int] = []
        self._hidden_columns: list[str] = []
        self._is_hidden = False
        self.parser = expat.ParserCreate(None, " ")
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _refuse(self, *_: object) -> None:
        raise Refused("entities")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name.startswith(_STYLE):
            if name == _STYLE + "style":
                self._style = attributes.get(_STYLE + "name", "")
            elif attributes.get(_TABLE + "display") == "false":
                self._hidden_styles.add(self._style)
            return
        if not name.startswith(_TABLE):
            return
        kind = name[len(_TABLE) :]
        if kind == "table":
            self._depth += 1
            if self._depth == 1:
                self._start_sheet(attributes)
        if self._depth != 1:
            return
        is_hidden = attributes.get(_TABLE + "visibility") in _HIDDEN
        match kind:
            case "table-column":
                count = _count(attributes, "number-columns-repeated")
                if is_hidden:
                    last = self._columns + min(count, 50)
                    self._hidden_columns += [column_letter(each) for each in range(self._columns, last)]
                self._columns += count
            case "table-row":
                self._repeats = _count(attributes, "number-rows-repeated")
                if is_hidden and len(self._hidden_rows) < _MOST:
                    most = min(self._repeats, _MOST)
                    self._hidden_rows += range(self._row + 1, self._row + 1 + most)
                self._column = 0
            case "table-cell" | "covered-table-cell":
                self._start_cell(attributes)

    def _start_sheet(self, attributes: dict[str, str]) -> None:
        self._name = attributes.get(_TABLE + "name", "")
        self._row = self._columns = 0
        self._merges, self._hidden_rows, self._hidden_columns = [], [], []
        self._is_hidden = attributes.get(_TABLE + "style-name", "") in self._hidden_styles

    def _start_cell(self, attributes: dict[str, str]) -> None:
        high, wide = _count(attributes, "number-rows-spanned"), _count(attributes, "number-columns-spanned")
        if high > 1 or wide > 1:
            row = self._row + 1
            self._merges.append((row, self._column, row + high - 1, self._column + wide - 1))
        self._column += _count(attributes, "number-columns-repeated")

    def _end(self, name: str) -> None:
        if name == _TABLE + "table-row" and self._depth == 1:
            self._row += self._repeats
        elif name == _TABLE + "table":
            self._depth -= 1
            if self._depth == 0:
                self.found[self._name] = {
                    "merges": self._merges,
                    "hidden_rows": tuple(self._hidden_rows),
                    "hidden_columns": tuple(self._hidden_columns),
                    "is_hidden": self._is_hidden,
                }


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(_TABLE + name, "1")
    return max(int(text), 1) if text.isascii() and text.isdecimal() and len(text) < 9 else 1
