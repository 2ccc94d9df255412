"""表号 and row marks: what a sheet sent to a class teacher carries, so that it is known again whatever was done to it.

A 表号 (JC-7KQ2-M4XP) names one sheet; its first letters say the purpose. A row mark adds the student and a check:
JC-7KQ2-M4XP/1042/QXF. It ends in letters, so that a spreadsheet's fill-down repeats it instead of counting on.
"""

import hashlib
import re
import secrets
from typing import NamedTuple

PURPOSES = {"monitoring": "JC", "facts": "ZL", "proofs": "CL"}
"""Purpose of a sheet -> the letters that its 表号 begins with."""

_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that looks like another
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_KEY_PATTERN = rf"(?:{'|'.join(PURPOSES.values())})-[{_SIGNS}]{{4}}-[{_SIGNS}]{{4}}"
_KEY = re.compile(_KEY_PATTERN)
_MARK = re.compile(rf"({_KEY_PATTERN})/(\d{{1,18}})/([{_LETTERS}]{{3}})")


class RowMark(NamedTuple):
    """What the hidden cell of a row says: the sheet it belongs to and the student it is about."""

    key: str
    student_id: int


def new_key(purpose: str) -> str:
    """Return a fresh 表号 for a sheet of this purpose."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(8))
    return f"{PURPOSES[purpose]}-{signs[:4]}-{signs[4:]}"


def purpose_of(key: str) -> str:
    """Return the purpose that a 表号 says: monitoring, facts or proofs."""
    return next(purpose for purpose, letters in PURPOSES.items() if key.startswith(f"{letters}-"))


def row_mark(key: str, student_id: int) -> str:
    """Return the hidden text of a student's row."""
    return f"{key}/{student_id}/{_check(key, student_id)}"


def read_mark(text: str) -> RowMark | None:
    """Return what a row mark says; None for any other text and for a mark that was typed over."""
    found = _MARK.fullmatch(text.strip())
    if found is None or found[3] != _check(found[1], int(found[2])):
        return None
    return RowMark(found[1], int(found[2]))


def find_key(text: str) -> str | None:
    """Return the 表号 that stands in a text."""
    found = _KEY.search(text)
    return found[0] if found else None


def _check(key: str, student_id: int) -> str:
    number = int.from_bytes(hashlib.sha256(f"{key}/{student_id}".encode()).digest()[:4])
    return "".join(_LETTERS[number // len(_LETTERS) ** place % len(_LETTERS)] for place in range(3))
