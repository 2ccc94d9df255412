"""QUALITY section 2: one user action (row 12), the journalled bulk insert, its undo (row 14), a verified backup (row 13).

Run with `pytest tests/bench/test_storage_bench.py --benchmark-enable -s`; every ratio against a baseline measured
in the same run. Without that switch the same code runs small, and nothing is timed.
"""

import os
import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from skillsaid_desktop.domain.entities import StatusChange, Student
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.storage.bulk import value_lists
from skillsaid_desktop.storage.connection import Connection, connect
from tests.factories import make_ledger


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def report(name: str, ours: float, theirs: float, bar: float, *, is_measured: bool) -> None:
    if is_measured:
        print(
            f"\n{name}: {ours * 1000:.1f} ms, beside {theirs * 1000:.1f} ms, ratio {ours / theirs:.2f} (bar {bar})"
        )


def people(number: int) -> list[dict[str, Any]]:
    """Return students of 29 filled columns."""
    texts = {
        name: f"某{name}"
        for name in (
            "name_pinyin", "name_initials", "sex", "ethnicity", "political_status", "phone", "guardian_name",
            "guardian_relation", "guardian_phone", "home_province", "home_city", "home_county", "home_township",
            "home_village", "address", "current_address", "enrolment_preference", "applicant_kind",
            "previous_school", "bank_card", "account_name", "household_number",
        )
    }  # fmt: skip
    return [
        {"name": f"生{one}", "name_folded": f"生{one}", "name_sort": f"sheng{one}", "born_on": date(2008, 6, 20),
         "document_number": f"36073120080620{one:05}", "registration_number": f"G{one:08}",
         "student_number": f"{one:08}", "years_of_study": 3, **texts}
        for one in range(number)
    ]  # fmt: skip


def bare_copy(ledger_file: LedgerFile, path: Path) -> Connection:
    """Return an encrypted database with the same tables and indexes and nothing else."""
    bare = connect(path, bytes(32), salt="00" * 16)
    bare.execute("PRAGMA journal_mode = WAL")
    with ledger_file.reading() as reading:
        for (sql,) in reading.rows(
            "SELECT sql FROM sqlite_master WHERE type <> 'trigger' AND sql IS NOT NULL AND name NOT LIKE 'sqlite%' "
            "ORDER BY type DESC"
        ):
            bare.execute(sql)
    return bare


def insert(bare: Connection, table: Any, rows: list[dict[str, Any]], first: int = 1) -> None:
    names = [column.name for column in table.columns]
    values = value_lists(table, names, rows, range(first, first + len(rows)))
    bare.execute("BEGIN IMMEDIATE")
    bare.executemany(
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", values
    )
    bare.execute("COMMIT")


@pytest.mark.timeout(600)
def test_one_user_action(benchmark: Any, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    is_measured = bool(request.config.getoption("benchmark_enable"))
    number, actions = (2000, 60) if is_measured else (20, 2)
    ledger_file = make_ledger(tmp_path / "账.skillsaid")
    bare = bare_copy(ledger_file, tmp_path / "bare.db")
    with ledger_file.operation("准备") as uow:
        ids = uow.insert_many(Student, people(number))
        entered = [{"student_id": one, "kind": "入学", "changed_on": date(2023, 9, 1)} for one in ids]
        uow.insert_many(StatusChange, entered)
    insert(bare, Student.__table__, people(number))
    insert(bare, StatusChange.__table__, entered)
    ours: list[float] = []
    theirs: list[float] = []
    for turn in range(actions):
        row: dict[str, Any] = {"student_id": ids[turn], "kind": "休学", "changed_on": date(2025, 10, 10)}

        def act() -> None:
            with ledger_file.operation("登记休学") as uow:
                uow.add(StatusChange(**row))  # noqa: B023

        ours.append(timed(act))
        theirs.append(timed(lambda: insert(bare, StatusChange.__table__, [row], number + 1 + turn)))  # noqa: B023
    report("one user action", median(ours), median(theirs), 2.0, is_measured=is_measured)
    bare.close()
    ledger_file.close(backup=False)
    benchmark.pedantic(lambda: None, rounds=1)


@pytest.mark.timeout(600)
def test_journalled_bulk_and_its_undo(benchmark: Any, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    is_measured = bool(request.config.getoption("benchmark_enable"))
    number = 10_000 if is_measured else 50
    rows = people(number)
    theirs, ours, undone = [], [], []
    for turn in range(3 if is_measured else 1):
        ledger_file = make_ledger(tmp_path / f"账{turn}.skillsaid")
        bare = bare_copy(ledger_file, tmp_path / f"bare{turn}.db")
        theirs.append(timed(lambda: insert(bare, Student.__table__, rows)))  # noqa: B023

        def bring() -> None:
            with ledger_file.operation("导入") as uow:  # noqa: B023
                uow.insert_many(Student, rows)

        ours.append(timed(bring))
        undone.append(timed(ledger_file.undo))
        bare.close()
        ledger_file.close(backup=False)
    report(f"{number} rows journalled", median(ours), median(theirs), 3.0, is_measured=is_measured)
    report("their undo, beside the bulk write", median(undone), median(ours), 1.0, is_measured=is_measured)
    benchmark.pedantic(lambda: None, rounds=1)


@pytest.mark.timeout(600)
def test_verified_backup(benchmark: Any, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    is_measured = bool(request.config.getoption("benchmark_enable"))
    ledger_file = make_ledger(tmp_path / "账.skillsaid")
    for _ in range(16 if is_measured else 1):
        with ledger_file.operation("填充") as uow:
            rows = people(10_000 if is_measured else 50)
            uow.insert_many(Student, [{**row, "document_number": None} for row in rows])
    with ledger_file.reading() as reading:
        reading.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def copy() -> None:
        target = Path(shutil.copyfile(ledger_file.path, tmp_path / "copy"))
        with target.open("rb+") as file:
            os.fsync(file.fileno())

    theirs = timed(copy)
    ours = timed(lambda: ledger_file.backup(tmp_path / "优盘"))
    size = ledger_file.path.stat().st_size >> 20
    report(f"verified backup of {size} MB", ours, theirs, 4.0, is_measured=is_measured)
    ledger_file.close(backup=False)
    benchmark.pedantic(lambda: None, rounds=1)
