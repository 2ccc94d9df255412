"""关注标记: who is to be watched and why, until somebody says why no longer; each act is one step that can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from skillsaid_desktop.clock import today
from skillsaid_desktop.domain.entities import AttentionFlag
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.storage.unit_of_work import Reading


@dataclass(frozen=True)
class OpenFlag:
    """A flag that nobody has cleared yet."""

    id: int
    reason: str
    raised_on: date
    raised_by: str


def load_open_flags(reading: Reading, student_id: int) -> list[OpenFlag]:
    """Return the open flags of a student, oldest first."""
    rows = reading.rows(
        "SELECT id, reason, raised_on, raised_by FROM attention_flag"
        " WHERE student_id = ? AND cleared_on IS NULL ORDER BY id",
        (student_id,),
    )
    return [OpenFlag(row[0], row[1], date.fromisoformat(row[2]), row[3]) for row in rows]


def raise_flag(ledger_file: LedgerFile, student_ids: Sequence[int], reason: str) -> int:
    """Flag students for one reason and return how many; who is flagged for that very reason already stays as he is."""
    why = _reason(reason, "为什么要关注")
    with ledger_file.operation(f"列入关注 {len(student_ids)} 人") as uow:
        wanted = [
            one for one in student_ids if why not in {each.reason for each in load_open_flags(uow, one)}
        ]
        if not wanted:
            raise UserError(f"已经因为“{why}”关注着了，没有再记一遍。", "要换原因，先取消关注再标。")
        flag = {"reason": why, "raised_on": today(), "raised_by": ledger_file.user}
        uow.insert_many(AttentionFlag, [{**flag, "student_id": one} for one in wanted])
        uow.rename(f"列入关注 {_who(uow, wanted)}：{why}")
    return len(wanted)


def clear_flags(ledger_file: LedgerFile, flag_ids: Sequence[int], reason: str) -> int:
    """Clear open flags for one reason and return how many."""
    why = _reason(reason, "为什么不再关注")
    places = ", ".join(str(int(one)) for one in flag_ids)
    with ledger_file.operation("取消关注") as uow:
        rows = uow.rows(
            f"SELECT id, student_id FROM attention_flag WHERE cleared_on IS NULL AND id IN ({places})"
        )
        if not rows:
            raise UserError("这些关注已经取消过了，台账没有改动。")
        cleared = {"cleared_on": today(), "cleared_by": ledger_file.user, "cleared_reason": why}
        uow.update_many(AttentionFlag, [{**cleared, "id": row[0]} for row in rows])
        uow.rename(f"取消关注 {_who(uow, sorted({row[1] for row in rows}))}：{why}")
    return len(rows)


def _reason(text: str, asked: str) -> str:
    reason = text.strip()
    if not reason:
        raise UserError(f"没有写{asked}，台账没有改动。", "写一句话，以后看得明白。")
    return reason


def _who(reading: Reading, student_ids: Sequence[int]) -> str:
    if len(student_ids) > 1:
        return f"{len(student_ids)} 人"
    return str(reading.scalar("SELECT name FROM student WHERE id = ?", (student_ids[0],)) or "")
