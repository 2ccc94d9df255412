"""Full disk, read-only folder, damage, newer file: a clear message, nothing lost."""

import errno
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # it has no stubs

from skillsaid_desktop.domain.entities import Student
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage import DamagedError, LedgerFile
from skillsaid_desktop.storage.connection import connect
from skillsaid_desktop.storage.place import check_place
from skillsaid_desktop.storage.sqlite_errors import translate
from tests.factories import PASSPHRASE, make_student

PAGE = 4096


def zero_a_page(content: bytes) -> bytes:
    return content[: PAGE * 20] + bytes(PAGE) + content[PAGE * 21 :]


def zero_the_first_page(content: bytes) -> bytes:
    return bytes(PAGE) + content[PAGE:]


def noise(content: bytes) -> bytes:
    return random.Random(7).randbytes(len(content))


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2 + 100]


def empty(content: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("damage", [zero_a_page, zero_the_first_page, noise, cut, empty])
def test_damage_is_found_at_opening(ledger_path: Path, damage: Callable[[bytes], bytes]) -> None:
    damaged = damage(ledger_path.read_bytes())
    ledger_path.write_bytes(damaged)
    with pytest.raises(DamagedError, match="损坏") as caught:
        LedgerFile.open(ledger_path, passphrase=PASSPHRASE)
    assert "备份" in caught.value.hint
    assert ledger_path.read_bytes() == damaged, "a damaged file is left as it is"


def test_a_newer_file_is_refused_and_left_alone(ledger_file: LedgerFile) -> None:
    ledger_file.close(backup=False)
    connection = connect(ledger_file.path, ledger_file._key)
    connection.execute("UPDATE alembic_version SET version_num = '9001'")
    connection.close()
    with pytest.raises(UserError, match="更新版本的程序"):
        LedgerFile.open(ledger_file.path, passphrase=PASSPHRASE)


def test_a_full_disk_keeps_the_last_commit(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("新增学生") as uow:
        make_student(uow)
    before = ledger_file.history()
    with pytest.raises(UserError, match="磁盘满了"):
        _fill(ledger_file)
    assert ledger_file.history() == before
    assert ledger_file.verify().is_whole


def _fill(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("导入") as uow:
        pages = uow.scalar("PRAGMA page_count")
        uow.execute(f"PRAGMA max_page_count = {pages + 5}")
        try:
            uow.insert_many(Student, [{"name": "生" * 50, "name_folded": "生"} for _ in range(2000)])
        finally:
            uow.execute("PRAGMA max_page_count = 4294967294")


@pytest.mark.skipif(sys.platform == "win32" or shutil.which("mount") is None, reason="needs a small disk")
def test_a_really_full_disk_is_named_and_nothing_is_lost(ledger_path: Path, tmp_path: Path) -> None:
    disk = tmp_path / "小盘"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True)
    if made.returncode:
        pytest.skip("may not mount here")
    try:
        path = disk / ledger_path.name
        shutil.copyfile(ledger_path, path)
        shutil.copyfile(f"{ledger_path}-keys", f"{path}-keys")
        opened = LedgerFile.open(path, passphrase=PASSPHRASE)
        with pytest.raises(UserError, match="磁盘满了"), opened.operation("导入") as uow:
            uow.insert_many(Student, [{"name": "生" * 50, "name_folded": "生"} for _ in range(3000)])
        opened.backup(tmp_path / "别处")  # the log is brought home, so nothing is left to free
        _fill_up(disk)
        with pytest.raises(UserError, match="磁盘满了"):
            opened.backup(disk / "备份")
        assert opened.verify().is_whole
        assert not list(disk.rglob("*-backup*"))
        (disk / "占地方").unlink()
        opened.close(backup=False)
        LedgerFile.open(path, passphrase=PASSPHRASE).close(backup=False)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def _fill_up(disk: Path) -> None:
    try:
        with (disk / "占地方").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
    except OSError:
        return


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_folder_is_named(ledger_path: Path) -> None:
    ledger_path.parent.chmod(0o500)
    try:
        with pytest.raises(UserError, match="不让写"):
            LedgerFile.open(ledger_path, passphrase=PASSPHRASE)
    finally:
        ledger_path.parent.chmod(0o700)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("attempt to write a readonly database", "只读"),
        ("database or disk is full", "磁盘满了"),
        ("database is locked", "占用"),
        ("disk I/O error", "磁盘出错"),
        ("database disk image is malformed", "损坏"),
    ],
)
def test_every_database_error_has_its_words(text: str, said: str) -> None:
    worded = translate(dbapi2.OperationalError(text), Path("台账.skillsaid"))
    assert worded is not None
    assert said in worded.message
    assert "台账.skillsaid" in worded.message
    assert worded.hint


@pytest.mark.parametrize(
    ("number", "windows", "said"),
    [
        (errno.EACCES, 5, "不让写"),
        (errno.EACCES, 32, "占用"),
        (errno.EACCES, 21, "磁盘出错"),  # the drive is not ready
        (errno.EINVAL, 1117, "磁盘出错"),
        (errno.EINVAL, None, "磁盘出错"),  # what writing says when a stick was pulled out
        (errno.ENOSPC, 112, "磁盘满了"),
    ],
)
def test_what_windows_says_of_a_file_has_its_words(number: int, windows: int | None, said: str) -> None:
    error = OSError(number, "Windows")
    error.winerror = windows  # type: ignore[attr-defined,unused-ignore]
    worded = translate(error, Path("台账.skillsaid"))
    assert worded is not None
    assert said in worded.message
    assert worded.hint


def test_synced_and_network_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="OneDrive"):
        check_place(tmp_path / "OneDrive - 学校" / "台账.skillsaid")
    with pytest.raises(UserError, match="网络共享"):
        check_place(Path("//server/share/台账.skillsaid"))
    check_place(tmp_path / "台账.skillsaid")
