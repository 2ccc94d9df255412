"""Questions about rows that were stored: kept on the desk until somebody answers (PRODUCT, "How an imported row ends")."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from skillsaid_desktop.clock import now
from skillsaid_desktop.domain.entities import OpenQuestion
from skillsaid_desktop.ledgers.ledger import Ledger, Outcome, PlannedRow
from skillsaid_desktop.schema import Issue, Name, Severity

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import UnitOfWork

CLEANED_NAME = "name cleaned"
"""A name that was cleaned is no question about its row, but what stood there is kept for check 4."""


def keep_questions(uow: "UnitOfWork", ledger: Ledger, rows: Sequence[PlannedRow]) -> int:
    """Keep the questions of stored rows, each once, even if it was answered before; return how many are new."""
    asked: list[tuple[int | None, Issue]] = [
        (planned.record_id, issue)
        for planned in rows
        if planned.issues and planned.outcome not in (Outcome.WAITING, Outcome.INVALID) and planned.record_id
        for issue in planned.issues
        if issue.severity is Severity.ASK
    ]
    asked += _cleaned_names(ledger, rows)
    return keep_questions_about(uow, ledger.entity, asked)


def _cleaned_names(ledger: Ledger, rows: Sequence[PlannedRow]) -> list[tuple[int | None, Issue]]:
    """Return the traces of names that were cleaned, where the ledger keeps the name itself."""
    if ledger.entity not in ("student", "household", "household_member"):
        return []
    titles = {each.title for each in ledger.importable if isinstance(each.type, Name)}
    return [
        (planned.record_id, replace(issue, code=CLEANED_NAME))
        for planned in rows
        if planned.issues and planned.is_stored and planned.record_id
        for issue in planned.issues
        if issue.severity is Severity.FIXED and issue.column in titles
    ]


def keep_questions_about(uow: "UnitOfWork", entity: str, asked: Sequence[tuple[int | None, Issue]]) -> int:
    """Keep questions about records of a table, each once."""
    if not asked:
        return 0
    known = {
        tuple(row)
        for row in uow.rows("SELECT record_id, code, message FROM open_question WHERE entity = ?", (entity,))
    }
    new = []
    for record_id, issue in asked:
        key = (record_id, issue.code, issue.message)
        if record_id is not None and key not in known:
            known.add(key)
            new.append(
                {
                    "code": issue.code, "message": issue.message, "entity": entity, "record_id": record_id,
                    "file": issue.file, "sheet": issue.sheet, "row": issue.row, "asked_at": now(),
                }
            )  # fmt: skip
    uow.insert_many(OpenQuestion, new)
    return len(new)
