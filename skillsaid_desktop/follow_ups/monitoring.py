"""What follows from monthly monitoring: nobody has looked, difficulty without a measure, a measure past its date."""

from collections.abc import Iterator
from datetime import date

from skillsaid_desktop.figures.monitoring import DIFFICULT
from skillsaid_desktop.follow_ups.follow_up import FollowUp, Ground
from skillsaid_desktop.ledgers.timeline import Place
from skillsaid_desktop.schema import Severity

_DIFFICULT = ", ".join(f"'{each}'" for each in sorted(DIFFICULT))
_PEOPLE = "FROM student_span sp JOIN student s ON s.id = sp.student_id"
_DUE = "sp.from_on <= :day AND sp.to_on >= :day AND sp.is_target AND sp.state IN ('在读', '实习')"
"""T1: who is to be looked at."""
_TEACHER = (
    "coalesce((SELECT nullif(k.monitor, '') FROM school_class k WHERE k.id = sp.class_id),"
    " (SELECT t.name FROM class_teacher t WHERE t.class_id = sp.class_id AND (t.from_on IS NULL OR t.from_on <= :day)"
    " AND (t.to_on IS NULL OR t.to_on >= :day) ORDER BY t.from_on DESC, t.id DESC LIMIT 1), '')"
)


def unseen(ground: Ground) -> Iterator[FollowUp]:
    """Yield who is to be looked at this month and was not; work from the day of the reminder on."""
    month, last = ground.month, ground.period.to_on
    since = next(
        (due.on for due in ground.reading.policy.due_in_month(month) if due.name == "reminder"), last
    )
    for student_id, name, class_name, teacher in ground.reading.rows(
        f"SELECT s.id, s.name, sp.class_name, {_TEACHER} {_PEOPLE} WHERE {_DUE}{ground.only('s.id')}"
        " AND NOT EXISTS"
        " (SELECT 1 FROM monitoring_note n WHERE n.student_id = s.id AND n.month = :month)"
        " ORDER BY sp.class_name, s.name_sort, s.id",
        {"day": last.isoformat(), "month": month},
    ):
        yield FollowUp(
            kind="unseen", student_id=student_id, who=name, class_name=class_name or "",
            text=f"{int(month[5:])}月还没有监测记录", due_on=last, since=min(since, last),
            responsible=teacher or f"{class_name or ''}班主任", severity=ground.weight(last),
            place=Place("monitoring", {"student": student_id, "month": month}, "去填写"),
        )  # fmt: skip


def unhelped(ground: Ground) -> Iterator[FollowUp]:
    """Yield who is in difficulty by the month's latest note, without a measure on any note of the month."""
    month, last = ground.month, ground.period.to_on
    for student_id, name, class_name, difficulty, noted_by, noted_on in ground.reading.rows(
        f"SELECT s.id, s.name, sp.class_name, n.difficulty, n.noted_by, n.noted_on {_PEOPLE}"
        f" JOIN monitoring_note n ON n.student_id = s.id AND n.month = :month WHERE {_DUE}{ground.only('s.id')}"
        f" AND n.difficulty IN ({_DIFFICULT})"
        " AND n.id = (SELECT l.id FROM monitoring_note l WHERE l.student_id = s.id AND l.month = :month"
        " ORDER BY l.noted_on DESC, l.id DESC LIMIT 1)"
        " AND NOT EXISTS (SELECT 1 FROM help_measure m JOIN monitoring_note o ON o.id = m.note_id"
        " WHERE o.student_id = s.id AND o.month = :month) ORDER BY n.noted_on, n.id",
        {"day": last.isoformat(), "month": month},
    ):
        seen = date.fromisoformat(noted_on)
        yield FollowUp(
            kind="unhelped", student_id=student_id, who=name, class_name=class_name or "",
            text=f"困难{difficulty}，还没有帮助措施", due_on=last, since=seen, responsible=noted_by,
            severity=Severity.ASK if difficulty == "紧急" else ground.weight(last),
            place=Place("monitoring", {"student": student_id, "month": month}, "去写措施"),
        )  # fmt: skip


def overdue_measures(ground: Ground) -> Iterator[FollowUp]:
    """Yield the measures that are not done, of notes and of contacts; work from the day after their date."""
    for (
        student_id,
        name,
        class_name,
        note_id,
        contact_id,
        measure,
        responsible,
        by,
        due_on,
    ) in ground.reading.rows(
        "SELECT s.id, s.name, sp.class_name, n.id, c.id, m.measure, m.responsible, coalesce(n.noted_by, c.leader),"
        " m.due_on FROM help_measure m LEFT JOIN monitoring_note n ON n.id = m.note_id"
        " LEFT JOIN contact c ON c.id = m.contact_id JOIN student s ON s.id = coalesce(n.student_id, c.student_id)"
        " LEFT JOIN student_span sp ON sp.student_id = s.id AND sp.from_on <= :day AND sp.to_on >= :day"
        " WHERE m.due_on IS NOT NULL AND m.completed_on IS NULL AND coalesce(m.result, '') = ''"
        f"{ground.only('s.id')} ORDER BY m.due_on, m.id",
        {"day": ground.day.isoformat()},
    ):
        due = date.fromisoformat(due_on)
        page, record = ("monitoring", note_id) if note_id is not None else ("contacts", contact_id)
        yield FollowUp(
            kind="measure", student_id=student_id, who=name, class_name=class_name or "", text=measure,
            due_on=due, since=date.fromordinal(due.toordinal() + 1), responsible=responsible or by,
            severity=ground.weight(due), place=Place(page, {"record": record}, "填结果"),
        )  # fmt: skip
