"""Days and months in the many ways in which offices write them."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from skillsaid_desktop.schema.date_order import (
    ORDERS,
    needs_order,
    orders_of,
    read_in_order,
    read_without_year,
)
from skillsaid_desktop.schema.field_type import (
    BLANK,
    Align,
    FieldType,
    Parsed,
    Precision,
    RawValue,
    Words,
    ask,
    block,
    fixed,
)
from skillsaid_desktop.schema.texts import raw_text, strip_invisible, to_half_width

_FIRST_SERIAL, _LAST_SERIAL = 18_264, 73_050  # 1950 to 2099
_EPOCH = date(1899, 12, 30)
_FULL = re.compile(r"^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})[日号]?$")
_MONTH = re.compile(r"^(\d{4})[-./年](\d{1,2})月?份?$")
_YEAR = re.compile(r"^(\d{4})(年|级|届)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})?$")
_WITH_TIME = re.compile(r"^(.*\d[日号]?)[T ]+\d{1,2}[:：]\d{2}([:：]\d{2}(\.\d+)?)?$")
_NO_YEAR = re.compile(r"^(\d{1,2})(月|[./-])(\d{1,2})[日号]?$")
_MONTH_ONLY = re.compile(r"^(\d{1,2})月份?$")
_CHINESE = re.compile(r"^[〇零○ＯO一二三四五六七八九十廿卅元]")
_DIGITS = {"〇": "0", "零": "0", "○": "0", "O": "0"} | {
    c: str(i) for i, c in enumerate("一二三四五六七八九", 1)
}
_EARLIEST, _LATEST = 1900, 2100


def day_of_serial(serial: int) -> date:
    """Return the day of a spreadsheet's serial number (1900 date system)."""
    return _EPOCH + timedelta(days=serial)


class Date(FieldType):
    """A day. A month alone is its first day, a year alone 1 September; `Parsed.precision` says so.

    `whole_day`: a month or a year alone is not enough and waits for an answer. `order` (of date_order.ORDERS)
    and `year` say how a column writes days that do not show it: 03/04/2025, 25.9.1, 11-20.
    """

    align: Align = "center"

    def __init__(self, whole_day: bool = False, order: str = "", year: int | None = None) -> None:
        self.whole_day = whole_day
        self.order = order
        self.year = year

    def written(self, order: str, year: int | None) -> "Date":
        """Return this type for a column that writes its days in this order, those without year in this year."""
        return Date(self.whole_day, order, year)

    def parse(self, raw: RawValue, words: Words | None = None) -> Parsed:
        """Read a day; one without year waits, one that does not exist is refused."""
        parsed = self._parse_habit(raw) if self.order or self.year else None
        parsed = parsed or _parse_day(raw)
        if self.whole_day and parsed.value is not None and parsed.precision != "day":
            return Parsed(None, (ask("date", f"“{raw_text(raw)[:30]}”没有写到日，请补全日期", waits=True),))
        return parsed

    def _parse_habit(self, raw: RawValue) -> Parsed | None:
        if not isinstance(raw, str):
            return None
        text = _plain(raw)
        if self.order and (day := read_in_order(text, self.order)):
            return Parsed(day, (fixed("date order", f"“{text}”按{ORDERS[self.order]}读作 {day}"),))
        if self.year and (day := read_without_year(text, self.year)):
            return Parsed(day, (fixed("date without year", f"“{text}”没有写年份，按 {day} 读"),))
        return None

    def format(self, value: Any) -> str:
        """Return YYYY-MM-DD."""
        return "" if value is None else f"{value:%Y-%m-%d}" if value.year >= 1000 else value.isoformat()


def _parse_day(raw: RawValue) -> Parsed:
    if isinstance(raw, datetime):
        return Parsed(raw.date())
    if isinstance(raw, date):
        return Parsed(raw)
    if raw is None or raw == "":
        return BLANK
    if isinstance(raw, bool):
        return _unread(raw_text(raw))
    if isinstance(raw, float) and not raw.is_integer() and _FIRST_SERIAL <= raw <= _LAST_SERIAL:
        raw = int(raw)
    text = (
        "".join(to_half_width(strip_invisible(raw_text(raw))).split())
        if not isinstance(raw, str)
        else _plain(raw)
    )
    if not text or text in {"-", "/", "无"}:
        return BLANK
    if found := _FULL.match(text):
        return _day(found[1], found[2], found[3], text)
    if text.isdecimal():
        return _parse_digits(text)
    if found := _MONTH.match(text):
        return _day(found[1], found[2], "1", text, "month")
    if found := _YEAR.match(text):
        return _day(found[1], "9", "1", text, "year")
    if found := _WITH_TIME.match(text):
        return _parse_day(found[1])
    if _NO_YEAR.match(text):
        return Parsed(None, (ask("date without year", f"“{text}”没有写年份，请补全日期", waits=True),))
    if _CHINESE.match(text):
        return _parse_words(text)
    if needs_order(text) and (days := sorted(set(orders_of(text).values()))):
        if len(days) == 1:
            return Parsed(days[0], (fixed("date order", f"“{text}”读作 {days[0]}"),))
        told = " 还是 ".join(str(day) for day in days)
        return Parsed(None, (ask("date", f"“{text}”是 {told}，请补全日期", waits=True),))
    return _unread(text)


def plain_day(text: str) -> str:
    """Return a written day without blanks, full-width signs and guards, as it is compared."""
    return _plain(text)


def _plain(text: str) -> str:
    plain = to_half_width(strip_invisible(text)).strip().lstrip("'‘’`")
    if _WITH_TIME.match(plain):
        return plain
    return "".join(plain.split()).replace("。", ".").replace("—", "-").rstrip(".")


def _parse_digits(text: str) -> Parsed:
    if len(text) == 4:
        return _day(text, "9", "1", text, "year")
    if len(text) == 5 and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        day = day_of_serial(int(text))
        return Parsed(day, (fixed("date", f"“{text}”是表格软件的日期序号，即 {day}"),))
    found = _COMPACT.match(text)
    if not found:
        return _unread(text)
    if found[3] is None:
        return _day(found[1], found[2], "1", text, "month")
    return _day(found[1], found[2], found[3], text)


def _day(year: str, month: str, day: str, text: str, precision: Precision = "day") -> Parsed:
    try:
        value = date(int(year), int(month), int(day))
    except ValueError:
        return Parsed(None, (block("date", f"没有“{text}”这一天，请核对"),))
    if not _EARLIEST <= value.year < _LATEST:
        return Parsed(None, (block("date", f"“{text}”的年份不对，请核对"),))
    return Parsed(value, precision=precision)


def _unread(text: str) -> Parsed:
    return Parsed(None, (ask("date", f"“{text[:30]}”看不出是哪一天，请补全日期", waits=True),))


def _parse_words(text: str) -> Parsed:
    """Read 二〇二五年十一月二十日; without a year it waits."""
    digits = _arabic(text)
    if _FULL.match(digits) or _MONTH.match(digits):
        parsed = _parse_day(digits)
        if parsed.value is not None:
            return Parsed(parsed.value, (fixed("date", f"“{text}”即 {digits}"),), parsed.precision)
        return parsed
    if _NO_YEAR.match(digits):
        return Parsed(None, (ask("date in words", f"“{text}”没有写年份，请补全日期", waits=True),))
    return _unread(text)


def day_without_year(raw: str) -> tuple[int, int] | None:
    """Return month and day of a date whose year is missing (11.18, 十一月二十日, 12月15号), None for anything else."""
    found = _NO_YEAR.match(_arabic(_plain(raw)))
    return (int(found[1]), int(found[3])) if found else None


def _arabic(text: str) -> str:
    """Return `text` with Chinese numerals up to 99, and years digit by digit, in Arabic digits."""

    def two_digits(found: re.Match[str]) -> str:
        tens, ones = found[1], found[2]
        return str((int(_DIGITS[tens]) if tens else 1) * 10 + (int(_DIGITS[ones]) if ones else 0))

    text = text.replace("廿", "二十").replace("卅", "三十").replace("元月", "一月").replace("元日", "一日")
    text = re.sub("([一二三])?十([一二三四五六七八九])?", two_digits, text)
    return "".join(_DIGITS.get(character, character) for character in text)


class Month(FieldType):
    """A month, kept as "YYYY-MM"."""

    align: Align = "center"

    def parse(self, raw: RawValue, words: Words | None = None) -> Parsed:
        """Read a month; one without year waits."""
        if isinstance(raw, str) and _MONTH_ONLY.match(_plain(raw)):
            return Parsed(
                None, (ask("month", f"“{raw.strip()}”没有写年份，请写成 2025-11 的样子", waits=True),)
            )
        parsed = _parse_day(raw)
        if parsed.value is None or parsed.precision == "year":
            return (
                BLANK
                if parsed is BLANK
                else Parsed(None, (ask("month", f"“{raw_text(raw)[:30]}”看不出是哪个月", waits=True),))
            )
        return Parsed(f"{parsed.value:%Y-%m}")
