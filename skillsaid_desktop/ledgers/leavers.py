"""Who has left the school: by the events, or by a change that waits in 待处理 for its answer."""

import json
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from skillsaid_desktop.domain.names import fold_name
from skillsaid_desktop.domain.status import ENROLLED, LEAVING
from skillsaid_desktop.ledgers.people import standing_on

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading


class Leavers:
    """Answers for one student after another whether he has left by a day."""

    def __init__(self, reading: "Reading", day: date) -> None:
        self.reading = reading
        self.day = day

    def told(self, student_id: int) -> str:
        """Return since when a student is gone, in words; "" for one who is here."""
        now = standing_on(self.reading, student_id, self.day)
        if now is None or now.state in ENROLLED:
            return self.waiting.get(student_id, "")
        since = self.reading.scalar(
            "SELECT min(from_on) FROM student_span WHERE student_id = :id AND NOT is_enrolled AND from_on >"
            " coalesce((SELECT max(from_on) FROM student_span WHERE student_id = :id AND is_enrolled"
            " AND from_on <= :day), '')",
            {"id": student_id, "day": self.day.isoformat()},
        )
        return f"{since} 起已{now.state}"

    @cached_property
    def waiting(self) -> dict[int, str]:
        """Who leaves by a change that could not be stored yet, and what its row says."""
        words = self.reading.policy.words(self.day)
        found = {}
        for (text,) in self.reading.rows(
            "SELECT cells FROM pending_row WHERE ledger = 'changes' AND resolved_at IS NULL AND outcome = 'waiting'"
        ):
            cells = {name: str(value or "").strip() for name, value in json.loads(text).items()}
            kind = words.resolve("change_kind", cells.get("kind", ""))
            if kind not in LEAVING:
                continue
            when = " ".join(each for each in (cells.get("changed_on"), kind) if each)
            for student_id in self._named(cells):
                found[student_id] = f"{when}（还在待处理里等答复）"
        return found

    def _named(self, cells: dict[str, str]) -> list[int]:
        """Return whom a row names: by number, by 学号, else by the name."""
        for column, key in (
            ("document_number", cells.get("document_number", "").upper()),
            ("student_number", cells.get("student_number", "")),
            ("name_folded", fold_name(cells.get("student_name", ""))),
        ):
            if key:
                rows = self.reading.rows(f"SELECT id FROM student WHERE {column} = ?", (key,))
                return [row[0] for row in rows]
        return []
