"""Buttons: plain, main, danger, quiet, link, and choices of one of several."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from skillsaid_desktop.ui import icons, theme
from skillsaid_desktop.ui.widgets.flow import FlowLayout

_ICON_TONES = {"main": "on_accent", "danger": "stop", "link": "accent"}


class Button(QPushButton):
    """A button; `kind` is plain, main, danger, quiet or link. `on_click` takes no argument."""

    def __init__(
        self,
        text: str,
        on_click: Callable[[], object] | None = None,
        *,
        icon: str = "",
        kind: str = "plain",
        tip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", kind)
        self.setAutoDefault(False)
        self.setFont(theme.font("body"))
        if icon:
            self.setIcon(icons.icon(icon, _ICON_TONES.get(kind, "text2")))
            # Four more at the right: Qt leaves 4 px between icon and text, the design has 8.
            self.setIconSize(QSize(20 if text else 16, 16))
        if tip:
            self.setToolTip(tip)
            if not text:
                self.setAccessibleName(tip)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        if on_click is not None:
            self.clicked.connect(lambda _checked=False: on_click())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class IconButton(Button):
    """An icon alone: fold, close, previous, next; the tool tip is also its accessible name."""

    def __init__(self, icon: str, tip: str, on_click: Callable[[], object] | None = None) -> None:
        super().__init__("", on_click, icon=icon, kind="quiet", tip=tip)
        self.setFixedSize(30, 30)

    def sizeHint(self) -> QSize:
        return QSize(30, 30)


class DropButton(Button):
    """A quiet button with an arrow at its right that opens a menu."""

    def __init__(self, text: str, *, icon: str = "", kind: str = "quiet", tip: str = "") -> None:
        super().__init__(text, icon=icon, kind=kind, tip=tip)
        self.setProperty("drops", True)  # the style sheet leaves room for the arrow

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        rect = self.rect()
        rect.setLeft(rect.right() - 20)
        rect.setTop(rect.center().y() - 5)
        rect.setSize(QSize(12, 12))
        tone = "text2" if self.isEnabled() else "disabled"
        icons.paint(painter, rect, "chevron_down", tone)
        painter.end()


class ChoiceRow(QWidget):
    """Small buttons of which one is chosen, flowing over several lines (the kinds of a change)."""

    chosen = Signal(str)

    def __init__(self, values: Sequence[str] = ()) -> None:
        super().__init__()
        self._layout = FlowLayout(self, gap=8)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.set_values(values)

    def set_values(self, values: Sequence[str]) -> None:
        """Offer other values; the chosen one stays if it is among them."""
        before = self.value()
        had_focus = any(button.hasFocus() for button in self._group.buttons())
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._layout.removeWidget(button)
            button.hide()
            button.deleteLater()
        for value in values:
            button = QPushButton(value)
            button.setProperty("kind", "choice")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, value=value: self.chosen.emit(value))
            self._group.addButton(button)
            self._layout.addWidget(button)
            button.setChecked(value == before)
        offered = self._group.buttons()
        if offered:
            self.setFocusProxy(self._group.checkedButton() or offered[0])
        if had_focus:
            self.setFocus()
        self.updateGeometry()

    def value(self) -> str:
        """Return the chosen value, or ""."""
        button = self._group.checkedButton()
        return button.text() if button is not None else ""

    def choose(self, value: str) -> None:
        """Choose a value as if it had been clicked."""
        for button in self._group.buttons():
            if button.text() == value:
                button.setChecked(True)
                self.chosen.emit(value)
