"""Which rows of a plain table are shown and in which order: search, column filters, several sort keys.

The rows are small and in memory; a ledger's table leaves all this to SQL.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from skillsaid_desktop.domain.names import matched_span, pinyin_keys

if TYPE_CHECKING:
    from skillsaid_desktop.ui.widgets.row_cells import Cell, Column, Row

_COUNTED = re.compile(r"([−-]?\d[\d,]*(?:\.\d+)?)(?:%|\s.*)?")
"""A number, also with its unit after a blank: 12 天，逾期."""


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """How a table is narrowed and sorted; columns are named by their headings."""

    search: str = ""
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sort: tuple[tuple[str, bool], ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Tell whether rows may be left out."""
        return bool(self.search or self.filters)

    def only(self, title: str, texts: frozenset[str]) -> "Arrangement":
        """Return the arrangement that shows only these texts in a column; none takes the filter away."""
        filters = {name: chosen for name, chosen in self.filters.items() if name != title}
        return replace(self, filters=filters | ({title: texts} if texts else {}))


def arranged(rows: Sequence["Row"], columns: Sequence["Column"], how: Arrangement) -> list[int]:
    """Return the places of the rows that are shown, in order; without sort keys as they came."""
    places = {column.title: at for at, column in enumerate(columns) if column.title}
    order = _passing(rows, columns, how, places)
    for title, is_descending in reversed(how.sort):
        if title in places:
            order = _sorted(rows, order, places[title], is_descending)
    return order


def value_counts(
    rows: Sequence["Row"], columns: Sequence["Column"], how: Arrangement, title: str
) -> list[tuple[str, int]]:
    """Return the texts of a column in order with their counts, among the rows that all other filters leave."""
    places = {column.title: at for at, column in enumerate(columns) if column.title}
    left = _passing(rows, columns, how.only(title, frozenset()), places)
    first = {rows[at][places[title]].text: at for at in reversed(left)}
    counts = Counter(rows[at][places[title]].text for at in left)
    in_order = _sorted(rows, list(first.values()), places[title], False)
    return [(text, counts[text]) for text in (rows[at][places[title]].text for at in in_order)]


def numbers_of(texts: Sequence[str]) -> list[float] | None:
    """Return the numbers that all these texts begin with, None if one is no number."""
    found = [_COUNTED.fullmatch(text) for text in texts]
    if not all(found):
        return None
    return [float(each[1].replace(",", "").replace("−", "-")) for each in found if each]


def _passing(
    rows: Sequence["Row"], columns: Sequence["Column"], how: Arrangement, places: Mapping[str, int]
) -> list[int]:
    wanted = [(places[title], texts) for title, texts in how.filters.items() if title in places]
    words = how.search.split()
    names = [places[column.title] for column in columns if column.title and column.is_name]
    others = [at for title, at in places.items() if at not in names]
    return [
        at
        for at, row in enumerate(rows)
        if all(row[column].text in texts for column, texts in wanted)
        and all(_holds(row, word, names, others) for word in words)
    ]


def _holds(row: "Row", word: str, names: Sequence[int], others: Sequence[int]) -> bool:
    folded = word.casefold()
    return any(folded in row[at].text.casefold() for at in others) or any(
        matched_span(row[at].text, word) is not None for at in names
    )


def _sorted(rows: Sequence["Row"], order: Sequence[int], column: int, is_descending: bool) -> list[int]:
    """Return the rows sorted by a column; blanks stand last either way."""
    filled = [at for at in order if rows[at][column].text]
    filled.sort(key=lambda at: _key(rows[at][column]), reverse=is_descending)
    return filled + [at for at in order if not rows[at][column].text]


def _key(cell: "Cell") -> tuple[int, float, str]:
    """Return what a cell is sorted by: its rank, the number it begins with, or else how it is read."""
    if cell.rank is not None:
        return 0, cell.rank, ""
    numbers = numbers_of([cell.text])
    return (0, numbers[0], "") if numbers else (1, 0, _reading(cell.text))


@lru_cache(maxsize=32768)
def _reading(text: str) -> str:
    """Return what a text is sorted by: its pinyin; dates, numbers of classes and the like by themselves."""
    return text.casefold() if text.isascii() else pinyin_keys(text).sort
