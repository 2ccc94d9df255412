"""The first few rows of a ledger that a search over everything finds, best first, and how many there are in all."""

import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from skillsaid_desktop.domain.names import fold_name
from skillsaid_desktop.ledgers.ledger import Ledger, Searched, Through
from skillsaid_desktop.ledgers.listing import escape_like, search_clause, search_keys

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading

MOST_KEYS = 500
"""Students of whom the records in other ledgers are found: a text that means more of them says nothing about one."""


class Hits(NamedTuple):
    """The best ids, in order, and all that there are."""

    best: tuple[int, ...] = ()
    all: tuple[int, ...] = ()


class Lookup:
    """One search over all ledgers: what leads from one table to another is looked up once."""

    def __init__(self, reading: "Reading", text: str, as_of: date) -> None:
        self._reading = reading
        self._terms = text.split()
        self._day = as_of.isoformat()
        self._keys: dict[tuple[Through, str, tuple[Searched, ...]], list[int]] = {}

    def find(self, ledger: Ledger, limit: int) -> Hits:
        """Return the rows of a ledger that match each word."""
        if not self._terms or not ledger.search:
            return Hits()
        found, directly = self._matching(ledger, self._terms[0])
        for term in self._terms[1:]:
            more, more_directly = self._matching(ledger, term)
            found, directly = found & more, directly & more_directly
        if not found:
            return Hits()
        parameters: dict[str, Any] = {
            "as_of": self._day, "found": json.dumps(list(found)), "limit": limit,
        }  # fmt: skip
        if found != directly:
            parameters["directly"] = json.dumps(list(directly))
        order = ", ".join((*self._best_first(ledger, parameters), *_usual_order(ledger), "id"))
        rows = self._reading.rows(
            f"SELECT id FROM ({ledger.select}) WHERE id IN (SELECT value FROM json_each(:found))"
            f" ORDER BY {order} LIMIT :limit",
            parameters,
        )
        return Hits(tuple(row[0] for row in rows), tuple(found))

    def _matching(self, ledger: Ledger, term: str) -> tuple[set[int], set[int]]:
        """Return the ids of all rows that match one word, and of those that its own columns match."""
        directly = self._looked_up(ledger, ledger.search, term)
        return directly | self._looked_up(ledger, ledger.found_by, term), directly

    def _looked_up(self, ledger: Ledger, searched: Sequence[Searched], term: str) -> set[int]:
        """Return the ids of the rows that match; each way to find them is asked for itself, on its own index."""
        parameters: dict[str, Any] = {"as_of": self._day}
        clauses = [search_clause([each for each in searched if each.through is None], term, parameters)]
        for through in dict.fromkeys(each.through for each in searched if each.through is not None):
            keys = self._keys_of(through, tuple(each for each in searched if each.through == through), term)
            if 0 < len(keys) <= MOST_KEYS:
                name = f"k{len(parameters)}"
                parameters[name] = json.dumps(keys)
                clauses.append(f'"{through.by}" IN (SELECT value FROM json_each(:{name}))')
        found: set[int] = set()
        for clause in clauses:
            if clause != "0":
                rows = self._reading.rows(f"SELECT id FROM ({ledger.select}) WHERE {clause}", parameters)
                found.update(row[0] for row in rows)
        return found

    def _keys_of(self, through: Through, searched: tuple[Searched, ...], term: str) -> list[int]:
        asked = (through, term, searched)
        if asked not in self._keys:
            self._keys[asked] = search_keys(self._reading, through, searched, term, MOST_KEYS)
        return self._keys[asked]

    def _best_first(self, ledger: Ledger, parameters: dict[str, Any]) -> list[str]:
        """Return order terms: whose name or initials are the text, whose name begins with it, who is here."""
        own = [each for each in ledger.search if each.through is None]
        words = [each.column for each in own if each.how == "anywhere"][:1]
        initials = [each.column for each in own if each.how == "initials"][:1]
        parameters["whole"] = fold_name(self._terms[0]) or self._terms[0]
        parameters["begins"] = f"{escape_like(parameters['whole'])}%"
        exact = [f'coalesce("{column}" = :whole, 0)' for column in (*words, *initials)]
        begins = [f"coalesce(\"{column}\" LIKE :begins ESCAPE '!', 0)" for column in words]
        if "directly" in parameters:
            begins.append("id IN (SELECT value FROM json_each(:directly))")
        ranked = [" OR ".join(exact), *begins, *([f'coalesce("{ledger.here}", 0)'] if ledger.here else [])]
        return [f"({each}) DESC" for each in ranked if each]


def _usual_order(ledger: Ledger) -> list[str]:
    return [
        f'"{ledger.sort_by.get(name, name)}"{" DESC" if down else ""} NULLS LAST'
        for name, down in ledger.default_sort
    ]
