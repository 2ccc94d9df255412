"""身份类别: dated rows that say why and from when to when a student counts as target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.entities import HardshipStatus
from skillsaid_desktop.ledgers.columns import (
    BY_STUDENT,
    CATEGORY_HEADINGS,
    NUMBER_TAIL,
    STUDENT_CLASS,
    STUDENT_DOCUMENT,
    STUDENT_NAME,
    STUDENT_NUMBER,
    STUDENT_REGISTRATION,
    besides,
)
from skillsaid_desktop.ledgers.ledger import (
    Difference,
    IntakeContext,
    Ledger,
    Outcome,
    PlannedRow,
    Searched,
    issue_at,
    outcome_of,
)
from skillsaid_desktop.ledgers.people import Person, find_person
from skillsaid_desktop.ledgers.reported import MONTH_REPORTED, Reported, load_reported
from skillsaid_desktop.ledgers.wording import named, row_issues, shown
from skillsaid_desktop.schema import Field, Issue, Privacy, Severity
from skillsaid_desktop.schema.record import Record
from skillsaid_desktop.schema.types import Date, Flag, Text

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

FIELDS: tuple[Field, ...] = (
    STUDENT_NAME,
    STUDENT_CLASS,
    STUDENT_DOCUMENT,
    Field(name="category", title="身份类别", type=Text(), required=True, width=9, privacy=Privacy.SENSITIVE,
          aliases=besides("身份类别", CATEGORY_HEADINGS)),
    Field(name="from_on", title="起", type=Date(), required=True, width=7,
          aliases=("起始日期", "类别起始日期", "识别时间", "认定时间", "认定日期")),
    Field(name="to_on", title="止", type=Date(), width=7,
          aliases=("终止日期", "类别终止日期", "退出时间", "退出日期")),
    Field(name="risk_cleared_on", title="消除时间", type=Date(), width=7, aliases=("风险消除时间", "消除日期")),
    Field(name="evidence", title="认定依据", type=Text(), width=10),
    Field(name="verified_by_means", title="核验方式", type=Text(), width=8),
    Field(name="verified_on", title="核验日期", type=Date(), width=7),
    Field(name="handled_by", title="经办人", type=Text(), width=6),
    Field(name="original_wording", title="原始表述", type=Text(), width=9, privacy=Privacy.SENSITIVE),
    Field(name="source", title="来源", type=Text(), width=14, typed=False),
    Field(name="start_unknown", title="起始日期未知", type=Flag(), width=5, typed=False),
)  # fmt: skip

SELECT = """
SELECT h.id AS id, s.name AS student_name, sp.class_name AS class_name, s.document_number AS document_number,
  h.category AS category, h.from_on AS from_on, h.to_on AS to_on, h.risk_cleared_on AS risk_cleared_on,
  h.evidence AS evidence, h.verified_by_means AS verified_by_means, h.verified_on AS verified_on,
  h.handled_by AS handled_by, h.original_wording AS original_wording, h.start_unknown AS start_unknown, h.source AS source,
  s.id AS student_id, sp.class_id AS class_id, s.name_sort AS name_sort
FROM hardship_status h
JOIN student s ON s.id = h.student_id
LEFT JOIN student_span sp ON sp.student_id = s.id AND sp.from_on <= :as_of AND sp.to_on >= :as_of
"""

_TITLES = {each.name: each.title for each in FIELDS}
_KEPT = (
    "category", "from_on", "to_on", "risk_cleared_on", "evidence", "verified_by_means", "verified_on",
    "handled_by", "original_wording",
)  # fmt: skip
_DATES = ("from_on", "to_on", "risk_cleared_on")


@dataclass(frozen=True)
class CategoryRow:
    """One dated category, as drawer and paper show it."""

    id: int
    category: str
    from_on: date
    to_on: date | None
    start_unknown: bool
    evidence: str
    original_wording: str
    is_target: bool
    source: str = ""

    def said(self) -> str:
        """Say from when until when: 2023-09-01 起, or that nobody knows since when."""
        begun = say_begun(self.from_on, is_unknown=self.start_unknown)
        return f"{begun}，至 {self.to_on.isoformat()}" if self.to_on is not None else begun


def say_begun(from_on: date, *, is_unknown: bool) -> str:
    """Say since when a category holds; an unknown day is counted from the entry, which nobody needs to read as fact."""
    return "起始日期未知" if is_unknown else f"{from_on.isoformat()} 起"


def load_categories(reading: "Reading", student_id: int, day: date) -> list[CategoryRow]:
    """Return the dated categories of a student, newest first."""
    rows = reading.rows(
        "SELECT id, category, from_on, to_on, start_unknown, evidence, original_wording, source FROM hardship_status"
        " WHERE student_id = ? ORDER BY from_on DESC, id DESC",
        (student_id,),
    )
    return [
        CategoryRow(
            row[0], row[1], date.fromisoformat(row[2]), _day(row[3]), bool(row[4]), row[5] or "", row[6] or "",
            reading.policy.is_target(row[1], day), row[7] or "",
        )
        for row in rows
    ]  # fmt: skip


def plan_hardship(reading: "Reading", records: Sequence[Record], context: IntakeContext) -> list[PlannedRow]:
    """Return how each row ends: a row of the same student and category is met, another one is new."""
    reported = load_reported(reading)
    if context.record_id is not None:
        return [_plan_edit(reading, records[0], context, reported)]
    return [_plan_row(reading, record, context, reported) for record in records]


def _plan_row(reading: "Reading", record: Record, context: IntakeContext, reported: Reported) -> PlannedRow:
    values = record.values
    who = values.get("student_name") or ""
    issues = row_issues(record, FIELDS, who)
    if any(each.severity is Severity.BLOCK for each in issues):
        return PlannedRow(record=record, outcome=Outcome.INVALID, who=who, issues=issues)
    day: date | None = values.get("from_on")
    person = find_person(reading, record, issues, day=context.as_of, class_name=values.get("class_name"))
    if person is None or day is None:
        return PlannedRow(record=record, outcome=outcome_of(issues, Outcome.WAITING), who=who, issues=issues)
    category = _category(reading, record, person, issues, day)
    if category is None:
        return PlannedRow(
            record=record, outcome=outcome_of(issues, Outcome.WAITING), who=person.name, issues=issues
        )
    _check_days(record, person, issues)
    columns = ", ".join(_KEPT)
    rows = reading.rows(
        f"SELECT id, {columns} FROM hardship_status WHERE student_id = ? AND category = ? ORDER BY from_on",
        (person.id, category),
    )
    stored = [(row[0], dict(zip(_KEPT, row[1:], strict=True))) for row in rows]
    met = next((each for each in stored if each[1]["from_on"] == day.isoformat()), None)
    met = met or next((each for each in stored if _overlap(each[1], day, values.get("to_on"))), None)
    if met is not None:
        return _plan_change(record, person, issues, met[0], met[1], context, reported)
    _ask_late(record, person, issues, (day,), context, reported)
    row = {name: values.get(name) for name in _KEPT}
    row["original_wording"] = row["original_wording"] or _wording(record, category)
    row.update(
        student_id=person.id,
        correction_reason=context.correction if reported.touches(day) else None,
        source=context.origin(record) or None,
    )
    return PlannedRow(
        record=record, outcome=outcome_of(issues, Outcome.NEW), who=person.name, issues=issues, writes=row
    )


def _category(
    reading: "Reading", record: Record, person: Person, issues: list[Issue], day: date
) -> str | None:
    text = record.values.get("category") or ""
    parts = reading.policy.split_categories(text, day)
    if len(parts) == 1 and parts[0][0] is not None:
        record.values["category"] = parts[0][0]
        return parts[0][0]
    message = "一行只写一个身份类别" if len(parts) > 1 else f"身份类别“{text}”不在可用的词里"
    issues.append(
        issue_at(
            record, Severity.ASK, "unknown word", f"{person.name}：{message}", column="身份类别", waits=True
        )
    )
    return None


def _wording(record: Record, category: str) -> str | None:
    written = record.raw.get("category", "").strip()
    return written if written and written != category else None


def _overlap(stored: dict[str, Any], day: date, to_on: date | None) -> bool:
    begins, ends = stored["from_on"], stored["to_on"]
    return (ends is None or ends >= day.isoformat()) and (to_on is None or begins <= to_on.isoformat())


def _check_days(record: Record, person: Person, issues: list[Issue]) -> None:
    from_on, to_on = record.values.get("from_on"), record.values.get("to_on")
    if from_on and to_on and to_on < from_on:
        issues.append(
            issue_at(
                record, Severity.BLOCK, "date", f"{person.name}：止 {to_on} 早于起 {from_on}", column="止"
            )
        )


def _ask_late(
    record: Record,
    person: Person,
    issues: list[Issue],
    days: Sequence[date | None],
    context: IntakeContext,
    reported: Reported,
) -> None:
    first = min((day for day in days if day is not None), default=None)
    if first is not None and reported.touches(first) and not context.correction:
        month = reported.name(first)
        issues.append(
            issue_at(
                record, Severity.ASK, MONTH_REPORTED,
                f"{person.name}：{first} 起的类别会动到已封账的{month}；写明更正原因才能登记", column="起", waits=True,
            )
        )  # fmt: skip


def _plan_change(
    record: Record,
    person: Person,
    issues: list[Issue],
    row_id: int,
    stored: dict[str, Any],
    context: IntakeContext,
    reported: Reported,
) -> PlannedRow:
    changed: dict[str, Any] = {}
    found = []
    for name in _KEPT:
        if name not in record.values or (record.values[name] is None and not context.is_form):
            continue
        value = record.values[name]
        after = value.isoformat() if isinstance(value, date) else value
        if after != stored[name] and (after or stored[name]):
            changed[name] = value
            found.append(
                Difference(name, _TITLES[name], shown(stored[name]), shown(value), "改这一条身份类别")
            )
    days = [
        day
        for name in _DATES
        if name in changed
        for day in (changed[name], date.fromisoformat(stored[name]) if stored[name] else None)
    ]
    if "category" in changed:
        days.append(date.fromisoformat(stored["from_on"]))
    _ask_late(record, person, issues, days, context, reported)
    if "from_on" in changed:
        changed["start_unknown"] = False
    if changed and days and context.correction:
        changed["correction_reason"] = context.correction
    outcome = outcome_of(issues, Outcome.CHANGED if found else Outcome.UNCHANGED)
    return PlannedRow(
        record=record, outcome=outcome, record_id=row_id, differences=tuple(found), who=person.name, issues=issues,
        writes={"id": row_id, **changed},
    )  # fmt: skip


def _plan_edit(reading: "Reading", record: Record, context: IntakeContext, reported: Reported) -> PlannedRow:
    columns = ", ".join(f"h.{name}" for name in _KEPT)
    row = reading.rows(
        "SELECT h.id, s.id, s.name, s.document_number, s.registration_number, s.student_number, "
        f"{columns} FROM hardship_status h JOIN student s ON s.id = h.student_id WHERE h.id = ?",
        (context.record_id,),
    )[0]
    person, stored = Person(*row[1:6]), dict(zip(_KEPT, row[6:], strict=True))
    issues = [named(each, person.name) for each in record.issues]
    for name in ("category", "from_on"):
        if name in record.values and record.values[name] is None and not record.issues:
            issues.append(issue_at(record, Severity.BLOCK, "missing", f"{person.name}：缺少{_TITLES[name]}"))
    day = record.values.get("from_on") or date.fromisoformat(stored["from_on"])
    if record.values.get("category"):
        _category(reading, record, person, issues, day)
    both = Record(
        values={
            "from_on": day,
            "to_on": record.values["to_on"]
            if "to_on" in record.values
            else (date.fromisoformat(stored["to_on"]) if stored["to_on"] else None),
        }
    )
    _check_days(both, person, issues)
    return _plan_change(record, person, issues, row[0], stored, context, reported)


def store_hardship(uow: "UnitOfWork", rows: Sequence[PlannedRow], context: IntakeContext) -> None:
    """Store planned category rows."""
    new = [each for each in rows if each.outcome is Outcome.NEW]
    for planned, row_id in zip(
        new, uow.insert_many(HardshipStatus, [each.writes for each in new]), strict=True
    ):
        planned.record_id = row_id
    uow.update_many(HardshipStatus, [each.writes for each in rows if each.outcome is Outcome.CHANGED])


HARDSHIP = Ledger(
    name="hardship",
    title="身份类别",
    entity="hardship_status",
    fields=FIELDS,
    extra_fields=(STUDENT_REGISTRATION, STUDENT_NUMBER, NUMBER_TAIL),
    select=SELECT,
    search=(*BY_STUDENT, Searched("category")),
    default_sort=(("class_name", False), ("student_name", False), ("from_on", False)),
    sort_by={"student_name": "name_sort"},
    plan=plan_hardship,
    store=store_hardship,
    list_name="身份类别名单",
    unit="条",
)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
