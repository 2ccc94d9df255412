"""Ledgers: columns, listing, and the one writer of their rows. May import storage and what lies below it."""

from skillsaid_desktop.ledgers.changes import CHANGES
from skillsaid_desktop.ledgers.classes import CLASSES
from skillsaid_desktop.ledgers.contacts import CONTACTS
from skillsaid_desktop.ledgers.hardship import HARDSHIP
from skillsaid_desktop.ledgers.households import HOUSEHOLDS
from skillsaid_desktop.ledgers.ledger import Difference, IntakeContext, Ledger, Outcome, PlannedRow
from skillsaid_desktop.ledgers.monitoring import MONITORING
from skillsaid_desktop.ledgers.pairings import PAIRINGS
from skillsaid_desktop.ledgers.proofs import PROOFS_LEDGER
from skillsaid_desktop.ledgers.students import STUDENTS

LEDGERS: tuple[Ledger, ...] = (
    STUDENTS,
    CLASSES,
    HOUSEHOLDS,
    HARDSHIP,
    CHANGES,
    MONITORING,
    PAIRINGS,
    CONTACTS,
    PROOFS_LEDGER,
)


def own_ledgers() -> tuple[Ledger, ...]:
    """Return the ledgers that have records of their own: one for each table."""
    return tuple(each for each in LEDGERS if not each.is_view)


def ledger_named(name: str) -> Ledger:
    """Return the ledger of this name; KeyError if there is none."""
    for ledger in LEDGERS:
        if ledger.name == name:
            return ledger
    raise KeyError(name)


__all__ = [
    "CHANGES", "CLASSES", "CONTACTS", "HARDSHIP", "HOUSEHOLDS", "LEDGERS", "MONITORING", "PAIRINGS", "PROOFS_LEDGER",
    "STUDENTS", "Difference",
    "IntakeContext", "Ledger", "Outcome", "PlannedRow", "ledger_named", "own_ledgers",
]  # fmt: skip
