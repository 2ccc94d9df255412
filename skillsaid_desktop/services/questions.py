"""Open questions of stored rows (◐): listed with their place, answered once, one step to undo."""

from collections.abc import Sequence
from dataclasses import dataclass

from skillsaid_desktop.clock import now
from skillsaid_desktop.domain.entities import OpenQuestion
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage import LedgerFile, Reading


@dataclass(frozen=True)
class Question:
    """A question about a record that was stored all the same; `student_id` is whom it is about, if one."""

    id: int
    code: str
    message: str
    entity: str
    record_id: int
    file: str
    sheet: str
    row: int | None
    student_id: int | None


_SELECT = """
SELECT q.id, q.code, q.message, q.entity, q.record_id, q.file, q.sheet, q.row,
  CASE q.entity WHEN 'student' THEN q.record_id
    WHEN 'status_change' THEN (SELECT student_id FROM status_change WHERE id = q.record_id)
    WHEN 'monitoring_note' THEN (SELECT student_id FROM monitoring_note WHERE id = q.record_id)
    WHEN 'pairing' THEN (SELECT student_id FROM pairing WHERE id = q.record_id)
    WHEN 'contact' THEN (SELECT student_id FROM contact WHERE id = q.record_id)
    WHEN 'hardship_status' THEN (SELECT student_id FROM hardship_status WHERE id = q.record_id) END
FROM open_question q WHERE q.answered_at IS NULL AND q.code != 'name cleaned'
ORDER BY q.asked_at DESC, q.file, q.sheet, q.row, q.id
"""


def list_questions(reading: Reading) -> list[Question]:
    """Return the questions that nobody has answered, newest file first."""
    return [Question(*row) for row in reading.rows(_SELECT)]


def answer_questions(ledger_file: LedgerFile, question_ids: Sequence[int], answer: str) -> int:
    """Keep an answer to questions as one operation; return its id."""
    if not answer.strip():
        raise UserError("答复是空的，没有存。", "写一句核对的结果，例如“户口簿核对无误”。")
    with ledger_file.operation(f"答复 {len(question_ids)} 个疑问") as uow:
        at = now()
        uow.update_many(
            OpenQuestion,
            [{"id": one, "answer": answer.strip(), "answered_at": at} for one in question_ids],
        )
        uow.log_note(answer.strip())
    return uow.operation_id
