"""The database writes down every change itself, and shows when somebody wrote past it."""

import sqlite3
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # it has no stubs

from skillsaid_desktop.domain.entities import Entity, HardshipStatus, Student
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage import Changes, LedgerFile
from skillsaid_desktop.storage.connection import Connection, connect
from tests.factories import PASSPHRASE, enrol, make_class, make_student


def raw(ledger_file: LedgerFile) -> Connection:
    """Return a connection that goes past the program, as somebody with the key could."""
    return connect(ledger_file.path, ledger_file._key)


def test_every_table_is_journalled(ledger_file: LedgerFile) -> None:
    connection = raw(ledger_file)
    for table in Entity.metadata.tables:
        found = connection.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
        ).fetchone()
        assert found == (4,), table
    connection.close()


def test_a_write_without_an_operation_is_refused(ledger_file: LedgerFile) -> None:
    connection = raw(ledger_file)
    for verb in ("INSERT", "INSERT OR IGNORE", "INSERT OR REPLACE"):
        with pytest.raises(dbapi2.IntegrityError, match="no operation"):
            connection.execute(f"{verb} INTO setting (key, value) VALUES ('x', '1')")
    with pytest.raises(dbapi2.IntegrityError, match="no operation"):
        connection.execute("UPDATE setting SET value = '1'")
    with pytest.raises(dbapi2.IntegrityError, match="no operation"):
        connection.execute("DELETE FROM setting")
    connection.close()


def test_each_change_is_kept_with_before_and_after(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("新增学生") as uow:
        student_id = make_student(uow, phone="13800000001")
    with ledger_file.operation("改电话", source="学生台账") as uow:
        uow.update_many(Student, [{"id": student_id, "phone": "13800000002"}])
        uow.update_many(Student, [{"id": student_id, "phone": "13800000002"}])  # changes nothing
    (change,) = ledger_file.operation_changes(uow.operation_id)
    assert change.differences == [("phone", "13800000001", "13800000002")]
    newest = ledger_file.history(limit=1, search="电话")[0]
    assert (newest.name, newest.user, newest.source) == ("改电话", "王老师", "学生台账")
    assert newest.summary == {"student": 1}


def _fail_half_way(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("半路出错") as uow:
        make_student(uow)
        raise ZeroDivisionError


def _make_a_class_twice(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("重复的班") as uow:
        make_class(uow)
        make_class(uow)


def test_an_operation_that_fails_leaves_nothing(ledger_file: LedgerFile) -> None:
    before = ledger_file.history()
    with pytest.raises(ZeroDivisionError):
        _fail_half_way(ledger_file)
    with pytest.raises(IntegrityError):
        _make_a_class_twice(ledger_file)
    assert ledger_file.history() == before
    with ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM student") == 0


def test_an_operation_that_changes_nothing_is_not_kept(ledger_file: LedgerFile) -> None:
    before = ledger_file.history()
    with ledger_file.operation("什么也没做") as uow:
        pass
    assert not uow.is_recorded
    assert ledger_file.history() == before
    with ledger_file.operation("导出学生台账") as uow:
        uow.log_note("用途：上报")
    assert ledger_file.history()[0].note == "用途：上报"
    assert not ledger_file.history()[0].can_undo


def test_observers_hear_what_was_touched(ledger_file: LedgerFile) -> None:
    heard: list[Changes] = []
    ledger_file.committed.append(heard.append)
    with ledger_file.operation("新增学生") as uow:
        enrol(uow, category="脱贫户")
    assert [(one.name, one.entities) for one in heard] == [
        ("新增学生", frozenset({"student", "status_change", "hardship_status"}))
    ]
    ledger_file.undo()
    assert heard[-1].name == "撤销：新增学生"


def test_spans_follow_every_operation_and_its_undo(ledger_file: LedgerFile) -> None:
    def spans() -> list[tuple[object, ...]]:
        with ledger_file.reading() as reading:
            return reading.rows("SELECT * FROM student_span ORDER BY student_id, from_on")

    with ledger_file.operation("新增学生") as uow:
        student_id = enrol(uow, category="脱贫户")
    entered = spans()
    assert entered
    with ledger_file.operation("再认定") as uow:
        uow.insert_many(
            HardshipStatus,
            [{"student_id": student_id, "category": "低保对象", "from_on": date(2025, 10, 1)}],
        )
    assert len(spans()) == 2
    ledger_file.undo()
    assert spans() == entered
    ledger_file.undo()
    assert spans() == []


def test_a_reading_sees_one_moment(ledger_file: LedgerFile) -> None:
    with ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM student") == 0
        with ledger_file.operation("新增学生") as uow:
            make_student(uow)
        assert reading.scalar("SELECT count(*) FROM student") == 0


def test_editing_the_file_by_hand_shows(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("新增学生") as uow:
        make_student(uow, name="刘志豪")
    assert ledger_file.verify().is_whole
    connection = raw(ledger_file)
    connection.execute(
        "UPDATE change SET after = replace(after, '刘志豪', '刘志高') WHERE entity = 'student'"
    )
    connection.close()
    assert "“新增学生”" in ledger_file.verify().problems[0]


def test_a_removed_operation_shows(ledger_file: LedgerFile) -> None:
    for name in ("一", "二"):
        with ledger_file.operation(name) as uow:
            make_student(uow, name=name)
    connection = raw(ledger_file)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("DELETE FROM change WHERE operation_id = 2")
    connection.execute("DELETE FROM operation WHERE id = 2")
    connection.close()
    assert "“二”" in ledger_file.verify().problems[0]


def test_a_dropped_trigger_shows(ledger_file: LedgerFile) -> None:
    connection = raw(ledger_file)
    connection.execute("DROP TRIGGER journal_student_update")
    connection.close()
    assert ledger_file.verify().problems == ("“student”的操作记录被关掉了",)


def test_a_plain_sqlite_tool_can_not_open_it(ledger_path: object) -> None:
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(str(ledger_path)).execute("SELECT * FROM student")


def test_every_connection_is_set_the_safe_way(ledger_file: LedgerFile) -> None:
    with ledger_file.reading() as reading:
        names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        assert [reading.scalar(f"PRAGMA {name}") for name in names] == ["wal", 2, 1, 1]


def test_two_programs_can_not_open_one_ledger(ledger_file: LedgerFile) -> None:
    with pytest.raises(UserError, match=r"已经在别处打开了（电脑 .*，用户 "):
        LedgerFile.open(ledger_file.path, passphrase=PASSPHRASE)
