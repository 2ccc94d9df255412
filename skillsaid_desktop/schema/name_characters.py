"""Characters in names that only look like the right one: radicals, compatibility forms, old private-use codes.

Before Unicode had them, GBK put some 80 characters (䶮 among them) into rows FE50 to FEA0, and systems read them as
private-use codes from U+E815 on. GB 18030 gives those rows their real characters today.
"""

import re
import unicodedata
from typing import NamedTuple

_FIRST_PRIVATE = 0xE815
_ROW, _TRAILS = 0xFE, (*range(0x50, 0x7F), *range(0x80, 0xA1))
# Python's table keeps these six as private-use, and these eight too until GB 18030-2022 moved them.
_MOVED = {
    0xE816: "\U00020087", 0xE817: "\U00020089", 0xE818: "\U000200cc", 0xE831: "\U000215d7", 0xE83B: "\U0002298f",
    0xE855: "\U000241fe", 0xE81E: "\u9fb4", 0xE826: "\u9fb5", 0xE82B: "\u9fb6", 0xE82C: "\u9fb7", 0xE832: "\u9fb8",
    0xE843: "\u9fb9", 0xE854: "\u9fba", 0xE864: "\u9fbb",
}  # fmt: skip


def _private_use() -> dict[int, str]:
    found: dict[int, str] = {}
    for at, trail in enumerate(_TRAILS):
        code = _FIRST_PRIVATE + at
        character = bytes((_ROW, trail)).decode("gb18030", "replace")
        if len(character) == 1 and character != "\ufffd" and not "\ue000" <= character <= "\uf8ff":
            found[code] = character
    return {**found, **_MOVED}


PRIVATE_USE: dict[int, str] = _private_use()
"""Old private-use codes and the characters they stand for."""

LOOK_ALIKE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")


class Plain(NamedTuple):
    """A name in today's characters. `private` were read from old codes, `unknown` can not be read at all."""

    text: str
    is_look_alike: bool
    private: str
    unknown: str


def plain_characters(name: str) -> Plain:
    """Return a name with radicals, compatibility forms and known private-use codes as ordinary characters."""
    private = "".join(PRIVATE.findall(name))
    text = name.translate(PRIVATE_USE) if private else name
    alike = LOOK_ALIKE.search(text) is not None
    if alike:
        text = LOOK_ALIKE.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)
    read = "".join(PRIVATE_USE[ord(each)] for each in private if ord(each) in PRIVATE_USE)
    unknown = "".join(each for each in private if ord(each) not in PRIVATE_USE)
    return Plain(text, alike and text != name.translate(PRIVATE_USE), read, unknown)
