"""Checks of the school against other offices' rosters (DOMAIN section 9, 5 and 9)."""

from skillsaid_desktop.checks.check import Inspection
from skillsaid_desktop.domain.names import name_relation
from skillsaid_desktop.ledgers.comparison import Answer, Entry, Outcome
from skillsaid_desktop.schema import Issue, Severity


def check_names_in_rosters(inspection: Inspection) -> list[Issue]:
    """◐ one number, two names; ○ if they sound or look alike."""
    issues = []
    for entry in inspection.comparison.entries:
        own = entry.student.side
        for each in entry.people:
            other = each.candidate.side
            if own.resident_number is None or own.resident_number != other.resident_number:
                continue
            relation = name_relation(own.folded, other.folded)
            is_judged = (
                each.verdict is not None and each.verdict.answer is Answer.SAME and not each.is_withdrawn
            )
            if relation == "equal" or is_judged:
                continue
            severity = Severity.ASK if relation == "different" else Severity.HINT
            message = (
                f"{entry.student.who}：同一个证件号，{each.roster.office}名册里叫{other.name}，请对照原件"
            )
            issues.append(_about(entry, "5", message, severity))
    return issues


def check_rosters(inspection: Inspection) -> list[Issue]:
    """◐ in the roster and not registered, registered and not in the roster, undecided; enrolled and absent all month."""
    issues = []
    for entry in inspection.comparison.entries:
        person, who = entry.person, entry.student.who
        if entry.outcome is Outcome.ONLY_IN_POVERTY and person is not None:
            message = f"{who}：{person.roster.office}名册里是{person.facts.wording}，学校没有登记为帮扶对象"
        elif entry.outcome is Outcome.ONLY_IN_SCHOOL:
            message = f"{who}：学校登记是{entry.student.category}，{entry.student.side.county}的名册里没有"
        elif entry.outcome is Outcome.PROBABLE and person is not None and not entry.student.is_target:
            message = f"{who}：可能就是{person.roster.office}名册里的{person.candidate.side.name}，还没有判定"
        else:
            continue
        issues.append(_about(entry, "9", message))
    for student_id, days_due in inspection.reading.rows(
        "SELECT student_id, max(days_due) FROM monitoring_note WHERE month = ? GROUP BY student_id"
        " HAVING max(coalesce(days_present, 1)) = 0 AND max(days_due) > 0",
        (inspection.month,),
    ):
        message = f"{inspection.who(student_id)}：在籍，本月应出勤 {days_due} 天，一天也没有到校"
        issues.append(
            Issue(severity=Severity.ASK, code="9", message=message, entity="student", record_id=student_id)
        )
    return issues


def _about(entry: Entry, code: str, message: str, severity: Severity = Severity.ASK) -> Issue:
    return Issue(severity=severity, code=code, message=message, entity="student", record_id=entry.student.id)
