"""Contents of files: once each, journalled by hash, there for every undo, proven by verify, carried by backups."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from skillsaid_desktop.domain.entities import Attachment
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage import LedgerFile, UnitOfWork, restore
from skillsaid_desktop.storage.connection import connect
from skillsaid_desktop.storage.contents import count_contents, keep_content, read_content
from skillsaid_desktop.storage.keys import ledger_id_of
from tests.factories import PASSPHRASE, make_student
from tests.later_schema import become_later, write_scripts

PAPER = b"%PDF-1.4 " + bytes(range(256)) * 40


def attach(uow: UnitOfWork, student_id: int, content: bytes = PAPER, name: str = "身份证.pdf") -> int:
    digest = keep_content(uow, content, "application/pdf")
    row = {
        "entity": "student", "record_id": student_id, "kind": "身份证", "name": name, "digest": digest,
        "size": len(content), "added_on": date(2025, 11, 20),
    }  # fmt: skip
    return uow.insert_many(Attachment, [row])[0]


def add(ledger_file: LedgerFile, student_id: int, content: bytes = PAPER, name: str = "身份证.pdf") -> int:
    with ledger_file.operation("添加材料") as uow:
        return attach(uow, student_id, content, name)


def state(ledger_file: LedgerFile) -> list[tuple[object, ...]]:
    with ledger_file.reading() as reading:
        rows = reading.rows(
            "SELECT a.*, f.content FROM attachment a LEFT JOIN stored_file f USING (digest) ORDER BY id"
        )
    return rows


@pytest.fixture
def student(ledger_file: LedgerFile) -> int:
    with ledger_file.operation("新增学生") as uow:
        return make_student(uow)


def test_the_same_content_is_kept_once_and_another_beside_it(ledger_file: LedgerFile, student: int) -> None:
    with ledger_file.operation("新增学生") as uow:
        other = make_student(uow, "李四")
    add(ledger_file, student)
    add(ledger_file, other, name="户主身份证.pdf")
    add(ledger_file, other, PAPER + b"2")
    with ledger_file.reading() as reading:
        kept = count_contents(reading)
        assert (kept.files, kept.size) == (2, 2 * len(PAPER) + 1)
        digest = hashlib.sha256(PAPER).hexdigest()
        assert read_content(reading, digest, "x") == (PAPER, "application/pdf")


def test_undo_and_redo_of_adding_and_removing_are_exact(ledger_file: LedgerFile, student: int) -> None:
    states = [state(ledger_file)]
    file_id = add(ledger_file, student)
    states.append(state(ledger_file))
    with ledger_file.operation("移除材料") as uow:
        uow.delete_many(Attachment, [file_id])
    states.append(state(ledger_file))
    assert states[1] != states[0] == states[2]
    for expected in (states[1], states[0]):
        ledger_file.undo()
        assert state(ledger_file) == expected
    for expected in states[1:]:
        ledger_file.redo()
        assert state(ledger_file) == expected
    assert ledger_file.verify().is_whole


def test_the_journal_names_the_hash_and_never_holds_the_content(
    ledger_file: LedgerFile, student: int
) -> None:
    add(ledger_file, student, PAPER * 100)
    newest = ledger_file.history(limit=1)[0]
    (change,) = ledger_file.operation_changes(newest.id)
    assert change.after is not None
    assert change.after["digest"] == hashlib.sha256(PAPER * 100).hexdigest()
    with ledger_file.reading() as reading:
        assert reading.scalar("SELECT max(length(after)) FROM change WHERE entity = 'attachment'") < 500
        assert reading.scalar("SELECT count(*) FROM change WHERE entity = 'stored_file'") == 0


def test_what_was_removed_can_be_cleared_and_undo_says_so_then(ledger_file: LedgerFile, student: int) -> None:
    kept, gone = add(ledger_file, student), add(ledger_file, student, PAPER * 500, "大.pdf")
    with ledger_file.operation("移除材料 刘志豪 身份证") as uow:
        uow.delete_many(Attachment, [gone])
    before = ledger_file.size()
    assert ledger_file.clear_removed_files() == 1
    assert ledger_file.size() < before - len(PAPER) * 400
    assert ledger_id_of(ledger_file.path) == ledger_file.ledger_id
    assert ledger_file.clear_removed_files() == 0
    states = state(ledger_file)
    assert [row[0] for row in states] == [kept]
    with pytest.raises(UserError, match=r"撤销不了：材料“大.pdf”移除以后，它的内容已经清除"):
        ledger_file.undo()
    assert state(ledger_file) == states
    assert ledger_file.verify().is_whole
    ledger_file.close(backup=False)
    opened = LedgerFile.open(ledger_file.path, passphrase=PASSPHRASE)
    assert state(opened) == states
    opened.close(backup=False)


def test_a_record_that_has_files_is_not_undone_from_under_them(ledger_file: LedgerFile, student: int) -> None:
    making = ledger_file.history(limit=1)[0].id
    add(ledger_file, student)
    with pytest.raises(UserError, match="“新增学生”撤销不了：后面的“添加材料”"):
        ledger_file.undo(making)


def test_verify_notices_a_false_and_a_lost_content(ledger_file: LedgerFile, student: int) -> None:
    add(ledger_file, student)
    assert "材料内容 1 份" in ledger_file.verify().sentence
    connection = connect(ledger_file.path, ledger_file._key)
    connection.execute("UPDATE stored_file SET content = ?", (PAPER + b"!",))
    assert ledger_file.verify().problems == ("有 1 份材料的内容和存入时不一样",)
    with ledger_file.reading() as reading, pytest.raises(UserError, match="和存入时不一样，没有打开"):
        read_content(reading, hashlib.sha256(PAPER).hexdigest(), "身份证.pdf")
    connection.execute("DELETE FROM stored_file")
    connection.close()
    assert ledger_file.verify().problems == ("材料“身份证.pdf”的内容不见了",)


def test_a_backup_carries_the_files(ledger_file: LedgerFile, student: int, tmp_path: Path) -> None:
    add(ledger_file, student)
    states = state(ledger_file)
    report = ledger_file.backup(tmp_path / "优盘")
    assert report.counts["stored_file"] == 1
    assert report.counts["attachment"] == 1
    back = restore(report.path, tmp_path / "回来.skillsaid", passphrase=PASSPHRASE)
    assert back.counts["stored_file"] == 1
    opened = LedgerFile.open(back.path, passphrase=PASSPHRASE)
    try:
        assert state(opened) == states
        with opened.reading() as reading:
            assert read_content(reading, hashlib.sha256(PAPER).hexdigest(), "x")[0] == PAPER
    finally:
        opened.close(backup=False)


def test_nothing_of_a_content_stands_in_clear_on_the_disk(ledger_file: LedgerFile, student: int) -> None:
    add(ledger_file, student, PAPER + b"KANARIENVOGEL")
    for path in ledger_file.path.parent.iterdir():
        assert b"KANARIENVOGEL" not in path.read_bytes(), path


def test_an_upgrade_lets_go_of_what_nothing_can_bring_back(
    ledger_file: LedgerFile, student: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(ledger_file, student)
    add(ledger_file, student, PAPER * 2)
    ledger_file.undo()
    with ledger_file.reading() as reading:
        assert count_contents(reading).removed_files == 1
    ledger_file.close(backup=False)
    scripts = tmp_path / "migrations"
    write_scripts(scripts)
    become_later(scripts, monkeypatch.setattr)
    opened = LedgerFile.open(ledger_file.path, passphrase=PASSPHRASE)
    try:
        with opened.reading() as reading:
            assert count_contents(reading).files == 1
        assert opened.verify().is_whole
    finally:
        opened.close(backup=False)
