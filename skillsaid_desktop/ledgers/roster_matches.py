"""Which students stand in the rosters of other offices: candidates by keys in SQL, judged by the domain's rules.

Five ways lead to a candidate: the number, the name, a number that begins alike, the head's household, its number.
Only the first decides; the others are looked at for students whom it did not settle.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.matching import Judgement, Likeness, Side, judge

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading

_PERSON = (
    "p.roster_id, p.number, p.name, p.name_folded, p.document_number, p.number_key, p.household_number, p.head_name,"
    " p.head_document_number, p.county, p.township, p.village, p.conclusion IS NOT NULL"
)
_NOT_FOUND = "查无此人"  # a downloaded comparison says that this person stands in no register
_ABSENT = f"(p.conclusion IS NULL OR p.conclusion <> '{_NOT_FOUND}')"


@dataclass(frozen=True, slots=True)
class Student:
    """A student who is compared: what holds on the day, and the side that rules judge."""

    id: int
    side: Side
    class_name: str | None
    is_target: bool
    category: str | None
    registration_number: str | None

    @property
    def who(self) -> str:
        """The name as a sentence has it: 余强（建筑2401）."""
        return f"{self.side.name}（{self.class_name}）" if self.class_name else self.side.name


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody in a roster who may be a student; `judgement` is None where number and name are the same.

    `is_download`: the row is what another office answered about the school's own list, no register of its own.
    """

    roster_id: int
    number: int
    side: Side
    judgement: Judgement | None
    is_download: bool = False

    @property
    def likeness(self) -> Likeness:
        """How sure it is."""
        return self.judgement.likeness if self.judgement else Likeness.SAME


STUDENT_COLUMNS = (
    "s.id, s.name, s.name_folded, s.document_number, s.born_on, s.sex, s.household_number, s.head_name,"
    " s.head_document_number, s.guardian_name, s.home_county, s.home_township, s.home_village,"
    " sp.class_name, sp.is_target, sp.category, s.registration_number"
)
"""What `student_of` reads, of student `s` and span `sp`."""


def student_of(row: Sequence[Any]) -> Student:
    """Return a student from the values of STUDENT_COLUMNS."""
    side = Side(
        name=row[1], folded=row[2], number=row[3], born=(row[4] or "").replace("-", ""), sex=row[5],
        household_number=row[6], head_name=row[7], head_number=row[8], guardian=row[9], county=row[10],
        township=row[11], village=row[12],
    )  # fmt: skip
    return Student(row[0], side, row[13], bool(row[14]), row[15], row[16])


def load_students(reading: "Reading", day: date) -> dict[int, Student]:
    """Return the students enrolled on a day, by id."""
    rows = reading.rows(
        f"SELECT {STUDENT_COLUMNS} FROM student s JOIN student_span sp ON sp.student_id = s.id"
        " WHERE sp.from_on <= :day AND sp.to_on >= :day AND sp.is_enrolled ORDER BY sp.class_name, s.name_sort, s.id",
        {"day": day.isoformat()},
    )
    return {row[0]: student_of(row) for row in rows}


def find_candidates(
    reading: "Reading", students: dict[int, Student], roster_ids: Sequence[int]
) -> dict[int, list[Candidate]]:
    """Return for each student who may stand in these rosters the people he may be, the surest first."""
    found: dict[int, list[Candidate]] = defaultdict(list)
    if not students or not roster_ids:
        return found
    parameters = {"ids": json.dumps(list(students)), "rosters": json.dumps(list(roster_ids))}
    for student_id, *row in reading.rows(_BY_NUMBER, parameters):
        _add(found, students[student_id], row)
    settled = {
        student_id
        for student_id, candidates in found.items()
        if any(each.likeness is not Likeness.PROBABLE and not each.is_download for each in candidates)
    }
    rest = [student_id for student_id in students if student_id not in settled]
    parameters["ids"] = json.dumps(rest)
    seen = {(student_id, each.roster_id, each.number) for student_id in found for each in found[student_id]}
    for way in (_BY_NAME, _BY_BEGINNING, _BY_HEAD, _BY_HOUSEHOLD):
        for student_id, *row in reading.rows(way, parameters):
            if (student_id, row[0], row[1]) not in seen:
                seen.add((student_id, row[0], row[1]))
                _add(found, students[student_id], row)
    return {student_id: sorted(each, key=_order) for student_id, each in found.items()}


_ORDER = {Likeness.SAME: 0, Likeness.DIFFERS: 1, Likeness.PROBABLE: 2}


def _order(candidate: Candidate) -> tuple[int, int, int]:
    reasons = len(candidate.judgement.reasons) if candidate.judgement else 9
    return (_ORDER[candidate.likeness], -reasons, candidate.number)


def _add(found: dict[int, list[Candidate]], student: Student, row: Sequence[Any]) -> None:
    own = student.side
    side = person_side(row)
    if own.number == side.number and own.folded == side.folded and own.number:
        found[student.id].append(Candidate(row[0], row[1], side, None, bool(row[12])))
    elif judgement := judge(own, side):
        found[student.id].append(Candidate(row[0], row[1], side, judgement, bool(row[12])))


def person_side(row: Sequence[Any]) -> Side:
    """Return the side of a person from the columns roster, number, name … village, as _PERSON names them."""
    key = row[5] or ""
    return Side(
        name=row[2], folded=row[3], number=row[4], born=key[6:14], household_number=row[6], head_name=row[7],
        head_number=row[8], county=row[9], township=row[10], village=row[11],
    )  # fmt: skip


def _hits(on: str, where: str = "1") -> str:
    """Return the query of a way: who is met is told by an index alone, and only then are the rows looked at.

    The plus keeps SQLite from walking a whole roster by its primary key for each student.
    """
    return (
        "WITH hit AS MATERIALIZED (SELECT s.id AS student, p.roster_id AS roster, p.number AS number"
        f" FROM json_each(:ids) j CROSS JOIN student s ON s.id = j.value CROSS JOIN roster_person p ON {on}"
        f" WHERE {where} AND +p.roster_id IN (SELECT value FROM json_each(:rosters)))"
        f" SELECT hit.student, {_PERSON} FROM hit CROSS JOIN roster_person p"
        f" ON p.roster_id = hit.roster AND p.number = hit.number WHERE {_ABSENT}"
    )


_BY_NUMBER = _hits("p.number_key = substr(s.document_number, 1, 18)")
# Two of three parts of a number stay whole when one place is mistyped: area and birth, area and serial, birth and
# serial. Of the many of one name only those are met of whom something else agrees, too.
_BY_NAME = _hits(
    "p.name_folded = s.name_folded",
    "(substr(p.number_key, 7, 8) = substr(s.document_number, 7, 8) OR p.number_key IS NULL"
    " OR s.document_number IS NULL OR p.village = s.home_village OR p.head_name = s.guardian_name"
    " OR p.head_name = s.head_name OR (substr(s.document_number, 15, 4) = substr(p.number_key, 15, 4)"
    " AND substr(s.document_number, 1, 6) = substr(p.number_key, 1, 6)))",
)
# The same but for the last two places, under a name of the same family.
_BY_BEGINNING = _hits(
    "p.number_key > substr(s.document_number, 1, 16) AND p.number_key < substr(s.document_number, 1, 16) || 'Z'",
    "length(s.document_number) >= 18 AND substr(p.name_folded, 1, 1) = substr(s.name_folded, 1, 1)",
)
_BY_HOUSEHOLD = _hits("p.household_number = s.household_number", "s.household_number IS NOT NULL")
_BY_HEAD = (
    f"SELECT s.id, {_PERSON} FROM json_each(:ids) j CROSS JOIN student s ON s.id = j.value"
    " CROSS JOIN roster_person h ON h.number_key = substr(s.head_document_number, 1, 18)"
    " CROSS JOIN roster_person p ON p.household_number = h.household_number AND p.roster_id = h.roster_id"
    " WHERE s.head_document_number IS NOT NULL AND +p.roster_id IN (SELECT value FROM json_each(:rosters))"
    f" AND {_ABSENT}"
)


def find_namesakes(reading: "Reading", students: Iterable[int], roster_id: int) -> list[tuple[int, int, str]]:
    """Return (student, number in the roster, name) of everybody who bears a student's name."""
    return [
        (student_id, number, name)
        for student_id, number, name in reading.rows(
            "SELECT s.id, p.number, p.name FROM json_each(?) j CROSS JOIN student s ON s.id = j.value"
            " CROSS JOIN roster_person p ON p.name_folded = s.name_folded"
            f" WHERE +p.roster_id = ? AND {_ABSENT}",
            (json.dumps(list(students)), roster_id),
        )
    ]


def settled_of(candidates: Iterable[Candidate]) -> Candidate | None:
    """Return the person whom a student certainly is, None if that must be asked."""
    return next((each for each in candidates if each.likeness is not Likeness.PROBABLE), None)
