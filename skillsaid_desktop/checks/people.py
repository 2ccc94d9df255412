"""Checks of a person's own facts: number, doubles, sex and birth date, age (DOMAIN section 9, 1, 2, 3, 6)."""

from collections import defaultdict
from datetime import date

from skillsaid_desktop.checks.check import Inspection, Person
from skillsaid_desktop.domain.relations import SEX_OF_RELATION
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.document_number import age_on, born_on, number_findings, sex_of

_YOUNGEST, _OLDEST = 14, 30


def _about(
    person: Person,
    code: str,
    message: str,
    severity: Severity = Severity.ASK,
    people: tuple[int, ...] = (),
) -> Issue:
    return Issue(
        severity=severity, code=code, message=message, entity="student", record_id=person.id, people=people
    )


def check_numbers(inspection: Inspection) -> list[Issue]:
    """● length, check digit, real date; ◐ area code unknown, or a number that waits for its paper (证件号待核)."""
    issues: list[Issue] = []
    for person in inspection.people:
        if not person.number:
            severity = Severity.ASK if person.is_pending else Severity.BLOCK
            word = "证件号待核，请尽快补录" if person.is_pending else "没有登记证件号"
            issues.append(_about(person, "1", f"{person.who}{word}", severity))
            continue
        if person.kind not in ("居民身份证", "残疾人证"):
            continue
        for finding in number_findings(person.number):
            severity = Severity.ASK if person.is_pending else finding.severity
            issues.append(_about(person, "1", f"{person.who}：{finding.message}", severity))
    return issues


def check_doubles(inspection: Inspection) -> list[Issue]:
    """● one number on two students; ◐ same name and birth date, different number."""
    by_number: defaultdict[str, list[Person]] = defaultdict(list)
    by_name: defaultdict[tuple[str, date | None], list[Person]] = defaultdict(list)
    for person in inspection.people:
        if person.number:
            # A disability certificate begins with the resident number.
            by_number[person.number[:18].upper()].append(person)
        born = born_on(person.number) or (date.fromisoformat(person.born_on) if person.born_on else None)
        by_name[person.name, born].append(person)
    issues = [
        _about(
            people[0],
            "2",
            f"{'、'.join(one.who for one in people)}登记了同一个证件号，尾号 {number[-4:]}",
            Severity.BLOCK,
            tuple(one.id for one in people),
        )
        for number, people in by_number.items()
        if len(people) > 1
    ]
    for (_, born), people in by_name.items():
        if born is None or len(people) < 2 or len({one.number for one in people}) < 2:
            continue
        tails = "、".join(f"{one.class_name or '没有班级'} 尾号 {(one.number or '')[-4:]}" for one in people)
        for person in people:
            issues.append(
                _about(
                    person,
                    "2",
                    f"{person.name}：有 {len(people)} 人同名、同为 {born} 出生，证件号不同（{tails}）",
                )
            )
    return issues


def check_sex_and_birth(inspection: Inspection) -> list[Issue]:
    """◐ sex or birth date against the number; 之子, 之女 and the like against sex."""
    issues: list[Issue] = []
    for person in inspection.people:
        sex, born = sex_of(person.number), born_on(person.number)
        if sex and person.sex and sex != person.sex:
            issues.append(_about(person, "3", f"{person.who}：性别填的是{person.sex}，身份证号里是{sex}"))
        if born and person.born_on and born.isoformat() != person.born_on:
            message = f"{person.who}：出生日期填的是 {person.born_on}，身份证号里是 {born}"
            issues.append(_about(person, "3", message))
        by_relation = SEX_OF_RELATION.get(person.relation or "")
        own = person.sex or sex
        if by_relation and own and by_relation != own:
            issues.append(_about(person, "3", f"{person.who}：与户主关系是{person.relation}，性别是{own}"))
    return issues


def check_ages(inspection: Inspection) -> list[Issue]:
    """◐ under 14 (sensitive information of a child, PIPL art. 28) or over 30."""
    issues: list[Issue] = []
    for person in inspection.people:
        born = born_on(person.number) or (date.fromisoformat(person.born_on) if person.born_on else None)
        if born is None:
            continue
        age = age_on(born, inspection.day)
        if age < _YOUNGEST:
            issues.append(_about(person, "6", f"{person.who} {age} 岁，未满 14 周岁，属儿童敏感信息"))
        elif age > _OLDEST:
            issues.append(_about(person, "6", f"{person.who} {age} 岁，超过 30 岁，请核对"))
    return issues
