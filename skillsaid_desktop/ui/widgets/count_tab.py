"""A tab with a count in it: 变动 17, with a check weight before it where it is trouble; and a row of such tabs."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget

from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.widgets.marks import paint_weight
from skillsaid_desktop.ui.widgets.text import Line, set_ground

TIGHT_PADDING = 7
"""Pixels at either side of a tab in a tight row; others have 16."""


class CountTab(QAbstractButton):
    """One tab; its count stands bold behind the title, the chosen one has an accent line below."""

    def __init__(self, title: str, weight: str = "") -> None:
        super().__init__()
        self._title = title
        self._weight = weight
        self._count = 0
        self._padding = 16
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """Show another count."""
        self._count = count
        self.setAccessibleName(f"{self._title} {count}")
        self.updateGeometry()
        self.update()

    def set_tight(self, is_tight: bool) -> None:
        """Stand closer to the other tabs, where a row of them has little room."""
        self._padding = TIGHT_PADDING if is_tight else 16
        self.updateGeometry()
        self.update()

    @property
    def count(self) -> int:
        """Return the count."""
        return self._count

    def sizeHint(self) -> QSize:
        title = QFontMetrics(theme.font("body")).horizontalAdvance(self._title)
        number = QFontMetrics(theme.font("sum")).horizontalAdvance(f"{self._count:,}")
        return QSize(title + number + 8 + 2 * self._padding + (20 if self._weight and self._count else 0), 40)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.underMouse():
            painter.fillRect(self.rect(), theme.color("hover"))
        x, flags = self._padding, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        if self._weight and self._count:
            paint_weight(painter, QRect(x, self.height() // 2 - 7, 14, 14), self._weight)
            x += 20
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text" if self._count or self.isChecked() else "text3"))
        painter.drawText(self.rect().adjusted(x, 0, 0, 0), flags, self._title)
        x += QFontMetrics(theme.font("body")).horizontalAdvance(self._title) + 8
        painter.setFont(theme.font("sum"))
        painter.drawText(self.rect().adjusted(x, 0, 0, 0), flags, f"{self._count:,}")
        if self.isChecked():
            painter.fillRect(0, self.height() - 2, self.width(), 2, theme.color("accent"))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 1))
            painter.drawRect(self.rect().adjusted(3, 3, -4, -5))
        painter.end()


class CountTabs(QWidget):
    """Tabs by name, of which one is open; `add` puts something at the right end of their row."""

    opened = Signal(str)

    def __init__(self, tabs: Mapping[str, CountTab], *, margin: int = 0) -> None:
        super().__init__()
        set_ground(self, "sunken")
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, margin, 0)
        self._row.setSpacing(0)
        for name, tab in tabs.items():
            self._group.addButton(tab)
            tab.clicked.connect(lambda _checked=False, name=name: self.opened.emit(name))
            self._row.addWidget(tab)
            self._row.addWidget(Line(vertical=True))
        self._row.addStretch(1)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self._row.addWidget(widget)
