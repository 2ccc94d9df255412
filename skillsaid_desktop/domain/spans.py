"""What held for a student from one day to another: events, categories and the county list laid over each other."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from skillsaid_desktop.domain.status import ENROLLED, ENTRY, LEAVING, OPENING_MARK, Event, Status, walk
from skillsaid_desktop.policy import Policy

FOREVER = date(9999, 12, 31)
IDENTIFIED = "认定为帮扶对象"
RELEASED = "退出帮扶对象"
CATEGORY_CHANGED = "身份类别变动"
COUNTY_CHANGED = "对口贫困县变动"

_DAY = timedelta(days=1)
_SUFFIXES = ("县", "市", "区")

Days = tuple[date, date]
"""First and last day, both included."""

ALWAYS: tuple[Days, ...] = ((date.min, FOREVER),)


class Hardship(NamedTuple):
    """A dated category row: both days included, `to_on` None is open."""

    category: str
    from_on: date
    to_on: date | None = None
    risk_cleared_on: date | None = None


class Span(NamedTuple):
    """A stretch in which nothing changed; see `StudentSpan` for what the parts mean."""

    from_on: date
    to_on: date
    state: str
    is_enrolled: bool
    is_target: bool
    is_paired_county: bool
    class_id: int | None
    major: str | None
    level: str | None
    category: str | None
    opened_by: str
    movement: str | None


def is_same_county(one: str, other: str) -> bool:
    """Tell whether two spellings mean one county: 赣县 is 赣县区, 于都 is 于都县; 南昌县 is not 南昌市."""
    short, long = sorted((one.strip(), other.strip()), key=len)
    return bool(short) and (short == long or (long[:-1] == short and long[-1] in _SUFFIXES))


def paired_days(
    county: str | None, typed: bool | None, counties: Iterable[tuple[str, date | None, date | None]]
) -> tuple[Days, ...]:
    """Return when a student counts as from a 对口贫困县: as typed on him, else by the school's dated list."""
    if typed is not None:
        return ALWAYS if typed else ()
    if not county:
        return ()
    return tuple(
        (from_on or date.min, to_on or FOREVER)
        for name, from_on, to_on in counties
        if is_same_county(name, county)
    )


def target_days(hardship: Hardship, policy: Policy) -> Days | None:
    """Return from when to when a row makes its student a 帮扶对象, None if never.

    A monitored row whose risk is cleared counts up to and including that day, unless the policy says otherwise.
    """
    category = policy.category(hardship.category)
    if category is None or not category.is_target:
        return None
    from_on = max(hardship.from_on, category.target_from or date.min)
    to_on = min(hardship.to_on or FOREVER, category.target_to or FOREVER)
    if hardship.risk_cleared_on and category.has_risk and policy.cleared_risk_ends_target:
        to_on = min(to_on, hardship.risk_cleared_on)
    return (from_on, to_on) if from_on <= to_on else None


def build_spans(
    events: Sequence[Event],
    hardships: Sequence[Hardship],
    policy: Policy,
    paired: Sequence[Days] = (),
) -> list[Span]:
    """Return a student's stretches from the entry on, without gaps; none for somebody who never entered."""
    taken = walk(events)
    if not taken:
        return []
    entered_on = taken[0][0].on
    by_day: dict[date, tuple[list[str], Status]] = {}
    for event, status in taken:
        kinds = by_day[event.on][0] if event.on in by_day else []
        kinds.append(OPENING_MARK if event.is_opening else event.kind)
        by_day[event.on] = (kinds, status)
    targets = [days for row in hardships if (days := target_days(row, policy))]
    breaks = set(by_day)
    for days in (*targets, *((row.from_on, row.to_on or FOREVER) for row in hardships), *paired):
        breaks.add(days[0])
        if days[1] < FOREVER:
            breaks.add(days[1] + _DAY)
    ordered = sorted(day for day in breaks if day >= entered_on)

    spans: list[Span] = []
    status = taken[0][1]
    before: Span | None = None
    for index, day in enumerate(ordered):
        kinds, status = by_day.get(day, ([], status))
        category = _category_on(day, hardships, targets, policy) if hardships else None
        is_target = any(first <= day <= last for first, last in targets)
        is_paired = any(first <= day <= last for first, last in paired)
        if not kinds and before is not None:
            unchanged = (is_target, is_paired, category)
            if unchanged == (before.is_target, before.is_paired_county, before.category):
                continue
        is_enrolled = status.state in ENROLLED
        to_on = ordered[index + 1] - _DAY if index + 1 < len(ordered) else FOREVER
        if spans and spans[-1].to_on != day - _DAY:
            spans[-1] = spans[-1]._replace(to_on=day - _DAY)
        opened_by = _opened_by(kinds, before, is_enrolled, is_target, category)
        before = Span(
            day,
            to_on,
            status.state,
            is_enrolled,
            is_target,
            is_paired,
            status.class_id,
            status.major,
            status.level,
            category,
            opened_by,
            _movement(kinds, before, is_enrolled and is_target, status.state),
        )
        spans.append(before)
    if spans[-1].to_on != FOREVER:
        spans[-1] = spans[-1]._replace(to_on=FOREVER)
    return spans


def _category_on(
    day: date, hardships: Sequence[Hardship], targets: Sequence[Days], policy: Policy
) -> str | None:
    active = [row for row in hardships if row.from_on <= day and (row.to_on is None or day <= row.to_on)]
    if not active:
        return None
    if len(active) == 1:
        return active[0].category
    ordered = policy.ordered_categories(row.category for row in active)
    counting = {
        row.category
        for row in active
        if targets and (days := target_days(row, policy)) and days[0] <= day <= days[1]
    }
    return "、".join(sorted(ordered, key=lambda name: name not in counting))


def _opened_by(
    kinds: Sequence[str], before: Span | None, is_enrolled: bool, is_target: bool, category: str | None
) -> str:
    words = list(kinds)
    if before is not None and before.is_target != is_target and is_enrolled and before.is_enrolled:
        words.append(IDENTIFIED if is_target else RELEASED)
    if not words and before is not None:
        words.append(CATEGORY_CHANGED if before.category != category else COUNTY_CHANGED)
    return "、".join(words)


def _movement(kinds: Sequence[str], before: Span | None, counts: bool, state: str) -> str | None:
    """Return how somebody became an enrolled target on a day, or ceased to be one (DOMAIN section 7, CI and CO)."""
    counted = before is not None and before.is_enrolled and before.is_target
    if counts == counted:
        return None
    if counts:
        return next((kind for kind in reversed(kinds) if kind in ENTRY), "认定")
    return state if state in LEAVING else "退出"
