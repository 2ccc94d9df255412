"""Work beside the window: one serial worker, with progress that can be watched and stopped, and one for short looks.

No widget and no entity crosses threads: work gets a Progress and returns plain values.
"""

import sys
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from skillsaid_desktop.errors import Cancelled, UserError
from skillsaid_desktop.progress import Progress

REPORT_EVERY_S = 0.05
WINDOW_WAITS_S = 0.0005
"""How long the window's thread waits for its turn while the worker computes: a frame takes some ten turns, and with the
5 ms that Python gives each thread it would be late."""
CLOSE_WITHIN_MS = 60_000
"""Work ends at its next report; a thread that is destroyed before its end would take the program with it."""


class Task(QObject):
    """One piece of long work and what becomes of it; signals arrive in the window's thread."""

    progressed = Signal(int, int, str)
    succeeded = Signal(object)
    refused = Signal(object)  # UserError
    broken = Signal(object)  # any other exception: a bug
    cancelled = Signal()
    ended = Signal()

    def __init__(
        self, name: str, work: Callable[[Progress], Any], *, is_quiet: bool = False, is_short: bool = False
    ) -> None:
        super().__init__()
        self.name = name
        self.is_quiet = is_quiet
        self.is_short = is_short
        self.is_running = True
        self._work = work
        self._stop = threading.Event()
        self._reported = 0.0

    def stop(self) -> None:
        """Ask the work to stop at its next report; what it did is rolled back."""
        self._stop.set()

    def report(self, done: int, total: int, text: str) -> None:
        """Take a report of the work (Progress); called in the worker's thread."""
        if self._stop.is_set():
            raise Cancelled
        now = monotonic()
        if now - self._reported >= REPORT_EVERY_S or done == total:
            self._reported = now
            self.progressed.emit(done, total, text)

    def run(self) -> None:
        """Do the work; called in the worker's thread."""
        try:
            if self._stop.is_set():
                raise Cancelled
            result = self._work(self)
        except Cancelled:
            self.cancelled.emit()
        except UserError as error:
            self.refused.emit(error)
        except Exception as error:  # carried to the window's thread, where the hook for bugs shows it
            self.broken.emit(error)
        else:
            self.succeeded.emit(result)

    def end(self) -> None:
        """Tell that it has ended, in the window's thread; its other signals have arrived before."""
        self.is_running = False
        self.ended.emit()


class Ahead:
    """A short look begun before its answer is needed; whoever needs it waits for it then."""

    def __init__(self, look: Callable[[], Any]) -> None:
        self._look = look
        self._answer: Any = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="ahead")
        self._thread.start()

    def _run(self) -> None:
        try:
            self._answer = self._look()
        except BaseException as error:  # raised where the answer is wanted
            self._error = error

    def answer(self) -> Any:
        """Return the answer, or raise what the look raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._answer


class _Worker(QObject):
    """Lives in the thread and takes tasks one after the other."""

    left = Signal(object)
    """The thread is done with a task. Told by the worker: a task that told it itself could be deleted in the telling."""

    @Slot(object)
    def take(self, task: Task) -> None:
        task.run()
        self.left.emit(task)


class _Line(QObject):
    """A thread with its worker: takes tasks one after the other. The thread starts with the first task."""

    left = Signal(object)
    """A task has ended; in the window's thread."""
    _given = Signal(object)

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._thread.setObjectName(name)
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._given.connect(self._worker.take)
        self._worker.left.connect(self._on_left)
        self._last: Task | None = None
        self._is_closed = False

    def give(self, task: Task) -> None:
        """Have a task done after those given before; one that is given after the end is never done."""
        if self._is_closed:
            return
        if not self._thread.isRunning():
            self._thread.start()
        self._given.emit(task)

    @Slot(object)
    def _on_left(self, task: Task) -> None:
        """Tell of a task that has ended, and delete the one before it with what received its signals.

        Only when the worker is at the next one is it surely out of a task's own code: deleting it at once crashed.
        """
        self.left.emit(task)
        if self._last is not None:
            self._last.deleteLater()
        self._last = task

    def close(self) -> None:
        """End the thread after the task that it is at."""
        self._is_closed = True
        self._thread.quit()
        self._thread.wait(CLOSE_WITHIN_MS)


class Tasks(QObject):
    """The one serial worker, and one beside it for short looks. `started` tells the window, which shows the progress."""

    started = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(WINDOW_WAITS_S)
        self._long = _Line("worker", self)
        self._short = _Line("looks", self)
        for line in (self._short, self._long):
            line.left.connect(self._on_left)
        self._running: list[Task] = []
        self.is_closed = False

    def run(
        self,
        name: str,
        work: Callable[[Progress], Any],
        *,
        done: Callable[[Any], object] | None = None,
        refused: Callable[[UserError], object] | None = None,
        cancelled: Callable[[], object] | None = None,
        is_quiet: bool = False,
        is_short: bool = False,
    ) -> Task:
        """Start long work; `name` is shown, e.g. 正在核对名册. The callbacks run in the window's thread.

        Quiet work, which nobody asked for and nobody waits for, shows no progress and may be broken off at any time.
        Short work only reads and does not wait for long work: what a page shows, what is looked up while somebody types.
        """
        task = Task(name, work, is_quiet=is_quiet, is_short=is_short)
        self._running.append(task)
        task.setParent(self)
        receiver = _Receiver(task, done, refused, cancelled, self)
        task.succeeded.connect(receiver.succeed)
        task.refused.connect(receiver.refuse)
        task.broken.connect(receiver.break_down)
        task.cancelled.connect(receiver.cancel)
        if not is_quiet:
            self.started.emit(task)
        (self._short if is_short else self._long).give(task)
        return task

    refused_unheard = Signal(object)
    """A UserError for which the caller gave no `refused`: the window shows it."""

    def is_busy(self) -> bool:
        """Tell whether work is going on or waiting that is not simply broken off: somebody waits for what it does."""
        return any(not task.is_quiet and not task.is_short for task in self._running)

    def break_off(self) -> None:
        """Stop what only reads or what nobody waits for, so that the ledger can be closed at once."""
        for task in self._running:
            if task.is_quiet or task.is_short:
                task.stop()

    def is_at_rest(self) -> bool:
        """Tell whether nothing at all is going on, quiet work neither."""
        return not self._running

    @Slot(object)
    def _on_left(self, task: Task) -> None:
        """Drop a task that has ended."""
        self._running.remove(task)
        task.end()

    def close(self) -> None:
        """Stop everything and end the thread; no callback comes after that."""
        self.is_closed = True
        for task in self._running:
            task.stop()
        for line in (self._short, self._long):
            line.close()


class _Receiver(QObject):
    """Takes a task's signals in the window's thread and hands them to the caller's functions."""

    def __init__(
        self,
        task: Task,
        done: Callable[[Any], object] | None,
        refused: Callable[[UserError], object] | None,
        cancelled: Callable[[], object] | None,
        tasks: Tasks,
    ) -> None:
        super().__init__(task)
        self._tasks = tasks
        self._done, self._refused, self._cancelled = done, refused, cancelled

    @Slot(object)
    def succeed(self, result: Any) -> None:
        if self._done is not None and not self._tasks.is_closed:
            self._done(result)

    @Slot(object)
    def refuse(self, error: UserError) -> None:
        if self._tasks.is_closed:
            return
        if self._refused is not None:
            self._refused(error)
        else:
            self._tasks.refused_unheard.emit(error)

    @Slot(object)
    def break_down(self, error: BaseException) -> None:
        sys.excepthook(type(error), error, error.__traceback__)

    @Slot()
    def cancel(self) -> None:
        if self._cancelled is not None and not self._tasks.is_closed:
            self._cancelled()
