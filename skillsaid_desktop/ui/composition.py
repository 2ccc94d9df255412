"""While the input method composes, Enter, Esc, arrows and digits are its own, wherever one is typing."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
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
        return False
