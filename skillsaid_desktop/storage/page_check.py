"""Looking through every page of an opened ledger beside the first work with it.

Each page proves itself when it is read, so what is shown is whole; only writing must wait until all others are known
to be whole too. A file of 300 MB takes most of a second, which nobody should wait for to see the first list.
"""

import threading
from collections.abc import Callable
from pathlib import Path

from skillsaid_desktop.storage.connection import connect
from skillsaid_desktop.storage.inspection import scan_pages
from skillsaid_desktop.storage.sqlite_errors import DamagedError, translated

BEGIN_WITHIN_S = 3.0


class PageCheck:
    """One look through a file that nobody writes meanwhile, in a thread of its own.

    It begins when it is told to, when somebody waits for it, and after `BEGIN_WITHIN_S` in any case: told once the
    first list is painted, it does not take the processor from that.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._path, self._key = path, key
        self._trouble: Exception | None = None
        self._observers: list[Callable[[DamagedError], object]] = []
        self._guard = threading.Lock()
        self._may_begin = threading.Event()
        self._thread = threading.Thread(target=self._run, name="page check", daemon=True)
        self._thread.start()

    def begin(self) -> None:
        """Begin now."""
        self._may_begin.set()

    def _run(self) -> None:
        self._may_begin.wait(BEGIN_WITHIN_S)
        try:
            with translated(self._path):
                connection = connect(self._path, self._key)
                try:
                    scan_pages(connection, self._path)
                finally:
                    connection.close()
        except Exception as error:  # carried to whoever wants to write
            with self._guard:
                self._trouble = error
                observers = list(self._observers)
            if isinstance(error, DamagedError):
                for observer in observers:
                    observer(error)

    def on_damage(self, observer: Callable[[DamagedError], object]) -> None:
        """Call `observer`, in any thread, when the file turns out to be damaged; at once if it has."""
        with self._guard:
            self._observers.append(observer)
            trouble = self._trouble
        if isinstance(trouble, DamagedError):
            observer(trouble)

    def wait(self) -> None:
        """Wait for the end."""
        self.begin()
        self._thread.join()

    def require_whole(self) -> None:
        """Wait for the end, and raise what was found: DamagedError, or another error that kept it from looking."""
        self.wait()
        if self._trouble is not None:
            raise self._trouble
