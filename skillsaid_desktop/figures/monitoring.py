"""Block T: who was to be looked at this month, who was, and who is in difficulty (DOMAIN section 7, 监测)."""

from datetime import date

from skillsaid_desktop.figures.figure import Dated, Figure, Unit
from skillsaid_desktop.figures.ground import Ground

DIFFICULT = frozenset({"较重", "紧急"})


def _monitored(ground: Ground, month: str) -> list[Dated]:
    return [Dated(student_id, note.on) for student_id, note in ground.latest_notes(month).items()]


def _in_difficulty(ground: Ground, month: str) -> list[Dated]:
    return [
        Dated(student_id, note.on, note.difficulty)
        for student_id, note in ground.latest_notes(month).items()
        if note.difficulty in DIFFICULT
    ]


def _helped(ground: Ground, month: str) -> list[Dated]:
    return [
        Dated(student_id, note.on, note.difficulty)
        for student_id, note in ground.latest_notes(month).items()
        if note.difficulty in DIFFICULT and note.has_measure
    ]


def _completed(ground: Ground, from_on: date, to_on: date) -> list[Dated]:
    found = []
    for student_id, on, measure in ground.reading.rows(
        "SELECT coalesce(n.student_id, c.student_id), m.completed_on, m.measure FROM help_measure m "
        "LEFT JOIN monitoring_note n ON n.id = m.note_id LEFT JOIN contact c ON c.id = m.contact_id "
        "WHERE m.completed_on BETWEEN ? AND ? "
        "ORDER BY m.completed_on, m.id",
        (from_on.isoformat(), to_on.isoformat()),
    ):
        stretch = ground.stretch_on(student_id, date.fromisoformat(on))
        if stretch is not None and stretch.is_target:
            found.append(Dated(student_id, date.fromisoformat(on), measure))
    return found


MONITORING = (
    Figure(
        code="T1",
        name="应监测",
        definition="本期最后一天的在校帮扶对象（S2）",
        standing=Ground.attending_targets,
    ),
    Figure(code="T2", name="已监测", definition="T1 中本月有监测记录的", noted=_monitored),
    Figure(code="T3", name="监测覆盖率", definition="T2 ÷ T1", unit=Unit.RATIO, share=("T2", "T1")),
    Figure(
        code="T4",
        name="困难学生",
        definition="T1 中本月最后一次监测的困难等级为较重或紧急的",
        noted=_in_difficulty,
    ),
    Figure(
        code="T5", name="其中：已有帮助措施", definition="T4 中本月任一次监测记有帮助措施的", noted=_helped
    ),
    Figure(
        code="T6",
        name="完成的帮助措施",
        definition="本期完成的帮助措施条数，监测和一对一帮扶里的都算",
        unit=Unit.ACTS,
        dated=_completed,
        sums_months=True,
    ),
)
