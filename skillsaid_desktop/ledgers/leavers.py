"""Who has left the school: by the events, or by a change that waits in 待处理 for its answer."""

import json
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from skillsaid_desktop.domain.names import fold_name
from skillsaid_desktop.domain.status import ENROLLED, LEAVING
from skillsaid_desktop.ledgers.people import Person, standing_on

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading


class Leavers:
    """Answers for one student after another whether he has left by a day."""

    def __init__(self, reading: "Reading", day: date) -> None:
        self.reading = reading
        self.day = day

    def of(self, person: Person) -> str:
        """Return since when a student is gone, in words; "" for one who is here."""
        now = standing_on(self.reading, person.id, self.day)
        if now is not None and now.state not in ENROLLED:
            since = self.reading.scalar(
                "SELECT min(from_on) FROM student_span WHERE student_id = :id AND NOT is_enrolled AND from_on >"
                " coalesce((SELECT max(from_on) FROM student_span WHERE student_id = :id AND is_enrolled"
                " AND from_on <= :day), '')",
                {"id": person.id, "day": self.day.isoformat()},
            )
            return f"{since} 起已{now.state}"
        for number, student_number, name, told in self._waiting:
            if number or student_number:
                is_him = number == person.number if number else student_number == person.student_number
            else:
                is_him = name == fold_name(person.name)
            if is_him:
                return f"{told}（还在待处理里等答复）"
        return ""

    @cached_property
    def _waiting(self) -> list[tuple[str | None, str | None, str, str]]:
        """Number, 学号, folded name and words of each leaving that could not be stored yet."""
        words = self.reading.policy.words(self.day)
        found = []
        for (text,) in self.reading.rows(
            "SELECT cells FROM pending_row WHERE ledger = 'changes' AND resolved_at IS NULL AND outcome = 'waiting'"
        ):
            cells = json.loads(text)
            kind = words.resolve("change_kind", str(cells.get("kind") or "").strip())
            name = str(cells.get("student_name") or "").strip()
            if kind in LEAVING and name:
                number = str(cells.get("document_number") or "").strip().upper() or None
                told = f"{cells.get('changed_on') or ''} {kind}".strip()
                found.append(
                    (number, str(cells.get("student_number") or "").strip() or None, fold_name(name), told)
                )
        return found
