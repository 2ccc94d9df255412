"""Backups one can believe, kept and thinned, and ledgers brought back from them."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path, PureWindowsPath

import pytest

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage import LedgerFile, newest_backup, restore, verify_file
from skillsaid_desktop.storage.backup import automatic_folder, thin
from skillsaid_desktop.storage.connection import address_of
from skillsaid_desktop.storage.keys import keys_path
from tests.factories import PASSPHRASE, make_student


def add_student(ledger_file: LedgerFile) -> None:
    """Record one more student."""
    with ledger_file.operation("新增学生") as uow:
        make_student(uow)


def test_a_backup_brings_the_ledger_back_on_a_new_pc(
    ledger_file: LedgerFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_student(ledger_file)
    report = ledger_file.backup(tmp_path / "优盘")
    assert report.counts["student"] == 1
    assert ledger_file.last_backup() == report
    assert [path.name for path in (tmp_path / "优盘").iterdir()] == [report.path.name]
    monkeypatch.setenv("SKILLSAID_DATA", str(tmp_path / "新电脑"))
    back = tmp_path / "回来.skillsaid"
    assert restore(report.path, back, passphrase=PASSPHRASE).is_whole
    opened = LedgerFile.open(back, passphrase=PASSPHRASE)
    with opened.reading() as reading:
        assert reading.scalar("SELECT name FROM student") == "刘志豪"
    assert opened.undo().name == "撤销：新增学生"
    opened.close(backup=False)


def test_restoring_never_overwrites(ledger_file: LedgerFile, tmp_path: Path) -> None:
    report = ledger_file.backup(tmp_path / "优盘")
    before = ledger_file.path.read_bytes()
    with pytest.raises(UserError, match="已经有“台账"):
        restore(report.path, ledger_file.path, passphrase=PASSPHRASE)
    assert ledger_file.path.read_bytes() == before


def test_restoring_leaves_the_keys_of_another_ledger_alone(ledger_file: LedgerFile, tmp_path: Path) -> None:
    report = ledger_file.backup(tmp_path / "优盘")
    back = tmp_path / "回来.skillsaid"
    keys_path(back).write_text("{}", "utf-8")
    with pytest.raises(UserError, match="可能是别的台账的"):
        restore(report.path, back, passphrase=PASSPHRASE)
    assert keys_path(back).read_text("utf-8") == "{}"
    assert not back.exists()


def test_a_damaged_backup_is_noticed_and_leaves_nothing(ledger_file: LedgerFile, tmp_path: Path) -> None:
    report = ledger_file.backup(tmp_path / "优盘")
    content = bytearray(report.path.read_bytes())
    content[len(content) // 2] ^= 1
    report.path.write_bytes(content)
    back = tmp_path / "回来.skillsaid"
    with pytest.raises(UserError):
        verify_file(report.path, passphrase=PASSPHRASE)
    with pytest.raises(UserError):
        restore(report.path, back, passphrase=PASSPHRASE)
    report.path.write_bytes(content[: len(content) // 2])
    with pytest.raises(UserError, match="不是完整的备份文件"):
        restore(report.path, back, passphrase=PASSPHRASE)
    assert not back.exists()


def test_a_backup_needs_its_passphrase(ledger_file: LedgerFile, tmp_path: Path) -> None:
    report = ledger_file.backup(tmp_path / "优盘")
    with pytest.raises(UserError, match="口令不对"):
        verify_file(report.path, passphrase="猜的")
    assert verify_file(report.path, passphrase=PASSPHRASE).is_whole


def test_closing_backs_up_what_is_new_and_only_that(ledger_path: Path) -> None:
    opened = LedgerFile.open(ledger_path, passphrase=PASSPHRASE)
    add_student(opened)
    opened.close()
    folder = automatic_folder(opened.ledger_id)
    assert len(list(folder.iterdir())) == 1
    LedgerFile.open(ledger_path, passphrase=PASSPHRASE).close()
    assert len(list(folder.iterdir())) == 1
    newest = newest_backup(opened.path)
    assert newest is not None
    assert newest.counts["student"] == 1


def test_closing_without_room_for_the_backup_says_so_and_stays_open(
    ledger_path: Path, own_data_folder: Path
) -> None:
    opened = LedgerFile.open(ledger_path, passphrase=PASSPHRASE)
    add_student(opened)
    (own_data_folder / "backups").write_text("no folder", "utf-8")
    with pytest.raises(UserError, match="“backups”应该是文件夹"):
        opened.close()
    add_student(opened)  # nothing is lost, the work goes on
    opened.close(backup=False)


def test_backups_are_thinned_by_day_week_and_month(tmp_path: Path) -> None:
    now = datetime(2025, 11, 25, 18)
    for hours in range(0, 24 * 400, 12):
        at = now - timedelta(hours=hours)
        (tmp_path / f"台账 {at:%Y-%m-%d %H%M%S}.skillsaid-backup").touch()
    (tmp_path / "我自己改的名字.skillsaid-backup").touch()
    thin(tmp_path, now)
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert "我自己改的名字.skillsaid-backup" in kept
    assert "台账 2025-11-25 180000.skillsaid-backup" in kept
    months = {name[3:10] for name in kept if name.startswith("台账")}
    assert len(months) == 14
    assert 20 <= len(kept) <= 32


def test_a_backup_on_a_write_protected_stick_is_verified_elsewhere(
    ledger_file: LedgerFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = ledger_file.backup(tmp_path / "优盘")
    make: Callable[..., None] = os.mkdir

    def protected(path: str | Path, *rest: int, **named: int) -> None:
        if Path(path).parent == report.path.parent:
            raise PermissionError(13, "write-protected")
        make(path, *rest, **named)

    monkeypatch.setattr(os, "mkdir", protected)
    monkeypatch.setattr(os, "access", lambda path, mode: True)  # what Windows says of every folder
    assert verify_file(report.path, passphrase=PASSPHRASE).is_whole
    assert list(report.path.parent.iterdir()) == [report.path]


def test_a_backup_on_a_share_is_found_by_sqlite(ledger_file: LedgerFile, tmp_path: Path) -> None:
    share = PureWindowsPath(r"\\server\备份\台账.skillsaid-backup")
    assert address_of(share) == "file:////server/%E5%A4%87%E4%BB%BD/%E5%8F%B0%E8%B4%A6.skillsaid-backup"
    twice = (
        Path("/" + str(tmp_path)) if os.name != "nt" else tmp_path
    )  # keeps both strokes, as a share has them
    assert ledger_file.backup(twice / "备份").counts
