"""One editor for each field type: the one place that says how a kind of value is typed."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from skillsaid_desktop import clock
from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.types import Choice, Date, FieldType, Flag, Held, Text, Words
from skillsaid_desktop.ui import icons
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.fields import mark_wrong
from skillsaid_desktop.ui.widgets.floating import CalendarPanel
from skillsaid_desktop.ui.widgets.text import Label

BLANK = ""


class FieldEditor(QWidget):
    """An editor of one field: a text in, a text out, `committed` when it is left or chosen."""

    committed = Signal(str)
    edited = Signal()

    def __init__(self, field: Field, part: QWidget) -> None:
        super().__init__()
        self.field = field
        self.part = part
        self._note = Label(role="small", tone="text3", wraps=True)
        self._note.hide()
        part.setAccessibleName(field.title)
        self.setFocusProxy(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(part)
        layout.addWidget(self._note)

    def text(self) -> str:
        """Return what is typed."""
        raise NotImplementedError

    def set_text(self, text: str) -> None:
        """Show a value's text."""
        raise NotImplementedError

    def say(self, text: str, *, is_wrong: bool = False) -> None:
        """Put a sentence under the field; `is_wrong` frames the field as not stored."""
        self._note.set_tone("stop" if is_wrong else "text3")
        self._note.setText(text)
        self._note.setVisible(bool(text))
        mark_wrong(self.part, is_wrong)

    def note(self) -> str:
        """Return the sentence under the field."""
        return self._note.text() if not self._note.isHidden() else ""


class LineEditor(FieldEditor):
    """A line of text."""

    def __init__(self, field: Field) -> None:
        self.line = QLineEdit()
        super().__init__(field, self.line)
        self._stored = ""
        self.line.textEdited.connect(lambda _text: self.edited.emit())
        self.line.editingFinished.connect(self._on_finished)

    def text(self) -> str:
        return self.line.text().strip()

    def set_text(self, text: str) -> None:
        self._stored = text
        self.line.setText(text)
        self.line.setCursorPosition(0)

    def _on_finished(self) -> None:
        if self.text() != self._stored:
            self._stored = self.text()
            self.committed.emit(self.text())


class DateEditor(LineEditor):
    """A date, typed in any usual form or picked from the calendar."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.line.setPlaceholderText(tr("例如 2025-11-05"))
        action = self.line.addAction(icons.icon("calendar"), QLineEdit.ActionPosition.TrailingPosition)
        action.setToolTip(tr("日历（F4）"))
        action.setShortcut(Qt.Key.Key_F4)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(self._open_calendar)

    def day(self) -> date | None:
        """Return the day typed, None if it is none."""
        value = self.field.type.parse(self.text()).value if self.text() else None
        return value if isinstance(value, date) else None

    def _open_calendar(self) -> None:
        panel = CalendarPanel(self.line, self.day() or clock.today())
        panel.picked.connect(self._on_picked)

    def _on_picked(self, day: date) -> None:
        self.line.setText(day.isoformat())
        self.edited.emit()
        self._on_finished()

    def _on_finished(self) -> None:
        day = self.day()
        if day is not None:
            self.line.setText(day.isoformat())
        super()._on_finished()


class _Combo(QComboBox):
    """A combo box that leaves the wheel to the form."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ChoiceEditor(FieldEditor):
    """One of several words."""

    def __init__(self, field: Field, values: Sequence[str]) -> None:
        self.combo = _Combo()
        super().__init__(field, self.combo)
        self.combo.addItem(BLANK)
        self.combo.addItems(list(values))
        self.combo.activated.connect(self._on_activated)

    def text(self) -> str:
        return self.combo.currentText()

    def set_text(self, text: str) -> None:
        at = self.combo.findText(text)
        if at < 0:
            self.combo.addItem(text)
            at = self.combo.count() - 1
        self.combo.setCurrentIndex(at)

    def _on_activated(self) -> None:
        self.edited.emit()
        self.committed.emit(self.text())


class _LongText(QPlainTextEdit):
    """A text of several lines that tells when it is left."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class LongEditor(FieldEditor):
    """Several lines of text."""

    def __init__(self, field: Field) -> None:
        self.area = _LongText()
        super().__init__(field, self.area)
        self._stored = ""
        self.area.setTabChangesFocus(True)
        self.area.setFixedHeight(self.area.fontMetrics().height() * 2 + 18)
        self.area.textChanged.connect(self.edited.emit)
        self.area.left.connect(self._on_left)

    def text(self) -> str:
        return self.area.toPlainText().strip()

    def set_text(self, text: str) -> None:
        self._stored = text
        self.area.setPlainText(text)

    def _on_left(self) -> None:
        if self.text() != self._stored:
            self._stored = self.text()
            self.committed.emit(self.text())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)


def _choice(field: Field, words: Words | None) -> FieldEditor:
    kind: Any = field.type
    return ChoiceEditor(field, list(words.values(kind.vocabulary)) if words is not None else [])


def _flag(field: Field, words: Words | None) -> FieldEditor:
    return ChoiceEditor(field, ["是", "否"])


def _text(field: Field, words: Words | None) -> FieldEditor:
    kind: Any = field.type
    return LongEditor(field) if getattr(kind, "multiline", False) else LineEditor(field)


EDITORS: dict[type[FieldType], Callable[[Field, Words | None], FieldEditor]] = {
    Choice: _choice,
    Held: _choice,
    Flag: _flag,
    Date: lambda field, words: DateEditor(field),
    Text: _text,
}
"""Editors by field type; other types are typed in a line."""


def make_editor(field: Field, words: Words | None) -> FieldEditor:
    """Return the editor of a field, offering the words in force."""
    make = EDITORS.get(type(field.type))
    return make(field, words) if make is not None else LineEditor(field)
