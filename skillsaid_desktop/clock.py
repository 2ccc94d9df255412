"""The one clock: what day it is, for every layer.

`SKILLSAID_TODAY=2025-11-25` sets the day, for tests and for the sample school.
"""

import os
from datetime import date, datetime


def today() -> date:
    """Return the current day."""
    fixed = os.environ.get("SKILLSAID_TODAY")
    return date.fromisoformat(fixed) if fixed else date.today()


def now() -> datetime:
    """Return the current local time without zone, on the clock's day, to the second."""
    return datetime.combine(today(), datetime.now().time().replace(microsecond=0))
