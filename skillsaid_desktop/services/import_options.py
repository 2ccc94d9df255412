"""What a person decides about an import; window and terminal hand it to the same plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from skillsaid_desktop.importers import Chosen

Place = tuple[str, str, int]
"""File, sheet and row, as the spreadsheet shows it."""
Cell = tuple[str, str, int, str]
"""A place and the name of a field."""
ALL_FIELDS = "*"


class Prefer(StrEnum):
    """Whose value holds where file and ledger differ."""

    FILE = "file"  # 用文件的
    LEDGER = "ledger"  # 留台账的
    BLANKS = "blanks"  # 只补空白


@dataclass(frozen=True, kw_only=True)
class Departure:
    """A change for somebody whom a full roster does not name: kind and day as somebody decided."""

    student_id: int
    kind: str
    on: date


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """What the user decides about an import.

    `accepted` and `left_out` name rows: answered with yes, and not to be imported. `layouts` says what the
    columns of a layout are, by its fingerprint; `date_order` how days are written that do not show it.
    `people` names the student whom a row is about. `prefer` says whose values hold, by field name or for
    ALL_FIELDS; `kept` are single cells in which the ledger's stays. `departures` are recorded in the same
    operation. `months` says for a (file, sheet) which month it is, where that was asked.
    """

    sheet: str | None = None
    as_of: date | None = None
    correction: str = ""
    accepted: frozenset[Place] = frozenset()
    left_out: frozenset[Place] = frozenset()
    layouts: Mapping[str, Chosen] = field(default_factory=dict)
    date_order: str = ""
    people: Mapping[Place, int] = field(default_factory=dict)
    prefer: Mapping[str, Prefer] = field(default_factory=dict)
    kept: frozenset[Cell] = frozenset()
    departures: tuple[Departure, ...] = ()
    months: Mapping[tuple[str, str], str] = field(default_factory=dict)
