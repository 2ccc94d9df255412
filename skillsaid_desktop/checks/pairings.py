"""Checks of one-to-one help: whom nobody helps, who was not spoken to for long, pairings without their end (31)."""

from datetime import date

from skillsaid_desktop.checks.check import Inspection, say
from skillsaid_desktop.ledgers.leavers import Leavers
from skillsaid_desktop.ledgers.pairing_standing import active_pairings, unpaired_students
from skillsaid_desktop.schema import Issue, Severity

OF_COUNTY = "对口县的"
"""Stands before the name of whom the school must help first; a line about many says it once."""


def check_pairings(inspection: Inspection) -> list[Issue]:
    """◐ target without a pairing; no contact for the set number of weeks; leader or student left, pairing open."""
    reading, day = inspection.reading, inspection.day
    pairings = active_pairings(reading, day)
    unpaired = unpaired_students(reading, day)
    if unpaired and not reading.scalar("SELECT EXISTS (SELECT 1 FROM pairing)"):
        # A school that has not begun is told so once, not for each of its students.
        message = f"还没有登记结对：在籍帮扶对象 {len(unpaired)} 人都没有校领导结对"
        people = tuple(each.student_id for each in unpaired)
        issues = [Issue(severity=Severity.ASK, code="31", message=message, entity="pairing", people=people)]
    else:
        issues = [
            Issue(
                severity=Severity.ASK, code="31", entity="student", record_id=each.student_id,
                message=f"{OF_COUNTY if each.is_paired_county else ''}{inspection.who(each.student_id)}没有校领导结对",
            )
            for each in unpaired
        ]  # fmt: skip
    leaving = Leavers(reading, day).waiting
    for each in pairings:
        if each.has_leader_left:
            left = f"“{each.end_reason}”" if each.end_reason else "已离任"
            message = f"{each.leader}{left}，和{each.who}的结对还没有解除"
        elif not each.is_enrolled:
            message = f"{each.who}已{each.state or '不在校'}，和{each.leader}的结对还没有解除"
        elif each.student_id in leaving:
            message = f"{each.who}：{leaving[each.student_id]}，和{each.leader}的结对还没有解除"
        elif each.is_overdue:
            since = _say(each.last_on or each.paired_on, day)
            last = f"上次联系是{since}" if each.last_on else f"{since}结对以来没有联系过"
            message = f"{each.leader}和{each.who}：{last}，已有 {each.days} 天没有联系"
        else:
            continue
        issues.append(
            Issue(severity=Severity.ASK, code="31", message=message, entity="pairing", record_id=each.id)
        )
    return issues


def _say(on: date, day: date) -> str:
    return say(on) if on.year == day.year else f"{on.year}年{say(on)}"
