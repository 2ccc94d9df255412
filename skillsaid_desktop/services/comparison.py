"""名册比对 in use: the comparison as the terminal prints it, verdicts, and taking over what a roster says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from skillsaid_desktop.clock import today
from skillsaid_desktop.domain.entities import Verdict
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import HARDSHIP
from skillsaid_desktop.ledgers.comparison import (
    Answer,
    Comparison,
    Entry,
    Movement,
    Outcome,
    Possible,
    compare_students,
    judged_facts,
    person_key,
)
from skillsaid_desktop.ledgers.ledger import IntakeContext, PlannedRow
from skillsaid_desktop.ledgers.listing import refuse
from skillsaid_desktop.schema.record import Record
from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

WORDS = {Answer.SAME: "是同一人", Answer.DIFFERENT: "不是同一人", Answer.ASK: "先放着"}


def compare(reading: Reading, kind: str = "poverty", day: date | None = None) -> Comparison:
    """Compare the students enrolled on a day (default: today) with the newest rosters."""
    return compare_students(reading, day or today(), kind)


def as_json(found: Comparison) -> dict[str, Any]:
    """Return the document that the terminal prints (PRODUCT): each outcome with its people and reasons."""
    document: dict[str, Any] = {
        outcome.value: [_entry_json(each) for each in found.of(outcome)] for outcome in Outcome
    }
    # Somebody whom the school has not registered is the same person all the same.
    unregistered = [each for each in found.of(Outcome.ONLY_IN_POVERTY) if not each.differing]
    document[Outcome.SAME.value] += [_entry_json(each) for each in unregistered]
    for name in ("newly_listed", "removed", "category_changed"):
        document[name] = [_movement_json(each) for each in getattr(found, name)]
    document["rosters"] = [
        {
            "office": each.office, "file": each.file, "as_of": each.as_of, "people": each.people,
            "counties": list(each.counties),
        }
        for each in found.rosters
    ]  # fmt: skip
    return document


def _entry_json(entry: Entry) -> dict[str, Any]:
    student = entry.student
    told: dict[str, Any] = {
        "id": student.side.number, "name": student.side.name, "class": student.class_name,
        "category": student.category, "county": student.side.county,
    }  # fmt: skip
    if entry.person is not None:
        told["people"] = [_person_json(each) for each in entry.people]
        told["reasons"] = list(reasons_for(entry.person))
        told["cautions"] = list(dict.fromkeys((*cautions_of(entry.person), *entry.differing)))
        told["risk_cleared"] = entry.is_cleared
    else:
        told["reasons"] = [f"{student.side.county}的名册里没有这个学生"]
    return told


def _person_json(possible: Possible) -> dict[str, Any]:
    side, facts = possible.candidate.side, possible.facts
    return {
        "office": possible.roster.office, "file": possible.roster.file, "sheet": facts.sheet, "row": facts.row,
        "id": side.number, "name": side.name, "category": facts.category, "wording": facts.wording,
        "household": side.household_number, "head": side.head_name,
        "verdict": possible.verdict.answer.value if possible.verdict and not possible.is_withdrawn else None,
    }  # fmt: skip


def _movement_json(movement: Movement) -> dict[str, Any]:
    student = movement.student
    return {
        "id": student.side.number, "name": student.side.name, "class": student.class_name,
        "office": movement.office, "before": movement.before, "after": movement.after,
    }  # fmt: skip


def reasons_for(possible: Possible) -> tuple[str, ...]:
    """Return what speaks for one person, as sentences."""
    return possible.judgement.reasons if possible.judgement else ("证件号完全相同", "姓名相同")


def cautions_of(possible: Possible) -> tuple[str, ...]:
    """Return what calls for care, as sentences; first that an earlier verdict does not hold any more."""
    cautions = possible.judgement.cautions if possible.judgement else ()
    if possible.verdict and possible.is_withdrawn:
        word, on = WORDS[possible.verdict.answer], possible.verdict.judged_on
        return (f"{on} 判过“{word}”，之后两边的内容变了，要再看一次", *cautions)
    return cautions


# Verdicts


@dataclass(frozen=True)
class Consequence:
    """What a verdict would bring about; `planned` is the category row that 是同一人 registers, if any."""

    sentence: str
    planned: PlannedRow | None = None


def consequence(reading: Reading, entry: Entry, possible: Possible) -> Consequence:
    """Say what judging 是同一人 would do; writes nothing."""
    planned = _plan_category(reading, entry.student.id, possible, "")
    if planned is None:
        return Consequence("结论记住，下月不再问；台账里的类别不变。")
    values = planned.record.values
    if values.get("risk_cleared_on") and planned.record_id is not None:
        return Consequence(
            f"{values['category']}的风险登记为 {values['risk_cleared_on']} 消除；结论记住，下月不再问。",
            planned,
        )
    return Consequence(
        f"给{entry.student.side.name}登记{values['category']}，{values['from_on']} 起；结论记住，下月不再问。",
        planned,
    )


def give_verdict(
    ledger_file: LedgerFile,
    student_id: int,
    possible: Possible,
    answer: Answer,
    *,
    remark: str = "",
    correction: str = "",
) -> int:
    """Keep a verdict as one operation and return its id; 是同一人 registers the roster's category with it.

    Raises UserError where the category touches a closed month and no reason for the correction is given.
    """
    roster = possible.roster
    with ledger_file.operation("判定", source=roster.file) as uow:
        student = compare_one(uow, student_id)
        row = {
            "student_id": student_id,
            "roster_kind": roster.kind,
            "person_key": person_key(possible.candidate, possible.facts),
            "answer": answer.value,
            "facts": judged_facts(student, possible.candidate),
            "judged_on": today(),
            "judged_by": ledger_file.user,
            "remark": remark or None,
        }
        before = uow.scalar(
            "SELECT id FROM verdict WHERE student_id = ? AND roster_kind = ? AND person_key = ?",
            (student_id, roster.kind, row["person_key"]),
        )
        if before is None:
            uow.insert_many(Verdict, [row])
        else:
            uow.update_many(Verdict, [{"id": before, **row}])
        if answer is Answer.SAME:
            _register(uow, [_plan_category(uow, student_id, possible, correction)], correction)
        uow.rename(f"判定 {student.side.name} {WORDS[answer]}")
    return uow.operation_id


def compare_one(reading: Reading, student_id: int) -> Any:
    """Return one student as a comparison sees him; UserError if he is not enrolled."""
    from skillsaid_desktop.ledgers.roster_matches import load_students

    student = load_students(reading, today()).get(student_id)
    if student is None:
        raise UserError("这个学生已经不在籍，不用再判。", "请刷新名册比对。")
    return student


# Taking over


def plan_taking_over(reading: Reading, entries: Iterable[Entry], correction: str = "") -> list[PlannedRow]:
    """Return the category rows that the rosters give these students; unchanged ones are left out."""
    found = []
    for entry in entries:
        if entry.person is not None:
            planned = _plan_category(reading, entry.student.id, entry.person, correction)
            if planned is not None:
                found.append(planned)
    return found


def take_over(ledger_file: LedgerFile, entries: Sequence[Entry], *, correction: str = "") -> int | None:
    """Register what the rosters say of these students as one operation; return its id, None if nothing changed.

    Raises UserError if a row would touch a closed month and no reason is given; nothing is registered then.
    """
    with ledger_file.operation("按名册登记身份类别") as uow:
        planned = plan_taking_over(uow, entries, correction)
        _register(uow, planned, correction)
        stored = [each for each in planned if each.is_stored]
        uow.rename(f"按名册登记身份类别 {len(stored)} 人")
    return uow.operation_id if uow.is_recorded else None


def _register(uow: UnitOfWork, planned: Iterable[PlannedRow | None], correction: str) -> None:
    rows = [each for each in planned if each is not None]
    for each in rows:
        refuse(each)
    HARDSHIP.store(uow, rows, _context(correction))


def _context(correction: str) -> IntakeContext:
    return IntakeContext(as_of=today(), correction=correction)


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
        values = {
            "from_on": facts.identified_on or (date.fromisoformat(entered) if entered else roster.as_of),
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
