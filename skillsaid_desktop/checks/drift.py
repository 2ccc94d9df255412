"""What has moved in a closed month since it was reported, by figure and person, with the edit that caused it."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from skillsaid_desktop.domain.months import MonthRule
from skillsaid_desktop.figures import PersonRef
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.figures.frozen import frozen_results
from skillsaid_desktop.storage import Reading

_FACTS_OF_FIGURES = ("home_county", "is_paired_county", "applicant_kind", "enrolment_preference")


@dataclass(frozen=True, kw_only=True)
class Cause:
    """An edit after closing that touches a student's past: what it was, when it was done, why."""

    operation_id: int
    operation: str
    done_at: str
    done_by: str
    what: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DriftedPerson:
    """Somebody who would now be counted, or would not."""

    student_id: int
    document_number: str
    name: str
    class_name: str
    is_added: bool
    causes: tuple[Cause, ...] = ()

    @property
    def reason(self) -> str:
        """The reason of the correction, "" if none was given."""
        return next((cause.reason for cause in self.causes if cause.reason), "")


@dataclass(frozen=True, kw_only=True)
class DriftRow:
    """A figure of a closed month: as reported, and as it would be now."""

    code: str
    name: str
    reported: float | None
    now: float | None
    people: tuple[DriftedPerson, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return the form that the terminal prints."""
        return {
            "code": self.code,
            "name": self.name,
            "reported": self.reported,
            "now": self.now,
            "added": sorted(one.document_number or one.name for one in self.people if one.is_added),
            "removed": sorted(one.document_number or one.name for one in self.people if not one.is_added),
            "causes": [
                {"person": one.name, "operation": cause.operation_id, "name": cause.operation,
                 "at": cause.done_at, "what": cause.what, "reason": cause.reason}
                for one in self.people
                for cause in one.causes
            ],
        }  # fmt: skip


def find_drift(reading: Reading, month: str) -> list[DriftRow]:
    """Return the figures of a closed month that would now be others; none for an open month."""
    frozen = frozen_results(reading, month)
    if frozen is None:
        return []
    causes, is_shaken = _edits(reading, month)
    if not causes and not is_shaken:
        return []
    live = compute_figures(reading, month, True)
    rows: list[DriftRow] = []
    for code, reported in frozen.items():
        now = live.get(code)
        if now is None:
            continue
        # Where acts are counted somebody may be in the list more often than before.
        before, after = (Counter(person.key for person in one.people) for one in (reported, now))
        moved = [(one, True) for key, one in _by_key(now.people).items() if after[key] > before[key]]
        moved += [(one, False) for key, one in _by_key(reported.people).items() if before[key] > after[key]]
        if not moved and reported.period == now.period:
            continue
        rows.append(
            DriftRow(
                code=code,
                name=reported.name,
                reported=reported.period,
                now=now.period,
                people=tuple(
                    DriftedPerson(
                        student_id=person.student_id,
                        document_number=person.document_number,
                        name=person.name,
                        class_name=person.class_name,
                        is_added=is_added,
                        causes=tuple(causes.get(person.key, ())),
                    )
                    for person, is_added in moved
                ),
            )
        )
    return rows


def _by_key(people: tuple[PersonRef, ...]) -> dict[int | str, PersonRef]:
    return {person.key: person for person in people}


def _edits(reading: Reading, month: str) -> tuple[dict[int | str, list[Cause]], bool]:
    """Return the edits since the closing that reach back into the month, by student or leader, and whether rules changed.

    Without any of them nothing can have moved, and nothing need be computed.
    """
    since = (
        reading.scalar(
            "SELECT max(c.operation_id) FROM change c JOIN reporting_month m ON m.id = c.record_id"
            " WHERE c.entity = 'reporting_month' AND m.month = ?"
            " AND json_extract(c.after, '$.closed_at') IS NOT json_extract(coalesce(c.before, '{}'), '$.closed_at')",
            (month,),
        )
        or 0
    )
    last_on = MonthRule(reading.settings.cutoff_day).period(month).to_on
    found: defaultdict[int | str, list[Cause]] = defaultdict(list)
    is_shaken = _closed_early(reading, month)
    for operation_id, name, at, by, entity, before, after in reading.rows(
        'SELECT o.id, o.name, o.at, o."user", c.entity, c.before, c.after FROM change c'
        " JOIN operation o ON o.id = c.operation_id WHERE c.operation_id > ? AND o.undone_by_id IS NULL"
        " AND c.entity IN ('status_change', 'hardship_status', 'monitoring_note', 'help_measure', 'student',"
        " 'pairing', 'contact', 'setting', 'policy_text') ORDER BY c.id",
        (since,),
    ):
        if entity in ("setting", "policy_text"):
            is_shaken = True
            continue
        old: dict[str, Any] = json.loads(before) if before else {}
        new: dict[str, Any] = json.loads(after) if after else {}
        if entity == "help_measure":
            is_shaken = is_shaken or _reaches_measure(reading, old, new, last_on, month)
            continue
        if not _reaches(entity, old, new, last_on, month):
            continue
        side = new or old
        student_id = side["id"] if entity == "student" else side["student_id"]
        cause = Cause(
            operation_id=operation_id,
            operation=name,
            done_at=at,
            done_by=by,
            what=_say(entity, old, new),
            reason=str(side.get("correction_reason") or ""),
        )
        found[student_id].append(cause)
        if entity == "pairing":
            for leader in {each["leader"] for each in (old, new) if each}:
                found[leader].append(cause)
    return found, is_shaken


def _closed_early(reading: Reading, month: str) -> bool:
    """Tell whether days of the month came after its closing: they belong to the next month's 更正."""
    return bool(reading.scalar("SELECT counted_to < to_on FROM reporting_month WHERE month = ?", (month,)))


def _reaches(entity: str, old: dict[str, Any], new: dict[str, Any], last_on: date, month: str) -> bool:
    if entity == "student":
        # A new student matters by his events; of a known one only these facts are in figures.
        return bool(old) and any(old.get(fact) != new.get(fact) for fact in _FACTS_OF_FIGURES)
    return any(_touches(entity, side, last_on, month) for side in (old, new) if side)


def _reaches_measure(
    reading: Reading, old: dict[str, Any], new: dict[str, Any], last_on: date, month: str
) -> bool:
    if any((side.get("completed_on") or "9") <= last_on.isoformat() for side in (old, new) if side):
        return True
    note_id = (new or old).get("note_id")
    if note_id is None:
        return False  # of a contact: only the day on which it was done is in a figure
    noted = reading.scalar("SELECT month FROM monitoring_note WHERE id = ?", (note_id,))
    return noted is None or noted <= month


def _touches(entity: str, side: dict[str, Any], last_on: date, month: str) -> bool:
    if entity == "monitoring_note":
        return bool(side["month"] <= month)
    if entity == "contact":
        return bool(side["contacted_on"] <= last_on.isoformat())
    if entity == "pairing":
        return bool(side["paired_on"] <= last_on.isoformat())
    on = side["changed_on"] if entity == "status_change" else side["from_on"]
    ends = side.get("to_on") or side.get("risk_cleared_on")
    return bool(on <= last_on.isoformat() or (ends and ends <= last_on.isoformat()))


def _say(entity: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    side = new or old
    act = "" if not old else ("删除" if not new else "改")
    if entity == "status_change":
        return f"{act}{side['changed_on']} {side['kind']}"
    if entity == "hardship_status":
        until = f" 至 {side['to_on']}" if side.get("to_on") else ""
        return f"{act}{side['category']} {side['from_on']} 起{until}"
    if entity == "monitoring_note":
        return f"{act}{side['month']} 监测记录"
    if entity == "contact":
        return f"{act}{side['contacted_on']} {side['leader']}的帮扶记录"
    if entity == "pairing":
        return f"{act}和{side['leader']}的结对 {side['paired_on']} 起"
    return f"{act or '新增'}学生资料"
