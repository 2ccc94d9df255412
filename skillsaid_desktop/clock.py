"""The one clock: what day it is, for every layer.

`SKILLSAID_TODAY=2025-11-25` sets the day, for tests and for the sample school.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

_pretended: ContextVar[date | None] = ContextVar("pretended", default=None)


@contextmanager
def pretending(day: date) -> Iterator[None]:
    """Let it be another day inside the block: how the sample school lives through its months."""
    token = _pretended.set(day)
    try:
        yield
    finally:
        _pretended.reset(token)


def today() -> date:
    """Return the current day."""
    pretended = _pretended.get()
    if pretended is not None:
        return pretended
    fixed = os.environ.get("SKILLSAID_TODAY")
    return date.fromisoformat(fixed) if fixed else date.today()


def now() -> datetime:
    """Return the current local time without zone, on the clock's day, to the second."""
    return datetime.combine(today(), datetime.now().time().replace(microsecond=0))
