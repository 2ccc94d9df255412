"""Bringing a ledger file to this program's schema: copy first, upgrade, make the triggers anew, check, barrier.

Migrations are Alembic scripts, read from disk as data; their numbers grow by one, so a newer file shows at once.
There are no downgrades: the verified copy is the way back.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # it has no stubs

from skillsaid_desktop.domain.entities import Entity
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage.connection import connect
from skillsaid_desktop.storage.contents import release_contents
from skillsaid_desktop.storage.journal import journal_triggers
from skillsaid_desktop.storage.operations import finish_operation, start_operation
from skillsaid_desktop.storage.sqlite_errors import damaged
from skillsaid_desktop.storage.unit_of_work import UnitOfWork

SCRIPTS = Path(__file__).parent / "migrations"
HEAD = max(path.name[:4] for path in (SCRIPTS / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def schema_version(connection: dbapi2.Connection, path: Path) -> str:
    """Return the schema version of a ledger file; UserError if it is no ledger."""
    has_version = connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
    ).fetchone()[0]
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone() if has_version else None
    if found is None:
        raise damaged(path, "里面没有台账的表")
    return str(found[0])


def needs_upgrade(connection: dbapi2.Connection, path: Path) -> bool:
    """Return whether the file is older than this program; UserError if it is newer."""
    version = schema_version(connection, path)
    if version > HEAD:
        raise UserError(
            f"“{path.name}”是更新版本的程序写的，这个版本打不开，也没有改动它。",
            "请安装新版本的程序，再打开。",
        )
    return version < HEAD


def upgrade(path: Path, key: bytes, *, user: str, to: str = HEAD) -> None:
    """Run the missing migrations in one transaction; the caller has made a verified copy before."""
    engine = create_engine("sqlite://", module=dbapi2, creator=lambda: connect(path, key), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            # Rebuilding a table under live foreign keys would delete its children.
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA foreign_keys = OFF")
            event.listen(connection, "begin", _begin_immediate)
            with connection.begin():
                _drop_triggers(connection)
                is_new = not connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
                given = [] if is_new else _last_ids(connection)
                run_scripts(connection, to)
                _keep_last_ids(connection, given)
                for statement in journal_triggers(Entity.metadata.sorted_tables):
                    connection.exec_driver_sql(statement)
                if is_new:
                    connection.exec_driver_sql("INSERT INTO current_operation (id) VALUES (1)")
                else:
                    _set_barrier(connection, user, to)
                _check(connection, path)
    finally:
        engine.dispose()


def run_scripts(connection: Connection, to: str = HEAD) -> None:
    """Run Alembic's scripts up to a version on this connection."""
    # Imported late: a ledger that is up to date never needs it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _drop_triggers(connection: Connection) -> None:
    names = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'journal\\_%' ESCAPE '\\'"
    ).scalars()
    for name in names.all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def _last_ids(connection: Connection) -> list[tuple[str, int]]:
    rows = connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence").all()
    return [(str(name), int(last)) for name, last in rows]


def _keep_last_ids(connection: Connection, given: list[tuple[str, int]]) -> None:
    """Let no id be given twice: a table that was made anew begins to count at the rows it still has."""
    for name, last in given:
        connection.exec_driver_sql(
            "INSERT INTO sqlite_sequence (name, seq) SELECT ?, 0 FROM sqlite_master"
            " WHERE type = 'table' AND name = ? AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?)",
            (name, name, name),
        )
        connection.exec_driver_sql(
            "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (last, name)
        )


def _set_barrier(connection: Connection, user: str, version: str) -> None:
    session = Session(bind=connection, autoflush=False)
    cursor = connection.connection.cursor()
    uow = UnitOfWork(session, start_operation(cursor, f"升级台账到格式 {version}", user, "", None))
    uow.name, uow.is_barrier = f"升级台账到格式 {version}", True
    release_contents(uow)  # nothing behind a barrier is undone, so nothing needs them
    finish_operation(cursor, uow, refresh_all=True)
    session.flush()


def _check(connection: Connection, path: Path) -> None:
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    if found != ["ok"]:
        raise damaged(path, str(found[0]))
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if orphans:
        raise damaged(path, f"“{orphans[0][0]}”里有 {len(orphans)} 行指向不存在的行")
