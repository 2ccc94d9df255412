"""The one signal after each commit; views refresh by it, pages out of sight mark themselves stale."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from skillsaid_desktop.storage import LedgerFile


class ChangeSignal(QObject):
    """Carries `data_changed(Changes, initiator)` from the ledger file to the window's thread."""

    data_changed = Signal(object, object)
    _arrived = Signal(object, object)

    def __init__(self, ledger_file: "LedgerFile", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._initiator: object | None = None
        self._ledger_file = ledger_file
        # Commits of the worker arrive in its thread; this hop brings them into the window's.
        self._arrived.connect(self._pass_on)
        ledger_file.committed.append(self._on_committed)

    @contextmanager
    def initiated_by(self, initiator: object) -> Iterator[None]:
        """Name the view whose own edit is about to be committed, so that it need not reload."""
        self._initiator = initiator
        try:
            yield
        finally:
            self._initiator = None

    def close(self) -> None:
        """Hear no more."""
        if self._on_committed in self._ledger_file.committed:
            self._ledger_file.committed.remove(self._on_committed)

    def _on_committed(self, changes: Any) -> None:
        self._arrived.emit(changes, self._initiator)

    @Slot(object, object)
    def _pass_on(self, changes: Any, initiator: object) -> None:
        self.data_changed.emit(changes, initiator)
