"""Reading the journal: what was done, by whom, and what of it can be taken back."""

import json
from datetime import datetime
from typing import Any

from skillsaid_desktop.storage.records import ChangeRow, OperationRow

_COLUMNS = (
    'o.id, o.name, o."user", o.at, o.source, o.note, o.changes, o.summary, o.undoes_id, o.undone_by_id, '
    "o.undone_by_id IS NULL AND (o.changes > 0 OR o.undoes_id IS NOT NULL) AND o.is_barrier = 0 "
    "AND o.id > coalesce((SELECT max(id) FROM operation WHERE is_barrier), 0)"
)
_IS_OPEN = (
    "o.undone_by_id IS NULL AND (o.changes > 0 OR o.undoes_id IS NOT NULL) "
    "AND o.id > coalesce((SELECT max(id) FROM operation WHERE is_barrier), 0)"
)


def _row(values: tuple[Any, ...]) -> OperationRow:
    number, name, user, at, source, note, changes, summary, undoes, undone_by, can_undo = values
    return OperationRow(
        id=number,
        name=name,
        user=user,
        at=datetime.fromisoformat(at),
        source=source,
        note=note,
        changes=changes,
        summary=json.loads(summary),
        undoes_id=undoes,
        undone_by_id=undone_by,
        can_undo=bool(can_undo),
    )


def list_operations(cursor: Any, *, limit: int, offset: int, search: str) -> list[OperationRow]:
    """Return operations, newest first; `search` looks in name, user, source and note."""
    where, params = "", []
    for word in search.split():
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        where += " AND (o.name || ' ' || o.\"user\" || ' ' || o.source || ' ' || o.note) LIKE ? ESCAPE '\\'"
        params.append(f"%{escaped}%")
    found = cursor.execute(
        f"SELECT {_COLUMNS} FROM operation o WHERE 1 {where} ORDER BY o.id DESC LIMIT ? OFFSET ?",
        (*params, limit, offset),
    )
    return [_row(values) for values in found.fetchall()]


def get_operation(cursor: Any, operation_id: int) -> OperationRow | None:
    """Return one operation."""
    found = cursor.execute(f"SELECT {_COLUMNS} FROM operation o WHERE o.id = ?", (operation_id,)).fetchone()
    return _row(found) if found else None


def list_undoable(cursor: Any, limit: int) -> list[OperationRow]:
    """Return what Ctrl+Z takes back, in its order."""
    found = cursor.execute(
        f"SELECT {_COLUMNS} FROM operation o WHERE o.undoes_id IS NULL AND {_IS_OPEN} ORDER BY o.id DESC LIMIT ?",
        (limit,),
    )
    return [_row(values) for values in found.fetchall()]


def list_redoable(cursor: Any, limit: int) -> list[OperationRow]:
    """Return the undos that Ctrl+Y takes back: those in force and younger than every operation of their own."""
    found = cursor.execute(
        f"SELECT {_COLUMNS} FROM operation o JOIN operation r ON r.id = o.undoes_id "
        f"WHERE r.undoes_id IS NULL AND {_IS_OPEN} "
        "AND o.id > (SELECT max(id) FROM operation WHERE undoes_id IS NULL AND changes > 0) "
        "ORDER BY o.id DESC LIMIT ?",
        (limit,),
    )
    return [_row(values) for values in found.fetchall()]


def list_changes(cursor: Any, operation_id: int) -> list[ChangeRow]:
    """Return the rows that an operation touched, in order."""
    found = cursor.execute(
        "SELECT id, entity, record_id, before, after FROM change WHERE operation_id = ? ORDER BY id",
        (operation_id,),
    )
    return [
        ChangeRow(
            id=number,
            entity=entity,
            record_id=record_id,
            before=json.loads(before) if before else None,
            after=json.loads(after) if after else None,
        )
        for number, entity, record_id, before, after in found.fetchall()
    ]
