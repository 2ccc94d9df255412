"""Taking an operation back, in SQL sets: every row it touched goes back to what it was before.

A row may be restored only if it still is what the operation left behind; else the later operation is named.
Undoing is an operation itself, journalled like any other, so a redo is the undo of an undo.
"""

import re
from typing import Any

from sqlalchemy import Table
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # it has no stubs

from skillsaid_desktop.domain.entities import Attachment, Entity
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage.contents import missing_content
from skillsaid_desktop.storage.journal import row_json

_PLAN = """
    CREATE TEMP TABLE undo_plan AS
    SELECT entity, record_id,
        (SELECT before FROM change WHERE id = first_id) AS before,
        (SELECT after FROM change WHERE id = last_id) AS after
    FROM (SELECT entity, record_id, min(id) AS first_id, max(id) AS last_id
          FROM change WHERE operation_id = ? GROUP BY entity, record_id)
"""


def restore_rows(cursor: Any, operation_id: int) -> None:
    """Put every row that the operation touched back; UserError names the operation in the way."""
    cursor.execute("DROP TABLE IF EXISTS temp.undo_plan")
    cursor.execute(_PLAN, (operation_id,))
    try:
        cursor.execute("CREATE UNIQUE INDEX temp.undo_plan_rows ON undo_plan (entity, record_id)")
        touched = {name for (name,) in cursor.execute("SELECT DISTINCT entity FROM undo_plan").fetchall()}
        tables = [table for table in Entity.metadata.sorted_tables if table.name in touched]
        for table in tables:
            _check_unchanged(cursor, table, operation_id)
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute("SAVEPOINT restoring")
        try:
            _restore(cursor, tables)
        except dbapi2.IntegrityError as error:
            if "UNIQUE" not in str(error):
                raise
            # Rows that traded unique values need to be out of the way first.
            cursor.execute("ROLLBACK TO restoring")
            try:
                _restore_through_delete(cursor, tables)
            except dbapi2.IntegrityError as second:
                raise _taken(cursor, str(second), operation_id) from second
        cursor.execute("RELEASE restoring")
        _check_references(cursor, tables, operation_id)
        _check_files(cursor, tables, operation_id)
    finally:
        cursor.execute("DROP TABLE IF EXISTS temp.undo_plan")


def mark_undone(cursor: Any, operation_id: int, by_id: int) -> None:
    """Note that an operation is no longer in force, and what that means for the one it had undone itself."""
    undone: int | None = operation_id
    value: int | None = by_id
    while undone is not None:
        cursor.execute("UPDATE operation SET undone_by_id = ? WHERE id = ?", (value, undone))
        below = cursor.execute("SELECT undoes_id FROM operation WHERE id = ?", (undone,)).fetchone()[0]
        value = None if value is not None else undone
        undone = below


def _restore(cursor: Any, tables: list[Table]) -> None:
    for table in reversed(tables):
        _delete_made(cursor, table)
    for table in tables:
        _update(cursor, table)
        _insert_deleted(cursor, table, "after IS NULL AND before IS NOT NULL")


def _restore_through_delete(cursor: Any, tables: list[Table]) -> None:
    for table in reversed(tables):
        cursor.execute(
            f'DELETE FROM "{table.name}" WHERE id IN '
            "(SELECT record_id FROM undo_plan WHERE entity = ? AND after IS NOT NULL)",
            (table.name,),
        )
    for table in tables:
        _insert_deleted(cursor, table, "before IS NOT NULL")


def _delete_made(cursor: Any, table: Table) -> None:
    cursor.execute(
        f'DELETE FROM "{table.name}" WHERE id IN '
        "(SELECT record_id FROM undo_plan WHERE entity = ? AND before IS NULL AND after IS NOT NULL)",
        (table.name,),
    )


def _update(cursor: Any, table: Table) -> None:
    names = [column.name for column in table.columns if column.name != "id"]
    values = ", ".join(f"\"{name}\" = json_extract(p.before, '$.{name}')" for name in names)
    cursor.execute(
        f'UPDATE "{table.name}" SET {values} FROM undo_plan p WHERE p.entity = ? '
        f'AND p.record_id = "{table.name}".id AND p.before IS NOT NULL AND p.after IS NOT NULL',
        (table.name,),
    )


def _insert_deleted(cursor: Any, table: Table, which: str) -> None:
    names = [column.name for column in table.columns]
    quoted = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(f"json_extract(before, '$.{name}')" for name in names)
    cursor.execute(
        f'INSERT INTO "{table.name}" ({quoted}) SELECT {values} FROM undo_plan WHERE entity = ? AND {which} '
        "ORDER BY record_id",
        (table.name,),
    )


# --- what is in the way --------------------------------------------------------------------------------


def _check_unchanged(cursor: Any, table: Table, operation_id: int) -> None:
    """Raise UserError if a row isn't any more what the operation left behind."""
    # An older journal names what is empty; patching nothing with it leaves that out.
    found = cursor.execute(
        "SELECT record_id FROM (SELECT p.record_id, p.after, "
        f"CASE WHEN t.id IS NOT NULL THEN {row_json(table, 't')} END AS now "
        f'FROM undo_plan p LEFT JOIN "{table.name}" t ON t.id = p.record_id WHERE p.entity = ? LIMIT -1) '
        "WHERE now IS NOT after AND now IS NOT json_patch('{}', iif(json_valid(after), after, NULL)) LIMIT 1",
        (table.name,),
    ).fetchone()
    if found:
        raise _in_the_way(cursor, table.name, found[0], operation_id)


def _check_references(cursor: Any, tables: list[Table], operation_id: int) -> None:
    """Raise UserError if a row would now point at a row that isn't there."""
    touched = {table.name for table in tables}
    for child in Entity.metadata.sorted_tables:
        for key in child.foreign_keys:
            parent, column = key.column.table.name, key.parent.name
            checks = []
            if parent in touched:  # rows that still hang on one that was taken away
                checks.append(
                    f'SELECT c.id FROM undo_plan p JOIN "{child.name}" c ON c."{column}" = p.record_id '
                    f"WHERE p.entity = '{parent}' AND p.before IS NULL LIMIT 1"
                )
            if child.name in touched:  # rows that came back without what they hang on
                checks.append(
                    f'SELECT c.id FROM undo_plan p JOIN "{child.name}" c ON c.id = p.record_id '
                    f"WHERE p.entity = '{child.name}' AND c.\"{column}\" IS NOT NULL "
                    f'AND NOT EXISTS (SELECT 1 FROM "{parent}" q WHERE q.id = c."{column}") LIMIT 1'
                )
            for number, check in enumerate(checks):
                found = cursor.execute(check).fetchone()
                if not found:
                    continue
                entity, record = child.name, found[0]
                if number == len(checks) - 1 and child.name in touched:
                    missing = cursor.execute(
                        f'SELECT "{column}" FROM "{child.name}" WHERE id = ? '
                        f'AND "{column}" NOT IN (SELECT id FROM "{parent}")',
                        (record,),
                    ).fetchone()
                    if missing:
                        entity, record = parent, missing[0]
                raise _in_the_way(cursor, entity, record, operation_id)


def _check_files(cursor: Any, tables: list[Table], operation_id: int) -> None:
    """Raise UserError if files would hang on a record that is taken away, or come back without their content."""
    for table in tables:
        found = cursor.execute(
            "SELECT a.id FROM undo_plan p JOIN attachment a ON a.entity = p.entity AND a.record_id = p.record_id "
            "WHERE p.entity = ? AND p.before IS NULL LIMIT 1",
            (table.name,),
        ).fetchone()
        if found:
            raise _in_the_way(cursor, Attachment.__tablename__, found[0], operation_id)
    if any(table.name == Attachment.__tablename__ for table in tables):
        rows = cursor.execute("SELECT record_id FROM undo_plan WHERE entity = ?", (Attachment.__tablename__,))
        lost = missing_content(cursor, [record_id for (record_id,) in rows.fetchall()])
        if lost is not None:
            name = cursor.execute("SELECT name FROM operation WHERE id = ?", (operation_id,)).fetchone()[0]
            raise UserError(
                f"“{name}”撤销不了：材料“{lost}”移除以后，它的内容已经清除。台账没有改动。",
                "要用它，请从清除以前的备份里取出来，再添加一次。",
            )


def _in_the_way(cursor: Any, entity: str, record_id: int, operation_id: int) -> UserError:
    later = cursor.execute(
        "SELECT o.name, o.at FROM change c JOIN operation o ON o.id = c.operation_id "
        "WHERE c.entity = ? AND c.record_id = ? AND o.id > ? "
        "AND o.id <> (SELECT operation_id FROM current_operation) ORDER BY o.id DESC LIMIT 1",
        (entity, record_id, operation_id),
    ).fetchone()
    name = cursor.execute("SELECT name FROM operation WHERE id = ?", (operation_id,)).fetchone()[0]
    if later is None:
        return UserError(
            f"“{name}”撤销不了：它登记的内容后来变了，操作记录里找不到是哪一步。台账没有改动。",
            "请到“设置—备份与恢复”核对台账，有问题就从备份恢复。",
        )
    at = later[1].replace("T", " ")[:16]
    return UserError(
        f"“{name}”撤销不了：后面的“{later[0]}”（{at}）改过同样的内容。台账没有改动。",
        f"要撤销它，请先撤销“{later[0]}”。",
    )


def _taken(cursor: Any, message: str, operation_id: int) -> Exception:
    """Return the refusal for a unique value that somebody else has got in the meantime."""
    columns = re.findall(r"(\w+)\.(\w+)", message)
    if not columns:
        return RuntimeError(message)
    entity = columns[0][0]
    same = " AND ".join(f"t.\"{name}\" = json_extract(p.before, '$.{name}')" for _, name in columns)
    cursor.execute("ROLLBACK TO restoring")
    found = cursor.execute(
        f'SELECT t.id FROM undo_plan p JOIN "{entity}" t ON {same} AND t.id <> p.record_id '
        "WHERE p.entity = ? AND p.before IS NOT NULL "
        "AND t.id NOT IN (SELECT record_id FROM undo_plan WHERE entity = ?) LIMIT 1",
        (entity, entity),
    ).fetchone()
    return _in_the_way(cursor, entity, found[0] if found else 0, operation_id)
