"""每月监测 as a grid: who of a class is due in a month, what was noted, and what the months before said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from skillsaid_desktop.clock import today
from skillsaid_desktop.domain.months import MonthRule, add_months
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import MONITORING
from skillsaid_desktop.ledgers.ledger import IntakeContext, PlannedRow
from skillsaid_desktop.ledgers.listing import refuse, write
from skillsaid_desktop.ledgers.note_plan import StoredNote, load_notes
from skillsaid_desktop.ledgers.questions import keep_questions
from skillsaid_desktop.schema.record import read_values
from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.storage.unit_of_work import Reading

NORMAL = {"study": "正常", "life": "正常", "health": "正常", "difficulty": "无"}
"""What 记为正常 writes."""

_MONTHS_BACK = 6


@dataclass(frozen=True)
class ClassProgress:
    """A class with how many of its due students have a note of the month."""

    class_id: int | None
    name: str
    teacher: str
    done: int
    due: int

    @property
    def is_finished(self) -> bool:
        """Whether nobody is missing."""
        return self.done >= self.due


@dataclass(frozen=True)
class GridRow:
    """A student of the grid: `note` is the note that counts for the month, None while nobody has looked."""

    student_id: int
    name: str
    number_tail: str
    category: str
    note_id: int | None
    note: dict[str, Any] | None
    notes: int
    last: dict[str, Any] | None
    before_last: dict[str, Any] | None
    levels: tuple[tuple[str, str], ...]
    is_due: bool = True


@dataclass(frozen=True)
class MonitoringGrid:
    """A class in a month."""

    month: str
    class_id: int | None
    class_name: str
    teacher: str
    from_on: date
    to_on: date
    is_closed: bool
    rows: tuple[GridRow, ...]

    @property
    def missing(self) -> tuple[GridRow, ...]:
        """Return the due students at whom nobody has looked."""
        return tuple(each for each in self.rows if each.is_due and each.note is None)

    @property
    def same_texts(self) -> tuple[tuple[str, str, int], ...]:
        """Return (field, text, number) of texts that stand word for word with three students or more."""
        found = []
        for name in ("study", "life", "measure"):
            counts: dict[str, int] = {}
            for row in self.rows:
                text = (row.note or {}).get(name)
                if text and text not in NORMAL.values():
                    counts[text] = counts.get(text, 0) + 1
            found += [(name, text, count) for text, count in counts.items() if count >= 3]
        return tuple(found)


def class_progress(reading: Reading, month: str) -> list[ClassProgress]:
    """Return the classes with students due in a month (T1), by year and name."""
    period = MonthRule(reading.settings.cutoff_day).period(month)
    day = period.to_on.isoformat()
    rows = reading.rows(
        "SELECT sp.class_id, sp.class_name, count(*),"
        " sum(EXISTS (SELECT 1 FROM monitoring_note n WHERE n.student_id = sp.student_id AND n.month = ?))"
        " FROM student_span sp WHERE sp.is_target AND sp.state IN ('在读', '实习')"
        " AND sp.from_on <= ? AND sp.to_on >= ? GROUP BY sp.class_id, sp.class_name ORDER BY sp.grade, sp.class_name",
        (month, day, day),
    )
    teachers = class_teachers(reading, day)
    return [
        ClassProgress(class_id, name or "没有班级", teachers.get(class_id, ""), done or 0, due)
        for class_id, name, due, done in rows
    ]


def place_of_note(reading: Reading, note_id: int) -> tuple[int, str] | None:
    """Return the student and the month of a note, None if it is gone."""
    rows = reading.rows("SELECT student_id, month FROM monitoring_note WHERE id = ?", (note_id,))
    return (rows[0][0], rows[0][1]) if rows else None


def class_in(reading: Reading, student_id: int, month: str) -> int | None:
    """Return the class in whose grid of a month a student stands, None if in none."""
    day = MonthRule(reading.settings.cutoff_day).period(month).to_on.isoformat()
    class_id: int | None = reading.scalar(
        "SELECT class_id FROM student_span WHERE student_id = ? AND from_on <= ? AND to_on >= ?",
        (student_id, day, day),
    )
    return class_id


def load_grid(reading: Reading, class_id: int | None, month: str) -> MonitoringGrid:
    """Return the grid of a class: everybody due at the end of the month, and whoever has a note without being due."""
    rule = MonthRule(reading.settings.cutoff_day)
    period = rule.period(month)
    day = period.to_on.isoformat()
    students = reading.rows(
        "SELECT s.id, s.name, s.document_number, sp.category, sp.is_target AND sp.state IN ('在读', '实习')"
        " FROM student s JOIN student_span sp ON sp.student_id = s.id AND sp.from_on <= :day AND sp.to_on >= :day"
        " WHERE sp.class_id IS :class_id AND ((sp.is_target AND sp.state IN ('在读', '实习'))"
        " OR EXISTS (SELECT 1 FROM monitoring_note n WHERE n.student_id = s.id AND n.month = :month))"
        " ORDER BY s.name_sort, s.id",
        {"day": day, "class_id": class_id, "month": month},
    )
    months = [add_months(month, -back) for back in range(_MONTHS_BACK, 0, -1)]
    names = [row[1] for row in students]
    rows = []
    for student_id, name, number, category, is_due in students:
        notes = load_notes(
            reading, "n.student_id = ? AND n.month >= ? AND n.month <= ?", (student_id, months[0], month)
        )
        by_month: dict[str, StoredNote] = {each.values["month"]: each for each in notes}
        this = by_month.get(month)
        rows.append(
            GridRow(
                student_id=student_id,
                name=name,
                number_tail=(number or "")[-4:] if names.count(name) > 1 else "",
                category=category or "",
                note_id=this.id if this else None,
                note=_values(this),
                notes=sum(each.values["month"] == month for each in notes),
                last=_values(by_month.get(months[-1])),
                before_last=_values(by_month.get(months[-2])),
                levels=tuple(
                    (each, by_month[each].values["difficulty"])
                    for each in (*months, month)
                    if each in by_month
                ),
                is_due=bool(is_due),
            )
        )
    class_name = reading.scalar("SELECT name FROM school_class WHERE id = ?", (class_id,)) or "没有班级"
    is_closed = reading.scalar(
        "SELECT count(*) FROM reporting_month WHERE month = ? AND state IN ('closed', 'submitted')", (month,)
    )
    return MonitoringGrid(
        month, class_id, class_name, class_teachers(reading, day).get(class_id, ""), period.from_on, period.to_on,
        bool(is_closed), tuple(rows),
    )  # fmt: skip


def write_note(
    ledger_file: LedgerFile,
    student_id: int,
    month: str,
    values: Mapping[str, Any],
    *,
    note_id: int | None = None,
    teacher: str = "",
    correction: str = "",
) -> PlannedRow:
    """Write some cells of a student's note of a month; a first cell makes the note, dated today or the month's end."""
    with ledger_file.reading() as reading:
        name = reading.scalar("SELECT name FROM student WHERE id = ?", (student_id,)) or ""
    with ledger_file.operation(f"填监测 {name}") as uow:
        if note_id is not None:
            context = IntakeContext(as_of=today(), is_form=True, correction=correction, record_id=note_id)
            return write(uow, MONITORING, values, note_id, context)
        planned = _plan_new(uow, [student_id], month, values, teacher or ledger_file.user, correction)
        refuse(planned[0])
        MONITORING.store(uow, planned, _context(correction))
        keep_questions(uow, MONITORING, planned)
        return planned[0]


def mark_normal(
    ledger_file: LedgerFile,
    student_ids: Sequence[int],
    month: str,
    *,
    teacher: str = "",
    correction: str = "",
) -> int:
    """记为正常: write a note without difficulty for these students as one operation; return its id."""
    with ledger_file.operation(f"记为正常 {len(student_ids)} 人") as uow:
        noted = {
            row[0] for row in uow.rows("SELECT student_id FROM monitoring_note WHERE month = ?", (month,))
        }
        wanted = [each for each in student_ids if each not in noted]
        if not wanted:
            raise UserError("这些学生这个月都已经填过。", "没有再写一遍。")
        planned = _plan_new(uow, wanted, month, NORMAL, teacher or ledger_file.user, correction)
        for each in planned:
            refuse(each)
        MONITORING.store(uow, planned, _context(correction))
        who = planned[0].who if len(planned) == 1 else f"{len(planned)} 人"
        uow.rename(f"记为正常 {who}")
    return uow.operation_id


def _plan_new(
    reading: Reading,
    student_ids: Sequence[int],
    month: str,
    values: Mapping[str, Any],
    teacher: str,
    correction: str,
) -> list[PlannedRow]:
    period = MonthRule(reading.settings.cutoff_day).period(month)
    day = min(max(today(), period.from_on), period.to_on)
    fields = tuple(each for each in MONITORING.importable if each.name in values)
    records = []
    for student_id in student_ids:
        record = read_values(fields, values, reading.policy.words(day))
        record.values = {
            "noted_on": day,
            "noted_by": teacher or "班主任",
            "difficulty": "无",
            **record.values,
        }
        record.values |= {"student_id": student_id, "month": month}
        records.append(record)
    return MONITORING.plan(reading, records, _context(correction))


def _context(correction: str) -> IntakeContext:
    return IntakeContext(as_of=today(), is_form=True, correction=correction)


def class_teachers(reading: Reading, day: str) -> dict[int | None, str]:
    """Return who is class teacher of which class on a day."""
    rows = reading.rows(
        "SELECT class_id, name FROM class_teacher WHERE (from_on IS NULL OR from_on <= ?)"
        " AND (to_on IS NULL OR to_on >= ?) ORDER BY from_on, id",
        (day, day),
    )
    return dict(rows)


def _values(note: StoredNote | None) -> dict[str, Any] | None:
    if note is None:
        return None
    values = dict(note.values)
    for name in ("noted_on", "due_on"):
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    if values["is_aid_received"] is not None:
        values["is_aid_received"] = bool(values["is_aid_received"])
    return values
