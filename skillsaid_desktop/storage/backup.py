"""A backup one can believe: one file with database and key slots, opened, counted and hashed before it counts.

`NAME DATE TIME.skillsaid-backup` is the encrypted database, and behind it a small zip of `ledger.skillsaid-keys`
and `manifest.json` (size, digest, counts; no personal data in clear). It is written beside and renamed.
"""

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from skillsaid_desktop import __version__, clock
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.paths import backup_folder, data_folder
from skillsaid_desktop.replacing import put_over
from skillsaid_desktop.storage import keys
from skillsaid_desktop.storage.connection import Connection, connect, set_journal_mode
from skillsaid_desktop.storage.inspection import count_rows, last_operation
from skillsaid_desktop.storage.sqlite_errors import translated

SUFFIX = ".skillsaid-backup"
KEYS, MANIFEST = "ledger.skillsaid-keys", "manifest.json"
_CHUNK = 1 << 20
_STAMP = re.compile(r" (\d{4}-\d\d-\d\d \d{6})" + re.escape(SUFFIX) + "$")


@dataclass(frozen=True)
class BackupReport:
    """A verified backup: where, when, how big, what is in it."""

    path: Path
    made_at: datetime
    size: int
    digest: str  # SHA-256 of the database in it
    counts: dict[str, int]  # table name -> rows
    operation_id: int  # the last operation in it
    ledger_id: str

    @property
    def age(self) -> timedelta:
        """How long ago it was made."""
        return max(clock.now() - self.made_at, timedelta())


def make_backup(path: Path, key: bytes, keyring: keys.Keyring, folder: Path) -> BackupReport:
    """Copy the ledger into one file in `folder`, verified; UserError if anything of it doesn't hold."""
    made_at = clock.now()
    target = _free_name(folder / f"{path.stem} {made_at:%Y-%m-%d %H%M%S}{SUFFIX}")
    beside = target.with_name(target.name + ".new")
    with translated(target):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            counts, operation_id, digest = _copy(path, beside, key, keyring.ledger_id)
            manifest = {
                "format": 1,
                "program": __version__,
                "ledger_id": keyring.ledger_id,
                "made_at": made_at.isoformat(),
                "size": beside.stat().st_size,
                "sha256": digest,
                "counts": counts,
                "operation_id": operation_id,
            }
            _append(beside, keyring, manifest)
            put_over(beside, target)
        finally:
            beside.unlink(missing_ok=True)
    return BackupReport(
        path=target,
        made_at=made_at,
        size=target.stat().st_size,
        digest=digest,
        counts=counts,
        operation_id=operation_id,
        ledger_id=keyring.ledger_id,
    )


def _free_name(path: Path) -> Path:
    number = 2
    free = path
    while free.exists():
        free = path.with_name(path.name.removesuffix(SUFFIX) + f"({number}){SUFFIX}")
        number += 1
    return free


def _copy(path: Path, target: Path, key: bytes, ledger_id: str) -> tuple[dict[str, int], int, str]:
    """Copy from a connection of its own, then open, prove and count the copy; return counts, operation, digest."""
    target.unlink(missing_ok=True)
    source = connect(path, key)
    try:
        digest = _copy_at_rest(source, path, target) or _copy_online(source, target, key, ledger_id)
        expected, last = count_rows(source), last_operation(source)
    finally:
        source.close()
    opened = connect(target, key, immutable=True)
    try:
        if opened.execute("PRAGMA cipher_integrity_check").fetchall():
            raise _unbelievable(target, "有页面读不出来")
        counts, operation_id = count_rows(opened), last_operation(opened)
    finally:
        opened.close()
    if operation_id == last and counts != expected:
        raise _unbelievable(target, "里面的行数和台账不一样")
    return counts, operation_id, digest


def _copy_at_rest(source: Connection, path: Path, target: Path) -> str:
    """Copy the file as it lies while no write can begin; "" if the log can't be brought home first."""
    log = path.with_name(path.name + "-wal")
    for _ in range(3):
        source.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        source.execute("BEGIN IMMEDIATE")
        try:
            if not log.exists() or log.stat().st_size == 0:
                return _copy_bytes(path, target)
        finally:
            source.execute("ROLLBACK")
    return ""


def _copy_online(source: Connection, target: Path, key: bytes, ledger_id: str) -> str:
    """Copy page by page through SQLite, while somebody reads an older state."""
    copy = connect(target, key, salt=ledger_id)
    try:
        source.backup(copy)
        set_journal_mode(copy, "DELETE")
    finally:
        copy.close()
    with target.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_bytes(source: Path, target: Path, size: int | None = None) -> str:
    """Copy a file, or its first bytes, to the disk itself; return the digest."""
    digest = hashlib.sha256()
    left = source.stat().st_size if size is None else size
    with source.open("rb") as file, target.open("wb") as copy:
        while left and (chunk := file.read(min(_CHUNK, left))):
            digest.update(chunk)
            copy.write(chunk)
            left -= len(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()


def _unbelievable(path: Path, why: str) -> UserError:
    return UserError(
        f"备份“{path.name}”没有通过检查：{why}。这份备份没有留下，台账没有动。", "请换一个地方再备份一次。"
    )


def _append(beside: Path, keyring: keys.Keyring, manifest: dict[str, Any]) -> None:
    with beside.open("rb+") as file:
        with zipfile.ZipFile(file, "a", zipfile.ZIP_STORED) as packed:
            packed.writestr(MANIFEST, json.dumps(manifest, indent=1))
            packed.writestr(KEYS, keyring.to_text())
        file.flush()
        os.fsync(file.fileno())


# --- reading a backup ----------------------------------------------------------------------------------


def is_backup(path: Path) -> bool:
    """Return whether a file is a backup (a ledger is noise from its first byte)."""
    return path.suffix == SUFFIX or zipfile.is_zipfile(path)


@contextmanager
def _packed(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as packed:
            yield packed
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise UserError(
            f"“{path.name}”不是完整的备份文件：可能没有拷完，或者已损坏。", "请换一份备份再试。"
        ) from error


def ledger_name(backup: Path) -> str:
    """Return the file name of the ledger that a backup, named by its day and time, is of."""
    stem = _STAMP.sub("", re.sub(r"\(\d+\)(?=\.)", "", backup.name))
    return stem.removesuffix(SUFFIX) + ".skillsaid"


def read_report(path: Path) -> BackupReport:
    """Read a backup's manifest, without its passphrase and without proving it."""
    with translated(path), _packed(path) as packed:
        found = json.loads(packed.read(MANIFEST))
        return BackupReport(
            path=path,
            made_at=datetime.fromisoformat(found["made_at"]),
            size=path.stat().st_size,
            digest=str(found["sha256"]),
            counts=dict(found["counts"]),
            operation_id=int(found["operation_id"]),
            ledger_id=str(found["ledger_id"]),
        )


def unpack(path: Path, database: Path) -> keys.Keyring:
    """Take the database out of a backup, proven by its digest; return the key slots."""
    with translated(path), _packed(path) as packed:
        manifest = json.loads(packed.read(MANIFEST))
        keyring = keys.Keyring.from_text(packed.read(KEYS).decode(), path.name)
        size, digest = int(manifest["size"]), str(manifest["sha256"])
    with translated(database):
        found = _copy_bytes(path, database, size)
    if found != digest:
        raise UserError(f"备份“{path.name}”和它的校验值对不上，可能已损坏，没有恢复。", "请换一份备份再试。")
    return keyring


# --- which ones are kept, and when the last was made ---------------------------------------------------


def automatic_folder(ledger_id: str) -> Path:
    """Return where this PC keeps the automatic backups of a ledger."""
    return backup_folder() / ledger_id[:8]


def thin(folder: Path, now: datetime) -> list[Path]:
    """Delete automatic backups but the newest of each of 7 days, 5 weeks and 24 months; return what went."""
    dated = []
    for path in folder.glob(f"*{SUFFIX}"):
        found = _STAMP.search(path.name)
        if found:
            dated.append((datetime.strptime(found[1], "%Y-%m-%d %H%M%S"), path))
    dated.sort(reverse=True)
    kept: set[Path] = {path for _, path in dated[:3]}
    for period, limit in (("%Y-%m-%d", 7), ("%G-%V", 5), ("%Y-%m", 24)):
        newest: dict[str, Path] = {}
        for at, path in dated:
            newest.setdefault(at.strftime(period), path)
        kept.update(list(newest.values())[:limit])
    # What a clock set back dates into the future is kept: nobody knows what it is.
    gone = [path for at, path in dated if path not in kept and at <= now]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def _log_path(ledger_id: str) -> Path:
    return data_folder() / "backup-log" / f"{ledger_id}.json"


def remember(report: BackupReport) -> None:
    """Note the last verified backup of a ledger on this PC."""
    values = {**asdict(report), "path": str(report.path), "made_at": report.made_at.isoformat()}
    keys.write_beside(_log_path(report.ledger_id), json.dumps(values, ensure_ascii=False).encode())


def recall(ledger_id: str) -> BackupReport | None:
    """Return the last verified backup made on this PC, wherever it lies now."""
    try:
        values = json.loads(_log_path(ledger_id).read_text("utf-8"))
        report = BackupReport(**values)
        return replace(report, path=Path(values["path"]), made_at=datetime.fromisoformat(values["made_at"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def newest_backup(ledger: Path) -> BackupReport | None:
    """Return the newest backup of a ledger that this PC knows of and can read, for offering it after damage.

    Whose backup it is, is told by the ledger's first bytes, and if these are gone by the key file beside it.
    """
    ids = {keys.ledger_id_of(ledger)}
    with suppress(UserError):
        keyring = keys.find_keyring(ledger)
        ids |= {keyring.ledger_id} if keyring else set()
    remembered = {report.path for one in ids if one and (report := recall(one))}
    found = [*backup_folder().rglob(f"*{SUFFIX}"), *(path for path in remembered if path.is_file())]
    reports = []
    for path in found:
        with suppress(UserError):
            reports.append(read_report(path))
    own = [report for report in reports if report.ledger_id in ids]
    return max(own, key=lambda report: (report.made_at, report.operation_id), default=None)
