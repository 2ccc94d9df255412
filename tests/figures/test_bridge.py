"""The bridge adds up by name, whatever happened in the month."""

from datetime import date

import pytest

from skillsaid_desktop.domain.entities import HardshipStatus
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.storage import LedgerFile
from tests import factories

NOVEMBER = "2025-11"  # 26 October to 25 November


def people(ledger_file: LedgerFile, code: str, month: str = NOVEMBER) -> list[str]:
    with ledger_file.reading() as reading:
        return sorted(person.name for person in compute_figures(reading, month)[code].people)


def assert_bridge_holds(ledger_file: LedgerFile, month: str = NOVEMBER) -> None:
    with ledger_file.reading() as reading:
        figures = compute_figures(reading, month)
    before = [person.student_id for person in (*figures["C0"].people, *figures["CX+"].people)]
    come = [one.student_id for code in ("CI1", "CI2", "CI3") for one in figures[code].people]
    gone = [one.student_id for n in range(1, 9) for one in figures[f"CO{n}"].people]
    gone += [one.student_id for one in figures["CX-"].people]
    left = sorted([*before, *come])
    for one in gone:
        left.remove(one)
    assert left == sorted(one.student_id for one in figures["S1"].people)
    for result in figures.values():
        if result.name != "监测覆盖率":
            assert result.period == len(result.people)


def test_an_enrolled_target_is_counted_under_his_entry_kind(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("登记"):
        pass
    with ledger_file.operation("登记") as uow:
        factories.enrol(uow, "入学的", on=date(2025, 11, 3), category="脱贫户")
        transferred = factories.make_student(uow, "转入的")
        factories.make_event(uow, transferred, "转入", date(2025, 10, 28), level="高级工")
        factories.make_hardship(uow, transferred, "脱贫户", date(2025, 10, 28))
        factories.enrol(uow, "不是对象", on=date(2025, 11, 3))
    assert people(ledger_file, "CI1") == ["入学的"]
    assert people(ledger_file, "CI2") == ["转入的"]
    assert people(ledger_file, "E1") == ["入学的", "转入的"]
    assert people(ledger_file, "E5") == ["转入的"]
    assert people(ledger_file, "S4") == ["转入的"]
    assert_bridge_holds(ledger_file)


def test_recognition_and_release_follow_from_the_category(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("登记") as uow:
        recognised = factories.enrol(uow, "新认定")
        factories.make_hardship(uow, recognised, "边缘易致贫户", date(2025, 11, 10))
        released = factories.enrol(uow, "退出的")
        factories.make_hardship(uow, released, "脱贫户", date(2023, 9, 1), to_on=date(2025, 11, 9))
    assert people(ledger_file, "C0") == ["退出的"]
    assert people(ledger_file, "CI3") == ["新认定"]
    assert people(ledger_file, "CO8") == ["退出的"]
    assert_bridge_holds(ledger_file)


def test_exit_falls_on_the_day_after_the_category_ends(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("登记") as uow:
        student = factories.enrol(uow, "最后一天")
        factories.make_hardship(uow, student, "脱贫户", date(2023, 9, 1), to_on=date(2025, 11, 25))
    assert people(ledger_file, "S1") == ["最后一天"]
    assert people(ledger_file, "CO8") == []
    assert people(ledger_file, "CO8", "2025-12") == ["最后一天"]


@pytest.mark.parametrize(
    ("kind", "code"), [("毕业", "CO1"), ("退学", "CO3"), ("转出", "CO4"), ("死亡", "CO7")]
)
def test_a_leaver_is_counted_under_the_kind_of_his_change(
    ledger_file: LedgerFile, kind: str, code: str
) -> None:
    with ledger_file.operation("登记") as uow:
        student = factories.enrol(uow, "离校的", category="脱贫户")
        factories.make_event(uow, student, kind, date(2025, 11, 5))
    assert people(ledger_file, code) == ["离校的"]
    assert people(ledger_file, "S1") == []
    assert_bridge_holds(ledger_file)


def test_who_comes_and_goes_within_the_month_counts_in_both(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("登记") as uow:
        student = factories.enrol(uow, "来了又走", on=date(2025, 10, 27), category="脱贫户")
        factories.make_event(uow, student, "退学", date(2025, 11, 20))
    assert people(ledger_file, "CI1") == ["来了又走"]
    assert people(ledger_file, "CO3") == ["来了又走"]
    assert_bridge_holds(ledger_file)


def test_internal_moves_do_not_touch_the_number(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("登记") as uow:
        student = factories.enrol(uow, "休学的", category="脱贫户")
        factories.make_event(uow, student, "休学", date(2025, 11, 5))
        intern = factories.enrol(uow, "实习的", category="脱贫户")
        factories.make_event(uow, intern, "岗位实习", date(2025, 11, 5))
    assert people(ledger_file, "CM1") == ["休学的"]
    assert people(ledger_file, "CM5") == ["实习的"]
    assert people(ledger_file, "S1") == ["休学的", "实习的"]
    assert people(ledger_file, "S2") == ["实习的"]
    assert people(ledger_file, "S7") == ["休学的"]
    assert_bridge_holds(ledger_file)


def test_what_a_roster_implied_gives_way_to_the_dated_change(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("登记") as uow:
        student = factories.enrol(uow, "休学的", category="脱贫户")
        factories.make_event(uow, student, "休学", date(2025, 11, 12))
        factories.make_event(
            uow,
            student,
            "休学",
            date(2025, 11, 24),
            is_inferred=True,
            roster_before_on=date(2025, 9, 18),
            roster_on=date(2025, 11, 24),
        )
    with ledger_file.reading() as reading:
        assert compute_figures(reading, NOVEMBER)["CM1"].period == 1


def test_an_opening_state_is_in_no_flow(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("登记") as uow:
        student = factories.enrol(uow, "期初休学", category="脱贫户")
        factories.make_event(uow, student, "休学", date(2025, 8, 26), is_opening=True)
    assert people(ledger_file, "CM1", "2025-09") == []
    assert people(ledger_file, "S7", "2025-09") == ["期初休学"]


def test_the_year_adds_months_up_and_opening_figures_are_added_as_typed(ledger_file: LedgerFile) -> None:
    from skillsaid_desktop.domain.entities import OpeningFigure

    with ledger_file.operation("登记") as uow:
        factories.enrol(uow, "九月", on=date(2025, 9, 1), category="脱贫户")
        factories.enrol(uow, "十一月", on=date(2025, 11, 3), category="脱贫户")
        uow.add(OpeningFigure(code="E1", year=3, since_start=40, source="2025年8月报表"))
    with ledger_file.reading() as reading:
        figures = compute_figures(reading, NOVEMBER)
    assert (figures["E1"].period, figures["E1"].year, figures["E1"].since_start) == (1, 5, 42)
    assert figures["CI1"].year == 2
    assert figures["S1"].year == figures["S1"].period == 2


def test_two_categories_that_follow_each_other_do_not_interrupt(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("登记") as uow:
        student = factories.enrol(uow, "换类别")
        factories.make_hardship(uow, student, "脱贫户", date(2023, 9, 1), to_on=date(2025, 11, 9))
        uow.add(HardshipStatus(student_id=student, category="脱贫不稳定户", from_on=date(2025, 11, 10)))
    assert people(ledger_file, "CO8") == []
    assert people(ledger_file, "CI3") == []
    assert people(ledger_file, "S1") == ["换类别"]
