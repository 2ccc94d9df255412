"""The writer of households and their members; members who are students of the school are linked to them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.entities import Household, HouseholdMember
from skillsaid_desktop.domain.names import fold_name, pinyin_keys
from skillsaid_desktop.ledgers.household_drafts import Draft, MemberWrite
from skillsaid_desktop.ledgers.ledger import IntakeContext, PlannedRow

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import UnitOfWork

BY_HAND = "手工登记"

_LINK = """
UPDATE household_member SET student_id = (SELECT s.id FROM student s WHERE s.document_number IN
  (household_member.document_number, substr(household_member.document_number, 1, 18)) LIMIT 1)
WHERE student_id IS NULL AND document_number IN (SELECT m.document_number FROM household_member m JOIN student s
  ON s.document_number IN (m.document_number, substr(m.document_number, 1, 18)) WHERE m.student_id IS NULL)
"""


def store_households(uow: "UnitOfWork", rows: Sequence[PlannedRow], context: IntakeContext) -> None:
    """Store planned rows: each household once, then the members; `record_id` becomes the household's."""
    stored = [each for each in rows if each.is_stored]
    drafts: list[Draft] = []
    for planned in stored:
        draft: Draft = planned.writes.draft
        if not draft.is_written:
            draft.is_written = True
            draft.source = context.origin(planned.record) or BY_HAND
            drafts.append(draft)
    new = [each for each in drafts if each.known is None]
    made = uow.insert_many(Household, [{**with_head_keys(each.facts), "source": each.source} for each in new])
    for draft, household_id in zip(new, made, strict=True):
        draft.household_id = household_id
    changed = []
    for draft in drafts:
        if draft.known is not None:
            draft.household_id = draft.known.id
            if draft.changed:
                changed.append({**with_head_keys(draft.changed), "id": draft.known.id})
    uow.update_many(Household, changed)
    members: list[tuple[Draft, MemberWrite, str]] = []
    for planned in stored:
        if planned.writes.member is not None:
            source = context.origin(planned.record) or BY_HAND
            members.append((planned.writes.draft, planned.writes.member, source))
    members += [(draft, write, draft.source) for draft in drafts for write in draft.added]
    write_members(uow, [(draft.household_id or 0, write, source) for draft, write, source in members])
    for planned in rows:
        if planned.writes is not None and planned.record_id is None:
            planned.record_id = planned.writes.draft.household_id


def write_members(uow: "UnitOfWork", writes: Sequence[tuple[int, MemberWrite, str]]) -> list[int]:
    """Add and change members of households, link students, and return the ids of the new ones."""
    new = [
        {**_with_keys(write.values), "household_id": household_id, "source": source}
        for household_id, write, source in writes
        if write.member_id is None
    ]
    columns = sorted({name for row in new for name in row})
    made = uow.insert_many(HouseholdMember, [{name: row.get(name) for name in columns} for row in new])
    merged: dict[int, dict[str, Any]] = {}
    for _household_id, write, _source in writes:
        if write.member_id is not None:
            merged.setdefault(write.member_id, {"id": write.member_id}).update(_with_keys(write.values))
    uow.update_many(HouseholdMember, list(merged.values()))
    link_students(uow)
    return made


def link_students(uow: "UnitOfWork") -> None:
    """Link members to the students who have their number; called wherever members or students are written."""
    if uow.scalar("SELECT EXISTS (SELECT 1 FROM household_member WHERE student_id IS NULL)"):
        uow.execute(_LINK)


def with_head_keys(facts: dict[str, Any]) -> dict[str, Any]:
    """Add what a household's head is searched and sorted by."""
    name = facts.get("head_name")
    if not name:
        return facts
    keys = pinyin_keys(name)
    return {
        **facts, "head_name_folded": fold_name(name), "head_name_pinyin": keys.pinyin,
        "head_name_initials": keys.initials, "head_name_sort": keys.sort,
    }  # fmt: skip


def _with_keys(values: dict[str, Any]) -> dict[str, Any]:
    name = values.get("name")
    if not name:
        return values
    keys = pinyin_keys(name)
    return {
        **values,
        "name_folded": fold_name(name),
        "name_pinyin": keys.pinyin,
        "name_initials": keys.initials,
    }
