"""One program at a time: an operating-system lock beside the ledger, which says who holds it."""

import getpass
import io
import json
import os
import platform
from pathlib import Path

from skillsaid_desktop import clock
from skillsaid_desktop.storage.sqlite_errors import LockedError

_LOCKED_BYTE = 1 << 20  # far behind the text, so that others may read who holds it


class LedgerLock:
    """Holds the lock until `release`; it is freed by the system when the program dies."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(path.name + "-lock")
        self._file: io.FileIO = self.path.open("a+b", buffering=0)
        try:
            _lock(self._file)
            if not _is_same(self._file, self.path):  # its last holder removed it between opening and locking
                self._file.close()
                self._file = self.path.open("a+b", buffering=0)
                _lock(self._file)
        except OSError as error:
            self._file.close()
            raise LockedError(
                f"“{path.name}”已经在别处打开了{_holder(self.path)}。",
                "一本台账同时只能由一个程序打开：请先在那边关掉，再打开。",
            ) from error
        try:
            self._file.truncate(0)
            self._file.write(json.dumps(_myself(), ensure_ascii=False).encode())
        except OSError:  # on a full disk the lock still holds, it only can't say who has it
            return

    def release(self) -> None:
        """Free the lock; the file goes too, as far as the system lets it."""
        if self._file.closed:
            return
        if os.name == "nt":  # an open file can not be removed there
            _unlock(self._file)
            self._file.close()
            try:
                self.path.unlink(missing_ok=True)
            except OSError:
                return
        else:
            self.path.unlink(missing_ok=True)
            self._file.close()


def _is_same(file: io.FileIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _myself() -> dict[str, str]:
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = ""
    return {"user": user, "pc": platform.node(), "since": clock.now().isoformat(timespec="minutes")}


def _holder(path: Path) -> str:
    try:
        found = json.loads(path.read_bytes())
        since = str(found["since"]).replace("T", " ")
        return f"（电脑 {found['pc']}，用户 {found['user']}，从 {since} 起）"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


if os.name == "nt":
    import msvcrt

    def _lock(file: io.FileIO) -> None:
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        file.seek(0)

    def _unlock(file: io.FileIO) -> None:
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:
    import fcntl

    def _lock(file: io.FileIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: io.FileIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
