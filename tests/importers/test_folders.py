"""Which files a folder means, in which order, and which are left alone."""

from pathlib import Path

import pytest

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers import FoundFile, files_in
from skillsaid_desktop.importers.folders import MOST_FILES


def _make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", "utf-8")


def _read(found: list[FoundFile]) -> list[str]:
    return [one.name for one in found if one.refusal is None]


def test_all_files_of_a_folder_come_sorted_as_people_count(tmp_path: Path) -> None:
    _make(tmp_path, "11月.xlsx", "9月.xls", "10月/护理.csv", "10月/机电.xlsx")
    assert _read(files_in([tmp_path])) == ["9月.xls", "护理.csv", "机电.xlsx", "11月.xlsx"]


def test_hidden_and_temporary_files_are_left_alone_and_named(tmp_path: Path) -> None:
    _make(tmp_path, "名单.xlsx", "~$名单.xlsx", ".名单.xlsx.swp", "Thumbs.db", "__MACOSX/名单.xlsx")
    found = files_in([tmp_path])
    assert _read(found) == ["名单.xlsx"]
    assert {one.name for one in found if one.refusal} == {
        "~$名单.xlsx",
        ".名单.xlsx.swp",
        "Thumbs.db",
        "__MACOSX",
    }
    assert all(one.name in one.refusal.message for one in found if one.refusal)


def test_a_file_named_by_hand_is_read_whatever_it_is_called_and_once(tmp_path: Path) -> None:
    _make(tmp_path, "~$名单.xlsx", "名单.xlsx")
    by_hand = [tmp_path / "~$名单.xlsx", tmp_path / "名单.xlsx", tmp_path]
    assert _read(files_in(by_hand)) == ["~$名单.xlsx", "名单.xlsx"]


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    _make(tmp_path, "甲/2401/名单.xlsx", "甲/2402/名单.xlsx", "乙/2401/名单.xlsx", "甲/总表.xlsx")
    assert sorted(_read(files_in([tmp_path]))) == [
        "2402/名单.xlsx", "乙/2401/名单.xlsx", "总表.xlsx", "甲/2401/名单.xlsx",
    ]  # fmt: skip


def test_an_empty_folder_and_one_with_too_many_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match="没有文件"):
        files_in([tmp_path])
    monkeypatch.setattr("skillsaid_desktop.importers.folders.MOST_FILES", 3)
    assert MOST_FILES > 1000
    _make(tmp_path, *(f"{number}.xlsx" for number in range(4)))
    with pytest.raises(UserError, match="3 个以上的文件"):
        files_in([tmp_path])
