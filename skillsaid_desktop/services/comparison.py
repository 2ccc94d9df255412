"""名册比对 in use: the comparison as the terminal prints it, and verdicts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from skillsaid_desktop.clock import today
from skillsaid_desktop.domain.entities import Verdict
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers.comparison import (
    OUTCOME_WORDS,
    Answer,
    Comparison,
    Entry,
    Movement,
    Outcome,
    Possible,
    judged_facts,
    person_key,
)
from skillsaid_desktop.ledgers.comparisons import compare_rosters
from skillsaid_desktop.ledgers.household_precedence import ConflictKey
from skillsaid_desktop.ledgers.household_register import say_household
from skillsaid_desktop.ledgers.roster_matches import Student, load_students
from skillsaid_desktop.services.taking_over import TakingOver, plan_taking_over, store_taking_over
from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.storage.unit_of_work import Reading

WORDS = {Answer.SAME: "是同一人", Answer.DIFFERENT: "不是同一人", Answer.ASK: "先放着"}


def compare(reading: Reading, kind: str = "poverty", day: date | None = None) -> Comparison:
    """Compare the students of a day (default: today) with the newest rosters of a kind."""
    return compare_rosters(reading, day or today(), kind)


def as_json(found: Comparison) -> dict[str, Any]:
    """Return the document that the terminal prints (PRODUCT): each outcome with its people and reasons."""
    document: dict[str, Any] = {
        outcome.value: [_entry_json(each) for each in found.of(outcome)]
        for outcome in (*OUTCOME_WORDS["poverty"], *OUTCOME_WORDS[found.kind])
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
        is_known = entry.outcome is not Outcome.ONLY_IN_REGISTER
        told["reasons"] = list(reasons_for(entry.person) if is_known else entry.differing)
        told["cautions"] = list(dict.fromkeys((*cautions_of(entry.person), *entry.differing)))
        told["risk_cleared"] = entry.is_cleared
    else:
        told["reasons"] = list(entry.differing) or [f"{student.side.county}的名册里没有这个学生"]
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


def evidence(entry: Entry, possible: Possible | None) -> tuple[list[str], list[str]]:
    """Return what speaks for one person and what calls for care, as the review page lists them."""
    if entry.outcome is Outcome.ONLY_IN_REGISTER:
        return [], list(entry.differing)
    if possible is None:
        if entry.differing:
            return [], list(entry.differing)
        county = entry.student.side.county
        return [], [f"{county}的名册里没有这个学生，学校登记的是{entry.student.category}"]
    cautions = list(cautions_of(possible))
    cautions += [each for each in entry.differing if each not in cautions]
    if entry.is_cleared:
        cautions.append("名册说风险已经消除，学校还按帮扶对象登记")
    return list(reasons_for(possible)), cautions


# Verdicts


@dataclass(frozen=True)
class Consequence:
    """What taking over brings about, `effect` in words; with a verdict it is remembered, too (`sentence`)."""

    effect: str
    planned: TakingOver

    @property
    def sentence(self) -> str:
        """What 是同一人 brings about."""
        return f"{self.effect}；结论记住，下月不再问。"


def consequence(reading: Reading, entry: Entry, possible: Possible) -> Consequence:
    """Say what judging 是同一人 would do; writes nothing."""
    planned = plan_taking_over(reading, [as_judged(entry.student, possible)])
    return Consequence(_effect(entry, planned), planned)


def _effect(entry: Entry, planned: TakingOver) -> str:
    if not planned.categories:
        said = "台账里的类别不变"
    else:
        row = planned.categories[0]
        values = row.record.values
        if values.get("risk_cleared_on") and row.record_id is not None:
            said = f"{values['category']}的风险登记为 {values['risk_cleared_on']} 消除"
        else:
            said = f"给{entry.student.side.name}登记{values['category']}，{values['from_on']} 起"
    for is_new, word in ((True, "建户"), (False, "补充")):
        for home in planned.homes(new=is_new):
            people = f"，家庭成员 {planned.new_members} 人" if planned.new_members else ""
            said += f"；{word}：{say_household(home.facts)}{people}"
    return said


def as_judged(student: Student, possible: Possible) -> Entry:
    """Return the entry of a student who is this person of the roster, as 是同一人 says."""
    return Entry(student=student, outcome=Outcome.PROBABLE, people=(possible,))


def give_verdict(
    ledger_file: LedgerFile,
    student_id: int,
    possible: Possible,
    answer: Answer,
    *,
    remark: str = "",
    taken: frozenset[ConflictKey] = frozenset(),
    correction: str = "",
) -> int:
    """Keep a verdict as one operation and return its id; 是同一人 takes category and household over with it.

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
            planned = plan_taking_over(
                uow, [as_judged(student, possible)], taken=taken, correction=correction
            )
            store_taking_over(uow, planned, correction)
        uow.rename(f"判定 {student.side.name} {WORDS[answer]}")
    return uow.operation_id


def compare_one(reading: Reading, student_id: int) -> Student:
    """Return one student as a comparison sees him; UserError if he is not enrolled."""
    student = load_students(reading, today()).get(student_id)
    if student is None:
        raise UserError("这个学生已经不在籍，不用再判。", "请刷新名册比对。")
    return student
