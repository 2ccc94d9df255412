"""What rows of changes would write: each is tried against the student's events in order of its day (DOMAIN section 4)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.entities import StatusChange
from skillsaid_desktop.domain.status import Event, check_events, entry_to_correct
from skillsaid_desktop.ledgers.change_targets import (
    BY_CATEGORY,
    ENTRY,
    TO_CLASS,
    Target,
    names_many,
    read_target,
)
from skillsaid_desktop.ledgers.enrolment import settle_classes, store_events, store_people
from skillsaid_desktop.ledgers.entrants import plan_entrant
from skillsaid_desktop.ledgers.ledger import (
    Difference,
    IntakeContext,
    Ledger,
    Outcome,
    PlannedRow,
    issue_at,
    outcome_of,
)
from skillsaid_desktop.ledgers.people import find_person, standing_on
from skillsaid_desktop.ledgers.reported import MONTH_REPORTED, Reported, ask_about_future, load_reported
from skillsaid_desktop.ledgers.school_classes import KnownClass, class_key, load_classes
from skillsaid_desktop.ledgers.student_events import StoredChange, load_changes
from skillsaid_desktop.ledgers.student_writes import StudentWrites
from skillsaid_desktop.ledgers.target_changes import plan_target_change
from skillsaid_desktop.ledgers.wording import named, shown
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.record import Record, missing_issues

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

DETAILS = {
    "reason": "异动原因", "approval_number": "批准文号", "approved_on": "批准日期", "other_school": "去向/来源学校",
    "system_on": "系统办理日期", "handled_by": "经办人", "evidence": "佐证", "remark": "备注",
    "class_before": "原班级", "major_before": "原专业", "level_before": "原层次",
}  # fmt: skip
_UNTIL = ("延长至", "延至", "延期至", "休学至")


@dataclass(slots=True)
class _Row:
    """A row on its way: what it says, whom it is about, how it was judged."""

    record: Record
    issues: list[Issue]
    who: str = ""
    student_id: int | None = None
    target: Target = field(default_factory=Target)
    planned: PlannedRow | None = None


class _Plan:
    """One reading of the ledger for the rows of a file."""

    def __init__(self, reading: "Reading", context: IntakeContext) -> None:
        self.reading = reading
        self.context = context
        self.reported: Reported = load_reported(reading)
        self.classes: dict[str, KnownClass] = load_classes(reading)
        self._changes: dict[int, list[StoredChange]] = {}
        self.edited: dict[str, Any] | None = None

    def changes_of(self, student_id: int) -> list[StoredChange]:
        if student_id not in self._changes:
            found = load_changes(self.reading, student_id)
            self._changes[student_id] = [each for each in found if each.id != self.context.record_id]
        return self._changes[student_id]

    def class_for(self, name: str) -> KnownClass:
        return self.classes.setdefault(class_key(name), KnownClass(None, name.removesuffix("班") or name))


def plan_changes(reading: "Reading", records: Sequence[Record], context: IntakeContext) -> list[PlannedRow]:
    """Return how each row ends; rows about one student are tried in the order of their days."""
    from skillsaid_desktop.ledgers.changes import CHANGES

    plan = _Plan(reading, context)
    if context.record_id is not None:
        plan.edited = _merge_stored(reading, records[0], context.record_id)
    rows = [_read_row(record, plan, CHANGES) for record in records]
    by_student: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.planned is None and row.student_id is not None:
            by_student[row.student_id].append(row)
    for student_id, about in by_student.items():
        _judge(student_id, about, plan)
    return [_finished(row) for row in rows]


def _finished(row: _Row) -> PlannedRow:
    if row.planned is not None:
        return row.planned
    return PlannedRow(
        record=row.record, outcome=outcome_of(row.issues, Outcome.UNCHANGED), who=row.who, issues=row.issues
    )


def _read_row(record: Record, plan: _Plan, ledger: Ledger) -> _Row:
    values, context = record.values, plan.context
    who = values.get("student_name") or record.raw.get("student_name") or ""
    row = _Row(record, [named(each, who) for each in record.issues], who)
    if "student_id" not in values and names_many(record.raw.get("student_name") or "", set(plan.classes)):
        row.issues = [each for each in row.issues if each.column != "学生"]
        row.issues.append(
            issue_at(
                record, Severity.ASK, "not a person",
                f"{who}：一行写了一个班，请在“登记异动”里选这个班的学生一起登记，或逐人写", column="学生", waits=True,
            )
        )  # fmt: skip
        return row
    is_named = "student_id" in values
    needed = [each for each in ledger.fields if not (is_named and each.name == "student_name")]
    row.issues.extend(named(each, who) for each in missing_issues(needed, record))
    kind: str | None = values.get("kind")
    day: date | None = values.get("changed_on")
    if any(each.severity is Severity.BLOCK for each in row.issues):
        return row
    row.target = read_target(kind or "", values)
    found: list[Issue] = []
    person = find_person(
        plan.reading, record, found, day=day or context.as_of, class_name=values.get("class_name")
    )
    if person is None:
        unknown = [each for each in found if each.code == "not in the register"]
        if kind in ENTRY and day and unknown and values.get("document_number"):
            row.planned = plan_entrant(
                record, row.issues, row.target, plan.class_for, plan.reported, context, who
            )
            return row
        row.issues += found
        return row
    row.issues += found
    row.student_id, row.who = person.id, person.name
    ask_about_future(record, row.who, day, "异动日期", row.issues)
    if kind and day and plan.context.is_form is False:
        _ask_about_sheet(row, kind, day, plan)
    if kind is None or day is None:
        row.student_id = None
    return row


def _ask_about_sheet(row: _Row, kind: str, day: date, plan: _Plan) -> None:
    """Add what the paper leaves open: an extension without its end, a day outside the register's month."""
    record, month = row.record, plan.context.facts(row.record).month
    if kind == "延长休学":
        texts = (record.values.get(name) or "" for name in ("before_after", "reason", "remark"))
        if not any(mark in text for text in texts for mark in _UNTIL) and not plan.context.is_accepted(
            record
        ):
            row.issues.append(
                issue_at(
                    record, Severity.ASK, "unknown word",
                    f"{row.who}：延长休学没有写延长到哪一天（在备注里写“延长至 2026-08-31”这样的话）",
                    column="备注", waits=True,
                )
            )  # fmt: skip
    if month and not plan.reported.rule.period(month).holds(day):
        if plan.reported.touches(day):
            return  # asked as already reported
        row.issues.append(
            issue_at(
                record, Severity.ASK, "date outside the month",
                f"{row.who}：{day} 不在{int(month[5:])}月的统计期里，列入 {plan.reported.rule.month_of(day)}",
                column="异动日期",
            )
        )  # fmt: skip


def _judge(student_id: int, rows: list[_Row], plan: _Plan) -> None:
    """Try the rows of one student against his events, day by day."""
    stored = plan.changes_of(student_id)
    events = [each.event for each in stored]
    candidates: list[tuple[_Row, Event]] = []
    for row in sorted(rows, key=lambda each: (each.record.values["changed_on"], each.record.place.row or 0)):
        values = row.record.values
        kind, day = values["kind"], values["changed_on"]
        if kind in BY_CATEGORY:
            row.planned = plan_target_change(
                plan.reading,
                row.record,
                row.issues,
                row.target,
                student_id,
                plan.reported,
                plan.context,
                row.who,
            )
            continue
        same = next((each for each in stored if each.is_dated and (each.kind, each.on) == (kind, day)), None)
        if same is not None:
            row.planned = _plan_again(row, same, plan)
            continue
        entry = entry_to_correct(events, day) if kind in ENTRY else None
        if entry is not None:
            correct = next(each for each in stored if each.id == entry.id)
            row.planned = _plan_entry_correction(row, correct, plan)
            continue
        candidates.append((row, _event(row, plan)))
    known = set(check_events(events))
    _refuse_contradictions(candidates, events, known)
    for row, event in candidates:
        if any(each.severity is Severity.BLOCK for each in row.issues):
            continue
        found = [each for each in check_events([*events, event]) if each not in known]
        if found:
            row.issues.append(
                issue_at(
                    row.record,
                    Severity.BLOCK,
                    "impossible",
                    f"{row.who}：{found[0].message}",
                    column="异动类别",
                )
            )
            continue
        row.planned = _plan_insert(row, event, student_id, plan)
        if row.planned.is_stored:
            events.append(event)
            known = set(check_events(events))


def _refuse_contradictions(
    candidates: list[tuple[_Row, Event]], events: list[Event], known: set[Any]
) -> None:
    for problem in check_events([*events, *(event for _, event in candidates)]):
        if problem.code != "contradiction" or problem in known:
            continue
        for row, event in candidates:
            if event is problem.event:
                row.issues.append(
                    issue_at(
                        row.record,
                        Severity.BLOCK,
                        "contradiction",
                        f"{row.who}：{problem.message}",
                        column="异动类别",
                    )
                )


def _event(row: _Row, plan: _Plan) -> Event:
    values, target = row.record.values, row.target
    school_class = plan.classes.get(class_key(target.class_name)) if target.class_name else None
    return Event(
        values["kind"],
        values["changed_on"],
        school_class.id if school_class else None,
        target.major,
        target.level,
    )


def _plan_insert(row: _Row, event: Event, student_id: int, plan: _Plan) -> PlannedRow:
    """Plan a new change, with what is missing or late asked."""
    values, target, context = row.record.values, row.target, plan.context
    kind, day = event.kind, event.on
    if kind in TO_CLASS and not target.class_name and kind != "降级":
        row.issues.append(
            issue_at(
                row.record,
                Severity.ASK,
                "missing",
                f"{row.who}：{kind}没有写新班级",
                column="新班级",
                waits=True,
            )
        )
    if kind == "转专业" and not target.major:
        row.issues.append(
            issue_at(
                row.record,
                Severity.ASK,
                "missing",
                f"{row.who}：转专业没有写新专业",
                column="新专业",
                waits=True,
            )
        )
    first = _first_touched(values, day, plan)
    if first is not None and plan.reported.touches(first) and not context.correction:
        row.issues.append(late_issue(row.record, row.who, first, plan.reported))
    before = standing_on(plan.reading, student_id, day - timedelta(days=1))
    if before is not None and before.class_name and kind not in ENTRY:
        _ask_about_class(row, before.class_name)
    school_class = plan.class_for(target.class_name) if target.class_name else None
    if school_class is None and kind == "转专业":
        school_class = _class_of_inferred(student_id, event, plan)
    change: dict[str, Any] = {
        "kind": kind,
        "changed_on": day,
        "school_class": school_class,
        "major": target.major,
        "level": target.level,
        "other_school": target.school,
        "class_before": target.class_before or (before.class_name if before and target.class_name else None),
        "major_before": target.major_before or (before.major if before and target.major else None),
        "level_before": target.level_before or (before.level if before and target.level else None),
        **{name: values.get(name) for name in DETAILS if name in _PLAIN_DETAILS},
        "correction_reason": context.correction if first and plan.reported.touches(first) else None,
        "source": context.origin(row.record) or None,
    }
    writes = StudentWrites(student_id=student_id, changes=[change])
    if plan.context.record_id is not None:
        change["id"] = plan.context.record_id
        if not context.correction:
            del change["correction_reason"]
    outcome = Outcome.NEW if plan.context.record_id is None else Outcome.CHANGED
    effect = f"登记“{kind}”，{day}"
    return PlannedRow(
        record=row.record, outcome=outcome_of(row.issues, outcome), record_id=plan.context.record_id, who=row.who,
        differences=(Difference("kind", "异动", before.state if before else "", kind, effect),),
        issues=row.issues, writes=writes,
    )  # fmt: skip


def _first_touched(values: dict[str, Any], day: date, plan: _Plan) -> date | None:
    """Return the first day on which something holds differently; None if an edit changes only words."""
    old = plan.edited
    if old is None:
        return day
    names = ("kind", "changed_on", "class_after", "major_after", "level_after")
    if all(values.get(name) == old[name] for name in names):
        return None
    before: date = old["changed_on"]
    return min(day, before)


_PLAIN_DETAILS = frozenset(DETAILS) - {"class_before", "major_before", "level_before", "other_school"}


def _ask_about_class(row: _Row, actual: str) -> None:
    written = row.record.values.get("class_name")
    keys = {class_key(each) for each in (actual, row.target.class_name, row.target.class_before) if each}
    if written and class_key(written) not in keys:
        row.issues.append(
            issue_at(
                row.record, Severity.ASK, "other class", f"{row.who}：表上写的班级是{written}，台账里是{actual}",
                column="班级",
            )
        )  # fmt: skip


def _class_of_inferred(student_id: int, event: Event, plan: _Plan) -> KnownClass | None:
    """Return the class that came with the inferred change which this dated one replaces."""
    for each in plan.changes_of(student_id):
        before = each.event.roster_before_on
        if (
            each.event.is_inferred and each.kind == event.kind and each.event.class_id
            and event.on <= (each.event.roster_on or each.on) and (before is None or event.on > before)
        ):  # fmt: skip
            return next((one for one in plan.classes.values() if one.id == each.event.class_id), None)
    return None


def _plan_again(row: _Row, same: StoredChange, plan: _Plan) -> PlannedRow:
    """Plan a row whose change is in the ledger: details that it tells anew, or nothing."""
    changed: dict[str, Any] = {}
    found = []
    for name, title in DETAILS.items():
        value = row.record.values.get(name)
        if name == "other_school":
            value = row.target.school
        before = same.details.get(name)
        after = value.isoformat() if isinstance(value, date) else value
        if after and after != before and (not before or name in _PLAIN_DETAILS):
            changed[name] = value
            found.append(Difference(name, title, shown(before), shown(value), "补上这条异动的资料"))
    writes = StudentWrites(student_id=None, changes_updated=[{"id": same.id, **changed}] if changed else [])
    outcome = Outcome.CHANGED if changed else Outcome.UNCHANGED
    return PlannedRow(
        record=row.record, outcome=outcome_of(row.issues, outcome), record_id=same.id, differences=tuple(found),
        who=row.who, issues=row.issues, writes=writes,
    )  # fmt: skip


def _plan_entry_correction(row: _Row, entry: StoredChange, plan: _Plan) -> PlannedRow:
    """Plan 入学 or 转入 of somebody who is enrolled: it corrects kind and day of the one entry event."""
    values = row.record.values
    first = min(entry.on, values["changed_on"])
    if plan.reported.touches(first) and not plan.context.correction:
        row.issues.append(late_issue(row.record, row.who, first, plan.reported))
    changed: dict[str, Any] = {"kind": values["kind"], "changed_on": values["changed_on"]}
    changed |= {
        name: values[name] for name in _PLAIN_DETAILS if values.get(name) and not entry.details.get(name)
    }
    if row.target.school:
        changed["other_school"] = row.target.school
    if plan.context.correction:
        changed["correction_reason"] = plan.context.correction
    before, after = f"{entry.on} {entry.kind}", f"{values['changed_on']} {values['kind']}"
    return PlannedRow(
        record=row.record, outcome=outcome_of(row.issues, Outcome.CHANGED), record_id=entry.id, who=row.who,
        differences=(Difference("kind", "入学", before, after, "更正入学这一条的类别和日期"),), issues=row.issues,
        writes=StudentWrites(changes_updated=[{"id": entry.id, **changed}]),
    )  # fmt: skip


def late_issue(record: Record, who: str, day: date, reported: Reported) -> Issue:
    """Return the question about a day that went out in a report already."""
    month = reported.name(day)
    return issue_at(
        record, Severity.ASK, MONTH_REPORTED,
        f"{who}：{day}，{month}已封账；写明更正原因才能登记，会列为下月的更正", column="异动日期", waits=True,
    )  # fmt: skip


def _merge_stored(reading: "Reading", record: Record, change_id: int) -> dict[str, Any]:
    """Fill what an edit leaves alone from the stored change, and return the change as it is stored."""
    rows = reading.rows(
        "SELECT c.student_id, c.kind, c.changed_on, k.name, c.major, c.level, c.reason, c.approval_number,"
        " c.approved_on, c.other_school, c.system_on, c.handled_by, c.evidence, c.remark, c.class_before,"
        " c.major_before, c.level_before FROM status_change c LEFT JOIN school_class k ON k.id = c.class_id"
        " WHERE c.id = ?",
        (change_id,),
    )
    names = (
        "student_id", "kind", "changed_on", "class_after", "major_after", "level_after", "reason", "approval_number",
        "approved_on", "other_school", "system_on", "handled_by", "evidence", "remark", "class_before",
        "major_before", "level_before",
    )  # fmt: skip
    stored = {
        name: date.fromisoformat(value) if name.endswith("_on") and value else value
        for name, value in zip(names, rows[0], strict=True)
    }
    record.values = {**stored, **record.values, "student_id": stored["student_id"]}
    return stored


def store_changes(uow: "UnitOfWork", rows: Sequence[PlannedRow], context: IntakeContext) -> None:
    """Store planned changes: the people who come with them, classes, events, and the rows of categories."""
    stored = [each for each in rows if each.is_stored]
    settle_classes(uow, stored)
    store_people(uow, [each for each in stored if each.writes.facts])
    edited = []
    for planned in stored:
        for change in [each for each in planned.writes.changes if "id" in each]:
            planned.writes.changes.remove(change)
            school_class = change.pop("school_class", None)
            kept = {
                "class_id": school_class.id if school_class else None,
                "is_inferred": False,
                "is_opening": False,
            }
            edited.append({**{k: v for k, v in change.items() if k != "source"}, **kept})
    uow.update_many(StatusChange, edited)
    store_events(uow, stored)
    for planned in stored:
        if planned.record_id is None and planned.writes.change_ids:
            planned.record_id = planned.writes.change_ids[0]
