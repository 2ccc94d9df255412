"""Follow-ups (待办): derived from what is stored, never typed; done by doing it. May import checks and below.

A new kind is a function that yields them and one line in `FOLLOW_UPS`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from skillsaid_desktop.follow_ups.categories import ending_categories
from skillsaid_desktop.follow_ups.follow_up import FollowUp, Ground, Kind, Load, Place, by_person
from skillsaid_desktop.follow_ups.monitoring import overdue_measures, unhelped, unseen
from skillsaid_desktop.follow_ups.waiting import waiting_rows

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

FOLLOW_UPS: tuple[Kind, ...] = (
    Kind("measure", "措施到期", overdue_measures),
    Kind("unhelped", "缺措施", unhelped),
    Kind("unseen", "未监测", unseen, is_gathered=True),
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
    return sorted(found, key=lambda one: (one.due_on >= ground.day, one.due_on))


__all__ = [
    "FOLLOW_UPS",
    "GATHERED",
    "TITLES",
    "FollowUp",
    "Ground",
    "Kind",
    "Load",
    "Place",
    "by_person",
    "follow_ups_of",
    "list_follow_ups",
]
