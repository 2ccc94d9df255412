"""Whose a key is where one is typing: the input method's while it composes, the window's if the field has no use for it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride)


class Composition(QObject):
    """Watches the widget with the focus, and lets no key through to it, nor to a shortcut, while it composes.

    It listens to one widget at a time: a filter on the whole application would be called for every event of every
    widget. Windows and fcitx keep such keys to themselves; an input method that shows them must change nothing either.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._widget: QWidget | None = None
        self.is_going_on = False
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._widget is not None and isValid(self._widget):
            self._widget.removeEventFilter(self)
        self.is_going_on = False
        self._widget = now
        if now is not None:
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QInputMethodEvent):
            self.is_going_on = bool(event.preeditString())
        elif self.is_going_on and event.type() in _KEYS and isinstance(event, QKeyEvent):
            # Ctrl+Enter and the like are no input method's, and do not end a composition half typed either.
            event.accept()
            return event.key() != Qt.Key.Key_unknown
        elif event.type() == QEvent.Type.ShortcutOverride and _is_idle(watched, event):
            # A field claims Ctrl+Z even with nothing typed into it; then the last step of the ledger is meant.
            event.ignore()
            return True
        return False


def _is_idle(field: QObject, event: QEvent) -> bool:
    """Tell whether the key undoes or redoes, and the field has nothing to undo or to redo."""
    if not isinstance(event, QKeyEvent):
        return False
    keys = QKeySequence.StandardKey
    undoes, redoes = event.matches(keys.Undo), event.matches(keys.Redo)
    if isinstance(field, QPlainTextEdit):
        text = field.document()
        return (undoes and not text.isUndoAvailable()) or (redoes and not text.isRedoAvailable())
    if isinstance(field, QLineEdit):
        return (undoes and not field.isUndoAvailable()) or (redoes and not field.isRedoAvailable())
    return False
