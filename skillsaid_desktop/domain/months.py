"""Reporting months, school years and terms: which day belongs to which (DOMAIN section 3)."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A reporting month "YYYY-MM" and its days, both included."""

    month: str
    from_on: date
    to_on: date

    @property
    def year(self) -> int:
        """The calendar year that the month counts for."""
        return int(self.month[:4])

    def holds(self, day: date) -> bool:
        """Tell whether `day` belongs to the month."""
        return self.from_on <= day <= self.to_on


def add_months(month: str, number: int) -> str:
    """Return the month `number` months after (or before) "YYYY-MM"."""
    total = int(month[:4]) * 12 + int(month[5:]) - 1 + number
    return f"{total // 12:04d}-{total % 12 + 1:02d}"


def months_between(first: str, last: str) -> list[str]:
    """Return the months from `first` to `last`, both included; none if `last` comes before."""
    found: list[str] = []
    while first <= last:
        found.append(first)
        first = add_months(first, 1)
    return found


def month_end(year: int, month: int) -> date:
    """Return the last day of a calendar month."""
    return date(year + month // 12, month % 12 + 1, 1) - _DAY


@lru_cache(maxsize=1024)
def _cut(month: str, day: int) -> date:
    year, number = int(month[:4]), int(month[5:])
    return min(date(year, number, 1) + timedelta(days=day - 1), month_end(year, number))


@dataclass(frozen=True)
class MonthRule:
    """How days fall into months: up to a cut-off day, or by the calendar (None)."""

    cutoff_day: int | None = 25

    def period(self, month: str) -> Period:
        """Return the days of a reporting month: by default the 26th of the month before to its 25th."""
        year, number = int(month[:4]), int(month[5:])
        if self.cutoff_day is None:
            return Period(month, date(year, number, 1), month_end(year, number))
        before = _cut(add_months(month, -1), self.cutoff_day)
        return Period(month, before + _DAY, _cut(month, self.cutoff_day))

    def month_of(self, day: date) -> str:
        """Return the reporting month that a day belongs to."""
        month = f"{day.year:04d}-{day.month:02d}"
        return month if day <= self.period(month).to_on else add_months(month, 1)


def school_year(day: date) -> int:
    """Return the year in which the school year of a day began (1 September)."""
    return day.year if day.month >= 9 else day.year - 1


def term_began_on(day: date) -> date:
    """Return the first day of the term last begun on a day: 1 September or 1 March (DOMAIN section 3)."""
    if day.month >= 9:
        return date(day.year, 9, 1)
    return date(day.year, 3, 1) if day.month >= 3 else date(day.year - 1, 9, 1)
