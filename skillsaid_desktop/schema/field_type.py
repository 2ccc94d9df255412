"""What every kind of value shares: how it is read from a cell, written as text and aligned.

`parse` never raises on bad input: what it found is in `Parsed.findings`.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, Protocol

from skillsaid_desktop.schema.issue import Severity

RawValue = str | int | float | bool | date | datetime | None
"""A cell as a reader returns it. Numbers are floats or ints, empty cells None or ""."""

Align = Literal["left", "right", "center"]

Precision = Literal["day", "month", "year"]


class Words(Protocol):
    """The vocabularies in force on a day: what a choice offers and how other offices write it."""

    def values(self, vocabulary: str) -> Sequence[str]:
        """Return what a form offers, in order."""

    def resolve(self, vocabulary: str, text: str) -> str | None:
        """Return the value that `text` means (itself, or by synonym), or None if unknown."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What parsing noticed about one cell; becomes an Issue once the place is known.

    `waits`: the value can not be stored until somebody answers.
    """

    severity: Severity
    code: str
    message: str
    waits: bool = False


class Parsed(NamedTuple):
    """A value, None for blank or unreadable, and what was noticed.

    `precision` says how much of a date was written: a month alone gives its first day. `note` keeps what
    stood beside the value, such as 大 in 刘婷（大）.
    """

    value: Any
    findings: tuple[Finding, ...] = ()
    precision: Precision = "day"
    note: str = ""


BLANK = Parsed(None)


class FieldType(ABC):
    """How a kind of value is read, written and aligned."""

    align: Align = "left"
    number_format: str = "@"
    """The spreadsheet's number format; "@" is text."""
    always_blocks: bool = False
    """A refusal holds even where the column is not required: the value says who the row is about."""

    @abstractmethod
    def parse(self, raw: RawValue, words: Words | None = None) -> Parsed:
        """Read a cell or a typed text; blank gives Parsed(None)."""

    def are_values(self, texts: Sequence[str]) -> bool:
        """Say whether `parse` would return each of these texts (none blank) as it is; False where it is not known.

        It looks at all of them at once, which costs a tenth of parsing each.
        """
        return False

    def format(self, value: Any) -> str:
        """Return the text for screen and paper; None gives ""."""
        return "" if value is None else str(value)


def block(code: str, message: str) -> Finding:
    """Return a finding that refuses the value."""
    return Finding(Severity.BLOCK, code, message)


def ask(code: str, message: str, *, waits: bool = False) -> Finding:
    """Return a finding that asks."""
    return Finding(Severity.ASK, code, message, waits)


def fixed(code: str, message: str) -> Finding:
    """Return a finding that shows what was mended."""
    return Finding(Severity.FIXED, code, message)
