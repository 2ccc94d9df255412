"""文件里没有: what somebody decided about those whom a full roster does not name, recorded with the import."""

from collections.abc import Sequence
from datetime import date

from skillsaid_desktop.ledgers import CHANGES
from skillsaid_desktop.ledgers.ledger import IntakeContext, PlannedRow
from skillsaid_desktop.ledgers.listing import refuse
from skillsaid_desktop.ledgers.questions import keep_questions
from skillsaid_desktop.schema import Severity
from skillsaid_desktop.schema.record import Record
from skillsaid_desktop.services.import_options import Departure
from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

LEAVING = ("退学", "转出", "毕业", "结业", "休学", "参军保留学籍", "开除", "注销", "死亡")
"""What may have become of somebody whom a full roster does not name."""
_SUMMER = range(6, 10)
_USUAL_YEARS = 3


def proposed_kinds(reading: Reading, student_ids: Sequence[int], as_of: date) -> dict[int, str]:
    """Return what probably became of people whom a roster of this day lacks: 毕业 when their years are over."""
    kinds = dict.fromkeys(student_ids, LEAVING[0])
    if as_of.month not in _SUMMER:
        return kinds
    day = as_of.isoformat()
    wanted = set(student_ids)
    for student_id, grade, years in reading.rows(
        "SELECT s.id, sp.grade, s.years_of_study FROM student s JOIN student_span sp ON sp.student_id = s.id"
        " WHERE sp.from_on <= ? AND sp.to_on >= ?",
        (day, day),
    ):
        if student_id in wanted and grade and grade + (years or _USUAL_YEARS) <= as_of.year:
            kinds[student_id] = "毕业"
    return kinds


def departure_problems(
    reading: Reading, departures: Sequence[Departure], correction: str = ""
) -> dict[int, str]:
    """Return why a change can not be recorded, by student; nothing for those for whom it can."""
    found = {}
    for departure, row in zip(departures, _plan(reading, departures, "", correction), strict=True):
        stopping = [each.message for each in row.issues if each.severity is Severity.BLOCK or each.waits]
        if stopping:
            found[departure.student_id] = "；".join(stopping)
    return found


def store_departures(uow: UnitOfWork, departures: Sequence[Departure], source: str, correction: str) -> int:
    """Record these changes; return how many. Raises UserError for the first that can not be."""
    planned = _plan(uow, departures, source, correction)
    for row in planned:
        refuse(row)
    CHANGES.store(uow, planned, _context(source, correction, departures[0].on))
    keep_questions(uow, CHANGES, planned)
    return sum(1 for row in planned if row.is_stored)


def _plan(
    reading: Reading, departures: Sequence[Departure], source: str, correction: str
) -> list[PlannedRow]:
    if not departures:
        return []
    records = [
        Record(values={"student_id": each.student_id, "kind": each.kind, "changed_on": each.on})
        for each in departures
    ]
    return CHANGES.plan(reading, records, _context(source, correction, departures[0].on))


def _context(source: str, correction: str, on: date) -> IntakeContext:
    return IntakeContext(as_of=on, source=source, correction=correction, is_form=True)
