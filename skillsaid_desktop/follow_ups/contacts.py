"""What follows from one-to-one help: a leader who has not spoken to a student for too long."""

from collections.abc import Iterator
from datetime import timedelta

from skillsaid_desktop.follow_ups.follow_up import FollowUp, Ground
from skillsaid_desktop.ledgers.pairing_standing import active_pairings
from skillsaid_desktop.ledgers.timeline import Place


def overdue_contacts(ground: Ground) -> Iterator[FollowUp]:
    """Yield the pairings whose last contact, or beginning, lies longer ago than the school allows."""
    weeks = ground.reading.settings.contact_weeks
    for one in active_pairings(ground.reading, ground.day):
        if not one.is_overdue or ground.student_id not in (None, one.student_id):
            continue
        due = (one.last_on or one.paired_on) + timedelta(weeks=weeks)
        spoken = f"上次联系是 {one.last_on:%m-%d}" if one.last_on else "结对以来还没有联系过"
        yield FollowUp(
            kind="contact", student_id=one.student_id, who=one.student, class_name=one.class_name,
            text=f"{one.leader}超过 {weeks} 周没有联系，{spoken}", due_on=due, since=due, responsible=one.leader,
            severity=ground.weight(due), place=Place("pairings", {"leader": one.leader}, "去记一笔"),
        )  # fmt: skip
