"""Progress of long work: nothing under 0.4 s, then what, how far, and 停下."""

from time import monotonic

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.tasks import Task, Tasks
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

SHOW_AFTER_MS = 400
TELL_LEFT_AFTER_S = 10


class ProgressStrip(QWidget):
    """Shows over the page what goes on, the oldest of it; the window stays usable."""

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        set_ground(self, "sunken")
        self._tasks: list[Task] = []
        """What goes on, oldest first: an import may wait behind another, and a page read beside it."""
        self._began = 0.0
        self._text = Label(wraps=True)
        self._stop = Button(tr("停下"), self._on_stop)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(self._text)
        column.addWidget(self._bar)
        column.addWidget(Label(tr("停下不会改动台账"), role="small", tone="text3"))
        row = QHBoxLayout()
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(20)
        row.addLayout(column, 1)
        row.addWidget(self._stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(Line())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOW_AFTER_MS)
        self._timer.timeout.connect(self._on_late)
        self.hide()
        tasks.started.connect(self._on_started)

    def _on_started(self, task: Task) -> None:
        self._tasks.append(task)
        task.ended.connect(self._on_ended)
        if len(self._tasks) == 1:
            self._show_task(task)

    def _show_task(self, task: Task) -> None:
        self._began = monotonic()
        self._text.setText(task.name)
        self._bar.setRange(0, 0)
        self._stop.setEnabled(True)
        task.progressed.connect(self._on_progressed)
        self._timer.start()

    def _on_late(self) -> None:
        self.setVisible(bool(self._tasks))

    def _on_progressed(self, done: int, total: int, text: str) -> None:
        words = text or (self._tasks[0].name if self._tasks else "")
        spent = monotonic() - self._began
        if total and done and spent > TELL_LEFT_AFTER_S:
            words += f"　还要约 {max(1, round(spent * (total - done) / done))} 秒"
        self._text.setText(words)
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def _on_ended(self) -> None:
        shown = self._tasks[0]
        self._tasks = [task for task in self._tasks if task.is_running]
        if shown in self._tasks:
            return
        self._timer.stop()
        self.hide()
        if self._tasks:
            self._show_task(self._tasks[0])

    def _on_stop(self) -> None:
        self._stop.setEnabled(False)
        if self._tasks:
            self._tasks[0].stop()
