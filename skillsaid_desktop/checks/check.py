"""What a check is, and the ground that all checks of a month stand on, read once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from skillsaid_desktop.checks.drift import DriftRow, find_drifts
from skillsaid_desktop.clock import today
from skillsaid_desktop.domain.months import MonthRule, Period
from skillsaid_desktop.figures import FigureResult
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.figures.frozen import closed_months
from skillsaid_desktop.ledgers.comparison import Comparison, compare_students
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.storage import Reading


class Person(NamedTuple):
    """A student of the month, with what the checks of a person compare."""

    id: int
    name: str
    class_name: str | None
    number: str | None
    is_pending: bool
    kind: str
    sex: str | None
    born_on: str | None
    relation: str | None

    @property
    def who(self) -> str:
        """The name as a sentence has it: 余强（建筑2401）."""
        return f"{self.name}（{self.class_name}）" if self.class_name else self.name


class Inspection:
    """One month being checked."""

    def __init__(self, reading: Reading, month: str) -> None:
        self.reading = reading
        self.month = month
        self.period: Period = MonthRule(reading.settings.cutoff_day).period(month)
        self.day = min(today(), self.period.to_on)

    @cached_property
    def people(self) -> list[Person]:
        """Everybody who was enrolled on a day of the month, or never entered at all."""
        return [
            Person(*row)
            for row in self.reading.rows(
                "SELECT s.id, s.name, p.class_name, s.document_number, s.document_pending, s.document_kind, s.sex,"
                " s.born_on, s.relation_to_head FROM student s LEFT JOIN student_span p"
                " ON p.student_id = s.id AND p.from_on <= :to AND p.to_on >= :to WHERE s.id IN"
                " (SELECT student_id FROM student_span WHERE is_enrolled AND from_on <= :to AND to_on >= :from)"
                " OR s.id NOT IN (SELECT student_id FROM student_span) ORDER BY p.class_name, s.name_sort, s.id",
                {"from": self.period.from_on.isoformat(), "to": self.period.to_on.isoformat()},
            )
        ]

    @cached_property
    def by_id(self) -> dict[int, Person]:
        """The people by id."""
        return {person.id: person for person in self.people}

    @cached_property
    def comparison(self) -> Comparison:
        """The students of the month's day against the newest rosters."""
        return compare_students(self.reading, self.day)

    @cached_property
    def figures(self) -> dict[str, FigureResult]:
        """The month's figures as they would be reported now."""
        return compute_figures(self.reading, self.month, True)

    @cached_property
    def drifts(self) -> dict[str, list[DriftRow]]:
        """What has moved in the closed months before this one since they were reported."""
        before = [one for one in closed_months(self.reading) if one < self.month]
        return find_drifts(self.reading, before)

    def who(self, student_id: int) -> str:
        """Return how a sentence names a student, also one who left long ago."""
        person = self.by_id.get(student_id)
        if person is not None:
            return person.who
        return str(self.reading.scalar("SELECT name FROM student WHERE id = ?", (student_id,)) or "")


@dataclass(frozen=True)
class Check:
    """A check of DOMAIN section 9; `weight` is the heaviest that its issues weigh."""

    code: str
    title: str
    weight: Severity
    find: Callable[[Inspection], list[Issue]]


def say(day: date | str) -> str:
    """Return a day as a sentence of this year has it: 11月5日."""
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{found.month}月{found.day}日"


def say_month(month: str) -> str:
    """Return a month as a sentence has it: 2025年11月."""
    return f"{month[:4]}年{int(month[5:])}月"


def names(people: list[str], most: int = 6) -> str:
    """Return names for a sentence, the first few of many."""
    shown = "、".join(people[:most])
    return f"{shown}等 {len(people)} 人" if len(people) > most else shown
