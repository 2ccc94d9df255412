"""Reading the journal: what was done, by whom, and what of it can be taken back."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from skillsaid_desktop.storage.records import ChangeRow, HistorySize, LaterOperation, OperationRow

_COLUMNS = (
    'o.id, o.name, o."user", o.at, o.source, o.note, o.changes, o.summary, o.undoes_id, o.undone_by_id, '
    "o.undone_by_id IS NULL AND (o.changes > 0 OR o.undoes_id IS NOT NULL) AND o.is_barrier = 0 "
    "AND o.id > coalesce((SELECT max(id) FROM operation WHERE is_barrier), 0)"
)
_CORRECTS = "o.id IN ({})".format(
    " UNION ".join(
        f"SELECT c.operation_id FROM {table} r CROSS JOIN change c ON c.record_id = r.id AND c.entity = '{table}'"
        ' WHERE r.correction_reason IS NOT NULL AND c.after LIKE \'%"correction_reason":"%\''
        for table in ("status_change", "hardship_status")
    )
)
"""From the few rows that were corrected to their steps: from a step it would be all that an import changed."""
_IMPORTS = "(o.name LIKE '导入%' OR o.name LIKE '收到%')"
_CLOSES = f"(o.summary LIKE '%\"reporting_month\"%' OR {_CORRECTS})"
_GOES_OUT = "(o.changes = 0 AND o.undoes_id IS NULL AND o.is_barrier = 0 AND o.name NOT LIKE '整理%')"
_KINDS = {
    "": "1",
    "edit": f"NOT {_GOES_OUT} AND NOT {_IMPORTS} AND NOT {_CLOSES}",
    "import": _IMPORTS,
    "out": _GOES_OUT,
    "closing": _CLOSES,
}
"""Which operations a chip of 操作记录 shows: 登记与修改, 导入, 导出与显示, 封账与更正."""
_IS_OPEN = (
    "o.undone_by_id IS NULL AND (o.changes > 0 OR o.undoes_id IS NOT NULL) "
    "AND o.id > coalesce((SELECT max(id) FROM operation WHERE is_barrier), 0)"
)


def _row(values: tuple[Any, ...]) -> OperationRow:
    number, name, user, at, source, note, changes, summary, undoes, undone_by, can_undo, *corrects = values
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
        is_correction=corrects == [1],
    )


def list_operations(
    cursor: Any, *, limit: int, offset: int, search: str, kind: str = ""
) -> list[OperationRow]:
    """Return operations, newest first; `search` looks in name, user, source and note, `kind` is one of _KINDS."""
    where, params = _where(search, kind)
    found = cursor.execute(
        f"SELECT {_COLUMNS}, {_CORRECTS} FROM operation o WHERE {where} ORDER BY o.id DESC LIMIT ? OFFSET ?",
        (*params, limit, offset),
    )
    return [_row(values) for values in found.fetchall()]


def newest_at(cursor: Any) -> datetime:
    """Return when the newest operation was; a ledger has at least the one that made it."""
    (at,) = cursor.execute("SELECT at FROM operation ORDER BY id DESC LIMIT 1").fetchone()
    return datetime.fromisoformat(at)


def measure_history(cursor: Any, *, search: str, kind: str) -> HistorySize:
    """Return how many operations and changes there are, and when the first was."""
    where, params = _where(search, kind)
    steps, changes, first = cursor.execute(
        f"SELECT count(*), coalesce(sum(o.changes), 0), min(o.at) FROM operation o WHERE {where}", params
    ).fetchone()
    return HistorySize(steps, changes, datetime.fromisoformat(first) if first else None)


def _where(search: str, kind: str) -> tuple[str, list[str]]:
    where, params = _KINDS[kind], []
    for word in search.split():
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        where += " AND (o.name || ' ' || o.\"user\" || ' ' || o.source || ' ' || o.note) LIKE ? ESCAPE '\\'"
        params.append(f"%{escaped}%")
    return where, params


def list_later(cursor: Any, operation_id: int) -> list[LaterOperation]:
    """Return the later operations in force that touched the same rows, the newest first."""
    found = cursor.execute(
        "SELECT o.id, count(DISTINCT e.entity || e.record_id) FROM (SELECT DISTINCT entity, record_id FROM change"
        " WHERE operation_id = :id) e CROSS JOIN change l ON l.record_id = e.record_id AND l.entity = e.entity"
        " AND l.operation_id > :id JOIN operation o ON o.id = l.operation_id WHERE o.undone_by_id IS NULL"
        " AND (o.undoes_id IS NULL OR o.undoes_id < :id) GROUP BY o.id ORDER BY o.id DESC LIMIT 50",
        {"id": operation_id},
    ).fetchall()
    rows = [(get_operation(cursor, later), records) for later, records in found]
    return [LaterOperation(row, records) for row, records in rows if row is not None]


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


def list_changes(
    cursor: Any, operation_id: int, *, without: Sequence[str] = (), limit: int = -1
) -> list[ChangeRow]:
    """Return the rows that an operation touched, in order: the first `limit` of them, without those of some tables."""
    marks = ", ".join("?" * len(without))
    found = cursor.execute(
        "SELECT id, entity, record_id, before, after FROM change"
        f" WHERE operation_id = ? AND entity NOT IN ({marks}) ORDER BY id LIMIT ?",
        (operation_id, *without, limit),
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
