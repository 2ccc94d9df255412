"""Bringing the write-ahead log home into the ledger file, beside the work and not at the end of somebody's action.

A commit flushes the log, and that is all an action waits for. SQLite would copy the log's pages into the file at the
end of every thousandth page's commit and flush that too; here a thread with a connection of its own does it.
"""

import threading
from pathlib import Path

from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # it has no stubs

from skillsaid_desktop.storage.connection import connect

_DUE = 1000  # pages, as SQLite's own limit
_PAGES_OF_A_COMMIT = 10


class Checkpoint:
    """Copies the log when enough was written; what it can't copy now stays in the log, where it is as safe."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._written = 0
        self._thread: threading.Thread | None = None

    def committed(self, changes: int) -> None:
        """Count a commit of so many changed rows; begin to copy if it is time."""
        self._written += changes + _PAGES_OF_A_COMMIT
        if self._written < _DUE or (self._thread is not None and self._thread.is_alive()):
            return
        self._written = 0
        self._thread = threading.Thread(target=self._copy, name="checkpoint", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Wait until nothing is being copied."""
        if self._thread is not None:
            self._thread.join()

    def _copy(self) -> None:
        try:
            connection = connect(self._path, self._key)
            try:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            finally:
                connection.close()
        except dbapi2.Error:
            return  # full disk, vanished stick: the next write meets it and says so
