"""What speaks to the user beside the work: strip, toast, empty page, inline trouble."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ui import icons, theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.text import Label

TOAST_MS = 6000

_STRIPS = {
    "information": ("accent", "accent_tint", "info"),
    "attention": ("explain", "explain_tint", "warning"),
    "stopped": ("stop", "stop_tint", "error_circle"),
}


class Icon(QWidget):
    """An icon by itself, in a colour token."""

    def __init__(self, name: str, tone: str = "text2", *, size: int = 16) -> None:
        super().__init__()
        self._name, self._tone = name, tone
        self.setFixedSize(size, size)

    def set_icon(self, name: str, tone: str) -> None:
        """Show another icon."""
        self._name, self._tone = name, tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint(painter, self.rect(), self._name, self._tone)
        painter.end()


class Strip(QWidget):
    """A banner: what is the case, with one link. `kind` is information, attention or stopped."""

    def __init__(
        self, kind: str, text: str, *, link: str = "", on_link: Callable[[], object] | None = None
    ) -> None:
        super().__init__()
        self._kind = kind
        self._icon = Icon(_STRIPS[kind][2], _STRIPS[kind][0])
        self._label = Label(text, wraps=True)
        self._link = Button(link, self._follow, kind="link")
        self._on_link = on_link
        self._link.setVisible(bool(link))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(15, 6, 12, 6)
        layout.setSpacing(10)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._label, 1)
        layout.addWidget(self._link, 0, Qt.AlignmentFlag.AlignTop)
        layout.setAlignment(self._icon, Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumHeight(34)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def say(
        self, kind: str, text: str, *, link: str = "", on_link: Callable[[], object] | None = None
    ) -> None:
        """Say something else."""
        self._kind = kind
        self._icon.set_icon(_STRIPS[kind][2], _STRIPS[kind][0])
        self._label.setText(text)
        self._link.setText(link)
        self._link.setVisible(bool(link))
        self._on_link = on_link
        self.update()

    def text(self) -> str:
        """Return the sentence."""
        return self._label.text()

    def _follow(self) -> None:
        if self._on_link is not None:
            self._on_link()

    def paintEvent(self, event: QPaintEvent) -> None:
        tone, tint, _icon = _STRIPS[self._kind]
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(tint))
        painter.fillRect(0, 0, 3, self.height(), theme.color(tone))
        painter.end()


class Toast(QWidget):
    """One sentence about what succeeded, for 6 s at the bottom of the window, with 撤销."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._on_undo: Callable[[], object] | None = None
        self._label = Label()
        self._undo = Button(tr("撤销"), self._take_back, kind="link")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 4, 12, 4)
        layout.setSpacing(12)
        layout.addWidget(Icon("checkmark_circle", "good"))
        layout.addWidget(self._label, 1)
        layout.addWidget(self._undo)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TOAST_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, text: str, on_undo: Callable[[], object] | None = None) -> None:
        """Show a sentence; `on_undo` gives it the link 撤销."""
        self._label.setText(text)
        self._on_undo = on_undo
        self._undo.setVisible(on_undo is not None)
        self.place()
        self.show()
        self.raise_()
        self._timer.start()

    def text(self) -> str:
        """Return the sentence last shown."""
        return self._label.text()

    def place(self) -> None:
        """Move to the bottom centre of the parent."""
        parent = self._window
        size = self.sizeHint().expandedTo(QSize(320, 40)).boundedTo(QSize(parent.width() - 40, 200))
        self.setGeometry(
            (parent.width() - size.width()) // 2,
            parent.height() - size.height() - 42,
            size.width(),
            size.height(),
        )

    def _take_back(self) -> None:
        self.hide()
        if self._on_undo is not None:
            self._on_undo()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("edge"), 1))
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.end()


class EmptyPage(QWidget):
    """What is missing, what to do first, one or two buttons."""

    def __init__(self, title: str = "", text: str = "", buttons: tuple[Button, ...] = ()) -> None:
        super().__init__()
        self._title = Label(title, role="section")
        self._text = Label(text, tone="text2", wraps=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setMaximumWidth(520)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addStretch(2)
        layout.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._text, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(4)
        layout.addLayout(self._row)
        layout.addStretch(3)
        self.say(title, text, buttons)

    def say(self, title: str, text: str, buttons: tuple[Button, ...] = ()) -> None:
        """Say something else, with other buttons."""
        self._title.setText(title)
        self._text.setText(text)
        width = min(520, self._text.fontMetrics().horizontalAdvance(text) + 8)
        self._text.setMinimumWidth(width)
        # A centred label is given one line's height, however many its text takes.
        self._text.setMinimumHeight(self._text.heightForWidth(width) if text else 0)
        self._text.setVisible(bool(text))
        while self._row.count():
            item = self._row.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()  # it lives until the event loop comes round, and must not lie over the page
                widget.deleteLater()
        if buttons:
            self._row.addStretch(1)
            for button in buttons:
                self._row.addWidget(button)
            self._row.addStretch(1)

    def title(self) -> str:
        """Return the first line."""
        return self._title.text()


class Trouble(QWidget):
    """A `UserError` shown on the page where it happened, with what can be done."""

    def __init__(self, error: UserError, buttons: tuple[Button, ...] = ()) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(Icon("error_circle", "stop", size=20), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(Label(error.message, role="bold", wraps=True))
        if error.hint:
            column.addWidget(Label(error.hint, tone="text2", wraps=True))
        if buttons:
            row = QHBoxLayout()
            row.setSpacing(8)
            for button in buttons:
                row.addWidget(button)
            row.addStretch(1)
            column.addLayout(row)
        layout.addLayout(column, 1)
