"""查找 (Ctrl+K): one list of people, pages and acts under the field in the command bar."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from skillsaid_desktop.ui import theme

ROWS = 12


@dataclass(frozen=True)
class Found:
    """One line of the list: words, what kind of thing it is, and what choosing it does."""

    text: str
    kind: str
    open: Callable[[], object]


class Finder(QListWidget):
    """The list; a child of the window, not a popup, so that the field keeps the input method."""

    def __init__(self, window: QWidget, field: QLineEdit, search: Callable[[str], list[Found]]) -> None:
        super().__init__(window)
        self._field, self._search = field, search
        self._window = window
        self._found: list[Found] = []
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFont(theme.font("body"))
        self.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(120)
        self._timer.timeout.connect(self._fill)
        field.textChanged.connect(lambda _text: self._timer.start())
        field.installEventFilter(self)
        self.itemClicked.connect(lambda _item: self._open())

    def _fill(self) -> None:
        text = self._field.text().strip()
        self._found = self._search(text) if text else []
        self.clear()
        for found in self._found:
            item = QListWidgetItem(f"{found.text}　　{found.kind}")
            self.addItem(item)
        self.setStyleSheet(
            f"QListWidget{{background:{theme.tokens().raised};border:1px solid {theme.tokens().edge};"
            f"border-radius:4px;padding:4px}} QListWidget::item{{padding:5px 8px}}"
            f"QListWidget::item:selected{{background:{theme.tokens().select};color:{theme.tokens().text}}}"
        )
        if not self._found:
            self.addItem(QListWidgetItem("没有找到"))
        self.setCurrentRow(0)
        rows = min(self.count(), ROWS)
        at = self._field.mapTo(self._window, QPoint(0, self._field.height() + 2))
        self.setGeometry(
            at.x(), at.y(), max(self._field.width(), 320), rows * (self.sizeHintForRow(0) + 1) + 12
        )
        self.setVisible(bool(text) and self._field.hasFocus())
        self.raise_()

    def _open(self) -> None:
        row = self.currentRow()
        self.hide()
        if 0 <= row < len(self._found):
            found = self._found[row]
            self._field.clear()
            found.open()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.isVisible():
                step = 1 if key == Qt.Key.Key_Down else -1
                self.setCurrentRow(min(max(self.currentRow() + step, 0), self.count() - 1))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self._timer.isActive():
                    self._timer.stop()
                    self._fill()
                self._open()
                return True
            if key == Qt.Key.Key_Escape:
                self._field.clear()
                self.hide()
                return True
        return False
