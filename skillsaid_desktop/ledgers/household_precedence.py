"""Whose word holds where the ledger and rows both say something of a household, and differ."""

from dataclasses import dataclass, field
from typing import Any

ConflictKey = tuple[int, int | None, str]
"""Household, member (None: the household itself) and column."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A fact that the ledger and a row tell differently, as texts; `who` is the household or its member."""

    key: ConflictKey
    who: str
    title: str
    before: str
    after: str


@dataclass(slots=True, kw_only=True)
class Precedence:
    """`rows_win`: what rows say replaces what the ledger says; otherwise it only fills blanks.

    `asks`: a contradiction becomes a question about the row, else it stands in `conflicts`. `taken` are facts in
    which the rows win all the same. `at_home` are numbers of people whose stored household is the one that their rows
    speak of, whoever heads it.
    """

    rows_win: bool = True
    asks: bool = False
    taken: frozenset[ConflictKey] = frozenset()
    at_home: frozenset[str] = frozenset()
    conflicts: list[Conflict] = field(default_factory=list)

    def takes(self, key: ConflictKey, before: Any) -> bool:
        """Say whether a row's word is written where `before` is what the ledger says."""
        return self.rows_win or before in (None, "") or key in self.taken


def file_first() -> Precedence:
    """Return the precedence of a list about households: it is newer than the ledger."""
    return Precedence()


def ledger_first() -> Precedence:
    """Return the precedence of what students' own columns say: the ledger stays, a contradiction is asked about."""
    return Precedence(rows_win=False, asks=True)
