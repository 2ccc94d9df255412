"""What rows of a pairing list would write: one pairing a row; a leader is paired with a student once at a time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.entities import Pairing
from skillsaid_desktop.domain.months import month_end
from skillsaid_desktop.domain.names import fold_name
from skillsaid_desktop.domain.pairings import has_leader_left, overlap
from skillsaid_desktop.ledgers.leavers import Leavers
from skillsaid_desktop.ledgers.ledger import (
    Difference,
    IntakeContext,
    Outcome,
    PlannedRow,
    issue_at,
    outcome_of,
)
from skillsaid_desktop.ledgers.people import Person, find_person, standing_on
from skillsaid_desktop.ledgers.reported import Reported, ask_about_future, ask_why_so_late, load_reported
from skillsaid_desktop.ledgers.wording import named, row_issues, shown
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.record import Record

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

_TITLES = {
    "leader": "校领导", "post": "职务", "phone": "电话", "paired_on": "结对日期", "ended_on": "解除日期",
    "end_reason": "解除原因",
}  # fmt: skip
_REQUIRED = ("leader", "paired_on")
_DAYS = ("paired_on", "ended_on")
_BY_MONTH = "month for a day"


@dataclass(slots=True)
class StoredPairing:
    """A pairing of the ledger, or of a row before in the same file (id None)."""

    id: int | None
    student_id: int
    leader: str
    post: str | None
    phone: str | None
    paired_on: date
    ended_on: date | None
    end_reason: str | None

    def meets(self, paired_on: date, ended_on: date | None) -> bool:
        """Say whether it holds on a day of that time."""
        return overlap(self.paired_on, self.ended_on, paired_on, ended_on)

    @property
    def is_left_open(self) -> bool:
        """Say whether the leader left, and nobody wrote until when the pairing held."""
        return self.ended_on is None and has_leader_left(self.end_reason)


def load_pairings(
    reading: "Reading", where: str = "1", parameters: Sequence[Any] = ()
) -> list[StoredPairing]:
    """Return stored pairings, oldest first."""
    rows = reading.rows(
        "SELECT p.id, p.student_id, p.leader, p.post, p.phone, p.paired_on, p.ended_on, p.end_reason FROM pairing p"
        f" WHERE {where} ORDER BY p.paired_on, p.id",
        parameters,
    )
    day = date.fromisoformat
    return [
        StoredPairing(
            row_id,
            student_id,
            leader,
            post,
            phone,
            day(paired_on),
            day(ended_on) if ended_on else None,
            reason,
        )
        for row_id, student_id, leader, post, phone, paired_on, ended_on, reason in rows
    ]


class KnownLeaders:
    """The leaders of the ledger, so that one is not written in two ways; and whom each is paired with."""

    def __init__(self, reading: "Reading") -> None:
        self._spelt: dict[str, str] = {}
        self._students: defaultdict[str, set[int]] = defaultdict(set)
        for leader, student_id in reading.rows("SELECT DISTINCT leader, student_id FROM pairing ORDER BY id"):
            self._students[self.spelling(leader)].add(student_id)

    def spelling(self, leader: str) -> str:
        """Return a leader's name as it is kept."""
        return self._spelt.setdefault(fold_name(leader) or leader, leader)

    def students(self, leader: str) -> set[int]:
        """Return the students who are or were paired with a leader."""
        return self._students[self.spelling(leader)]


def plan_pairings(reading: "Reading", records: Sequence[Record], context: IntakeContext) -> list[PlannedRow]:
    """Return how each row ends: a pairing of the same leader and student at the same time is met, another is new."""
    plan = _Plan(reading, context)
    if context.record_id is not None:
        return [plan.edit(records[0], context.record_id)]
    return [plan.row(record) for record in records]


class _Plan:
    def __init__(self, reading: "Reading", context: IntakeContext) -> None:
        self.reading = reading
        self.context = context
        self.reported: Reported = load_reported(reading)
        self.leaders = KnownLeaders(reading)
        self.leavers = Leavers(reading, context.as_of)
        self._of: dict[int, list[StoredPairing]] = {}

    def _pairings(self, student_id: int) -> list[StoredPairing]:
        if student_id not in self._of:
            self._of[student_id] = load_pairings(self.reading, "p.student_id = ?", (student_id,))
        return self._of[student_id]

    def row(self, record: Record) -> PlannedRow:
        from skillsaid_desktop.ledgers.pairings import FIELDS

        values = record.values
        who = values.get("student_name") or ""
        issues = row_issues(record, FIELDS, who)
        if any(each.severity is Severity.BLOCK for each in issues):
            return PlannedRow(record=record, outcome=Outcome.INVALID, who=who, issues=issues)
        paired_on: date | None = values.get("paired_on")
        leader: str | None = values.get("leader")
        person = find_person(
            self.reading, record, issues, day=self.context.as_of, class_name=values.get("class_name"),
            likely=self.leaders.students(leader) if leader else (),
        )  # fmt: skip
        if person is None or paired_on is None or leader is None:
            who = person.name if person else who
            return PlannedRow(
                record=record, outcome=outcome_of(issues, Outcome.WAITING), who=who, issues=issues
            )
        values["leader"] = leader = self.leaders.spelling(leader)
        if "paired_on" in record.precisions:
            wrote = record.raw.get("paired_on", "")
            self._say(record, person, issues, Severity.FIXED, _BY_MONTH, "结对日期",
                      f"结对日期只写了“{wrote}”，按 {paired_on} 收下")  # fmt: skip
        return self._meet(record, person, issues, leader, paired_on)

    def _meet(
        self, record: Record, person: Person, issues: list[Issue], leader: str, paired_on: date
    ) -> PlannedRow:
        ended_on = record.values.get("ended_on")
        same = [each for each in self._pairings(person.id) if each.leader == leader]
        met = next((each for each in same if self._is_same_day(record, each)), None)
        met = met or next((each for each in same if each.meets(paired_on, ended_on)), None)
        if met is not None and met.id is None:
            return self._twice(record, person, issues, met)
        if met is not None:
            return self._change(record, person, issues, met)
        new = StoredPairing(
            None, person.id, leader, record.values.get("post"), record.values.get("phone"), paired_on, ended_on,
            record.values.get("end_reason"),
        )  # fmt: skip
        self._ask(record, person, issues, new)
        ask_why_so_late(record, person.name, (paired_on,), "结对日期", issues, self.reported, self.context)
        outcome = outcome_of(issues, Outcome.NEW)
        if outcome is Outcome.NEW:
            self._pairings(person.id).append(new)
        writes = {name: record.values.get(name) for name in _TITLES} | {
            "leader": leader,
            "student_id": person.id,
            "correction_reason": self.context.correction or None,
            "source": self.context.origin(record) or None,
        }
        return PlannedRow(record=record, outcome=outcome, who=person.name, issues=issues, writes=writes)

    def _is_same_day(self, record: Record, stored: StoredPairing) -> bool:
        """Say whether a row means the day of a stored pairing; a month alone is any day of it."""
        paired_on: date = record.values["paired_on"]
        if record.precisions.get("paired_on") == "month":
            return (paired_on.year, paired_on.month) == (stored.paired_on.year, stored.paired_on.month)
        return paired_on == stored.paired_on

    def _twice(
        self, record: Record, person: Person, issues: list[Issue], before: StoredPairing
    ) -> PlannedRow:
        if self._differences(record, before):
            self._say(record, person, issues, Severity.ASK, "same pairing twice", "校领导",
                      f"和{before.leader}的结对前面已有一行，两行不一样，请核对是哪一行", waits=True)  # fmt: skip
        else:
            self._say(record, person, issues, Severity.HINT, "same row twice", "", "和前面一行相同，只存一次")
        outcome = outcome_of(issues, Outcome.UNCHANGED)
        return PlannedRow(record=record, outcome=outcome, who=person.name, issues=issues)

    def _differences(self, record: Record, stored: StoredPairing) -> list[Difference]:
        found = []
        for name, title in _TITLES.items():
            if name not in record.values or (record.values[name] is None and not self.context.is_form):
                continue
            before, after = getattr(stored, name), record.values[name]
            if name == "paired_on" and self._is_same_day(record, stored):
                continue
            if after != before and (after or before):
                found.append(Difference(name, title, shown(before), shown(after), "改这一对结对"))
        return found

    def _change(
        self, record: Record, person: Person, issues: list[Issue], stored: StoredPairing
    ) -> PlannedRow:
        found = self._differences(record, stored)
        changed = {each.field: record.values[each.field] for each in found}
        if found:
            issues[:] = [each for each in issues if each.code != _BY_MONTH or "paired_on" in changed]
            after = StoredPairing(
                stored.id, stored.student_id,
                *(changed.get(name, getattr(stored, name)) for name in _TITLES),
            )  # fmt: skip
            self._ask(record, person, issues, after, set(changed))
            ask_why_so_late(
                record,
                person.name,
                _moved_days(stored, after),
                "结对日期",
                issues,
                self.reported,
                self.context,
            )
        writes = {"id": stored.id, **changed}
        if found and self.context.correction:
            writes["correction_reason"] = self.context.correction
        outcome = outcome_of(issues, Outcome.CHANGED if found else Outcome.UNCHANGED)
        if outcome is Outcome.CHANGED:
            for name, value in changed.items():
                setattr(stored, name, value)
        return PlannedRow(
            record=record, outcome=outcome, record_id=stored.id, differences=tuple(found), who=person.name,
            issues=issues, writes=writes,
        )  # fmt: skip

    def _ask(
        self,
        record: Record,
        person: Person,
        issues: list[Issue],
        pairing: StoredPairing,
        changed: set[str] | None = None,
    ) -> None:
        """Add what is odd about a pairing that would be stored; `changed` are the facts that are new, None for all."""

        def ask(code: str, column: str, message: str) -> None:
            self._say(record, person, issues, Severity.ASK, code, column, message)

        paired_on, ended_on = pairing.paired_on, pairing.ended_on
        if ended_on is not None and ended_on < paired_on:
            self._say(record, person, issues, Severity.BLOCK, "date", "解除日期",
                      f"解除日期 {ended_on} 早于结对日期 {paired_on}")  # fmt: skip
            return
        if changed is not None and not changed & {"leader", "paired_on", "ended_on", "end_reason"}:
            return
        ask_about_future(record, person.name, paired_on, "结对日期", issues)
        ask_about_future(record, person.name, ended_on, "解除日期", issues)
        is_month = record.precisions.get("paired_on") == "month"
        latest = month_end(paired_on.year, paired_on.month) if is_month else paired_on
        if standing_on(self.reading, person.id, latest) is None and latest <= self.context.as_of:
            ask("before entry", "结对日期", f"{paired_on} 结对时还没有入学，请核对日期")
        if ended_on is not None:
            return
        if pairing.is_left_open:
            ask("leader left", "解除日期",
                f"{pairing.leader}“{pairing.end_reason}”，这一对没有解除日期，还算在结对，请补上解除日期")  # fmt: skip
            return
        if gone := self.leavers.told(person.id):
            ask("student left", "解除日期", f"{gone}，和{pairing.leader}的结对还没有解除")
        others = [
            each.leader
            for each in self._pairings(person.id)
            if each.leader != pairing.leader
            and each.meets(paired_on, ended_on)
            and each.ended_on is None
            and not each.is_left_open
        ]
        if others:
            ask(
                "two leaders",
                "校领导",
                f"已经和{'、'.join(dict.fromkeys(others))}结对，这一行又写了{pairing.leader}",
            )

    def edit(self, record: Record, pairing_id: int) -> PlannedRow:
        """Plan the edit of one pairing in a form or a cell: only what is given changes."""
        stored = load_pairings(self.reading, "p.id = ?", (pairing_id,))[0]
        person = Person(
            *self.reading.rows(
                "SELECT id, name, document_number, registration_number, student_number FROM student WHERE id = ?",
                (stored.student_id,),
            )[0]
        )
        issues = [named(each, person.name) for each in record.issues]
        for name in _REQUIRED:
            if name in record.values and record.values[name] is None and not issues:
                self._say(
                    record, person, issues, Severity.BLOCK, "missing", _TITLES[name], f"缺少{_TITLES[name]}"
                )
        if record.values.get("leader"):
            record.values["leader"] = self.leaders.spelling(record.values["leader"])
        if any(each.severity is Severity.BLOCK for each in issues):
            return PlannedRow(
                record=record, outcome=Outcome.INVALID, record_id=pairing_id, who=person.name, issues=issues
            )
        paired_on = record.values.get("paired_on") or stored.paired_on
        ended_on = record.values.get("ended_on", stored.ended_on)
        leader = record.values.get("leader") or stored.leader
        for other in self._pairings(person.id):
            if (
                other.id != pairing_id
                and other.leader == leader
                and other.meets(paired_on, ended_on)
                and (ended_on is None or ended_on >= paired_on)
            ):
                until = f" 至 {other.ended_on}" if other.ended_on else " 起"
                self._say(record, person, issues, Severity.BLOCK, "same pairing twice", "校领导",
                          f"和{leader}已有一对结对（{other.paired_on}{until}），日子重在一起")  # fmt: skip
        held = next(each for each in self._pairings(person.id) if each.id == pairing_id)
        return self._change(record, person, issues, held)

    @staticmethod
    def _say(
        record: Record,
        person: Person,
        issues: list[Issue],
        severity: Severity,
        code: str,
        column: str,
        message: str,
        *,
        waits: bool = False,
    ) -> None:
        issues.append(
            issue_at(record, severity, code, f"{person.name}：{message}", column=column, waits=waits)
        )


def _moved_days(before: StoredPairing, after: StoredPairing) -> list[date]:
    """Return the first days on which the one holds and the other does not."""
    found = []
    if before.leader != after.leader or before.paired_on != after.paired_on:
        found += [before.paired_on, after.paired_on]
    if before.ended_on != after.ended_on:
        found += [each + timedelta(days=1) for each in (before.ended_on, after.ended_on) if each is not None]
    return found


def store_pairings(uow: "UnitOfWork", rows: Sequence[PlannedRow], context: IntakeContext) -> None:
    """Store planned pairings."""
    new = [each for each in rows if each.outcome is Outcome.NEW]
    ids = uow.insert_many(Pairing, [each.writes for each in new])
    for planned, pairing_id in zip(new, ids, strict=True):
        planned.record_id = pairing_id
    uow.update_many(Pairing, [each.writes for each in rows if each.outcome is Outcome.CHANGED])
