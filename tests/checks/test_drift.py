"""What has moved in closed months is found from the journal, and is what comparing all their figures finds."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from skillsaid_desktop.checks.drift import DriftRow, find_drift, find_drifts
from skillsaid_desktop.domain.entities import HelpMeasure, MonitoringNote, Student
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.services.closing import close_month
from skillsaid_desktop.storage import LedgerFile, UnitOfWork
from tests.factories import enrol, make_contact, make_event, make_hardship, make_pairing

MONTHS = ("2025-09", "2025-10")
EXPLAINED = dict.fromkeys(("3", "6", "9", "10", "11", "30", "31"), "已核实")


@pytest.fixture
def closed(ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch) -> LedgerFile:
    """September was closed at its end, October five days early; three are enrolled, two of them targets."""
    with ledger_file.operation("名册") as uow:
        for name in ("温英蓉", "邹斌", "曾诗"):
            student_id = enrol(uow, name)
            if name != "曾诗":
                make_hardship(uow, student_id, "脱贫户", date(2023, 9, 1))
            for month in MONTHS:
                uow.add(
                    MonitoringNote(
                        student_id=student_id, month=month, noted_on=date(2025, int(month[5:]), 12), noted_by="陈老师"
                    )
                )  # fmt: skip
            uow.flush()
        make_pairing(uow, 1)
    for month, day in zip(MONTHS, ("2025-09-26", "2025-10-20"), strict=True):
        monkeypatch.setenv("SKILLSAID_TODAY", day)
        close_month(ledger_file, month, EXPLAINED)
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-24")
    return ledger_file


def moved(ledger_file: LedgerFile) -> dict[str, set[str]]:
    """Compare all figures of the closed months and return the codes of those that would be others now."""
    found: dict[str, set[str]] = {}
    with ledger_file.reading() as reading:
        for month in MONTHS:
            reported, now = compute_figures(reading, month), compute_figures(reading, month, True)
            codes = {
                code
                for code, one in reported.items()
                if one.period != now[code].period
                or Counter(each.key for each in one.people) != Counter(each.key for each in now[code].people)
            }
            if codes:
                found[month] = codes
    return found


def told(ledger_file: LedgerFile) -> dict[str, list[DriftRow]]:
    with ledger_file.reading() as reading:
        return find_drifts(reading, MONTHS)


def edit(name: str, do: Callable[[UnitOfWork], object]) -> tuple[str, Callable[[UnitOfWork], object]]:
    return name, do


def _county(uow: UnitOfWork) -> None:
    uow.update_many(Student, [{"id": 1, "home_county": "兴国县", "is_paired_county": True}])


def _note_gone(uow: UnitOfWork) -> None:
    uow.delete_many(MonitoringNote, [uow.scalar("SELECT min(id) FROM monitoring_note")])


def _measure_done(uow: UnitOfWork) -> None:
    uow.add(HelpMeasure(note_id=2, measure="联系补课", completed_on=date(2025, 10, 15)))


EDITS = (
    edit("退学", lambda uow: make_event(uow, 1, "退学", date(2025, 9, 20))),
    edit("补登退学", lambda uow: make_event(uow, 2, "退学", date(2025, 10, 18))),
    edit("十一月退学", lambda uow: make_event(uow, 2, "退学", date(2025, 11, 3))),
    edit("封账后的日子", lambda uow: make_event(uow, 2, "休学", date(2025, 10, 23))),
    edit("认定", lambda uow: make_hardship(uow, 3, "脱贫户", date(2025, 9, 5))),
    edit("谈话", lambda uow: make_contact(uow, 1, date(2025, 10, 10))),
    edit("十一月谈话", lambda uow: make_contact(uow, 1, date(2025, 11, 10))),
    edit("结对", lambda uow: make_pairing(uow, 2, "单国强", date(2025, 10, 1))),
    edit("户籍", _county),
    edit("删监测", _note_gone),
    edit("措施", _measure_done),
    edit("对口县", lambda uow: uow.set_setting("paired_counties", [["石城县", None, None]])),
    edit("校名", lambda uow: uow.set_setting("school_name", "示范学院")),
)


@pytest.mark.parametrize(("name", "do"), EDITS, ids=[name for name, _do in EDITS])
def test_each_kind_of_late_edit_is_found_in_the_months_that_it_moves(
    closed: LedgerFile, name: str, do: Callable[[UnitOfWork], object]
) -> None:
    assert moved(closed) == {}
    assert told(closed) == {}
    with closed.operation(name) as uow:
        do(uow)
    expected = moved(closed)
    assert {month: {row.code for row in rows} for month, rows in told(closed).items()} == expected
    closed.undo()
    assert told(closed) == {}


def test_one_edit_after_another_is_added_to_what_moved_before(closed: LedgerFile) -> None:
    for name, do in EDITS:
        with closed.operation(name) as uow:
            do(uow)
        expected = moved(closed)
        assert {month: {row.code for row in rows} for month, rows in told(closed).items()} == expected
    with closed.reading() as reading:
        assert all(find_drift(reading, month) == told(closed)[month] for month in MONTHS)


def test_who_came_late_is_named_as_he_is_called_by_now(closed: LedgerFile) -> None:
    with closed.operation("认定 曾诗") as uow:
        make_hardship(uow, 3, "脱贫户", date(2025, 9, 5))
    assert [one.name for row in told(closed)["2025-09"] if row.code == "S1" for one in row.people] == ["曾诗"]
    with closed.operation("改名") as uow:
        uow.update_many(Student, [{"id": 3, "name": "曾诗琪"}])
    (row,) = [row for row in told(closed)["2025-09"] if row.code == "S1"]
    assert [one.name for one in row.people] == ["曾诗琪"]
    assert [cause.operation for cause in row.people[0].causes] == ["认定 曾诗"]


def test_what_was_dated_ahead_and_comes_after_an_early_closing_has_moved(
    ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ledger_file.operation("名册") as uow:
        student_id = enrol(uow, "温英蓉")
        make_hardship(uow, student_id, "脱贫户", date(2023, 9, 1), to_on=date(2025, 9, 23))
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-09-20")
    close_month(ledger_file, "2025-09", EXPLAINED)
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-24")
    assert {month: {row.code for row in rows} for month, rows in told(ledger_file).items()} == moved(
        ledger_file
    )
    assert "S1" in moved(ledger_file)["2025-09"]
