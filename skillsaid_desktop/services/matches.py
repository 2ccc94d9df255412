"""对人: by which key the rows of an import met somebody, and between whom a row can not choose."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from skillsaid_desktop.ledgers.ledger import Outcome, PlannedRow
from skillsaid_desktop.ledgers.people import BY_NAME, BY_NUMBER, BY_REGISTRATION, BY_STUDENT_NUMBER, CHOSEN
from skillsaid_desktop.schema.masking import mask_number
from skillsaid_desktop.services.import_options import Place
from skillsaid_desktop.storage.unit_of_work import Reading

KEYS = (BY_NUMBER, BY_REGISTRATION, BY_STUDENT_NUMBER, BY_NAME, CHOSEN)
NEW, NOBODY, SEVERAL = "新学生", "没有认出是谁", "有几个可能"


@dataclass(frozen=True)
class Candidate:
    """Somebody whom a row may be about; the number is masked."""

    student_id: int
    name: str
    class_name: str
    number: str
    state: str

    @property
    def words(self) -> str:
        """Return him as he is told from others."""
        return "　".join(part for part in (self.name, self.class_name, self.number, self.state) if part)


@dataclass(frozen=True)
class Choice:
    """A row that can not choose: where it stands, what it says of him, and between whom."""

    place: Place
    said: str
    candidates: tuple[Candidate, ...]


def count_matches(rows: Sequence[PlannedRow]) -> dict[str, int]:
    """Return how many rows met somebody by which key, how many are new, unclear or unknown; the sum is all rows."""
    counts: Counter[str] = Counter()
    for row in rows:
        record = row.record
        if record.met_by:
            counts[record.met_by] += 1
        elif len(record.candidates) > 1:
            counts[SEVERAL] += 1
        else:
            counts[NEW if row.outcome is Outcome.NEW else NOBODY] += 1
    return {key: counts[key] for key in (*KEYS, NEW, SEVERAL, NOBODY) if counts[key]}


def open_choices(reading: Reading, rows: Sequence[PlannedRow]) -> list[Choice]:
    """Return the rows with several candidates, in their order."""
    open_rows = [row for row in rows if len(row.record.candidates) > 1]
    ids = sorted({one for row in open_rows for one in row.record.candidates})
    people = _people(reading, ids)
    choices = []
    for row in open_rows:
        place, raw = row.record.place, row.record.raw
        said = "　".join(
            raw[name] for name in ("student_name", "name", "class_name", "number_tail") if raw.get(name)
        )
        choices.append(
            Choice(
                (place.file, place.sheet, place.row or 0),
                said or row.who,
                tuple(people[one] for one in row.record.candidates if one in people),
            )
        )
    return choices


def _people(reading: Reading, ids: Sequence[int]) -> dict[int, Candidate]:
    found = {}
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        marks = ",".join("?" * len(some))
        for row in reading.rows(
            "SELECT s.id, s.name, s.document_number, sp.class_name, sp.state FROM student s"
            " LEFT JOIN student_span sp ON sp.student_id = s.id AND sp.to_on ="
            " (SELECT max(p.to_on) FROM student_span p WHERE p.student_id = s.id)"
            f" WHERE s.id IN ({marks})",
            some,
        ):
            found[row[0]] = Candidate(row[0], row[1], row[3] or "", mask_number(row[2]), row[4] or "")
    return found
