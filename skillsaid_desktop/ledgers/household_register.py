"""The ledger's households as rows meet them: by number, head, members and place."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.names import fold_name
from skillsaid_desktop.ledgers.household_columns import FACTS, MEMBER_COLUMNS

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading

_PLACE = ("county", "township", "village")


@dataclass(slots=True)
class KnownMember:
    """A member as stored."""

    id: int
    facts: dict[str, Any]
    student_id: int | None


@dataclass(slots=True)
class KnownHousehold:
    """A household as stored, with its members."""

    id: int
    facts: dict[str, Any]
    members: list[KnownMember] = field(default_factory=list)

    @property
    def said(self) -> str:
        """How a sentence names it: 户主钟福生（下坑村）."""
        return say_household(self.facts)


@dataclass(slots=True)
class HouseholdRegister:
    """All households of the ledger, with the ways to find one."""

    households: list[KnownHousehold]
    by_number: dict[str, KnownHousehold] = field(default_factory=dict)
    by_head_number: dict[str, list[KnownHousehold]] = field(default_factory=lambda: defaultdict(list))
    by_head: dict[str, list[KnownHousehold]] = field(default_factory=lambda: defaultdict(list))
    by_person: dict[str, list[tuple[KnownHousehold, KnownMember]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def meet(
        self, facts: dict[str, Any], numbers: Iterable[str]
    ) -> tuple[KnownHousehold | None, list[KnownHousehold]]:
        """Return the household that these facts speak of, else those that it might be.

        By 户编号, else by the head's number, else by a member's number under the same head, else by head and place.
        Two numbers that differ are two households.
        """
        number, head_number = facts.get("number"), key_of_number(facts.get("head_document_number"))
        if number and number in self.by_number:
            return self.by_number[number], []

        def fits(one: KnownHousehold) -> bool:
            other = one.facts["number"]
            return not (number and other and number != other)

        if head_number:
            found = [one for one in self.by_head_number.get(head_number, ()) if fits(one)]
            if found:
                return found[0], []
        head = fold_name(facts.get("head_name") or "")
        for person in numbers:
            for one, _member in self.by_person.get(person, ()):
                if fits(one) and fold_name(one.facts["head_name"]) == head:
                    return one, []
        namesakes = [
            one
            for one in self.by_head.get(head, ())
            if fits(one)
            and not (head_number and one.facts["head_document_number"])
            and not is_elsewhere(one.facts, facts)
        ]
        here = [one for one in namesakes if _place(one.facts) == _place(facts)]
        if len(here) == 1:
            return here[0], []
        return None, here or [one for one in namesakes if not (_place(one.facts) and _place(facts))]


def load_households(reading: "Reading") -> HouseholdRegister:
    """Read all households and members, in two queries."""
    register = HouseholdRegister([])
    by_id: dict[int, KnownHousehold] = {}
    for row in reading.rows(f"SELECT id, {', '.join(FACTS)} FROM household ORDER BY id"):
        facts = {name: _value(name, value) for name, value in zip(FACTS, row[1:], strict=True)}
        one = by_id[row[0]] = KnownHousehold(row[0], facts)
        register.households.append(one)
        if facts["number"]:
            register.by_number.setdefault(facts["number"], one)
        if facts["head_document_number"]:
            register.by_head_number[facts["head_document_number"][:18]].append(one)
        register.by_head[fold_name(facts["head_name"])].append(one)
    columns = tuple(MEMBER_COLUMNS.values())
    for row in reading.rows(
        f"SELECT household_id, id, student_id, {', '.join(columns)} FROM household_member ORDER BY id"
    ):
        household = by_id[row[0]]
        member = KnownMember(row[1], dict(zip(columns, row[3:], strict=True)), row[2])
        household.members.append(member)
        if number := key_of_number(member.facts["document_number"]):
            register.by_person[number].append((household, member))
    return register


def key_of_number(number: str | None) -> str:
    """Return a number for comparison: a disability certificate begins with the resident number."""
    return (number or "")[:18].upper()


def say_household(facts: dict[str, Any]) -> str:
    """Return how a sentence names a household: 户主钟福生（下坑村）."""
    place = facts.get("village") or facts.get("township") or facts.get("county") or facts.get("number")
    return f"户主{facts.get('head_name') or '没有写'}" + (f"（{place}）" if place else "")


def is_elsewhere(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Say whether two places are written and differ."""
    return any(first.get(name) and second.get(name) and first[name] != second[name] for name in _PLACE)


def _place(facts: dict[str, Any]) -> str:
    return str(facts.get("village") or "")


_DATES = frozenset({"identified_on", "risk_cleared_on"})


def _value(name: str, value: Any) -> Any:
    """Return a stored value as a row tells it."""
    if value is None:
        return None
    if name in _DATES:
        return date.fromisoformat(value)
    return bool(value) if name == "is_risk_cleared" else value
