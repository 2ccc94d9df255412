"""What rows of a monitoring sheet would write: one note a row, with its measure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.entities import HelpMeasure, MonitoringNote
from skillsaid_desktop.domain.status import ENROLLED
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers.ledger import (
    Difference,
    IntakeContext,
    Outcome,
    PlannedRow,
    issue_at,
    outcome_of,
)
from skillsaid_desktop.ledgers.people import Person, find_person, standing_on
from skillsaid_desktop.ledgers.reported import MONTH_REPORTED, Reported, ask_about_future, load_reported
from skillsaid_desktop.ledgers.school_classes import class_key
from skillsaid_desktop.ledgers.wording import named, shown
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.record import Record, missing_issues, read_values

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

NOTE = {
    "form": "方式", "days_due": "应出勤", "days_present": "实出勤", "lessons_absent": "旷课(节)",
    "courses_failed": "不及格门数", "study": "学习情况", "life": "生活情况", "health": "心理/健康",
    "family_event": "家庭变故", "is_aid_received": "资助是否到账", "difficulty": "困难等级", "remark": "备注",
}  # fmt: skip
MEASURE = {"measure": "帮助措施", "responsible": "责任人", "due_on": "完成时限", "result": "结果"}
_KEY = {"noted_on": "监测日期", "noted_by": "监测人", "month": "月份"}
_ALL = {**_KEY, **NOTE, **MEASURE}
HARD_LEVELS = frozenset({"较重", "紧急"})
"""Levels of difficulty that want a measure."""
_WHO = frozenset(
    {
        "student_id",
        "student_name",
        "document_number",
        "class_name",
        "registration_number",
        "student_number",
        "number_tail",
    }
)


@dataclass(slots=True)
class NoteWrites:
    """What storing one row writes: columns of the note, columns of its measure."""

    student_id: int
    note: dict[str, Any] = field(default_factory=dict)
    measure: dict[str, Any] = field(default_factory=dict)
    measure_id: int | None = None


@dataclass(slots=True)
class StoredNote:
    """A note of the ledger with its first measure, values as stored."""

    id: int
    values: dict[str, Any]
    measure_id: int | None
    source: str = ""
    is_taken: bool = False


def load_notes(reading: "Reading", where: str, parameters: Sequence[Any]) -> list[StoredNote]:
    """Return stored notes with their first measure, oldest first."""
    columns = ", ".join(f"n.{name}" for name in (*_KEY, *NOTE))
    rows = reading.rows(
        f"SELECT n.id, m.id, n.source, {columns}, m.measure, m.responsible, m.due_on, m.result"
        " FROM monitoring_note n"
        " LEFT JOIN help_measure m ON m.id = (SELECT min(h.id) FROM help_measure h WHERE h.note_id = n.id)"
        f" WHERE {where} ORDER BY n.noted_on, n.id",
        parameters,
    )
    return [StoredNote(row[0], dict(zip(_ALL, row[3:], strict=True)), row[1], row[2] or "") for row in rows]


def plan_notes(reading: "Reading", records: Sequence[Record], context: IntakeContext) -> list[PlannedRow]:
    """Return how each row ends."""
    plan = _Plan(reading, context)
    return [plan.row(record) for record in records]


class _Plan:
    def __init__(self, reading: "Reading", context: IntakeContext) -> None:
        self.reading = reading
        self.context = context
        self.reported: Reported = load_reported(reading)
        self._stored: dict[tuple[int, str], list[StoredNote]] = {}
        self._planned: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)

    def row(self, record: Record) -> PlannedRow:
        from skillsaid_desktop.ledgers.monitoring import MONITORING

        values, context = record.values, self.context
        if context.record_id is not None:
            return self._edit(record, context.record_id)
        who = values.get("student_name") or ""
        if not context.is_form and not any(
            value is not None for name, value in values.items() if name not in _WHO and name != "month"
        ):
            empty = issue_at(record, Severity.HINT, "empty", f"{who}：这一行还没有填")
            return PlannedRow(record=record, outcome=Outcome.UNCHANGED, who=who, issues=[empty])
        facts = context.facts(record)
        class_name = values.get("class_name") or facts.class_name
        if values.get("noted_by") is None and facts.noted_by:
            values["noted_by"] = facts.noted_by
        day: date | None = values.get("noted_on")
        if values.get("month") is None:
            values["month"] = facts.month or (self.reported.rule.month_of(day) if day else None)
        issues = [named(each, who) for each in record.issues]
        fields = [
            each for each in MONITORING.fields if each.name != "student_name" or "student_id" not in values
        ]
        issues += [
            named(each, who) for each in missing_issues(fields, record) if each.column != "月份" or day
        ]
        if any(each.severity is Severity.BLOCK for each in issues):
            return PlannedRow(record=record, outcome=Outcome.INVALID, who=who, issues=issues)
        month: str | None = values.get("month")
        at = day or (self.reported.rule.period(month).to_on if month else context.as_of)
        if month and day and not self.reported.rule.period(month).holds(day):
            at = self.reported.rule.period(month).to_on
        person = find_person(self.reading, record, issues, day=at, class_name=class_name)
        if person is None or day is None or month is None:
            return PlannedRow(
                record=record, outcome=outcome_of(issues, Outcome.WAITING), who=person.name if person else who,
                issues=issues,
            )  # fmt: skip
        self._ask(record, person, issues, at, day, month, class_name)
        return self._meet(record, person, issues, month)

    def _ask(
        self,
        record: Record,
        person: Person,
        issues: list[Issue],
        at: date,
        day: date,
        month: str,
        class_name: str | None,
    ) -> None:
        """Add the questions about the content of a note."""
        values, who = record.values, person.name

        def ask(code: str, message: str, column: str, waits: bool = False) -> None:
            issues.append(
                issue_at(record, Severity.ASK, code, f"{who}：{message}", column=column, waits=waits)
            )

        standing = standing_on(self.reading, person.id, at)
        if standing is None or standing.state not in ENROLLED:
            state = standing.state if standing else "还没有入学"
            ask("left the school", f"{at} 时已是{state}，这一条还是存了，请核对", "学生")
        elif class_name and standing.class_name and class_key(class_name) != class_key(standing.class_name):
            ask("other class", f"表是{class_name}的，台账里在{standing.class_name}", "班级")
        period = self.reported.rule.period(month)
        if not period.holds(day):
            ask("date outside the month", f"监测日期 {day} 不在 {month} 的统计期（{period.from_on} 至 {period.to_on}）里",
                "监测日期")  # fmt: skip
        ask_about_future(record, who, day, "监测日期", issues)
        due, present = values.get("days_due"), values.get("days_present")
        if due is not None and present is not None and present > due:
            ask("attendance", f"应出勤 {due} 天，实出勤写了 {present} 天", "实出勤")
        if values.get("difficulty") in HARD_LEVELS and not values.get("measure"):
            ask("difficulty without measure", f"困难等级{values['difficulty']}，没有写帮助措施", "帮助措施")
        if self.reported.touches(period.from_on) and not self.context.correction:
            ask(MONTH_REPORTED, f"{month} 已封账；写明更正原因才能补记", "月份", waits=True)

    def _meet(self, record: Record, person: Person, issues: list[Issue], month: str) -> PlannedRow:
        """Compare a row with the notes that the student has for the month."""
        key = (person.id, month)
        if key not in self._stored:
            self._stored[key] = load_notes(self.reading, "n.student_id = ? AND n.month = ?", key)
        values = record.values
        stored = [each for each in self._stored[key] if not each.is_taken]
        same = next((each for each in stored if not self._differences(values, each)), None)
        same = same or next(
            (
                each
                for each in stored
                if each.values["noted_on"] == values["noted_on"].isoformat()
                and each.values["noted_by"] == values.get("noted_by")
            ),
            None,
        )
        if same is None and record.sent_key:
            # The same sheet came back once more: what it said before is corrected, not added to.
            same = next((each for each in stored if record.sent_key in each.source), None)
        if same is not None:
            same.is_taken = True
            return self._change(record, person, issues, same)
        said = {name: values.get(name) for name in _ALL}
        if said in self._planned[key]:
            issues.append(
                issue_at(
                    record, Severity.HINT, "same row twice", f"{person.name}：这一行和前面一行相同，只存一次"
                )
            )
            return PlannedRow(record=record, outcome=Outcome.UNCHANGED, who=person.name, issues=issues)
        if self._planned[key] or self._stored[key]:
            level = values.get("difficulty") or "无"
            issues.append(
                issue_at(
                    record, Severity.FIXED, "second note",
                    f"{person.name}：{month} 的又一条监测，困难等级{level}；按日期在后的算",
                )
            )  # fmt: skip
        outcome = outcome_of(issues, Outcome.NEW)
        if outcome is Outcome.NEW:
            self._planned[key].append(said)
        note = {name: values.get(name) for name in (*_KEY, *NOTE)}
        note["difficulty"] = note["difficulty"] or "无"
        note["correction_reason"] = self.context.correction or None
        note["source"] = self.context.origin(record) or None
        measure = {name: values.get(name) for name in MEASURE}
        writes = NoteWrites(person.id, note, measure if measure["measure"] else {})
        return PlannedRow(record=record, outcome=outcome, who=person.name, issues=issues, writes=writes)

    def _differences(self, values: dict[str, Any], stored: StoredNote) -> list[Difference]:
        found = []
        for name, title in _ALL.items():
            if name not in values or (values[name] is None and not self.context.is_form):
                continue
            before, value = stored.values[name], values[name]
            after = value.isoformat() if isinstance(value, date) else value
            if name == "is_aid_received" and before is not None:
                before = bool(before)
            if after != before and not (after in (None, "") and before in (None, "")):
                found.append(Difference(name, title, shown(before), shown(value), "改这一条监测"))
        return found

    def _change(self, record: Record, person: Person, issues: list[Issue], stored: StoredNote) -> PlannedRow:
        found = self._differences(record.values, stored)
        if not found:
            issues[:] = [each for each in issues if each.code != MONTH_REPORTED]
        changed = {each.field: record.values[each.field] for each in found}
        writes = NoteWrites(
            person.id,
            {name: value for name, value in changed.items() if name not in MEASURE},
            {name: value for name, value in changed.items() if name in MEASURE},
            stored.measure_id,
        )
        if found and self.context.correction:
            writes.note["correction_reason"] = self.context.correction
        return PlannedRow(
            record=record, outcome=outcome_of(issues, Outcome.CHANGED if found else Outcome.UNCHANGED),
            record_id=stored.id, differences=tuple(found), who=person.name, issues=issues, writes=writes,
        )  # fmt: skip

    def _edit(self, record: Record, note_id: int) -> PlannedRow:
        """Plan the edit of one note in a form or a cell: only what is given changes."""
        stored = load_notes(self.reading, "n.id = ?", (note_id,))[0]
        rows = self.reading.rows(
            "SELECT s.id, s.name, s.document_number, s.registration_number, s.student_number FROM student s"
            " JOIN monitoring_note n ON n.student_id = s.id WHERE n.id = ?",
            (note_id,),
        )
        person = Person(*rows[0])
        issues = [named(each, person.name) for each in record.issues]
        for name in ("noted_on", "noted_by", "difficulty", "month"):
            if (
                name in record.values
                and record.values[name] is None
                and not any(each.column == _ALL[name] for each in issues)
            ):
                issues.append(
                    issue_at(
                        record,
                        Severity.BLOCK,
                        "missing",
                        f"{person.name}：缺少{_ALL[name]}",
                        column=_ALL[name],
                    )
                )
        given = dict(record.values)
        merged = {**{k: _back(k, v) for k, v in stored.values.items()}, **given}
        whole = Record(values=merged, place=record.place)
        if merged["noted_on"] and merged["month"]:
            self._ask(whole, person, issues, merged["noted_on"], merged["noted_on"], merged["month"], None)
        return self._change(record, person, issues, stored)


def _back(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name.endswith("_on") and value else value


def store_notes(uow: "UnitOfWork", rows: Sequence[PlannedRow], context: IntakeContext) -> None:
    """Store planned notes and their measures."""
    new = [each for each in rows if each.outcome is Outcome.NEW]
    ids = uow.insert_many(
        MonitoringNote, [{**each.writes.note, "student_id": each.writes.student_id} for each in new]
    )
    for planned, note_id in zip(new, ids, strict=True):
        planned.record_id = note_id
    changed = [each for each in rows if each.outcome is Outcome.CHANGED]
    uow.update_many(
        MonitoringNote, [{**each.writes.note, "id": each.record_id} for each in changed if each.writes.note]
    )
    made, updated, removed = [], [], []
    for planned in (*new, *changed):
        measure = dict(planned.writes.measure)
        if not measure:
            continue
        if measure.get("result"):
            measure.setdefault("completed_on", planned.record.values.get("noted_on") or context.as_of)
        if planned.writes.measure_id is None:
            if measure.get("measure"):
                made.append({**measure, "note_id": planned.record_id})
        elif "measure" in measure and not measure["measure"]:
            removed.append(planned.writes.measure_id)
        else:
            updated.append({**measure, "id": planned.writes.measure_id})
    uow.insert_many(HelpMeasure, made)
    uow.update_many(HelpMeasure, updated)
    uow.delete_many(HelpMeasure, removed)


def add_measure(uow: "UnitOfWork", note: PlannedRow, typed: Mapping[str, str]) -> None:
    """Add one more measure to a note that was stored; raises UserError if its day can not be read."""
    from skillsaid_desktop.ledgers.monitoring import MONITORING

    fields = tuple(each for each in MONITORING.importable if each.name in typed)
    record = read_values(fields, typed, uow.policy.words(note.record.values["noted_on"]))
    if record.issues:
        raise UserError(record.issues[0].message, "这一笔没有记，台账没有改动。")
    uow.insert_many(HelpMeasure, [{**record.values, "note_id": note.record_id}])
