"""What the reader of one format gives the reading child: sheets, their rows with numbers, and a refusal.

Loaded in the child, so it and the readers import nothing of ours but each other.
"""

from collections.abc import Iterable, Sequence
from typing import Any

Rows = Iterable[tuple[int, Sequence[Any]]]
"""Rows with their number from 1, cells from column A."""

Sheet = tuple[dict[str, Any], Rows]
"""The facts of a sheet (fields of RawSheet but its rows), and its rows."""

MOST_COLUMNS = 16_384
"""As many as a spreadsheet has; a cell beyond is a trick or a slip."""


class Refused(Exception):
    """A file that is not read; the text is the kind of trouble."""


class Budget:
    """How many cells may still be read, blanks before a cell counted."""

    def __init__(self, cells: int) -> None:
        self._left = cells

    def spend(self, cells: int) -> None:
        """Take cells from the budget; raises Refused where it does not hold that many."""
        self._left -= cells
        if self._left < 0:
            raise Refused("too large")


def column_letter(index: int) -> str:
    """Return the letter of a column, 0 being A."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
