"""The check of dated changes: what can not be, and what contradicts (DOMAIN section 9, 35)."""

from collections import defaultdict
from datetime import date

from skillsaid_desktop.checks.check import Inspection
from skillsaid_desktop.domain.status import ENTRY, Event, check_events
from skillsaid_desktop.schema import Issue, Severity


def check_changes(inspection: Inspection) -> list[Issue]:
    """● impossible changes and two of one day that contradict, of everybody who was here this month."""
    only = dict(
        inspection.reading.rows(
            "SELECT student_id, min(kind) FROM status_change GROUP BY student_id HAVING count(*) = 1"
        )
    )
    events: defaultdict[int, list[Event]] = defaultdict(list)
    for row in inspection.reading.rows(
        "SELECT student_id, kind, changed_on, is_opening, is_inferred, roster_before_on, roster_on, id"
        " FROM status_change ORDER BY student_id, changed_on, id"
    ):
        student_id, kind, on, opening, inferred, before, roster, row_id = row
        if student_id in inspection.by_id and only.get(student_id) not in ENTRY:
            event = Event(
                kind,
                date.fromisoformat(on),
                None,
                None,
                None,
                bool(opening),
                bool(inferred),
                date.fromisoformat(before) if before else None,
                date.fromisoformat(roster) if roster else None,
                row_id,
            )
            events[student_id].append(event)
    issues: list[Issue] = []
    for person in inspection.people:
        if only.get(person.id) in ENTRY:
            continue  # he entered, and that is all
        own = events.get(person.id, [])
        if not own:
            message = f"{person.who}没有入学记录，请补登入学日期"
            issues.append(_block(message, "student", person.id))
        for problem in check_events(own):
            issues.append(_block(f"{person.who}{problem.message}", "status_change", problem.event.id))
    return issues


def _block(message: str, entity: str, record_id: int | None) -> Issue:
    return Issue(severity=Severity.BLOCK, code="35", message=message, entity=entity, record_id=record_id)
