"""The scripts make what the mapped classes say, and an upgrade keeps every row behind a barrier."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from skillsaid_desktop.domain.entities import Entity, Projection, Snapshot
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage import LedgerFile, journal, migration, restore, verify_file
from skillsaid_desktop.storage.backup import automatic_folder
from skillsaid_desktop.storage.connection import connect
from tests.factories import PASSPHRASE, make_student
from tests.later_schema import become_later, write_scripts

SCHEMA = (
    "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%' ORDER BY name"
)


def schema(connection: Connection) -> dict[str, list[str]]:
    """Return each table's and index's parts; the order of the constraints says nothing."""
    rows = connection.exec_driver_sql(SCHEMA).fetchall()
    return {
        name: sorted(re.split(r",\s+(?![^()]*\))", sql.strip().removesuffix(")").strip()))
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


def test_an_older_ledger_without_the_newest_tables_is_copied_and_upgraded(
    ledger_file: LedgerFile, tmp_path: Path
) -> None:
    with ledger_file.operation("新增学生") as uow:
        make_student(uow)
    ledger_file.close(backup=False)
    connection = connect(ledger_file.path, ledger_file._key)
    for table in ("attachment", "stored_file"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("UPDATE alembic_version SET version_num = '0002'")
    connection.close()
    opened = LedgerFile.open(ledger_file.path, passphrase=PASSPHRASE)
    try:
        (copy,) = automatic_folder(opened.ledger_id).iterdir()
        assert opened.verify().is_whole
        assert opened.verify().counts["attachment"] == 0
    finally:
        opened.close(backup=False)
    assert verify_file(copy, passphrase=PASSPHRASE).is_whole
    report = restore(copy, tmp_path / "回来.skillsaid", passphrase=PASSPHRASE)
    assert report.counts["student"] == 1
