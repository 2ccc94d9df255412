"""Who has answered: for each class what was sent, what came back, how many are filled, and who is missing.

A class counts by what is in the ledger, not by whose sheet it used: one that sent a sheet of its own has answered too.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from skillsaid_desktop.domain.months import MonthRule
from skillsaid_desktop.services.missing_facts import LACKING
from skillsaid_desktop.services.monitoring import class_progress, class_teachers
from skillsaid_desktop.storage.unit_of_work import Reading

NOT_SENT, OUT, PARTLY, DONE = "没有发", "未交", "没填完", "收齐"
ANSWERS = (OUT, PARTLY, DONE, NOT_SENT)


@dataclass(frozen=True, kw_only=True)
class SheetState:
    """A class of a month: `missing` names who is not filled; `file` is where its sheet was written, "" if none was."""

    class_id: int | None
    class_name: str
    teacher: str
    done: int
    due: int
    missing: tuple[str, ...]
    sent_at: datetime | None = None
    file: str = ""
    returned_at: datetime | None = None
    returned_file: str = ""
    waits_for_sending: bool = False

    @property
    def answer(self) -> str:
        """Return 未交, 没填完, 收齐 or, where only our own sheet can be an answer, 没有发."""
        if self.done >= self.due:
            return DONE
        if self.done or self.returned_at:
            return PARTLY
        return NOT_SENT if self.waits_for_sending and self.sent_at is None else OUT


def sheet_progress(reading: Reading, month: str, purpose: str = "monitoring") -> list[SheetState]:
    """Return how it stands with the sheets of a month, by year and name of the class."""
    sent = {
        class_id: {
            "sent_at": _moment(sent_at), "file": file, "returned_at": _moment(returned_at),
            "returned_file": returned_file or "",
        }
        for class_id, file, sent_at, returned_at, returned_file in reading.rows(
            "SELECT class_id, file, sent_at, returned_at, returned_file FROM sent_sheet"
            " WHERE purpose = ? AND month = ? ORDER BY id",
            (purpose, month),
        )
    }  # fmt: skip
    day = MonthRule(reading.settings.cutoff_day).period(month).to_on.isoformat()
    if purpose == "monitoring":
        return _monitored(reading, month, day, sent)
    return _completed(reading, month, day, purpose, sent)


def _monitored(reading: Reading, month: str, day: str, sent: dict[int, dict[str, Any]]) -> list[SheetState]:
    missing: defaultdict[int | None, list[str]] = defaultdict(list)
    for class_id, name in reading.rows(
        "SELECT sp.class_id, s.name FROM student_span sp JOIN student s ON s.id = sp.student_id"
        " WHERE sp.is_target AND sp.state IN ('在读', '实习') AND sp.from_on <= ? AND sp.to_on >= ?"
        " AND NOT EXISTS (SELECT 1 FROM monitoring_note n WHERE n.student_id = s.id AND n.month = ?)"
        " ORDER BY s.name_sort, s.id",
        (day, day, month),
    ):
        missing[class_id].append(name)
    return [
        SheetState(
            class_id=one.class_id, class_name=one.name, teacher=one.teacher, done=one.done, due=one.due,
            missing=tuple(missing[one.class_id]), **sent.get(one.class_id or 0, {}),
        )
        for one in class_progress(reading, month)
    ]  # fmt: skip


def _completed(
    reading: Reading, month: str, day: str, purpose: str, sent: dict[int, dict[str, Any]]
) -> list[SheetState]:
    """Return the classes with students of whom something is missing, or was when the sheet was sent."""
    asked: dict[int, set[int]] = {
        class_id: set(json.loads(ids))
        for class_id, ids in reading.rows(
            "SELECT class_id, student_ids FROM sent_sheet WHERE purpose = ? AND month = ?", (purpose, month)
        )
    }
    lacking: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for one in LACKING[purpose](reading, day):
        if one.class_id is not None:
            lacking[one.class_id][one.student_id] = one.name
    teachers = class_teachers(reading, day)
    found = []
    for class_id, name in reading.rows("SELECT id, name FROM school_class ORDER BY grade, name"):
        people = asked.get(class_id, set()) | set(lacking[class_id])
        if not people:
            continue
        missing = tuple(lacking[class_id].values())
        found.append(
            SheetState(
                class_id=class_id, class_name=name, teacher=teachers.get(class_id, ""), missing=missing,
                done=len(people) - len(missing), due=len(people), waits_for_sending=True,
                **sent.get(class_id, {}),
            )
        )  # fmt: skip
    return found


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
