"""From a path and a secret to an open ledger: keys, pages, version; making one; bringing one back."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # it has no stubs

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.replacing import put_over
from skillsaid_desktop.storage import backup, keys
from skillsaid_desktop.storage.connection import connect, set_journal_mode
from skillsaid_desktop.storage.inspection import (
    VerifyReport,
    bring_log_home,
    check_pages,
    inspect,
    scan_pages,
)
from skillsaid_desktop.storage.lock import LedgerLock
from skillsaid_desktop.storage.place import check_place, is_removable
from skillsaid_desktop.storage.recovery_code import read_code
from skillsaid_desktop.storage.sqlite_errors import DamagedError, damaged, translated


def make_engine(path: Path, key: bytes) -> Engine:
    """Return the engine of a ledger; its option `is_writing` begins transactions that write at once."""
    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: _connect(path, key),
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=8,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        is_writing = connection.get_execution_options().get("is_writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")

    return engine


def _connect(path: Path, key: bytes) -> dbapi2.Connection:
    connection = connect(path, key)
    connection.execute("PRAGMA wal_autocheckpoint = 0")  # see checkpoint
    return connection


def make_database(path: Path, key: bytes, ledger_id: str) -> None:
    """Make an empty ledger of this program's schema."""
    # Imported late: a ledger that is up to date never needs Alembic.
    from skillsaid_desktop.storage import migration

    connection = connect(path, key, salt=ledger_id)
    connection.execute("PRAGMA user_version = 1")  # an empty file would forget its salt
    connection.close()
    migration.upgrade(path, key, user="")
    settle_journal_mode(path, key)


def settle_journal_mode(path: Path, key: bytes) -> None:
    """Turn on the write-ahead log, or a plain journal on a stick; refuse a place that can do neither."""
    with closing(connect(path, key)) as connection:
        _settle(connection, path)


def _settle(connection: dbapi2.Connection, path: Path) -> None:
    wanted = "delete" if is_removable(path) else "wal"
    if set_journal_mode(connection, wanted) != wanted:
        raise UserError(
            f"“{path.parent}”这个地方不能安全地写台账，没有打开。台账没有改动。",
            "请把台账移到本机的普通文件夹，再打开。",
        )


def find_key(path: Path, *, passphrase: str | None, recovery_code: str | None) -> tuple[bytes, keys.Keyring]:
    """Return the data key that opens the file, and its slots (none with a recovery code and no key file)."""
    keyring = keys.find_keyring(path)
    if recovery_code is not None:
        key = read_code(recovery_code)
        try:
            _prove(path, [key])
        except DamagedError as error:
            raise _wrong_code(path) from error
        return key, keyring or keys.Keyring(keys.ledger_id_of(path))
    if keyring is None:
        raise UserError(
            f"找不到密钥文件“{keys.keys_path(path).name}”，只凭口令打不开台账。",
            "请把它放回台账旁边（每份备份里也有），或者用打印的恢复码打开。台账没有动。",
        )
    if not passphrase:
        raise UserError("请输入口令。")
    candidates = keys.unwrap(keyring, passphrase)
    try:
        return _prove(path, candidates), keyring
    except DamagedError as error:
        if keyring.ledger_id != keys.ledger_id_of(path) and path.stat().st_size >= 4096:
            raise DamagedError(
                f"“{path.name}”和密钥文件“{keys.keys_path(path).name}”不是一对，或者文件开头已损坏。没有改动它们。",
                "请看看是不是拷错了文件；不是的话，请从最近的备份恢复。",
            ) from error
        raise


def _prove(path: Path, candidates: list[bytes]) -> bytes:
    for key in candidates:
        try:
            connect(path, key).close()
        except dbapi2.DatabaseError as error:
            if "not a database" not in str(error):
                raise
        else:
            return key
    raise damaged(path)


def rekey(path: Path, old_key: bytes, new_key: bytes, ledger_id: str) -> None:
    """Write the database anew under another key, beside, and let it take the old one's place."""
    beside = path.with_name(path.name + ".rekeyed")
    beside.unlink(missing_ok=True)
    source = connect(path, old_key)
    try:
        set_journal_mode(source, "DELETE")
        target = connect(beside, new_key, salt=ledger_id)
        try:
            source.backup(target)
            check_pages(target, beside)
        finally:
            target.close()
    finally:
        source.close()
    put_over(beside, path)
    settle_journal_mode(path, new_key)


def shrink(path: Path, key: bytes) -> None:
    """Write the database anew without its free pages; nobody else may have it open. SQLite does it whole or not at all."""
    connection = connect(path, key)
    try:
        connection.execute("VACUUM")
        bring_log_home(connection)
    finally:
        connection.close()


def refuse_lone_keys(path: Path) -> None:
    """Raise UserError if a key file without its ledger lies where a ledger is to be put."""
    lone = keys.keys_path(path)
    if lone.exists():
        raise UserError(
            f"那里有一个密钥文件“{lone.name}”，旁边没有它的台账，可能是别的台账的，没有动它。",
            "请换一个名字；要用这个名字，请先把那个密钥文件移走。",
        )


def put_in_place(beside: Path, path: Path, keyring: keys.Keyring) -> None:
    """Give a finished ledger its name and its keys, in an order that a power cut can stop anywhere.

    This PC's copy of the keys comes first: with it the ledger opens even if its own key file is not written.
    """
    keys.save_local_copy(keyring)
    put_over(beside, path)
    keys.save_keyring(keyring, path)


@contextmanager
def locked(path: Path) -> Iterator[LedgerLock]:
    """Hold the ledger's lock; it is released only if the block fails."""
    lock = LedgerLock(path)
    try:
        yield lock
    except BaseException:
        lock.release()
        raise


def prepare(path: Path, key: bytes, keyring: keys.Keyring, *, user: str, checks_pages: bool) -> None:
    """Check pages and version of a ledger that is about to be opened, and upgrade it after a verified copy.

    Without `checks_pages` the caller does that beside its first readings.
    """
    from skillsaid_desktop.storage import migration

    with closing(connect(path, key)) as connection:
        bring_log_home(connection)
        if checks_pages:
            scan_pages(connection, path)
        if not migration.needs_upgrade(connection, path):
            _settle(connection, path)
            return
        if not checks_pages:
            scan_pages(connection, path)
    folder = backup.automatic_folder(keyring.ledger_id)
    backup.remember(backup.make_backup(path, key, keyring, folder))
    migration.upgrade(path, key, user=user)
    settle_journal_mode(path, key)


def restore(
    source: Path, to: Path, *, passphrase: str | None = None, recovery_code: str | None = None
) -> VerifyReport:
    """Bring a ledger back from a backup to a place where none is; prove it before it gets its name."""
    if to.exists():
        raise UserError(f"已经有“{to.name}”，没有动它。", "请换一个名字恢复；要替换，请先把原来的台账移走。")
    refuse_lone_keys(to)
    if not source.is_file():
        raise UserError(f"找不到备份“{source}”。", "请看看优盘是不是插好了。")
    check_place(to)
    beside = to.with_name(to.name + ".restoring")
    with translated(to):
        to.parent.mkdir(parents=True, exist_ok=True)
        try:
            keyring = backup.unpack(source, beside)
            key = _key_of(source, keyring, beside, passphrase, recovery_code)
            report = _inspected(beside, key)
            if not report.is_whole:
                raise DamagedError(
                    f"备份“{source.name}”里的台账有问题：{report.problems[0]}。没有恢复。",
                    "请换一份备份再试。",
                )
            put_in_place(beside, to, keyring)
            settle_journal_mode(to, key)
        finally:
            beside.unlink(missing_ok=True)
    return VerifyReport(path=to, counts=report.counts, operations=report.operations, problems=())


def verify_file(
    path: Path, *, passphrase: str | None = None, recovery_code: str | None = None
) -> VerifyReport:
    """Look over a ledger or a backup that is not open."""
    if not path.is_file():
        raise UserError(f"找不到“{path}”。", "请看看文件夹还在不在，优盘是不是拔掉了。")
    if not backup.is_backup(path):
        with translated(path), locked(path) as lock:
            key, _ = find_key(path, passphrase=passphrase, recovery_code=recovery_code)
            report = _inspected(path, key)
            lock.release()
            return report
    with _room_beside(path) as folder:
        unpacked = folder / "ledger.skillsaid"
        with translated(path):
            keyring = backup.unpack(path, unpacked)
            report = _inspected(unpacked, _key_of(path, keyring, unpacked, passphrase, recovery_code))
    return VerifyReport(
        path=path, counts=report.counts, operations=report.operations, problems=report.problems
    )


@contextmanager
def _room_beside(path: Path) -> Iterator[Path]:
    """Give a folder that goes again, beside a file or, where nothing may be written, among temporary ones.

    Only trying tells: Windows calls a stick with its write protection on writable, and on that word tempfile
    would try name after name for hours.
    """
    import secrets
    import shutil
    import tempfile

    folder = path.with_name(f".{secrets.token_hex(8)}")
    try:
        folder.mkdir()
    except OSError:
        folder = Path(tempfile.mkdtemp())
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wrong_code(path: Path) -> UserError:
    return UserError(
        f"这个恢复码打不开“{path.name}”：可能是另一本台账的，也可能台账已损坏。",
        "请看看纸上写的学校；换过恢复码的，要用那时候的那张。",
    )


def _key_of(
    source: Path, keyring: keys.Keyring, database: Path, passphrase: str | None, recovery_code: str | None
) -> bytes:
    if recovery_code is not None:
        try:
            return _prove(database, [read_code(recovery_code)])
        except DamagedError as error:
            raise _wrong_code(source) from error
    if not passphrase:
        raise UserError("请输入做这份备份时的口令。")
    return _prove(database, keys.unwrap(keyring, passphrase))


def _inspected(path: Path, key: bytes) -> VerifyReport:
    connection = connect(path, key)
    try:
        return inspect(connection, path)
    finally:
        connection.close()
