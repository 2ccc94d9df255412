"""The check of names that were cleaned on their way in (DOMAIN section 9, 4): before and after, explained once."""

from skillsaid_desktop.checks.check import Inspection
from skillsaid_desktop.ledgers.questions import CLEANED_NAME
from skillsaid_desktop.schema import Issue, Name, Severity

_NAME = Name()


def check_names(inspection: Inspection) -> list[Issue]:
    """◐ a name from which blanks, invisible characters, wrong dots or brackets were taken; ◐ one that still has some."""
    issues = [
        _about("student", person.id, f"{person.who}　{finding.message}")
        for person in inspection.people
        for finding in _NAME.parse(person.name).findings
        if finding.severity is Severity.FIXED
    ]
    for message, entity, record_id in inspection.reading.rows(
        "SELECT message, entity, record_id FROM open_question WHERE code = ? AND answered_at IS NULL ORDER BY id",
        (CLEANED_NAME,),
    ):
        if entity != "student" or record_id in inspection.by_id:
            issues.append(_about(entity, record_id, message))
    return issues


def _about(entity: str, record_id: int, message: str) -> Issue:
    return Issue(severity=Severity.ASK, code="4", message=message, entity=entity, record_id=record_id)
