"""额外的列: cells of columns that no ledger knows and somebody chose to keep, beside the record they stood with."""

from collections.abc import Mapping, Sequence
from typing import Any

from skillsaid_desktop.domain.entities import ExtraFact
from skillsaid_desktop.importers import SourceTable
from skillsaid_desktop.importers.layout import EXTRA
from skillsaid_desktop.ledgers import Ledger
from skillsaid_desktop.ledgers.ledger import Difference, Outcome, PlannedRow
from skillsaid_desktop.schema.texts import CELL_LIMIT, raw_text, strip_invisible
from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

_EFFECT = "另存为额外的列"


def extra_facts(reading: Reading, entity: str, record_id: int) -> list[tuple[str, str]]:
    """Return the extra columns of a record, as (heading, value)."""
    return [
        (row[0], row[1])
        for row in reading.rows(
            "SELECT title, value FROM extra_fact WHERE entity = ? AND record_id = ? ORDER BY id",
            (entity, record_id),
        )
    ]


class ExtraCells:
    """The cells of the extra columns of one file, by sheet and row."""

    def __init__(self, tables: Sequence[SourceTable]) -> None:
        self._cells: dict[tuple[str, int], dict[str, str]] = {}
        for table in tables:
            names = [name for name in table.columns if name.startswith(EXTRA)]
            if not names:
                continue
            for row in table.rows:
                cells = row.cells
                said = {name[len(EXTRA) :]: _text(cells.get(name)) for name in names}
                if filled := {title: text for title, text in said.items() if text}:
                    self._cells[table.sheet, row.number] = filled

    def __bool__(self) -> bool:
        return bool(self._cells)

    def of(self, planned: PlannedRow) -> Mapping[str, str]:
        """Return the extra cells of a row."""
        place = planned.record.place
        return self._cells.get((place.sheet, place.row or 0), {})

    def plan(self, reading: Reading, ledger: Ledger, planned: Sequence[PlannedRow]) -> None:
        """Add what the extra columns say anew to rows about known records; a row may become a change by it."""
        if not self:
            return
        known = _stored(reading, ledger.entity)
        for row in planned:
            if row.outcome in (Outcome.WAITING, Outcome.INVALID):
                said = {EXTRA + title: text for title, text in self.of(row).items()}
                row.record.raw = {**row.record.raw, **said}
            if row.record_id is None or row.outcome not in (Outcome.CHANGED, Outcome.UNCHANGED):
                continue
            found = [
                Difference(EXTRA + title, title, known.get((row.record_id, title), (0, ""))[1], text, _EFFECT)
                for title, text in self.of(row).items()
                if known.get((row.record_id, title), (0, ""))[1] != text
            ]
            if found and row.writes is not None:
                row.differences = (*row.differences, *found)
                row.outcome = Outcome.CHANGED

    def store(self, uow: UnitOfWork, ledger: Ledger, planned: Sequence[PlannedRow], source: str) -> None:
        """Keep the extra cells of stored rows."""
        if self:
            stored = {row.record_id: self.of(row) for row in planned if row.is_stored and row.record_id}
            keep_extra_facts(uow, ledger.entity, stored, source)


def keep_extra_facts(
    uow: UnitOfWork, entity: str, facts: Mapping[int, Mapping[str, str]], source: str
) -> None:
    """Keep extra columns of records, by record id and heading; what stood there before gives way."""
    known = _stored(uow, entity)
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for record_id, said in facts.items():
        for title, text in said.items():
            row_id, before = known.get((record_id, title), (0, ""))
            if not row_id:
                new.append(
                    {
                        "entity": entity, "record_id": record_id, "title": title, "value": text,
                        "source": source or None,
                    }
                )  # fmt: skip
            elif before != text:
                changed.append({"id": row_id, "value": text, "source": source or None})
    uow.insert_many(ExtraFact, new)
    uow.update_many(ExtraFact, changed)


def _stored(reading: Reading, entity: str) -> dict[tuple[int, str], tuple[int, str]]:
    rows = reading.rows("SELECT record_id, title, id, value FROM extra_fact WHERE entity = ?", (entity,))
    return {(record_id, title): (row_id, value) for record_id, title, row_id, value in rows}


def _text(cell: Any) -> str:
    return strip_invisible(raw_text(cell)).strip()[:CELL_LIMIT]
