"""Who comes and goes more than once in a month counts once under each kind, and the bridge still adds up."""

from datetime import date

from skillsaid_desktop.checks.months import bridge_difference
from skillsaid_desktop.figures import FigureResult
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.storage import LedgerFile, UnitOfWork
from tests.factories import enrol, make_event, make_hardship


def day(number: int) -> date:
    return date(2025, 11, number)


def moved(figures: dict[str, FigureResult]) -> dict[str, float | None]:
    return {
        code: figure.period
        for code, figure in figures.items()
        if code.startswith(("CI", "CO")) and figure.period
    }


def test_leaving_coming_back_and_leaving_again(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("登记") as uow:
        student = enrol(uow, category="脱贫户")
        for kind, number in (("退学", 3), ("转入", 5), ("退学", 9)):
            make_event(uow, student, kind, day(number))
    with ledger_file.reading() as reading:
        figures = compute_figures(reading, "2025-11")
    assert moved(figures) == {"CO3": 1}
    assert bridge_difference(figures) == {}


def test_recognised_released_and_recognised_again(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("登记") as uow:
        student = enrol(uow)
        make_hardship(uow, student, "脱贫户", day(1), to_on=day(2))
        make_hardship(uow, student, "脱贫户", day(8))
    with ledger_file.reading() as reading:
        figures = compute_figures(reading, "2025-11")
    assert moved(figures) == {"CI3": 1}
    assert bridge_difference(figures) == {}


def gone_before_the_ledger(uow: UnitOfWork) -> int:
    student = enrol(uow, category="脱贫户")
    make_event(uow, student, "退学", date(2025, 8, 26), is_opening=True, roster_on=date(2025, 9, 18))
    return student


def test_who_had_left_when_the_ledger_began_is_in_no_flow(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("导入") as uow:
        gone_before_the_ledger(uow)
        enrol(uow, "李芳娜", category="脱贫户")
    with ledger_file.reading() as reading:
        figures = compute_figures(reading, "2025-09")
    assert (figures["C0"].period, figures["S1"].period, moved(figures)) == (1, 1, {})
    assert bridge_difference(figures) == {}
