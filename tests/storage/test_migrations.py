"""The scripts make what the mapped classes say, and an upgrade keeps every row behind a barrier."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from skillsaid_desktop.domain.entities import Entity, Projection, Snapshot, Student
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage import LedgerFile, journal, migration
from skillsaid_desktop.storage.backup import automatic_folder
from skillsaid_desktop.storage.connection import connect
from tests.factories import PASSPHRASE, make_student
from tests.later_schema import become_later, write_scripts

SCHEMA = (
    "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%' ORDER BY name"
)


def schema(connection: Connection) -> dict[str, list[str]]:
    """Return each table's and index's parts; the order of the constraints says nothing, nor do quotes round names."""
    rows = connection.exec_driver_sql(SCHEMA).fetchall()
    return {
        name: sorted(re.split(r",\s+(?![^()]*\))", sql.replace('"', "").strip().removesuffix(")").strip()))
        for name, sql in rows
    }


def test_the_scripts_make_what_the_mapped_classes_say() -> None:
    """If this fails before the first release: `python -m installer.write_migration`; after it: a new script."""
    mapped, scripted = create_engine("sqlite://"), create_engine("sqlite://")
    with mapped.begin() as one, scripted.begin() as other:
        for metadata in (journal.metadata, Entity.metadata, Projection.metadata, Snapshot.metadata):
            metadata.create_all(one)
        migration.run_scripts(other)
        expected = schema(one)
        found = schema(other)
    mapped.dispose()
    scripted.dispose()
    assert found == expected


def test_a_ledger_that_lacks_todays_tables_is_copied_and_upgraded(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("新增学生") as uow:
        make_student(uow)
    path, key = ledger_file.path, ledger_file._key
    ledger_file.close(backup=False)
    connection = connect(path, key)
    connection.execute("DROP TABLE attention_flag")
    connection.execute("UPDATE alembic_version SET version_num = '0002'")
    connection.close()
    opened = LedgerFile.open(path, passphrase=PASSPHRASE)
    try:
        assert opened.verify().counts["student"] == 1
        assert opened.verify().counts["attention_flag"] == 0
        assert len(list(automatic_folder(opened.ledger_id).iterdir())) == 1
    finally:
        opened.close(backup=False)


def test_an_upgrade_copies_first_keeps_the_rows_and_sets_a_barrier(
    ledger_file: LedgerFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ledger_file.operation("新增学生") as uow:
        make_student(uow)
    ledger_file.close(backup=False)
    scripts = tmp_path / "migrations"
    write_scripts(scripts)
    become_later(scripts, monkeypatch.setattr)
    opened = LedgerFile.open(ledger_file.path, passphrase=PASSPHRASE)
    try:
        assert len(list(automatic_folder(opened.ledger_id).iterdir())) == 1
        report = opened.verify()
        assert report.is_whole, report.problems
        assert report.counts["student"] == 1
        assert opened.history()[0].name == "升级台账到格式 9001"
        assert opened.undoable() == []
        with pytest.raises(UserError, match="不能撤销：它在建立台账或升级之前"):
            opened.undo(uow.operation_id)
        with opened.operation("新增学生") as later:
            make_student(later)
        assert opened.undo().changes == 1
    finally:
        opened.close(backup=False)


def test_an_upgrade_gives_no_id_twice_where_a_table_is_made_anew(
    ledger_file: LedgerFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ledger_file.operation("新增学生") as uow:
        ids = [make_student(uow, name) for name in ("刘志豪", "李晓芳", "钟建明")]
    with ledger_file.operation("删除学生") as uow:
        uow.delete_many(Student, ids[1:])
    ledger_file.close(backup=False)
    scripts = tmp_path / "migrations"
    write_scripts(scripts)
    become_later(scripts, monkeypatch.setattr)
    opened = LedgerFile.open(ledger_file.path, passphrase=PASSPHRASE)
    try:
        with opened.operation("新增学生") as uow:
            assert make_student(uow, "曾霞") == ids[-1] + 1
    finally:
        opened.close(backup=False)


def test_measures_stand_after_the_upgrade_that_lets_contacts_have_them_too() -> None:
    with create_engine("sqlite://").begin() as connection:
        migration.run_scripts(connection, "0002")
        run = connection.exec_driver_sql
        run("INSERT INTO student (id, name, name_folded, name_pinyin, name_initials, name_sort, document_kind,"
            " document_pending) VALUES (1, '刘志豪', '刘志豪', '', '', '', '居民身份证', 0)")  # fmt: skip
        run("INSERT INTO monitoring_note (id, student_id, month, noted_on, noted_by, difficulty)"
            " VALUES (1, 1, '2025-11', '2025-11-05', '王老师', '较重')")  # fmt: skip
        run(
            "INSERT INTO help_measure (id, note_id, measure, due_on) VALUES (7, 1, '联系勤工岗', '2025-12-01')"
        )
        migration.run_scripts(connection)
        rows = run("SELECT id, note_id, contact_id, measure, due_on FROM help_measure").all()
        assert rows == [(7, 1, None, "联系勤工岗", "2025-12-01")]
        assert "AUTOINCREMENT" in str(
            run("SELECT sql FROM sqlite_master WHERE name = 'help_measure'").scalar()
        )
