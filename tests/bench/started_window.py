"""The real program in a fresh process, watched: when it has painted, how late keys were, how much memory it took.

    python tests/bench/started_window.py unlock|typed|pasted LEDGER PASSPHRASE

unlock: until the first window is painted. typed: the passphrase is typed into it, a letter every 150 ms, then Enter.
pasted: it is there at once, so that nothing can be loaded while it is typed. Both until 学生台账 is painted with rows.
"""

import os
import sys
from pathlib import Path
from time import perf_counter, process_time, thread_time
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from skillsaid_desktop import app, cli
from skillsaid_desktop.ui.shell import Shell

LETTER_MS = 150


def memory() -> dict[str, int]:
    """Return what the process holds now and held at most, in kB.

    Not `ru_maxrss`: that begins with what the parent held when it started this process.
    """
    found = {}
    for line in Path("/proc/self/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name in ("VmRSS", "VmHWM"):
            found[name] = int(value.split()[0])
    return found


class Painted(QObject):
    """Calls back when a widget, and all that is painted with it, is on the screen; `ready` says if it counts."""

    def __init__(self, widget: QWidget, then: Any, ready: Any = lambda: True) -> None:
        super().__init__(widget)
        self._then, self._ready, self._is_done = then, ready, False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self._is_done and self._ready():
            self._is_done = True
            # Comes when all that is painted in this turn is painted, and before any timer.
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User))
        return False

    def customEvent(self, event: QEvent) -> None:
        self._then()


class WatchedShell(Shell):
    """The program's frame, which tells when it has painted."""

    mode = ""
    passphrase = ""

    def __init__(self) -> None:
        super().__init__()
        self._lateness = [0.0]
        self._entered = self._entered_cpu = self._entered_whole = 0.0

    def show(self) -> None:
        """Show the window at the design's size."""
        self.resize(1440, 900)
        Painted(self, self._on_unlock_painted)
        super().show()

    def _on_unlock_painted(self) -> None:
        if self.mode == "unlock":
            self._tell()
        elif self.mode == "pasted":
            self._press(self.passphrase, 0)
            self._enter()
        else:
            self._begin_typing()

    def _begin_typing(self) -> None:
        self._typed = 0
        self._began = perf_counter()
        self._keys = QTimer(self)
        self._keys.setTimerType(Qt.TimerType.PreciseTimer)
        self._keys.setInterval(LETTER_MS)
        self._keys.timeout.connect(self._type)
        self._keys.start()

    def _type(self) -> None:
        self._lateness.append(perf_counter() - self._began - (self._typed + 1) * LETTER_MS / 1000)
        if self._typed == len(self.passphrase):
            self._keys.stop()
            self._enter()
            return
        self._press(self.passphrase[self._typed], 0)
        self._typed += 1

    def _press(self, text: str, key: int) -> None:
        field = QApplication.focusWidget()
        assert field is not None
        kinds = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
        for kind in kinds:
            QApplication.sendEvent(field, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))

    def _enter(self) -> None:
        self._entered, self._entered_cpu, self._entered_whole = perf_counter(), thread_time(), process_time()
        self._press("\r", Qt.Key.Key_Return.value)

    def open_ledger(self, ledger_file: Any, page: str = "") -> None:
        """Open the window on 学生台账."""
        super().open_ledger(ledger_file, "students")
        assert self.main is not None
        made: Any = self.main.page()
        Painted(made.table.right.viewport(), self._tell, lambda: bool(made.model.ids))

    def _tell(self) -> None:
        import json

        answer = {
            "painted": perf_counter(),
            "cpu": process_time(),
            "window_cpu": thread_time() - self._entered_cpu,
            "whole_cpu": process_time() - self._entered_whole,
        }
        answer |= {"entered": self._entered, "late": max(self._lateness), **memory()}
        print(json.dumps(answer), flush=True)
        os._exit(0)


if __name__ == "__main__":
    WatchedShell.mode, ledger, WatchedShell.passphrase = sys.argv[1:4]
    setattr(app, "Shell", WatchedShell)  # noqa: B010  # the one thing of the program that is not its own here
    sys.exit(cli.main([ledger]))
