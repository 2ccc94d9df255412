"""Working days, from a table that the school can edit, with weekends where the table has no year."""

from dataclasses import dataclass
from datetime import date, timedelta

_SATURDAY = 5


@dataclass(frozen=True)
class WorkCalendar:
    """Days off on weekdays and working weekends, by the State Council's yearly notice."""

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on `day`."""
        if day in self.work:
            return True
        return day not in self.off and day.weekday() < _SATURDAY

    def on_or_before(self, day: date) -> date:
        """Return `day` if offices work then, else the last working day before it."""
        while not self.is_working_day(day):
            day -= timedelta(days=1)
        return day
