"""A backup one can believe: one file with database and key slots, opened, counted and hashed before it counts.

`NAME DATE TIME.skillsaid-backup` is an uncompressed zip of `ledger.skillsaid`, `ledger.skillsaid-keys` and
`manifest.json` (digest, counts, schema; no personal data in clear). It is written beside and renamed.
"""

import hashlib
import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from skillsaid_desktop import __version__, clock
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.paths import backup_folder, data_folder
from skillsaid_desktop.storage import keys
from skillsaid_desktop.storage.connection import Connection, connect, set_journal_mode
from skillsaid_desktop.storage.inspection import count_rows, last_operation
from skillsaid_desktop.storage.sqlite_errors import translated

SUFFIX = ".skillsaid-backup"
DATABASE, KEYS, MANIFEST = "ledger.skillsaid", "ledger.skillsaid-keys", "manifest.json"
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
    database = target.with_name(target.name + ".database")
    beside = target.with_name(target.name + ".new")
    with translated(target):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            counts, operation_id = _copy(path, database, key, keyring.ledger_id)
            digest = _digest_of(database)
            manifest = {
                "format": 1,
                "program": __version__,
                "ledger_id": keyring.ledger_id,
                "made_at": made_at.isoformat(),
                "sha256": digest,
                "counts": counts,
                "operation_id": operation_id,
            }
            _pack(beside, database, keyring, manifest)
            if _digest_in(beside) != digest:
                raise _unbelievable(target, "写下去的和读回来的不一样")
            beside.replace(target)
        finally:
            for leftover in (database, beside):
                leftover.unlink(missing_ok=True)
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


def _copy(path: Path, target: Path, key: bytes, ledger_id: str) -> tuple[dict[str, int], int]:
    """Copy by the online backup of SQLite, from a connection of its own; return what the copy holds."""
    target.unlink(missing_ok=True)
    source = connect(path, key)
    try:
        copy = connect(target, key, salt=ledger_id)
        try:
            source.backup(copy)
            set_journal_mode(copy, "DELETE")
        finally:
            copy.close()
        expected, last = count_rows(source), last_operation(source)
    finally:
        source.close()
    opened = connect(target, key)
    try:
        _check_pages(opened, target)
        counts, operation_id = count_rows(opened), last_operation(opened)
    finally:
        opened.close()
    if operation_id == last and counts != expected:
        raise _unbelievable(target, "里面的行数和账本不一样")
    return counts, operation_id


def _check_pages(connection: Connection, path: Path) -> None:
    if connection.execute("PRAGMA cipher_integrity_check").fetchall():
        raise _unbelievable(path, "有页面读不出来")
    found = connection.execute("PRAGMA quick_check(1)").fetchall()
    if found != [("ok",)]:
        raise _unbelievable(path, str(found[0][0]))


def _unbelievable(path: Path, why: str) -> UserError:
    return UserError(
        f"备份“{path.name}”没有通过检查：{why}。这份备份没有留下，账本没有动。", "请换一个地方再备份一次。"
    )


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pack(beside: Path, database: Path, keyring: keys.Keyring, manifest: dict[str, Any]) -> None:
    with beside.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
            packed.writestr(MANIFEST, json.dumps(manifest, indent=1))
            packed.writestr(KEYS, keyring.to_text())
            with database.open("rb") as source, packed.open(DATABASE, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, _CHUNK)
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


def _digest_in(path: Path) -> str:
    with _packed(path) as packed, packed.open(DATABASE) as file:
        digest = hashlib.sha256()
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
        return digest.hexdigest()


def unpack(path: Path, database: Path) -> keys.Keyring:
    """Take the database out of a backup, proven by its digest; return the key slots."""
    report = read_report(path)
    with translated(database), _packed(path) as packed:
        keyring = keys.Keyring.from_text(packed.read(KEYS).decode(), path.name)
        digest = hashlib.sha256()
        with packed.open(DATABASE) as source, database.open("wb") as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
    if digest.hexdigest() != report.digest:
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


def newest_backup(ledger_id: str) -> BackupReport | None:
    """Return the newest automatic backup of a ledger that can be read, for offering it after damage."""
    found = sorted(backup_folder().rglob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime)
    for path in reversed(found):
        try:
            report = read_report(path)
        except UserError:
            continue
        if report.ledger_id == ledger_id:
            return report
    return None
