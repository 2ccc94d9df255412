"""What a monthly figure is: a definition, and the people behind it (DOMAIN section 7).

A figure says who counts, on a day (stock) or day by day in a stretch (flow); adding up to 本期, 本年累计 and
启动以来 is the same for all of them and stands in `compute`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from skillsaid_desktop.figures.ground import Ground


class Unit(StrEnum):
    """What a figure counts: different people, acts with the people they are about, or a share from 0 to 1."""

    PEOPLE = "people"
    ACTS = "acts"
    RATIO = "ratio"


class Dated(NamedTuple):
    """Somebody who counts in a flow, the day on which he does, and a word about it (reason, kind)."""

    student_id: int
    on: date
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure with exactly one way to find its people.

    `standing`: ids of those who count at the end of a day (stock). `named`: who counts then and is no student, by name,
    with a word about each (stock). `dated`: those who count in a stretch, both days
    included (flow). `noted`: those who count in a month by its notes (flow). `share`: codes of a numerator and a
    denominator. `opening_stock`: the stock of the day before (C0), which in a longer span is that of its beginning.
    `sums_months`: 本年累计 is the sum of the months, not the number of different people.
    """

    code: str
    name: str
    definition: str
    unit: Unit = Unit.PEOPLE
    standing: Callable[["Ground", date], list[int]] | None = None
    named: Callable[["Ground", date], list[tuple[str, str]]] | None = None
    dated: Callable[["Ground", date, date], list[Dated]] | None = None
    noted: Callable[["Ground", str], list[Dated]] | None = None
    share: tuple[str, str] | None = None
    opening_stock: bool = False
    sums_months: bool = False

    @property
    def kind(self) -> str:
        """Return "stock" or "flow"."""
        is_stock = self.standing is not None or self.named is not None or self.opening_stock
        return "stock" if is_stock else "flow"


@dataclass(frozen=True, slots=True)
class PersonRef:
    """Somebody behind a figure, as of the month: document number, name, class, and a word about why.

    `student_id` is 0 for somebody who is no student, such as a leader: he is told from others by his name.
    """

    student_id: int
    document_number: str
    name: str
    class_name: str = ""
    note: str = ""

    @property
    def key(self) -> int | str:
        """What tells this person from others."""
        return self.student_id or self.name

    def noted(self, note: str) -> "PersonRef":
        """Return the same person with another word."""
        return PersonRef(self.student_id, self.document_number, self.name, self.class_name, note)


@dataclass(frozen=True, kw_only=True)
class FigureResult:
    """A figure of a month. Counts are whole numbers, ratios 0–1 or None where the denominator is 0.

    `records` is given for figures that count acts; `opening` says that a typed 期初累计 is in the sums.
    """

    code: str
    name: str
    period: float | None
    year: float | None
    since_start: float | None
    people: tuple[PersonRef, ...] = field(default=())
    records: int | None = None

    def as_json(self) -> dict[str, object]:
        """Return the form that the terminal prints: people as document numbers (leaders as names), sorted, once each."""
        numbers = [
            person.document_number.upper() if person.student_id else person.name
            for person in self.people
            if person.document_number or not person.student_id
        ]
        form: dict[str, object] = {
            "name": self.name,
            "period": _number(self.period),
            "year": _number(self.year),
            "since_start": _number(self.since_start),
            "people": sorted(numbers if self.records is not None else set(numbers)),
        }
        if self.records is not None:
            form["records"] = self.records
        return form


def _number(value: float | None) -> float | int | None:
    """Return whole numbers as such."""
    return int(value) if value is not None and value == int(value) and not 0 < value < 1 else value
