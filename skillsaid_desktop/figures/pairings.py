"""Block M: leaders and students paired, contacts, and who of the paired counties has nobody (DOMAIN section 7)."""

from collections import Counter
from datetime import date

from skillsaid_desktop.figures.figure import Dated, Figure, Unit
from skillsaid_desktop.figures.ground import Ground


def _active(ground: Ground, day: date) -> list[tuple[str, int]]:
    """Return leader and student of each pairing that holds on a day, the student being a 在籍帮扶对象."""
    here = {one.student_id for one in ground.enrolled_targets(day)}
    return [
        (leader, student_id)
        for leader, student_id in ground.reading.rows(
            "SELECT DISTINCT leader, student_id FROM pairing"
            " WHERE paired_on <= :day AND (ended_on IS NULL OR ended_on >= :day) ORDER BY leader, student_id",
            {"day": day.isoformat()},
        )
        if student_id in here
    ]


def _leaders(ground: Ground, day: date) -> list[tuple[str, str]]:
    return [
        (leader, f"结对 {number} 人")
        for leader, number in Counter(leader for leader, _student in _active(ground, day)).items()
    ]


def _students(ground: Ground, day: date) -> list[int]:
    return sorted({student_id for _leader, student_id in _active(ground, day)})


def _without(ground: Ground, day: date) -> list[int]:
    paired = set(_students(ground, day))
    return [
        one.student_id
        for one in ground.enrolled_targets(day)
        if one.is_paired_county and one.student_id not in paired
    ]


def _contacts(ground: Ground, from_on: date, to_on: date) -> list[Dated]:
    found = []
    for student_id, on, leader, form in ground.reading.rows(
        "SELECT student_id, contacted_on, leader, form FROM contact WHERE contacted_on BETWEEN ? AND ?"
        " ORDER BY contacted_on, id",
        (from_on.isoformat(), to_on.isoformat()),
    ):
        day = date.fromisoformat(on)
        stretch = ground.stretch_on(student_id, day)
        if stretch is not None and stretch.is_target:
            found.append(Dated(student_id, day, f"{day.month}月{day.day}日 {leader} {form or ''}".strip()))
    return found


PAIRINGS = (
    Figure(
        code="M1",
        name="结对校领导",
        definition="本期最后一天有结对、且结对学生在 S1 中的校领导",
        named=_leaders,
    ),
    Figure(code="M2", name="结对学生", definition="S1 中本期最后一天有结对的", standing=_students),
    Figure(
        code="M3",
        name="帮扶次数",
        definition="本期校领导和帮扶对象谈话、电话、家访等的次数",
        unit=Unit.ACTS,
        dated=_contacts,
        sums_months=True,
    ),
    Figure(code="M4", name="帮扶到的学生", definition="M3 中不同的学生", dated=_contacts),
    Figure(
        code="M5",
        name="对口贫困县未结对",
        definition="S1 中户籍在对口贫困县、本期最后一天没有结对的",
        standing=_without,
    ),
)
