"""Words of a vocabulary, and yes or no."""

import re
from typing import Any

from skillsaid_desktop.schema.field_type import BLANK, Align, FieldType, Parsed, RawValue, Words, ask, fixed
from skillsaid_desktop.schema.texts import raw_text, strip_invisible, to_half_width

_TICKS = "√✓✔☑■◆●*·、，。,.;； "
_TRUE = frozenset(
    {
        "是",
        "1",
        "y",
        "yes",
        "true",
        "t",
        "√",
        "✓",
        "✔",
        "☑",
        "有",
        "对",
        "已",
        "到账",
        "已到账",
        "已消除",
        "住宿",
        "住校",
    }
)
_FALSE = frozenset(
    {
        "否",
        "0",
        "n",
        "no",
        "false",
        "f",
        "×",
        "x",
        "✗",
        "✘",
        "无",
        "不",
        "未",
        "未到账",
        "未消除",
        "没有",
        "不是",
        "走读",
    }
)
_NOT_YET = re.compile(r"未|没|不|否")
_HAPPENED = re.compile(r"已|到了|收到|到账|领到|发了|是")


class Choice(FieldType):
    """A word of a vocabulary in force; other wordings are understood by synonym.

    `announces`: show that a wording was understood. Off where the other wording is usual and loses nothing
    (中级 for 中级工), on where somebody's own word was read as a level.
    """

    def __init__(self, vocabulary: str, announces: bool = False) -> None:
        self.vocabulary = vocabulary
        self.announces = announces

    def parse(self, raw: RawValue, words: Words | None = None) -> Parsed:
        """Read a word; an unknown one waits for an answer."""
        text = strip_invisible(raw_text(raw)).strip()
        if not text:
            return BLANK
        if words is None:
            return Parsed(text)
        value = words.resolve(self.vocabulary, text)
        if value is None:
            plain = to_half_width(text).replace(" ", "").strip(_TICKS)
            value = words.resolve(self.vocabulary, plain) if plain else None
        if value is None:
            offered = "、".join(list(words.values(self.vocabulary))[:12])
            hint = f"，可填：{offered}" if offered else ""
            return Parsed(None, (ask("unknown word", f"“{text[:40]}”不在可用的词里{hint}", waits=True),))
        if self.announces and value != text:
            return Parsed(value, (fixed("word", f"“{text}”按“{value}”收下"),))
        return Parsed(value)


HELD, ON_PAPER, LACKING = "有", "纸质", "缺"
_ON_PAPER = frozenset(
    {
        "有",
        "纸质",
        "有纸质",
        "有原件",
        "已交",
        "交了",
        "已有",
        "已收",
        "收到",
        "齐",
        "是",
        "1",
        "√",
        "✓",
        "✔",
        "☑",
    }
)
_LACKING = frozenset(
    {"缺", "无", "没有", "没", "未交", "没交", "未", "否", "0", "×", "x", "✗", "✘", "-", "—", "/", "在办"}
)
_HANDED_IN = re.compile(r"交|有|收|齐")


class Held(Choice):
    """Whether a paper is there. What is typed or imported speaks of the paper; 有 as a value means that a file is kept."""

    def __init__(self) -> None:
        super().__init__(vocabulary="proof")

    def parse(self, raw: RawValue, words: Words | None = None) -> Parsed:
        """Read 有, 已交, √ as 纸质 and 无, 未交, × as 缺, also out of a short remark."""
        text = strip_invisible(raw_text(raw)).strip()
        if not text:
            return BLANK
        plain = to_half_width(text).lower().replace(" ", "")
        if plain in _ON_PAPER:
            return Parsed(ON_PAPER)
        if plain in _LACKING:
            return Parsed(LACKING)
        word = LACKING if _NOT_YET.search(plain) else ON_PAPER if _HANDED_IN.search(plain) else None
        if word is None:
            return Parsed(
                None, (ask("unknown word", f"“{text[:40]}”看不出有没有，可填：已交、没有", waits=True),)
            )
        return Parsed(word, (fixed("word", f"“{text[:40]}”按“{word}”收下"),))


class Flag(FieldType):
    """Yes or no: 是/否, 1/0, √."""

    align: Align = "center"

    def parse(self, raw: RawValue, words: Words | None = None) -> Parsed:
        """Read yes or no, also out of a short remark such as 11月20号到了200."""
        if isinstance(raw, bool):
            return Parsed(raw)
        text = strip_invisible(raw_text(raw)).strip()
        if not text:
            return BLANK
        plain = to_half_width(text).lower()
        if plain in _TRUE:
            return Parsed(True)
        if plain in _FALSE:
            return Parsed(False)
        answer = False if _NOT_YET.search(text) else (True if _HAPPENED.search(text) else None)
        if answer is None:
            return Parsed(None, (ask("unknown word", f"“{text[:40]}”看不出是或否", waits=True),))
        return Parsed(answer, (fixed("word", f"“{text[:40]}”按“{self.format(answer)}”收下"),))

    def format(self, value: Any) -> str:
        """Return 是, 否 or nothing."""
        return "" if value is None else ("是" if value else "否")
