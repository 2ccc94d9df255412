"""Rules of 一对一帮扶: when a pairing holds, and what its end says about the leader."""

import re
from datetime import date, timedelta

_LEFT = re.compile(r"调离|调动|调任|调走|调出|离任|离职|离校|退休|免职|辞职|转任|卸任|去世|病故|不再担任")


def holds_on(day: date, paired_on: date, ended_on: date | None) -> bool:
    """Say whether a pairing holds on a day; both its days are included."""
    return paired_on <= day and (ended_on is None or ended_on >= day)


def overlap(
    paired_on: date, ended_on: date | None, other_paired_on: date, other_ended_on: date | None
) -> bool:
    """Say whether two pairings have a day in common."""
    return (ended_on is None or other_paired_on <= ended_on) and (
        other_ended_on is None or paired_on <= other_ended_on
    )


def has_leader_left(end_reason: str | None) -> bool:
    """Say whether 解除原因 tells that the leader has left his office: 调离, 退休 and the like."""
    return bool(end_reason and _LEFT.search(end_reason))


def days_without_contact(day: date, last_on: date | None, paired_on: date) -> int:
    """Return for how many days nobody has talked to the student: since the last contact, else since the pairing."""
    return max(0, (day - max(last_on or paired_on, paired_on)).days)


def is_overdue(day: date, last_on: date | None, paired_on: date, weeks: int) -> bool:
    """Say whether a contact is overdue: more than `weeks` weeks without one (DOMAIN section 9, 31)."""
    return days_without_contact(day, last_on, paired_on) > weeks * 7


def last_day_before(taken_over_on: date, paired_on: date) -> date:
    """Return 解除日期 of a pairing that somebody else takes over from a day on; never before it began."""
    return max(paired_on, taken_over_on - timedelta(days=1))
