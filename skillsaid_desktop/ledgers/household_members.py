"""家庭成员 by hand: one member of a household, added or changed in a form. Lists bring members with 户 (households)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.relations import HEAD
from skillsaid_desktop.ledgers.household_columns import MEMBER_COLUMNS, MEMBER_FIELDS, TITLES
from skillsaid_desktop.ledgers.household_drafts import MemberWrite, is_alike
from skillsaid_desktop.ledgers.household_register import (
    KnownHousehold,
    KnownMember,
    key_of_number,
    load_households,
)
from skillsaid_desktop.ledgers.household_rows import ToldRow, read_row
from skillsaid_desktop.ledgers.household_store import BY_HAND, write_members
from skillsaid_desktop.ledgers.ledger import (
    Difference,
    IntakeContext,
    Ledger,
    Outcome,
    PlannedRow,
    Searched,
    outcome_of,
)
from skillsaid_desktop.ledgers.wording import shown
from skillsaid_desktop.schema import Field, Severity
from skillsaid_desktop.schema.record import Record
from skillsaid_desktop.schema.types import IdNumber, Number

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

HOUSEHOLD = Field(name="household_id", title="户", type=Number())

FIELDS: tuple[Field, ...] = tuple(
    replace(
        each,
        required=each.name == "member_name",
        type=IdNumber() if each.name == "member_number" else each.type,
    )
    for each in MEMBER_FIELDS
)
"""A number typed by hand is our own list: a wrong one is refused."""

SELECT = """
SELECT m.id AS id, m.name AS member_name, m.document_number AS member_number, m.relation AS relation,
  m.person_number AS person_number, m.health AS health, m.skill AS skill, m.education AS education,
  m.school_state AS school_state, m.household_id AS household_id, m.student_id AS student_id
FROM household_member m
"""


def plan_member(reading: "Reading", records: Sequence[Record], context: IntakeContext) -> list[PlannedRow]:
    """Return what a typed member would write; a household keeps exactly one 户主."""
    register = load_households(reading)
    planned = []
    for record in records:
        known = [
            (home, member)
            for home in register.households
            for member in home.members
            if member.id == context.record_id
        ]
        household_id = record.values.get("household_id")
        home = known[0][0] if known else next(one for one in register.households if one.id == household_id)
        told = read_row(record, reading.policy, context)
        member = known[0][1] if known else None
        _check(told, home, member)
        number = key_of_number(told.member.get("document_number"))
        for other, one in register.by_person.get(number, ()) if number else ():
            if other is not home:
                told.ask(
                    "one person in two households",
                    f"{told.who or one.facts['name']}：已经在{other.said}的户里，请核对", TITLES["member_number"],
                )  # fmt: skip
            elif member is None or one.id != member.id:
                told.ask("same ID twice", f"{one.facts['name']}：这一户里已经有这个证件号", TITLES["member_number"],
                         severity=Severity.BLOCK)  # fmt: skip
        planned.append(_planned(record, told, home, member))
    return planned


def _check(told: ToldRow, home: KnownHousehold, member: KnownMember | None) -> None:
    values = told.member
    who = values.get("name") or (member.facts["name"] if member else "")
    if ("name" in values or member is None) and not values.get("name"):
        told.ask("missing", f"{who or '成员'}：缺少姓名", TITLES["member_name"], severity=Severity.BLOCK)
    heads = [one for one in home.members if one.facts["relation"] == HEAD and one is not member]
    becomes = values.get("relation") == HEAD
    if becomes and heads:
        told.ask(
            "household head",
            f"{who}：这一户的户主是{heads[0].facts['name']}。要换户主，请改户的“户主姓名”",
            TITLES["relation"], severity=Severity.BLOCK,
        )  # fmt: skip
    if member and member.facts["relation"] == HEAD and "relation" in values and not becomes and not heads:
        told.ask("household head", f"{who}是这一户唯一的户主。要换户主，请改户的“户主姓名”", TITLES["relation"],
                 severity=Severity.BLOCK)  # fmt: skip
    if (
        member is None
        and not values.get("document_number")
        and any(is_alike(one.facts["name"], who) for one in home.members)
    ):
        told.ask("same row twice", f"{who}：这一户里已经有叫{who}的成员，是另一个人就写上证件号",
                 TITLES["member_name"], severity=Severity.BLOCK)  # fmt: skip


def _planned(record: Record, told: ToldRow, home: KnownHousehold, member: KnownMember | None) -> PlannedRow:
    if member is None:
        write = MemberWrite({name: value for name, value in told.member.items() if value is not None})
        return PlannedRow(
            record=record, outcome=outcome_of(told.issues, Outcome.NEW), who=told.who, issues=told.issues,
            writes=(home, write),
        )  # fmt: skip
    changed: dict[str, Any] = {}
    found = []
    for name, column in MEMBER_COLUMNS.items():
        before, value = member.facts[column], told.member.get(column)
        if column in told.member and value != before and (value or before):
            changed[column] = value
            found.append(Difference(name, TITLES[name], shown(before), shown(value), "改家庭成员"))
    if "document_number" in changed:
        changed["student_id"] = None
    return PlannedRow(
        record=record, outcome=outcome_of(told.issues, Outcome.CHANGED if found else Outcome.UNCHANGED),
        record_id=member.id, differences=tuple(found), who=str(member.facts["name"]), issues=told.issues,
        writes=(home, MemberWrite(changed, member.id)),
    )  # fmt: skip


def store_member(uow: "UnitOfWork", rows: Sequence[PlannedRow], context: IntakeContext) -> None:
    """Store typed members; the head's name and number are the household's, too."""
    from skillsaid_desktop.domain.entities import Household
    from skillsaid_desktop.ledgers.household_store import with_head_keys

    for planned in rows:
        if not planned.is_stored:
            continue
        home, write = planned.writes
        made = write_members(uow, [(home.id, write, BY_HAND)])
        planned.record_id = made[0] if made else planned.record_id
        member = next((one for one in home.members if one.id == write.member_id), None)
        relation = write.values.get("relation", member.facts["relation"] if member else None)
        if relation == HEAD:
            columns = {"name": "head_name", "document_number": "head_document_number"}
            values = {columns[name]: write.values[name] for name in columns if name in write.values}
            if values:
                uow.update_many(Household, [{"id": home.id, **with_head_keys(values)}])


MEMBERS = Ledger(
    name="household_members",
    title="家庭成员",
    entity="household_member",
    fields=FIELDS,
    extra_fields=(HOUSEHOLD,),
    select=SELECT,
    search=(Searched("member_name"),),
    default_sort=(("household_id", False),),
    plan=plan_member,
    store=store_member,
    list_name="家庭成员",
    unit="人",
)
"""Not in LEDGERS: it has no page and no kind of file of its own."""
