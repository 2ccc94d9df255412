"""What a row of 待处理 can be answered with: worked out from the sheet it stood in."""

from datetime import date, datetime

import pytest

from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.dates import day_without_year
from skillsaid_desktop.services.answers import ways_to_answer
from skillsaid_desktop.services.pending import Pending
from skillsaid_desktop.storage import LedgerFile


def waiting(written: str, **cells: str) -> Pending:
    """Return a note whose date lacks its year."""
    issue = Issue(
        severity=Severity.ASK, code="date without year", message="没有写年份", column="监测日期", waits=True
    )
    values = {"as_of": "2026-01-20", "noted_on": written, **cells}
    return Pending(
        1, "monitoring", "表.xlsx", "Sheet1", 5, "waiting", "刘婷", values, (issue,), datetime(2026, 1, 20)
    )


@pytest.mark.parametrize(
    ("written", "month", "meant"),
    [
        ("12.28", "2026-01", date(2025, 12, 28)),
        ("1月15号", "2026-01", date(2026, 1, 15)),
        ("十二月十五日", "2025-12", date(2025, 12, 15)),
        ("12月15号", "", date(2025, 12, 15)),
        ("1.15", "", date(2026, 1, 15)),
    ],
)
def test_a_date_without_year_means_the_one_in_the_month_of_its_sheet(
    ledger_file: LedgerFile, written: str, month: str, meant: date
) -> None:
    cells = {"month": month} if month else {}
    with ledger_file.reading() as reading:
        assert ways_to_answer(reading, waiting(written, **cells)).days == {"noted_on": meant}


@pytest.mark.parametrize("written", ["12月中旬", "2.30", "下周"])
def test_what_is_no_day_of_any_year_is_not_guessed(ledger_file: LedgerFile, written: str) -> None:
    with ledger_file.reading() as reading:
        assert not ways_to_answer(reading, waiting(written)).days


def test_a_whole_date_lacks_no_year() -> None:
    assert day_without_year("2025-11-18") is None
