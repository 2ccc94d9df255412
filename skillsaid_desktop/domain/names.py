"""Chinese names for matching, search and order: folded forms and readings."""

import os
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from skillsaid_desktop.schema.name_characters import PRIVATE_USE

# Readings of surnames that pypinyin takes for the everyday word (QUALITY section 4).
_SURNAMES: dict[str, tuple[str, ...]] = {
    "查": ("zha",), "单": ("shan",), "仇": ("qiu",), "曾": ("zeng",), "覃": ("qin", "tan"), "区": ("ou",),
    "解": ("xie",), "盖": ("ge", "gai"), "乐": ("yue", "le"), "朴": ("piao",), "任": ("ren",), "华": ("hua",),
    "缪": ("miao",), "尉": ("wei", "yu"), "洗": ("xian",), "冼": ("xian",), "逄": ("pang",), "过": ("guo",),
    "宁": ("ning",), "那": ("na",), "折": ("she",), "繁": ("po",), "员": ("yun",), "召": ("shao",), "晟": ("cheng",),
    "秘": ("bi",), "哈": ("ha",), "翟": ("zhai",), "燕": ("yan",), "万": ("wan",), "黑": ("he", "hei"), "种": ("chong",),
    "重": ("chong",), "薄": ("bo",), "卜": ("bu",), "柏": ("bai", "bo"), "句": ("gou",), "隗": ("wei", "kui"),
    "谌": ("chen", "shen"), "臧": ("zang",), "郗": ("xi", "chi"), "应": ("ying",), "纪": ("ji",),
    "尹": ("yin",), "艾": ("ai",), "都": ("du",), "车": ("che",), "尧": ("yao",), "帅": ("shuai",), "詹": ("zhan",),
    "长": ("chang", "zhang"), "朝": ("chao",), "令": ("ling",), "俞": ("yu",), "喻": ("yu",), "幸": ("xing",),
}  # fmt: skip
_DOUBLE_SURNAMES: dict[str, tuple[str, ...]] = {
    "尉迟": ("yu chi",), "万俟": ("mo qi",), "单于": ("chan yu",), "长孙": ("zhang sun",), "令狐": ("ling hu",),
    "澹台": ("tan tai",), "欧阳": ("ou yang",), "司徒": ("si tu",), "诸葛": ("zhu ge",), "上官": ("shang guan",),
    "皇甫": ("huang fu",), "呼延": ("hu yan",), "宰父": ("zai fu",), "亓官": ("qi guan",), "乐正": ("yue zheng",),
}  # fmt: skip
_DOTS = "·•・‧∙⋅．.・･●\u0387\u2024\u2e31\u2e33\u318d"
_PLAIN = re.compile(r"[\u4e00-\u9fff]+")


class NameKeys(NamedTuple):
    """Readings of a name: `pinyin` and `initials` with several readings joined by "|", and the sort key."""

    pinyin: str
    initials: str
    sort: str


def fold_name(text: str) -> str:
    """Return a name for matching: one width, radicals as characters, no blanks, dots or invisible characters."""
    if _PLAIN.fullmatch(text):
        return text
    folded = unicodedata.normalize("NFKC", text.translate(PRIVATE_USE))
    kept = (
        character
        for character in folded
        if not character.isspace()
        and character not in _DOTS
        and unicodedata.category(character) not in ("Cf", "Cc")
    )
    return "".join(kept).casefold()


def pinyin_keys(name: str) -> NameKeys:
    """Return the readings of a name without tones: 曾诗 is "zeng shi", "zs", for search and order."""
    folded = fold_name(name)
    if not folded:
        return NameKeys("", "", "")
    length = 2 if len(folded) > 2 and folded[:2] in _DOUBLE_SURNAMES else 1
    heads, (tail, tail_initials) = _surname(folded[:length]), _given_name(folded[length:])
    if len(heads) == 1:
        head, initials = heads[0]
        return NameKeys(head + tail, initials + tail_initials, f"{head}{tail} {folded}")
    readings = [head + tail for head, _ in heads]
    several = dict.fromkeys(initials + tail_initials for _, initials in heads)
    return NameKeys("|".join(readings), "|".join(several), f"{readings[0]} {folded}")


@lru_cache(maxsize=4096)
def _surname(surname: str) -> tuple[tuple[str, str], ...]:
    """Return the readings of a surname, each with its initials."""
    found = _DOUBLE_SURNAMES.get(surname) or _SURNAMES.get(surname) or (_reading(surname),)
    return tuple((reading, "".join(part[0] for part in reading.split())) for reading in found)


@lru_cache(maxsize=16384)
def _given_name(given: str) -> tuple[str, str]:
    """Return the usual reading of a given name, with a blank before each part, and its initials."""
    tail = [_reading(character) for character in given]
    return "".join(f" {part}" for part in tail), "".join(part[0] for part in tail)


@lru_cache(maxsize=16384)
def _reading(character: str) -> str:
    """Return the usual reading of one character; a foreign letter is its own reading."""
    # Imported late: with its dictionaries it costs more than all the rest of the first page.
    # Its phrases are not asked for single characters and are half of that.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.NORMAL, errors=lambda text: text)
    return found[0][0].replace("ü", "v") if found and found[0] and found[0][0] else character


def matched_span(text: str, term: str) -> tuple[int, int] | None:
    """Return where a text holds what was searched, as start and length: itself, or its reading from one character on.

    A name is read as `pinyin_keys` reads it, so that 曾诗 is found by zs and 查强 by zq.
    """
    at = text.casefold().find(term.casefold())
    if at >= 0:
        return at, len(term)
    folded, wanted = fold_name(text), fold_name(term)
    if len(folded) == len(text) and wanted and wanted in folded:
        return folded.index(wanted), len(wanted)
    if not (term.isascii() and term.isalpha()) or len(folded) != len(text):
        return None
    return next(
        (span for span in (_read_span(each, term.lower()) for each in _syllables(folded)) if span), None
    )


def _syllables(folded: str) -> list[list[str]]:
    """Return the readings of a text, one for each character: first as a name, then as words."""
    as_name = [each.split(" ") for each in pinyin_keys(folded).pinyin.split("|")]
    as_words = [_reading(character) for character in folded]
    return [each for each in (*as_name, as_words) if len(each) == len(folded)]


def _read_span(syllables: list[str], term: str) -> tuple[int, int] | None:
    """Return the characters whose initials, or whose whole readings in a row, the term is."""
    initials = "".join(each[0] for each in syllables)
    at = initials.find(term)
    if at >= 0:
        return at, len(term)
    for start in range(len(syllables)):
        rest = term
        for length, syllable in enumerate(syllables[start:], 1):
            if syllable.startswith(rest):
                return start, length
            if not rest.startswith(syllable):
                break
            rest = rest[len(syllable) :]
    return None


_LOST = frozenset("?？*＊□〓○●�_")


def name_relation(one: str, other: str) -> str:
    """Return how two folded names stand to each other.

    "equal"; "missing" (one lacks a character that its writer could not type); "homophone" (read alike);
    "one" (a single character differs, or two have changed places); "different".
    """
    if one == other:
        return "equal"
    shorter, longer = sorted((one, other), key=len)
    if not shorter or len(longer) - len(shorter) > 1:
        return "different"
    if len(shorter) < len(longer):
        lost = next((at for at in range(len(longer)) if longer[:at] + longer[at + 1 :] == shorter), None)
        return "missing" if lost is not None and is_rare(longer[lost]) else "different"
    places = [at for at in range(len(one)) if one[at] != other[at]]
    if all(is_lost(one[at]) or is_lost(other[at]) for at in places) and len(places) < len(one):
        return "missing"
    if not set(pinyin_keys(one).pinyin.split("|")).isdisjoint(pinyin_keys(other).pinyin.split("|")):
        return "homophone"
    is_swapped = len(places) == 2 and sorted(one) == sorted(other)
    return "one" if len(places) == 1 or is_swapped else "different"


def is_lost(character: str) -> bool:
    """Say whether a character stands for one that could not be written: ?, □, a private-use form."""
    return character in _LOST or unicodedata.category(character) == "Co"


def is_rare(character: str) -> bool:
    """Say whether old systems could not type a character: it is not in GB 2312."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False
