"""What tests are made of, valid unless told otherwise: a ledger, a student, an event."""

from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from skillsaid_desktop.domain.entities import (
    Contact,
    HardshipStatus,
    Pairing,
    SchoolClass,
    StatusChange,
    Student,
)
from skillsaid_desktop.storage import LedgerFile, UnitOfWork

PASSPHRASE = "鄱阳湖-2025"
SCHOOL = "江西示范技师学院"

_numbers = count(1)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def make_ledger(path: Path, **settings: object) -> LedgerFile:
    """Make a ledger with the Jiangxi policy, first month 2025-09, cut-off day 25."""
    from skillsaid_desktop.policy.policy import default_policy_text

    ledger_file, _code = LedgerFile.create(
        path,
        passphrase=PASSPHRASE,
        settings={
            "school_name": SCHOOL,
            "cutoff_day": 25,
            "first_month": "2025-09",
            "paired_counties": [["于都县", None, None], ["乐安县", None, None]],
            **settings,
        },
        policy_text=default_policy_text("jiangxi"),
        policy_name="jiangxi",
    )
    return ledger_file


def document_number(serial: int | None = None, *, born_on: date = date(2008, 6, 20)) -> str:
    """Return a valid resident number of an invented person of 于都县."""
    serial = next(_numbers) if serial is None else serial
    # Three digits tell people of one birthday apart; the day moves on when they are used up.
    born = date.fromordinal(born_on.toordinal() + serial // 999)
    text = f"360731{born:%Y%m%d}{serial % 999 + 1:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=True))
    return text + "10X98765432"[total % 11]


def make_class(uow: UnitOfWork, name: str = "机电2301", **values: Any) -> int:
    """Add a class and return its id."""
    school_class = SchoolClass(**{"name": name, "grade": 2023, "major": "机电", "level": "中级工", **values})
    uow.add(school_class)
    uow.flush()
    return school_class.id


def make_student(uow: UnitOfWork, name: str = "刘志豪", **values: Any) -> int:
    """Add a student without events and return the id."""
    number = values.pop("document_number", None) or document_number()
    student = Student(
        **{
            "name": name,
            "name_folded": name,
            "sex": "男",
            "born_on": date(2008, 6, 20),
            "document_number": number,
            **values,
        }
    )
    uow.add(student)
    uow.flush()
    return student.id


def make_event(uow: UnitOfWork, student_id: int, kind: str, on: date, **values: Any) -> int:
    """Add a status change and return its id."""
    event = StatusChange(**{"student_id": student_id, "kind": kind, "changed_on": on, **values})
    uow.add(event)
    uow.flush()
    return event.id


def make_hardship(uow: UnitOfWork, student_id: int, category: str, from_on: date, **values: Any) -> int:
    """Add a hardship status and return its id."""
    status = HardshipStatus(**{"student_id": student_id, "category": category, "from_on": from_on, **values})
    uow.add(status)
    uow.flush()
    return status.id


def make_pairing(
    uow: UnitOfWork, student_id: int, leader: str = "查文彬", on: date = date(2025, 9, 1), **values: Any
) -> int:
    """Pair a student with a leader and return the pairing's id."""
    pairing = Pairing(**{"student_id": student_id, "leader": leader, "paired_on": on, **values})
    uow.add(pairing)
    uow.flush()
    return pairing.id


def make_contact(
    uow: UnitOfWork, student_id: int, on: date, leader: str = "查文彬", form: str = "面谈", **values: Any
) -> int:
    """Add a contact of a leader with a student and return its id."""
    contact = Contact(
        **{"student_id": student_id, "leader": leader, "contacted_on": on, "form": form, **values}
    )
    uow.add(contact)
    uow.flush()
    return contact.id


def enrol(
    uow: UnitOfWork,
    name: str = "刘志豪",
    *,
    class_id: int | None = None,
    on: date = date(2023, 9, 1),
    category: str | None = None,
    major: str = "机电",
    level: str = "中级工",
    **values: Any,
) -> int:
    """Add a student who entered, a target from that day on if a category is given; return the id."""
    student_id = make_student(uow, name, **values)
    make_event(uow, student_id, "入学", on, class_id=class_id, major=major, level=level)
    if category:
        make_hardship(uow, student_id, category, on)
    return student_id
