"""户: where a family lives, why it is poor, from when to when it counts as what, and who belongs to it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.relations import HEAD
from skillsaid_desktop.ledgers.household_columns import FACTS, FIELDS, MEMBER_FIELDS, SELECT, TITLES
from skillsaid_desktop.ledgers.household_drafts import Draft, MemberWrite, RowWrites, is_alike
from skillsaid_desktop.ledgers.household_plan import plan_households, say_value
from skillsaid_desktop.ledgers.household_register import load_households
from skillsaid_desktop.ledgers.household_rows import read_row
from skillsaid_desktop.ledgers.household_store import store_households
from skillsaid_desktop.ledgers.ledger import (
    Difference,
    IntakeContext,
    Ledger,
    Outcome,
    PlannedRow,
    Searched,
    Through,
    outcome_of,
)
from skillsaid_desktop.schema import Severity
from skillsaid_desktop.schema.record import Record

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading


def plan(reading: "Reading", records: Sequence[Record], context: IntakeContext) -> list[PlannedRow]:
    """Return how each row ends: of a file, of a new household by hand, or of one that is being edited."""
    if context.record_id is not None:
        return [_plan_edit(reading, records[0], context)]
    return plan_households(reading, records, context)


def _plan_edit(reading: "Reading", record: Record, context: IntakeContext) -> PlannedRow:
    """Plan what was typed into fields of a stored household; a blank erases."""
    register = load_households(reading)
    known = next(one for one in register.households if one.id == context.record_id)
    told = read_row(record, reading.policy, context)
    changed: dict[str, Any] = {}
    found = []
    for name in FACTS:
        before, value = known.facts[name], told.facts.get(name)
        if name not in told.facts or value == before or (value in (None, "") and before in (None, "")):
            continue
        changed[name] = value
        if name != "original_wording":
            found.append(
                Difference(name, TITLES[name], say_value(name, before), say_value(name, value), "改这一户")
            )
    who = str(known.facts["head_name"])
    if "head_name" in changed and not changed["head_name"]:
        told.ask("missing", f"{who}：户主姓名不能空着", TITLES["head_name"], severity=Severity.BLOCK)
    other = register.by_number.get(changed.get("number") or "")
    if other is not None and other.id != known.id:
        told.ask("same household", f"{who}：户编号 {changed['number']} 已经是{other.said}的", TITLES["number"],
                 severity=Severity.BLOCK)  # fmt: skip
    draft = Draft(dict(known.facts), [told], known, changed)
    draft.added = _follow_head(known.members, changed)
    outcome = outcome_of(told.issues, Outcome.CHANGED if found else Outcome.UNCHANGED)
    return PlannedRow(
        record=record, outcome=outcome, record_id=known.id, differences=tuple(found), who=who, issues=told.issues,
        writes=RowWrites(draft),
    )  # fmt: skip


def _follow_head(members: Sequence[Any], changed: dict[str, Any]) -> list[MemberWrite]:
    """Return what another head's name or number means for the members: the head is one of them."""
    heads = [one for one in members if one.facts["relation"] == HEAD]
    writes: list[MemberWrite] = []
    name = changed.get("head_name")
    if name:
        there = next((one for one in members if is_alike(one.facts["name"], name)), None)
        if there is None and len(heads) == 1:
            # The same person under a mended name.
            writes.append(MemberWrite({"name": name}, heads[0].id))
        elif there is not None and there not in heads:
            writes += [MemberWrite({"relation": None}, one.id) for one in heads]
            writes.append(MemberWrite({"relation": HEAD}, there.id))
            return writes
    if "head_document_number" in changed and len(heads) == 1:
        writes.append(
            MemberWrite({"document_number": changed["head_document_number"], "student_id": None}, heads[0].id)
        )
    return writes


_MEMBERS = Through("household_member", "household_id", "id")

HOUSEHOLDS = Ledger(
    name="households",
    title="户",
    entity="household",
    fields=FIELDS,
    extra_fields=MEMBER_FIELDS,
    select=SELECT,
    search=(
        Searched("head_name_folded"),
        Searched("head_name_pinyin", "reading"),
        Searched("head_name_initials", "initials"),
        Searched("name_folded", through=_MEMBERS),
        Searched("name_pinyin", "reading", through=_MEMBERS),
        Searched("name_initials", "initials", through=_MEMBERS),
        Searched("village"),
        Searched("township"),
        Searched("head_document_number", "tail"),
        Searched("document_number", "tail", through=_MEMBERS),
        Searched("number", "tail"),
    ),
    default_sort=(("county", False), ("head_name", False)),
    sort_by={"head_name": "head_name_sort"},
    several=frozenset({"students"}),
    plan=plan,
    store=store_households,
    list_name="困难户名册",
    unit="户",
    row_unit="行",
)
