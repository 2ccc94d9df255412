"""Filter chips: a name with an arrow, once set with value and ×; and a row of chips of which one is chosen."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from skillsaid_desktop.ui import icons, theme


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


class ChipRow(QWidget):
    """Chips side by side, each with its count if it has one; exactly one is chosen."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._chips: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)

    def offer(self, counts: Mapping[str, int | None], chosen: str) -> None:
        """Offer these names; `chosen` is set without saying so."""
        if list(counts) != list(self._chips):
            for chip in self._chips.values():
                self._group.removeButton(chip)
                self._row.removeWidget(chip)
                chip.hide()
                chip.deleteLater()
            self._chips = {name: self._chip(name) for name in counts}
        for name, count in counts.items():
            self._chips[name].setText(name if count is None else f"{name} {count:,}")
        self._chips[chosen].setChecked(True)

    def value(self) -> str:
        """Return the chosen name."""
        return next(name for name, chip in self._chips.items() if chip.isChecked())

    def choose(self, name: str) -> None:
        """Choose a name as if its chip had been clicked."""
        self._chips[name].click()

    def texts(self) -> list[str]:
        """Return what stands on the chips."""
        return [chip.text() for chip in self._chips.values()]

    def _chip(self, name: str) -> QPushButton:
        chip = QPushButton()
        chip.setProperty("kind", "chip")
        chip.setFont(theme.font("body"))
        chip.setCheckable(True)
        chip.setAutoDefault(False)
        chip.clicked.connect(lambda _checked=False: self.chosen.emit(name))
        self._group.addButton(chip)
        self._row.addWidget(chip)
        return chip
