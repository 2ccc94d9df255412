"""Document numbers of people: resident IDs (GB 11643), disability certificates, and what is wrong with others."""

import re
from datetime import date
from functools import lru_cache
from operator import mul

from skillsaid_desktop.schema.field_type import (
    BLANK,
    FieldType,
    Finding,
    Parsed,
    RawValue,
    Words,
    ask,
    block,
    fixed,
)
from skillsaid_desktop.schema.numbers import unguarded
from skillsaid_desktop.schema.texts import raw_text, strip_invisible, to_half_width

_RESIDENT = re.compile(r"[0-9]{17}[0-9X]")
_DISABILITY = re.compile(r"[0-9]{17}[0-9X][0-9]{2}(B[0-9])?")
_OTHER = re.compile(r"[\u4e00-\u9fff]{0,4}字?第?[A-Z0-9]{5,12}号?")
_YEARS = re.compile(r"\[[^\]]*\]")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_SPOILED = "证件号被表格软件改成了数字，后几位已不可信；请把这一列设为文本格式，按证件重新填写"

_remembered = lru_cache(maxsize=64)  # the same is asked several times about one row

RESIDENT_ID = "居民身份证"
DISABILITY_CERTIFICATE = "残疾人证"


class IdNumber(FieldType):
    """A person's document number: upper case, without blanks. A wrong one refuses the row.

    `strict=False`, for people who are not the subject of the row, only asks.
    """

    def __init__(self, strict: bool = True) -> None:
        self.always_blocks = strict

    def parse(self, raw: RawValue, words: Words | None = None) -> Parsed:
        """Read a number; what is mended is shown, what fails its checks keeps its text beside the finding."""
        if type(raw) is str and _RESIDENT.fullmatch(raw):
            return Parsed(raw, _resident_findings(raw))
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            if abs(raw) >= 1e15:
                return Parsed(None, (block("spoiled number", f"{_SPOILED}（现为 {_digits(raw)}）"),))
            raw = raw_text(raw)
        before = text = raw_text(raw)
        findings: list[Finding] = []
        text = strip_invisible(text)
        stripped = text.strip()
        guarded = unguarded(stripped)
        if guarded != stripped:
            findings.append(fixed("guarded number", "证件号前后的引号或等号已去掉"))
            text = guarded
        elif stripped and text.startswith("\t"):
            findings.append(fixed("guarded number", "证件号前的制表符已去掉"))
            text = stripped
        half = to_half_width(text) if not text.isspace() else ""
        if half != text and half.replace(" ", "") != text.replace("\u3000", ""):
            findings.append(fixed("full width", "证件号里的全角字符已改成半角"))
        joined = "".join(half.split())
        if joined and len(joined) != len(text):
            findings.append(fixed("blank", "证件号前后或中间的空格已去掉"))
        elif joined and len(text) != len(before) and not findings:
            findings.append(fixed("invisible", "证件号里看不见的字符已去掉"))
        if not joined:
            return BLANK
        if joined != joined.upper():
            joined = joined.upper()
            findings.append(fixed("lower x", "证件号末位的小写 x 已改成大写 X"))
        told = f"：“{' '.join(before.split()) or before}” → “{joined}”" if len(before) <= 60 else ""
        findings = [fixed(each.code, each.message + told) for each in findings]
        if _SCIENTIFIC.fullmatch(joined):
            return Parsed(None, (block("spoiled number", f"{_SPOILED}（现为 {joined}）"),))
        return Parsed(joined[:40], (*findings, *number_findings(joined)))


def _digits(number: int | float) -> str:
    return (f"{number:.0f}" if isinstance(number, float) else str(number))[:25]


def number_findings(number: str) -> tuple[Finding, ...]:
    """Return what is wrong with a cleaned number; nothing for one that can stand."""
    if _RESIDENT.fullmatch(number):
        return _resident_findings(number)
    if _DISABILITY.fullmatch(number):
        return _resident_findings(number[:18])
    if len(number) == 15 and number.isdecimal():
        return (block("15 digits", f"{number} 是 15 位的第一代身份证号，请按新证填写 18 位号码"),)
    if _OTHER.fullmatch(number) and not number.isdecimal():
        return ()
    return (block("length", f"证件号 {number[:40]} 有 {len(number)} 位，应为 18 位（残疾人证 20 位）"),)


def _resident_findings(number: str) -> tuple[Finding, ...]:
    if not check_digit_holds(number):
        if number.endswith("000"):
            return (block("spoiled number", f"{_SPOILED}（现为 {number}）"),)
        return (block("check digit", f"身份证号 {number} 的校验位不对，请与证件核对"),)
    if born_on(number) is None:
        return (block("date", f"身份证号 {number} 里的出生日期不存在"),)
    if not _area_is_known(number[:6]):
        return (ask("area code", f"身份证号 {number} 的地区码 {number[:6]} 查不到，请与证件核对"),)
    return ()


def check_digit(number: str) -> str:
    """Return the check digit of the first 17 digits of a number (GB 11643)."""
    # Areas, birthdays and serial numbers come again and again: each part is weighed once.
    total = _weighed(number[:6], 0) + _weighed(number[6:14], 6) + _weighed(number[14:17], 14)
    return _CHECK_DIGITS[total % 11]


def check_digit_holds(number: str) -> bool:
    """Say whether the last of 18 characters is the check digit of the first 17 (GB 11643)."""
    return number[17] == check_digit(number)


@lru_cache(maxsize=20_000)
def _weighed(digits: str, start: int) -> int:
    return sum(map(mul, map(int, digits), _WEIGHTS[start:]))


@_remembered
def born_on(number: str | None) -> date | None:
    """Return the birth date in a resident ID or a disability certificate, None if there is none."""
    if not number or len(number) < 18 or not number[:17].isdecimal():
        return None
    return _day(number[6:14])


@lru_cache(maxsize=10_000)
def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


@_remembered
def sex_of(number: str | None) -> str | None:
    """Return 男 or 女 as the 17th digit says, None if there is none."""
    if not number or len(number) < 18 or not number[:17].isdecimal():
        return None
    return "男" if int(number[16]) % 2 else "女"


@_remembered
def kind_of_number(number: str) -> str | None:
    """Return the document kind that the length of a number speaks for (DOMAIN section 4)."""
    if _RESIDENT.fullmatch(number):
        return RESIDENT_ID
    return DISABILITY_CERTIFICATE if _DISABILITY.fullmatch(number) else None


def age_on(birth: date, day: date) -> int:
    """Return whole years of age on `day`; born on 29 February counts from 1 March in other years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def person_findings(
    number: str | None, *, sex: str | None = None, birth: date | None = None, as_of: date | None = None
) -> tuple[Finding, ...]:
    """Return what speaks against a number: sex, birth date, and an age under 14 or over 30 on `as_of`."""
    findings = []
    by_number, sex_by_number = born_on(number), sex_of(number)
    if sex and sex_by_number and sex != sex_by_number:
        findings.append(ask("sex", f"性别填的是{sex}，身份证号里是{sex_by_number}"))
    if birth and by_number and birth != by_number:
        findings.append(ask("birth date", f"出生日期填的是 {birth}，身份证号里是 {by_number}"))
    born = by_number or birth
    if as_of and born:
        age = age_on(born, as_of)
        if age < 14:
            findings.append(ask("age", f"{age} 岁，未满 14 周岁（儿童敏感信息），请核对"))
        elif age > 30:
            findings.append(ask("age", f"{age} 岁，超过 30 岁，请核对"))
    return tuple(findings)


@lru_cache(maxsize=10_000)
def _area_is_known(area: str) -> bool:
    """Look the area up without its years: a number is given at registration, which may be long after birth."""
    from stdnum import numdb  # late: its table is read from a file

    return any("county" in properties for _part, properties in numdb.get("cn/loc").info(area))


@lru_cache(maxsize=10_000)
def county_of(area: str) -> str:
    """Return the county (县, 区, 市) that six digits stand for, under its last name; "" if the table has none."""
    from stdnum import numdb  # late: its table is read from a file

    names = [
        properties["county"] for _part, properties in numdb.get("cn/loc").info(area) if "county" in properties
    ]
    return _YEARS.sub("", names[-1].split(",")[-1]) if names else ""
