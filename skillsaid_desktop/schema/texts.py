"""Texts and names, and how invisible and look-alike characters are cleaned from them."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time

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
from skillsaid_desktop.schema.name_characters import LOOK_ALIKE, Plain, plain_characters

CELL_LIMIT = 32_767
"""The most characters that a spreadsheet's cell can hold."""

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ESCAPED = re.compile(r"_x00(?:0[0-8BCEF]|1[0-9A-F]|7F)_", re.IGNORECASE)
_BLANKS = re.compile(r"[\s\u3000\xa0]+")
_DOTS = re.compile(r"[•・‧∙⋅･●．\u0387\u2024\u2e31\u2e33\u318d]|(?<=[\u3400-\u9fff])\.(?=[\u3400-\u9fff])")
_BRACKETS = re.compile(r"^(.+?)[（(\[【〔]([^（()）\[\]【】〔〕]*)[)）\]】〕]$")
_CHARACTERS = re.compile("[\u4e00-\u9fff]+")
_PLAIN = re.compile("[0-9A-Za-z\u4e00-\u9fff]+")
_BRACKETS_FIRST = re.compile(r"^[（(\[【〔]([^（()）\[\]【】〔〕]*)[)）\]】〕](.+)$")
_LATIN_GAP = re.compile(r"(?<=[A-Za-z])\s+(?=[A-Za-z])")
_NOT_IN_NAME = re.compile(r"[0-9=+@&;<>#*%/\\|_{}\"]")
_GUARDS = frozenset("='‘’`")
_GUARDED = re.compile(r"""="([^"]+)"|['‘’`](\d+[\dXx])""")
_NAME_LIMIT = 50
_HALF_WIDTH = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20})


def to_half_width(text: str) -> str:
    """Return `text` with full-width letters, digits and signs as half-width ones."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def raw_text(raw: RawValue) -> str:
    """Return a cell as the text that a reader would see; whole numbers without a point."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(" ", "seconds")
    if isinstance(raw, date):
        return raw.isoformat()
    return str(raw)


def is_blank(raw: RawValue) -> bool:
    """Say whether a cell holds nothing that can be seen."""
    return raw is None or (isinstance(raw, str) and not _INVISIBLE.sub("", raw).strip())


def strip_invisible(text: str) -> str:
    """Return `text` without control and zero-width characters."""
    if text.isprintable() and text.isascii() and "_x" not in text:
        return text
    return _INVISIBLE.sub("", _ESCAPED.sub("", text))


def _shown(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "……"


class Text(FieldType):
    """Any text; `multiline` keeps line breaks."""

    def __init__(self, multiline: bool = False) -> None:
        self.multiline = multiline

    def parse(self, raw: RawValue, words: Words | None = None) -> Parsed:
        """Read a text, without outer blanks and invisible characters."""
        text = strip_invisible(raw_text(raw)).strip()
        if not text:
            return BLANK
        if len(text) > CELL_LIMIT:
            return Parsed(None, (block("text", f"内容有 {len(text)} 个字，超过一格的上限 {CELL_LIMIT}"),))
        if text[0] in _GUARDS and (found := _GUARDED.fullmatch(text)):
            text = found[1] or found[2]
            return Parsed(text, (fixed("guarded number", f"编号前后的引号或等号已去掉：{_shown(text)}"),))
        if not self.multiline and ("\n" in text or "\r" in text):
            text = " ".join(text.split())
        return Parsed(text)

    def are_values(self, texts: Sequence[str]) -> bool:
        """Say whether each text is made of plain letters, digits and characters alone and not too long."""
        joined = "".join(texts)
        is_plain = joined.isalnum() if joined.isascii() else _PLAIN.fullmatch(joined) is not None
        return is_plain and (len(joined) <= CELL_LIMIT or max(map(len, texts)) <= CELL_LIMIT)


def _character_findings(name: str, plain: Plain) -> list[Finding]:
    """Return what became of characters that only look like the right ones."""
    found = []
    if plain.is_look_alike:
        found.append(
            fixed("look-alike character", f"姓名里的部首或兼容字已改成常用字：“{name}” → “{plain.text}”")
        )
    if plain.private:
        found.append(
            ask(
                "private-use character",
                f"姓名里有旧编码的字，按“{plain.private}”收下：{plain.text}，请与证件核对",
            )
        )
    if plain.unknown:
        codes = "、".join(f"U+{ord(each):04X}" for each in plain.unknown)
        found.append(
            ask("private-use character", f"姓名里有别的电脑显示不出的自造字（{codes}），请按证件改正")
        )
    return found


class Name(FieldType):
    """A person's name: blanks and wrong middle dots mended, rare characters kept, brackets set aside."""

    def are_values(self, texts: Sequence[str]) -> bool:
        """Say whether each text is made of usual characters alone and not too long."""
        return _CHARACTERS.fullmatch("".join(texts)) is not None and max(map(len, texts)) <= _NAME_LIMIT

    def parse(self, raw: RawValue, words: Words | None = None) -> Parsed:
        """Read a name; what was mended is shown with before and after."""
        before = raw_text(raw)
        if is_blank(raw):
            return BLANK
        if (
            before.isalpha()
            and before.isprintable()
            and len(before) <= _NAME_LIMIT
            and not LOOK_ALIKE.search(before)
        ):
            return Parsed(before)
        findings: list[Finding] = []
        name = strip_invisible(before)
        if name != before:
            findings.append(fixed("invisible", f"姓名里有看不见的字符，已去掉：{_shown(name.strip())}"))
        unspaced = _BLANKS.sub("", _LATIN_GAP.sub("\0", name)).replace("\0", " ")
        if unspaced != name:
            findings.append(fixed("blank", f"姓名里的空格已去掉：“{_shown(name)}” → “{_shown(unspaced)}”"))
        plain = plain_characters(unspaced)
        findings += _character_findings(unspaced, plain)
        unspaced = plain.text
        note = rest = ""
        if bracketed := _BRACKETS.match(unspaced):
            note, rest = bracketed[2], bracketed[1]
        elif bracketed := _BRACKETS_FIRST.match(unspaced):
            note, rest = bracketed[1], bracketed[2]
        if bracketed:
            findings.append(fixed("brackets", f"姓名旁的括号另记：“{_shown(unspaced)}” → “{rest}”"))
            unspaced = rest
        dotted = _DOTS.sub("·", unspaced)
        if dotted != unspaced:
            findings.append(
                fixed("middle dot", f"姓名的间隔号已改正：“{_shown(unspaced)}” → “{_shown(dotted)}”")
            )
        if not dotted or len(dotted) > _NAME_LIMIT or dotted[0] in "-－" or _NOT_IN_NAME.search(dotted):
            return Parsed(None, (block("text", f"“{_shown(dotted)}”不像姓名，请改正这一格"),))
        return Parsed(dotted, tuple(findings), note=note)
