"""A ledger file that is open: reading it, writing it in operations, taking operations back."""

import getpass
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from skillsaid_desktop import clock
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage import backup as backups
from skillsaid_desktop.storage import history, keys
from skillsaid_desktop.storage.backup import BackupReport
from skillsaid_desktop.storage.chain import Break, check_chain
from skillsaid_desktop.storage.checkpoint import Checkpoint
from skillsaid_desktop.storage.contents import release_contents
from skillsaid_desktop.storage.gate import Gate
from skillsaid_desktop.storage.inspection import VerifyReport, inspect
from skillsaid_desktop.storage.latest import Latest
from skillsaid_desktop.storage.lock import LedgerLock
from skillsaid_desktop.storage.opening import (
    find_key,
    locked,
    make_database,
    make_engine,
    prepare,
    put_in_place,
    refuse_lone_keys,
    rekey,
    shrink,
)
from skillsaid_desktop.storage.operations import finish_operation, start_operation
from skillsaid_desktop.storage.page_check import PageCheck
from skillsaid_desktop.storage.place import check_place
from skillsaid_desktop.storage.records import ChangeRow, Changes, HistorySize, LaterOperation, OperationRow
from skillsaid_desktop.storage.recovery_code import read_code, write_code
from skillsaid_desktop.storage.sqlite_errors import DamagedError, translated
from skillsaid_desktop.storage.undo import mark_undone, restore_rows
from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

SUFFIX = ".skillsaid"
CLOCK_SLACK = timedelta(minutes=10)  # what setting a clock right may move it back


class LedgerFile:
    """An open ledger. Only one program has it open; within it, readings never wait for writes."""

    def __init__(self, path: Path, key: bytes, keyring: keys.Keyring, lock: LedgerLock) -> None:
        self.path = path
        self.ledger_id = keyring.ledger_id
        self.user = _user_name()
        self.committed: list[Callable[[Changes], None]] = []
        self._key = key
        self._keyring = keyring
        self._lock = lock
        self._writing = threading.Lock()
        self._gate = Gate()
        self._latest = Latest()
        self._page_check: PageCheck | None = None
        self._engine = make_engine(path, key)
        self._write_engine = self._engine.execution_options(is_writing=True)
        self._checkpoint = Checkpoint(path, key)

    # --- making, opening, closing ---

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        passphrase: str,
        settings: Mapping[str, object],
        policy_text: str,
        policy_name: str,
        recovery_code: str | None = None,
    ) -> tuple["LedgerFile", str]:
        """Make a new ledger file with its key slots; return it open, and the recovery code to print.

        `recovery_code` is one of `new_recovery_code` that was printed and proved before the file is made.
        """
        if path.exists():
            raise UserError(f"已经有一本台账叫“{path.name}”，没有动它。", "请换一个名字，或打开原来那本。")
        refuse_lone_keys(path)
        check_place(path)
        key = keys.new_key() if recovery_code is None else read_code(recovery_code)
        ledger_id = keys.new_ledger_id()
        keyring = keys.Keyring(ledger_id, (keys.wrap(key, passphrase, ledger_id),))
        beside = path.with_name(path.name + ".making")
        with translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with locked(path) as lock:
                try:
                    _remove(beside)  # what a power cut left
                    make_database(beside, key, ledger_id)
                    making = cls(beside, key, keyring, lock)
                    with making.operation("建立台账") as uow:
                        for name, value in {"policy_name": policy_name, **settings}.items():
                            uow.set_setting(name, value)
                        uow.set_policy_text(policy_name, policy_text)
                        uow.is_barrier = True
                    making._engine.dispose()
                    put_in_place(beside, path, keyring)
                finally:
                    _remove(beside)
                ledger_file = cls(path, key, keyring, lock)
        return ledger_file, write_code(key)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        passphrase: str | None = None,
        recovery_code: str | None = None,
        checks_beside: bool = False,
    ) -> "LedgerFile":
        """Open a ledger file by passphrase or by recovery code; an older one is upgraded after a copy.

        All pages are looked through first. With `checks_beside` that goes on beside the first readings, writing
        waits for it, and `on_damage` tells what it finds.
        """
        if not path.is_file():
            raise UserError(f"找不到台账“{path}”。", "请看看文件夹还在不在，优盘是不是拔掉了。")
        check_place(path)
        with translated(path), locked(path) as lock:
            key, keyring = find_key(path, passphrase=passphrase, recovery_code=recovery_code)
            prepare(path, key, keyring, user=_user_name(), checks_pages=not checks_beside)
            if keyring.slots and not keys.keys_path(path).exists():
                keys.save_keyring(keyring, path)  # this PC's copy opened it; on another PC it would not
            ledger_file = cls(path, key, keyring, lock)
            if checks_beside:
                ledger_file._page_check = PageCheck(path, key)
            return ledger_file

    def begin_page_check(self) -> None:
        """Begin to look through all pages of a ledger opened with `checks_beside`, which else begins by itself soon."""
        if self._page_check is not None:
            self._page_check.begin()

    def on_damage(self, observer: Callable[[DamagedError], object]) -> None:
        """Call `observer`, in any thread, if the check beside the first readings finds damage."""
        if self._page_check is not None:
            self._page_check.on_damage(observer)

    def close(self, *, backup: bool = True) -> None:
        """Close the file, after a verified backup if something changed since the last one.

        If the backup can't be made, UserError says so and the file stays open.
        """
        if self._page_check is not None:
            self._page_check.wait()
        if backup:
            last = self.last_backup()
            with self._reading_cursor() as cursor:
                now_at = cursor.execute("SELECT max(id) FROM operation").fetchone()[0]
            if last is None or last.operation_id != now_at or not last.path.is_file():
                with translated(self.path):
                    folder = backups.automatic_folder(self.ledger_id)
                    self.backup(folder)
                    backups.thin(folder, clock.now())
        self._checkpoint.wait()
        with self._gate.shut():  # a reader still inside would keep its connection, and the file open
            self._engine.dispose()
        self._lock.release()

    # --- keys, backup, looking over ---

    def change_passphrase(self, old: str, new: str) -> None:
        """Wrap the data key under a new passphrase; the old one opens nothing any more."""
        keys.unwrap(self._keyring, old)
        self.set_passphrase(new)

    def set_passphrase(self, new: str) -> None:
        """Give a ledger that was opened by its recovery code a new passphrase and new key files."""
        self._keyring = keys.Keyring(self.ledger_id, (keys.wrap(self._key, new, self.ledger_id),))
        with translated(keys.keys_path(self.path)):
            keys.save_keyring(self._keyring, self.path)

    def renew_recovery_code(self, passphrase: str) -> str:
        """Give the ledger a new data key and return its recovery code; the old code opens only old copies."""
        keys.unwrap(self._keyring, passphrase)
        self._require_whole()
        new_key = keys.new_key()
        both = (*self._keyring.slots, keys.wrap(new_key, passphrase, self.ledger_id))
        with self._writing, self._gate.shut(), translated(self.path):
            # Until the file has its new key the slots open both, so that a crash locks nobody out.
            keys.save_keyring(keys.Keyring(self.ledger_id, both), self.path)
            self._checkpoint.wait()
            self._engine.dispose()
            rekey(self.path, self._key, new_key, self.ledger_id)
            self._keyring = keys.Keyring(self.ledger_id, both[-1:])
            keys.save_keyring(self._keyring, self.path)
            self._key = new_key
            self._engine = make_engine(self.path, new_key)
            self._checkpoint = Checkpoint(self.path, new_key)
            self._write_engine = self._engine.execution_options(is_writing=True)
        return write_code(new_key)

    def backup(self, folder: Path) -> BackupReport:
        """Make a verified backup in a folder."""
        self._checkpoint.wait()
        report = backups.make_backup(self.path, self._key, self._keyring, folder)
        backups.remember(report)
        return report

    def last_backup(self) -> BackupReport | None:
        """Return the last verified backup made on this PC, with its age."""
        return backups.recall(self.ledger_id)

    def size(self) -> int:
        """Return how large the ledger is on the disk, in bytes, with what waits in its log."""
        log = self.path.with_name(self.path.name + "-wal")
        return self.path.stat().st_size + (log.stat().st_size if log.exists() else 0)

    def clear_removed_files(self) -> int:
        """Let go of the contents of removed files and give their room back to the disk; return how many went.

        What was removed can not be brought back after that; a cut while the file is written anew leaves it whole.
        """
        with self.operation("清除移除的材料") as uow:
            gone = release_contents(uow)
            if not gone.removed_files:
                return 0
            uow.rename(f"清除移除的材料 {gone.removed_files} 份")
            uow.log_note(f"{gone.removed_size / 1_048_576:.1f} MB；移除这些材料的那几步不能再撤销")
        with self._writing, self._gate.shut(), translated(self.path):
            self._checkpoint.wait()
            self._engine.dispose()
            shrink(self.path, self._key)
        return gone.removed_files

    def verify(self) -> VerifyReport:
        """Look over pages, tables, references, journal and the contents of files."""
        with self._reading_cursor() as cursor:
            return inspect(cursor.connection, self.path)

    # --- reading and writing ---

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Give a consistent view of the ledger."""
        with self._gate.inside(), translated(self.path), Session(self._engine, autoflush=False) as session:
            yield Reading(session, self._latest)

    @contextmanager
    def operation(self, name: str, *, source: str = "") -> Iterator[UnitOfWork]:
        """Give a unit of work: committed at the end of the block, rolled back on any exception.

        An operation that changed nothing and noted nothing leaves no trace; `uow.is_recorded` tells.
        """
        with self._begun(name, source, None) as uow:
            yield uow

    def _require_whole(self) -> None:
        """Wait until all pages are known to be whole; DamagedError if they are not."""
        check = self._page_check  # another thread may be done with it meanwhile
        if check is not None:
            check.require_whole()
            self._page_check = None

    @contextmanager
    def _begun(self, name: str, source: str, undoes_id: int | None) -> Iterator[UnitOfWork]:
        if not self._writing.acquire(timeout=30):
            raise UserError("另一件事正在保存，这一步没有做。", "请等它完成，再试一次。")
        try:
            self._require_whole()
            with translated(self.path), Session(self._write_engine, expire_on_commit=False) as session:
                cursor = session.connection().connection.cursor()
                uow = UnitOfWork(session, start_operation(cursor, name, self.user, source, undoes_id))
                uow.name, uow.is_undo = name, undoes_id is not None
                yield uow
                session.flush()
                changes = finish_operation(cursor, uow)
                if uow.is_recorded:
                    session.commit()
                    self._checkpoint.committed(uow.changes + uow.pages)
                else:
                    session.rollback()
        finally:
            self._writing.release()
        if uow.is_recorded:
            for observer in list(self.committed):
                observer(changes)

    # --- history ---

    def history(
        self, *, limit: int = 100, offset: int = 0, search: str = "", kind: str = ""
    ) -> list[OperationRow]:
        """Return operations, newest first; `kind`: edit, import, out, closing or all."""
        with self._reading_cursor() as cursor:
            return history.list_operations(cursor, limit=limit, offset=offset, search=search, kind=kind)

    def history_size(self, *, search: str = "", kind: str = "") -> HistorySize:
        """Return how many operations and changes there are, and since when."""
        with self._reading_cursor() as cursor:
            return history.measure_history(cursor, search=search, kind=kind)

    def one_operation(self, operation_id: int) -> OperationRow | None:
        """Return an operation by its number."""
        with self._reading_cursor() as cursor:
            return history.get_operation(cursor, operation_id)

    def later_operations(self, operation_id: int) -> list[LaterOperation]:
        """Return the operations that have to be undone before this one can be."""
        with self._reading_cursor() as cursor:
            return history.list_later(cursor, operation_id)

    def journal_break(self) -> Break | None:
        """Return the first place where somebody edited the journal from outside, None if it is whole."""
        with self._reading_cursor() as cursor:
            return check_chain(cursor)

    def undoable(self, limit: int = 20) -> list[OperationRow]:
        """Return what can be undone, the next one first."""
        with self._reading_cursor() as cursor:
            return history.list_undoable(cursor, limit)

    def clock_warning(self) -> str:
        """Return a sentence if this PC's clock is behind the ledger's newest operation, else ""."""
        now = clock.now()
        with self._reading_cursor() as cursor:
            newest = history.newest_at(cursor)
        if newest - now <= CLOCK_SLACK:
            return ""
        return (
            f"这台电脑的时间可能不对：现在是 {now:%Y-%m-%d %H:%M}，可台账里最后一步记在 {newest:%Y-%m-%d %H:%M}。"
            "台账没有受影响；请先把日期和时间对准，再重新打开台账，不然新登记的事会记错日子。"
        )

    def redoable(self, limit: int = 20) -> list[OperationRow]:
        """Return the undos that can be taken back, the next one first."""
        with self._reading_cursor() as cursor:
            return history.list_redoable(cursor, limit)

    def undo(self, operation_id: int | None = None) -> OperationRow:
        """Take back an operation, None the last one; return the operation that did it."""
        if operation_id is None:
            open_ones = self.undoable(1)
            if not open_ones:
                raise UserError("没有可以撤销的步骤。")
            operation_id = open_ones[0].id
        with self._reading_cursor() as cursor:
            chosen = history.get_operation(cursor, operation_id)
        if chosen is None:
            raise UserError(f"操作记录里没有第 {operation_id} 步。")
        if chosen.is_undone:
            raise UserError(f"“{chosen.name}”已经撤销过了。")
        if not chosen.can_undo:
            raise UserError(
                f"“{chosen.name}”不能撤销：{'它没有改动台账' if not chosen.changes else '它在建立台账或升级之前'}。"
            )
        return self._take_back(chosen)

    def redo(self) -> OperationRow:
        """Do again what was undone last; return the operation that did it."""
        undos = self.redoable(1)
        if not undos:
            raise UserError("没有可以重做的步骤。")
        return self._take_back(undos[0])

    def _take_back(self, chosen: OperationRow) -> OperationRow:
        root = chosen.name.removeprefix("撤销：").removeprefix("重做：")
        name = (
            f"撤销：{root}"
            if chosen.undoes_id is None or chosen.name.startswith("重做：")
            else f"重做：{root}"
        )
        with self._begun(name, "", chosen.id) as uow:
            cursor = uow.session.connection().connection.cursor()
            restore_rows(cursor, chosen.id)
            mark_undone(cursor, chosen.id, uow.operation_id)
        with self._reading_cursor() as cursor:
            done = history.get_operation(cursor, uow.operation_id)
        assert done is not None
        return done

    def operation_changes(
        self, operation_id: int, *, without: Sequence[str] = (), limit: int = -1
    ) -> list[ChangeRow]:
        """Return the rows that an operation touched: the first `limit` of them, without those of some tables."""
        with self._reading_cursor() as cursor:
            return history.list_changes(cursor, operation_id, without=without, limit=limit)

    @contextmanager
    def _reading_cursor(self) -> Iterator[Any]:
        with self.reading() as reading:
            yield reading.session.connection().connection.cursor()


def new_recovery_code() -> str:
    """Return a fresh recovery code, for a ledger that is made once the code has been printed."""
    return write_code(keys.new_key())


def _remove(database: Path) -> None:
    for end in ("", "-wal", "-shm"):
        database.with_name(database.name + end).unlink(missing_ok=True)


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
