"""A student's state, class, major and level on any day, from dated events (DOMAIN sections 3 and 4).

Events are the truth: nothing here changes them. What can not be (复学 without 休学) is reported by
`check_events` and has no effect on the state, so one wrong row never spoils the days after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, permutations
from typing import NamedTuple

ENROLLED = frozenset({"在读", "实习", "休学", "保留学籍"})
ATTENDING = frozenset({"在读", "实习"})
LEAVING = ("毕业", "结业", "退学", "转出", "开除", "注销", "死亡")  # each is a kind and the state it leads to
ENTRY = ("入学", "转入")
SUSPENDING = ("休学", "参军保留学籍", "岗位实习")

STATE_AFTER: dict[str, str] = {
    "入学": "在读",
    "转入": "在读",
    "复学": "在读",
    "恢复学籍": "在读",
    "实习结束": "在读",
    "休学": "休学",
    "参军保留学籍": "保留学籍",
    "岗位实习": "实习",
    **{kind: kind for kind in LEAVING},
}
"""The state that a kind leads to; kinds that stand not here change no state."""

ONLY_FROM: dict[str, str] = {"复学": "休学", "恢复学籍": "保留学籍", "实习结束": "实习"}
"""The one state from which a kind is possible."""

CORRECTION = "信息更正"
OPENING_MARK = "期初"

_RANK = {
    **dict.fromkeys(ENTRY, 0),
    **dict.fromkeys(ONLY_FROM, 1),
    **dict.fromkeys(SUSPENDING, 3),
    **dict.fromkeys(LEAVING, 4),
}
_OTHER_RANK = 2
_MOST_PERMUTED = 6


class Event(NamedTuple):
    """A dated change; `class_id`, `major` and `level` are what holds from this day, None if untouched."""

    kind: str
    on: date
    class_id: int | None = None
    major: str | None = None
    level: str | None = None
    is_opening: bool = False
    is_inferred: bool = False
    roster_before_on: date | None = None
    roster_on: date | None = None
    id: int | None = None


class Status(NamedTuple):
    """What the events say of a day."""

    state: str
    class_id: int | None
    major: str | None
    level: str | None
    entered_on: date
    entry_kind: str
    entry_level: str | None

    @property
    def is_enrolled(self) -> bool:
        """Tell whether the student is 在籍."""
        return self.state in ENROLLED


@dataclass(frozen=True)
class Problem:
    """An event that can not be: `code` is impossible, contradiction or before entry; `message` without the name."""

    event: Event
    code: str
    message: str


def say_day(day: date) -> str:
    """Return a day as a sentence has it: 2025年11月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def is_allowed(state: str | None, kind: str) -> bool:
    """Tell whether a change of `kind` is possible from `state`; None is a person who is not here yet."""
    if state is None:
        return kind in ENTRY
    if kind in ENTRY:
        return state not in ENROLLED
    if state not in ENROLLED:
        return kind == CORRECTION
    needed = ONLY_FROM.get(kind)
    return needed is None or state == needed


def _take(status: Status | None, event: Event) -> Status:
    """Return what holds after an allowed event."""
    if status is None or event.kind in ENTRY:
        before = (event.class_id, event.major, event.level)
        return Status("在读", *before, event.on, event.kind, event.level)
    return status._replace(
        state=STATE_AFTER.get(event.kind, status.state),
        class_id=status.class_id if event.class_id is None else event.class_id,
        major=event.major or status.major,
        level=event.level or status.level,
    )


def _sort_key(event: Event) -> tuple[date, int, int]:
    return event.on, _RANK.get(event.kind, _OTHER_RANK), event.id or 0


def _is_possible(state: str | None, day: Sequence[Event]) -> bool:
    for event in day:
        if not is_allowed(state, event.kind):
            return False
        state = STATE_AFTER.get(event.kind, state)
    return True


def _order_day(state: str | None, day: list[Event]) -> list[Event]:
    """Return one day's events in an order that the table allows; the usual order if there is none."""
    if len(day) == 1 or len(day) > _MOST_PERMUTED or _is_possible(state, day):
        return day
    # permutations come in the order of their input, so the usual order is tried first.
    return next((list(order) for order in permutations(day) if _is_possible(state, order)), day)


def effective_events(events: Iterable[Event]) -> list[Event]:
    """Return the events without opening and inferred ones that give way to a dated change of their kind.

    The dated change must lie after the roster before (or on or after the entry) and not after the as-of
    day of the roster that said so.
    """
    found = sorted(events, key=_sort_key)
    if not any(event.is_opening or event.is_inferred for event in found):
        return found
    dated = [event for event in found if not (event.is_opening or event.is_inferred)]
    return [
        event
        for event in found
        if not (event.is_opening or event.is_inferred)
        or not any(other.kind == event.kind and _is_between(other.on, event, dated) for other in dated)
    ]


def _is_between(day: date, event: Event, dated: Sequence[Event]) -> bool:
    """Tell whether a dated change on `day` replaces what a roster implied."""
    if day > (event.roster_on or event.on):
        return False
    if event.roster_before_on is not None and not event.is_opening:
        return day > event.roster_before_on
    entries = [other.on for other in dated if other.kind in ENTRY and other.on <= event.on]
    return not entries or day >= entries[-1]


def walk(events: Iterable[Event]) -> list[tuple[Event, Status]]:
    """Return the events that take effect, in order, each with what holds after it.

    Left out are those that gave way, the impossible ones, and inferred ones that changed nothing any more.
    """
    found = effective_events(events)
    taken: list[tuple[Event, Status]] = []
    status: Status | None = None
    if len({event.on for event in found}) == len(found):
        days: Iterable[list[Event]] = ([event] for event in found)
    else:
        days = [list(group) for _, group in groupby(found, key=lambda event: event.on)]
    for day in days:
        ordered = day if len(day) == 1 else _order_day(status.state if status else None, day)
        for event in ordered:
            if not is_allowed(status.state if status else None, event.kind):
                continue
            after = _take(status, event)
            if event.is_inferred and status is not None and after == status:
                continue
            status = after
            taken.append((event, status))
    return taken


def status_on(events: Iterable[Event], day: date) -> Status | None:
    """Return what holds at the end of `day`, None before the entry."""
    last: Status | None = None
    for event, status in walk(events):
        if event.on > day:
            break
        last = status
    return last


def entry_to_correct(events: Iterable[Event], on: date) -> Event | None:
    """Return the entry event that a further 入学 or 转入 dated `on` corrects; None if it is a new enrolment.

    An enrolment has exactly one entry (DOMAIN section 3, d). An entry dated before the first one corrects it.
    """
    entry: Event | None = None
    status: Status | None = None
    for event, after in walk(events):
        if event.on > on and entry is not None:
            break
        if event.kind in ENTRY:
            entry = event
        status = after
    return entry if status is None or status.is_enrolled or (entry and on <= entry.on) else None


def check_events(events: Iterable[Event]) -> list[Problem]:
    """Return what can not be, in order: each event that is impossible, contradicts another, or precedes the entry."""
    found = effective_events(events)
    problems: list[Problem] = []
    status: Status | None = None
    left: Event | None = None
    entries = [event.on for event in found if event.kind in ENTRY]
    for _, group in groupby(found, key=lambda event: event.on):
        day = _order_day(status.state if status else None, list(group))
        contradicting = _contradicting(day)
        for event in day:
            if event in contradicting:
                kinds = "、".join(dict.fromkeys(other.kind for other in contradicting))
                problems.append(
                    Problem(event, "contradiction", f"{say_day(event.on)}同一天登记了{kinds}，互相矛盾")
                )
            elif not is_allowed(status.state if status else None, event.kind):
                problems.append(_impossible(event, status, left, entries))
                continue
            if is_allowed(status.state if status else None, event.kind):
                status = _take(status, event)
                left = event if event.kind in LEAVING else left
    return problems


def _contradicting(day: Sequence[Event]) -> list[Event]:
    """Return the events of one day that contradict: two leaving kinds, or a leaving one with a suspending one."""
    if len(day) == 1:
        return []
    leaving = [event for event in day if event.kind in LEAVING]
    suspending = [event for event in day if event.kind in SUSPENDING]
    if len({event.kind for event in leaving}) > 1 or (leaving and suspending):
        return leaving + suspending
    return []


def _impossible(event: Event, status: Status | None, left: Event | None, entries: Sequence[date]) -> Problem:
    day, kind = say_day(event.on), event.kind
    if status is None:
        if not entries:
            return Problem(event, "before entry", f"没有入学记录，{day}却登记了{kind}")
        return Problem(event, "before entry", f"{say_day(entries[0])}才入学，{day}却登记了{kind}")
    if status.state in ENROLLED and kind in ENTRY:
        entered = say_day(status.entered_on)
        return Problem(event, "impossible", f"{entered}已经{status.entry_kind}，{day}又登记了{kind}")
    if status.state not in ENROLLED:
        since = say_day(left.on) if left else ""
        return Problem(event, "impossible", f"{since}已经{status.state}，{day}却登记了{kind}")
    return Problem(event, "impossible", f"没有{ONLY_FROM[kind]}（当时是{status.state}），{day}却登记了{kind}")
