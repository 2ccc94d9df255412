"""What one row tells of a household and of a member, in the ledger's words: causes, category, numbers, dates."""

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.relations import SEX_OF_RELATION
from skillsaid_desktop.ledgers.household_columns import FACTS, MEMBER_COLUMNS, TITLES
from skillsaid_desktop.ledgers.ledger import IntakeContext, issue_at
from skillsaid_desktop.ledgers.wording import named
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.document_number import check_digit_holds, sex_of
from skillsaid_desktop.schema.record import Record

if TYPE_CHECKING:
    from skillsaid_desktop.policy.policy import Policy
    from skillsaid_desktop.schema.types import Words

MOST_OTHER_CAUSES = 2
_REFUSED_NUMBERS = frozenset({"spoiled number", "15 digits"})
_NO_NUMBER = frozenset({"无", "暂无", "没有", "未办", "未办理", "未上户", "-", "/", "—"})
_SEPARATORS = re.compile(r"[、,，;；/+\s]+")
_CAUSE_TAIL = re.compile(r"(致贫返贫|返贫致贫|致贫|返贫)?(风险)?$")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(slots=True)
class ToldRow:
    """A row: columns of the household and of the member that it tells, and what was noticed."""

    record: Record
    issues: list[Issue]
    facts: dict[str, Any] = field(default_factory=dict)
    member: dict[str, Any] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        """Say whether something stops this row."""
        return any(each.severity is Severity.BLOCK for each in self.issues)

    @property
    def who(self) -> str:
        """The person whom the row is about, else the head."""
        return self.member.get("name") or self.facts.get("head_name") or ""

    def ask(
        self,
        code: str,
        message: str,
        column: str = "",
        *,
        waits: bool = False,
        severity: Severity = Severity.ASK,
    ) -> None:
        """Add a question about this row."""
        self.issues.append(issue_at(self.record, severity, code, message, column=column, waits=waits))


def read_row(record: Record, policy: "Policy", context: IntakeContext) -> ToldRow:
    """Return what a row tells; a blank tells nothing, but in a form it erases."""
    values = dict(record.values)
    who = values.get("member_name") or values.get("head_name") or ""
    told = ToldRow(record, [named(each, who) for each in _settle_issues(record, values)])
    _read_causes(told, values, policy, context)
    _read_category(told, values, policy, context)
    _read_risk(told, values, context)
    if not context.is_form and not values.get("member_name"):
        for name in MEMBER_COLUMNS:  # a relation without a person says nothing
            values.pop(name, None)
    for name, value in values.items():
        if value is None and not context.is_form:
            continue
        if name in MEMBER_COLUMNS:
            told.member[MEMBER_COLUMNS[name]] = value
        elif name in FACTS:
            told.facts[name] = value
    if isinstance(told.facts.get("size"), int) and not 0 < told.facts["size"] < 100:
        told.ask("number", f"{who}：家庭人口写的是 {told.facts['size']}，请核对", "家庭人口")
    ask_about_sex(told, told.member.get("relation"), told.member.get("document_number"))
    return told


def ask_about_sex(told: ToldRow, relation: str | None, number: str | None) -> None:
    """Ask about 之子, 之女 and the like that the number speaks against."""
    by_relation, by_number = SEX_OF_RELATION.get(relation or ""), sex_of(number)
    if by_number and not check_digit_holds((number or "")[:18]):
        return
    if by_relation and by_number and by_relation != by_number:
        told.ask(
            "sex against relation",
            f"{told.who}：与户主关系是{relation}，证件号里的性别是{by_number}，请核对", TITLES["relation"],
        )  # fmt: skip


def _settle_issues(record: Record, values: dict[str, Any]) -> list[Issue]:
    """Refuse numbers that can't be trusted, and drop what a second look can read."""
    kept = []
    for each in record.issues:
        name = _NAME_OF.get(each.column, "")
        written = record.raw.get(name, "").strip()
        if name in ("head_document_number", "member_number"):
            if each.code in _REFUSED_NUMBERS:
                each = replace(each, severity=Severity.BLOCK)
            elif each.code == "length" and written in _NO_NUMBER:
                values[name] = None
                continue
        if name == "main_cause" and each.code == "unknown word":
            continue  # read again with its separators, and asked about there
        if name == "lifted_year" and each.code == "number" and (found := _YEAR.search(written)):
            values[name] = int(found[0])
            continue
        kept.append(each)
    return kept


_NAME_OF = {title: name for name, title in TITLES.items()}


def _causes(text: str, words: "Words") -> list[tuple[str, str | None]]:
    """Return the parts of a text with the cause that each means, None where no word does."""
    return [
        (part, words.resolve("cause", part) or words.resolve("cause", _CAUSE_TAIL.sub("", part)))
        for part in _SEPARATORS.split(text)
        if part
    ]


def names_a_cause(text: str, words: "Words") -> bool:
    """Say whether a text names a cause at all; lists fill the column with what they please."""
    return any(value for _part, value in _causes(text, words))


def _read_causes(told: ToldRow, values: dict[str, Any], policy: "Policy", context: IntakeContext) -> None:
    """Settle one main cause and up to two others, none twice (DOMAIN section 4)."""
    if "main_cause" not in values and "other_causes" not in values:
        return
    words = policy.words(context.as_of)

    def read(text: str, column: str) -> list[str]:
        found: list[str] = []
        for part, value in _causes(text, words):
            if value is None:
                told.ask(
                    "unknown word", f"{told_who}：{column}“{part[:20]}”不在可用的词里，这一项没有存", column
                )
            elif value not in found:
                found.append(value)
        return found

    told_who = values.get("member_name") or values.get("head_name") or ""
    main = values.get("main_cause") or told.record.raw.get("main_cause", "")
    mains = read(str(main), TITLES["main_cause"]) if main else []
    others = mains[1:]
    others += [each for each in read(str(values.get("other_causes") or ""), TITLES["other_causes"])
               if each not in others]  # fmt: skip
    if "main_cause" in values or mains:
        values["main_cause"] = mains[0] if mains else None
    if mains and mains[0] in others:
        others.remove(mains[0])
    if len(others) > MOST_OTHER_CAUSES:
        told.ask("causes", f"{told_who}：其他致贫原因最多记两个，多出的没有存：{'、'.join(others[MOST_OTHER_CAUSES:])}",
                 TITLES["other_causes"])  # fmt: skip
    if "other_causes" in values or others:
        values["other_causes"] = "、".join(others[:MOST_OTHER_CAUSES]) or None


def _read_category(told: ToldRow, values: dict[str, Any], policy: "Policy", context: IntakeContext) -> None:
    """Settle the category in the policy's words of the day on which it began; what was written stays beside."""
    text = values.get("category")
    if text is None:
        return
    who = values.get("head_name") or values.get("member_name") or ""
    known = []
    for value, wording in policy.split_categories(str(text), values.get("identified_on") or context.as_of):
        if value is None:
            told.ask("unknown word", f"{who}：身份类别“{wording}”不在可用的词里，没有存", TITLES["category"])
        else:
            known.append(value)
    values["category"] = policy.ordered_categories(known)[0] if known else None
    written = (
        values.get("original_wording") or told.record.raw.get("category", "").strip() or str(text).strip()
    )
    if known and written != values["category"]:
        values["original_wording"] = written
    elif context.is_form:
        values["original_wording"] = None


def _read_risk(told: ToldRow, values: dict[str, Any], context: IntakeContext) -> None:
    """A day of clearing says that the risk is cleared; a 否 beside it is a question."""
    day = values.get("risk_cleared_on")
    if day is None:
        return
    if values.get("is_risk_cleared") is False:
        told.ask(
            "risk", f"{values.get('head_name') or ''}：风险写的是没有消除，又写了消除时间 {day}，请核对",
            TITLES["risk_cleared_on"],
        )  # fmt: skip
    elif not context.is_form or "is_risk_cleared" not in values:
        values["is_risk_cleared"] = True
