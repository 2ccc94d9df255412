"""Days whose parts can be read in several orders (03/04/2025), or whose year has two digits (25.9.1): decided by column."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import chain

from skillsaid_desktop.clock import today

ORDERS: dict[str, str] = {"ymd": "年/月/日", "dmy": "日/月/年", "mdy": "月/日/年"}
"""The orders in which day, month and year are written."""

_YEAR_LAST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./]((?:19|20)\d\d)")
_SHORT = re.compile(r"'?(\d{1,2})[-./](\d{1,2})[-./](\d{1,2})")
_SHORT_WITH_WORDS = re.compile(r"(\d\d)年(\d{1,2})月(?:(\d{1,2})[日号]?)?")
_WITHOUT_YEAR = re.compile(r"(\d{1,2})(?:月|[./-])(\d{1,2})[日号]?")
_AHEAD = 10
"""Two digits of a year up to this many years ahead mean this century: 预计毕业 28.7, but 出生 65.3."""


def needs_order(text: str) -> bool:
    """Say whether a text is a day that does not show its order or the century of its year."""
    return bool(_YEAR_LAST.fullmatch(text) or _SHORT.fullmatch(text) or _SHORT_WITH_WORDS.fullmatch(text))


def needs_year(text: str) -> bool:
    """Say whether a text is a day without a year."""
    return bool(_WITHOUT_YEAR.fullmatch(text)) and read_without_year(text, 2024) is not None


def orders_of(text: str) -> dict[str, date]:
    """Return the day that a text is in each order in which it is one."""
    found: dict[str, date] = {}
    if match := _SHORT_WITH_WORDS.fullmatch(text):
        candidates = [("ymd", match[1], match[2], match[3] or "1")]
    elif match := _YEAR_LAST.fullmatch(text):
        candidates = [("dmy", match[3], match[2], match[1]), ("mdy", match[3], match[1], match[2])]
    elif match := _SHORT.fullmatch(text):
        one, two, three = match.groups()
        candidates = [("ymd", one, two, three), ("dmy", three, two, one), ("mdy", three, one, two)]
        candidates = [each for each in candidates if len(each[1]) == 2]
    else:
        return {}
    for order, year, month, day in candidates:
        try:
            found[order] = date(_whole_year(year), int(month), int(day))
        except ValueError:
            continue
    return found


def common_orders(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the orders in which all of these days can be read; if none fits all, those that fit some."""
    possible = [orders_of(text) for text in texts if needs_order(text)]
    if not possible:
        return ()
    every = [order for order in ORDERS if all(order in each for each in possible)]
    some = set(chain.from_iterable(possible))
    return tuple(every or [order for order in ORDERS if order in some])


def read_in_order(text: str, order: str) -> date | None:
    """Return the day that a text is in this order, None if it is none."""
    return orders_of(text).get(order)


def read_without_year(text: str, year: int) -> date | None:
    """Return the day that 11-20 or 11月20日 is in this year; the month stands first."""
    found = _WITHOUT_YEAR.fullmatch(text)
    try:
        return date(year, int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


def _whole_year(text: str) -> int:
    if len(text) == 4:
        return int(text)
    short, now = int(text), today().year
    century = now // 100 * 100
    return century + short if century + short <= now + _AHEAD else century - 100 + short
