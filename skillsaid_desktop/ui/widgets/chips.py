"""Filter chips: a name with an arrow; once set, name, value and ×. And chips with counts, of which one is chosen."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, Qt
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from skillsaid_desktop.ui import icons, theme
from skillsaid_desktop.ui.widgets.flow import FlowLayout


class FilterChip(QPushButton):
    """Opens its list; clicking × takes the filter away."""

    def __init__(self, title: str, on_open: Callable[[], object], on_clear: Callable[[], object]) -> None:
        super().__init__(title)
        self.title = title
        self._on_open, self._on_clear = on_open, on_clear
        self._is_set = False
        self.setProperty("kind", "chip")
        self.setProperty("drops", True)
        self.setFont(theme.font("body"))
        self.setAutoDefault(False)
        self.clicked.connect(lambda _checked=False: self._on_open())

    def show_value(self, words: str) -> None:
        """Show what is chosen; "" for nothing."""
        self._is_set = bool(words)
        self.setText(f"{self.title}　{words}" if words else self.title)
        self.setProperty("filled", self._is_set)
        self.style().unpolish(self)
        self.style().polish(self)
        self.updateGeometry()

    @property
    def is_set(self) -> bool:
        """Tell whether the filter narrows the table."""
        return self._is_set

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _mark(self) -> QRect:
        return QRect(self.width() - 21, self.height() // 2 - 6, 12, 12)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._is_set and self._mark().adjusted(-4, -8, 8, 8).contains(event.position().toPoint()):
            self._on_clear()
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self._is_set:
            self._on_clear()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        tone = "accent" if self._is_set else "text2"
        icons.paint(painter, self._mark(), "dismiss" if self._is_set else "chevron_down", tone)
        painter.end()


class CountChips(QWidget):
    """Chips with counts of which one is chosen, flowing over several lines: 全部 21　联系电话 11　状态 3."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._layout = FlowLayout(self, gap=8)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._keys: list[str] = []

    def set_counts(self, counts: Sequence[tuple[str, str, int]]) -> None:
        """Offer chips as (key, words, count); the chosen one stays if it is among them, else the first is."""
        before = self.key()
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._layout.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._keys = [key for key, _words, _count in counts]
        for at, (key, words, count) in enumerate(counts):
            chip = QPushButton(f"{words}　{count:,}")
            chip.setProperty("kind", "chip")
            chip.setFont(theme.font("body"))
            chip.setCheckable(True)
            chip.setAutoDefault(False)
            chip.setChecked(key == before if before in self._keys else not at)
            chip.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._group.addButton(chip, at)
            self._layout.addWidget(chip)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Ask for room for all chips in one line."""
        hints = [button.sizeHint() for button in self._group.buttons()]
        width = sum(hint.width() for hint in hints) + self._layout.gap * max(0, len(hints) - 1)
        return QSize(width, super().sizeHint().height())

    def key(self) -> str:
        """Return the key of the chosen chip, "" for none."""
        at = self._group.checkedId()
        return self._keys[at] if 0 <= at < len(self._keys) else ""

    def choose(self, key: str) -> None:
        """Choose a chip as if it had been clicked."""
        if key in self._keys:
            self._group.button(self._keys.index(key)).setChecked(True)
            self.chosen.emit(key)
