"""本年累计 and 启动以来 after something came late to a closed month: nobody is lost for ever, nothing reported moves."""

from datetime import date
from typing import Any

import pytest

from skillsaid_desktop.domain.entities import MonitoringNote, StatusChange
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.services.closing import close_month, drift
from skillsaid_desktop.storage import LedgerFile
from tests.factories import enrol, make_event, make_hardship, make_student

SEPTEMBER, OCTOBER, NOVEMBER = "2025-09", "2025-10", "2025-11"
EXPLAINED = dict.fromkeys(("0", "2", "3", "6", "30", "31", "33"), "已核实")


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-12-01")


def said(ledger_file: LedgerFile, month: str) -> dict[str, Any]:
    with ledger_file.reading() as reading:
        return {code: one.as_json() for code, one in compute_figures(reading, month).items()}


def sums(ledger_file: LedgerFile, month: str, code: str) -> tuple[object, object, object]:
    found = said(ledger_file, month)[code]
    return found["period"], found["year"], found["since_start"]


@pytest.fixture
def reported(ledger_file: LedgerFile) -> LedgerFile:
    """September is closed with one new target."""
    with ledger_file.operation("登记") as uow:
        enrol(uow, "九月入学", on=date(2025, 9, 2), category="脱贫户")
    close_month(ledger_file, SEPTEMBER, EXPLAINED)
    return ledger_file


def test_who_was_entered_late_is_in_the_next_totals_and_in_no_closed_one(reported: LedgerFile) -> None:
    before = said(reported, SEPTEMBER)
    with reported.operation("补登") as uow:
        enrol(uow, "晚登记的", on=date(2025, 9, 5), category="脱贫户")
    assert said(reported, SEPTEMBER) == before
    october = said(reported, OCTOBER)
    assert sums(reported, OCTOBER, "E1") == (0, 2, 2)
    assert october["E1"]["people"] == []
    assert october["CX+"]["period"] == 1
    assert sums(reported, OCTOBER, "CI1") == (0, 1, 1), (
        "block C adds up what was reported; the late one is in CX"
    )
    assert october["CX+"]["year"] == 1
    close_month(reported, OCTOBER, EXPLAINED)
    assert said(reported, OCTOBER) == october
    assert sums(reported, NOVEMBER, "E1") == (0, 2, 2)


def test_whom_a_correction_took_away_is_out_of_the_next_totals(reported: LedgerFile) -> None:
    before = said(reported, SEPTEMBER)
    with reported.operation("更正") as uow:
        change = uow.scalar("SELECT id FROM status_change")
        uow.update_many(StatusChange, [{"id": change, "changed_on": date(2024, 9, 2)}])
    assert said(reported, SEPTEMBER) == before
    assert sums(reported, OCTOBER, "E1") == (0, 0, 0)
    with reported.reading() as reading:
        assert {row.code: row.now for row in drift(reading, SEPTEMBER)}["E1"] == 0


def test_somebody_late_who_comes_again_counts_once(reported: LedgerFile) -> None:
    with reported.operation("补登") as uow:
        student = make_student(uow, "来了又来")
        make_event(uow, student, "入学", date(2025, 9, 5), level="中级工")
        make_hardship(uow, student, "脱贫户", date(2025, 9, 5))
        make_event(uow, student, "退学", date(2025, 9, 20))
        make_event(uow, student, "转入", date(2025, 10, 8), level="中级工")
    assert sums(reported, OCTOBER, "E1") == (1, 2, 2)


def test_a_late_note_counts_its_student_in_the_year(reported: LedgerFile) -> None:
    before = said(reported, SEPTEMBER)
    assert sums(reported, OCTOBER, "T2") == (0, 0, 0)
    with reported.operation("补记") as uow:
        student = uow.scalar("SELECT id FROM student")
        note = {
            "student_id": student,
            "month": SEPTEMBER,
            "noted_on": date(2025, 9, 12),
            "noted_by": "万小琴",
        }
        uow.insert_many(MonitoringNote, [{**note, "difficulty": "较重"}])
    assert said(reported, SEPTEMBER) == before
    assert sums(reported, OCTOBER, "T2") == (0, 1, 1)
    assert sums(reported, OCTOBER, "T4") == (0, 1, 1)


def test_what_happened_between_an_early_closing_and_the_end_of_its_month_is_in_the_year(
    ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-09-22")
    close_month(ledger_file, SEPTEMBER, EXPLAINED)
    with ledger_file.operation("登记") as uow:
        enrol(uow, "封账后入学", on=date(2025, 9, 24), category="脱贫户")
    assert sums(ledger_file, SEPTEMBER, "E1") == (0, 0, 0)
    assert sums(ledger_file, OCTOBER, "E1") == (0, 1, 1)
    assert said(ledger_file, OCTOBER)["CX+"]["period"] == 1
