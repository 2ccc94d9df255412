"""Checks of households: exactly one 户主, and nobody in two of them (DOMAIN section 9, 7)."""

from collections import defaultdict
from typing import NamedTuple

from skillsaid_desktop.checks.check import Inspection, names
from skillsaid_desktop.domain.names import fold_name
from skillsaid_desktop.domain.relations import HEAD
from skillsaid_desktop.schema import Issue, Severity


class _Member(NamedTuple):
    household_id: int
    head_name: str
    place: str | None
    name: str
    number: str | None
    relation: str | None
    student_id: int | None

    @property
    def home(self) -> str:
        """The household as a sentence has it: 户主钟福生（下坑村）."""
        return f"户主{self.head_name}（{self.place}）" if self.place else f"户主{self.head_name}"


def check_households(inspection: Inspection) -> list[Issue]:
    """● a household without exactly one 户主; ◐ another head than 户主姓名 says; ◐ one person in two households.

    A household whose students have all left keeps no month open.
    """
    by_home: defaultdict[int, list[_Member]] = defaultdict(list)
    for row in inspection.reading.rows(
        "SELECT h.id, h.head_name, coalesce(h.village, h.township, h.county, h.number), m.name, m.document_number,"
        " m.relation, m.student_id FROM household h JOIN household_member m ON m.household_id = h.id"
        " ORDER BY h.id, m.id"
    ):
        by_home[row[0]].append(_Member(*row))
    here = {
        home: members
        for home, members in by_home.items()
        if not (linked := [one.student_id for one in members if one.student_id])
        or any(student_id in inspection.by_id for student_id in linked)
    }
    issues = [
        _about(home, Severity.BLOCK, f"户主{head}的户没有登记成员，一户要有一个户主")
        for home, head in inspection.reading.rows(
            "SELECT id, head_name FROM household h WHERE NOT EXISTS"
            " (SELECT 1 FROM household_member m WHERE m.household_id = h.id) ORDER BY id"
        )
    ]
    people: defaultdict[str, list[_Member]] = defaultdict(list)
    for home, members in here.items():
        heads = [one for one in members if one.relation == HEAD]
        if len(heads) != 1:
            told = (
                f"有 {len(heads)} 个户主：{names([one.name for one in heads])}" if heads else "成员里没有户主"
            )
            issues.append(_about(home, Severity.BLOCK, f"{members[0].home}的户{told}，应当正好有一个"))
        elif fold_name(heads[0].name) != fold_name(heads[0].head_name):
            message = f"{heads[0].home}的户，与户主关系写“户主”的是{heads[0].name}，请核对谁是户主"
            issues.append(_about(home, Severity.ASK, message))
        for one in members:
            if one.number:
                people[one.number[:18].upper()].append(one)
    for found in people.values():
        homes = {one.household_id: one for one in found}
        if len(homes) > 1:
            first, *others = homes.values()
            message = (
                f"{first.name}在{first.home}的户里，又在{'、'.join(one.home for one in others)}的户里，请核对"
            )
            issues.append(_about(first.household_id, Severity.ASK, message))
    return issues


def _about(household_id: int, severity: Severity, message: str) -> Issue:
    return Issue(severity=severity, code="7", message=message, entity="household", record_id=household_id)
