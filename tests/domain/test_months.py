"""Reporting months tile the calendar, whatever the cut-off."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillsaid_desktop.domain.months import (
    MonthRule,
    add_months,
    months_between,
    school_year,
)


@pytest.mark.parametrize(
    ("cutoff", "month", "from_on", "to_on"),
    [
        (25, "2025-11", date(2025, 10, 26), date(2025, 11, 25)),
        (25, "2026-01", date(2025, 12, 26), date(2026, 1, 25)),
        (None, "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        (30, "2025-03", date(2025, 3, 1), date(2025, 3, 30)),
        (30, "2025-02", date(2025, 1, 31), date(2025, 2, 28)),
    ],
)
def test_periods(cutoff: int | None, month: str, from_on: date, to_on: date) -> None:
    period = MonthRule(cutoff).period(month)
    assert (period.from_on, period.to_on) == (from_on, to_on)


@given(st.dates(date(2014, 1, 1), date(2060, 12, 31)), st.none() | st.integers(20, 31))
def test_each_day_belongs_to_exactly_one_month(day: date, cutoff: int | None) -> None:
    rule = MonthRule(cutoff)
    month = rule.month_of(day)
    assert rule.period(month).holds(day)
    assert rule.period(month).to_on + timedelta(days=1) == rule.period(add_months(month, 1)).from_on


def test_months_count_over_year_ends() -> None:
    assert months_between("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert months_between("2026-01", "2025-12") == []
    assert add_months("2025-01", -1) == "2024-12"


def test_school_years_begin_in_september() -> None:
    assert school_year(date(2025, 8, 31)) == 2024
    assert school_year(date(2025, 9, 1)) == 2025
