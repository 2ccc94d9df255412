"""Many cells of a ledger at once: pasted, filled down, or the same change for several rows; one operation, one undo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.ledgers import listing
from skillsaid_desktop.ledgers.ledger import Difference, Ledger, Outcome, PlannedRow
from skillsaid_desktop.ledgers.questions import keep_questions
from skillsaid_desktop.ledgers.reported import MONTH_REPORTED
from skillsaid_desktop.schema import Issue, Severity

if TYPE_CHECKING:
    from skillsaid_desktop.progress import Progress
    from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork


@dataclass(frozen=True)
class RowEdit:
    """Texts for some fields of a stored record; a blank erases."""

    record_id: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class PlannedEdit:
    """What storing an edit does: the fields that change, or why the row can not be stored as a whole."""

    edit: RowEdit
    who: str
    differences: tuple[Difference, ...]
    reasons: tuple[tuple[str, str], ...] = ()
    """Why it can not be stored: the title of a column (or "") and a sentence."""
    asks_reason: bool = False
    """It is refused only because it reaches into a closed month and no reason was given."""

    @property
    def refusal(self) -> str:
        """Say why it can not be stored, "" if it can."""
        return "；".join(sentence for _title, sentence in self.reasons)

    @property
    def is_stored(self) -> bool:
        """Say whether storing it changes anything."""
        return not self.reasons and bool(self.differences)


@dataclass(frozen=True)
class PlannedEdits:
    """All rows of a block."""

    rows: tuple[PlannedEdit, ...]

    @property
    def stored(self) -> tuple[PlannedEdit, ...]:
        """The rows that change."""
        return tuple(each for each in self.rows if each.is_stored)

    @property
    def refused(self) -> tuple[PlannedEdit, ...]:
        """The rows that can not be stored; a row that would change nothing is not among them."""
        return tuple(each for each in self.rows if each.refusal and each.differences)

    @property
    def cells(self) -> int:
        """The number of cells that change."""
        return sum(len(each.differences) for each in self.stored)

    @property
    def asks_reason(self) -> bool:
        """Say whether a reason for touching a closed month would let more rows through."""
        return any(each.asks_reason for each in self.refused)


def plan_edits(
    reading: "Reading",
    ledger: Ledger,
    edits: Sequence[RowEdit],
    *,
    as_of: date,
    correction: str = "",
    progress: "Progress | None" = None,
) -> PlannedEdits:
    """Return what storing these edits would do; writes nothing. Each row is planned against the ledger as it stands."""
    found = []
    for at, (edit, stored) in enumerate(_with_stored(reading, ledger, edits, as_of)):
        if progress is not None:
            progress.report(at, len(edits), f"正在核对，第 {at + 1} 行，共 {len(edits)} 行")
        context = listing.form_context(record_id=edit.record_id, as_of=as_of, correction=correction)
        found.append(_planned(ledger, edit, stored, listing.plan_one(reading, ledger, edit.values, context)))
    return PlannedEdits(tuple(found))


def store_edits(
    uow: "UnitOfWork",
    ledger: Ledger,
    edits: Sequence[RowEdit],
    *,
    as_of: date,
    correction: str = "",
    progress: "Progress | None" = None,
) -> PlannedEdits:
    """Store these edits row by row, so that each meets what the one before it wrote.

    A row is stored whole or not at all; those that are refused come back with the reason and leave the others be.
    """
    found = []
    for at, (edit, stored) in enumerate(_with_stored(uow, ledger, edits, as_of)):
        if progress is not None:
            progress.report(at, len(edits), f"正在存，第 {at + 1} 行，共 {len(edits)} 行")
        context = listing.form_context(record_id=edit.record_id, as_of=as_of, correction=correction)
        planned = listing.plan_one(uow, ledger, edit.values, context)
        one = _planned(ledger, edit, stored, planned)
        if one.is_stored:
            ledger.store(uow, [planned], context)
            keep_questions(uow, ledger, [planned])
        found.append(one)
    return PlannedEdits(tuple(found))


def _with_stored(
    reading: "Reading", ledger: Ledger, edits: Sequence[RowEdit], as_of: date
) -> list[tuple[RowEdit, dict[str, Any]]]:
    """Return the edits with the rows as they stand; those of records that are gone are left out."""
    rows = {
        row["id"]: row
        for row in listing.fetch_rows(reading, ledger, [each.record_id for each in edits], as_of)
    }
    return [(each, rows[each.record_id]) for each in edits if each.record_id in rows]


def _planned(ledger: Ledger, edit: RowEdit, stored: Mapping[str, Any], planned: PlannedRow) -> PlannedEdit:
    reasons: list[Issue] = []
    if planned.outcome in (Outcome.INVALID, Outcome.WAITING):
        reasons = [each for each in planned.issues if each.waits or each.severity is Severity.BLOCK]
    effects = {each.field: each.effect for each in planned.differences}
    differences = []
    for name, text in edit.values.items():
        column = ledger.column(name)
        before = column.type.format(stored.get(name))
        value = planned.record.values.get(name)
        # What could not be read stands as it was typed.
        after = column.type.format(value) if value is not None else text.strip()
        if after != before:
            differences.append(Difference(name, column.title, before, after, effects.get(name, "")))
    first = ledger.fields[0]
    return PlannedEdit(
        edit, planned.who or first.type.format(stored.get(first.name)), tuple(differences),
        reasons=tuple((each.column, each.message) for each in reasons),
        asks_reason=bool(reasons) and all(each.code == MONTH_REPORTED for each in reasons),
    )  # fmt: skip
