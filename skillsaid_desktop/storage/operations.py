"""The first and the last lines of every operation, written in its own transaction."""

import json
from typing import Any

from skillsaid_desktop import clock
from skillsaid_desktop.storage.chain import seal_operation
from skillsaid_desktop.storage.records import Changes
from skillsaid_desktop.storage.touched import read_touched, refresh_projection
from skillsaid_desktop.storage.unit_of_work import UnitOfWork


def start_operation(cursor: Any, name: str, user: str, source: str, undoes_id: int | None) -> int:
    """Write the operation's row, make it the current one and return its id."""
    cursor.execute(
        'INSERT INTO operation (name, "user", at, source, note, undoes_id, is_barrier, changes, summary, digest) '
        "VALUES (?, ?, ?, ?, '', ?, 0, 0, '{}', x'')",
        (name, user, clock.now().isoformat(), source, undoes_id),
    )
    operation_id: int = cursor.lastrowid
    cursor.execute("UPDATE current_operation SET operation_id = ?", (operation_id,))
    return operation_id


def finish_operation(cursor: Any, uow: UnitOfWork, *, refresh_all: bool = False) -> Changes:
    """Count the changes, rebuild what is computed from them, seal the operation, end its being current.

    Sets `uow.is_recorded`: False if nothing was changed, noted or undone, and the caller rolls back.
    """
    touched = read_touched(uow)
    summary = touched.summary
    uow.changes = sum(summary.values())
    uow.is_recorded = bool(summary or uow.notes or uow.is_barrier or uow.is_undo)
    if uow.is_recorded:
        refresh_projection(uow, touched, refresh_all=refresh_all)
        cursor.execute(
            "UPDATE operation SET name = ?, note = ?, is_barrier = ?, changes = ?, summary = ? WHERE id = ?",
            (
                uow.name,
                "\n".join(uow.notes),
                uow.is_barrier,
                uow.changes,
                json.dumps(summary, sort_keys=True),
                uow.operation_id,
            ),
        )
        digest = seal_operation(cursor, uow.operation_id)
        cursor.execute("UPDATE operation SET digest = ? WHERE id = ?", (digest, uow.operation_id))
        cursor.execute("UPDATE current_operation SET operation_id = NULL")
    return Changes(uow.operation_id, uow.name, frozenset(summary))
