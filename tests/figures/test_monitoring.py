"""The figures of monthly monitoring, from notes and measures."""

from datetime import date

from skillsaid_desktop.domain.entities import HelpMeasure, MonitoringNote
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.storage import LedgerFile, UnitOfWork
from tests import factories

MONTH = "2025-11"


def note(uow: UnitOfWork, student_id: int, day: int, difficulty: str, measure: str = "") -> None:
    row = MonitoringNote(
        student_id=student_id,
        month=MONTH,
        noted_on=date(2025, 11, day),
        noted_by="龚建平",
        difficulty=difficulty,
    )
    uow.add(row)
    uow.flush()
    if measure:
        uow.add(HelpMeasure(note_id=row.id, measure=measure, completed_on=date(2025, 11, 20)))


def test_the_latest_note_counts_and_any_note_may_carry_the_measure(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("填监测") as uow:
        hard = factories.enrol(uow, "困难的", category="脱贫户")
        note(uow, hard, 12, "一般", "联系任课老师补课")
        note(uow, hard, 18, "紧急")
        better = factories.enrol(uow, "好转的", category="脱贫户")
        note(uow, better, 20, "无")
        note(uow, better, 10, "较重")
        factories.enrol(uow, "没看的", category="脱贫户")
        away = factories.enrol(uow, "休学的", category="脱贫户")
        factories.make_event(uow, away, "休学", date(2025, 11, 2))
        note(uow, away, 12, "较重")
    with ledger_file.reading() as reading:
        figures = compute_figures(reading, MONTH)
    assert figures["T1"].period == 3
    assert figures["T2"].period == 2
    assert figures["T3"].period == 2 / 3
    assert [person.name for person in figures["T4"].people] == ["困难的"]
    assert figures["T5"].period == 1
    assert (figures["T6"].period, figures["T6"].records) == (1, 1)


def test_a_share_of_nobody_is_unknown(ledger_file: LedgerFile) -> None:
    with ledger_file.reading() as reading:
        assert compute_figures(reading, MONTH)["T3"].period is None
