"""材料: which proofs each target student has, as a file, on paper, or not at all (DOMAIN section 9, check 11).

A proof counts for a student wherever it hangs: at himself, at one of his categories, or at his household, whose
户口簿 serves all children. Typed or imported is only that the paper is there; a file is dropped, not typed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.clock import today
from skillsaid_desktop.domain.entities import Attachment
from skillsaid_desktop.domain.proofs import PAPER, PROOFS
from skillsaid_desktop.ledgers.columns import STUDENT_CLASS, STUDENT_DOCUMENT, STUDENT_NAME, WHO_ELSE
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
from skillsaid_desktop.ledgers.people import find_person
from skillsaid_desktop.ledgers.wording import named
from skillsaid_desktop.schema import Field, Privacy, Severity
from skillsaid_desktop.schema.record import Record
from skillsaid_desktop.schema.types import HELD, LACKING, ON_PAPER, Held, IdNumber, Name, Number, Text

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

FILES_OF_STUDENTS = (
    "SELECT record_id AS student_id, id AS file_id, '' AS origin FROM attachment WHERE entity = 'student'"
    " UNION ALL SELECT h.student_id, a.id, h.category FROM attachment a"
    " JOIN hardship_status h ON h.id = a.record_id WHERE a.entity = 'hardship_status'"
    " UNION ALL SELECT m.student_id, a.id, '户主' || d.head_name FROM attachment a"
    " JOIN household d ON d.id = a.record_id JOIN household_member m ON m.household_id = d.id"
    " WHERE a.entity = 'household' AND m.student_id IS NOT NULL"
)
"""Every file that counts for a student: student_id, file_id, and where it hangs, "" for himself."""

COLUMNS = dict(zip(("id_card", "household_book", "evidence", "application", "aid_card"), PROOFS, strict=True))
"""Column of the ledger -> kind of proof."""

_DOCUMENT = replace(
    STUDENT_DOCUMENT, aliases=tuple(each for each in STUDENT_DOCUMENT.aliases if each not in PROOFS)
)
"""In these lists 身份证 heads the column of the paper, not of its number."""

_WORDS = {None: LACKING, 0: ON_PAPER, 1: HELD}
_STATES = (
    f"SELECT o.student_id AS student_id, a.kind AS kind, max(a.digest IS NOT NULL) AS is_file FROM ({FILES_OF_STUDENTS}) o"
    " JOIN attachment a ON a.id = o.file_id GROUP BY o.student_id, a.kind"
)


def _select() -> str:
    shown = ", ".join(
        f"CASE max(CASE WHEN t.kind = '{kind}' THEN t.is_file END) WHEN 1 THEN '{HELD}' WHEN 0 THEN '{ON_PAPER}'"
        f" ELSE '{LACKING}' END AS {name}"
        for name, kind in COLUMNS.items()
    )
    lacking = " || ".join(f"iif({name} = '{LACKING}', '、{kind}', '')" for name, kind in COLUMNS.items())
    return (
        f"SELECT *, nullif(substr({lacking}, 2), '') AS missing FROM ("
        "SELECT s.id AS id, s.name AS name, sp.class_name AS class_now, sp.category AS category,"
        f" s.document_number AS id_number, {shown},"
        " (SELECT count(*) FROM attachment b WHERE b.entity = 'student' AND b.record_id = s.id"
        " AND b.digest IS NOT NULL) AS files,"
        " sp.grade AS grade, sp.class_id AS class_id, s.name_folded AS name_folded, s.name_pinyin AS name_pinyin,"
        " s.name_initials AS name_initials, s.name_sort AS name_sort"
        " FROM student_span sp JOIN student s ON s.id = sp.student_id"
        f" LEFT JOIN ({_STATES}) t ON t.student_id = s.id"
        " WHERE sp.from_on <= :as_of AND sp.to_on >= :as_of AND sp.is_enrolled AND sp.is_target GROUP BY s.id)"
    )


def proof_states(reading: "Reading", student_id: int) -> dict[str, str]:
    """Return how it stands with each kind of proof of a student: 有, 纸质 or 缺."""
    rows = reading.rows(f"SELECT kind, is_file FROM ({_STATES}) WHERE student_id = ?", (student_id,))
    return _in_words(dict(rows))


def _in_words(found: Mapping[str, int]) -> dict[str, str]:
    return {kind: _WORDS[found.get(kind)] for kind in PROOFS}


def _states_of_all(reading: "Reading") -> dict[int, dict[str, str]]:
    """Return the same of every student who has any proof, in one reading."""
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for student_id, kind, is_file in reading.rows(_STATES):
        found[student_id][kind] = is_file
    return {student_id: _in_words(kinds) for student_id, kinds in found.items()}


def plan_proofs(reading: "Reading", records: Sequence[Record], context: IntakeContext) -> list[PlannedRow]:
    """Return how each row ends: papers that are newly there, in a form also papers that are not there after all."""
    plan = _Plan(reading, context, _states_of_all(reading) if len(records) > 1 else None)
    return [plan.row(record) for record in records]


class _Plan:
    def __init__(
        self, reading: "Reading", context: IntakeContext, of_all: dict[int, dict[str, str]] | None
    ) -> None:
        self._reading, self._context = reading, context
        self._are_all_known = of_all is not None
        self._states = of_all or {}

    def _states_of(self, student_id: int) -> dict[str, str]:
        if student_id not in self._states:
            self._states[student_id] = (
                _in_words({}) if self._are_all_known else proof_states(self._reading, student_id)
            )
        return self._states[student_id]

    def row(self, record: Record) -> PlannedRow:
        values = record.values
        told = {name: values[name] for name in COLUMNS if name in values}
        if self._context.record_id is not None:
            values["student_id"] = self._context.record_id
        elif not any(told.values()):
            who = values.get("student_name") or ""
            empty = issue_at(record, Severity.HINT, "empty", f"{who}：这一行还没有填")
            return PlannedRow(record=record, outcome=Outcome.UNCHANGED, who=who, issues=[empty])
        issues = [named(each, values.get("student_name") or "") for each in record.issues]
        class_name = values.get("class_name") or self._context.facts(record).class_name
        person = find_person(self._reading, record, issues, day=self._context.as_of, class_name=class_name)
        if person is None:
            outcome = outcome_of(issues, Outcome.WAITING)
            return PlannedRow(
                record=record, outcome=outcome, who=values.get("student_name") or "", issues=issues
            )
        now = self._states_of(person.id)
        found = []
        for name, word in told.items():
            kind = COLUMNS[name]
            word = word or (LACKING if self._context.is_form else None)
            if word == ON_PAPER and now[kind] == LACKING:
                found.append(Difference(name, kind, LACKING, ON_PAPER, "记为有纸质原件"))
                now[kind] = ON_PAPER
            elif word == LACKING and self._context.is_form and now[kind] == ON_PAPER:
                found.append(Difference(name, kind, ON_PAPER, LACKING, "去掉“有纸质原件”"))
            elif word == LACKING and self._context.is_form and now[kind] == HELD:
                issues.append(
                    issue_at(
                        record, Severity.BLOCK, "has a file",
                        f"{person.name}的{kind}存着文件，不能写成缺；不要了，请在右边的“材料”里移除", column=kind,
                    )
                )  # fmt: skip
        return PlannedRow(
            record=record, outcome=outcome_of(issues, Outcome.CHANGED if found else Outcome.UNCHANGED),
            record_id=person.id, differences=tuple(found), who=person.name, issues=issues,
            writes=[(each.title, each.after) for each in found],
        )  # fmt: skip


def store_proofs(uow: "UnitOfWork", rows: Sequence[PlannedRow], context: IntakeContext) -> None:
    """Store which papers are there."""
    made: list[dict[str, Any]] = []
    gone: list[int] = []
    for planned in rows:
        if not planned.is_stored:
            continue
        for kind, word in planned.writes:
            if word == ON_PAPER:
                made.append(
                    {
                        "entity": "student", "record_id": planned.record_id, "kind": kind, "name": PAPER,
                        "added_on": today(), "source": context.origin(planned.record) or None,
                    }
                )  # fmt: skip
            else:
                papers = (
                    f"SELECT o.file_id FROM ({FILES_OF_STUDENTS}) o JOIN attachment a ON a.id = o.file_id"
                    " WHERE o.student_id = ? AND a.kind = ? AND a.digest IS NULL"
                )
                gone += [file_id for (file_id,) in uow.rows(papers, (planned.record_id, kind))]
    uow.insert_many(Attachment, made)
    uow.delete_many(Attachment, gone)


PROOFS_LEDGER = Ledger(
    name="proofs",
    title="材料",
    entity="student",
    fields=(
        Field(name="name", title="姓名", type=Name(), width=6, typed=False),
        Field(name="class_now", title="班级", type=Text(), width=8, typed=False),
        *(
            Field(
                name=name, title=kind, type=Held(), width=5, help="有：存了文件；纸质：只有原件；缺：都没有"
            )
            for name, kind in COLUMNS.items()
        ),
        Field(name="missing", title="缺的材料", type=Text(), width=11, typed=False),
        Field(
            name="category", title="身份类别", type=Text(), width=8, typed=False, privacy=Privacy.SENSITIVE
        ),
        Field(
            name="id_number", title="身份证号", type=IdNumber(), width=11, typed=False, privacy=Privacy.NUMBER
        ),
        Field(name="files", title="文件份数", type=Number(), width=5, typed=False),
    ),
    extra_fields=(STUDENT_NAME, _DOCUMENT, STUDENT_CLASS, *WHO_ELSE),
    select=_select(),
    search=(
        Searched("name_folded"),
        Searched("name_pinyin", "reading"),
        Searched("name_initials", "initials"),
        Searched("class_now"),
        Searched("id_number", "tail"),
    ),
    default_sort=(("class_now", False), ("name", False)),
    sort_by={"name": "name_sort"},
    several=frozenset({"missing", "category"}),
    plan=plan_proofs,
    store=store_proofs,
    list_name="材料收集表",
    unit="人",
    is_view=True,
)
