"""Which days already went out in a report: nothing dated up to then changes without a reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from skillsaid_desktop.clock import today
from skillsaid_desktop.domain.months import MonthRule
from skillsaid_desktop.ledgers.ledger import IntakeContext, issue_at
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.record import Record

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading

MONTH_REPORTED = "month already reported"
"""The code of an issue that asks for the reason of a correction."""


@dataclass(frozen=True)
class Reported:
    """The ledger's first day, and the last day of the last closed month (None: nothing is closed)."""

    first_day: date
    last_closed: date | None
    rule: MonthRule

    def touches(self, day: date | None) -> bool:
        """Say whether something that holds from `day` on changes a closed month; None means since ever."""
        return self.last_closed is not None and (day is None or day <= self.last_closed)

    def name(self, day: date) -> str:
        """Return the month that a day was reported in, as people say it."""
        month = self.rule.month_of(max(day, self.first_day))
        return f"{month[:4]}年{int(month[5:])}月"


def load_reported(reading: "Reading") -> Reported:
    """Read which months are closed."""
    rule = MonthRule(reading.settings.cutoff_day)
    first_month = reading.settings.first_month
    last = reading.scalar("SELECT max(to_on) FROM reporting_month WHERE state IN ('closed', 'submitted')")
    return Reported(
        first_day=rule.period(first_month).from_on if first_month else date(2000, 1, 1),
        last_closed=date.fromisoformat(last) if last else None,
        rule=rule,
    )


def ask_about_future(record: Record, who: str, day: date | None, title: str, issues: list[Issue]) -> None:
    """Add the question about a day after today: never a refusal (DOMAIN section 3)."""
    if day is not None and day > today():
        issues.append(
            issue_at(
                record,
                Severity.ASK,
                "date after today",
                f"{who}：{title} {day} 在今天以后，请核对",
                column=title,
            )
        )


def ask_why_so_late(
    record: Record,
    who: str,
    days: Iterable[date],
    title: str,
    issues: list[Issue],
    reported: Reported,
    context: IntakeContext,
) -> None:
    """Ask for the reason where somebody types what happened in a closed month.

    A list that comes with a term's records is taken as it is: its reason is the drift's explanation (check 33).
    """
    late = min((day for day in days if reported.touches(day)), default=None)
    if late is not None and context.is_form and not context.correction:
        message = f"{who}：{late} 在已封账的{reported.name(late)}里；写明更正原因才能登记"
        issues.append(issue_at(record, Severity.ASK, MONTH_REPORTED, message, column=title, waits=True))
