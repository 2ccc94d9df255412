"""Pages are looked through beside the first readings: reading goes on, writing waits, damage is told."""

import threading
from pathlib import Path

import pytest

from skillsaid_desktop.storage import DamagedError, LedgerFile, page_check
from skillsaid_desktop.storage.connection import Connection
from skillsaid_desktop.storage.inspection import scan_pages
from tests.factories import PASSPHRASE, SCHOOL, make_student

PAGE = 4096
WAIT_S = 20


def zero_the_last_page(path: Path) -> bytes:
    """Damage a page that opening does not read, and return the file's bytes."""
    content = path.read_bytes()
    damaged = content[:-PAGE] + bytes(PAGE)
    path.write_bytes(damaged)
    return damaged


def test_a_damaged_page_that_nobody_read_is_told_and_nothing_is_written(ledger_path: Path) -> None:
    LedgerFile.open(ledger_path, passphrase=PASSPHRASE).close(backup=False)
    damaged = zero_the_last_page(ledger_path)
    ledger_file = LedgerFile.open(ledger_path, passphrase=PASSPHRASE, checks_beside=True)
    told: list[DamagedError] = []
    heard = threading.Event()

    def hear(error: DamagedError) -> None:
        told.append(error)
        heard.set()

    ledger_file.on_damage(hear)
    assert heard.wait(WAIT_S)
    assert "损坏" in told[0].message
    for _ in range(2):
        with pytest.raises(DamagedError), ledger_file.operation("新生") as uow:
            make_student(uow)
    ledger_file.close(backup=False)
    assert ledger_path.read_bytes() == damaged, "a damaged file is left as it is"


def test_damage_is_told_to_who_asks_after_it_was_found(ledger_path: Path) -> None:
    LedgerFile.open(ledger_path, passphrase=PASSPHRASE).close(backup=False)
    zero_the_last_page(ledger_path)
    ledger_file = LedgerFile.open(ledger_path, passphrase=PASSPHRASE, checks_beside=True)
    with pytest.raises(DamagedError), ledger_file.operation("新生") as uow:
        make_student(uow)
    told: list[DamagedError] = []
    ledger_file.on_damage(told.append)
    assert len(told) == 1
    ledger_file.close(backup=False)


def test_reading_goes_on_and_writing_waits_until_all_pages_are_known_to_be_whole(
    ledger_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()
    real = scan_pages

    def slow(connection: Connection, path: Path) -> None:
        assert may_end.wait(WAIT_S)
        real(connection, path)

    monkeypatch.setattr(page_check, "scan_pages", slow)
    ledger_file = LedgerFile.open(ledger_path, passphrase=PASSPHRASE, checks_beside=True)
    with ledger_file.reading() as reading:
        assert reading.settings.school_name == SCHOOL
    written = threading.Event()

    def write() -> None:
        with ledger_file.operation("新生") as uow:
            make_student(uow)
        written.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert not written.wait(0.1)
    may_end.set()
    writer.join(WAIT_S)
    assert written.is_set()
    with ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM student") == 1
    ledger_file.close(backup=False)


def test_closing_waits_for_the_look_through_the_pages(
    ledger_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()
    monkeypatch.setattr(page_check, "scan_pages", lambda *_: may_end.wait(WAIT_S))
    ledger_file = LedgerFile.open(ledger_path, passphrase=PASSPHRASE, checks_beside=True)
    closing = threading.Thread(target=lambda: ledger_file.close(backup=False))
    closing.start()
    closing.join(0.1)
    assert closing.is_alive()
    may_end.set()
    closing.join(WAIT_S)
    assert not closing.is_alive()
    LedgerFile.open(ledger_path, passphrase=PASSPHRASE).close(backup=False)


def test_closing_waits_for_who_still_reads_and_leaves_no_log_behind(ledger_path: Path) -> None:
    ledger_file = LedgerFile.open(ledger_path, passphrase=PASSPHRASE, checks_beside=True)
    with ledger_file.operation("登记学生") as uow:
        make_student(uow)
    reads, may_end = threading.Event(), threading.Event()

    def count() -> None:
        with ledger_file.reading() as reading:
            reading.scalar("SELECT count(*) FROM student")
            reads.set()
            may_end.wait(WAIT_S)

    counting = threading.Thread(target=count)
    counting.start()
    assert reads.wait(WAIT_S)
    closing = threading.Thread(target=lambda: ledger_file.close(backup=False))
    closing.start()
    closing.join(0.1)
    assert closing.is_alive()
    may_end.set()
    closing.join(WAIT_S)
    assert not closing.is_alive()
    assert not ledger_path.with_name(ledger_path.name + "-wal").exists()
