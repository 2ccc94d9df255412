"""What a child process is doing when its power is cut: one short stretch of work each, told step by step.

Each work takes the place it is done in and `say`, which acknowledges what has been committed: what was said must
be there after the cut.
"""

import os
from collections.abc import Callable
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from skillsaid_desktop.domain.entities import MonitoringNote, Student
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.figures.frozen import closed_months
from skillsaid_desktop.services.closing import close_month, reopen_month
from skillsaid_desktop.services.files import NewFile, add_one
from skillsaid_desktop.storage import LedgerFile, restore
from tests.factories import (
    PASSPHRASE,
    enrol,
    make_class,
    make_contact,
    make_ledger,
    make_pairing,
    make_student,
)
from tests.later_schema import become_later

Say = Callable[[object], None]
Work = Callable[[Path, Say], None]

BEGINS = "begins"
MONTHS = ("2025-09", "2025-10", "2025-11")
ROWS = 60
FILES = 4
ROUNDS = 6  # so that most of the time is the work itself, and not the opening
STUDENTS = 1500
NEW_PASSPHRASE = "信江-2026"
RESTORED = ("回来1.skillsaid", "回来2.skillsaid")


def child(work: Work, place: Path, environment: dict[str, str], told: Connection) -> None:
    """Do one piece of work in a process of its own; the first word says that it begins."""
    os.environ.update(environment)
    told.send(BEGINS)
    work(place, told.send)


def make(ledger: Path, say: Say) -> None:
    """Make a new ledger."""
    make_ledger(ledger).close(backup=False)
    say("made")


def edit(ledger: Path, say: Say) -> None:
    """Write rows in bulk, change them, take an operation back, back up."""
    opened = LedgerFile.open(ledger, passphrase=PASSPHRASE)
    for number in range(3):
        with opened.operation(f"第 {number} 步") as uow:
            rows = [
                {"name": f"{number}/{at}", "name_folded": "生", "address": "村" * 50} for at in range(ROWS)
            ]
            ids = uow.insert_many(Student, rows)
            uow.update_many(Student, [{"id": one, "phone": "138"} for one in ids])
        say(uow.operation_id)
    say(opened.undo().id)
    opened.backup(ledger.with_name("优盘"))
    opened.close(backup=False)


def keep_files(ledger: Path, say: Say) -> None:
    """Add files to a student, take one off, take that back, clear what was removed; several times."""
    opened = LedgerFile.open(ledger, passphrase=PASSPHRASE)
    with opened.operation("新增学生") as uow:
        student_id = make_student(uow)
    for number in range(ROUNDS):
        with opened.operation(f"第 {number} 批材料") as uow:
            for at in range(FILES):
                content = b"%PDF-" + f"{uow.operation_id} {at} ".encode() * 20_000
                add_one(
                    uow, "student", student_id, NewFile(f"{at}.pdf", content, "application/pdf", "身份证")
                )
        say(uow.operation_id)
        say(opened.undo().id)
        say(opened.redo().id)
        say(opened.undo().id)
        if number % 2:
            opened.clear_removed_files()
    opened.close(backup=False)


def prepare_months(ledger: Path) -> None:
    """Give a ledger forty students, all looked at and talked to in three months, so that the months can be closed."""
    opened = LedgerFile.open(ledger, passphrase=PASSPHRASE)
    with opened.operation("导入学生名册 40 人") as uow:
        class_id = make_class(uow, "机电2301")
        for at in range(40):
            category = "脱贫户" if at % 2 else None
            enrol(uow, f"学生{at}", class_id=class_id, category=category, sex=None, born_on=None)
    with opened.operation("填监测") as uow:
        for month in MONTHS:
            noted_on = date(2025, int(month[5:]), 20)
            for person in compute_figures(uow, month, True)["T1"].people:
                if month == MONTHS[0]:
                    make_pairing(uow, person.student_id, on=date(2025, 8, 26))
                make_contact(uow, person.student_id, noted_on)
                uow.add(
                    MonitoringNote(
                        student_id=person.student_id, month=month, noted_on=noted_on, noted_by="万"
                    )
                )
    opened.close(backup=False)


def close_and_reopen(ledger: Path, say: Say) -> None:
    """Close the months that are open, one by one, then open all of them again; several times."""
    opened = LedgerFile.open(ledger, passphrase=PASSPHRASE)
    with opened.reading() as reading:
        closed = closed_months(reading)
    for _ in range(ROUNDS):
        for month in MONTHS:
            if month not in closed:
                say(close_month(opened, month).operation_id)
        closed = set()
        reopen_month(opened, MONTHS[0], "补登异动")
        say(opened.history(limit=1)[0].id)
    opened.close(backup=False)


def fill(ledger: Path) -> None:
    """Give a ledger enough rows that upgrading and copying it takes a while."""
    opened = LedgerFile.open(ledger, passphrase=PASSPHRASE)
    with opened.operation("导入学生名册") as uow:
        rows = [{"name": f"学生{at}", "name_folded": "生", "address": "村" * 50} for at in range(STUDENTS)]
        uow.insert_many(Student, rows)
    opened.close(backup=False)


def upgrade(ledger: Path, say: Say) -> None:
    """Open a ledger with the later program, which copies and upgrades it first."""
    become_later(ledger.with_name("scripts"))
    opened = LedgerFile.open(ledger, passphrase=PASSPHRASE)
    say("upgraded")
    opened.close(backup=False)


def bring_back(backup: Path, say: Say) -> None:
    """Restore a backup twice, to two new places."""
    for name in RESTORED:
        restore(backup, backup.with_name(name), passphrase=PASSPHRASE)
        say(name)


def change_keys(ledger: Path, say: Say) -> None:
    """Change the passphrase, renew the recovery code, change the passphrase back; several times."""
    opened = LedgerFile.open(ledger, passphrase=PASSPHRASE)
    for _ in range(ROUNDS):
        opened.change_passphrase(PASSPHRASE, NEW_PASSPHRASE)
        say(NEW_PASSPHRASE)
        opened.renew_recovery_code(NEW_PASSPHRASE)
        opened.change_passphrase(NEW_PASSPHRASE, PASSPHRASE)
        say(PASSPHRASE)
    opened.close(backup=False)
