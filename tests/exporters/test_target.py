"""A file that can't be written leaves the old one as it was and says what to do."""

import errno
import os
from pathlib import Path

import pytest

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.exporters import EXPORTERS
from tests.exporters.papers import list_paper


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    path = tmp_path / "名单.xlsx"
    path.write_bytes(b"old")
    return path


def _refuse(number: int) -> OSError:
    return OSError(number, os.strerror(number))


@pytest.mark.parametrize("name", sorted(EXPORTERS))
def test_a_full_disk_keeps_the_old_file(name: str, old_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(number: int) -> None:
        raise _refuse(errno.ENOSPC)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="放不下") as refusal:
        EXPORTERS[name].write(list_paper(3), old_file)
    assert "名单.xlsx" in str(refusal.value)
    assert old_file.read_bytes() == b"old"
    assert [path.name for path in old_file.parent.iterdir()] == ["名单.xlsx"]


@pytest.mark.parametrize("name", sorted(EXPORTERS))
def test_a_file_open_in_excel_is_named(name: str, old_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(self: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(UserError, match=r"名单\.xlsx”正在 WPS 或 Excel 里打开"):
        EXPORTERS[name].write(list_paper(3), old_file)
    assert old_file.read_bytes() == b"old"
    assert [path.name for path in old_file.parent.iterdir()] == ["名单.xlsx"]


def test_a_vanished_stick_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="找不到"):
        EXPORTERS["pdf"].write(list_paper(1), tmp_path / "U盘" / "名单.pdf")


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "名单.pdf").mkdir()
    with pytest.raises(UserError, match="是一个文件夹"):
        EXPORTERS["pdf"].write(list_paper(1), tmp_path / "名单.pdf")
