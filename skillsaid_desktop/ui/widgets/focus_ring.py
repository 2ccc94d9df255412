"""The ring round the part that has the focus, drawn only when the focus came by keyboard."""

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from skillsaid_desktop.ui import theme

_OWN = (QAbstractItemView, QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox)
"""Parts that show the focus themselves."""


class FocusRing(QWidget):
    """A transparent child of the window that moves to the focused part."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._by_key = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        # Not an event filter: that would be called in Python for every event of every widget.
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def expect(self) -> None:
        """Know that the next change of focus comes by keyboard."""
        self._by_key = True

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        by_key, self._by_key = self._by_key, False
        if now is None or not by_key or isinstance(now, _OWN) or not self._window.isAncestorOf(now):
            self.hide()
            return
        at = now.mapTo(self._window, QPoint(0, 0))
        self.setGeometry(QRect(at, now.size()).adjusted(-3, -3, 3, 3))
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()
