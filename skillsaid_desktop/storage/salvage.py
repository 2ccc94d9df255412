"""What can still be read of a damaged ledger, brought into a new file: table by table, by ranges of ids.

A range that meets an unreadable page is halved until what can be read is read; rows that can not be are looked for in
the journal, which has every row as it last was. What is lost is reported by table and id. The damaged file is only
read.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Table, create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # it has no stubs

from skillsaid_desktop.domain.entities import Entity, Snapshot
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.progress import Progress, SilentProgress
from skillsaid_desktop.storage import journal, keys
from skillsaid_desktop.storage.chain import seal_operation
from skillsaid_desktop.storage.connection import Connection, connect
from skillsaid_desktop.storage.contents import digest_of
from skillsaid_desktop.storage.inspection import inspect
from skillsaid_desktop.storage.opening import (
    locked,
    make_database,
    put_in_place,
    refuse_lone_keys,
    settle_journal_mode,
)
from skillsaid_desktop.storage.operations import finish_operation, start_operation
from skillsaid_desktop.storage.place import check_place
from skillsaid_desktop.storage.recovery_code import read_code
from skillsaid_desktop.storage.sqlite_errors import damaged, translated
from skillsaid_desktop.storage.unit_of_work import UnitOfWork

NAME = "抢救台账"
_CHUNK = 2_000
_FIRST_GUESS = 1_000
_SAMPLES = 24
_PAGE, _PADDING = 4096, 1 << 24
_SPARE = ("-wal", "-shm", "-journal")


@dataclass(kw_only=True)
class SalvagedTable:
    """What became of one table. `lost` are ranges of ids, both ends included, that nothing tells of any more."""

    name: str
    rows: int = 0  # in the new file
    from_journal: int = 0  # of these, those that were read from the journal
    dropped: int = 0  # rows that hung on a lost one
    lost: list[tuple[int, int]] = field(default_factory=list)

    @property
    def lost_count(self) -> int:
        """How many ids nothing tells of; some of them may never have been rows."""
        return sum(last - first + 1 for first, last in self.lost)


@dataclass(frozen=True, kw_only=True)
class SalvageReport:
    """What was brought over and what is missing, table by table."""

    path: Path
    tables: tuple[SalvagedTable, ...]

    @property
    def is_complete(self) -> bool:
        """Say whether every row was found, in its table or in the journal."""
        return not any(each.lost or each.dropped for each in self.tables)


_Read = Callable[[int, int], list[tuple[object, ...]]]
"""Returns the rows of a range of ids; _Unreadable if a page of them is gone."""


class _Unreadable(Exception):
    """A page that a query needed can not be read."""


class _Source:
    """The damaged file, opened anew after each unreadable page: SQLCipher gives up on a connection that met one."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path, self.key = path, key
        self._connection: Connection | None = None

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """Return the rows of a query; _Unreadable if a page of them is gone."""
        try:
            if self._connection is None:
                self._connection = self._connect()
            found: list[tuple[object, ...]] = self._connection.execute(sql, params).fetchall()
        except dbapi2.DatabaseError as error:
            self.close()
            raise _Unreadable from error
        return found

    def scalar(self, sql: str, params: Sequence[object] = ()) -> object:
        """Return the first value of a query, None if it has none or can not be read."""
        with suppress(_Unreadable):
            rows = self.rows(sql, params)
            return rows[0][0] if rows else None
        return None

    def _connect(self) -> Connection:
        connection = dbapi2.connect(
            self._path.absolute().as_uri() + "?mode=rw", uri=True, isolation_level=None
        )
        connection.execute(f"PRAGMA key = \"x'{self.key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute("PRAGMA cipher_memory_security = OFF")
        connection.execute("PRAGMA writable_schema = ON")  # see lighten
        return connection

    def lighten(self) -> None:
        """Forget triggers and indexes, of which there are many, so that opening again and again takes no time."""
        with suppress(_Unreadable):
            self.rows("DELETE FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL")
        self.close()

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            with suppress(dbapi2.Error):
                self._connection.close()
            self._connection = None


def salvage(
    source: Path,
    to: Path,
    *,
    passphrase: str | None = None,
    recovery_code: str | None = None,
    user: str = "",
    progress: Progress | None = None,
) -> SalvageReport:
    """Bring what can be read of a damaged ledger into a new file, which opens with the same passphrase.

    Raises DamagedError if not even the first pages can be read, UserError if there is something at `to`.
    """
    if to.exists():
        raise UserError(f"已经有“{to.name}”，没有动它。", "请换一个名字存抢救出来的台账。")
    refuse_lone_keys(to)
    check_place(to)
    progress = progress or SilentProgress()
    copy, beside = to.with_name(to.name + ".damaged"), to.with_name(to.name + ".salvaging")
    with translated(to), locked(source) as lock:
        try:
            _copy_all(source, copy)
            opened, keyring = _open_damaged(source, copy, passphrase, recovery_code)
            key = opened.key
            make_database(beside, key, keyring.ledger_id)
            tables = _bring_over(opened, beside, user, progress)
            _prove(beside, key)
            put_in_place(beside, to, keyring)
            settle_journal_mode(to, key)
        finally:
            lock.release()
            for path in (copy, beside):
                for ending in ("", *_SPARE):
                    path.with_name(path.name + ending).unlink(missing_ok=True)
    return SalvageReport(path=to, tables=tuple(tables))


def _copy_all(source: Path, copy: Path) -> None:
    """Copy the file with the log that a crash left, which is read with it."""
    for ending in ("", *_SPARE):
        if source.with_name(source.name + ending).exists():
            shutil.copy2(source.with_name(source.name + ending), copy.with_name(copy.name + ending))


def _pad(copy: Path) -> None:
    """Give a file that was cut short pages at its end, which are unreadable: else SQLite does not begin to read it."""
    with copy.open("rb+") as file:
        file.truncate(copy.stat().st_size * 4 // _PAGE * _PAGE + _PADDING)


def _open_damaged(
    source: Path, copy: Path, passphrase: str | None, recovery_code: str | None
) -> tuple[_Source, keys.Keyring]:
    """Return the damaged copy with the key that opens its first page, and the slots of the key."""
    keyring = keys.find_keyring(source)
    if recovery_code is not None:
        candidates = [read_code(recovery_code)]
    elif keyring is None:
        raise UserError(
            f"找不到密钥文件“{keys.keys_path(source).name}”，只凭口令打不开台账。",
            "请把它放回台账旁边（每份备份里也有），或者用打印的恢复码抢救。台账没有动。",
        )
    elif not passphrase:
        raise UserError("请输入口令。")
    else:
        candidates = keys.unwrap(keyring, passphrase)
    what = "连开头都读不出来，抢救不了"
    for is_padded in (False, True):
        if is_padded:
            _pad(copy)
        for key in candidates:
            opened = _Source(copy, key)
            if opened.scalar("SELECT count(*) FROM sqlite_master") is not None:
                opened.lighten()
                return opened, keyring or keys.Keyring(keys.ledger_id_of(source))
            if opened.scalar("PRAGMA user_version") is not None:
                what = "里面各张表的目录读不出来，抢救不了"
            opened.close()  # Windows neither pads nor deletes a file that is open
    raise damaged(source, what)


def _bring_over(source: _Source, beside: Path, user: str, progress: Progress) -> list[SalvagedTable]:
    key = source.key
    target = connect(beside, key)
    try:
        target.execute("PRAGMA foreign_keys = OFF")
        target.execute("BEGIN IMMEDIATE")
        triggers = target.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in triggers:
            target.execute(f'DROP TRIGGER "{name}"')
        found: list[SalvagedTable] = []
        told = [journal.operation, journal.change, *Entity.metadata.sorted_tables]
        for at, table in enumerate(told):
            progress.report(at, len(told), f"抢救 {table.name}")
            found.append(_salvage_table(source, target, table))
        is_whole = not any(each.lost for each in found[:2])
        for each in found[2:]:
            _fill_from_journal(target, each, Entity.metadata.tables[each.name], is_whole)
        for name in ("roster_person", "register_person"):
            found.append(_salvage_people(source, target, Snapshot.metadata.tables[name]))
        _drop_orphans(target, found)
        found.append(_salvage_contents(source, target))
        for each in found:
            each.rows = int(target.execute(f'SELECT count(*) FROM "{each.name}"').fetchone()[0])
        _seal_anew(target)
        for _name, sql in triggers:
            target.execute(sql)
        target.execute("COMMIT")
    finally:
        source.close()
        target.close()
    _note(beside, key, user, found)
    return found


def _salvage_table(source: _Source, target: Connection, table: Table) -> SalvagedTable:
    """Copy the rows of a table by ranges of ids."""
    result = SalvagedTable(name=table.name)
    last = _last_id(source, table.name)
    names = _columns(source, table)
    if not names:  # its place in the file is not known any more
        if last:
            result.lost.append((1, last))
        return result
    columns = ", ".join(f'"{name}"' for name in names)
    select = f'SELECT {columns} FROM "{table.name}" WHERE id BETWEEN ? AND ?'
    insert = f'INSERT INTO "{table.name}" ({columns}) VALUES ({", ".join("?" * len(names))})'

    def read(first: int, last: int) -> list[tuple[object, ...]]:
        return source.rows(select, (first, last))

    if last and not _is_reachable(read, last):
        result.lost.append((1, last))
        return result
    for rows in _ranges(read, last, result.lost):
        for row in rows:
            try:
                target.execute(insert, row)
            except dbapi2.IntegrityError:  # a column of a newer version that the file does not have
                result.dropped += 1
    if last:
        target.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
        target.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table.name, last))
    return result


def _is_reachable(read: _Read, last: int) -> bool:
    """Say whether any part of a table can be read: a lost root would else be found out row by row."""
    for row_id in {1 + (last - 1) * at // _SAMPLES for at in range(_SAMPLES + 1)}:
        with suppress(_Unreadable):
            read(row_id, row_id)
            return True
    return False


def _columns(source: _Source, table: Table) -> list[str]:
    there: set[str] = set()
    with suppress(_Unreadable):
        there = {str(row[1]) for row in source.rows(f'PRAGMA table_info("{table.name}")')}
    return [column.name for column in table.columns if column.name in there]


def _last_id(source: _Source, name: str) -> int:
    """Return the last id that the table gave, as far as anything tells it."""
    asked = (
        ("SELECT seq FROM sqlite_sequence WHERE name = ?", (name,)),
        (f'SELECT max(id) FROM "{name}"', ()),
        ("SELECT max(record_id) FROM change WHERE entity = ?", (name,)),
    )
    found = [source.scalar(sql, params) for sql, params in asked]
    known = [int(str(each)) for each in found if each is not None]
    if known:
        return max(known)
    gave_none = source.scalar("SELECT count(*) FROM sqlite_sequence") is not None
    return 0 if gave_none else _FIRST_GUESS


def _ranges(read: _Read, last: int, lost: list[tuple[int, int]]) -> Iterator[list[tuple[object, ...]]]:
    """Yield the rows of all ids up to `last`, halving what can not be read; what stays unread is put into `lost`."""
    waiting = [(first, min(first + _CHUNK - 1, last)) for first in range(1, last + 1, _CHUNK)][::-1]
    while waiting:
        first, end = waiting.pop()
        try:
            yield read(first, end)
        except _Unreadable:
            if first == end:
                if lost and lost[-1][1] == first - 1:
                    lost[-1] = (lost[-1][0], first)
                else:
                    lost.append((first, end))
            else:
                middle = (first + end) // 2
                waiting += [(middle + 1, end), (first, middle)]


def _fill_from_journal(target: Connection, result: SalvagedTable, table: Table, is_whole: bool) -> None:
    """Put lost rows back as the journal has them last.

    Nothing is lost of ids whose rows it says were deleted, nor, if it `is_whole`, of those that it never heard of.
    """
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(f"json_extract(after, '$.{column.name}')" for column in table.columns)
    lost: list[tuple[int, int]] = []
    for first, last in result.lost:
        for row_id in range(first, last + 1):
            told = target.execute(
                "SELECT id, after FROM change WHERE entity = ? AND record_id = ? ORDER BY id DESC LIMIT 1",
                (table.name, row_id),
            ).fetchone()
            if told[1] is None if told is not None else is_whole:
                continue
            try:
                if told is None:
                    raise dbapi2.IntegrityError
                target.execute(
                    f'INSERT INTO "{table.name}" ({names}) SELECT {values} FROM change WHERE id = ?', told[:1]
                )
                result.from_journal += 1
            except dbapi2.IntegrityError:
                lost.append((row_id, row_id))
    result.lost = _joined(lost)


def _joined(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for first, last in ranges:
        if found and found[-1][1] == first - 1:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def _salvage_people(source: _Source, target: Connection, table: Table) -> SalvagedTable:
    """Copy the people of the rosters that were brought over."""
    result = SalvagedTable(name=table.name)
    names = _columns(source, table)
    if not names:
        return result
    columns = ", ".join(f'"{name}"' for name in names)
    insert = f'INSERT INTO "{table.name}" ({columns}) VALUES ({", ".join("?" * len(names))})'
    # The school register has a table of its own, see domain.entities.rosters.
    rosters = "SELECT id, people FROM roster WHERE (kind = 'school') = ?"
    for roster_id, people in target.execute(rosters, (table.name == "register_person",)).fetchall():

        def read(first: int, last: int, roster_id: int = roster_id) -> list[tuple[object, ...]]:
            sql = f'SELECT {columns} FROM "{table.name}" WHERE roster_id = ? AND number BETWEEN ? AND ?'
            return source.rows(sql, (roster_id, first, last))

        if not _is_reachable(read, int(people)):
            result.lost.append((1, int(people)))
            continue
        for rows in _ranges(read, int(people), result.lost):
            target.executemany(insert, rows)
    return result


def _salvage_contents(source: _Source, target: Connection) -> SalvagedTable:
    """Copy the contents of the files that were brought over, each proven; what has lost its content goes.

    `lost` are then ids of attachments: as rows without a content they would tell of proofs that nobody can show.
    """
    result = SalvagedTable(name="stored_file")
    last = int(str(source.scalar("SELECT max(rowid) FROM stored_file") or _FIRST_GUESS))

    def read(first: int, last: int) -> list[tuple[object, ...]]:  # by rowid: the index may be what is damaged
        return source.rows("SELECT rowid, digest FROM stored_file WHERE rowid BETWEEN ? AND ?", (first, last))

    places: dict[object, object] = {}
    if _is_reachable(read, last):
        places = {digest: row_id for rows in _ranges(read, last, []) for row_id, digest in rows}
    named = "SELECT id, digest FROM attachment WHERE digest IS NOT NULL ORDER BY id"
    kept: dict[object, bool] = {}
    lost: list[tuple[int, int]] = []
    for attachment_id, digest in target.execute(named).fetchall():
        if digest not in kept:
            kept[digest] = _keep_content(source, target, digest, places.get(digest))
        if not kept[digest]:
            target.execute("DELETE FROM attachment WHERE id = ?", (attachment_id,))
            lost.append((attachment_id, attachment_id))
    result.lost = _joined(lost)
    return result


def _keep_content(source: _Source, target: Connection, digest: object, row_id: object) -> bool:
    """Copy one content and say whether it is what was kept."""
    rows: list[tuple[object, ...]] = []
    with suppress(_Unreadable):
        rows = source.rows("SELECT size, mime, content FROM stored_file WHERE rowid = ?", (row_id,))
    for size, mime, content in rows:
        if isinstance(content, bytes) and digest_of(content) == digest:
            insert = "INSERT INTO stored_file (digest, size, mime, content) VALUES (?, ?, ?, ?)"
            target.execute(insert, (digest, size, mime, content))
            return True
    return False


def _drop_orphans(target: Connection, found: Sequence[SalvagedTable]) -> None:
    """Take out rows that hang on a lost one, and those that hang on these."""
    by_name = {each.name: each for each in found}
    while orphans := target.execute("PRAGMA foreign_key_check").fetchall():
        for table, row_id, _parent, _number in orphans:
            if (
                target.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (row_id,)).rowcount
                and table in by_name
            ):
                by_name[table].dropped += 1


def _seal_anew(target: Connection) -> None:
    """Chain what is left of the journal again; that this was done stands in it as an operation of its own."""
    cursor = target.cursor()
    for (operation_id,) in cursor.execute("SELECT id FROM operation ORDER BY id").fetchall():
        digest = seal_operation(cursor, operation_id)
        cursor.execute("UPDATE operation SET digest = ? WHERE id = ?", (digest, operation_id))


def _note(beside: Path, key: bytes, user: str, found: Sequence[SalvagedTable]) -> None:
    """Record the salvage as a barrier, and compute anew what is computed."""
    engine = create_engine(
        "sqlite://", module=dbapi2, creator=lambda: connect(beside, key), poolclass=NullPool
    )
    try:
        with engine.connect() as connection, connection.begin():
            session = Session(bind=connection, autoflush=False)
            cursor = connection.connection.cursor()
            uow = UnitOfWork(session, start_operation(cursor, NAME, user, "", None))
            uow.name, uow.is_barrier = NAME, True
            for each in found:
                if each.lost or each.dropped or each.from_journal:
                    uow.log_note(
                        f"{each.name}：{each.rows} 行，从记录补回 {each.from_journal}，缺 {each.lost_count}，"
                        f"连带去掉 {each.dropped}"
                    )
            finish_operation(cursor, uow, refresh_all=True)
            session.flush()
    finally:
        engine.dispose()


def _prove(path: Path, key: bytes) -> None:
    connection = connect(path, key)
    try:
        report = inspect(connection, path)
    finally:
        connection.close()
    if not report.is_whole:
        raise damaged(path, report.problems[0])
