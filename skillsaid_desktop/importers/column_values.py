"""What a column is by the values in it: a column full of valid numbers is the number, whatever stands above it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from skillsaid_desktop.schema import Field, RawValue, Severity
from skillsaid_desktop.schema.document_number import born_on, check_digit_holds
from skillsaid_desktop.schema.texts import raw_text, strip_invisible, to_half_width
from skillsaid_desktop.schema.types import Choice, Date, IdNumber, Phone, Text, Words

_RESIDENT = re.compile(r"\d{17}[\dX]")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_REGISTRATION = re.compile(r"[GLJ]\d{9,18}[\dX]?")
_CLASS = re.compile(
    r"[\u4e00-\u9fff()A-Z\d级]{0,14}[\u4e00-\u9fff级][()A-Z]{0,4}\d{2,4}(-?\d{1,2})?[()]?班?"
    r"|\d{2,4}级[\u4e00-\u9fff]{1,10}\d{0,2}班?"
)
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}|[\u3400-\u9fff]{2,8}·[\u3400-\u9fff·]{1,12}")
_WRITTEN_DAY = re.compile(
    r"(19|20)\d\d[-./年]\d{1,2}([-./月]\d{1,2}日?)?|(19|20)\d\d(0[1-9]|1[0-2])([0-3]\d)?"
)
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭"
    "廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严赖覃洪武莫孔汤向常温康施文牛樊葛邢安齐易乔"
    "伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧司上诸"
)  # fmt: skip
_NONE = frozenset({"无", "否", "-", "/", "—"})
MOST_ROWS = 200
"""Rows that are looked at: more would not make a guess surer."""


@dataclass(frozen=True, kw_only=True)
class KnownWords:
    """What the ledger knows: the vocabularies of the day, and by field name what a text must be to be known."""

    words: Words | None = None
    is_known: Mapping[str, Callable[[str], bool]] = field(default_factory=dict)


def plain_texts(values: Sequence[RawValue]) -> list[str]:
    """Return the texts of the cells that are not blank, half width and without blanks around."""
    texts = (to_half_width(strip_invisible(raw_text(each))).strip().strip("'’‘`") for each in values)
    return [text for text in texts if text]


def fits_type(column: Field, values: Sequence[RawValue], known: KnownWords) -> bool:
    """Say whether most cells of a column can be read as a field's kind of value."""
    filled = [each for each in values if each not in (None, "")]
    if not filled:
        return True
    texts = plain_texts(filled)
    if isinstance(column.type, Text):
        if known_word := known.is_known.get(column.name):
            return _share(texts, known_word) >= 0.5 or not _is_number_like(texts)
        return column.name.endswith(("number", "card", "phone")) or not _is_number_like(texts)
    read = (column.type.parse(each, known.words) for each in filled)
    clean = sum(
        1
        for each in read
        if each.value is not None
        and not any(one.severity in (Severity.ASK, Severity.BLOCK) for one in each.findings)
    )
    return clean >= 0.7 * len(filled)


def guess_fields(
    columns: Mapping[int, Sequence[RawValue]],
    fields: Sequence[Field],
    known: KnownWords,
    numbers: Sequence[RawValue] = (),
) -> dict[int, str]:
    """Return which columns are which of these fields by their values, each field and each column once.

    `numbers` are the document numbers of the same rows, where they are known: a date that equals theirs is
    the birth date. What two columns could be is nobody's.
    """
    by_name = {each.name: each for each in fields}
    texts = {at: plain_texts(values) for at, values in columns.items()}
    texts = {at: some for at, some in texts.items() if len(some) >= 2}
    found: dict[int, str] = {}

    def claim(name: str, ats: list[int], *, first: bool = False) -> None:
        free = [at for at in ats if at not in found]
        if name in by_name and name not in found.values() and free and (len(free) == 1 or first):
            found[free[0]] = name

    ids = [at for at, some in texts.items() if _is_identity(some)]
    own = next((name for name, each in by_name.items() if isinstance(each.type, IdNumber)), "")
    claim(own, ids)
    at_number = next((at for at, name in found.items() if name == own), None)
    rows = list(columns[at_number]) if at_number is not None else list(numbers)
    phones = next((name for name, each in by_name.items() if isinstance(each.type, Phone)), "")
    claim(phones, [at for at, some in texts.items() if _share(some, _MOBILE.fullmatch) >= 0.9])
    claim(
        "registration_number",
        [at for at, some in texts.items() if _share(some, _REGISTRATION.fullmatch) >= 0.9],
    )
    for name in ("class_name", "major"):
        if is_known := known.is_known.get(name):
            claim(name, [at for at, some in texts.items() if _share(some, is_known) >= 0.8])
    claim("class_name", [at for at, some in texts.items() if _is_class(some)])
    for name, each in by_name.items():
        if isinstance(each.type, Choice):
            claim(name, [at for at, some in texts.items() if _are_words(some, each.type.vocabulary, known)])
    claim("category", [at for at, some in texts.items() if _are_words(some, "category", known)])
    _claim_dates(columns, texts, by_name, rows, claim, found)
    name = next((one for one in ("name", "student_name") if one in by_name), "")
    claim(name, [at for at, some in texts.items() if _are_names(some)], first=True)
    return found


def _claim_dates(
    columns: Mapping[int, Sequence[RawValue]],
    texts: Mapping[int, list[str]],
    by_name: Mapping[str, Field],
    numbers: Sequence[RawValue],
    claim: Callable[[str, list[int]], None],
    found: Mapping[int, str],
) -> None:
    """Give the birth date the column that agrees with the numbers, and the one required day what is left."""
    dates = [at for at in texts if _are_days(columns[at])]
    born = [born_on(text) for text in (to_half_width(raw_text(each)).strip().upper() for each in numbers)]
    if any(born):
        claim("born_on", [at for at in dates if _agree(columns[at], born)])
    wanted = [name for name, each in by_name.items() if isinstance(each.type, Date) and each.required]
    left = [at for at in dates if at not in found]
    if len(wanted) == 1:
        claim(wanted[0], [at for at in left if not any(born) or not _agree(columns[at], born)])


def _share(texts: Sequence[str], holds: Callable[[str], object]) -> float:
    return sum(1 for text in texts if holds(text)) / len(texts) if texts else 0.0


def _is_identity(texts: Sequence[str]) -> bool:
    numbers = [text.replace(" ", "").upper() for text in texts]
    looks = [each for each in numbers if _RESIDENT.fullmatch(each[:18])]
    valid = sum(1 for each in looks if check_digit_holds(each[:18]) and born_on(each))
    return len(looks) >= 0.8 * len(texts) and valid >= 0.5 * len(texts)


def _is_number_like(texts: Sequence[str]) -> bool:
    return _share(texts, lambda text: _RESIDENT.fullmatch(text) or _MOBILE.fullmatch(text)) >= 0.5


def _is_class(texts: Sequence[str]) -> bool:
    return len(set(texts)) <= max(1, len(texts) // 2) and _share(texts, _CLASS.fullmatch) >= 0.9


def _are_words(texts: Sequence[str], vocabulary: str, known: KnownWords) -> bool:
    """Say whether nearly all are words of a list; a list that takes any text proves nothing."""
    words = known.words
    if words is None or words.resolve(vocabulary, "甲乙丙丁") is not None:
        return False
    different = set(texts)
    if len(different) > 40 or all(text in ("是", "否", "有", "无", "一般", "其他") for text in different):
        return False
    said = [text for text in texts if text not in _NONE]
    return len(said) >= 2 and _share(said, lambda text: words.resolve(vocabulary, text)) >= 0.95


def _are_names(texts: Sequence[str]) -> bool:
    return (
        len(set(texts)) >= 0.6 * len(texts)
        and _share(texts, _NAME.fullmatch) >= 0.9
        and _share(texts, lambda text: text[0] in _SURNAMES) >= 0.8
    )


def _are_days(values: Sequence[RawValue]) -> bool:
    filled = [each for each in values if each not in (None, "")]
    days = sum(
        1
        for each in filled
        if isinstance(each, date | datetime) or _WRITTEN_DAY.fullmatch(raw_text(each).strip())
    )
    return len(filled) >= 2 and days >= 0.9 * len(filled)


def _agree(values: Sequence[RawValue], born: Sequence[date | None]) -> bool:
    both = [
        (Date().parse(value).value, day)
        for value, day in zip(values, born, strict=False)
        if day and value not in (None, "")
    ]
    return bool(both) and sum(1 for value, day in both if value == day) >= 0.8 * len(both)
