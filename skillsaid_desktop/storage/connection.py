"""The only place that opens a database: SQLCipher with a raw key, and the settings that every connection has."""

from pathlib import Path, PurePath
from typing import Any

from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # it has no stubs

from skillsaid_desktop.storage.journal import new_seal

Connection = Any  # dbapi2.Connection, which has no stubs

BUSY_SECONDS = 10.0

# Without these the driver looks for an adapter for each None and each bool it binds, raises and swallows an error:
# ten times the cost of storing the value.
dbapi2.register_adapter(type(None), lambda none: none)
dbapi2.register_adapter(bool, int)


def connect(path: Path, key: bytes, *, salt: str = "", immutable: bool = False) -> Connection:
    """Return a connection in autocommit mode; `salt` (32 hex digits) is given when the file is made.

    `immutable` reads a file that nobody writes, without a log or a lock beside it.
    """
    how = "immutable=1" if immutable else "mode=rwc" if salt else "mode=rw"
    connection = dbapi2.connect(
        f"{address_of(path.absolute())}?{how}",
        uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False,
    )  # fmt: skip
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}{salt}'\"")
        connection.execute("PRAGMA cipher_log_level = NONE")  # it would print to the terminal
        connection.execute("PRAGMA cipher_memory_security = OFF")
        connection.execute("SELECT count(*) FROM sqlite_master")  # the first read proves the key
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -32000")
        connection.create_function("seal", 4, new_seal())
    except BaseException:
        connection.close()
        raise
    return connection


def address_of(path: PurePath) -> str:
    """Return the URI by which SQLite finds a file, on a share too: it takes no host, but the path may begin with one."""
    uri = path.as_uri()
    return uri if uri.startswith("file:///") else "file:////" + uri.removeprefix("file://")


def set_journal_mode(connection: Connection, mode: str) -> str:
    """Ask for a journal mode and return the one that the place allows."""
    return str(connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()[0])
