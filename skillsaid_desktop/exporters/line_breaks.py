"""Where a Chinese line may be broken: no closing mark at the start, no opening mark at the end, words whole."""

from collections.abc import Mapping

NOT_AT_START = frozenset("，。、；：？！）》〉」』】〕〗”’…—～·％‰℃°′″々ー,.;:?!)]}>%／/”")
NOT_AT_END = frozenset("（《〈「『【〔〖“‘([{<￥¥$＄№§")


def _is_word(char: str) -> bool:
    return char < "\u0250" and (char.isalnum() or char in "_.-+@#*")


def _may_break(before: str, after: str) -> bool:
    if after in NOT_AT_START or before in NOT_AT_END:
        return False
    return not (_is_word(before) and _is_word(after))


def break_lines(text: str, widths: Mapping[str, float], room: float) -> tuple[str, ...]:
    """Return the lines of a text whose characters have `widths`, none wider than `room` where that can be.

    Line breaks in the text stay. A word wider than the room is cut.
    """
    lines: list[str] = []
    for part in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        lines.extend(_broken(part, widths, room))
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    return tuple(lines)


def _broken(text: str, widths: Mapping[str, float], room: float) -> list[str]:
    lines: list[str] = []
    start = 0
    chance = 0  # the last place where the line may be broken
    width = 0.0
    index = 0
    while index < len(text):
        if index > start and _may_break(text[index - 1], text[index]):
            chance = index
        width += widths[text[index]]
        if width > room + 1e-6 and index > start and text[index] != " ":
            cut = chance if chance > start else index
            lines.append(text[start:cut].rstrip(" "))
            while cut < len(text) and text[cut] == " ":
                cut += 1
            start = chance = index = cut
            width = 0.0
            continue
        index += 1
    if start < len(text) or not lines:
        lines.append(text[start:].rstrip(" "))
    return lines
