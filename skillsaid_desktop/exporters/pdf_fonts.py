"""The embedded fonts of the paper, glyph by glyph: Song, then the rare Ming, then the rare Kai, then 〓.

reportlab has no fall-back of its own: a glyph that a font lacks would vanish without a word.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from reportlab.pdfbase import pdfmetrics, ttfonts

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.paths import resource_path

SUBSTITUTE = "〓"
_RARE = (("SkillsAidRareMing", "SkillsAidRareMing.ttf"), ("SkillsAidRareKai", "SkillsAidRareKai.ttf"))
_BODY = (("SkillsAidSong", "NotoSerifSC-Regular.ttf"), *_RARE)
_BOLD = (("SkillsAidHei", "NotoSansSC-Bold.ttf"), ("SkillsAidSong", "NotoSerifSC-Regular.ttf"), *_RARE)

# Joiners, marks of direction and variation selectors: they have no shape of their own.
_INVISIBLE = frozenset(
    map(chr, (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF, *range(0xFE00, 0xFE10)))
) | frozenset(map(chr, range(0xE0100, 0xE01F0)))


def _to_unicode_map(fontname: str, subset: Any) -> str:
    """Return the map from a subset's codes to Unicode, in UTF-16BE.

    reportlab's own writes characters beyond U+FFFF as five hex digits, so that rare names print right and
    copy wrong (seen in 5.1.0), and one block of any length, where the standard allows 100.
    """
    lines = [
        f"<{code:02X}> <{chr(value).encode('utf-16-be').hex().upper()}>" for code, value in enumerate(subset)
    ]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = "\n".join("\n".join((f"{len(block)} beginbfchar", *block, "endbfchar")) for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo\n"
        f"<< /Registry ({fontname})\n/Ordering ({fontname})\n/Supplement 0\n>> def\n"
        f"/CMapName /{fontname} def\n/CMapType 2 def\n1 begincodespacerange\n<00> <{len(subset) - 1:02X}>\n"
        f"endcodespacerange\n{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )


ttfonts.makeToUnicodeCMap = _to_unicode_map


@cache
def _font(name: str, file: str) -> Any:
    path = resource_path("fonts") / file
    if not path.is_file():
        raise UserError(
            f"程序的字体文件“{file}”不见了，印不了 PDF。台账没有改动。", "重新安装程序，再试一次。"
        )
    font = ttfonts.TTFont(name, str(path), shapable=False)
    pdfmetrics.registerFont(font)
    return font


def first_font_name() -> str:
    """Return the name of the body font, registered: a canvas that starts with it never names Helvetica."""
    return str(_font(*_BODY[0]).fontName)


class _Widths(dict[str, float]):
    """Width of each character in em, filled as characters come."""

    def __init__(self, face: "Face") -> None:
        super().__init__()
        self._face = face

    def __missing__(self, char: str) -> float:
        width = self._face.width_of(char)
        self[char] = width
        return width


class _Codes(dict[str, tuple[str, str]]):
    """For each character the resource name of its font subset and its code there, ready for a content stream."""

    def __init__(self, face: "Face", canvas: Any) -> None:
        super().__init__()
        self._face = face
        self._canvas = canvas

    def __missing__(self, char: str) -> tuple[str, str]:
        code = self._face.code_of(char, self._canvas)
        self[char] = code
        return code


class Face:
    """A chain of fonts that together draw one style; `missing` collects what none of them has."""

    def __init__(self, chain: Sequence[tuple[str, str]]) -> None:
        self._fonts = [_font(*each) for each in chain]
        self.missing: set[str] = set()
        self.widths = _Widths(self)

    def _drawn(self, char: str) -> tuple[Any, str] | None:
        if char in _INVISIBLE:
            return None
        if char < " " or "\x7f" <= char <= "\xa0" or char in "\u2028\u2029":
            char = " "
        for font in self._fonts:
            if ord(char) in font.face.charToGlyph:
                return font, char
        self.missing.add(char)
        return self._fonts[0], SUBSTITUTE

    def width_of(self, char: str) -> float:
        """Return the width of a character in em."""
        drawn = self._drawn(char)
        return 0.0 if drawn is None else drawn[0].face.getCharWidth(ord(drawn[1])) / 1000

    def width(self, text: str) -> float:
        """Return the width of a text in em."""
        return sum(map(self.widths.__getitem__, text))

    def code_of(self, char: str, canvas: Any) -> tuple[str, str]:
        """Return the font subset and the escaped code of a character in a canvas's document."""
        drawn = self._drawn(char)
        if drawn is None:
            return "", ""
        font, char = drawn
        document = canvas._doc
        ((subset, code),) = font.splitString(char, document)
        return font.getSubsetInternalName(subset, document), f"{code[0]:02x}"


class Pen:
    """Writes text into one document's content streams in one face."""

    def __init__(self, face: Face, canvas: Any) -> None:
        self.face = face
        self._codes = _Codes(face, canvas)
        self._runs: dict[str, tuple[tuple[str, str], ...]] = {}

    def runs(self, text: str) -> tuple[tuple[str, str], ...]:
        """Return (font subset, codes in hex) for each stretch of a text."""
        known = self._runs.get(text)
        if known is not None:
            return known
        codes = [code for code in map(self._codes.__getitem__, text) if code[0]]
        runs: list[tuple[str, str]] = []
        start = 0
        for index in range(1, len(codes) + 1):
            if index == len(codes) or codes[index][0] != codes[start][0]:
                runs.append((codes[start][0], "".join([code[1] for code in codes[start:index]])))
                start = index
        if not codes:
            runs = []
        result = tuple(runs)
        if len(self._runs) < 50_000:
            self._runs[text] = result
        return result

    def show(self, text: str, x: float, y: float, size: float) -> str:
        """Return the operators that draw `text` with its base line at x, y."""
        shown = " ".join([f"{subset} {size:.2f} Tf <{codes}> Tj" for subset, codes in self.runs(text)])
        return f"1 0 0 1 {x:.2f} {y:.2f} Tm {shown}"


def body_face() -> Face:
    """Return the Song of tables and text."""
    return Face(_BODY)


def bold_face() -> Face:
    """Return the Hei of titles and headings."""
    return Face(_BOLD)
