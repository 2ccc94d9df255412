"""Delimited text (csv, txt, a block from the clipboard) as rows, numbered as a spreadsheet numbers its records.

Cells stay as they stand. So do the guards of long numbers (`="3601…"`, a tab, an apostrophe): that they were
mended is said where it is known which column holds document numbers. Any other cell written as `="…"` is its text.
"""

import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from skillsaid_desktop.importers.row_source import MOST_COLUMNS, Budget, Refused, Sheet
from skillsaid_desktop.importers.text_encoding import encoding_of

SEPARATORS = ",\t|;"
_LOOKED_AT = 200
_MOST_LINES = 60
"""A cell with more line breaks than this began with a quotation mark that nobody closed."""
_WRAPPED = re.compile(r'="([^"]*)"')
_LONG_NUMBER = re.compile(r"\d{12,22}[\dXx]")
_LONGEST_CELL = 200_000
_LONGEST_LINE = 4 * 2**20


def text_sheets(path: str, budget: Budget) -> Iterator[Sheet]:
    """Yield the one sheet of a text file, named by its ending."""
    name = "txt" if Path(path).suffix.lower() == ".txt" else "csv"
    with open(path, encoding=encoding_of(path), errors="replace") as file:  # noqa: PTH123
        yield {"name": name}, text_rows(_bounded(file), budget)


def text_rows(
    lines: Iterable[str], budget: Budget, separator: str = ""
) -> Iterator[tuple[int, Sequence[Any]]]:
    """Yield the records of a text with their numbers; the separator is found if it is not given."""
    csv.field_size_limit(_LONGEST_CELL)
    source = _Lines(lines)
    first = source.peek(1)
    if first and first[0].lower().startswith("sep=") and len(first[0].strip()) == 5:
        separator = next(source).strip()[-1]  # a line for the spreadsheet, which does not show it
    separator = separator or find_separator(source.peek(_LOOKED_AT))
    for number, record in enumerate(_records(source, separator), 1):
        if len(record) > MOST_COLUMNS:
            raise Refused("too large")
        budget.spend(len(record) or 1)
        yield number, record


def find_separator(lines: Sequence[str]) -> str:
    """Return the separator that parts most lines into equally many fields."""

    def score(separator: str) -> float:
        try:
            records = csv.reader(iter(lines), delimiter=separator)
            counts = Counter(len(record) for record in records if record)
        except csv.Error:
            return 0
        most = max((times * (width - 1) for width, times in counts.items()), default=0)
        return most / max(counts.total(), 1)

    return max(SEPARATORS, key=score)


class _Lines:
    """Lines that can be looked at before they are taken, and put back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._rest = iter(lines)
        self._ahead: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._ahead.popleft() if self._ahead else next(self._rest)
        self.taken.append(line)
        return line

    def peek(self, count: int) -> list[str]:
        """Return the next lines without taking them."""
        self._ahead.extend(islice(self._rest, max(count - len(self._ahead), 0)))
        return list(islice(self._ahead, count))

    def put_back(self, lines: Sequence[str]) -> None:
        """Let these come next once more."""
        self._ahead.extendleft(reversed(lines))


def _records(source: _Lines, separator: str) -> Iterator[list[str]]:
    """Yield records. A quotation mark that is never closed holds for its own line only."""
    reader = csv.reader(source, delimiter=separator)
    while True:
        source.taken.clear()
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            record = []
        taken = source.taken
        if len(taken) > 1 and (not record or len(taken) > _MOST_LINES or _is_open(source, separator)):
            source.put_back(taken[1:])
            record = _plain(taken[0], separator)
            reader = csv.reader(source, delimiter=separator)
        elif not record and taken and taken[0].strip():
            record = _plain(taken[0], separator)
            reader = csv.reader(source, delimiter=separator)
        yield [_unwrapped(field) for field in record] if any('="' in line for line in taken) else record


def _unwrapped(field: str) -> str:
    found = _WRAPPED.fullmatch(field)
    return field if found is None or _LONG_NUMBER.fullmatch(found[1]) else found[1]


def _is_open(source: _Lines, separator: str) -> bool:
    """Say whether the record just taken ended only because the text did."""
    if source.peek(1):
        return False
    try:
        list(csv.reader(iter(source.taken), delimiter=separator, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _plain(line: str, separator: str) -> list[str]:
    fields = line.rstrip("\r\n").split(separator)
    if any(len(field) > _LONGEST_CELL for field in fields):
        raise Refused("too large")
    return fields


def _bounded(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if len(line) > _LONGEST_LINE:
            raise Refused("too large")
        yield line
