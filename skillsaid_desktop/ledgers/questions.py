"""Questions about rows that were stored: kept on the desk until somebody answers (PRODUCT, "How an imported row ends")."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from skillsaid_desktop.clock import now
from skillsaid_desktop.domain.entities import OpenQuestion
from skillsaid_desktop.ledgers.ledger import Ledger, Outcome, PlannedRow
from skillsaid_desktop.schema import Issue, Severity

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import UnitOfWork


def keep_questions(uow: "UnitOfWork", ledger: Ledger, rows: Sequence[PlannedRow]) -> int:
    """Keep the questions of stored rows, each once, even if it was answered before; return how many are new."""
    asked = [
        (planned.record_id, issue)
        for planned in rows
        if planned.issues and planned.outcome not in (Outcome.WAITING, Outcome.INVALID) and planned.record_id
        for issue in planned.issues
        if issue.severity is Severity.ASK
    ]
    return keep_questions_about(uow, ledger.entity, asked)


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
