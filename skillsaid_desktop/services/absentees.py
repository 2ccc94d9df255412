"""Who is in the ledger and not in a full roster: listed in the preview, never changed by an import."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from skillsaid_desktop.ledgers.ledger import PlannedRow
from skillsaid_desktop.storage.unit_of_work import Reading

FULL = 0.5
"""A roster that holds at least this share of the enrolled students is taken for a full one."""


@dataclass(frozen=True)
class Absentee:
    """Somebody enrolled on the roster's day whom the roster does not name."""

    student_id: int
    name: str
    class_name: str
    state: str


def find_absentees(reading: Reading, planned: Sequence[PlannedRow], as_of: date) -> list[Absentee]:
    """Return the enrolled students that no row of a full roster names."""
    rows = reading.rows(
        "SELECT s.id, s.name, sp.class_name, sp.state, s.document_number, s.registration_number FROM student s"
        " JOIN student_span sp ON sp.student_id = s.id WHERE sp.is_enrolled AND sp.from_on <= ? AND sp.to_on >= ?"
        " ORDER BY sp.class_name, s.name_sort",
        (as_of.isoformat(), as_of.isoformat()),
    )
    if not rows:
        return []
    met = {each.record_id for each in planned if each.record_id}
    keys = set()
    for each in planned:
        keys |= {each.record.values.get("document_number"), each.record.values.get("registration_number")}
    keys.discard(None)
    absent = [row for row in rows if row[0] not in met and row[4] not in keys and row[5] not in keys]
    if len(absent) > (1 - FULL) * len(rows):
        return []
    return [Absentee(row[0], row[1], row[2] or "", row[3]) for row in absent]
