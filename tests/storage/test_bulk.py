"""Rows in bulk are journalled as rows one by one are: the same triggers write them, a hundred to a statement."""

import json
import secrets
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # it has no stubs

from skillsaid_desktop.domain.entities import CheckExplanation, Entity, Setting, StatusChange, Student
from skillsaid_desktop.storage import LedgerFile, UnitOfWork, bulk
from skillsaid_desktop.storage.connection import connect
from skillsaid_desktop.storage.journal import digest_of, new_seal
from skillsaid_desktop.storage.keys import keys_path
from tests.factories import PASSPHRASE, make_student

Rows = list[dict[str, Any]]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)  # NUL, quotes, plane 2 included
STUDENTS = st.lists(
    st.fixed_dictionaries(
        {"name": TEXT, "name_folded": TEXT},
        optional={
            "born_on": st.none() | st.dates(date(1900, 1, 1)),
            "is_boarding": st.none() | st.booleans(),
            "document_pending": st.booleans(),
            "years_of_study": st.none() | st.integers(-(2**63), 2**63 - 1),
            "remark": st.none() | TEXT,
        },
    ),
    min_size=1,
    max_size=7,
)


def copied(path: Path) -> LedgerFile:
    copy = path.with_name(f"{secrets.token_hex(8)}.skillsaid")
    shutil.copyfile(path, copy)
    shutil.copyfile(keys_path(path), keys_path(copy))
    return LedgerFile.open(copy, passphrase=PASSPHRASE)


def left_by(ledger_file: LedgerFile, write: Callable[[UnitOfWork], None]) -> list[list[tuple[Any, ...]]]:
    """Return what an operation leaves in a table and in the journal."""
    with ledger_file.operation("写入") as uow:
        write(uow)
    with ledger_file.reading() as reading:
        left = [
            reading.rows("SELECT * FROM student ORDER BY id"),
            reading.rows(
                "SELECT id, entity, record_id, before, after FROM change WHERE operation_id = ? ORDER BY id",
                (uow.operation_id,),
            ),
            reading.rows("SELECT changes, summary FROM operation WHERE id = ?", (uow.operation_id,)),
        ]
    assert ledger_file.verify().is_whole
    ledger_file.undo()
    with ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM student") == 0
    ledger_file.close(backup=False)
    return left


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=STUDENTS, at_once=st.integers(1, 4))
def test_bulk_rows_are_journalled_as_each_alone(ledger_path: Path, rows: Rows, at_once: int) -> None:
    def one_by_one(uow: UnitOfWork) -> None:
        for row in rows:
            uow.add(Student(**row))
            uow.flush()

    def in_bulk(uow: UnitOfWork) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bulk, "_AT_ONCE", at_once)
            assert uow.insert_many(Student, rows) == list(range(1, len(rows) + 1))

    assert left_by(copied(ledger_path), in_bulk) == left_by(copied(ledger_path), one_by_one)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=STUDENTS)
def test_a_row_is_journalled_as_the_json_that_sqlite_makes_of_it(ledger_path: Path, rows: Rows) -> None:
    ledger_file = copied(ledger_path)
    table = Entity.metadata.tables["student"]
    columns = ", ".join(f"'{column.name}', s.{column.name}" for column in table.columns)
    with ledger_file.operation("写入") as uow:
        uow.insert_many(Student, rows)
    with ledger_file.reading() as reading:
        for text, journalled in reading.rows(
            f"SELECT json_patch('{{}}', json_object({columns})), c.after FROM student s"
            " JOIN change c ON c.entity = 'student' AND c.record_id = s.id"
        ):
            assert journalled == text
            assert json.loads(journalled)["id"] > 0
    ledger_file.close(backup=False)


def test_ids_go_on_after_many_rows(ledger_file: LedgerFile) -> None:
    rows = [{"name": f"生{number}", "name_folded": f"生{number}"} for number in range(250)]
    with ledger_file.operation("导入") as uow:
        first = uow.insert_many(Student, rows)
        second = uow.insert_many(Student, rows)
    assert first + second == list(range(1, 501))
    with ledger_file.reading() as reading:
        names = reading.rows("SELECT name FROM student ORDER BY id")
        journalled = reading.rows("SELECT record_id FROM change WHERE entity = 'student' ORDER BY id")
    assert names == [(row["name"],) for row in rows * 2]
    assert journalled == [(each,) for each in first + second]


def test_days_moments_and_json_are_kept_as_the_mapped_table_says(ledger_file: LedgerFile) -> None:
    moment = datetime(2025, 11, 25, 8, 30)
    with ledger_file.operation("写入") as uow:
        uow.insert_many(Setting, [{"key": "a", "value": {"b": [1, None]}}])
        uow.insert_many(
            CheckExplanation,
            [{"month": "2025-11", "code": str(number), "reason": "旧账", "explained_at": moment} for number in (1, 2)],
        )  # fmt: skip
    with ledger_file.reading() as reading:
        assert reading.scalar("SELECT value FROM setting WHERE key = 'a'") == '{"b": [1, null]}'
        explained = reading.session.query(CheckExplanation).order_by(CheckExplanation.id).all()
    assert [(each.explained_at, each.subject) for each in explained] == [(moment, ""), (moment, "")]


def test_an_unknown_column_of_any_row_is_refused(ledger_file: LedgerFile) -> None:
    with pytest.raises(KeyError, match="nonsense"), ledger_file.operation("写入") as uow:
        uow.insert_many(
            Student, [{"name": "甲", "name_folded": "甲"}, {"name": "乙", "name_folded": "乙", "nonsense": 1}]
        )


def test_bulk_rows_past_an_operation_are_refused(ledger_file: LedgerFile) -> None:
    connection = connect(ledger_file.path, ledger_file._key)
    table = Entity.metadata.tables["student"]
    rows = [{"name": f"生{number}", "name_folded": "生"} for number in range(150)]
    with pytest.raises(dbapi2.IntegrityError, match="no operation"):
        bulk.insert_rows(connection.cursor(), table, rows, range(1, 151))
    assert connection.execute("SELECT count(*) FROM student").fetchone() == (0,)
    connection.close()


def test_a_row_that_can_not_be_kept_leaves_nothing_of_the_operation(ledger_file: LedgerFile) -> None:
    rows = [
        {"name": f"生{number}", "name_folded": "生", "document_number": str(number)} for number in range(150)
    ]
    with pytest.raises(dbapi2.IntegrityError, match="UNIQUE"), ledger_file.operation("导入") as uow:
        uow.insert_many(Student, [*rows, rows[140]])
    with ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM student") == 0
        assert reading.scalar("SELECT count(*) FROM change WHERE entity = 'student'") == 0


def test_nothing_and_yes_and_no_are_stored_as_themselves(ledger_file: LedgerFile) -> None:
    with ledger_file.reading() as reading:
        kinds = reading.rows("SELECT typeof(?), typeof(?), ?, ?", (None, True, True, False))
    assert kinds == [("null", "integer", 1, 0)]


@given(TEXT, st.integers(0, 2**40), st.none() | TEXT, st.none() | TEXT)
def test_a_seal_is_one_of_the_text_however_it_comes(
    entity: str, record_id: int, before: str | None, after: str | None
) -> None:
    sealed = new_seal()(entity, record_id, before and before.encode(), after and after.encode())
    assert sealed[8:] == digest_of(sealed[:8], entity, record_id, before, after)
    assert len(sealed) == 40


def test_no_salt_comes_twice(ledger_file: LedgerFile) -> None:
    rows = [{"name": "同", "name_folded": "同"} for _ in range(600)]
    with ledger_file.operation("导入") as uow:
        uow.insert_many(Student, rows)
    with ledger_file.reading() as reading:
        assert (
            reading.scalar("SELECT count(DISTINCT substr(seal, 1, 8)) FROM change WHERE entity = 'student'")
            == 600
        )


def test_spans_follow_a_row_that_changes_hands(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("准备") as uow:
        one, two = make_student(uow, "甲"), make_student(uow, "乙")
        (event,) = uow.insert_many(
            StatusChange, [{"student_id": one, "kind": "入学", "changed_on": date(2023, 9, 1)}]
        )
    with ledger_file.operation("记错了人") as uow:
        uow.update_many(StatusChange, [{"id": event, "student_id": two}])
    with ledger_file.reading() as reading:
        assert reading.rows("SELECT student_id FROM student_span") == [(two,)]
    with ledger_file.operation("删除") as uow:
        uow.delete_many(StatusChange, [event])
    with ledger_file.reading() as reading:
        assert reading.rows("SELECT student_id FROM student_span") == []
