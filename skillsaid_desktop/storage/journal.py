"""The journal: what the database itself writes down of every change, by triggers made from the mapped tables.

Each insert, update and delete of a row becomes a `change` row with the whole row before and after as JSON, under
the current operation; without an operation the write is aborted. Undo, history and drift read it.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text

from skillsaid_desktop.domain.entities import NAMING

JsonText = str | bytes | None

SALT_BYTES = 8
_POOLED = 512

metadata = MetaData(naming_convention=NAMING)

operation = Table(
    "operation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("at", Text, nullable=False),  # ISO, local time, to the second
    Column("source", Text, nullable=False),  # a file, a page
    Column("note", Text, nullable=False),  # what was exported and why, and the like
    Column("undoes_id", ForeignKey("operation.id")),  # an undo or, if that one is an undo, a redo
    Column("undone_by_id", ForeignKey("operation.id")),  # None: in force
    Column("is_barrier", Integer, nullable=False),  # nothing at or before it can be undone
    Column("changes", Integer, nullable=False),
    Column("summary", Text, nullable=False),  # JSON: entity -> number of changes
    Column("digest", LargeBinary, nullable=False),  # chained over the operation before
    sqlite_autoincrement=True,
)

change = Table(
    "change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("operation_id", ForeignKey("operation.id"), nullable=False, index=True),
    Column("entity", Text, nullable=False),
    Column("record_id", Integer, nullable=False),
    Column("before", Text),  # JSON; None: the row was made
    Column("after", Text),  # JSON; None: the row was deleted
    Column(
        "seal", LargeBinary, nullable=False
    ),  # salt and digest, so a text can be wiped and the chain holds
    sqlite_autoincrement=True,
)
Index(None, change.c.record_id, change.c.entity)

current_operation = Table(
    "current_operation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("operation_id", Integer),
)


def new_seal() -> Callable[[str, int, JsonText, JsonText], bytes]:
    """Return what gives salt and salted digest of a change: the SQL function `seal` of one connection."""
    salts = _salts()

    def seal(entity: str, record_id: int, before: JsonText, after: JsonText) -> bytes:
        salt = next(salts)
        return salt + digest_of(salt, entity, record_id, before, after)

    return seal


def _salts() -> Iterator[bytes]:
    """Give fresh salts; the system is asked for a pool of them at a time."""
    while True:
        pool = os.urandom(SALT_BYTES * _POOLED)
        yield from (pool[start : start + SALT_BYTES] for start in range(0, len(pool), SALT_BYTES))


def digest_of(salt: bytes, entity: str, record_id: int, before: JsonText, after: JsonText) -> bytes:
    """Return the digest that a seal must carry. Texts may come as their UTF-8 bytes."""
    parts = (salt, entity.encode(), record_id, _bytes(before), _bytes(after))
    return hashlib.sha256(b"%b%b\x1f%d\x1f%b\x1f%b" % parts).digest()


def _bytes(text: JsonText) -> bytes:
    if not text:
        return b"\x00"
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def row_json(table: Table, alias: str) -> str:
    """Return the SQL expression of a whole row as JSON; blobs stay outside: their rows are named by hash (StoredFile).

    What is empty is left out: a journal that names it is a third larger. Files made before this do name it.
    """
    parts = [f"{alias}.id"]
    for column in table.columns:
        if column.primary_key:
            continue
        value = f'{alias}."{column.name}"'
        said = [f"',\"{column.name}\":'", f"json_quote({value})"]
        if column.nullable:
            said = [f"CASE WHEN {value} IS NOT NULL THEN {part} END" for part in said]
        parts += said
    return f"concat('{{\"id\":', {', '.join(parts)}, '}}')"


def trigger_names(table_name: str) -> list[str]:
    """Return the names of a table's journal triggers."""
    return [f"journal_{table_name}_{event}" for event in ("insert", "update", "delete", "id")]


def _entry(name: str, record: str, before: str, after: str) -> str:
    """Return the statement that writes one change; the row texts are made once in its inner query.

    They go to `seal` as bytes, which spares decoding and encoding each of them.
    """
    return (
        "INSERT INTO change (operation_id, entity, record_id, before, after, seal) "
        "SELECT coalesce((SELECT operation_id FROM current_operation), RAISE(ABORT, 'no operation')), "
        f"'{name}', {record}, b, a, seal('{name}', {record}, CAST(b AS BLOB), CAST(a AS BLOB)) "
        f"FROM (SELECT {before} AS b, {after} AS a LIMIT 1)"
    )


def journal_triggers(tables: Iterable[Table]) -> list[str]:
    """Return the CREATE TRIGGER statements that journal these tables."""
    statements = []
    for table in tables:
        name = table.name
        made, changed, deleted, renumbered = trigger_names(name)

        old, new = row_json(table, "OLD"), row_json(table, "NEW")
        differs = " OR ".join(
            f'OLD."{column.name}" IS NOT NEW."{column.name}"'
            for column in table.columns
            if not column.primary_key
        )
        statements += [
            f'CREATE TRIGGER "{made}" AFTER INSERT ON "{name}" BEGIN {_entry(name, "NEW.id", "NULL", new)}; END',
            f'CREATE TRIGGER "{changed}" AFTER UPDATE ON "{name}" WHEN {differs} '
            f"BEGIN {_entry(name, 'OLD.id', old, new)}; END",
            f'CREATE TRIGGER "{deleted}" AFTER DELETE ON "{name}" BEGIN {_entry(name, "OLD.id", old, "NULL")}; END',
            f'CREATE TRIGGER "{renumbered}" BEFORE UPDATE OF id ON "{name}" WHEN OLD.id IS NOT NEW.id '
            "BEGIN SELECT RAISE(ABORT, 'ids never change'); END",
        ]
    return statements
