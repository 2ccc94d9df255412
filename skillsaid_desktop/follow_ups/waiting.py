"""What follows from imports: a row that waits in 待处理."""

import json
from collections.abc import Iterator
from datetime import datetime

from skillsaid_desktop.follow_ups.follow_up import FollowUp, Ground
from skillsaid_desktop.ledgers.timeline import Place
from skillsaid_desktop.schema import Severity
from skillsaid_desktop.schema.issue import without_who
from skillsaid_desktop.schema.masking import mask_words


def waiting_rows(ground: Ground) -> Iterator[FollowUp]:
    """Yield the rows that wait for an answer or were refused; of one student those that carry his number."""
    number = "json_extract(p.cells, '$.document_number')"
    for row_id, student_id, who, class_name, row, issues, received_at in ground.reading.rows(
        "SELECT p.id, s.id, p.who, coalesce(json_extract(p.cells, '$.class_name'), ''), p.row, p.issues, p.received_at"
        f" FROM pending_row p LEFT JOIN student s ON s.document_number = {number}"
        f" WHERE p.resolved_at IS NULL{ground.only('s.id')} ORDER BY p.received_at, p.file, p.row"
    ):
        found = json.loads(issues)
        stopping = [each for each in found if each.get("waits") or each["severity"] == Severity.BLOCK]
        # Who it is stands in a column of its own.
        reason = "；".join(without_who(each["message"], who) for each in stopping or found)
        on = datetime.fromisoformat(received_at).date()
        yield FollowUp(
            kind="waiting", student_id=student_id, who=who, class_name=class_name,
            text=f"第 {row} 行没有导入：{mask_words(reason)}", due_on=on, since=on,
            responsible=ground.coordinator, severity=Severity.ASK,
            place=Place("pending", {"row": row_id}, "去处理"),
        )  # fmt: skip
