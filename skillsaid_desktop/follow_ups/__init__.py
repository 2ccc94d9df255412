"""Follow-ups (待办): derived from what is stored, never typed; done by doing it. May import checks and below.

A new kind is a function that yields them and one line in `FOLLOW_UPS`.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from skillsaid_desktop.follow_ups.categories import ending_categories
from skillsaid_desktop.follow_ups.contacts import overdue_contacts
from skillsaid_desktop.follow_ups.follow_up import FollowUp, Ground, Kind, Load, by_person
from skillsaid_desktop.follow_ups.monitoring import overdue_measures, unhelped, unseen
from skillsaid_desktop.follow_ups.waiting import waiting_rows
from skillsaid_desktop.schema import Severity

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

FOLLOW_UPS: tuple[Kind, ...] = (
    Kind("measure", "措施到期", overdue_measures),
    Kind("unhelped", "缺措施", unhelped),
    Kind("unseen", "未监测", unseen, is_gathered=True),
    Kind("contact", "该联系了", overdue_contacts),
    Kind("category", "类别到期", ending_categories),
    Kind("waiting", "待处理的行", waiting_rows, is_gathered=True),
)
"""All kinds, in the order in which they are offered."""

GATHERED = frozenset(kind.name for kind in FOLLOW_UPS if kind.is_gathered)
TITLES: dict[str, str] = {kind.name: kind.title for kind in FOLLOW_UPS}


def list_follow_ups(reading: "Reading") -> list[FollowUp]:
    """Return what is to be done now, for all students: what can not wait first, then by its day."""
    ground = Ground(reading)
    return _in_order(
        [one for kind in FOLLOW_UPS for one in kind.find(ground) if one.since <= ground.day], ground
    )


def follow_ups_of(reading: "Reading", student_id: int) -> list[FollowUp]:
    """Return what comes next for a student (接下来), what is not due yet too."""
    ground = Ground(reading, student_id)
    return _in_order([one for kind in FOLLOW_UPS for one in kind.find(ground)], ground)


def _in_order(found: Sequence[FollowUp], ground: Ground) -> list[FollowUp]:
    told_apart = _tell_apart(found, ground)
    return sorted(told_apart, key=lambda one: (one.severity is not Severity.ASK, one.due_on))


def _tell_apart(found: Sequence[FollowUp], ground: Ground) -> list[FollowUp]:
    """Put the last four of the number behind the names of two students of one name in one class."""
    who: dict[tuple[str, str], set[int]] = {}
    for one in found:
        if one.student_id is not None:
            who.setdefault((one.who, one.class_name), set()).add(one.student_id)
    alike = [student_id for ids in who.values() if len(ids) > 1 for student_id in ids]
    if not alike:
        return list(found)
    numbers = dict(
        ground.reading.rows(
            "SELECT id, document_number FROM student WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(alike),),
        )
    )
    return [
        replace(one, who=f"{one.who}（{numbers[one.student_id][-4:]}）")
        if numbers.get(one.student_id)
        else one
        for one in found
    ]


__all__ = [
    "FOLLOW_UPS",
    "GATHERED",
    "TITLES",
    "FollowUp",
    "Ground",
    "Kind",
    "Load",
    "by_person",
    "follow_ups_of",
    "list_follow_ups",
]
