"""How pairings stand on a day: whom each leader helps, when they last spoke, and what is not as it should be."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from skillsaid_desktop.domain.pairings import days_without_contact, has_leader_left, is_overdue

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading


@dataclass(frozen=True, kw_only=True)
class PairingStanding:
    """A pairing that holds on a day.

    `last_on` is the last contact of this leader with this student since they were paired, `last_said` what was hard
    then, or else how things were. A leader of whom one open pairing says that he has left has left all his students;
    a contact is overdue only where somebody is there to make it, and not on the last day. `ended_on` is that last day,
    where it is known already.
    """

    id: int
    leader: str
    post: str
    phone: str
    paired_on: date
    ended_on: date | None
    end_reason: str
    student_id: int
    student: str
    document_number: str
    class_name: str
    state: str
    is_enrolled: bool
    is_target: bool
    is_paired_county: bool
    student_phone: str
    contacts: int
    last_on: date | None
    last_said: str
    days: int
    is_overdue: bool
    has_leader_left: bool

    @property
    def must_end(self) -> bool:
        """Say whether this pairing waits for its end: leader or student is gone."""
        return self.ended_on is None and (self.has_leader_left or not self.is_enrolled)

    @property
    def who(self) -> str:
        """The student as a sentence has him: 余强（建筑2401）."""
        return f"{self.student}（{self.class_name}）" if self.class_name else self.student


@dataclass(frozen=True, kw_only=True)
class Unpaired:
    """A 在籍帮扶对象 whom no leader helps."""

    student_id: int
    student: str
    document_number: str
    class_name: str
    county: str
    category: str
    is_paired_county: bool
    is_deep_poverty_village: bool


def active_pairings(reading: "Reading", day: date, *, leader: str | None = None) -> list[PairingStanding]:
    """Return the pairings that hold on a day, by leader, class and name; of one leader if one is named.

    Whose students have left the school are among them: their pairing waits for its end.
    """
    weeks = reading.settings.contact_weeks
    rows = reading.rows(
        "SELECT p.id, p.leader, p.post, p.phone, p.paired_on, p.end_reason, s.id, s.name, s.document_number,"
        " sp.class_name, sp.state, coalesce(sp.is_enrolled, 0), coalesce(sp.is_target, 0),"
        # Beside its max() SQLite gives the other columns of the contact that has it: the last one, of a day the newest.
        " coalesce(sp.is_paired_county, 0), s.phone, count(c.id), max(c.contacted_on || printf(' %012d', c.id)),"
        " coalesce(nullif(c.difficulties, '无'), c.situation), p.ended_on FROM pairing p"
        " JOIN student s ON s.id = p.student_id"
        " LEFT JOIN student_span sp ON sp.student_id = s.id AND sp.from_on <= :day AND sp.to_on >= :day"
        " LEFT JOIN contact c ON c.student_id = p.student_id AND c.leader = p.leader"
        " AND c.contacted_on BETWEEN p.paired_on AND :day"
        " WHERE p.paired_on <= :day AND (p.ended_on IS NULL OR p.ended_on >= :day)"
        " AND (:leader IS NULL OR p.leader = :leader)"
        " GROUP BY p.id ORDER BY p.leader, sp.grade, sp.class_name, s.name_sort, p.id",
        {"day": day.isoformat(), "leader": leader},
    )
    gone = {row[1] for row in rows if has_leader_left(row[5])}
    found = []
    for row in rows:
        paired_on, last_on = date.fromisoformat(row[4]), date.fromisoformat(row[16][:10]) if row[16] else None
        ended_on = date.fromisoformat(row[18]) if row[18] else None
        is_here = bool(row[11])
        is_helped = is_here and row[1] not in gone and ended_on != day
        found.append(
            PairingStanding(
                id=row[0], leader=row[1], post=row[2] or "", phone=row[3] or "", paired_on=paired_on,
                ended_on=ended_on, end_reason=row[5] or "", student_id=row[6], student=row[7], document_number=row[8] or "",
                class_name=row[9] or "", state=row[10] or "", is_enrolled=is_here, is_target=bool(row[12]),
                is_paired_county=bool(row[13]), student_phone=row[14] or "", contacts=row[15], last_on=last_on,
                last_said=row[17] or "",
                days=days_without_contact(day, last_on, paired_on),
                is_overdue=is_helped and is_overdue(day, last_on, paired_on, weeks),
                has_leader_left=row[1] in gone,
            )
        )  # fmt: skip
    return found


def unpaired_students(reading: "Reading", day: date) -> list[Unpaired]:
    """Return the 在籍帮扶对象 without a pairing: 对口贫困县 first, then 深度贫困村, then by class and name."""
    rows = reading.rows(
        "SELECT s.id, s.name, s.document_number, sp.class_name, s.home_county, sp.category, sp.is_paired_county,"
        " coalesce(s.is_deep_poverty_village, 0) FROM student_span sp JOIN student s ON s.id = sp.student_id"
        " WHERE sp.from_on <= :day AND sp.to_on >= :day AND sp.is_enrolled AND sp.is_target"
        " AND NOT EXISTS (SELECT 1 FROM pairing p WHERE p.student_id = s.id AND p.paired_on <= :day"
        " AND (p.ended_on IS NULL OR p.ended_on >= :day))"
        " ORDER BY 7 DESC, 8 DESC, sp.grade, sp.class_name, s.name_sort, s.id",
        {"day": day.isoformat()},
    )
    return [
        Unpaired(
            student_id=row[0], student=row[1], document_number=row[2] or "", class_name=row[3] or "",
            county=row[4] or "", category=row[5] or "", is_paired_county=bool(row[6]),
            is_deep_poverty_village=bool(row[7]),
        )
        for row in rows
    ]  # fmt: skip
