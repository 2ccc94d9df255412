"""Taking over what rosters say of students: category rows, and the households with all their members, at once.

What the ledger already says of a household stays unless somebody chooses the roster's word, fact by fact.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from skillsaid_desktop.clock import today
from skillsaid_desktop.domain.relations import HEAD
from skillsaid_desktop.ledgers import HARDSHIP, HOUSEHOLDS
from skillsaid_desktop.ledgers.comparison import Entry, Outcome, Possible
from skillsaid_desktop.ledgers.household_columns import TITLES
from skillsaid_desktop.ledgers.household_drafts import Draft
from skillsaid_desktop.ledgers.household_plan import plan_households
from skillsaid_desktop.ledgers.household_precedence import Conflict, ConflictKey, Precedence
from skillsaid_desktop.ledgers.household_register import key_of_number
from skillsaid_desktop.ledgers.household_rows import names_a_cause
from skillsaid_desktop.ledgers.ledger import IntakeContext, PlannedRow
from skillsaid_desktop.ledgers.ledger import Outcome as RowOutcome
from skillsaid_desktop.ledgers.listing import refuse
from skillsaid_desktop.ledgers.questions import keep_questions
from skillsaid_desktop.ledgers.reported import MONTH_REPORTED
from skillsaid_desktop.ledgers.rosters import POVERTY
from skillsaid_desktop.schema.record import Place, Record
from skillsaid_desktop.schema.types import Words
from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

_NEAR = 12
"""Rows before and after a person in which a household without 户编号 is looked for."""
_TEXTS = ("size", "income_fen", "helper")
_MEMBER_DETAILS = ("health", "skill", "education", "school_state")
_PERSON = (
    "number, sheet, row, name, document_number, person_number, relation, household_number, head_name,"
    " head_document_number, county, township, village, village_group, category, original_wording, identified_on,"
    " is_risk_cleared, risk_cleared_on, phone, details"
)


@dataclass(frozen=True, kw_only=True)
class TakingOver:
    """What taking over would write. `conflicts` are facts that the ledger tells otherwise, taken or not."""

    categories: tuple[PlannedRow, ...] = ()
    households: tuple[PlannedRow, ...] = field(default=(), repr=False)
    conflicts: tuple[Conflict, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to write, with a reason where one is needed."""
        return not self.coming and not any(each.is_stored for each in self.households)

    @property
    def coming(self) -> list[PlannedRow]:
        """Return the categories that would be written, those that wait for a reason among them."""
        return [each for each in self.categories if each.is_stored or _is_late(each)]

    @property
    def late(self) -> tuple[str, ...]:
        """Return whose category touches a month that was closed, so that a reason is needed."""
        return tuple(each.who for each in self.categories if _is_late(each))

    @property
    def unusable(self) -> tuple[str, ...]:
        """Return why households can not be made or completed, a sentence each."""
        stopped = (RowOutcome.WAITING, RowOutcome.INVALID)
        told = [
            each.issues[-1].message for each in self.households if each.outcome in stopped and each.issues
        ]
        return tuple(dict.fromkeys(told))

    def homes(self, *, new: bool) -> list[Draft]:
        """Return the households that would be made, or those that would be completed."""
        found = {id(each.writes.draft): each.writes.draft for each in self.households if each.is_stored}
        return [each for each in found.values() if (each.known is None) is new]

    @property
    def new_members(self) -> int:
        """Return how many people would be added to households."""
        stored = [each.writes for each in self.households if each.is_stored]
        drafts = self.homes(new=True) + self.homes(new=False)
        writes = [each.member for each in stored if each.member] + [
            one for each in drafts for one in each.added
        ]
        return sum(each.member_id is None for each in writes)

    @property
    def sentence(self) -> str:
        """Say what would be written: 登记 2 人的身份类别，新建 1 户，补充 1 户，共 5 人进户."""
        made, completed = len(self.homes(new=True)), len(self.homes(new=False))
        new = sum(each.record_id is None or each.outcome is RowOutcome.NEW for each in self.coming)
        cleared = len(self.coming) - new
        parts = [
            f"登记 {new} 人的身份类别" if new else "",
            f"登记 {cleared} 人的风险消除" if cleared else "",
            f"新建 {made} 户" if made else "",
            f"补充 {completed} 户" if completed else "",
            f"家庭成员 {self.new_members} 人" if self.new_members else "",
        ]
        return "，".join(filter(None, parts))


def _is_late(planned: PlannedRow) -> bool:
    return any(issue.waits and issue.code == MONTH_REPORTED for issue in planned.issues)


def plan_taking_over(
    reading: Reading,
    entries: Iterable[Entry],
    *,
    taken: frozenset[ConflictKey] = frozenset(),
    correction: str = "",
) -> TakingOver:
    """Say what the rosters give these students; `taken` are the facts in which the roster is to be believed."""
    pairs = [
        (each, each.person)
        for each in entries
        if each.person is not None and each.person.roster.kind == POVERTY.kind
    ]
    categories = [
        planned
        for entry, person in pairs
        if _is_registered_anew(entry)
        and (planned := _plan_category(reading, entry.student.id, person, correction)) is not None
    ]
    at_home = frozenset(filter(None, (key_of_number(entry.student.side.number) for entry, _ in pairs)))
    precedence = Precedence(rows_win=False, taken=taken, at_home=at_home)
    rows = plan_households(
        reading, list(_household_records(reading, pairs)), _context(), precedence=precedence
    )
    return TakingOver(
        categories=tuple(categories), households=tuple(rows), conflicts=tuple(precedence.conflicts)
    )


def take_over(
    ledger_file: LedgerFile,
    entries: Sequence[Entry],
    *,
    taken: frozenset[ConflictKey] = frozenset(),
    correction: str = "",
) -> int | None:
    """Write what the rosters say of these students as one operation; return its id, None if nothing changed.

    Raises UserError if a category would touch a closed month and no reason is given; nothing is written then.
    """
    with ledger_file.operation("按名册登记") as uow:
        planned = plan_taking_over(uow, entries, taken=taken, correction=correction)
        store_taking_over(uow, planned, correction)
        if not planned.is_empty:
            uow.rename(f"按名册{planned.sentence}")
    return uow.operation_id if uow.is_recorded else None


def store_taking_over(uow: UnitOfWork, planned: TakingOver, correction: str) -> None:
    """Write category rows and households in the operation that is open."""
    for each in planned.categories:
        refuse(each)
    HARDSHIP.store(uow, planned.categories, _context(correction))
    HOUSEHOLDS.store(uow, planned.households, _context())
    keep_questions(uow, HOUSEHOLDS, planned.households)


def _context(correction: str = "") -> IntakeContext:
    return IntakeContext(as_of=today(), correction=correction)


# Categories


def _is_registered_anew(entry: Entry) -> bool:
    """Say whether a category is taken over: where both sides have one, they are compared and not added up."""
    return entry.outcome in (Outcome.ONLY_IN_POVERTY, Outcome.PROBABLE) or entry.is_cleared


def _plan_category(
    reading: Reading, student_id: int, possible: Possible, correction: str
) -> PlannedRow | None:
    """Plan the category row of a roster's person for a student, None where the roster gives no category."""
    facts, roster = possible.facts, possible.roster
    if facts.category is None:
        return None
    kept = reading.rows(
        "SELECT from_on, risk_cleared_on FROM hardship_status WHERE student_id = ? AND category = ?"
        " AND (to_on IS NULL OR to_on >= ?) ORDER BY from_on DESC",
        (student_id, facts.category, today().isoformat()),
    )
    if kept:
        # Registered already: only that the risk is cleared since is news.
        if facts.risk_cleared_on is None or kept[0][1] is not None:
            return None
        values: dict[str, Any] = {
            "from_on": date.fromisoformat(kept[0][0]), "risk_cleared_on": facts.risk_cleared_on
        }  # fmt: skip
    else:
        entered = reading.scalar(
            "SELECT min(changed_on) FROM status_change WHERE student_id = ? AND kind IN ('入学', '转入')",
            (student_id,),
        )
        begins = facts.identified_on or (date.fromisoformat(entered) if entered else roster.as_of)
        ended = reading.scalar(
            "SELECT max(to_on) FROM hardship_status WHERE student_id = ? AND category = ?",
            (student_id, facts.category),
        )
        if ended:  # it ended once, and the roster has the person still: it begins anew, and what was stays
            begins = max(begins, date.fromisoformat(ended) + timedelta(days=1))
        values = {
            "from_on": begins,
            "risk_cleared_on": facts.risk_cleared_on,
            "evidence": f"{roster.office}名册（{roster.as_of}）",
            "verified_by_means": "名册比对",
            "verified_on": today(),
            "original_wording": facts.original_wording,
        }
    record = Record(values={"student_id": student_id, "category": facts.category, **values})
    [planned] = HARDSHIP.plan(reading, [record], _context(correction))
    if planned.is_stored and planned.record_id is None:
        planned.writes["source"] = f"{roster.file} {facts.sheet} 第 {facts.row} 行"
        planned.writes["start_unknown"] = facts.identified_on is None
    return planned


# Households


def _household_records(reading: Reading, pairs: Sequence[tuple[Entry, Possible]]) -> Iterator[Record]:
    """Yield a row for each person of the households in which the rosters have these students."""
    students = {(person.roster.id, person.candidate.number): entry.student.side for entry, person in pairs}
    words = reading.policy.words(today())
    seen: set[tuple[int, int]] = set()
    for _entry, person in pairs:
        roster = person.roster
        for number, *row in _household_rows(reading, person):
            if (roster.id, number) in seen:
                continue
            seen.add((roster.id, number))
            told = dict(zip(_NAMES, row, strict=True))
            own = students.get((roster.id, number))
            yield _record(told, roster.file, roster.counties, own.name if own else None,
                          own.number if own else None, words)  # fmt: skip


def _household_rows(reading: Reading, person: Possible) -> Iterable[Sequence[Any]]:
    side, roster_id, number = person.candidate.side, person.roster.id, person.candidate.number
    if side.household_number:
        return reading.rows(
            f"SELECT {_PERSON} FROM roster_person WHERE household_number = ? AND +roster_id = ? ORDER BY number",
            (side.household_number, roster_id),
        )
    if side.head_name:
        return reading.rows(
            f"SELECT {_PERSON} FROM roster_person WHERE roster_id = ? AND number BETWEEN ? AND ?"
            " AND household_number IS NULL AND head_name = ? AND village IS ? ORDER BY number",
            (roster_id, number - _NEAR, number + _NEAR, side.head_name, side.village),
        )
    return ()


_NAMES = tuple(name.strip() for name in _PERSON.split(","))[1:]


def _record(
    told: dict[str, Any],
    file: str,
    counties: Sequence[str],
    own_name: str | None,
    own_number: str | None,
    words: Words,
) -> Record:
    """Return a person's row as the ledger of households reads it; a student goes by the school's name and number."""
    details: dict[str, Any] = json.loads(told["details"]) if told["details"] else {}
    values: dict[str, Any] = {
        "number": told["household_number"], "head_name": told["head_name"],
        "head_document_number": told["head_document_number"],
        "county": told["county"] or (counties[0] if len(counties) == 1 else None),
        **{name: told[name] for name in ("township", "village", "village_group", "category", "original_wording")},
        "identified_on": _day(told["identified_on"]), "risk_cleared_on": _day(told["risk_cleared_on"]),
        "is_risk_cleared": None if told["is_risk_cleared"] is None else bool(told["is_risk_cleared"]),
        "member_name": own_name or told["name"], "member_number": own_number or told["document_number"],
        "person_number": told["person_number"], "relation": words.resolve("relation", told["relation"] or ""),
        **{name: details.get(name) for name in (*_TEXTS, *_MEMBER_DETAILS)},
    }  # fmt: skip
    if told["relation"] == HEAD or told["name"] == told["head_name"]:
        values["phone"] = told["phone"]
    if lifted := details.get("lifted_on"):
        values["lifted_year"] = int(str(lifted)[:4])
    if cause := details.get("main_cause"):
        if names_a_cause(str(cause), words):
            values["main_cause"] = cause
        else:  # 公益性岗位 每月800元: no cause, and not to be lost
            values["remark"] = f"名册“{TITLES['main_cause']}”一栏：{cause}"
    raw = {"member_name": told["name"], "member_number": told["document_number"] or ""}
    return Record(
        values={name: value for name, value in values.items() if value is not None},
        place=Place(file, told["sheet"], told["row"]),
        raw=raw if own_name else {},
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
