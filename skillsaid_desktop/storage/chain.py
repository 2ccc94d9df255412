"""Each operation is sealed at commit: a digest over its changes, chained over the operation before it.

Who edits the file by hand breaks the chain. It runs over the salted digests of the change rows, so that a
person's text can be wiped later and the chain still holds.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from skillsaid_desktop.storage.journal import SALT_BYTES, digest_of

START = b"\x00" * 32


def seal_operation(cursor: Any, operation_id: int) -> bytes:
    """Return the chained digest of an operation as it stands in the database."""
    before = cursor.execute(
        "SELECT digest FROM operation WHERE id < ? ORDER BY id DESC LIMIT 1", (operation_id,)
    ).fetchone()
    return _digest(cursor, operation_id, before[0] if before else START)


def _digest(cursor: Any, operation_id: int, previous: bytes) -> bytes:
    # undone_by_id changes later and stays outside; the undo itself is in the chain.
    header = cursor.execute(
        'SELECT id, name, "user", at, source, note, undoes_id, is_barrier, changes, summary '
        "FROM operation WHERE id = ?",
        (operation_id,),
    ).fetchone()
    digest = hashlib.sha256(previous)
    digest.update(json.dumps(header, ensure_ascii=False).encode())
    for (sealed,) in cursor.execute(
        "SELECT seal FROM change WHERE operation_id = ? ORDER BY id", (operation_id,)
    ):
        digest.update(sealed[SALT_BYTES:])
    return digest.digest()


@dataclass(frozen=True)
class Break:
    """The first place where the journal doesn't fit its seals."""

    operation_id: int
    name: str
    what: str


def check_chain(cursor: Any) -> Break | None:
    """Return the first operation whose journal was edited from outside, None if all is whole."""
    previous = START
    operations = cursor.execute("SELECT id, name, digest FROM operation ORDER BY id").fetchall()
    for operation_id, name, digest in operations:
        if _digest(cursor, operation_id, previous) != digest:
            return Break(operation_id, name, "这一步的记录和它的封印对不上")
        for entity, record_id, before, after, sealed in cursor.execute(
            "SELECT entity, record_id, before, after, seal FROM change WHERE operation_id = ? ORDER BY id",
            (operation_id,),
        ):
            is_wiped = before is None and after is None
            salt = sealed[:SALT_BYTES]
            if not is_wiped and digest_of(salt, entity, record_id, before, after) != sealed[SALT_BYTES:]:
                return Break(operation_id, name, "这一步里有一行的前后值被改过")
        previous = digest
    return None
