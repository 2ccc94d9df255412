"""Which row of 待处理 a row of a problem sheet came from: written behind its reason, so that it moves with the row."""

import re
from collections.abc import Mapping, Sequence

from skillsaid_desktop.importers import SourceTable
from skillsaid_desktop.importers.layout import REASON

Origin = tuple[str, str, int]
"""File, sheet and row from which a row came."""
Origins = Mapping[tuple[str, int], Sequence[Origin]]
"""The origins of the rows of a problem sheet, by sheet and row."""

_ORIGIN = re.compile(r"〔([^〔〕｜]+)｜([^〔〕｜]*)｜第 (\d+) 行〕")


def reason_with_origins(reason: str, origins: Sequence[Origin]) -> str:
    """Return the text of the last column of a problem sheet."""
    return reason + "".join(f"〔{file}｜{sheet}｜第 {row} 行〕" for file, sheet, row in origins)


def origins_of(reason: object) -> tuple[Origin, ...]:
    """Return the origins that the last column names: a problem sheet of a problem sheet names both."""
    found = _ORIGIN.findall(reason) if isinstance(reason, str) else []
    return tuple((file, sheet, int(row)) for file, sheet, row in found)


def row_origins(tables: Sequence[SourceTable]) -> dict[tuple[str, int], tuple[Origin, ...]]:
    """Return where the rows of problem sheets came from, by sheet and row."""
    return {
        (table.sheet, row.number): origins
        for table in tables
        if REASON in table.columns
        for row in table.rows
        if (origins := origins_of(row.cells.get(REASON)))
    }
