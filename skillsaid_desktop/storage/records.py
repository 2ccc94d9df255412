"""What storage tells others about its own tables: frozen values, never entities."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Changes:
    """What an operation touched: told to the observers after its commit."""

    operation_id: int
    name: str
    entities: frozenset[str]  # table names


@dataclass(frozen=True)
class OperationRow:
    """One line of 操作记录."""

    id: int
    name: str
    user: str
    at: datetime
    source: str
    note: str
    changes: int
    summary: dict[str, int]  # table name -> number of changes
    undoes_id: int | None
    undone_by_id: int | None
    can_undo: bool  # in force, after the last barrier, and it changed something
    is_correction: bool = False  # it touched a closed month, with a reason

    @property
    def is_undone(self) -> bool:
        """Whether another operation took this one back."""
        return self.undone_by_id is not None


@dataclass(frozen=True)
class ChangeRow:
    """One row that an operation made, changed or deleted; values as they stand in the database."""

    id: int
    entity: str
    record_id: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def differences(self) -> list[tuple[str, Any, Any]]:
        """Return (column, before, after) of the columns that differ."""
        before, after = self.before or {}, self.after or {}
        names = list(before) + [name for name in after if name not in before]
        return [
            (name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
        ]


@dataclass(frozen=True)
class LaterOperation:
    """A later operation in force that touched rows of an earlier one: it has to be undone first."""

    operation: OperationRow
    records: int


@dataclass(frozen=True)
class HistorySize:
    """How long the record of operations is."""

    steps: int
    changes: int
    since: datetime | None
