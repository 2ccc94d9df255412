"""The window of a question or of an act: Ctrl+Enter does what its main button does, from every field."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QPushButton


class Dialog(QDialog):
    """A dialog whose default button also answers to Ctrl+Enter, since Enter belongs to a text of several lines."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not (is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            super().keyPressEvent(event)
            return
        for button in self.findChildren(QPushButton):
            if button.isDefault():
                button.click()  # nothing if it is disabled
                return
