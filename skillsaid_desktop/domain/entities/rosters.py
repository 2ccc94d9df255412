"""Other offices' rosters as dated snapshots, and what was judged about their people (DOMAIN section 2, 名册比对)."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from skillsaid_desktop.domain.entities.base import Entity, Snapshot


class Roster(Entity, kw_only=True):
    """名册: one file of another office, as of a day. The newest of an office is the one compared with."""

    __tablename__ = "roster"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    kind: Mapped[str]  # poverty, training, school
    office: Mapped[str]  # the county, or who else keeps it
    file: Mapped[str]
    digest: Mapped[str] = mapped_column(index=True)  # SHA-256 of the file
    as_of: Mapped[date]
    counties: Mapped[str]  # the counties of its people, joined by 、
    people: Mapped[int]
    people_digest: Mapped[str]  # SHA-256 over the rows, which no journal watches one by one
    problems: Mapped[object] = mapped_column(JSON)  # list of {severity, code, sheet, row, column, message}
    received_at: Mapped[datetime]


class RosterPerson(Snapshot, kw_only=True):
    """One row of a roster. Folded and upper-case columns are match keys; words stand as the office wrote them."""

    __tablename__ = "roster_person"
    __table_args__ = (
        # Wide enough that candidates are told from the many of one name or birthday without looking at their rows.
        Index(None, "number_key", "name_folded"),
        Index(None, "name_folded", "number_key", "village", "head_name"),
        Index(None, "household_number"),
        {"sqlite_with_rowid": False},
    )
    roster_id: Mapped[int] = mapped_column(
        primary_key=True
    )  # no foreign key: undo takes the roster, not its rows
    number: Mapped[int] = mapped_column(primary_key=True)  # counts the rows of the roster from 1
    sheet: Mapped[str]
    row: Mapped[int]
    name: Mapped[str]
    name_folded: Mapped[str]
    document_number: Mapped[str | None]
    number_key: Mapped[str | None]  # the 18 characters of a resident number, also of a disability certificate
    household_number: Mapped[str | None]
    person_number: Mapped[str | None]
    relation: Mapped[str | None]
    head_name: Mapped[str | None]
    head_document_number: Mapped[str | None]
    county: Mapped[str | None]
    township: Mapped[str | None]
    village: Mapped[str | None]
    village_group: Mapped[str | None]
    category: Mapped[str | None]
    original_wording: Mapped[str | None]
    identified_on: Mapped[date | None]
    is_risk_cleared: Mapped[bool | None]
    risk_cleared_on: Mapped[date | None]
    phone: Mapped[str | None]
    conclusion: Mapped[str | None]  # what a downloaded comparison says of the person: 一致, 查无此人 …
    details: Mapped[str | None]  # JSON: what else the row says, by field name


class RegisterPerson(Snapshot, kw_only=True):
    """One row of the school register (学籍系统) as it stood on a day; no keys, for it is read as a whole."""

    __tablename__ = "register_person"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - one tree instead of two: it is written in bulk
    roster_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # counts the rows of the register from 1
    file: Mapped[str]
    sheet: Mapped[str]
    row: Mapped[int]
    student_id: Mapped[int | None]  # who it was in the ledger when it came, None for rows that waited
    name: Mapped[str]
    document_number: Mapped[str | None]
    registration_number: Mapped[str | None]
    class_name: Mapped[str | None]
    major: Mapped[str | None]
    level: Mapped[str | None]
    state: Mapped[str | None]


class Verdict(Entity, kw_only=True):
    """结论: whether a student and somebody in a roster are one person; holds for later rosters while the facts stay."""

    __tablename__ = "verdict"
    __table_args__ = (  # type: ignore[assignment]
        UniqueConstraint("student_id", "roster_kind", "person_key"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    roster_kind: Mapped[str]
    person_key: Mapped[str] = mapped_column(index=True)  # finds the same person in the next roster
    answer: Mapped[str]  # same, different, ask
    facts: Mapped[str]  # digest of the facts on both sides that were judged
    judged_on: Mapped[date]
    judged_by: Mapped[str] = mapped_column(default="")
    remark: Mapped[str | None] = mapped_column(default=None)
