"""Read-only copies of files that are being looked at: the only place where a content lies outside the ledger.

Each program has a folder of an unguessable name in the local data folder, and holds a lock beside it. The copies are
overwritten and deleted when the ledger is closed or locked; what a crash left is wiped at the next start.
"""

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from skillsaid_desktop.paths import data_folder
from skillsaid_desktop.storage.lock import LedgerLock
from skillsaid_desktop.storage.sqlite_errors import LockedError

_PIECE = 1 << 20
_LOCK = "in-use"


def _place() -> Path:
    return data_folder() / "opened"


class OpenedCopies:
    """The copies of one program."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._lock: LedgerLock | None = None

    def put(self, name: str, content: bytes) -> Path:
        """Write a copy that can only be read and return its path; the same one again if it still lies there."""
        path = self._own_folder() / name
        if path.exists():
            if path.read_bytes() == content:
                return path
            path.chmod(0o600)
            _overwrite(path)
        path.touch(mode=0o600)
        path.write_bytes(content)
        path.chmod(0o400)
        return path

    def wipe(self) -> list[str]:
        """Overwrite and delete the copies; return the names of those that another program still holds."""
        if self._folder is None:
            return []
        held = _wipe_folder(self._folder)
        if not held:
            if self._lock is not None:
                self._lock.release()
            _remove(self._folder)
            self._folder, self._lock = None, None
        return held

    def _own_folder(self) -> Path:
        if self._folder is None:
            folder = _place() / secrets.token_hex(16)
            folder.mkdir(parents=True, mode=0o700)
            self._lock = LedgerLock(folder / _LOCK)
            self._folder = folder
        return self._folder


def wipe_leftovers() -> int:
    """Wipe what programs that ended badly have left, and return how many folders went; others' copies stay."""
    gone = 0
    for folder in _place().glob("*"):
        try:
            lock = LedgerLock(folder / _LOCK)
        except (LockedError, OSError):
            continue  # a program that runs looks at them, or they lie in no folder
        held = _wipe_folder(folder)
        lock.release()
        if not held:
            _remove(folder)
            gone += 1
    return gone


def _wipe_folder(folder: Path) -> list[str]:
    held = []
    for path in folder.iterdir():
        if path.name.startswith(_LOCK):
            continue
        try:
            path.chmod(0o600)
            _overwrite(path)
            path.unlink()
        except OSError:  # open elsewhere: tried again at the next closing and the next start
            held.append(path.name)
    return held


def _overwrite(path: Path) -> None:
    left = path.stat().st_size
    with path.open("r+b") as file:
        while left > 0:
            file.write(os.urandom(min(_PIECE, left)))
            left -= _PIECE
        file.flush()
        os.fsync(file.fileno())


def _remove(folder: Path) -> None:
    with suppress(OSError):
        shutil.rmtree(folder)
