"""What storing one row of the student ledger writes."""

from dataclasses import dataclass, field
from typing import Any

from skillsaid_desktop.ledgers.school_classes import KnownClass


@dataclass(slots=True)
class StudentWrites:
    """What storing one row writes; rows of status_change and hardship_status lack only the student's id."""

    student_id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    school_class: KnownClass | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)
    changes_updated: list[dict[str, Any]] = field(default_factory=list)
    categories: list[dict[str, Any]] = field(default_factory=list)
    categories_updated: list[dict[str, Any]] = field(default_factory=list)
    teacher: str | None = None
    change_ids: list[int] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to write for the student himself."""
        return not (
            self.facts or self.changes or self.changes_updated or self.categories or self.categories_updated
        )
