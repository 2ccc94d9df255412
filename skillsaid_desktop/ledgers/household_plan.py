"""What rows about households would change: one row a household, or one row a person under his household's columns.

Rows are gathered by 户编号, else by head and village; each draft meets the ledger once, and its differences stand at
the rows that tell them.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.names import fold_name
from skillsaid_desktop.domain.relations import HEAD
from skillsaid_desktop.ledgers.household_columns import FACTS, MEMBER_COLUMNS, TITLES
from skillsaid_desktop.ledgers.household_drafts import (
    Draft,
    MemberWrite,
    RowWrites,
    gather,
    is_alike,
    is_same_person,
    merge,
)
from skillsaid_desktop.ledgers.household_precedence import Conflict, ConflictKey, Precedence, file_first
from skillsaid_desktop.ledgers.household_register import (
    KnownHousehold,
    KnownMember,
    key_of_number,
    load_households,
    say_household,
)
from skillsaid_desktop.ledgers.household_rows import ToldRow, read_row
from skillsaid_desktop.ledgers.ledger import Difference, IntakeContext, Outcome, PlannedRow, outcome_of
from skillsaid_desktop.ledgers.wording import shown
from skillsaid_desktop.schema import Amount, Severity
from skillsaid_desktop.schema.record import Record

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading

_NAMES = {column: name for name, column in MEMBER_COLUMNS.items()}
_COLUMN_TITLES = {column: TITLES[name] for name, column in MEMBER_COLUMNS.items()}
_AMOUNT = Amount()
_CONTRADICTS = frozenset({"number", "head_name", "head_document_number"})
"""What a student's own columns say of his household and can contradict; the rest only fills blanks."""


def plan_households(
    reading: "Reading",
    records: Sequence[Record],
    context: IntakeContext,
    *,
    precedence: Precedence | None = None,
) -> list[PlannedRow]:
    """Return how each row ends; by default rows replace what the ledger says."""
    plan = _Plan(reading, context, precedence or file_first())
    return plan.rows(records)


class _Plan:
    def __init__(self, reading: "Reading", context: IntakeContext, precedence: Precedence) -> None:
        self.reading = reading
        self.context = context
        self.precedence = precedence
        self.register = load_households(reading)
        self._lived: dict[str, tuple[Draft, ToldRow]] = {}  # number -> the row that told of the person first
        self._students: dict[str, tuple[str, str | None]] | None = None
        self._by_head: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)

    def rows(self, records: Sequence[Record]) -> list[PlannedRow]:
        """Gather the rows into drafts and plan each."""
        policy = self.reading.policy
        told = [read_row(record, policy, self.context) for record in records]
        planned: dict[int, PlannedRow] = {}
        for draft in gather(told):
            for row, one in zip(draft.rows, self._draft(draft), strict=True):
                planned[id(row)] = one
        return [planned[id(row)] for row in told]

    # One household

    def _draft(self, draft: Draft) -> list[PlannedRow]:
        live = [row for row in draft.rows if not row.is_refused]
        origin = merge(draft, live)
        if live:
            self._find(draft, live)
            live = [row for row in live if not row.is_refused]
        if any(issue.waits for row in live for issue in row.issues if issue.code == "which household"):
            return [self._ended(row, Outcome.WAITING) for row in draft.rows]
        if self.context.is_form and draft.known is not None:
            live[0].ask("same household", f"台账里已经有{draft.known.said}这一户，没有再加一户", TITLES["head_name"],
                        severity=Severity.BLOCK)  # fmt: skip
            live = []
        members = self._members(draft, live)
        differences: dict[int, list[Difference]] = defaultdict(list)
        for name, difference in self._fact_differences(draft, live, origin):
            differences[id(origin.get(name) or live[0])].append(difference)
        if live:
            self._settle_head(draft, live, members)
            self._ask_about_people(draft, live, members)
        ended = []
        for at, row in enumerate(draft.rows):
            if row.is_refused:
                ended.append(self._ended(row, Outcome.INVALID))
                continue
            write, found = members.get(id(row), (None, []))
            found = [*differences[id(row)], *found]
            is_first = draft.known is None and at == draft.rows.index(live[0])
            if is_first:
                home = say_household(draft.facts)
                found.insert(0, Difference("head_name", "户", "", home, f"新增一户：{home}"))
            otherwise = Outcome.CHANGED if found else Outcome.UNCHANGED
            if is_first or (write is not None and write.member_id is None):
                otherwise = Outcome.NEW
            if draft.added and row is live[0] and otherwise is Outcome.UNCHANGED:
                otherwise = Outcome.CHANGED
            ended.append(
                PlannedRow(
                    record=row.record, outcome=outcome_of(row.issues, otherwise),
                    record_id=draft.known.id if draft.known else None, differences=tuple(found), who=row.who,
                    issues=row.issues, writes=RowWrites(draft, write),
                )
            )  # fmt: skip
        return ended

    def _ended(self, row: ToldRow, otherwise: Outcome) -> PlannedRow:
        return PlannedRow(
            record=row.record, outcome=outcome_of(row.issues, otherwise), who=row.who, issues=row.issues
        )

    def _find(self, draft: Draft, live: Sequence[ToldRow]) -> None:
        """Find the stored household that a draft speaks of; ask where it might be one of several, or has no head."""
        facts = draft.facts
        heads = [row.member for row in live if row.member.get("relation") == HEAD]
        if heads and not facts.get("head_name"):
            facts["head_name"] = heads[0].get("name")
        if not facts.get("head_document_number"):
            for member in heads:
                if member.get("document_number") and is_alike(member["name"], facts.get("head_name")):
                    facts["head_document_number"] = member["document_number"]
                    break
        numbers = [key_of_number(row.member.get("document_number")) for row in live]
        draft.known, maybe = self.register.meet(facts, [each for each in numbers if each])
        draft.known = draft.known or self._home_of(facts, numbers)
        if draft.known is not None:
            return
        if not facts.get("head_name"):
            for row in live:
                row.ask("missing", f"{row.who or '这一户'}：没有写户主是谁", TITLES["head_name"],
                        severity=Severity.BLOCK)  # fmt: skip
            return
        if not maybe:
            return
        if len(maybe) == 1 and any(self.context.is_accepted(row.record) for row in live):
            draft.known = maybe[0]
            return
        others = "、".join(one.said for one in maybe[:3])
        for row in live:
            row.ask(
                "which household",
                f"{say_household(facts)}：台账里有{others}，村没有写全，认不出是不是同一户；请写上户编号、户主证件号或村",
                TITLES["village"], waits=True,
            )  # fmt: skip

    def _home_of(self, facts: dict[str, Any], numbers: Sequence[str]) -> KnownHousehold | None:
        """Return where somebody lives whose household the rows speak of; two 户编号 that differ are two households."""
        for number in numbers:
            if number not in self.precedence.at_home:
                continue
            for one, _member in self.register.by_person.get(number, ()):
                if not (facts.get("number") and one.facts["number"]):
                    return one
        return None

    def _fact_differences(
        self, draft: Draft, live: Sequence[ToldRow], origin: dict[str, ToldRow]
    ) -> list[tuple[str, Difference]]:
        """Return what the rows tell anew of a stored household, and put it into `changed`."""
        found: list[tuple[str, Difference]] = []
        if draft.known is None or not live:
            return found
        for name in FACTS:
            if name not in draft.facts or name == "original_wording":
                continue
            before, value = draft.known.facts[name], draft.facts[name]
            if value in (None, "") or value == before:
                continue
            if name == "head_name" and is_alike(value, before):
                continue
            if name == "head_document_number" and key_of_number(value) == key_of_number(before):
                continue
            row = origin.get(name) or live[0]
            key = (draft.known.id, None, name)
            if not self.precedence.takes(key, before):
                if not self.precedence.asks or name in _CONTRADICTS:
                    told = (say_value(name, before), say_value(name, value))
                    self._contradiction(row, draft.known, key, TITLES[name], told)
                continue
            draft.changed[name] = value
            old = say_value(name, before)
            effect = "改这一户" if old else "补填空白"
            found.append((name, Difference(name, TITLES[name], old, say_value(name, value), effect)))
        if "category" in draft.changed:
            draft.changed["original_wording"] = draft.facts.get("original_wording")
        return found

    def _contradiction(
        self, row: ToldRow, home: KnownHousehold, key: ConflictKey, title: str, told: tuple[str, str]
    ) -> None:
        """Keep a contradiction with what stands in the ledger and in the row, or ask about it."""
        before, after = told
        if not self.precedence.asks:
            who = home.said if key[1] is None else f"{home.said}　{row.who}"
            self.precedence.conflicts.append(Conflict(key, who, title, before, after))
            return
        row.ask(
            "contradiction",
            f"{row.who}：{title}在学生台账里是{after}，在{home.said}这一户里是{before}；户里的没有动，请核对",
            title,
        )

    # Members

    def _members(
        self, draft: Draft, live: Sequence[ToldRow]
    ) -> dict[int, tuple[MemberWrite | None, list[Difference]]]:
        """Return for each row its member to write with the differences, by the row's identity."""
        stored = list(draft.known.members) if draft.known else []
        found: dict[int, tuple[MemberWrite | None, list[Difference]]] = {}
        new: list[dict[str, Any]] = []
        by_number = {key_of_number(one.facts["document_number"]): one for one in stored}
        taken: set[int] = set()
        open_rows = []
        self._claim_head(draft, live)
        for row in live:
            if not row.member.get("name"):
                continue
            if (
                row.member.get("relation") == HEAD
                and not row.member.get("document_number")
                and is_alike(row.member["name"], draft.facts.get("head_name"))
                and draft.facts.get("head_document_number")
            ):
                row.member["document_number"] = draft.facts["head_document_number"]
            self._link_by_head(draft, row)
            key = key_of_number(row.member.get("document_number"))
            member = by_number.get(key) if key else None
            if member is not None and member.id not in taken:
                taken.add(member.id)
                found[id(row)] = self._member_differences(draft, row, member)
            else:
                open_rows.append(row)
        for row in open_rows:
            name = row.member["name"]
            member = next(
                (one for one in stored if one.id not in taken and is_alike(one.facts["name"], name)), None
            )
            if member is not None:
                taken.add(member.id)
                found[id(row)] = self._member_differences(draft, row, member)
                continue
            if any(is_same_person(row.member, other) for other in new):
                row.ask(
                    "same row twice", f"{name}：这个人在前面一行已经写过，只存一次", severity=Severity.HINT
                )
                continue
            new.append(row.member)
            after = "，".join(filter(None, (name, row.member.get("relation"))))
            effect = f"加进{say_household(draft.known.facts if draft.known else draft.facts)}的户"
            effect += f"，{row.member['relation']}" if row.member.get("relation") else ""
            difference = Difference("member_name", "家庭成员", "", after, effect)
            found[id(row)] = (MemberWrite(dict(row.member)), [difference])
        return found

    def _member_differences(
        self, draft: Draft, row: ToldRow, member: KnownMember
    ) -> tuple[MemberWrite | None, list[Difference]]:
        changed: dict[str, Any] = {}
        found: list[Difference] = []
        for column, value in row.member.items():
            before = member.facts[column]
            if value in (None, "") or value == before:
                continue
            if column == "name" and is_alike(value, before):
                continue
            title = f"{member.facts['name']} {_COLUMN_TITLES[column]}"
            if column == "document_number" and before:
                if key_of_number(value) == key_of_number(before):
                    continue
                if self.precedence.rows_win and not self.context.is_accepted(row.record):
                    row.ask(
                        "ID corrected",
                        f"{row.who}：证件号原为 {before}，现为 {value}。是同一人改正了证件号吗",
                        _COLUMN_TITLES[column], waits=True,
                    )  # fmt: skip
                    continue
            assert draft.known is not None
            of_head = None if self.precedence.asks else _fact_of_head(member, column, before, value)
            key: ConflictKey = (
                (draft.known.id, None, of_head) if of_head else (draft.known.id, member.id, column)
            )
            is_its_own = before == row.record.raw.get(_NAMES[column])  # the same row wrote it there before
            if not is_its_own and not self.precedence.takes(key, before):
                if of_head is None:
                    told = (shown(before), shown(value))
                    self._contradiction(row, draft.known, key, _COLUMN_TITLES[column], told)
                continue
            changed[column] = value
            effect = "改家庭成员" if before else "补填空白"
            found.append(Difference(_NAMES[column], title, shown(before), shown(value), effect))
        if not changed:
            return None, []
        if "document_number" in changed:
            changed["student_id"] = None
        return MemberWrite(changed, member.id), found

    def _link_by_head(self, draft: Draft, row: ToldRow) -> None:
        """Ask about a member without number whose name and head's number a student has; a yes gives him the number."""
        head = key_of_number(draft.facts.get("head_document_number"))
        if not self.precedence.rows_win or row.member.get("document_number") or not head:
            return
        self._load_students()
        found = self._by_head.get((fold_name(row.member["name"]), head), [])
        if len(found) != 1 or row.member.get("relation") == HEAD:
            return
        number, class_name = found[0]
        if self.context.is_accepted(row.record):
            row.member["document_number"] = number
            return
        row.ask(
            "student",
            f"{row.who}：没有证件号；学生台账里有同名、户主证件号相同的学生（{class_name or '没有班级'}，"
            f"{number}）。是同一人就补上证件号，会自动关联", _COLUMN_TITLES["document_number"],
        )  # fmt: skip

    def _load_students(self) -> None:
        if self._students is not None:
            return
        self._students = {}
        for number, name, folded, head, class_name in self.reading.rows(
            "SELECT s.document_number, s.name, s.name_folded, s.head_document_number, p.class_name FROM student s"
            " LEFT JOIN student_span p ON p.student_id = s.id AND p.to_on = '9999-12-31'"
            " WHERE s.document_number IS NOT NULL"
        ):
            self._students[key_of_number(number)] = (name, class_name)
            if head:
                self._by_head[folded, key_of_number(head)].append((number, class_name))

    # What is asked about the whole household

    def _settle_head(
        self,
        draft: Draft,
        live: Sequence[ToldRow],
        members: dict[int, tuple[MemberWrite | None, list[Difference]]],
    ) -> None:
        """See to it that the household has its one head among the members; ask where the rows speak against it."""
        head = draft.facts.get("head_name") or (draft.known.facts["head_name"] if draft.known else "")
        if draft.known and not self.precedence.rows_win:
            head = draft.changed.get("head_name") or draft.known.facts["head_name"]
        changed = {
            write.member_id: write.values for write, _ in members.values() if write and write.member_id
        }
        stored = [
            (member, {**member.facts, **changed.get(member.id, {})})
            for member in (draft.known.members if draft.known else [])
        ]
        told = [(row, row.member) for row in live if row.member.get("name")]
        new = [write.values for write, _ in members.values() if write and write.member_id is None]
        if draft.known and not self.precedence.rows_win:
            for values in new:  # whom the ledger does not have as head does not become a second one
                if values.get("relation") == HEAD and not is_alike(values["name"], head):
                    values["relation"] = None
        heads = [facts for _, facts in stored if facts["relation"] == HEAD]
        heads += [values for values in new if values.get("relation") == HEAD]
        others = [row for row, values in told if values.get("relation") not in (None, "", HEAD)]
        if draft.known and "head_name" in draft.changed:
            told_names = [values["name"] for _, values in told]
            for member, facts in stored:
                if (
                    facts["relation"] == HEAD
                    and not is_alike(facts["name"], head)
                    and not any(is_alike(facts["name"], name) for name in told_names)
                ):
                    heads.remove(facts)
                    draft.added.append(MemberWrite({"relation": None}, member.id))
                    live[0].ask(
                        "household head",
                        f"{say_household(draft.facts)}：户主由{facts['name']}换成{head}，{facts['name']}和其他成员的与户主"
                        "关系要跟着改，请核对", TITLES["relation"],
                    )  # fmt: skip
        if not heads:
            self._give_head(draft, live, str(head), stored, bool(others))
        elif len(heads) > 1:
            names = "、".join(str(each["name"]) for each in heads)
            rows = [row for row, values in told if values.get("relation") == HEAD]
            (rows[-1] if rows else live[0]).ask(
                "household head", f"{say_household(draft.facts)}：一户只有一个户主，这里有 {len(heads)} 个：{names}，请核对",
                TITLES["relation"],
            )  # fmt: skip
        elif not is_alike(heads[0]["name"], head):
            rows = [row for row, values in told if values.get("relation") == HEAD]
            (rows[-1] if rows else live[0]).ask(
                "household head",
                f"“户主姓名”写的是{head}，与户主关系写“户主”的是{heads[0]['name']}，请核对", TITLES["relation"],
            )  # fmt: skip

    def _claim_head(self, draft: Draft, live: Sequence[ToldRow]) -> None:
        """Let the row that bears the head's name be the head, where no row says that it is."""
        head = draft.facts.get("head_name")
        if not head or any(row.member.get("relation") == HEAD for row in live):
            return
        row = next((one for one in live if is_alike(one.member.get("name"), head)), None)
        if row is None:
            return
        if row.member.get("relation"):
            row.ask(
                "household head",
                f"户主姓名是{head}，{head}的与户主关系却写的是{row.member['relation']}，按户主收下，请核对",
                TITLES["relation"],
            )
        row.member["relation"] = HEAD

    def _give_head(
        self,
        draft: Draft,
        live: Sequence[ToldRow],
        head: str,
        stored: Sequence[tuple[KnownMember, dict[str, Any]]],
        has_relations: bool,
    ) -> None:
        """Mark the member who bears the head's name, else add the head to the members."""
        for member, facts in stored:
            if is_alike(facts["name"], head):
                draft.added.append(MemberWrite({"relation": HEAD}, member.id))
                return
        draft.added.append(
            MemberWrite(
                {
                    "name": head, "relation": HEAD,
                    "document_number": draft.facts.get("head_document_number")
                    or (draft.known.facts["head_document_number"] if draft.known else None),
                }
            )
        )  # fmt: skip
        if has_relations and not self.precedence.asks:
            live[0].ask(
                "household head",
                f"{say_household(draft.facts)}：成员里没有户主这一行，按“户主姓名”补进来了，请核对", TITLES["relation"],
            )  # fmt: skip

    def _ask_about_people(
        self,
        draft: Draft,
        live: Sequence[ToldRow],
        members: dict[int, tuple[MemberWrite | None, list[Difference]]],
    ) -> None:
        """Ask about a person who lives in another household too, and about a student who has another name here."""
        self._load_students()
        assert self._students is not None
        for row in live:
            number = key_of_number(row.member.get("document_number"))
            if not number:
                continue
            student = self._students.get(number)
            if student is not None and not is_alike(student[0], row.member["name"]):
                row.ask("name differs", f"{row.who}：同一个证件号，学生台账里叫{student[0]}，请核对",
                        _COLUMN_TITLES["name"])  # fmt: skip
            elsewhere = [
                one.said for one, _ in self.register.by_person.get(number, ()) if one is not draft.known
            ]
            here = say_household(draft.facts)
            earlier, first = self._lived.setdefault(number, (draft, row))
            if earlier is not draft:
                elsewhere.append(say_household(earlier.facts))
                self._ask_two_homes(first, elsewhere[-1], here)
            if elsewhere:
                self._ask_two_homes(row, here, elsewhere[0])

    @staticmethod
    def _ask_two_homes(row: ToldRow, here: str, elsewhere: str) -> None:
        if not any(each.code == "one person in two households" for each in row.issues):
            row.ask(
                "one person in two households",
                f"{row.who}：这一行在{here}的户里，同一个人又在{elsewhere}的户里，请核对",
                _COLUMN_TITLES["document_number"],
            )


def say_value(name: str, value: Any) -> str:
    """Return a household's fact as text for a difference."""
    return _AMOUNT.format(value) if name == "income_fen" else shown(value)


def _fact_of_head(member: KnownMember, column: str, before: Any, value: Any) -> str | None:
    """Return the household's fact that a member's column repeats: who is head, and the head's number."""
    if column == "relation":
        return "head_name" if HEAD in (before, value) else None
    if member.facts["relation"] != HEAD:
        return None
    return {"name": "head_name", "document_number": "head_document_number"}.get(column)
