"""A ledger file that is open: reading it, writing it in operations, taking operations back."""

import getpass
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # it has no stubs

from skillsaid_desktop import clock
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage import history, keys
from skillsaid_desktop.storage.chain import seal_operation
from skillsaid_desktop.storage.connection import connect, set_journal_mode
from skillsaid_desktop.storage.records import ChangeRow, Changes, OperationRow
from skillsaid_desktop.storage.recovery_code import read_code, write_code
from skillsaid_desktop.storage.sqlite_errors import damaged, translated
from skillsaid_desktop.storage.touched import refresh_projection
from skillsaid_desktop.storage.undo import mark_undone, restore_rows
from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

SUFFIX = ".skillsaid"


class LedgerFile:
    """An open ledger. Only one program has it open; within it, readings never wait for writes."""

    def __init__(self, path: Path, key: bytes, ledger_id: str) -> None:
        self.path = path
        self.ledger_id = ledger_id
        self.user = _user_name()
        self.committed: list[Callable[[Changes], None]] = []
        self._key = key
        self._writing = threading.Lock()
        self._engine = _engine(path, key)
        self._write_engine = self._engine.execution_options(is_writing=True)

    # --- making and opening ---

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        passphrase: str,
        settings: Mapping[str, object],
        policy_text: str,
        policy_name: str,
    ) -> tuple["LedgerFile", str]:
        """Make a new ledger file with its key slots; return it open, and the recovery code to print."""
        if path.exists() or keys.keys_path(path).exists():
            raise UserError(f"已经有一本账叫“{path.name}”，没有动它。", "请换一个名字，或打开原来那本。")
        key, ledger_id = keys.new_key(), keys.new_ledger_id()
        keyring = keys.Keyring(ledger_id, (keys.wrap(key, passphrase, ledger_id),))
        with translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                _make_database(path, key, ledger_id)
                keys.save_keyring(keyring, path)
            except BaseException:
                for leftover in (path, keys.keys_path(path)):
                    leftover.unlink(missing_ok=True)
                raise
        ledger_file = cls(path, key, ledger_id)
        with ledger_file.operation("建账") as uow:
            for name, value in {"policy_name": policy_name, **settings}.items():
                uow.set_setting(name, value)
            uow.set_policy_text(policy_name, policy_text)
            uow.is_barrier = True
        return ledger_file, write_code(key)

    @classmethod
    def open(
        cls, path: Path, *, passphrase: str | None = None, recovery_code: str | None = None
    ) -> "LedgerFile":
        """Open a ledger file by passphrase or by recovery code."""
        if not path.is_file():
            raise UserError(f"找不到账本“{path}”。", "请看看文件夹还在不在，优盘是不是拔掉了。")
        with translated(path):
            candidates, ledger_id = _keys_for(path, passphrase, recovery_code)
            key = _first_fitting(path, candidates)
        return cls(path, key, ledger_id)

    def close(self, *, backup: bool = True) -> None:
        """Close the file."""
        self._engine.dispose()

    # --- reading and writing ---

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Give a consistent view of the ledger."""
        with translated(self.path), Session(self._engine, autoflush=False) as session:
            yield Reading(session)

    @contextmanager
    def operation(self, name: str, *, source: str = "") -> Iterator[UnitOfWork]:
        """Give a unit of work: committed at the end of the block, rolled back on any exception.

        An operation that changed nothing and noted nothing leaves no trace; `uow.is_recorded` tells.
        """
        with self._begun(name, source, None) as uow:
            yield uow

    @contextmanager
    def _begun(self, name: str, source: str, undoes_id: int | None) -> Iterator[UnitOfWork]:
        if not self._writing.acquire(timeout=30):
            raise UserError("另一件事正在保存，这一步没有做。", "请等它完成，再试一次。")
        try:
            with translated(self.path), Session(self._write_engine, expire_on_commit=False) as session:
                cursor = session.connection().connection.cursor()
                uow = UnitOfWork(session, _start(cursor, name, self.user, source, undoes_id))
                uow.name, uow.is_undo = name, undoes_id is not None
                yield uow
                session.flush()
                changes = _finish(cursor, uow)
                if uow.is_recorded:
                    session.commit()
                else:
                    session.rollback()
        finally:
            self._writing.release()
        if uow.is_recorded:
            for observer in list(self.committed):
                observer(changes)

    # --- history ---

    def history(self, *, limit: int = 100, offset: int = 0, search: str = "") -> list[OperationRow]:
        """Return operations, newest first."""
        with self._reading_cursor() as cursor:
            return history.list_operations(cursor, limit=limit, offset=offset, search=search)

    def undoable(self, limit: int = 20) -> list[OperationRow]:
        """Return what can be undone, the next one first."""
        with self._reading_cursor() as cursor:
            return history.list_undoable(cursor, limit)

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
                f"“{chosen.name}”不能撤销：{'它没有改动账本' if not chosen.changes else '它在建账或升级之前'}。"
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

    def operation_changes(self, operation_id: int) -> list[ChangeRow]:
        """Return the rows that an operation touched."""
        with self._reading_cursor() as cursor:
            return history.list_changes(cursor, operation_id)

    @contextmanager
    def _reading_cursor(self) -> Iterator[Any]:
        with self.reading() as reading:
            yield reading.session.connection().connection.cursor()


# --- an operation's first and last lines ---------------------------------------------------------------


def _start(cursor: Any, name: str, user: str, source: str, undoes_id: int | None) -> int:
    cursor.execute(
        'INSERT INTO operation (name, "user", at, source, note, undoes_id, is_barrier, changes, summary, digest) '
        "VALUES (?, ?, ?, ?, '', ?, 0, 0, '{}', x'')",
        (name, user, clock.now().isoformat(), source, undoes_id),
    )
    operation_id: int = cursor.lastrowid
    cursor.execute("UPDATE current_operation SET operation_id = ?", (operation_id,))
    return operation_id


def _finish(cursor: Any, uow: UnitOfWork) -> Changes:
    summary: dict[str, int] = dict(
        cursor.execute(
            "SELECT entity, count(*) FROM change WHERE operation_id = ? GROUP BY entity", (uow.operation_id,)
        ).fetchall()
    )
    uow.is_recorded = bool(summary or uow.notes or uow.is_barrier or uow.is_undo)
    if uow.is_recorded:
        refresh_projection(uow, frozenset(summary))
        cursor.execute(
            "UPDATE operation SET name = ?, note = ?, is_barrier = ?, changes = ?, summary = ? WHERE id = ?",
            (
                uow.name,
                "\n".join(uow.notes),
                uow.is_barrier,
                sum(summary.values()),
                json.dumps(summary, sort_keys=True),
                uow.operation_id,
            ),
        )
        digest = seal_operation(cursor, uow.operation_id)
        cursor.execute("UPDATE operation SET digest = ? WHERE id = ?", (digest, uow.operation_id))
        cursor.execute("UPDATE current_operation SET operation_id = NULL")
    return Changes(uow.operation_id, uow.name, frozenset(summary))


# --- opening -------------------------------------------------------------------------------------------


def _engine(path: Path, key: bytes) -> Engine:
    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: connect(path, key),
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=8,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        is_writing = connection.get_execution_options().get("is_writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")

    return engine


def _make_database(path: Path, key: bytes, ledger_id: str) -> None:
    from skillsaid_desktop.domain.entities import Entity, Projection
    from skillsaid_desktop.storage import journal

    connection = connect(path, key, salt=ledger_id)
    connection.close()
    engine = _engine(path, key)
    with engine.execution_options(is_writing=True).begin() as opened:
        for metadata in (journal.metadata, Entity.metadata, Projection.metadata):
            metadata.create_all(opened)
        for statement in journal.journal_triggers(Entity.metadata.sorted_tables):
            opened.exec_driver_sql(statement)
        opened.exec_driver_sql("INSERT INTO current_operation (id, operation_id) VALUES (1, NULL)")
    engine.dispose()
    connection = connect(path, key)
    set_journal_mode(connection, "WAL")
    connection.close()


def _keys_for(path: Path, passphrase: str | None, recovery_code: str | None) -> tuple[list[bytes], str]:
    if recovery_code is not None:
        return [read_code(recovery_code)], keys.ledger_id_of(path)
    keyring = keys.find_keyring(path)
    if keyring is None:
        raise UserError(
            f"找不到账本的密钥文件“{keys.keys_path(path).name}”，只凭口令打不开。",
            "请把它放回账本旁边（备份里也有），或者用打印的恢复码打开。账本没有动。",
        )
    if not passphrase:
        raise UserError("请输入口令。")
    return keys.unwrap(keyring, passphrase), keyring.ledger_id


def _first_fitting(path: Path, candidates: list[bytes]) -> bytes:
    for key in candidates:
        try:
            connect(path, key).close()
        except dbapi2.DatabaseError as error:
            if "not a database" not in str(error):
                raise
        else:
            return key
    raise damaged(path)


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
