"""What the rows of a student roster would change (DOMAIN section 3, "What a roster says without a date").

Made for ten thousand rows at once: the ledger is read in a handful of queries, rows meet it in dictionaries.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.names import fold_name
from skillsaid_desktop.ledgers.ledger import IntakeContext, Outcome, PlannedRow, issue_at, outcome_of
from skillsaid_desktop.ledgers.people import BY_NUMBER, BY_REGISTRATION, CHOSEN
from skillsaid_desktop.ledgers.register import FACTS, KnownStudent, Register, load_register
from skillsaid_desktop.ledgers.reported import ask_about_future
from skillsaid_desktop.ledgers.roster_changes import plan_categories, plan_entry, plan_moves
from skillsaid_desktop.ledgers.school_classes import class_key, read_grade
from skillsaid_desktop.ledgers.student_writes import StudentWrites
from skillsaid_desktop.ledgers.wording import named, told
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.document_number import born_on, kind_of_number, person_findings, sex_of
from skillsaid_desktop.schema.record import Record

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading

_BLOCK = Severity.BLOCK
_REQUIRED = {
    "name": "姓名", "document_number": "身份证号", "class_name": "班级", "major": "专业", "level": "培养层次",
    "entered_on": "入学日期",
}  # fmt: skip
_UNSURE_NUMBER = frozenset({"check digit", "length"})
"""Troubles of a number with which a student can be entered as 证件号待核 once a person says so."""


def plan_students(reading: "Reading", records: Sequence[Record], context: IntakeContext) -> list[PlannedRow]:
    """Return how each row ends, with what it would write."""
    register = load_register(reading, records, context)
    twice = _same_number_twice(records)
    namesakes = _Namesakes(records, register)
    return [_plan_row(record, register, context, twice, namesakes) for record in records]


def _plan_row(
    record: Record,
    register: Register,
    context: IntakeContext,
    twice: dict[str, list[Record]],
    namesakes: "_Namesakes",
) -> PlannedRow:
    values = record.values
    name = values.get("name") or ""
    issues = [named(each, name) for each in record.issues] if record.issues else []
    writes = StudentWrites()
    if issues and context.is_accepted(record):
        issues = _accept_number(issues, writes)
    number = values.get("document_number")
    if number in twice:
        issues.append(_twice_issue(record, twice[number]))
    known = _find(record, register, context, issues)
    other = register.by_number.get(number or "")
    if known is not None and other is not None and other.id != known.id:
        issues.append(
            issue_at(
                record, _BLOCK, "same ID", f"{name or known.name}：证件号 {number} 在台账里是{other.name}的",
                column="身份证号",
            )
        )  # fmt: skip
    if known is None:
        _fill_from_class(values, register)
        issues.extend(_missing(record))
    if outcome := _stopped(issues):
        return PlannedRow(
            record=record, outcome=outcome, who=name, issues=issues, record_id=known.id if known else None
        )
    if number and (len(number) < 17 or number[16:17].isdigit()):
        findings = person_findings(
            number, sex=values.get("sex"), birth=values.get("born_on"), as_of=context.as_of
        )
        issues.extend(
            issue_at(record, each.severity, each.code, f"{name}：{told(each, number)}") for each in findings
        )
    namesakes.ask(record, known, issues)
    if known is None:
        return _plan_new(record, register, context, writes, issues)
    return _plan_known(record, known, register, context, writes, issues)


def _plan_new(
    record: Record, register: Register, context: IntakeContext, writes: StudentWrites, issues: list[Issue]
) -> PlannedRow:
    values = record.values
    number = values["document_number"]
    facts = values.copy()
    for column in _besides_facts(tuple(values)):
        del facts[column]
    facts["document_kind"] = values.get("document_kind") or kind_of_number(number) or "其他"
    facts["sex"] = sex_of(number) or values.get("sex")
    facts["born_on"] = born_on(number) or values.get("born_on")
    facts.update(writes.facts)
    writes.facts = facts
    writes.school_class = register.class_for(values["class_name"])
    writes.teacher = values.get("class_teacher")
    if values["entered_on"] > register.today:
        ask_about_future(record, values["name"], values["entered_on"], "入学日期", issues)
    plan_entry(record, register, context, writes)
    plan_categories(record, None, values["entered_on"], register, context, writes, issues)
    return PlannedRow(
        record=record,
        outcome=outcome_of(issues, Outcome.NEW),
        who=values["name"],
        issues=issues,
        writes=writes,
    )


@lru_cache(maxsize=64)
def _besides_facts(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return those columns of a row that are no facts of the student: what has a date."""
    return tuple(column for column in columns if column not in FACTS)


def _plan_known(
    record: Record,
    known: KnownStudent,
    register: Register,
    context: IntakeContext,
    writes: StudentWrites,
    issues: list[Issue],
) -> PlannedRow:
    values = record.values
    writes.student_id = known.id
    differences = register.fact_differences(record, known, context, writes.facts, issues)
    differences += plan_moves(record, known, register, context, writes, issues)
    entered = known.entered_on or values.get("entered_on") or context.as_of
    differences += plan_categories(record, known, entered, register, context, writes, issues)
    writes.teacher = values.get("class_teacher")
    otherwise = Outcome.UNCHANGED if writes.is_empty else Outcome.CHANGED
    return PlannedRow(
        record=record, outcome=outcome_of(issues, otherwise), record_id=known.id, differences=tuple(differences),
        who=known.name, issues=issues, writes=writes,
    )  # fmt: skip


def _find(
    record: Record, register: Register, context: IntakeContext, issues: list[Issue]
) -> KnownStudent | None:
    """Return whom the ledger has for this row; a number that changed while 学籍号 stayed is asked."""
    if context.record_id is not None:
        return register.by_id.get(context.record_id)
    if student_id := record.values.get("student_id"):
        return register.by_id.get(student_id)
    number = record.values.get("document_number")
    if number and (found := register.by_number.get(number) or register.by_number.get(number[:18])):
        record.met_by = BY_NUMBER
        return found
    if "student_id" in record.values:
        record.met_by = CHOSEN
        return register.by_id.get(record.values["student_id"])
    registration = record.values.get("registration_number")
    if not number or not registration or any(each.severity is _BLOCK for each in issues):
        return None
    same = register.by_registration.get(registration)
    # A row that was refused for its number and comes back with another one is no second opinion.
    refused = number if context.is_mended(record) else register.refused.get(registration, number)
    before = same.number if same else refused
    if before != number:
        if not context.is_accepted(record):
            issues.append(
                issue_at(
                    record, Severity.ASK, "ID corrected",
                    f"{record.values.get('name')}：学籍号 {registration} 没变，证件号原为 {before or '空'}，"
                    f"现为 {number}。是同一人改正了证件号吗", column="身份证号", waits=True,
                )
            )  # fmt: skip
    elif same is None:
        return None
    record.met_by = BY_REGISTRATION if same else ""
    return same


def _accept_number(issues: list[Issue], writes: StudentWrites) -> list[Issue]:
    """Turn a refusal for a doubtful number into a question: the student is entered as 证件号待核."""
    if any(each.severity is _BLOCK and each.code not in _UNSURE_NUMBER for each in issues):
        return issues
    kept = []
    for each in issues:
        if each.severity is _BLOCK:
            writes.facts["document_pending"] = True
            each = Issue(
                severity=Severity.ASK, code=each.code, message=f"{each.message}（证件号待核）", file=each.file,
                sheet=each.sheet, row=each.row, column=each.column,
            )  # fmt: skip
        kept.append(each)
    return kept


def _fill_from_class(values: dict[str, Any], register: Register) -> None:
    """Take 专业 and 培养层次 from the class, and a missing 入学日期 from its year, where the row lacks them."""
    found = register.classes.get(class_key(values.get("class_name") or ""))
    if found is not None:
        for column, of_class in (("major", found.major), ("level", found.level)):
            if values.get(column) is None and of_class:
                values[column] = of_class
    if "entered_on" not in values and (grade := read_grade(values.get("grade"))):
        values["entered_on"] = date(grade, 9, 1)


def _missing(record: Record) -> list[Issue]:
    values = record.values
    if None not in map(values.get, _REQUIRED):
        return []
    asked: set[str] | None = None
    found = []
    for column, title in _REQUIRED.items():
        if values.get(column) is None:
            if asked is None:
                asked = {each.column for each in record.issues}
            if title not in asked:
                who = values.get("name") or ""
                found.append(
                    issue_at(
                        record,
                        _BLOCK,
                        "missing",
                        f"{who}：缺少{title}" if who else f"缺少{title}",
                        column=title,
                    )
                )
    return found


def _stopped(issues: list[Issue]) -> Outcome | None:
    if not issues:
        return None
    outcome = outcome_of(issues, Outcome.NEW)
    return None if outcome is Outcome.NEW else outcome


def _same_number_twice(records: Sequence[Record]) -> dict[str, list[Record]]:
    """Return the rows of each number that stands more than once in the file."""
    counts = Counter(record.values.get("document_number") for record in records)
    doubled = {number for number, count in counts.items() if count > 1 and number}
    found: dict[str, list[Record]] = defaultdict(list)
    if doubled:
        for record in records:
            number: str = record.values.get("document_number") or ""
            if number in doubled:
                found[number].append(record)
    return dict(found)


def _twice_issue(record: Record, rows: list[Record]) -> Issue:
    people = "、".join(f"第 {each.place.row} 行 {each.values.get('name') or '？'}" for each in rows)
    number = record.values["document_number"]
    return issue_at(
        record,
        _BLOCK,
        "same ID twice",
        f"{len(rows)} 行用了同一个证件号 {number}：{people}",
        column="身份证号",
    )


class _Namesakes:
    """Who has the same name and birth date under another number, in the file or in the ledger."""

    def __init__(self, records: Sequence[Record], register: Register) -> None:
        self._register = register
        people = [
            (name, number[6:14], number)
            for record in records
            if (number := record.values.get("document_number"))
            and len(number) >= 18
            and (name := record.values.get("name"))
        ]
        counts = Counter(person[:2] for person in people)
        self._in_file: dict[tuple[str, str], set[str]] = defaultdict(set)
        for name, born, number in people if len(counts) < len(people) else ():
            if counts[name, born] > 1:
                self._in_file[name, born].add(number)

    def ask(self, record: Record, known: KnownStudent | None, issues: list[Issue]) -> None:
        """Add a question if there is somebody else of this name and birth date."""
        number, name = record.values.get("document_number"), record.values.get("name")
        if not number or not name or len(number) < 18:
            return
        others = self._in_file.get((name, number[6:14]), set()) - {number}
        if self._register.by_id:
            for student in self._register.namesakes(fold_name(name), number[6:14]):
                if student.number and student.number != number and (known is None or student.id != known.id):
                    others.add(student.number)
        if others:
            issues.append(
                issue_at(
                    record, Severity.ASK, "same name and birth date",
                    f"{name}：同名同生日，证件号不同：{'、'.join(sorted({number, *others}))}，请核对是不是同一人",
                    column="身份证号",
                )
            )  # fmt: skip
