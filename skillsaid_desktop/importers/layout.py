"""What the columns of a sheet are taken for and why: proposed, shown, chosen, remembered by the sheet's fingerprint."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from skillsaid_desktop.importers.headings import fold_heading
from skillsaid_desktop.importers.row_source import column_letter
from skillsaid_desktop.schema import RawValue

IGNORED = ""
"""Chosen for a column that is not read."""
EXTRA = "+"
"""Chosen for a column that no ledger knows and that is kept beside the record; its cells are named `+heading`."""
REASON = "!reason"
"""The last column of a problem sheet: not imported, it says which row of 待处理 a row came from."""
REASON_HEADING = "没有导入的原因"
DATES = "@"
"""Before a field name in a chosen layout: how the dates of that column are written (see `date_habits`)."""

Chosen = Mapping[str, str]
"""What somebody chose for a layout: key of a column -> field name, IGNORED or EXTRA; `@field` -> date habit."""


class Why(StrEnum):
    """Why a column is taken for a field, in the words that are shown."""

    HEADING = "表头"
    SIMILAR = "相近"
    VALUES = "看内容"
    REMEMBERED = "上次记住的"
    CHOSEN = "您选的"


@dataclass(frozen=True, kw_only=True)
class LayoutColumn:
    """One column of a sheet. `key` names it in a chosen layout, `samples` are its cells in the first data rows."""

    at: int
    key: str
    heading: str
    field: str = IGNORED
    why: Why | None = None
    samples: tuple[RawValue, ...] = ()
    is_filled: bool = False

    @property
    def letter(self) -> str:
        """Return the letter of the column."""
        return column_letter(self.at)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The columns of one sheet. `twice` are fields that several columns claim with the same heading.

    `missing` are required fields without a column. A sheet without headings is not remembered: another one
    whose columns look alike may hold something else.
    """

    file: str
    sheet: str
    fingerprint: str
    heading_rows: tuple[int, ...]
    columns: tuple[LayoutColumn, ...]
    twice: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    has_headings: bool = True
    is_settled: bool = False  # chosen or remembered

    @property
    def guessed(self) -> tuple[LayoutColumn, ...]:
        """Return the columns that were not taken by their heading."""
        return tuple(each for each in self.columns if each.why in (Why.SIMILAR, Why.VALUES))

    @property
    def unknown(self) -> tuple[LayoutColumn, ...]:
        """Return the columns with something in them that mean nothing here, and that nobody has decided about."""
        if self.is_settled:
            return ()
        return tuple(each for each in self.columns if each.field == IGNORED and each.is_filled)

    @property
    def is_asking(self) -> bool:
        """Say whether somebody should look at the columns before the rows are read."""
        return not self.is_settled and bool(
            self.guessed or self.unknown or self.twice or self.missing or not self.has_headings
        )

    def chosen(self) -> dict[str, str]:
        """Return this layout as somebody who agrees with it would have chosen it."""
        return {each.key: each.field for each in self.columns}


def column_keys(titles: Mapping[int, str]) -> dict[int, str]:
    """Return the key of each column: its folded heading, #2 behind the second of its kind, its place if it has none."""
    keys: dict[int, str] = {}
    seen: dict[str, int] = {}
    first = min(titles, default=0)
    for at in sorted(titles):
        key = fold_heading(titles[at])
        if not key:
            keys[at] = f"#{at - first}"
            continue
        seen[key] = seen.get(key, 0) + 1
        keys[at] = key if seen[key] == 1 else f"{key}#{seen[key]}"
    return keys


def fingerprint_of(titles: Mapping[int, str]) -> str:
    """Return the SHA-256 over the folded headings in their order."""
    filled = [at for at, title in titles.items() if fold_heading(title)]
    if not filled:
        return ""
    text = "\x1f".join(fold_heading(titles.get(at, "")) for at in range(min(filled), max(filled) + 1))
    return hashlib.sha256(text.encode()).hexdigest()
