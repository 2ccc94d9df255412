"""学籍名册: the school register as it came, kept day by day, and the ledger beside the newest of them.

What the ledger learnt after the register's day is no difference to settle here but something that the register is
still to be told: it says so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from skillsaid_desktop.domain.entities import RegisterPerson
from skillsaid_desktop.domain.matching import Side
from skillsaid_desktop.domain.names import fold_name
from skillsaid_desktop.domain.status import ENROLLED
from skillsaid_desktop.ledgers.comparison import (
    Comparison,
    Entry,
    Movement,
    Outcome,
    PersonFacts,
    Possible,
)
from skillsaid_desktop.ledgers.roster_matches import STUDENT_COLUMNS, Candidate, Student, student_of
from skillsaid_desktop.ledgers.rosters import StoredRoster, current_rosters, former_rosters
from skillsaid_desktop.ledgers.school_classes import class_key

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading

SCHOOL, OFFICE = "school", "学籍系统"

COLUMNS = tuple(
    column.name for column in RegisterPerson.__table__.columns if column.name not in ("roster_id", "number")
)
"""What a row of the register is stored as, in this order."""

_FACTS = (("class_name", "班级"), ("major", "专业"), ("level", "培养层次"), ("state", "学籍状态"))


class _Row(NamedTuple):
    number: int
    file: str
    sheet: str
    row: int
    student_id: int | None
    name: str
    document_number: str | None
    registration_number: str | None
    class_name: str | None
    major: str | None
    level: str | None
    state: str | None

    @property
    def keys(self) -> tuple[str, ...]:
        """By what the same person is found again: numbers, else name and class."""
        keys = tuple(each for each in (self.document_number, self.registration_number) if each)
        return keys or (f"{fold_name(self.name)}|{class_key(self.class_name or '')}",)

    @property
    def standing(self) -> str:
        """How the person stands: 护理2401，在读."""
        return "，".join(each for each in (self.class_name, self.level, self.state) if each)


@dataclass(frozen=True, slots=True)
class _Own:
    """A student on the day of the comparison."""

    student: Student
    facts: dict[str, str | None]
    is_enrolled: bool
    entered_on: date | None
    last_kind: str | None
    last_on: date | None


def compare_register(reading: "Reading", day: date) -> Comparison:
    """Compare the ledger of a day with the newest school register, and that with the one before."""
    rosters = current_rosters(reading, SCHOOL)
    found = Comparison(day=day, rosters=rosters, kind=SCHOOL)
    if not rosters:
        return found
    roster, rows, own = rosters[0], _load(reading, rosters[0].id), _load_own(reading, day)
    by_key = {key: one for one in own.values() for key in _keys_of(one.student)}
    met: set[int] = set()
    strangers: list[Entry] = []
    for row in rows:
        one = own.get(row.student_id or 0) or next((by_key[key] for key in row.keys if key in by_key), None)
        if one is None:
            strangers.append(
                Entry(
                    student=_stranger(row),
                    outcome=Outcome.ONLY_IN_REGISTER,
                    people=(_possible(row, roster),),
                    differing=("台账里没有这个人",),
                )
            )
            continue
        met.add(one.student.id)
        if not one.is_enrolled and row.state is not None and row.state not in ENROLLED:
            continue  # gone on both sides
        differing = tuple(_differing(one, row, roster.as_of))
        outcome = Outcome.DIFFERS if differing else Outcome.SAME
        found.entries.append(
            Entry(student=one.student, outcome=outcome, people=(_possible(row, roster),), differing=differing)
        )
    found.entries += strangers
    found.entries += [
        Entry(
            student=one.student,
            outcome=Outcome.ONLY_IN_SCHOOL,
            differing=(f"截至 {roster.as_of} 的学籍名册里没有这个学生",),
        )
        for one in own.values()
        if one.is_enrolled
        and one.student.id not in met
        and (one.entered_on is None or one.entered_on <= roster.as_of)
    ]
    for former in former_rosters(reading, SCHOOL):
        _compare_with_former(found, rows, _load(reading, former.id), own)
    return found


def _load(reading: "Reading", roster_id: int) -> list[_Row]:
    return [
        _Row(*row)
        for row in reading.rows(
            f"SELECT number, {', '.join(COLUMNS)} FROM register_person WHERE roster_id = ? ORDER BY number",
            (roster_id,),
        )
    ]


def _load_own(reading: "Reading", day: date) -> dict[int, _Own]:
    """Return everybody whom the ledger knows on a day, also those who have left."""
    found = {}
    for row in reading.rows(
        f"SELECT {STUDENT_COLUMNS}, sp.major, sp.level, sp.state, sp.is_enrolled,"
        " (SELECT min(changed_on) FROM status_change c WHERE c.student_id = s.id AND c.kind IN ('入学', '转入')),"
        " (SELECT c.kind || '|' || c.changed_on FROM status_change c WHERE c.student_id = s.id"
        "  AND c.changed_on <= :day ORDER BY c.changed_on DESC, c.id DESC LIMIT 1)"
        " FROM student s JOIN student_span sp ON sp.student_id = s.id AND sp.from_on <= :day AND sp.to_on >= :day"
        " ORDER BY sp.class_name, s.name_sort, s.id",
        {"day": day.isoformat()},
    ):
        student = student_of(row)
        major, level, state, is_enrolled, entered, last = row[17:]
        kind, _, on = (last or "").partition("|")
        found[student.id] = _Own(
            student=student,
            facts={"class_name": student.class_name, "major": major, "level": level, "state": state},
            is_enrolled=bool(is_enrolled),
            entered_on=date.fromisoformat(entered) if entered else None,
            last_kind=kind or None,
            last_on=date.fromisoformat(on) if on else None,
        )
    return found


def _keys_of(student: Student) -> Iterator[str]:
    yield from (each for each in (student.side.number, student.registration_number) if each)
    yield f"{student.side.folded}|{class_key(student.class_name or '')}"


def _differing(one: _Own, row: _Row, as_of: date) -> Iterator[str]:
    """Say what the register tells differently of a student, and what happened after its day."""
    own = one.student.side
    if fold_name(row.name) != own.folded:
        yield f"姓名：台账{own.name}，学籍名册{row.name}"
    if row.document_number and own.number and row.document_number != own.number:
        yield "证件号：台账和学籍名册不同"
    registration = one.student.registration_number
    if row.registration_number and registration and row.registration_number != registration:
        yield f"学籍号：台账 {registration}，学籍名册 {row.registration_number}"
    later = f"（台账 {one.last_on} {one.last_kind}，学籍名册截至 {as_of}）"
    is_later = one.last_on is not None and one.last_on > as_of
    for name, title in _FACTS:
        before, after = one.facts[name], getattr(row, name)
        if not before or not after or before == after:
            continue
        if name == "class_name" and class_key(before) == class_key(after):
            continue
        yield f"{title}：台账{before}，学籍名册{after}{later if is_later else ''}"


def _possible(row: _Row, roster: StoredRoster) -> Possible:
    number = row.document_number
    side = Side(
        name=row.name, folded=fold_name(row.name), number=number, born=(number or "")[6:14],
        household_number=None, head_name=None, head_number=None, county=None, township=None, village=None,
    )  # fmt: skip
    details = {name: getattr(row, name) for name, _title in _FACTS}
    details["registration_number"] = row.registration_number
    facts = PersonFacts(
        sheet=row.sheet, row=row.row, person_number=None, relation=None, village_group=None, category=None,
        original_wording=None, identified_on=None, is_risk_cleared=False, risk_cleared_on=None, conclusion=None,
        details=details,
    )  # fmt: skip
    return Possible(candidate=Candidate(roster.id, row.number, side, None), roster=roster, facts=facts)


def _stranger(row: _Row) -> Student:
    """Return somebody whom the ledger does not know, as the register tells of him; the id is no student's."""
    side = Side(
        name=row.name, folded=fold_name(row.name), number=row.document_number, born="", household_number=None,
        head_name=None, head_number=None, county=None, township=None, village=None,
    )  # fmt: skip
    return Student(-row.number, side, row.class_name, False, None, row.registration_number)


def _compare_with_former(
    found: Comparison, now: Sequence[_Row], before: Sequence[_Row], own: dict[int, _Own]
) -> None:
    """Say who came, went or stands elsewhere than in the register before."""
    old, new = _by_key(before), _by_key(now)

    def moved(row: _Row, was: str, has: str) -> Movement:
        one = own.get(row.student_id or 0)
        return Movement(one.student if one else _stranger(row), OFFICE, was, has)

    for row in now:
        other = next((old[key] for key in row.keys if key in old), None)
        if other is None:
            found.newly_listed.append(moved(row, "", row.standing))
        elif other.standing != row.standing:
            found.category_changed.append(moved(row, other.standing, row.standing))
    found.removed += [
        moved(row, row.standing, "") for row in before if not any(key in new for key in row.keys)
    ]


def _by_key(rows: Iterable[_Row]) -> dict[str, _Row]:
    return {key: row for row in rows for key in row.keys}


def register_row(
    values: dict[str, Any], place: tuple[str, str, int], student_id: int | None
) -> tuple[Any, ...]:
    """Return what is kept of a row: the values of COLUMNS."""
    return (
        *place, student_id, values.get("name"), values.get("document_number"), values.get("registration_number"),
        values.get("class_name"), values.get("major"), values.get("level"), values.get("state"),
    )  # fmt: skip
