"""The check of categories that were over before the term began (DOMAIN section 9, 10): aid of the term hangs on them."""

from collections import defaultdict
from datetime import date

from skillsaid_desktop.checks.check import Inspection
from skillsaid_desktop.domain.months import term_began_on
from skillsaid_desktop.schema import Issue, Severity


def check_terms(inspection: Inspection) -> list[Issue]:
    """◐ a target category that ended, or whose risk was cleared, before the term, with no other one in force.

    ◐ a household whose risk was cleared before the term, while its student's category has no end.
    """
    began = term_began_on(inspection.day)
    policy = inspection.reading.policy
    over: defaultdict[int, list[tuple[int, str, str, str]]] = defaultdict(list)
    in_force: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for row_id, student_id, category, from_on, to_on, cleared_on in inspection.reading.rows(
        "SELECT id, student_id, category, from_on, to_on, risk_cleared_on FROM hardship_status ORDER BY from_on, id"
    ):
        found = policy.category(category)
        if student_id not in inspection.by_id or found is None or not found.is_target:
            continue
        if to_on and to_on < began.isoformat():
            over[student_id].append((row_id, category, to_on, "到此为止"))
        elif cleared_on and cleared_on < began.isoformat():
            over[student_id].append((row_id, category, cleared_on, "风险已消除"))
        elif from_on <= inspection.day.isoformat():
            in_force[student_id].append((row_id, category))
    issues = []
    for student_id, rows in over.items():
        if in_force[student_id]:
            continue
        row_id, category, on, why = rows[-1]
        issues.append(
            Issue(
                severity=Severity.ASK, code="10", entity="hardship_status", record_id=row_id,
                message=f"{inspection.who(student_id)}的{category} {_say(on)}{why}，本学期 {_say(began)}开学，"
                "请核对这学期还算不算帮扶对象",
            )
        )  # fmt: skip
    issues += _cleared_homes(inspection, began, in_force)
    return issues


def _cleared_homes(
    inspection: Inspection, began: date, in_force: defaultdict[int, list[tuple[int, str]]]
) -> list[Issue]:
    issues = []
    for student_id, head, cleared_on, category in inspection.reading.rows(
        "SELECT m.student_id, h.head_name, h.risk_cleared_on, h.category FROM household_member m JOIN household h"
        " ON h.id = m.household_id WHERE m.student_id IS NOT NULL AND h.is_risk_cleared AND h.risk_cleared_on < ?"
        " ORDER BY h.id, m.id",
        (began.isoformat(),),
    ):
        same = [row for row in in_force.get(student_id, ()) if _has_risk(inspection, row[1], category)]
        if same:
            issues.append(
                Issue(
                    severity=Severity.ASK, code="10", entity="hardship_status", record_id=same[0][0],
                    message=f"{inspection.who(student_id)}：户主{head}的户 {_say(cleared_on)}风险已消除，本人的{same[0][1]}"
                    f"还没有写止，本学期 {_say(began)}开学，请核对",
                )
            )  # fmt: skip
    return issues


def _has_risk(inspection: Inspection, category: str, of_household: str | None) -> bool:
    """Say whether a category ends with the household's risk: a monitored one, or the household's own."""
    found = inspection.reading.policy.category(category)
    return category == of_household or (found is not None and found.has_risk)


def _say(day: date | str) -> str:
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{found.year}年{found.month}月{found.day}日"
