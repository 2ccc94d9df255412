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
    if len(folded) > 2 and folded[:2] in _DOUBLE_SURNAMES:
        heads, given = _DOUBLE_SURNAMES[folded[:2]], folded[2:]
    else:
        heads, given = _SURNAMES.get(folded[0]) or (_reading(folded[0]),), folded[1:]
    # The given name takes the usual reading of each character; only surnames have several.
    tail = [_reading(character) for character in given]
    readings = [" ".join([head, *tail]) for head in heads]
    initials = ["".join([part[0] for part in head.split()] + [part[0] for part in tail]) for head in heads]
    return NameKeys("|".join(readings), "|".join(dict.fromkeys(initials)), f"{readings[0]} {folded}")


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
