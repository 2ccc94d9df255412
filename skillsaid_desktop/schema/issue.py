"""Problems with data, as values: shown together, each with its place."""

import re
from dataclasses import dataclass
from enum import StrEnum

_WHO_ENDS = re.compile(r"^(（[^）]*）(?=：))?[：\s]+")


class Severity(StrEnum):
    """How much an issue weighs; the values are those of the terminal's JSON."""

    BLOCK = "block"  # ● stops the row, the closing or the approval
    ASK = "ask"  # ◐ must be answered or explained
    HINT = "hint"  # ○ worth knowing
    FIXED = "fixed"  # mended on the way in, shown with before and after


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One problem: a sentence that names the person and both values, and where it is.

    `code` is a short English word group ("check digit") or a check's number ("2").
    `row` counts from 1 as the spreadsheet shows it. `entity` and `record_id` point at a stored row.
    `waits` marks a question whose row can not be stored until it is answered. `people` are the students that it
    is about where it is about several.
    """

    severity: Severity
    code: str
    message: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    entity: str = ""
    record_id: int | None = None
    waits: bool = False
    people: tuple[int, ...] = ()


def without_who(message: str, who: str) -> str:
    """Return what an issue says, without the name, and the class in brackets, that stand in columns of their own."""
    if not who or not message.startswith(who):
        return message
    return _WHO_ENDS.sub("", message.removeprefix(who))
