"""The dashed field of an import page where files are dropped."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.text import Label

_SHOWN = 8


class DropArea(QWidget):
    """Where files and folders are dropped; its buttons choose files or take what was copied."""

    dropped = Signal(list)

    def __init__(self, words: str, buttons: Sequence[Button]) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.setMinimumHeight(132)
        self._words = Label(words, tone="text2", wraps=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._files = Label(wraps=True)
        self._files.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._files.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(10)
        layout.addStretch(1)
        layout.addWidget(self._words)
        layout.addWidget(self._files)
        layout.addLayout(row)
        layout.addStretch(1)

    def show_files(self, names: Sequence[str]) -> None:
        """Name what was chosen."""
        more = f"\n……共 {len(names)} 份" if len(names) > _SHOWN else ""
        self._files.setText("\n".join(names[:_SHOWN]) + more)
        self._files.setVisible(bool(names))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.dropped.emit(files)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("edge"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(theme.color("sunken"))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
        painter.end()
