"""一对一帮扶 as the coordinator works with it: leaders and their load, who has nobody, pairing, ending, handing over.

Everything that is written goes through the ledgers' own plan and store, as one named operation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from skillsaid_desktop.clock import today
from skillsaid_desktop.domain.names import pinyin_keys
from skillsaid_desktop.domain.pairings import has_leader_left, last_day_before
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import CONTACTS, PAIRINGS
from skillsaid_desktop.ledgers.ledger import Ledger, PlannedRow
from skillsaid_desktop.ledgers.listing import ListQuery, fetch_rows, form_context, list_ids, refuse, write
from skillsaid_desktop.ledgers.pairing_standing import (
    PairingStanding,
    Unpaired,
    active_pairings,
    unpaired_students,
)
from skillsaid_desktop.ledgers.questions import keep_questions
from skillsaid_desktop.ledgers.reported import load_reported
from skillsaid_desktop.schema.record import read_values
from skillsaid_desktop.storage import LedgerFile, Reading, UnitOfWork

__all__ = [
    "HandOver", "Leader", "LeaderLoad", "PairingStanding", "PairingsOnDay", "Unpaired", "closed_month_of",
    "end_pairings", "hand_over", "known_leaders", "last_contacts", "overdue_contacts", "pair_students",
    "pairings_found", "pairings_on", "plan_hand_over", "record_contact", "unpaired_students",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Leader:
    """A leader as he stands in the newest of his pairings."""

    name: str
    post: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class LeaderLoad:
    """A leader with his students of a day; `overdue` of them were not spoken to for too long."""

    leader: Leader
    pairings: tuple[PairingStanding, ...]

    @property
    def has_left(self) -> bool:
        """Say whether the leader has left his office, and his students wait for another."""
        return any(each.has_leader_left for each in self.pairings)

    @property
    def overdue(self) -> int:
        """How many contacts are overdue."""
        return sum(each.is_overdue for each in self.pairings)

    @property
    def waiting_for_end(self) -> int:
        """How many pairings should have been ended: the leader or the student has left."""
        return sum(each.must_end for each in self.pairings)

    @property
    def last_on(self) -> date | None:
        """The day of the last contact with any of them."""
        return max((each.last_on for each in self.pairings if each.last_on), default=None)


@dataclass(frozen=True, kw_only=True)
class PairingsOnDay:
    """All of one-to-one help on a day: each leader's load, and whom nobody helps."""

    leaders: tuple[LeaderLoad, ...]
    unpaired: tuple[Unpaired, ...]

    @property
    def pairings(self) -> tuple[PairingStanding, ...]:
        """All pairings, leader by leader."""
        return tuple(each for load in self.leaders for each in load.pairings)

    def load_of(self, name: str) -> LeaderLoad | None:
        """Return the load of a leader, None if nobody of that name has a student."""
        return next((each for each in self.leaders if each.leader.name == name), None)


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """What handing over a leader's students does, before it is done.

    `moved` go on with a successor, whose name stands beside; `ended` are of students who have left the school or have
    another leader already; `stranded` have nobody to go to.
    """

    leader: str
    from_on: date
    moved: tuple[tuple[PairingStanding, str], ...] = ()
    ended: tuple[PairingStanding, ...] = ()
    stranded: tuple[PairingStanding, ...] = ()

    @property
    def number(self) -> int:
        """How many pairings end."""
        return len(self.moved) + len(self.ended)


def pairings_on(reading: Reading, as_of: date) -> PairingsOnDay:
    """Return how one-to-one help stands on a day; those with most to do first."""
    pairings = active_pairings(reading, as_of)
    leaders = {each.name: each for each in known_leaders(reading)}
    loads = [
        LeaderLoad(leader=leaders[name], pairings=tuple(his))
        for name, his in groupby(pairings, key=lambda each: each.leader)
    ]
    loads.sort(key=lambda one: (not one.has_left, -one.overdue, pinyin_keys(one.leader.name).sort))
    return PairingsOnDay(leaders=tuple(loads), unpaired=tuple(unpaired_students(reading, as_of)))


def overdue_contacts(reading: Reading, as_of: date) -> list[PairingStanding]:
    """Return the pairings in which nobody has spoken to the student for more than the set weeks, longest first.

    Only of students who are still enrolled, and of leaders who are still in office.
    """
    found = [each for each in active_pairings(reading, as_of) if each.is_overdue]
    return sorted(found, key=lambda each: -each.days)


def known_leaders(reading: Reading, *, in_office: bool = False) -> list[Leader]:
    """Return every leader that a pairing names, by the sound of the name; `in_office` leaves out who has left."""
    found: dict[str, Leader] = {}
    newest: dict[str, str] = {}
    left: dict[str, str] = {}
    for name, post, phone, paired_on, ended_on, reason in reading.rows(
        "SELECT leader, post, phone, paired_on, ended_on, end_reason FROM pairing ORDER BY paired_on, id"
    ):
        before = found.get(name, Leader(name=name))
        found[name] = Leader(name=name, post=post or before.post, phone=phone or before.phone)
        newest[name] = paired_on
        if has_leader_left(reason):
            left[name] = max(ended_on or paired_on, left.get(name, ""))
    # One of his pairings says that he has left; only who was paired anew after that is back.
    gone = {name for name, on in left.items() if newest[name] <= on}
    leaders = [each for each in found.values() if not (in_office and each.name in gone)]
    return sorted(leaders, key=lambda each: pinyin_keys(each.name).sort)


def pairings_found(reading: Reading, text: str, as_of: date) -> set[int]:
    """Return the ids of the pairings that a search finds: by student, class, leader or tail of the number."""
    return set(list_ids(reading, PAIRINGS, ListQuery(as_of=as_of, search=text)))


def last_contacts(
    reading: Reading, pairing: PairingStanding, as_of: date, most: int = 3
) -> list[dict[str, Any]]:
    """Return the last contacts of a leader with a student as rows of the ledger, newest first."""
    ids = [
        row[0]
        for row in reading.rows(
            "SELECT id FROM contact WHERE student_id = ? AND leader = ? AND contacted_on <= ?"
            " ORDER BY contacted_on DESC, id DESC LIMIT ?",
            (pairing.student_id, pairing.leader, as_of.isoformat(), most),
        )
    ]
    return fetch_rows(reading, CONTACTS, ids, as_of)


def closed_month_of(reading: Reading, day: date) -> str:
    """Return the closed month in which a day lies, as people say it; "" if it is open."""
    reported = load_reported(reading)
    return reported.name(day) if reported.touches(day) else ""


def pair_students(
    ledger_file: LedgerFile, student_ids: Sequence[int], leader: Leader, on: date, correction: str = ""
) -> int:
    """Pair students with a leader from a day on, as one operation; return its id.

    UserError if one has this leader already, or if the day lies in a closed month and no reason is given.
    """
    if not leader.name.strip():
        raise UserError("还没有写和哪位校领导结对。", "选一位，或者写上姓名。")
    with ledger_file.operation(f"结对 {leader.name} {len(student_ids)} 人") as uow:
        active = {(each.leader, each.student_id): each for each in active_pairings(uow, on)}
        for student_id in student_ids:
            twice = active.get((leader.name, student_id))
            if twice is not None:
                raise UserError(
                    f"{twice.who}从 {twice.paired_on} 起已经和{leader.name}结对，这次没有结对。",
                    "去掉这个学生再结对。",
                )
            _pair(uow, student_id, leader, on, correction)
    return uow.operation_id


def end_pairings(
    ledger_file: LedgerFile, pairing_ids: Sequence[int], on: date, reason: str, correction: str = ""
) -> int:
    """End pairings on a day (their last), as one operation; return its id."""
    if not reason.strip():
        raise UserError("请写解除原因。", "例如：学生转出、学年结束。")
    with ledger_file.operation(f"解除结对 {len(pairing_ids)} 对") as uow:
        for one in pairing_ids:
            _end(uow, one, on, reason, correction)
    return uow.operation_id


def plan_hand_over(reading: Reading, leader: str, successors: Sequence[str], from_on: date) -> HandOver:
    """Return what handing over does: students are dealt out so that the successors' loads come out even.

    Students of one class stay together where that costs nothing.
    """
    to = [each for each in dict.fromkeys(one.strip() for one in successors) if each and each != leader]
    active = active_pairings(reading, from_on)
    loads = {one: sum(each.leader == one for each in active) for one in to}
    helped = {each.student_id for each in active if each.leader != leader and not each.has_leader_left}
    moved: list[tuple[PairingStanding, str]] = []
    ended: list[PairingStanding] = []
    stranded: list[PairingStanding] = []
    for each in active:
        if each.leader != leader:
            continue
        if not each.is_enrolled or each.student_id in helped:
            ended.append(each)
        elif not to:
            stranded.append(each)
        else:
            before = moved[-1] if moved else None
            last = before[1] if before and before[0].class_name == each.class_name else ""
            ranked = [(loads[one], one != last, at) for at, one in enumerate(to)]
            successor = to[min(ranked)[2]]
            loads[successor] += 1
            moved.append((each, successor))
    return HandOver(
        leader=leader, from_on=from_on, moved=tuple(moved), ended=tuple(ended), stranded=tuple(stranded)
    )


def hand_over(
    ledger_file: LedgerFile,
    leader: str,
    successors: Sequence[Leader],
    from_on: date,
    reason: str,
    correction: str = "",
) -> HandOver:
    """Hand all students of a leader to others from a day on: the old pairings end with the reason, new ones begin.

    One operation, so that one undo takes all of it back. Returns what was done.
    """
    if not reason.strip():
        raise UserError("请写移交原因。", "例如：工作调动。")
    by_name = {each.name.strip(): each for each in successors}
    with ledger_file.operation(f"移交 {leader} 的结对") as uow:
        done = plan_hand_over(uow, leader, list(by_name), from_on)
        if done.stranded:
            raise UserError(
                f"{leader}的 {len(done.stranded)} 个学生还没有写移交给谁，没有移交。", "选一位或几位校领导。"
            )
        if not done.number:
            raise UserError(f"{leader}在 {from_on} 没有结对学生，没有移交。")
        for each in (*(pairing for pairing, _successor in done.moved), *done.ended):
            _end(uow, each.id, last_day_before(from_on, each.paired_on), reason, correction)
        for each, successor in done.moved:
            _pair(uow, each.student_id, by_name[successor], from_on, correction)
        uow.rename(f"移交 {leader} 的结对 {done.number} 对")
        uow.log_note(reason.strip())
    return done


def record_contact(
    ledger_file: LedgerFile, pairing: PairingStanding, values: Mapping[str, Any], correction: str = ""
) -> PlannedRow:
    """Record one talk, call or visit of a leader with a student; UserError says what keeps it from being stored."""
    with ledger_file.operation(f"记一笔 {pairing.leader} {pairing.student}") as uow:
        return _write(uow, CONTACTS, pairing.student_id, {"leader": pairing.leader, **values}, correction)


def _pair(uow: UnitOfWork, student_id: int, leader: Leader, on: date, correction: str) -> None:
    values = {"leader": leader.name.strip(), "post": leader.post, "phone": leader.phone, "paired_on": on}
    _write(uow, PAIRINGS, student_id, values, correction)


def _end(uow: UnitOfWork, pairing_id: int, on: date, reason: str, correction: str) -> None:
    context = form_context(record_id=pairing_id, correction=correction)
    write(uow, PAIRINGS, {"ended_on": on, "end_reason": reason.strip()}, pairing_id, context)


def _write(
    uow: UnitOfWork, ledger: Ledger, student_id: int, values: Mapping[str, Any], correction: str
) -> PlannedRow:
    """Store a row about a student who is known already."""
    context = form_context(correction=correction)
    record = read_values([ledger.column(name) for name in values], values, uow.policy.words(today()))
    record.values["student_id"] = student_id
    planned = ledger.plan(uow, [record], context)
    refuse(planned[0])
    ledger.store(uow, planned, context)
    keep_questions(uow, ledger, planned)
    return planned[0]
