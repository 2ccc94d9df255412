"""Old rosters are let go at an import: the last few of an office stay, and whatever the ledger rests on."""

from datetime import date
from pathlib import Path

import pytest

from skillsaid_desktop.ledgers.comparison import Answer
from skillsaid_desktop.ledgers.rosters import current_rosters, former_rosters, list_rosters
from skillsaid_desktop.services.comparison import give_verdict
from skillsaid_desktop.services.rosters import import_roster
from skillsaid_desktop.services.taking_over import take_over
from skillsaid_desktop.storage import LedgerFile
from tests.factories import document_number
from tests.services.test_rosters import entries, household, roster, school, slipped, today

__all__ = ("school", "today")


@pytest.fixture
def keeps_two(school: LedgerFile) -> LedgerFile:
    with school.operation("改名册留几份") as uow:
        uow.set_setting("kept_rosters", 2)
    return school


def bring(ledger_file: LedgerFile, folder: Path, month: int, *people: dict[str, str]) -> None:
    people = (
        *people,
        {"姓名": f"路人{'〇一二三四五六七八九'[month]}", "证件号码": document_number(month + 20)},
    )
    path = roster(folder / f"于都县名册 2025-{month:02}-28.xlsx", *household("3607310001", "邱长根", *people))
    import_roster(ledger_file, "poverty-roster", [path])


def kept(ledger_file: LedgerFile) -> list[date]:
    with ledger_file.reading() as reading:
        return [each.as_of for each in list_rosters(reading, "poverty")]


def people(ledger_file: LedgerFile) -> int:
    with ledger_file.reading() as reading:
        return int(reading.scalar("SELECT count(*) FROM roster_person") or 0)


def test_the_last_few_stay_and_the_history_says_what_went(keeps_two: LedgerFile, tmp_path: Path) -> None:
    for month in (6, 7, 8, 9):
        bring(keeps_two, tmp_path, month)
    assert kept(keeps_two) == [date(2025, 9, 28), date(2025, 8, 28)]
    assert people(keeps_two) == 4
    newest = keeps_two.history(limit=1)[0]
    assert newest.name == "整理旧名册：1 份不再留名单"
    assert newest.note == "于都县　于都县名册 2025-07-28.xlsx　截至 2025-07-28　2 人"
    assert not newest.can_undo
    assert keeps_two.undoable(1)[0].name == "导入于都县贫困（监测）名册 2 人", "Ctrl+Z still means the import"
    assert keeps_two.verify().is_whole


def test_undoing_imports_afterwards_compares_with_what_is_left(keeps_two: LedgerFile, tmp_path: Path) -> None:
    for month in (6, 7, 8):
        bring(keeps_two, tmp_path, month)
    keeps_two.undo()
    with keeps_two.reading() as reading:
        assert [each.as_of.month for each in current_rosters(reading)] == [7]
        assert not former_rosters(reading)
    keeps_two.redo()
    with keeps_two.reading() as reading:
        assert [each.as_of.month for each in former_rosters(reading)] == [7]


def test_a_roster_that_a_category_rests_on_stays(keeps_two: LedgerFile, tmp_path: Path) -> None:
    bring(keeps_two, tmp_path, 6, {"姓名": "钟志豪", "证件号码": document_number(3)})
    take_over(keeps_two, [entries(keeps_two)["钟志豪"]])
    for month in (7, 8, 9):
        bring(keeps_two, tmp_path, month)
    assert [each.month for each in kept(keeps_two)] == [9, 8, 6]


def test_a_roster_that_a_verdict_rests_on_stays(keeps_two: LedgerFile, tmp_path: Path) -> None:
    bring(keeps_two, tmp_path, 6, {"姓名": "邱梦婷", "证件号码": slipped(document_number(1))})
    entry = entries(keeps_two)["邱梦婷"]
    assert entry.person is not None
    give_verdict(keeps_two, entry.student.id, entry.person, Answer.DIFFERENT)
    for month in (7, 8, 9):
        bring(keeps_two, tmp_path, month)
    assert [each.month for each in kept(keeps_two)] == [9, 8, 6]


def test_a_file_that_was_let_go_can_come_again(keeps_two: LedgerFile, tmp_path: Path) -> None:
    for month in (6, 7, 8):
        bring(keeps_two, tmp_path, month)
    again = import_roster(keeps_two, "poverty-roster", [tmp_path / "于都县名册 2025-06-28.xlsx"])
    assert not again.files[0].is_known
