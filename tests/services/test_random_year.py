"""A year of random events: every figure equals its list, the bridge adds up by name, reported numbers stay, undo restores."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from skillsaid_desktop.checks.months import bridge_difference
from skillsaid_desktop.domain.entities import HardshipStatus, StatusChange
from skillsaid_desktop.domain.months import MonthRule, add_months, months_between
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.figures import FIGURES, FigureResult, Unit
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.services.closing import close_month, drift
from skillsaid_desktop.storage import LedgerFile
from tests.factories import make_class, make_event, make_hardship, make_ledger, make_student

FIRST, LAST = "2025-03", "2026-02"
MONTHS = months_between(FIRST, LAST)
RULE = MonthRule(25)
PEOPLE = 5
EXPLAINED = dict.fromkeys(("0", "2", "3", "6", "30", "31", "33"), "已核实")
KINDS = [
    *("转入", "休学", "复学", "参军保留学籍", "恢复学籍", "岗位实习", "实习结束"),
    *("退学", "毕业", "转出", "转班", "留级", "转专业", "升入高级工班", "信息更正"),
]
DAYS = st.dates(date(2025, 1, 1), date(2026, 3, 31))


@dataclass(frozen=True)
class Act:
    """Something that the coordinator does in a month; `days` may lie anywhere."""

    person: int
    kind: str
    day: date
    until: date | None
    moves: bool  # of a category: an existing row is changed, not a new one written


ACTS = st.builds(
    Act,
    person=st.integers(0, PEOPLE - 1),
    kind=st.sampled_from([*KINDS, "脱贫户", "脱贫户", "边缘易致贫户", "低保"]),
    day=DAYS,
    until=st.none() | DAYS,
    moves=st.booleans(),
)
YEAR = st.lists(st.lists(ACTS, max_size=4), min_size=len(MONTHS), max_size=len(MONTHS))


@contextmanager
def day_of(day: date) -> Iterator[None]:
    with mock.patch.dict("os.environ", {"SKILLSAID_TODAY": day.isoformat()}):
        yield


def start(path: Path) -> tuple[LedgerFile, list[int]]:
    ledger_file = make_ledger(path, first_month=FIRST)
    with ledger_file.operation("名册") as uow:
        class_id = make_class(uow)
        people = []
        for number in range(PEOPLE):
            student_id = make_student(uow, f"学生{number}", sex=None, born_on=None)
            entered = date(2024, 9, 1) if number < 3 else date(2025, 3, 10 + number)
            make_event(uow, student_id, "入学", entered, class_id=class_id, major="机电", level="中级工")
            if number == 4:
                make_event(uow, student_id, "休学", entered, is_opening=True, roster_on=date(2025, 3, 20))
            if number == 2:
                make_event(
                    uow, student_id, "退学", date(2025, 2, 26), is_opening=True, roster_on=date(2025, 3, 20)
                )
            if number != 1:
                make_hardship(uow, student_id, "脱贫户", entered)
            people.append(student_id)
    return ledger_file, people


def do(ledger_file: LedgerFile, people: list[int], act: Act) -> None:
    student_id = people[act.person]
    with ledger_file.operation(act.kind) as uow:
        if act.kind in KINDS:
            row: dict[str, object] = {"student_id": student_id, "kind": act.kind, "changed_on": act.day}
            if act.kind == "转入":
                row |= {"major": "机电", "level": "中级工"}
            uow.insert_many(StatusChange, [row])
            return
        until = act.until if act.until and act.until >= act.day else None
        known = uow.scalar("SELECT min(id) FROM hardship_status WHERE student_id = ?", (student_id,))
        values = {"category": act.kind, "from_on": act.day, "to_on": until}
        if act.moves and known is not None:
            uow.update_many(HardshipStatus, [{"id": known, **values}])
        else:
            uow.insert_many(HardshipStatus, [{"student_id": student_id, **values}])


def last_of(ledger_file: LedgerFile) -> int:
    return ledger_file.undoable(limit=1)[0].id


def undo_to(ledger_file: LedgerFile, operation_id: int) -> None:
    """Take back what came after an operation; what changed nothing is not among the undoable."""
    while last_of(ledger_file) != operation_id:
        ledger_file.undo()


def dump(ledger_file: LedgerFile) -> dict[str, list[tuple[object, ...]]]:
    tables = (
        "status_change",
        "hardship_status",
        "student_span",
        "reporting_month",
        "frozen_figure",
        "frozen_person",
    )
    with ledger_file.reading() as reading:
        return {table: reading.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables}


def hold(figures: dict[str, FigureResult]) -> None:
    for figure in FIGURES:
        found = figures[figure.code]
        if figure.unit is Unit.RATIO:
            continue
        assert found.period == len(found.people), figure.code
        if figure.unit is Unit.PEOPLE:
            assert len({person.student_id for person in found.people}) == len(found.people), figure.code
        assert found.year is not None
        assert found.since_start is None or found.since_start >= 0
    assert bridge_difference(figures) == {}
    assert figures["S2"].period is not None
    assert figures["S1"].period == sum((figures[code].period or 0) for code in ("S3", "S4", "S5"))


@settings(
    max_examples=4,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(year=YEAR)
def test_a_year_of_random_events(tmp_path_factory: pytest.TempPathFactory, year: list[list[Act]]) -> None:
    ledger_file, people = start(tmp_path_factory.mktemp("year") / "年.skillsaid")
    try:
        begun = dump(ledger_file)
        first = last_of(ledger_file)
        reported: dict[str, dict[str, FigureResult]] = {}
        for number, (month, acts) in enumerate(zip(MONTHS, year, strict=True)):
            # Sometimes a month is closed before its last day.
            closing_on = RULE.period(month).to_on.replace(day=22 if number % 3 == 1 else 25)
            with day_of(closing_on):
                before = last_of(ledger_file)
                for act in acts:
                    do(ledger_file, people, act)
                with ledger_file.reading() as reading:
                    hold(compute_figures(reading, month))
                try:
                    close_month(ledger_file, month, EXPLAINED)
                except UserError:
                    # Something was impossible: the month is closed without this month's acts.
                    undo_to(ledger_file, before)
                    try:
                        close_month(ledger_file, month, EXPLAINED)
                    except UserError:
                        # Something impossible was written earlier of somebody who had left and now came back.
                        break
                with ledger_file.reading() as reading:
                    reported[month] = compute_figures(reading, month)
        with ledger_file.reading() as reading:
            for month in MONTHS:
                hold(compute_figures(reading, month))
            for month, figures in reported.items():
                assert compute_figures(reading, month) == figures
                rows = {row.code: row for row in drift(reading, month)}
                now = compute_figures(reading, month, True)
                assert ("S1" in rows) == (
                    {person.student_id for person in now["S1"].people}
                    != {person.student_id for person in figures["S1"].people}
                )
                following = compute_figures(reading, add_months(month, 1))
                if add_months(month, 1) not in reported and "S1" in rows:
                    moved = {person.student_id for person in rows["S1"].people}
                    corrected = (*following["CX+"].people, *following["CX-"].people)
                    assert {person.student_id for person in corrected} == moved
            # The totals of an open month count everybody whom the ledger knows today, late or not.
            after = next((month for month in MONTHS if month not in reported), None)
            if after is not None:
                months = [month for month in MONTHS if month[:4] == after[:4] and month <= after]
                lists = [compute_figures(reading, month, True)["E1"].people for month in months]
                entered = {person.student_id for found in lists for person in found}
                assert compute_figures(reading, after)["E1"].year == len(entered)
        undo_to(ledger_file, first)
        assert dump(ledger_file) == begun
    finally:
        ledger_file.close(backup=False)
