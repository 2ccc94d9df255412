"""What a workbook is once it is read: rows of cells that know their number, before anybody knows what they mean."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from skillsaid_desktop.schema import RawValue

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells; rows from 1, columns from 0."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a file may cost before it is refused."""

    file_bytes: int = 200 * 2**20
    inflated_bytes: int = 2**30
    suspicious_bytes: int = 64 * 2**20  # above this, a zip that packs better than `packing` is a bomb
    packing: int = 100
    cells: int = 12_000_000
    memory_bytes: int = 2 * 2**30
    seconds: int = 180


class RawRow(NamedTuple):
    """A row that is not empty; `number` counts from 1 as the spreadsheet shows it, cells start at column A."""

    number: int
    cells: Sequence[RawValue]


@dataclass(kw_only=True)
class RawSheet:
    """A sheet as it stood. Hidden rows and columns are read like others and counted here."""

    name: str
    rows: list[RawRow] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    is_hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    formulas_without_value: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RawWorkbook:
    """A file that was read; `digest` is the SHA-256 of its bytes."""

    file: str
    digest: str
    sheets: tuple[RawSheet, ...]
