"""Rows about households gathered into drafts: by 户编号, else by head and village, else with the row above."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from skillsaid_desktop.domain.names import fold_name
from skillsaid_desktop.ledgers.household_columns import FACTS, TITLES
from skillsaid_desktop.ledgers.household_register import KnownHousehold, is_elsewhere, key_of_number
from skillsaid_desktop.ledgers.household_rows import ToldRow


@dataclass(slots=True)
class MemberWrite:
    """A member to add (`member_id` None) or the columns of one to change."""

    values: dict[str, Any]
    member_id: int | None = None


@dataclass(slots=True)
class Draft:
    """One household as a list tells it: what it would be, and which stored one it is."""

    facts: dict[str, Any]
    rows: list[ToldRow] = field(default_factory=list)
    known: KnownHousehold | None = None
    changed: dict[str, Any] = field(default_factory=dict)
    added: list[MemberWrite] = field(default_factory=list)  # the head whom no row lists, who is head no more
    household_id: int | None = None
    source: str = ""
    is_written: bool = False


@dataclass(slots=True)
class RowWrites:
    """What storing one row writes: its member, and its household once."""

    draft: Draft
    member: MemberWrite | None = None


def gather(told: Sequence[ToldRow]) -> list[Draft]:
    """Gather rows by 户编号, else by head and village; a row that names no household belongs to the one above."""
    drafts: list[Draft] = []
    by_number: dict[str, Draft] = {}
    by_place: dict[tuple[str, str], list[Draft]] = defaultdict(list)
    above: dict[str, Draft] = {}
    for row in told:
        facts, sheet = row.facts, row.record.place.sheet
        number, head = facts.get("number"), fold_name(facts.get("head_name") or "")
        draft: Draft | None = None
        if number:
            draft = by_number.get(number)
        elif head:
            place = (head, facts.get("village") or "")
            draft = next((one for one in by_place[place] if _fits(one.facts, facts)), None)
        elif row.member.get("name"):
            draft = above.get(sheet)
        if draft is None:
            draft = Draft(dict.fromkeys(FACTS))
            drafts.append(draft)
            if number:
                by_number[number] = draft
            if head:
                by_place[head, facts.get("village") or ""].append(draft)
        draft.rows.append(row)
        above[sheet] = draft
        for name in ("number", "head_name", "head_document_number", "county", "township", "village"):
            if draft.facts[name] is None:
                draft.facts[name] = facts.get(name)
    return drafts


def _fits(draft: dict[str, Any], facts: dict[str, Any]) -> bool:
    first, second = (key_of_number(each.get("head_document_number")) for each in (draft, facts))
    return not (first and second and first != second) and not is_elsewhere(draft, facts)


def merge(draft: Draft, live: Sequence[ToldRow]) -> dict[str, ToldRow]:
    """Let each fact be what the first row tells that tells it, and return that row; ask where heads differ."""
    origin: dict[str, ToldRow] = {}
    for row in live:
        for name, value in row.facts.items():
            if value in (None, ""):
                continue
            if name not in origin:
                origin[name], draft.facts[name] = row, value
            elif name == "head_name" and not is_alike(value, draft.facts[name]):
                row.ask("household head", f"{row.who}：同一户前面写的户主是{draft.facts[name]}，这一行写的是{value}，请核对",
                        TITLES["head_name"])  # fmt: skip
            elif name == "category" and value != draft.facts[name]:
                row.ask("category", f"{row.who}：同一户前面写的身份类别是{draft.facts[name]}，这一行写的是{value}，请核对",
                        TITLES["category"])  # fmt: skip
    return origin


def is_alike(first: Any, second: Any) -> bool:
    """Say whether two names are the same."""
    return fold_name(str(first or "")) == fold_name(str(second or ""))


def is_same_person(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Say whether two members are one person: by number, else by name."""
    one, other = (key_of_number(each.get("document_number")) for each in (first, second))
    return one == other if one and other else is_alike(first["name"], second["name"])
