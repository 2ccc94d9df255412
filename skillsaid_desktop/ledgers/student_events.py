"""A student's stored changes as the domain's events, with the details that a paper carries."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.status import Event

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading

_DETAILS = (
    "reason", "approval_number", "approved_on", "other_school", "system_on", "handled_by", "evidence", "remark",
    "class_before", "major_before", "level_before", "correction_reason",
)  # fmt: skip


@dataclass(slots=True)
class StoredChange:
    """One row of status_change."""

    id: int
    event: Event
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The kind of change."""
        return self.event.kind

    @property
    def on(self) -> date:
        """Its day."""
        return self.event.on

    @property
    def is_dated(self) -> bool:
        """Whether somebody stated it with its day, rather than a roster implying it."""
        return not (self.event.is_opening or self.event.is_inferred)


def load_changes(reading: "Reading", student_id: int) -> list[StoredChange]:
    """Return a student's changes by day."""
    columns = ", ".join(_DETAILS)
    rows = reading.rows(
        "SELECT id, kind, changed_on, class_id, major, level, is_opening, is_inferred, roster_before_on, roster_on,"
        f" {columns} FROM status_change WHERE student_id = ? ORDER BY changed_on, id",
        (student_id,),
    )
    found = []
    for row in rows:
        event = Event(
            row[1], date.fromisoformat(row[2]), row[3], row[4], row[5], bool(row[6]), bool(row[7]), _day(row[8]),
            _day(row[9]), row[0],
        )  # fmt: skip
        found.append(StoredChange(row[0], event, dict(zip(_DETAILS, row[10:], strict=True))))
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
