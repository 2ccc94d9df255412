"""What has moved in a closed month since it was reported, by figure and person, with the edit that caused it."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from typing import Any, NamedTuple

from skillsaid_desktop.domain.months import MonthRule
from skillsaid_desktop.figures import PersonRef
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.figures.frozen import CLOSED, frozen_results
from skillsaid_desktop.storage import Reading

_SETTINGS_OF_FIGURES = ("cutoff_day", "first_month", "paired_counties", "policy_name")
_SHAKING = frozenset({"setting", "policy_text", "help_measure"})
"""Edits of what is nobody's own: figures are compared, and nobody is named for it."""
_ENDLESS = 2**62
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


class _Closed(NamedTuple):
    """A closed month: the operation that closed it, its last day, and whether something is dated after its closing."""

    month: str
    since: int
    last_on: str
    is_cut: bool


class _Edit(NamedTuple):
    """A journalled change; `reach` is the first day that it may move, "" if all of them."""

    operation_id: int
    operation: str
    at: str
    by: str
    entity: str
    before: str | None
    after: str | None
    reach: str


def find_drift(reading: Reading, month: str) -> list[DriftRow]:
    """Return the figures of a closed month that would now be others; none for an open month."""
    return find_drifts(reading, [month]).get(month, [])


def find_drifts(reading: Reading, months: Collection[str]) -> dict[str, list[DriftRow]]:
    """Return what has moved in each of these months that is closed, oldest first; those that stand are left out.

    The journal is read once for all of them, and a month is compared again only when an edit reached it: after years
    there are many closed months, and most of them had a late change.
    """
    closed = [one for one in _closed(reading) if one.month in months]
    edits = _edits(reading, closed)
    found: dict[str, list[DriftRow]] = {}
    for one in closed:
        own = [edit for edit in edits if edit.operation_id > one.since and edit.reach <= one.last_on]
        # Without any of them nothing can have moved, and nothing need be computed.
        if own or one.is_cut:
            state = (one, tuple(dict.fromkeys(edit.operation_id for edit in own)))
            rows = reading.keep(f"drift {one.month}", state, partial(_compare, reading, one.month, own))
            if rows:
                found[one.month] = _with_names_of_now(reading, rows, one.last_on)
    return found


def _compare(reading: Reading, month: str, edits: Sequence[_Edit]) -> tuple[DriftRow, ...]:
    frozen = frozen_results(reading, month) or {}
    causes = _causes(edits)
    live = compute_figures(reading, month, True, with_sums=False)
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
        people = tuple(
            DriftedPerson(
                student_id=person.student_id,
                document_number=person.document_number,
                name=person.name,
                class_name=person.class_name,
                is_added=is_added,
                causes=tuple(causes.get(person.key, ())),
            )
            for person, is_added in moved
        )
        rows.append(
            DriftRow(code=code, name=reported.name, reported=reported.period, now=now.period, people=people)
        )
    return tuple(rows)


def _with_names_of_now(reading: Reading, rows: Sequence[DriftRow], day: str) -> list[DriftRow]:
    """Return rows whose added people carry name and number as they are by now; who is missing is named as reported."""
    ids = {one.student_id for row in rows for one in row.people if one.is_added and one.student_id}
    facts = {
        student_id: {"document_number": number or "", "name": name, "class_name": class_name or ""}
        for student_id, number, name, class_name in reading.rows(
            "SELECT s.id, s.document_number, s.name, p.class_name FROM student s LEFT JOIN student_span p"
            " ON p.student_id = s.id AND p.from_on <= :day AND p.to_on >= :day"
            " WHERE s.id IN (SELECT value FROM json_each(:ids))",
            {"day": day, "ids": json.dumps(sorted(ids))},
        )
    }
    return [
        replace(
            row,
            people=tuple(
                replace(one, **facts[one.student_id]) if one.is_added and one.student_id in facts else one
                for one in row.people
            ),
        )
        for row in rows
    ]


def _by_key(people: tuple[PersonRef, ...]) -> dict[int | str, PersonRef]:
    return {person.key: person for person in people}


def _closed(reading: Reading) -> list[_Closed]:
    rule = MonthRule(reading.settings.cutoff_day)
    return [
        _Closed(
            month,
            since or 0,
            rule.period(month).to_on.isoformat(),
            counted_to < to_on and bool(reading.scalar(_DATED_AFTER, {"cut": counted_to, "to": to_on})),
        )
        for month, since, counted_to, to_on in reading.rows(
            "SELECT m.month, (SELECT max(c.operation_id) FROM change c"
            " WHERE c.entity = 'reporting_month' AND c.record_id = m.id AND json_extract(c.after, '$.closed_at')"
            " IS NOT json_extract(coalesce(c.before, '{}'), '$.closed_at')), m.counted_to, m.to_on"
            " FROM reporting_month m WHERE m.state IN (?, ?) ORDER BY m.month",
            CLOSED,
        )
    ]


_DATED_AFTER = "SELECT " + " OR ".join(
    f"EXISTS (SELECT 1 FROM {table} WHERE {condition})"
    for table, condition in (
        ("student_span", "from_on > :cut AND from_on <= :to"),
        ("status_change", "changed_on > :cut AND changed_on <= :to"),
        ("contact", "contacted_on > :cut AND contacted_on <= :to"),
        ("help_measure", "completed_on > :cut AND completed_on <= :to"),
        ("pairing", "paired_on > :cut AND paired_on <= :to"),
        ("pairing", "ended_on >= :cut AND ended_on < :to"),
    )
)
"""Whether days of a month came after its closing in which something is dated: that belongs to the next month's 更正."""


def _day_of(side: str) -> str:
    """Return the first day that one side of a change is in figures of; of a month the day before its first."""

    def value(name: str) -> str:
        return f"json_extract(c.{side}, '$.{name}')"

    return (
        f"coalesce(CASE c.entity WHEN 'monitoring_note' THEN {value('month')} || '-00'"
        f" WHEN 'contact' THEN {value('contacted_on')} WHEN 'pairing' THEN {value('paired_on')}"
        f" WHEN 'status_change' THEN {value('changed_on')} WHEN 'help_measure' THEN {value('completed_on')}"
        f" WHEN 'hardship_status' THEN min({value('from_on')},"
        f" coalesce({value('to_on')}, {value('risk_cleared_on')}, '9')) END, '9')"
    )


_FACTS_DIFFER = " OR ".join(
    f"json_extract(c.before, '$.{fact}') IS NOT json_extract(c.after, '$.{fact}')"
    for fact in _FACTS_OF_FIGURES
)
_KEYS = ", ".join(map(repr, _SETTINGS_OF_FIGURES))
_REACH = (
    "CASE c.entity WHEN 'policy_text' THEN ''"
    f" WHEN 'setting' THEN iif(json_extract(coalesce(c.after, c.before), '$.key') IN ({_KEYS}), '', '9')"
    # A new student matters by his events; of a known one only these facts are in figures.
    f" WHEN 'student' THEN iif(c.before IS NOT NULL AND ({_FACTS_DIFFER}), '', '9')"
    # A measure of a note is in its month; of a contact only the day on which it was done is in a figure.
    f" WHEN 'help_measure' THEN min({_day_of('before')}, {_day_of('after')},"
    " iif(json_extract(coalesce(c.after, c.before), '$.note_id') IS NULL, '9', coalesce((SELECT n.month || '-00'"
    " FROM monitoring_note n WHERE n.id = json_extract(coalesce(c.after, c.before), '$.note_id')), '')))"
    f" ELSE min({_day_of('before')}, {_day_of('after')}) END"
)


def _edits(reading: Reading, closed: Sequence[_Closed]) -> list[_Edit]:
    """Return the edits that reach back into one of these months and came after its closing, in order."""
    by_closing = sorted(closed, key=lambda one: one.since)
    ends = [*(one.since for one in by_closing[1:]), _ENDLESS]
    last_days = accumulate((one.last_on for one in by_closing), max)
    spans = list(zip((one.since for one in by_closing), ends, last_days, strict=False))
    # The operations that close and open months again write many rows, and none that a figure comes from.
    return [
        _Edit(*row)
        for row in reading.rows(
            'SELECT o.id, o.name, o.at, o."user", c.entity, c.before, c.after, '
            f"{_REACH} AS reach FROM json_each(:spans) s CROSS JOIN operation o CROSS JOIN change c"
            " WHERE o.id > s.value ->> 0 AND o.id <= s.value ->> 1 AND o.undone_by_id IS NULL"
            " AND o.id NOT IN (SELECT m.operation_id FROM change m WHERE m.entity = 'reporting_month'"
            " AND m.record_id IN (SELECT id FROM reporting_month))"
            " AND c.operation_id = o.id AND c.entity IN ('status_change', 'hardship_status', 'monitoring_note',"
            " 'help_measure', 'student', 'pairing', 'contact', 'setting', 'policy_text')"
            " AND reach <= s.value ->> 2 ORDER BY c.id",
            {"spans": json.dumps(spans)},
        )
    ]


def _causes(edits: Sequence[_Edit]) -> dict[int | str, list[Cause]]:
    """Return the edits by the student or leader whom they are about."""
    found: defaultdict[int | str, list[Cause]] = defaultdict(list)
    for edit in edits:
        if edit.entity in _SHAKING:
            continue
        old: dict[str, Any] = json.loads(edit.before) if edit.before else {}
        new: dict[str, Any] = json.loads(edit.after) if edit.after else {}
        side = new or old
        cause = Cause(
            operation_id=edit.operation_id,
            operation=edit.operation,
            done_at=edit.at,
            done_by=edit.by,
            what=_say(edit.entity, old, new),
            reason=str(side.get("correction_reason") or ""),
        )
        found[side["id"] if edit.entity == "student" else side["student_id"]].append(cause)
        if edit.entity == "pairing":
            for leader in {each["leader"] for each in (old, new) if each}:
                found[leader].append(cause)
    return found


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
