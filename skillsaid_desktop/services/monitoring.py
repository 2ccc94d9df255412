"""每月监测 as a grid: who of a class is due in a month, what was noted, and what the months before said."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from skillsaid_desktop.clock import today
from skillsaid_desktop.domain.entities import OpenQuestion
from skillsaid_desktop.domain.months import MonthRule, add_months
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import MONITORING
from skillsaid_desktop.ledgers.ledger import IntakeContext, PlannedRow
from skillsaid_desktop.ledgers.listing import refuse, write
from skillsaid_desktop.ledgers.note_plan import HARD_LEVELS, StoredNote, add_measure, load_notes
from skillsaid_desktop.ledgers.questions import keep_questions
from skillsaid_desktop.ledgers.reported import load_reported
from skillsaid_desktop.schema.record import read_values
from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

NORMAL = {"study": "正常", "life": "正常", "health": "正常", "difficulty": "无"}
"""What 记为正常 writes."""

_TOLD = ("study", "life", "health", "family_event")

ABOUT = {
    "study": "学习",
    "life": "生活",
    "health": "心理、健康",
    "family_event": "家庭变故",
    "remark": "其他",
}
"""What a talk can be about: the column of the note that keeps it, and its word."""

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


_COPIED = ("study", "life", "health", "family_event", "difficulty", "days_due")


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

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the cells that an exception still lacks: words about it, and a measure where it is heavy."""
        note = self.note
        if note is None or note["difficulty"] == NORMAL["difficulty"]:
            return ()
        told = any(note[name] and note[name] not in NORMAL.values() for name in _TOLD)
        has_measure = bool(note["measure"]) or note["difficulty"] not in HARD_LEVELS
        return (*(() if told else ("study",)), *(() if has_measure else ("measure",)))

    @property
    def left_from_last_month(self) -> dict[str, str]:
        """Return last month's texts for the cells that are still empty this month, by field name."""
        last, now = self.last or {}, self.note or {}
        return {
            name: str(last[name])
            for name in _COPIED
            if last.get(name) not in (None, "") and now.get(name) in (None, "")
        }


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
    def usual_days(self) -> int | None:
        """Return how many days the class was due, by what most of its notes of the month say."""
        days = Counter(row.note["days_due"] for row in self.rows if row.note and row.note["days_due"])
        return days.most_common(1)[0][0] if days else None

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
        return _write_one(uow, student_id, month, values, note_id, teacher or ledger_file.user, correction)


def write_notes(
    ledger_file: LedgerFile,
    grid: MonitoringGrid,
    rows: Sequence[tuple[GridRow, Mapping[str, Any]]],
    *,
    correction: str = "",
) -> dict[int, str]:
    """Write cells of several students of a grid as one step; return why a student's could not be stored, by id.

    A student's cells are stored together or not at all, and leave the others' be.
    """
    refused: dict[int, str] = {}
    teacher = grid.teacher or ledger_file.user
    with ledger_file.operation("粘贴监测") as uow:
        for row, values in rows:
            try:
                _write_one(uow, row.student_id, grid.month, values, row.note_id, teacher, correction)
            except UserError as error:
                refused[row.student_id] = error.message
        uow.name = f"粘贴监测 {grid.class_name} {len(rows) - len(refused)} 人"
    return refused


def _write_one(
    uow: UnitOfWork,
    student_id: int,
    month: str,
    values: Mapping[str, Any],
    note_id: int | None,
    teacher: str,
    correction: str,
) -> PlannedRow:
    if note_id is not None:
        context = IntakeContext(as_of=today(), is_form=True, correction=correction, record_id=note_id)
        planned_edit = write(uow, MONITORING, values, note_id, context)
        _withdraw_questions(uow, note_id)
        return planned_edit
    planned = _plan_new(uow, [student_id], month, values, teacher, correction)
    refuse(planned[0])
    MONITORING.store(uow, planned, _context(correction))
    keep_questions(uow, MONITORING, planned)
    return planned[0]


def _withdraw_questions(uow: UnitOfWork, note_id: int) -> None:
    """Withdraw the question for a measure: the grid asks level first and measure after."""
    rows = uow.rows(
        "SELECT q.id FROM open_question q JOIN monitoring_note n ON n.id = q.record_id"
        " WHERE q.entity = 'monitoring_note' AND q.code = 'difficulty without measure' AND q.answered_at IS NULL"
        " AND n.id = ? AND (n.difficulty NOT IN ('较重', '紧急')"
        " OR EXISTS (SELECT 1 FROM help_measure m WHERE m.note_id = n.id))",
        (note_id,),
    )
    uow.delete_many(OpenQuestion, [row[0] for row in rows])


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


@dataclass(frozen=True, kw_only=True)
class Talk:
    """What somebody jots down after a talk: `about` is one of `ABOUT`; `due_on` is a text as typed."""

    on: date
    noted_by: str
    about: str
    text: str
    form: str = ""
    difficulty: str = "无"
    measure: str = ""
    responsible: str = ""
    due_on: str = ""


@dataclass(frozen=True)
class TalkGround:
    """What a talk of a day meets: its month, the level that holds, and whether the month went out already."""

    month: str
    difficulty: str
    is_closed: bool


def talk_ground(reading: Reading, student_id: int, on: date) -> TalkGround:
    """Return what a talk of a day would be added to."""
    reported = load_reported(reading)
    month = reported.rule.month_of(on)
    level = reading.scalar(
        "SELECT difficulty FROM monitoring_note WHERE student_id = ? AND noted_on <= ? ORDER BY noted_on DESC, id DESC",
        (student_id, on.isoformat()),
    )
    return TalkGround(month, level or "无", reported.touches(reported.rule.period(month).from_on))


def note_talk(ledger_file: LedgerFile, student_id: int, talk: Talk, *, correction: str = "") -> PlannedRow:
    """记一笔: keep a talk as a note of its day; a second talk of the same person and day is added to the first.

    Raises UserError if nothing was said, or the month is closed and nobody says why so late.
    """
    if not talk.text.strip():
        raise UserError("还没有写谈了什么，没有记。", "写一句话就行。")
    with ledger_file.operation("记一笔") as uow:
        month = talk_ground(uow, student_id, talk.on).month
        key = (student_id, talk.on.isoformat(), talk.noted_by)
        stored = load_notes(uow, "n.student_id = ? AND n.noted_on = ? AND n.noted_by = ?", key)
        said = stored[0].values[talk.about] if stored else None
        said = None if said in NORMAL.values() else said
        values = {
            "noted_on": talk.on.isoformat(),
            "noted_by": talk.noted_by,
            "difficulty": talk.difficulty,
            talk.about: f"{said}；{talk.text.strip()}" if said else talk.text.strip(),
        }
        given = {name: getattr(talk, name).strip() for name in ("measure", "responsible", "due_on")}
        measure = {name: text for name, text in given.items() if text} if given["measure"] else {}
        values |= {"form": talk.form} if talk.form else {}
        is_second = bool(stored and stored[0].measure_id is not None and measure)
        # A note that has a measure keeps it; the new one stands beside it.
        values |= {} if is_second else measure
        planned = _plan_new(uow, [student_id], month, values, talk.noted_by, correction)
        refuse(planned[0])
        MONITORING.store(uow, planned, _context(correction))
        if is_second:
            add_measure(uow, planned[0], measure)
        keep_questions(uow, MONITORING, planned)
        uow.rename(f"记一笔 {planned[0].who}{talk.form and f' {talk.form}'}")
    return planned[0]


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
