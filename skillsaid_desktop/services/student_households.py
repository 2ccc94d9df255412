"""户 from the students' own columns 户编号, 户主姓名, 户主证件号, 与户主关系, as school rosters bring them.

What the ledger already says of a household stays; where a student's columns say otherwise, that is a question.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from skillsaid_desktop.domain.names import fold_name
from skillsaid_desktop.domain.relations import HEAD
from skillsaid_desktop.ledgers import HOUSEHOLDS
from skillsaid_desktop.ledgers.household_plan import plan_households
from skillsaid_desktop.ledgers.household_precedence import ledger_first
from skillsaid_desktop.ledgers.ledger import IntakeContext, Outcome, PlannedRow
from skillsaid_desktop.ledgers.questions import keep_questions
from skillsaid_desktop.schema import Severity
from skillsaid_desktop.schema.record import Record
from skillsaid_desktop.storage import LedgerFile, Reading

SOURCE = "学生台账"

_STUDENTS = """
SELECT s.id, s.name, s.document_number, s.person_number, s.relation_to_head, s.household_number, s.head_name,
  s.head_document_number, s.home_county, s.home_township, s.home_village, p.category,
  (SELECT min(h.from_on) FROM hardship_status h WHERE h.student_id = s.id AND NOT h.start_unknown
    AND h.from_on <= :day AND (h.to_on IS NULL OR h.to_on >= :day)) AS identified_on
FROM student s JOIN student_span p ON p.student_id = s.id AND p.from_on <= :day AND p.to_on >= :day AND p.is_enrolled
WHERE coalesce(s.household_number, s.head_name, s.head_document_number) IS NOT NULL
ORDER BY s.household_number, s.head_name, s.id
"""


@dataclass(frozen=True, kw_only=True)
class HouseholdProposal:
    """What the students' columns would make of the households: counts, and sentences for what can't be used."""

    students: int = 0
    new: int = 0
    changed: int = 0
    questions: int = 0
    unusable: tuple[str, ...] = ()
    rows: tuple[PlannedRow, ...] = field(default=(), repr=False)

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to make or to fill in."""
        return not self.new and not self.changed


def propose_households(reading: Reading, as_of: date) -> HouseholdProposal:
    """Say what the columns of the students enrolled on a day would make; writes nothing."""
    records = _records(reading, as_of)
    rows = plan_households(reading, records, _context(as_of), precedence=ledger_first())
    stored = [each for each in rows if each.is_stored]
    new = {id(each.writes.draft) for each in stored if each.writes.draft.known is None}
    changed = {id(each.writes.draft) for each in stored if each.writes.draft.known is not None}
    stopped = [each for each in rows if each.outcome in (Outcome.WAITING, Outcome.INVALID)]
    return HouseholdProposal(
        students=len(rows),
        new=len(new),
        changed=len(changed),
        questions=sum(
            issue.severity is Severity.ASK for each in rows if each not in stopped for issue in each.issues
        ),
        unusable=tuple(each.issues[-1].message for each in stopped if each.issues),
        rows=tuple(rows),
    )


def make_households(ledger_file: LedgerFile, as_of: date) -> HouseholdProposal:
    """Make and complete households from the students' columns as one operation; return what was done."""
    with ledger_file.operation("由学生资料建户", source=SOURCE) as uow:
        proposal = propose_households(uow, as_of)
        uow.rename(f"由学生资料建户：新建 {proposal.new} 户，补充 {proposal.changed} 户")
        HOUSEHOLDS.store(uow, proposal.rows, _context(as_of))
        keep_questions(uow, HOUSEHOLDS, proposal.rows)
    return proposal


def _context(as_of: date) -> IntakeContext:
    return IntakeContext(as_of=as_of, source=SOURCE)


def _records(reading: Reading, as_of: date) -> list[Record]:
    policy = reading.policy
    records = []
    for row in reading.rows(_STUDENTS, {"day": as_of.isoformat()}):
        (_id, name, number, person, relation, household, head, head_number, county, township, village, categories,
         identified) = row  # fmt: skip
        if relation is None and head and fold_name(head) == fold_name(name):
            relation = HEAD
        # Only what makes a whole family a target is said of the household; 残疾学生 is the student's own.
        of_household = [
            each
            for each in policy.ordered_categories((categories or "").split("、"))
            if (found := policy.category(each)) is not None and found.is_target
        ]
        values: dict[str, Any] = {
            "number": household, "head_name": head, "head_document_number": head_number, "county": county,
            "township": township, "village": village, "member_name": name, "member_number": number,
            "person_number": person, "relation": relation, "category": of_household[0] if of_household else None,
            "identified_on": date.fromisoformat(identified) if identified and of_household else None,
        }  # fmt: skip
        records.append(Record(values=values))
    return records
