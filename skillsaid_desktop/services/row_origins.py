"""Which row of 待处理 a row of a problem sheet came from: written behind its reason, so that it moves with the row."""

import re
from collections.abc import Mapping, Sequence

from skillsaid_desktop.importers import SourceTable
from skillsaid_desktop.importers.layout import REASON
from skillsaid_desktop.ledgers import Ledger
from skillsaid_desktop.ledgers.ledger import Outcome, PlannedRow
from skillsaid_desktop.services.pending import resolve_pending
from skillsaid_desktop.storage.unit_of_work import UnitOfWork

Origin = tuple[str, str, int]
"""File, sheet and row from which a row came."""

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


def settle_origins(
    uow: UnitOfWork,
    ledger: Ledger,
    planned: Sequence[PlannedRow],
    origins: Mapping[tuple[str, int], Sequence[Origin]],
) -> None:
    """Take the rows off the list whose mended rows are in the ledger now, or wait again under their new place."""
    if not origins:
        return
    waiting = {
        (file, sheet, row): row_id
        for row_id, file, sheet, row in uow.rows(
            "SELECT id, file, sheet, row FROM pending_row WHERE ledger = ? AND resolved_at IS NULL ORDER BY id",
            (ledger.name,),
        )
    }
    ends: dict[str, list[int]] = {"stored": [], "replaced": []}
    for each in planned:
        place = each.record.place
        is_unfinished = each.outcome in (Outcome.WAITING, Outcome.INVALID)
        for origin in origins.get((place.sheet, place.row or 0), ()):
            if origin in waiting:
                ends["replaced" if is_unfinished else "stored"].append(waiting[origin])
    for resolution, row_ids in ends.items():
        resolve_pending(uow, row_ids, resolution)
