"""Fields: search, and the number that stays masked until somebody asks for it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from skillsaid_desktop.schema.masking import mask_number
from skillsaid_desktop.ui import icons
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.text import Label

SEARCH_DELAY_MS = 120
MASK_AGAIN_MS = 60_000


class SearchField(QLineEdit):
    """Searches 120 ms after the last key, never while the input method composes; × and Esc clear."""

    searched = Signal(str)
    left_down = Signal()

    def __init__(self, hint: str, *, width: int = 200) -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(width)
        self.setMaximumWidth(width)
        self.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._composing = False
        self._last = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SEARCH_DELAY_MS)
        self._timer.timeout.connect(self._emit)
        self.textChanged.connect(self._on_text_changed)

    def set_width(self, width: int) -> None:
        """Take another width, for a narrower window."""
        self.setFixedWidth(width)

    def set_text_silently(self, text: str) -> None:
        """Show a text that has already been searched."""
        self._last = text
        self.setText(text)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        if self._composing:
            self._timer.stop()  # what was typed before is searched together with what is being composed
        else:
            self._timer.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() and not self._composing:
            self.clear()
            event.accept()
            return
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._composing:
            self._timer.stop()
            self._emit()
            self.left_down.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def _on_text_changed(self) -> None:
        if not self._composing:
            self._timer.start()

    def _emit(self) -> None:
        text = self.text().strip()
        if text != self._last:
            self._last = text
            self.searched.emit(text)


class MaskedNumber(QWidget):
    """A number with 显示 beside it; masked again after 60 s, for another record, or when the window is left.

    `on_show` is called each time the number is shown, so that 操作记录 has a line of it. An `editor` takes the place of
    the number while it is shown, and stands alone where there is none yet.
    """

    shown_changed = Signal(bool)

    def __init__(self, *, role: str = "body", editor: QWidget | None = None) -> None:
        super().__init__()
        self._number = ""
        self._editor = editor
        self._on_show: Callable[[], object] | None = None
        self._label = Label(role=role)
        self._label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._button = Button(tr("显示"), self.toggle, icon="eye", kind="link")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._label)
        line.addWidget(self._button)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        if editor is not None:
            layout.addWidget(editor)  # over the button: eighteen digits need the whole width of a form
        layout.addLayout(line)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(MASK_AGAIN_MS)
        self._timer.timeout.connect(self.cover)
        # A filter on the whole application would be called in Python for every event of every widget.
        QGuiApplication.instance().applicationStateChanged.connect(self._on_application_state)  # type: ignore[union-attr]

    def set_number(self, number: str | None, on_show: Callable[[], object] | None = None) -> None:
        """Hold another record's number, masked."""
        self._number = number or ""
        self._on_show = on_show
        self.cover()
        if self._editor is None:
            self.setVisible(bool(self._number))

    def hold(self, number: str) -> None:
        """Hold what has been typed instead, shown or masked as the number was."""
        was_shown = self.is_shown
        self._number = number
        if was_shown:
            self._label.setText(number)

    @property
    def has_number(self) -> bool:
        """Tell whether there is a number to show."""
        return bool(self._number)

    @property
    def is_shown(self) -> bool:
        """Tell whether the whole number can be read now."""
        return bool(self._number) and self._label.text() == self._number

    def toggle(self) -> None:
        """Show the number, or mask it again."""
        if self.is_shown:
            self.cover()
            return
        self._label.setText(self._number)
        self._button.setText(tr("遮住"))
        self._button.setIcon(icons.icon("eye_off", "accent"))
        self._timer.start()
        self._place_editor(True)
        self.shown_changed.emit(True)
        if self._on_show is not None:
            self._on_show()

    def cover(self) -> None:
        """Cover the number."""
        self._timer.stop()
        self._label.setText(mask_number(self._number) if self._number else "")
        self._button.setText(tr("显示"))
        self._button.setIcon(icons.icon("eye", "accent"))
        self._place_editor(False)
        self.shown_changed.emit(False)

    def _place_editor(self, shown: bool) -> None:
        if self._editor is not None:
            self._editor.setVisible(shown or not self._number)
            self._label.setVisible(not shown and bool(self._number))
            self._button.setVisible(bool(self._number))

    def _on_application_state(self, state: Qt.ApplicationState) -> None:
        if state != Qt.ApplicationState.ApplicationActive and self.is_shown:
            self.cover()


def mark_wrong(field: QWidget, wrong: bool) -> None:
    """Give a field the frame of a value that can't be stored, or take it away."""
    if field.property("wrong") != wrong:
        field.setProperty("wrong", wrong)
        field.style().unpolish(field)
        field.style().polish(field)
