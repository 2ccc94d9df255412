"""The log comes home beside the work: no action waits for it, and none is lost if it does not."""

import os
from pathlib import Path

import pytest

from skillsaid_desktop.domain.entities import Student
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.storage.connection import connect
from tests.factories import make_student


def bring(ledger_file: LedgerFile, number: int) -> None:
    with ledger_file.operation("导入") as uow:
        uow.insert_many(Student, [{"name": f"生{one}", "name_folded": "生"} for one in range(number)])


def people_in_the_file_itself(ledger_file: LedgerFile, path: Path) -> int:
    """Count in a copy of the file without its log."""
    path.write_bytes(ledger_file.path.read_bytes())
    connection = connect(path, ledger_file._key, immutable=True)
    try:
        return int(connection.execute("SELECT count(*) FROM student").fetchone()[0])
    finally:
        connection.close()


def test_one_action_writes_to_the_log_and_leaves_the_file(ledger_file: LedgerFile, tmp_path: Path) -> None:
    before = ledger_file.path.read_bytes()
    with ledger_file.operation("新增学生") as uow:
        make_student(uow)
    assert ledger_file.path.read_bytes() == before
    assert people_in_the_file_itself(ledger_file, tmp_path / "副本") == 0
    with ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM student") == 1


def test_after_many_rows_the_log_comes_home(ledger_file: LedgerFile, tmp_path: Path) -> None:
    bring(ledger_file, 1200)
    ledger_file._checkpoint.wait()
    assert people_in_the_file_itself(ledger_file, tmp_path / "副本") == 1200


def test_many_small_actions_bring_it_home_too(ledger_file: LedgerFile, tmp_path: Path) -> None:
    for _ in range(120):
        with ledger_file.operation("新增学生") as uow:
            make_student(uow)
    ledger_file._checkpoint.wait()
    assert people_in_the_file_itself(ledger_file, tmp_path / "副本") >= 80


def test_a_reader_in_the_way_stops_nobody(ledger_file: LedgerFile) -> None:
    with ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM student") == 0
        for _ in range(3):
            bring(ledger_file, 1200)
        ledger_file._checkpoint.wait()
        assert reading.scalar("SELECT count(*) FROM student") == 0
    bring(ledger_file, 1200)
    ledger_file.close(backup=False)
    assert not ledger_file.path.with_name(f"{ledger_file.path.name}-wal").exists()


@pytest.mark.skipif(os.name == "nt", reason="an open file can not be renamed")
def test_a_file_that_can_not_be_reached_is_left_to_the_next_write(ledger_file: LedgerFile) -> None:
    away = ledger_file.path.rename(ledger_file.path.with_name("别处"))
    ledger_file._checkpoint.committed(5000)
    ledger_file._checkpoint.wait()
    away.rename(ledger_file.path)
    bring(ledger_file, 5)
    assert ledger_file.verify().is_whole
