"""What rows of a contact list would write: one contact a row, with the help promised as a measure of its own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.entities import Contact, HelpMeasure
from skillsaid_desktop.domain.pairings import holds_on
from skillsaid_desktop.domain.status import ENROLLED
from skillsaid_desktop.ledgers.ledger import (
    Difference,
    IntakeContext,
    Outcome,
    PlannedRow,
    issue_at,
    outcome_of,
)
from skillsaid_desktop.ledgers.pairing_plan import KnownLeaders, StoredPairing, load_pairings
from skillsaid_desktop.ledgers.people import Person, find_person, standing_on
from skillsaid_desktop.ledgers.reported import Reported, ask_about_future, ask_why_so_late, load_reported
from skillsaid_desktop.ledgers.wording import named, shown
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.record import Record, missing_issues
from skillsaid_desktop.schema.types import Amount, Choice, Date

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

CONTACT = {
    "leader": "校领导", "contacted_on": "日期", "form": "方式", "place": "地点", "situation": "学习/生活/思想情况",
    "difficulties": "困难问题", "amount_fen": "物资或资金(元)", "effect": "成效", "next_plan": "下次计划",
}  # fmt: skip
MEASURE = {"measure": "帮扶措施", "responsible": "责任人", "due_on": "完成时限", "result": "落实结果"}
_ALL = {**CONTACT, **MEASURE}
_REQUIRED = ("leader", "contacted_on", "form")
_PARTS = re.compile(r"[\s、，,；;和]+")
_LIKE_A_DAY = re.compile(r"\d{1,4}\D+\d{1,2}|\d{8}")
SEVERAL_CONTACTS = "two contacts in one cell"


@dataclass(slots=True)
class ContactWrites:
    """What storing one row writes: columns of the contacts (one, unless a cell held several), and of the measure."""

    contacts: list[dict[str, Any]] = field(default_factory=list)
    measure: dict[str, Any] = field(default_factory=dict)
    measure_id: int | None = None


@dataclass(slots=True)
class StoredContact:
    """A contact of the ledger, or of a row before in the same file (id None); values as stored."""

    id: int | None
    values: dict[str, Any]
    measure_id: int | None = None
    is_taken: bool = False


def plan_contacts(reading: "Reading", records: Sequence[Record], context: IntakeContext) -> list[PlannedRow]:
    """Return how each row ends: the same leader, student, day and form are one contact."""
    plan = _Plan(reading, context)
    if context.record_id is not None:
        return [plan.edit(records[0], context.record_id)]
    return [plan.row(record) for record in records]


def _load(reading: "Reading", where: str, parameters: Sequence[Any]) -> list[StoredContact]:
    columns = ", ".join(f"c.{name}" for name in CONTACT)
    rows = reading.rows(
        f"SELECT c.id, m.id, {columns}, m.measure, m.responsible, m.due_on, m.result FROM contact c"
        " LEFT JOIN help_measure m ON m.id = (SELECT min(h.id) FROM help_measure h WHERE h.contact_id = c.id)"
        f" WHERE {where} ORDER BY c.contacted_on, c.id",
        parameters,
    )
    return [StoredContact(row[0], dict(zip(_ALL, row[2:], strict=True)), row[1]) for row in rows]


class _Plan:
    def __init__(self, reading: "Reading", context: IntakeContext) -> None:
        self.reading = reading
        self.context = context
        self.reported: Reported = load_reported(reading)
        self.leaders = KnownLeaders(reading)
        self._of: dict[int, list[StoredContact]] = {}
        self._paired: dict[int, list[StoredPairing]] = {}

    def _contacts(self, student_id: int) -> list[StoredContact]:
        if student_id not in self._of:
            self._of[student_id] = _load(self.reading, "c.student_id = ?", (student_id,))
        return self._of[student_id]

    def _pairings(self, student_id: int) -> list[StoredPairing]:
        if student_id not in self._paired:
            self._paired[student_id] = load_pairings(self.reading, "p.student_id = ?", (student_id,))
        return self._paired[student_id]

    def row(self, record: Record) -> PlannedRow:
        from skillsaid_desktop.ledgers.contacts import FIELDS

        values = record.values
        who = values.get("student_name") or ""
        several = self._several(record) if values.get("contacted_on") is None else ()
        if len(several) > 1:
            record.issues = [each for each in record.issues if each.column not in ("日期", "方式")]
        issues = [named(each, who) for each in record.issues]
        done = {"student_name"} if "student_id" in values else set()
        done |= {"contacted_on", "form"} if len(several) > 1 else set()
        fields = [each for each in FIELDS if each.name not in done]
        issues += [named(each, who) for each in missing_issues(fields, record)]
        if any(each.severity is Severity.BLOCK for each in issues):
            return PlannedRow(record=record, outcome=Outcome.INVALID, who=who, issues=issues)
        leader: str | None = values.get("leader")
        day: date | None = values.get("contacted_on")
        days = [one for one, _form in several if one is not None]
        person = find_person(
            self.reading, record, issues, day=day or (days[0] if days else self.context.as_of),
            class_name=values.get("class_name"), likely=self.leaders.students(leader) if leader else (),
        )  # fmt: skip
        if leader is not None:
            values["leader"] = leader = self.leaders.spelling(leader)
        if person is not None and leader is not None and len(several) > 1:
            return self._split(record, person, issues, several)
        if person is None or day is None or leader is None or values.get("form") is None:
            who = person.name if person else who
            return PlannedRow(
                record=record, outcome=outcome_of(issues, Outcome.WAITING), who=who, issues=issues
            )
        return self._meet(record, person, issues)

    # Several contacts in one row

    def _several(self, record: Record) -> list[tuple[date | None, str | None]]:
        """Return day and form of each contact that the cell of the date names; fewer than two if it names one."""
        parts = [part.strip() for part in _PARTS.split(record.raw.get("contacted_on", "")) if part.strip()]
        if len(parts) < 2 or not all(_LIKE_A_DAY.search(part) for part in parts):
            return []
        words = self.reading.policy.words(self.context.as_of)
        forms = [part.strip() for part in _PARTS.split(record.raw.get("form", "")) if part.strip()]
        if len(forms) == 1:
            forms *= len(parts)
        read = [Choice("form").parse(one, words).value for one in forms]
        if len(read) != len(parts):
            read = [None] * len(parts)
        return [
            (Date(whole_day=True).parse(part).value, form) for part, form in zip(parts, read, strict=True)
        ]

    def _split(
        self,
        record: Record,
        person: Person,
        issues: list[Issue],
        several: Sequence[tuple[date | None, str | None]],
    ) -> PlannedRow:
        """Ask about a row that holds several contacts; yes stores each of them."""
        values = record.values
        is_clear = all(day is not None and form is not None for day, form in several)
        rows = [{**values, "contacted_on": day, "form": form} for day, form in several]
        known = {self._key(each.values) for each in self._contacts(person.id)}
        if is_clear and all(self._key(self._stored_form(each)) in known for each in rows):
            return PlannedRow(
                record=record, outcome=Outcome.UNCHANGED, who=person.name,
                issues=[each for each in issues if each.severity is not Severity.ASK],
            )  # fmt: skip
        if not (is_clear and self.context.is_accepted(record)):
            told = "、".join(_PARTS.split(record.raw.get("contacted_on", "").strip()))
            how = f"按 {len(several)} 次分别登记" if is_clear else "拆成几行，每行一个日期和方式"
            issues.append(
                issue_at(
                    record, Severity.ASK, SEVERAL_CONTACTS,
                    f"{person.name}：一格里写了 {len(several)} 次联系（{told}），请核对后{how}",
                    column="日期", waits=True,
                )
            )  # fmt: skip
            return PlannedRow(
                record=record, outcome=outcome_of(issues, Outcome.WAITING), who=person.name, issues=issues
            )
        for each in rows:
            self._ask(record, person, issues, each["leader"], each["contacted_on"])
        writes = ContactWrites([self._new(person, each, record) for each in rows], self._new_measure(values))
        return PlannedRow(
            record=record,
            outcome=outcome_of(issues, Outcome.NEW),
            who=person.name,
            issues=issues,
            writes=writes,
        )

    # One contact

    def _meet(self, record: Record, person: Person, issues: list[Issue]) -> PlannedRow:
        values = record.values
        free = [each for each in self._contacts(person.id) if not each.is_taken]
        key = self._key(self._stored_form(values))
        near = [each for each in free if self._key(each.values) == key]
        met = min(near, key=lambda each: len(self._differences(values, each)), default=None)
        if met is not None and met.id is not None:
            met.is_taken = True
            return self._change(record, person, issues, met)
        said = self._stored_form(values)
        if any(each.id is None and each.values == said for each in self._contacts(person.id)):
            same = f"{person.name}：这一行和前面一行相同，只存一次"
            issues.append(issue_at(record, Severity.HINT, "same row twice", same))
            return PlannedRow(record=record, outcome=Outcome.UNCHANGED, who=person.name, issues=issues)
        self._ask(record, person, issues, values["leader"], values["contacted_on"])
        days = (values["contacted_on"],)
        ask_why_so_late(record, person.name, days, "日期", issues, self.reported, self.context)
        outcome = outcome_of(issues, Outcome.NEW)
        if outcome is Outcome.NEW:
            self._contacts(person.id).append(StoredContact(None, said, is_taken=True))
        writes = ContactWrites([self._new(person, values, record)], self._new_measure(values))
        return PlannedRow(record=record, outcome=outcome, who=person.name, issues=issues, writes=writes)

    def _new(self, person: Person, values: Mapping[str, Any], record: Record) -> dict[str, Any]:
        return {name: values.get(name) for name in CONTACT} | {
            "student_id": person.id,
            "correction_reason": self.context.correction or None,
            "source": self.context.origin(record) or None,
        }

    @staticmethod
    def _new_measure(values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: values.get(name) for name in MEASURE} if values.get("measure") else {}

    @staticmethod
    def _stored_form(values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the facts of a row as the ledger would keep them."""
        return {
            name: value.isoformat() if isinstance(value := values.get(name), date) else value for name in _ALL
        }

    @staticmethod
    def _key(stored: Mapping[str, Any]) -> tuple[Any, ...]:
        return stored["leader"], stored["contacted_on"], stored["form"]

    def _differences(self, values: Mapping[str, Any], stored: StoredContact) -> list[Difference]:
        found = []
        for name, title in _ALL.items():
            if name not in values or (values[name] is None and not self.context.is_form):
                continue
            before, value = stored.values[name], values[name]
            after = value.isoformat() if isinstance(value, date) else value
            if after != before and not (after in (None, "") and before in (None, "")):
                is_money = name == "amount_fen"
                say = Amount().format if is_money else shown
                found.append(Difference(name, title, say(before), say(value), "改这一次联系"))
        return found

    def _change(
        self, record: Record, person: Person, issues: list[Issue], stored: StoredContact
    ) -> PlannedRow:
        found = self._differences(record.values, stored)
        changed = {each.field: record.values[each.field] for each in found}
        if changed.keys() & {"leader", "contacted_on"}:
            day = changed.get("contacted_on") or date.fromisoformat(stored.values["contacted_on"])
            self._ask(record, person, issues, changed.get("leader") or stored.values["leader"], day)
        if "contacted_on" in changed:
            days = (changed["contacted_on"], date.fromisoformat(stored.values["contacted_on"]))
            ask_why_so_late(record, person.name, days, "日期", issues, self.reported, self.context)
        contact = {name: value for name, value in changed.items() if name in CONTACT}
        if found and self.context.correction:
            contact["correction_reason"] = self.context.correction
        measure = {name: value for name, value in changed.items() if name in MEASURE}
        if measure and stored.measure_id is None and not measure.get("measure"):
            issues.append(
                issue_at(record, Severity.BLOCK, "missing", f"{person.name}：先写帮扶措施，再写谁去办、几时办完、结果",
                         column="帮扶措施")
            )  # fmt: skip
        writes = ContactWrites([contact] if contact else [], measure, stored.measure_id)
        return PlannedRow(
            record=record, outcome=outcome_of(issues, Outcome.CHANGED if found else Outcome.UNCHANGED),
            record_id=stored.id, differences=tuple(found), who=person.name, issues=issues, writes=writes,
        )  # fmt: skip

    def _ask(self, record: Record, person: Person, issues: list[Issue], leader: str, day: date) -> None:
        """Add what is odd about a contact: no pairing then, a student who was not here, a day to come."""

        def ask(code: str, column: str, message: str) -> None:
            issues.append(issue_at(record, Severity.ASK, code, f"{person.name}：{message}", column=column))

        ask_about_future(record, person.name, day, "日期", issues)
        standing = standing_on(self.reading, person.id, day)
        if standing is None or standing.state not in ENROLLED:
            state = f"已{standing.state}" if standing else "还没有入学"
            ask("left the school", "日期", f"{day} 时{state}，这一次联系还是存了，请核对")
        own = [each for each in self._pairings(person.id) if each.leader == leader]
        if any(holds_on(day, each.paired_on, each.ended_on) for each in own):
            return
        if not own:
            others = "、".join(dict.fromkeys(each.leader for each in self._pairings(person.id)))
            ask(
                "no pairing",
                "校领导",
                f"没有和{leader}结对{f'（结对的是{others}）' if others else ''}，请核对校领导",
            )
        elif all(day < each.paired_on for each in own):
            first = min(each.paired_on for each in own)
            ask("contact before pairing", "日期", f"{day} 早于和{leader}的结对日期 {first}，请核对日期")
        else:
            last = max(each.ended_on for each in own if each.ended_on is not None and each.ended_on < day)
            ask("contact after pairing", "日期", f"{day} 时和{leader}的结对已在 {last} 解除，请核对")

    def edit(self, record: Record, contact_id: int) -> PlannedRow:
        """Plan the edit of one contact in a form or a cell: only what is given changes."""
        stored = _load(self.reading, "c.id = ?", (contact_id,))[0]
        person = Person(
            *self.reading.rows(
                "SELECT s.id, s.name, s.document_number, s.registration_number, s.student_number FROM student s"
                " JOIN contact c ON c.student_id = s.id WHERE c.id = ?",
                (contact_id,),
            )[0]
        )
        issues = [named(each, person.name) for each in record.issues]
        for name in _REQUIRED:
            if name in record.values and record.values[name] is None and not issues:
                missing = f"{person.name}：缺少{_ALL[name]}"
                issues.append(issue_at(record, Severity.BLOCK, "missing", missing, column=_ALL[name]))
        if record.values.get("leader"):
            record.values["leader"] = self.leaders.spelling(record.values["leader"])
        if any(each.severity is Severity.BLOCK for each in issues):
            return PlannedRow(
                record=record, outcome=Outcome.INVALID, record_id=contact_id, who=person.name, issues=issues
            )
        return self._change(record, person, issues, stored)


def store_contacts(uow: "UnitOfWork", rows: Sequence[PlannedRow], context: IntakeContext) -> None:
    """Store planned contacts, and what was promised as measures of theirs."""
    new = [each for each in rows if each.outcome is Outcome.NEW]
    made = [(planned, values) for planned in new for values in planned.writes.contacts]
    for (planned, _values), contact_id in zip(
        made, uow.insert_many(Contact, [values for _planned, values in made]), strict=True
    ):
        # Of several in one row the last stands for it: what was promised was promised then.
        planned.record_id = contact_id
    changed = [each for each in rows if each.outcome is Outcome.CHANGED]
    uow.update_many(
        Contact, [{**values, "id": each.record_id} for each in changed for values in each.writes.contacts]
    )
    added: list[dict[str, Any]] = []
    updated: list[dict[str, Any]] = []
    removed: list[int] = []
    for planned in (*new, *changed):
        measure = dict(planned.writes.measure)
        if not measure:
            continue
        if measure.get("result"):
            measure.setdefault("completed_on", planned.record.values.get("contacted_on") or context.as_of)
        elif "result" in measure:
            measure["completed_on"] = None
        if planned.writes.measure_id is None:
            added.append({**measure, "contact_id": planned.record_id})
        elif "measure" in measure and not measure["measure"]:
            removed.append(planned.writes.measure_id)
        else:
            updated.append({**measure, "id": planned.writes.measure_id})
    uow.insert_many(HelpMeasure, added)
    uow.update_many(HelpMeasure, updated)
    uow.delete_many(HelpMeasure, removed)
