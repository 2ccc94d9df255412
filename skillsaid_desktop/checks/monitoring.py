"""Checks of monthly monitoring: who has no note, no measure, a measure past its date (DOMAIN section 9, 30)."""

from skillsaid_desktop.checks.check import Inspection, say
from skillsaid_desktop.schema import Issue, Severity


def check_monitoring(inspection: Inspection) -> list[Issue]:
    """◐ no note this month; difficulty without a measure; a measure past its date without a result."""
    figures = inspection.figures
    noted = {person.student_id for person in figures["T2"].people}
    helped = {person.student_id for person in figures["T5"].people}
    issues = [
        _ask(person.student_id, f"{inspection.who(person.student_id)}本月没有监测记录")
        for person in figures["T1"].people
        if person.student_id not in noted
    ]
    issues += [
        _ask(person.student_id, f"{inspection.who(person.student_id)}困难等级{person.note}，没有帮助措施")
        for person in figures["T4"].people
        if person.student_id not in helped
    ]
    for student_id, measure, due_on in inspection.reading.rows(
        "SELECT coalesce(n.student_id, c.student_id), m.measure, m.due_on FROM help_measure m"
        " LEFT JOIN monitoring_note n ON n.id = m.note_id LEFT JOIN contact c ON c.id = m.contact_id"
        " WHERE m.due_on <= :day AND m.completed_on IS NULL AND coalesce(m.result, '') = ''"
        " AND (n.month <= :month OR c.contacted_on <= :day) ORDER BY m.due_on, m.id",
        {"day": inspection.day.isoformat(), "month": inspection.month},
    ):
        message = f"{inspection.who(student_id)}的措施“{measure}”{say(due_on)}到期，还没有结果"
        issues.append(_ask(student_id, message))
    return issues


def _ask(student_id: int, message: str) -> Issue:
    return Issue(severity=Severity.ASK, code="30", message=message, entity="student", record_id=student_id)
