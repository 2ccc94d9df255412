"""The scripts make what the mapped classes say, and an upgrade keeps every row behind a barrier."""

import re
import shutil
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from skillsaid_desktop.domain.entities import Entity, Projection, Snapshot, Student
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage import LedgerFile, journal, migration, verify_file
from skillsaid_desktop.storage.backup import automatic_folder
from tests.factories import PASSPHRASE, document_number, make_student
from tests.later_schema import become_later, write_scripts

SCHEMA = (
    "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%' ORDER BY name"
)

OLDER = Path(__file__).parent / "ledgers"
"""One small ledger of each version of the schema that was ever on the main line."""


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


@pytest.mark.parametrize("name", sorted(path.stem for path in OLDER.glob("*.skillsaid")))
def test_a_ledger_of_an_older_version_is_copied_upgraded_and_whole(name: str, tmp_path: Path) -> None:
    for ending in ("", "-keys"):
        shutil.copyfile(OLDER / f"{name}.skillsaid{ending}", tmp_path / f"台账.skillsaid{ending}")
    opened = LedgerFile.open(tmp_path / "台账.skillsaid", passphrase=PASSPHRASE)
    try:
        (copy,) = automatic_folder(opened.ledger_id).iterdir()
        report = opened.verify()
        assert report.is_whole
        assert (report.counts["student"], report.counts["monitoring_note"]) == (2, 1)
        with opened.reading() as reading:
            assert reading.scalar("SELECT measure FROM help_measure WHERE note_id = 1") == "联系勤工岗"
        with opened.operation("新增学生") as uow:
            assert make_student(uow, document_number=document_number(500)) == 3
    finally:
        opened.close(backup=False)
    assert verify_file(copy, passphrase=PASSPHRASE).is_whole


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
