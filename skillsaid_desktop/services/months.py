"""The reporting months of a ledger as the window offers them, with their state in words."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from skillsaid_desktop.domain.months import MonthRule

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

STATE_WORDS = {"closed": "已封账", "submitted": "已报送", "reopened": "重新打开"}


@dataclass(frozen=True, kw_only=True)
class MonthState:
    """A month, its state in words, and the days it counts."""

    month: str
    state: str
    from_on: date
    to_on: date

    @property
    def is_closed(self) -> bool:
        """Tell whether its numbers are frozen."""
        return self.state in ("已封账", "已报送")


def list_months(reading: "Reading", today: date) -> list[MonthState]:
    """Return the months from the first of the ledger to the current one, in order."""
    rule = MonthRule(reading.settings.cutoff_day)
    stored = {str(row[0]): str(row[1]) for row in reading.rows("SELECT month, state FROM reporting_month")}
    last = rule.month_of(today)
    month = min(reading.settings.first_month or last, last)
    found: list[MonthState] = []
    while month <= last:
        period = rule.period(month)
        state = STATE_WORDS.get(stored.get(month, ""), "检查中" if period.to_on <= today else "登记中")
        found.append(MonthState(month=month, state=state, from_on=period.from_on, to_on=period.to_on))
        year, number = (int(part) for part in month.split("-"))
        month = f"{year + number // 12}-{number % 12 + 1:02}"
    return found


def month_in_hand(months: list[MonthState]) -> MonthState:
    """Return the month that is to be closed next: months close in order."""
    return next((each for each in months if not each.is_closed), months[-1])
