"""Work of the start pages beside the window: deriving a key takes a while, and the window must not freeze."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ui import warm_up


class StartWork(QThread):
    """Runs one piece of work; its end arrives in the window's thread."""

    succeeded = Signal(object)
    refused = Signal(object)  # UserError
    broken = Signal(object)  # a bug

    def __init__(self, work: Callable[[], Any], parent: QObject) -> None:
        super().__init__(parent)
        self._work = work

    def run(self) -> None:
        """Do the work; called in its own thread."""
        try:
            warm_up.load()
            result = self._work()
        except UserError as error:
            self.refused.emit(error)
        except Exception as error:  # carried to the window's thread, where the hook for bugs shows it
            self.broken.emit(error)
        else:
            self.succeeded.emit(result)


def raise_again(error: Exception) -> None:
    """Raise a bug in the window's thread, where the hook shows it."""
    raise error
