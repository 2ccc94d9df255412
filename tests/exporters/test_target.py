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


def test_a_folder_that_may_not_be_written_is_not_called_an_open_file(
    old_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, mode: str = "r") -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(os, "access", lambda path, mode: True)  # what Windows says of every folder
    with pytest.raises(UserError, match="不许写入"):
        EXPORTERS["xlsx"].write(list_paper(1), old_file)


def test_a_stick_pulled_out_under_windows_is_named(old_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pulled_out(number: int) -> None:
        raise _refuse(errno.EINVAL)

    monkeypatch.setattr(os, "fsync", pulled_out)
    with pytest.raises(UserError, match="磁盘出错"):
        EXPORTERS["xlsx"].write(list_paper(1), old_file)
    assert old_file.read_bytes() == b"old"


def test_a_path_that_is_too_long_for_windows_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_found(self: Path, target: Path) -> Path:
        raise _refuse(errno.ENOENT)

    folder = tmp_path / ("d" * 200)
    folder.mkdir()
    monkeypatch.setattr(Path, "replace", not_found)
    with pytest.raises(UserError, match="太长"):
        EXPORTERS["xlsx"].write(list_paper(1), folder / ("n" * 90 + ".xlsx"))
    assert not list(folder.iterdir())
