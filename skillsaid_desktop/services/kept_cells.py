"""Which cells of a file are not to touch the ledger: 留台账的, 只补空白, or a single field that was unticked."""

from collections.abc import Mapping, Sequence

from skillsaid_desktop.ledgers import Ledger
from skillsaid_desktop.ledgers.ledger import Difference, Outcome, PlannedRow
from skillsaid_desktop.services.import_options import ALL_FIELDS, ImportOptions, Prefer

_IDENTITY = frozenset({"name", "document_number", "student_name"})
_TOGETHER: Mapping[str, frozenset[str]] = {
    "category": frozenset({"category", "category_from", "category_to"})
}
"""Fields that mean nothing without the one that is kept."""


def can_keep(ledger: Ledger, difference: Difference) -> bool:
    """Say whether the ledger's value can stay while the rest of the row is imported.

    A row is about somebody, so who he is can only be left out with the whole row; so can what makes an event.
    """
    if difference.field in _IDENTITY:
        return False
    if ledger.name == "students":
        return True
    return not any(each.name == difference.field and each.required for each in ledger.importable)


def is_kept(difference: Difference, prefer: Prefer) -> bool:
    """Say whether the ledger's value of a difference stays under a rule."""
    return prefer is Prefer.LEDGER or (prefer is Prefer.BLANKS and bool(difference.before))


def kept_fields(
    ledger: Ledger, planned: Sequence[PlannedRow], options: ImportOptions
) -> dict[tuple[str, int], frozenset[str]]:
    """Return the fields that stay as they are, by sheet and row."""
    if not options.kept and not any(rule is not Prefer.FILE for rule in options.prefer.values()):
        return {}
    usual = options.prefer.get(ALL_FIELDS, Prefer.FILE)
    found: dict[tuple[str, int], frozenset[str]] = {}
    for row in planned:
        if row.outcome is not Outcome.CHANGED:
            continue
        place = row.record.place
        sheet, number = place.sheet, place.row or 0
        names: set[str] = set()
        for each in row.differences:
            is_cell = (place.file, sheet, number, each.field) in options.kept
            if (is_cell or is_kept(each, options.prefer.get(each.field, usual))) and can_keep(ledger, each):
                names |= _TOGETHER.get(each.field, {each.field})
        if names:
            found[sheet, number] = frozenset(names)
    return found
