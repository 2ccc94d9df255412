"""The contents of files: each kept once under its SHA-256, proven when read, let go when nothing can need it any more.

A content is needed while a row of `attachment` names it, or while a step can still be taken back that would bring
such a row back: undo restores rows, and the content must be there for them. It goes in two ways: by itself with the
barrier of an upgrade, behind which nothing is undone; and when the user clears what was removed, after which undo
of that removal is refused and says so.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from skillsaid_desktop.domain.entities import StoredFile
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

_PAGE = 4096
_NAMED = "SELECT digest FROM attachment WHERE digest IS NOT NULL"


@dataclass(frozen=True)
class Contents:
    """How much is kept: number and bytes of all contents, and of those that no record has any more."""

    files: int
    size: int
    removed_files: int
    removed_size: int


def digest_of(content: bytes) -> str:
    """Return the SHA-256 under which a content is kept."""
    return hashlib.sha256(content).hexdigest()


def keep_content(uow: UnitOfWork, content: bytes, mime: str) -> str:
    """Keep a content, unless it is there already, and return its digest."""
    digest = digest_of(content)
    if not uow.scalar("SELECT 1 FROM stored_file WHERE digest = ?", (digest,)):
        uow.insert_many(
            StoredFile, [{"digest": digest, "size": len(content), "mime": mime, "content": content}]
        )
        uow.pages += len(content) // _PAGE
    return digest


def read_content(reading: Reading, digest: str, name: str) -> tuple[bytes, str]:
    """Return a content and its mime type; UserError, naming the file, if it isn't there or isn't what was kept."""
    rows = reading.rows("SELECT content, mime FROM stored_file WHERE digest = ?", (digest,))
    if not rows:
        raise UserError(f"“{name}”的内容不在台账里了，打不开。", "可以从较早的备份里找回来。")
    content, mime = bytes(rows[0][0]), str(rows[0][1])
    if digest_of(content) != digest:
        raise UserError(
            f"“{name}”的内容和存入时不一样，没有打开。", "请到“设置—备份与恢复”核对台账，从备份恢复。"
        )
    return content, mime


def count_contents(reading: Reading) -> Contents:
    """Return how much is kept."""
    row = reading.rows(
        "SELECT count(*), coalesce(sum(size), 0), coalesce(sum(is_removed), 0), coalesce(sum(size * is_removed), 0)"
        f" FROM (SELECT size, digest NOT IN ({_NAMED}) AS is_removed FROM stored_file)"
    )[0]
    return Contents(*row)


def release_contents(uow: UnitOfWork) -> Contents:
    """Let go of every content that no record has; return what there was before.

    Steps that would need one of them are refused from now on (`missing_content`).
    """
    before = count_contents(uow)
    if before.removed_files:
        uow.execute(f"DELETE FROM stored_file WHERE digest NOT IN ({_NAMED})")
    return before


def missing_content(cursor: Any, ids: Iterable[int] | None = None) -> str | None:
    """Return the name of an attachment (among these, or any) whose content isn't kept, None if all are."""
    among = "" if ids is None else f" AND a.id IN ({','.join(map(str, ids)) or 'NULL'})"
    found = cursor.execute(
        "SELECT a.name FROM attachment a WHERE a.digest IS NOT NULL"
        f" AND NOT EXISTS (SELECT 1 FROM stored_file f WHERE f.digest = a.digest){among} LIMIT 1"
    ).fetchone()
    return str(found[0]) if found else None


def false_contents(cursor: Any) -> int:
    """Return how many contents are not what their digest says; every one of them is read and hashed."""
    wrong = 0
    for (digest,) in cursor.execute("SELECT digest FROM stored_file").fetchall():
        content, size = cursor.execute(
            "SELECT content, size FROM stored_file WHERE digest = ?", (digest,)
        ).fetchone()
        wrong += digest_of(content) != digest or len(content) != size
    return wrong
