"""登记异动: one change for one student, several, a class or a year, as one operation, with what follows shown before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from skillsaid_desktop.clock import today
from skillsaid_desktop.domain.months import add_months
from skillsaid_desktop.domain.spans import Hardship, Span, build_spans, paired_days
from skillsaid_desktop.domain.status import ATTENDING, ENTRY, STATE_AFTER, Event, is_allowed
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import CHANGES
from skillsaid_desktop.ledgers.ledger import IntakeContext, Outcome, PlannedRow
from skillsaid_desktop.ledgers.people import standing_on
from skillsaid_desktop.ledgers.questions import keep_questions
from skillsaid_desktop.ledgers.reported import MONTH_REPORTED, load_reported
from skillsaid_desktop.ledgers.student_events import load_changes
from skillsaid_desktop.schema import Severity
from skillsaid_desktop.schema.record import Record
from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.storage.unit_of_work import Reading

DETAILS = (
    "class_after", "major_after", "level_after", "category", "reason", "approval_number", "approved_on", "other_school",
    "system_on", "handled_by", "evidence", "remark",
)  # fmt: skip
"""What can be given with a change besides kind and day; named as the fields of the ledger of changes."""


@dataclass(frozen=True)
class Outlook:
    """What a change means for one student; `problem` says why it can not be, "" if it can."""

    student_id: int
    name: str
    class_name: str
    is_target: bool
    state_before: str
    state_after: str
    effect: str
    problem: str = ""
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class FigureMove:
    """A figure of the month before and after the change."""

    code: str
    name: str
    before: int
    after: int


@dataclass(frozen=True, kw_only=True)
class ChangePreview:
    """What a change would do; nothing has been written."""

    kind: str
    on: date
    month: str
    counted_month: str
    is_month_closed: bool
    needs_reason: bool
    students: tuple[Outlook, ...]
    figures: tuple[FigureMove, ...] = ()
    rows: tuple[PlannedRow, ...] = field(default=(), repr=False)

    @property
    def problems(self) -> tuple[Outlook, ...]:
        """Return the students for whom it can not be recorded."""
        return tuple(each for each in self.students if each.problem)

    @property
    def possible(self) -> tuple[Outlook, ...]:
        """Return the students for whom it can."""
        return tuple(each for each in self.students if not each.problem)


def possible_kinds(reading: Reading, student_ids: Sequence[int], on: date | None = None) -> list[str]:
    """Return the kinds of change that at least one of these students can have on a day, in the usual order."""
    day = on or today()
    standings = [standing_on(reading, each, day) for each in student_ids]
    states = {each.state for each in standings if each is not None}
    kinds = [each for each in reading.policy.words(day).values("change_kind") if each not in ENTRY]
    found = [each for each in kinds if any(is_allowed(state, each) for state in states)]
    return [
        each
        for each in found
        if not (len(states) == 1 and STATE_AFTER.get(each) in states and each not in TWICE)
    ]


TWICE = frozenset({"复学", "恢复学籍", "实习结束"})
"""Kinds that lead to a state and are no repetition of it."""


def students_of(
    reading: Reading, *, class_id: int | None = None, grade: int | None = None, on: date | None = None
) -> list[int]:
    """Return the enrolled students of a class or of a year (级) on a day, by class and name."""
    day = (on or today()).isoformat()
    column, value = ("class_id", class_id) if class_id is not None else ("grade", grade)
    rows = reading.rows(
        f"SELECT s.id FROM student s JOIN student_span sp ON sp.student_id = s.id WHERE sp.{column} = ?"
        " AND sp.is_enrolled AND sp.from_on <= ? AND sp.to_on >= ? ORDER BY sp.class_name, s.name_sort, s.id",
        (value, day, day),
    )
    return [row[0] for row in rows]


def preview_change(
    reading: Reading,
    student_ids: Sequence[int],
    kind: str,
    on: date,
    details: Mapping[str, Any] | None = None,
    correction: str = "",
) -> ChangePreview:
    """Say what recording a change would do: states, problems, and this month's figures before and after."""
    planned = _plan(reading, student_ids, kind, on, details or {}, correction)
    reported = load_reported(reading)
    month = reported.rule.month_of(on)
    is_closed = reported.touches(on)
    counted = month
    while reported.last_closed is not None and reported.rule.period(counted).to_on <= reported.last_closed:
        counted = add_months(counted, 1)
    students = tuple(_outlook(reading, one, row, on) for one, row in zip(student_ids, planned, strict=True))
    possible = [row for row, seen in zip(planned, students, strict=True) if not seen.problem]
    return ChangePreview(
        kind=kind,
        on=on,
        month=month,
        counted_month=counted,
        is_month_closed=is_closed,
        needs_reason=is_closed and not correction,
        students=students,
        figures=_figures(reading, possible, reported.rule.period(counted).to_on),
        rows=tuple(planned),
    )


def record_change(
    ledger_file: LedgerFile,
    student_ids: Sequence[int],
    kind: str,
    on: date,
    details: Mapping[str, Any] | None = None,
    *,
    correction: str = "",
    only_possible: bool = False,
) -> int:
    """Record one change for these students as one operation; return its id.

    Raises UserError that names the students for whom it can not be, unless `only_possible` leaves them out.
    """
    with ledger_file.operation(f"登记{kind}") as uow:
        planned = _plan(uow, student_ids, kind, on, details or {}, correction)
        refused = [each for each in planned if each.outcome in (Outcome.WAITING, Outcome.INVALID)]
        if refused and (not only_possible or len(refused) == len(planned)):
            reasons = "；".join(dict.fromkeys(_problem(each) for each in refused[:5]))
            more = f"……共 {len(refused)} 人" if len(refused) > 5 else ""
            raise UserError(
                f"{reasons}{more}。没有登记，台账没有改动。", "请改日期或类别，或先去掉这些学生。"
            )
        context = _context(correction, on)
        CHANGES.store(uow, planned, context)
        keep_questions(uow, CHANGES, planned)
        stored = [each for each in planned if each.is_stored]
        who = stored[0].who if len(stored) == 1 else f"{len(stored)} 人"
        uow.rename(f"登记{kind} {who}")
    return uow.operation_id


def _plan(
    reading: Reading,
    student_ids: Sequence[int],
    kind: str,
    on: date,
    details: Mapping[str, Any],
    correction: str,
) -> list[PlannedRow]:
    unknown = set(details) - set(DETAILS)
    if unknown:
        raise ValueError(f"not a detail of a change: {sorted(unknown)}")
    given = {name: value for name, value in details.items() if value not in (None, "")}
    records = [
        Record(values={"student_id": one, "kind": kind, "changed_on": on, **given}) for one in student_ids
    ]
    return CHANGES.plan(reading, records, _context(correction, on))


def _context(correction: str, on: date) -> IntakeContext:
    return IntakeContext(as_of=on, correction=correction, is_form=True)


def _problem(planned: PlannedRow) -> str:
    stopping = [each for each in planned.issues if each.severity is Severity.BLOCK or each.waits]
    return "；".join(each.message for each in stopping)


def _outlook(reading: Reading, student_id: int, planned: PlannedRow, on: date) -> Outlook:
    standing = standing_on(reading, student_id, on)
    before = standing.state if standing else ""
    kind = planned.record.values["kind"]
    stopping = [each for each in planned.issues if each.severity is Severity.BLOCK or each.waits]
    is_only_late = bool(stopping) and all(each.code == MONTH_REPORTED for each in stopping)
    return Outlook(
        student_id=student_id,
        name=planned.who,
        class_name=(standing.class_name if standing else None) or "",
        is_target=bool(standing and standing.is_target),
        state_before=before,
        state_after=STATE_AFTER.get(kind, before),
        effect="，".join(each.effect for each in planned.differences if each.effect),
        problem="" if is_only_late else _problem(planned),
        questions=tuple(
            each.message for each in planned.issues if each.severity is Severity.ASK and not each.waits
        ),
    )


def _figures(reading: Reading, planned: Sequence[PlannedRow], day: date) -> tuple[FigureMove, ...]:
    """Return S1, S2 and T1 at the end of the month, before and after."""
    text = day.isoformat()
    enrolled, attending = (
        int(reading.scalar(f"{_STOCK} AND {condition}", (text, text)) or 0)
        for condition in ("is_enrolled", "state IN ('在读', '实习')")
    )
    enrolled_after, attending_after = enrolled, attending
    for row in planned:
        before, after = _spans(reading, row, day)
        enrolled_after += _counts(after) - _counts(before)
        attending_after += _attends(after) - _attends(before)
    return (
        FigureMove("S1", "在籍帮扶对象学生", enrolled, enrolled_after),
        FigureMove("S2", "在校帮扶对象学生", attending, attending_after),
        FigureMove("T1", "应监测", attending, attending_after),
    )


_STOCK = "SELECT count(*) FROM student_span WHERE is_target AND from_on <= ? AND to_on >= ?"


def _counts(span: Span | None) -> int:
    return int(span is not None and span.is_target and span.is_enrolled)


def _attends(span: Span | None) -> int:
    return int(span is not None and span.is_target and span.state in ATTENDING)


def _spans(reading: Reading, planned: PlannedRow, day: date) -> tuple[Span | None, Span | None]:
    """Return what holds for a student on a day without and with the planned change."""
    student_id = planned.writes.student_id if planned.writes is not None else None
    if student_id is None:
        return None, None
    events = [each.event for each in load_changes(reading, student_id)]
    rows = reading.rows(
        "SELECT id, category, from_on, to_on, risk_cleared_on FROM hardship_status WHERE student_id = ?",
        (student_id,),
    )
    hardships = {row[0]: Hardship(row[1], _day(row[2]) or day, _day(row[3]), _day(row[4])) for row in rows}
    county, typed = reading.rows(
        "SELECT home_county, is_paired_county FROM student WHERE id = ?", (student_id,)
    )[0]
    paired = paired_days(county, None if typed is None else bool(typed), reading.settings.paired_counties)
    added = [
        Event(
            each["kind"], each["changed_on"], each["school_class"].id if each.get("school_class") else None,
            each.get("major"), each.get("level"),
        )
        for each in planned.writes.changes
    ]  # fmt: skip
    changed = dict(hardships)
    for each in planned.writes.categories_updated:
        changed[each["id"]] = changed[each["id"]]._replace(to_on=each["to_on"])
    begun = [Hardship(each["category"], each["from_on"], each["to_on"]) for each in planned.writes.categories]
    before = build_spans(events, list(hardships.values()), reading.policy, paired)
    after = build_spans([*events, *added], [*changed.values(), *begun], reading.policy, paired)
    return _on(before, day), _on(after, day)


def _on(spans: Sequence[Span], day: date) -> Span | None:
    return next((each for each in spans if each.from_on <= day <= each.to_on), None)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
