"""What 首页 shows of the ledger, read in one go, beside the window."""

from dataclasses import dataclass
from datetime import date

from skillsaid_desktop import clock
from skillsaid_desktop.follow_ups import GATHERED, Load, by_person, list_follow_ups
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.services.desk import Desk, latest_desk
from skillsaid_desktop.services.months import list_months
from skillsaid_desktop.storage import LedgerFile

MOST_PEOPLE = 4
"""People named under 待办; the others are on its page."""


@dataclass(frozen=True, kw_only=True)
class ToDo:
    """待办 in short, besides what 收齐 counts already: how much, in whose hands; `loads` are the first few of them."""

    number: int
    people: int
    overdue: int
    loads: tuple[Load, ...]


@dataclass(frozen=True, kw_only=True)
class DeskAnswer:
    """A month as 首页 shows it on a day; `follow_ups` counts all of 待办."""

    day: date
    desk: Desk
    is_empty: bool
    months: tuple[str, ...]
    follow_ups: int
    to_do: ToDo


def read_desk(ledger_file: LedgerFile, month: str, progress: Progress) -> DeskAnswer:
    """Read everything that 首页 shows of a month, today."""
    day = clock.today()
    with ledger_file.reading() as reading:
        found = latest_desk(reading, month, progress)
        progress.report(1, 1, "正在清点待办")
        follow_ups = list_follow_ups(reading)
        is_empty = not reading.scalar("SELECT EXISTS (SELECT 1 FROM student)")
        months = tuple(each.month for each in list_months(reading, day))
    rest = [one for one in follow_ups if one.kind not in GATHERED]
    loads = by_person(rest, day)
    to_do = ToDo(
        number=len(rest),
        people=len(loads),
        overdue=sum(load.overdue(day) for load in loads),
        loads=tuple(loads[:MOST_PEOPLE]),
    )
    return DeskAnswer(
        day=day, desk=found, is_empty=is_empty, months=months, follow_ups=len(follow_ups), to_do=to_do
    )
