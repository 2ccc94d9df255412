"""Reading for a page beside the window: what is dear to work out never holds the window up."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from skillsaid_desktop.progress import Progress
from skillsaid_desktop.ui.tasks import Task, Tasks


class ReadingBeside(QObject):
    """Asks beside the window; only the answer to what was asked last arrives.

    It does not wait for long work: a page can be read while an import goes on.
    """

    arrived = Signal(object)
    failed = Signal()
    """There will be no answer: it was stopped, refused or broke down, which the window says where somebody should know."""

    def __init__(self, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self.is_answered = False
        """Whether the answer to what was asked last is here."""
        self._tasks = tasks
        self._task: Task | None = None
        self._number = 0

    @property
    def is_going_on(self) -> bool:
        """Tell whether an answer is still to come."""
        return self._task is not None and self._task.is_running and not self.is_answered

    def drop(self) -> None:
        """Take no answer any more to what was asked."""
        if self._task is not None:
            self._task.stop()
        self._task = None
        self._number += 1
        self.is_answered = False

    def ask(self, name: str, work: Callable[[Progress], Any], *, is_quiet: bool = False) -> None:
        """Have `work` done; `name` is shown if it takes long and is not quiet. An earlier question is dropped."""
        self.drop()
        done = partial(self._on_done, self._number)
        self._task = self._tasks.run(name, work, done=done, is_quiet=is_quiet, is_short=True)
        self._task.ended.connect(self._on_ended)

    def _on_done(self, number: int, answer: object) -> None:
        if isValid(self) and number == self._number:
            self.is_answered = True
            self.arrived.emit(answer)

    def _on_ended(self) -> None:
        if self._task is not None and not self.is_going_on and not self.is_answered:
            self.failed.emit()
