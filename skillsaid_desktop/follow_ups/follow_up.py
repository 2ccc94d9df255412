"""What a follow-up (待办) is, and the ground that all kinds of them are derived from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from skillsaid_desktop.clock import today
from skillsaid_desktop.domain.months import MonthRule, Period, add_months
from skillsaid_desktop.figures.frozen import CLOSED
from skillsaid_desktop.ledgers.timeline import Place
from skillsaid_desktop.schema import Severity

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """Something that somebody still has to do for a student; it is there as long as what it follows from is there.

    `text` does not name the student; `since` is the day from which it is work and not only ahead; `severity` is ASK
    where it can not wait, else HINT. `student_id` is None for a row that nobody could be found for.
    """

    kind: str
    student_id: int | None
    who: str
    class_name: str
    text: str
    due_on: date
    since: date
    responsible: str
    severity: Severity
    place: Place = field(compare=False)

    def left(self, day: date) -> str:
        """Return how long there is still: 今天, 还有 3 天, 逾期 12 天."""
        days = (self.due_on - day).days
        if not days:
            return "今天"
        return f"还有 {days} 天" if days > 0 else f"逾期 {-days} 天"


@dataclass(frozen=True)
class Load:
    """What one person has in hand, in order."""

    responsible: str
    follow_ups: tuple[FollowUp, ...]

    def overdue(self, day: date) -> int:
        """Return how much of it is past its day."""
        return sum(one.due_on < day for one in self.follow_ups)


def by_person(found: Sequence[FollowUp], day: date) -> list[Load]:
    """Return what each person has in hand, who has most past its day first."""
    hands: dict[str, list[FollowUp]] = {}
    for one in found:
        hands.setdefault(one.responsible, []).append(one)
    loads = [Load(name, tuple(follow_ups)) for name, follow_ups in hands.items()]
    return sorted(loads, key=lambda load: (-load.overdue(day), -len(load.follow_ups)))


class Ground:
    """A ledger on a day, of all students or of one; the month is the one that is to be closed next."""

    def __init__(self, reading: "Reading", student_id: int | None = None) -> None:
        self.reading = reading
        self.student_id = student_id
        self.day = today()

    @cached_property
    def month(self) -> str:
        """The first month that is not closed, at most the current one."""
        rule = MonthRule(self.reading.settings.cutoff_day)
        last = rule.month_of(self.day)
        closed = {
            row[0]
            for row in self.reading.rows("SELECT month FROM reporting_month WHERE state IN (?, ?)", CLOSED)
        }
        month = min(self.reading.settings.first_month or last, last)
        while month in closed and month < last:
            month = add_months(month, 1)
        return month

    @cached_property
    def period(self) -> Period:
        """The days of that month."""
        return MonthRule(self.reading.settings.cutoff_day).period(self.month)

    @cached_property
    def coordinator(self) -> str:
        """Who does what nobody else is named for."""
        return self.reading.settings.preparer or "资助专员"

    def only(self, column: str) -> str:
        """Return the condition on a student's id, to be put after another one; "" for all students."""
        return "" if self.student_id is None else f" AND {column} = {int(self.student_id)}"

    def weight(self, due_on: date) -> Severity:
        """Return how heavy something weighs that is due on a day."""
        return Severity.ASK if due_on < self.day else Severity.HINT


@dataclass(frozen=True)
class Kind:
    """A kind of follow-up: its name, its title, and how all of them are found.

    `is_gathered` says that 首页 counts them under 收齐 already.
    """

    name: str
    title: str
    find: Callable[[Ground], Iterator[FollowUp]]
    is_gathered: bool = False
