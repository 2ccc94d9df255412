"""Reading a ledger, and the one way to write it: an operation that commits whole or not at all."""

import json
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Session
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # it has no stubs

from skillsaid_desktop.domain.entities import Entity, PolicyText, Setting
from skillsaid_desktop.errors import Cancelled
from skillsaid_desktop.storage import bulk
from skillsaid_desktop.storage.latest import Answer, Latest
from skillsaid_desktop.storage.settings import Settings, storable

if TYPE_CHECKING:
    from skillsaid_desktop.policy.policy import Policy

Params = Mapping[str, Any] | Sequence[Any]

_IDS_AT_ONCE = 500
_STEPS_BETWEEN_LOOKS = 20_000
"""Steps of SQLite's machine, some milliseconds of them: how often a query asks whether it is still wanted."""


def id_conditions(ids: Collection[int]) -> Iterator[str]:
    """Yield what a column must be to be one of these ids: `BETWEEN 1 AND 900`, or some `IN (…)`."""
    ordered = sorted(set(ids))
    if len(ordered) > 1 and ordered[-1] - ordered[0] == len(ordered) - 1:
        yield f"BETWEEN {ordered[0]} AND {ordered[-1]}"
        return
    for start in range(0, len(ordered), _IDS_AT_ONCE):
        yield f"IN ({','.join(map(str, ordered[start : start + _IDS_AT_ONCE]))})"


class Reading:
    """A consistent view of the ledger, as it was when it was first looked at."""

    def __init__(self, session: Session, latest: Latest | None = None) -> None:
        self.session = session
        self._settings: Settings | None = None
        self._policy: Policy | None = None
        self._latest = latest

    def rows(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query; values as SQLite holds them: days as ISO text, flags as 0 and 1."""
        return self._execute(sql, params)

    def scalar(self, sql: str, params: Params = ()) -> Any:
        """Return the first value of the first row, None if there is none."""
        rows = self._execute(sql, params)
        return rows[0][0] if rows else None

    def once(self, question: str, about: Hashable, work: Callable[[], Answer]) -> Answer:
        """Return what `work` finds, worked out once for each state of the ledger and each `about`.

        Of each question the newest answer is kept in memory and handed to any thread: it must be a frozen value that
        follows from the ledger and `about` alone. What is written is an operation, so the last one tells the state.
        """
        return self.keep(question, (self.scalar("SELECT max(id) FROM operation"), about), work)

    def keep(self, question: str, state: Hashable, work: Callable[[], Answer]) -> Answer:
        """Return what `work` found when the question was asked last, if `state`, on which alone it depends, is the same."""
        if self._latest is None:
            return work()
        return self._latest.answer(question, state, work)

    @contextmanager
    def broken_off_when(self, is_unwanted: Callable[[], bool]) -> Iterator[None]:
        """Break off a query of this block as soon as nobody wants its answer; raises Cancelled then."""
        driver = self.session.connection().connection.dbapi_connection
        assert driver is not None
        driver.set_progress_handler(is_unwanted, _STEPS_BETWEEN_LOOKS)
        try:
            yield
        except dbapi2.OperationalError as error:
            if is_unwanted():
                raise Cancelled from error
            raise
        finally:
            driver.set_progress_handler(None, 0)

    def _execute(self, sql: str, params: Params) -> list[tuple[Any, ...]]:
        self.session.flush()
        return self._cursor().execute(sql, params).fetchall()  # type: ignore[no-any-return]

    def _cursor(self) -> Any:
        driver = self.session.connection().connection.dbapi_connection
        assert driver is not None
        return driver.cursor()

    @property
    def settings(self) -> Settings:
        """The school's settings."""
        if self._settings is None:
            rows = self.rows("SELECT key, value FROM setting")
            self._settings = Settings({key: json.loads(str(value)) for key, value in rows})
        return self._settings

    @property
    def policy(self) -> "Policy":
        """The policy in force, as copied into this ledger."""
        if self._policy is None:
            from skillsaid_desktop.storage.policy_in_force import parsed_policy

            name = self.settings.policy_name
            text = self.scalar("SELECT text FROM policy_text WHERE name = ?", (name,))
            self._policy = parsed_policy(text or "", name)
        return self._policy


class UnitOfWork(Reading):
    """One operation: its writes are journalled, and committed together by the ledger file."""

    def __init__(self, session: Session, operation_id: int) -> None:
        super().__init__(session)
        self.operation_id = operation_id
        self.notes: list[str] = []
        self.name = ""
        self.is_barrier = False
        self.is_undo = False
        self.is_recorded = False
        self.changes = 0  # rows, known at the end
        self.pages = 0  # of the database that contents of files fill

    def add(self, entity: Entity) -> None:
        """Add a mapped row; `flush` gives it its id."""
        self.session.add(entity)

    def flush(self) -> None:
        """Write what was added or changed so far (not yet committed)."""
        self.session.flush()

    def log_note(self, text: str) -> None:
        """Keep a sentence with the operation: what was exported and for what purpose, and the like."""
        self.notes.append(text)

    def rename(self, name: str) -> None:
        """Give the operation its final name, e.g. once the number of people is known."""
        self.name = name

    def execute(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """Run a statement inside the operation and return its rows, if it has any."""
        return self._execute(sql, params)

    def insert_many(self, target: bulk.Target, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Insert rows in bulk and return their ids in order; missing columns get their defaults.

        A table without an `id` (a projection) returns an empty list.
        """
        if not rows:
            return []
        self.session.flush()
        table = bulk.table_of(target)
        cursor = self._cursor()
        ids: list[int] | None = None
        if "id" in table.columns:
            last = cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,)).fetchone()
            first = (last[0] if last else 0) + 1
            ids = list(range(first, first + len(rows)))
        bulk.insert_rows(cursor, table, rows, ids)
        return ids or []

    def insert_values(self, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows of values as SQLite stores them into a table without ids."""
        self.session.flush()
        bulk.insert_values(self._cursor(), table, names, rows)

    def update_many(self, target: bulk.Target, rows: Sequence[Mapping[str, Any]]) -> None:
        """Update rows in bulk by `id`; each row names only the columns that change."""
        self.session.flush()
        table = bulk.table_of(target)
        cursor = self._cursor()
        by_columns = sorted(rows, key=lambda row: sorted(row))
        for names, group in groupby(by_columns, key=lambda row: sorted(row)):
            columns = [name for name in names if name != "id"]
            if not columns:
                continue
            bulk.check_names(table, columns)
            chosen = list(group)
            settings = ", ".join(f'"{name}" = ?' for name in columns)
            values = bulk.value_lists(table, [*columns, "id"], chosen)
            cursor.executemany(f'UPDATE "{table.name}" SET {settings} WHERE id = ?', values)
        self.session.expire_all()

    def delete_many(self, target: bulk.Target, ids: Sequence[int]) -> None:
        """Delete rows in bulk by id."""
        self.session.flush()
        table = bulk.table_of(target)
        self._cursor().executemany(f'DELETE FROM "{table.name}" WHERE id = ?', [(one,) for one in ids])
        self.session.expire_all()

    def set_setting(self, key: str, value: object) -> None:
        """Set one setting of the school."""
        self._put(Setting, Setting.key, key, {"value": storable(value)})
        self._settings = self._policy = None

    def set_policy_text(self, name: str, text: str) -> None:
        """Copy a policy text into the ledger."""
        self._put(PolicyText, PolicyText.name, name, {"text": text})
        self._policy = None

    def _put(self, entity: type[DeclarativeBase], column: Any, key: str, values: dict[str, Any]) -> None:
        row = self.session.scalar(select(entity).where(column == key))
        if row is None:
            self.session.add(entity(**{column.key: key}, **values))
        else:
            for name, value in values.items():
                setattr(row, name, value)
        self.session.flush()
