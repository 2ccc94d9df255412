"""Days and months as offices write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillsaid_desktop.schema import Date, Month, Severity
from skillsaid_desktop.schema.field_type import RawValue


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2005.09.01", date(2005, 9, 1)),
        ("20050901", date(2005, 9, 1)),
        (20050901, date(2005, 9, 1)),
        ("2005年9月1日", date(2005, 9, 1)),
        ("2005 年 9 月 1 日", date(2005, 9, 1)),
        ("2005/9/1", date(2005, 9, 1)),
        ("２００５．９．１", date(2005, 9, 1)),
        ("46013", date(2025, 12, 22)),
        (46013.0, date(2025, 12, 22)),
        ("2025-11-20 08:00:11", date(2025, 11, 20)),
        ("二〇二五年十一月二十日", date(2025, 11, 20)),
        (datetime(2025, 11, 20, 8, 0), date(2025, 11, 20)),
        (date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_days_are_read(raw: RawValue, day: date) -> None:
    parsed = Date().parse(raw)
    assert (parsed.value, parsed.precision) == (day, "day")


@pytest.mark.parametrize(
    ("raw", "day", "precision"),
    [
        ("2005-09", date(2005, 9, 1), "month"),
        ("2023.9", date(2023, 9, 1), "month"),
        ("202309", date(2023, 9, 1), "month"),
        ("2023年9月", date(2023, 9, 1), "month"),
        ("2023", date(2023, 9, 1), "year"),
        ("2023级", date(2023, 9, 1), "year"),
    ],
)
def test_a_month_is_its_first_day_and_a_year_the_first_of_september(
    raw: str, day: date, precision: str
) -> None:
    parsed = Date().parse(raw)
    assert (parsed.value, parsed.precision, parsed.findings) == (day, precision, ())
    whole = Date(whole_day=True).parse(raw)
    assert whole.value is None
    assert whole.findings[0].waits


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("11.18", "date without year"),
        ("12月15号", "date without year"),
        ("十一月二十日", "date in words"),
        ("12月中旬", "date"),
        ("十月", "date"),
        ("待定", "date"),
    ],
)
def test_a_day_without_year_waits(raw: str, code: str) -> None:
    parsed = Date().parse(raw)
    assert parsed.value is None
    assert [(each.severity, each.code, each.waits) for each in parsed.findings] == [
        (Severity.ASK, code, True)
    ]


@pytest.mark.parametrize("raw", ["2025-02-30", "20251301", "2025年13月1日", "0025-01-01"])
def test_a_day_that_does_not_exist_is_refused(raw: str) -> None:
    parsed = Date().parse(raw)
    assert parsed.value is None
    assert parsed.findings[0].severity is Severity.BLOCK


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_a_written_day_reads_back(day: date) -> None:
    kind = Date()
    assert kind.parse(kind.format(day)).value == day
    assert kind.parse(f"{day.year}年{day.month}月{day.day}日").value == day
    assert kind.parse(f"{day:%Y%m%d}").value == day
    assert kind.parse(f"{day.year}.{day.month}.{day.day}").value == day
    assert kind.parse(str((day - date(1899, 12, 30)).days)).value == day


@given(st.one_of(st.text(max_size=20), st.floats(), st.integers(), st.booleans(), st.datetimes()))
def test_no_cell_breaks_a_date(raw: RawValue) -> None:
    Date().parse(raw)
    Month().parse(raw)


@pytest.mark.parametrize("raw", ["2025-11", "2025年11月", "202511", "2025.11", date(2025, 11, 18)])
def test_months_are_read(raw: RawValue) -> None:
    assert Month().parse(raw).value == "2025-11"


def test_a_month_without_year_waits() -> None:
    parsed = Month().parse("11月")
    assert parsed.value is None
    assert parsed.findings[0].waits


@pytest.mark.parametrize(
    ("raw", "order", "value"),
    [
        ("03/04/2025", "dmy", date(2025, 4, 3)),
        ("03/04/2025", "mdy", date(2025, 3, 4)),
        ("05-06-07", "ymd", date(2005, 6, 7)),
        ("０３／０４／２０２５", "dmy", date(2025, 4, 3)),
        ("2025-11-05", "dmy", date(2025, 11, 5)),  # what shows its order needs no habit
    ],
)
def test_a_day_is_read_in_the_order_of_its_column(raw: str, order: str, value: date) -> None:
    assert Date(order=order).parse(raw).value == value


@pytest.mark.parametrize("raw", ["03/04/2025", "05-06-07", "1.2.03"])
def test_a_day_of_several_readings_waits_and_names_them(raw: str) -> None:
    parsed = Date().parse(raw)
    assert parsed.value is None
    assert parsed.findings[0].waits
    assert "还是" in parsed.findings[0].message


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("13/04/2025", date(2025, 4, 13)),
        ("25.9.1", date(2025, 9, 1)),
        ("25年9月1日", date(2025, 9, 1)),
        ("65.3.22", date(1965, 3, 22)),
    ],
)
def test_a_day_of_one_reading_is_read_and_shown(
    raw: str, value: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-20")
    parsed = Date().parse(raw)
    assert parsed.value == value
    assert parsed.findings[0].severity is Severity.FIXED
    assert raw in parsed.findings[0].message


def test_a_day_without_year_takes_the_year_of_its_column() -> None:
    assert Date(year=2025).parse("11月5日").value == date(2025, 11, 5)
    assert Date(year=2025).parse("2-30").value is None
