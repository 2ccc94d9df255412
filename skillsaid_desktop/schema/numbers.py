"""Telephone and card numbers, counts, shares and sums of money."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from skillsaid_desktop.schema.field_type import BLANK, Align, FieldType, Parsed, RawValue, Words, ask
from skillsaid_desktop.schema.texts import raw_text, strip_invisible, to_half_width

_MOBILE = re.compile(r"1[3-9]\d{9}")
_MOBILES = re.compile(r"1[3-9]\d{9}(?:\n1[3-9]\d{9})*")
_LANDLINE = re.compile(r"(0\d{2,3}-?)?\d{7,8}(-\d{1,6})?")
_GUARDED = re.compile(r'^="?(.*?)"?$|^[\'‘’`](.*)$')
_UNITS = {
    "万": Decimal(10_000),
    "万元": Decimal(10_000),
    "元": Decimal(1),
    "块": Decimal(1),
    "元整": Decimal(1),
}
_AMOUNT = re.compile(r"^[¥￥]?(-?[\d,]*\.?\d+)(万元|万|元整|元|块)?(?:/\S+)?$")
_NUMBER = re.compile(r"^(-?[\d,]*\.?\d+)[年天节门人次岁级周个]?制?$")


def unguarded(text: str) -> str:
    """Return a number without the marks that keep a spreadsheet from spoiling it: `'36…`, `="36…"`."""
    found = _GUARDED.match(text)
    return text if not found else (found[1] if found[1] is not None else found[2])


def plain_digits(raw: RawValue) -> str:
    """Return a number as written, half width, without blanks and guards."""
    text = to_half_width(strip_invisible(raw_text(raw))).strip()
    return unguarded("".join(text.split()))


class Phone(FieldType):
    """A telephone number; several may be separated by 、 or /."""

    def are_values(self, texts: Sequence[str]) -> bool:
        """Say whether each text is one mobile number."""
        joined = "\n".join(texts)
        return joined.isascii() and _MOBILES.fullmatch(joined) is not None

    def parse(self, raw: RawValue, words: Words | None = None) -> Parsed:
        """Read a telephone number; a doubtful one is kept and asked about."""
        if isinstance(raw, str) and raw.isascii() and _MOBILE.fullmatch(raw):
            return Parsed(raw)
        text = plain_digits(raw)
        if not text or text == "-":
            return BLANK
        text = text.replace("—", "-").replace("(", "").replace(")", "-")
        if text.startswith("+86"):
            text = text[3:].lstrip("-")
        parts = [part for part in re.split(r"[、/,;，；]", text) if part]
        numbers = [
            part.replace("-", "") if _MOBILE.fullmatch(part.replace("-", "")) else part for part in parts
        ]
        value = "、".join(numbers)
        if all(_MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number) for number in numbers):
            return Parsed(value)
        return Parsed(value, (ask("phone", f"“{text[:30]}”不像电话号码"),))


class BankCard(FieldType):
    """A bank card: digits, 12 to 19 of them, the last a Luhn digit."""

    def parse(self, raw: RawValue, words: Words | None = None) -> Parsed:
        """Read a card number; one spoiled by a spreadsheet is left out and asked about."""
        if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) >= 1e15:
            return Parsed(
                None, (ask("spoiled number", "卡号被表格软件改成了数字，后几位已不可信，请按原卡填写"),)
            )
        text = plain_digits(raw).replace("-", "")
        if not text:
            return BLANK
        if "E+" in text.upper():
            return Parsed(None, (ask("spoiled number", "卡号被表格软件改成了科学计数，请按原卡填写"),))
        if not text.isdecimal() or not 12 <= len(text) <= 19:
            return Parsed(text[:40], (ask("card", f"卡号应为 12 到 19 位数字，现为 {len(text)} 位"),))
        if len(text) >= 16 and not luhn_holds(text):
            return Parsed(text, (ask("card", "卡号的校验位不对"),))
        return Parsed(text)


def luhn_holds(digits: str) -> bool:
    """Say whether the last digit is the Luhn digit of the others."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit)
        if place % 2:
            number = number * 2 - 9 if number > 4 else number * 2
        total += number
    return total % 10 == 0


class Amount(FieldType):
    """A sum of money, kept as integer 分."""

    align: Align = "right"
    number_format = "#,##0.00"

    def parse(self, raw: RawValue, words: Words | None = None) -> Parsed:
        """Read a sum in 元 as 分; 1.5万元 and 1,150 元 are understood."""
        if isinstance(raw, bool):
            return _unread("amount", raw)
        if isinstance(raw, int | float):
            try:
                return Parsed(_to_fen(Decimal(str(raw))))
            except (InvalidOperation, OverflowError, ValueError):
                return _unread("amount", raw)
        text = plain_digits(raw).replace("，", ",")
        if not text or text == "-":
            return BLANK
        found = _AMOUNT.match(text)
        if not found:
            return _unread("amount", raw)
        try:
            return Parsed(
                _to_fen(Decimal(found[1].replace(",", "")) * _UNITS.get(found[2] or "元", Decimal(1)))
            )
        except InvalidOperation:
            return _unread("amount", raw)

    def format(self, value: Any) -> str:
        """Return 元 with two decimals and thousands separated."""
        if value is None:
            return ""
        sign = "-" if value < 0 else ""
        return f"{sign}{abs(value) // 100:,}.{abs(value) % 100:02d}"


def _to_fen(yuan: Decimal) -> int:
    return int((yuan * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _unread(code: str, raw: RawValue) -> Parsed:
    return Parsed(None, (ask(code, f"“{raw_text(raw)[:40]}”看不出是多少", waits=True),))


class Number(FieldType):
    """A whole number."""

    align: Align = "right"
    number_format = "0"

    def parse(self, raw: RawValue, words: Words | None = None) -> Parsed:
        """Read a whole number; 3年 and 22天 are understood."""
        if isinstance(raw, int) and not isinstance(raw, bool):
            return Parsed(raw)
        if isinstance(raw, float) and raw.is_integer():
            return Parsed(int(raw))
        text = plain_digits(raw)
        if not text or text == "-":
            return BLANK
        found = _NUMBER.match(text)
        if not found:
            return _unread("number", raw)
        try:
            number = Decimal(found[1].replace(",", ""))
        except InvalidOperation:
            return _unread("number", raw)
        return Parsed(int(number)) if number == int(number) else _unread("number", raw)


class Ratio(FieldType):
    """A share from 0 to 1, written as per cent."""

    align: Align = "right"
    number_format = "0.0%"

    def parse(self, raw: RawValue, words: Words | None = None) -> Parsed:
        """Read 0.95 or 95%."""
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            return Parsed(float(raw))
        text = plain_digits(raw)
        if not text:
            return BLANK
        try:
            return Parsed(float(Decimal(text[:-1]) / 100) if text.endswith("%") else float(Decimal(text)))
        except InvalidOperation:
            return _unread("number", raw)

    def format(self, value: Any) -> str:
        """Return per cent with one decimal."""
        return "" if value is None else f"{value * 100:.1f}%"
