"""The ring round the part that has the focus, drawn only when the focus came by keyboard."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
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

_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
_OWN = (QAbstractItemView, QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox)
"""Parts that show the focus themselves."""


class FocusRing(QWidget):
    """A transparent child of the window that moves to the focused part."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.FocusIn
            and isinstance(watched, QWidget)
            and isinstance(event, QFocusEvent)
        ):
            window = self._window
            inside = window.isAncestorOf(watched)
            if inside and event.reason() in _KEYS and not isinstance(watched, _OWN):
                at = watched.mapTo(window, QPoint(0, 0))
                self.setGeometry(QRect(at, watched.size()).adjusted(-3, -3, 3, 3))
                self.show()
                self.raise_()
            else:
                self.hide()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()
