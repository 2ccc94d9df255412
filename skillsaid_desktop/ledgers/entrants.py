"""入学 and 转入 of somebody whom the ledger has not got: the change brings the student with it."""

from collections.abc import Callable
from datetime import date

from skillsaid_desktop.ledgers.change_targets import Target
from skillsaid_desktop.ledgers.ledger import (
    Difference,
    IntakeContext,
    Outcome,
    PlannedRow,
    issue_at,
    outcome_of,
)
from skillsaid_desktop.ledgers.reported import Reported
from skillsaid_desktop.ledgers.school_classes import KnownClass
from skillsaid_desktop.ledgers.student_writes import StudentWrites
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.document_number import born_on, kind_of_number, sex_of
from skillsaid_desktop.schema.record import Record


def plan_entrant(
    record: Record,
    issues: list[Issue],
    target: Target,
    class_for: Callable[[str], KnownClass],
    reported: Reported,
    context: IntakeContext,
    who: str,
) -> PlannedRow:
    """Plan a new student from a change row: 专业 and 培养层次 are those of the class."""
    values = record.values
    day: date = values["changed_on"]
    class_name = target.class_name or values.get("class_name")
    school_class = class_for(class_name) if class_name else None
    major = target.major or (school_class.major if school_class else None)
    level = target.level or (school_class.level if school_class else None)
    lacking = [
        title for title, value in (("班级", class_name), ("专业", major), ("培养层次", level)) if not value
    ]
    if lacking:
        message = f"{who}：台账里没有这个学生，{values['kind']}缺少{'、'.join(lacking)}"
        issues.append(issue_at(record, Severity.ASK, "missing", message, column=lacking[0], waits=True))
    if reported.touches(day) and not context.correction:
        from skillsaid_desktop.ledgers.change_plan import late_issue

        issues.append(late_issue(record, who, day, reported))
    number = values["document_number"]
    facts = {
        "name": who, "document_number": number, "document_kind": kind_of_number(number) or "其他",
        "sex": sex_of(number), "born_on": born_on(number),
        "registration_number": values.get("registration_number"), "student_number": values.get("student_number"),
    }  # fmt: skip
    entry = {
        "kind": values["kind"], "changed_on": day, "school_class": school_class, "major": major, "level": level,
        "other_school": target.school, "reason": values.get("reason"),
        "approval_number": values.get("approval_number"), "approved_on": values.get("approved_on"),
        "system_on": values.get("system_on"), "handled_by": values.get("handled_by"),
        "evidence": values.get("evidence"), "remark": values.get("remark"),
        "correction_reason": context.correction if reported.touches(day) else None,
        "source": context.origin(record) or None,
    }  # fmt: skip
    return PlannedRow(
        record=record, outcome=outcome_of(issues, Outcome.NEW), who=who, issues=issues,
        differences=(Difference("kind", "异动", "", values["kind"], f"新建学生{who}，登记“{values['kind']}”，{day}"),),
        writes=StudentWrites(facts=facts, changes=[entry]),
    )  # fmt: skip
