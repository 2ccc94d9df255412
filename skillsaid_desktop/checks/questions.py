"""Questions that imports left open: each stays on the desk, under its check, until it is answered."""

from skillsaid_desktop.checks.check import Inspection
from skillsaid_desktop.ledgers.questions import CLEANED_NAME
from skillsaid_desktop.schema import Issue, Severity

CHECK_OF: dict[str, str] = {
    "area code": "1",
    "same name and birth date": "2",
    "sex": "3",
    "birth date": "3",
    "age": "6",
    "difficulty without measure": "30",
    "leader left": "31",
    "student left": "31",
    CLEANED_NAME: "4",
    "household head": "7",
    "one person in two households": "7",
}
"""Import codes whose question a check of the month asks anew from what is stored."""

IMPORT_CODE = "0"


def check_questions(inspection: Inspection) -> list[Issue]:
    """◐ questions about stored rows that no other check asks."""
    return [
        Issue(
            severity=Severity.ASK,
            code=IMPORT_CODE,
            message=message,
            file=file,
            sheet=sheet,
            row=row,
            entity=entity,
            record_id=record_id,
        )
        for code, message, file, sheet, row, entity, record_id in inspection.reading.rows(
            "SELECT code, message, file, sheet, row, entity, record_id FROM open_question"
            " WHERE answered_at IS NULL ORDER BY id"
        )
        if code not in CHECK_OF
    ]


def answered(inspection: Inspection) -> dict[tuple[str, str, int], str]:
    """Return the answers given to import questions, by check and record: what was answered is not asked again."""
    return {
        (CHECK_OF[code], entity, record_id): answer or ""
        for code, entity, record_id, answer in inspection.reading.rows(
            "SELECT code, entity, record_id, answer FROM open_question WHERE answered_at IS NOT NULL"
            " AND entity IN ('student', 'household', 'pairing')"
        )
        if code in CHECK_OF
    }
