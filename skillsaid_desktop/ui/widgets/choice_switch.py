"""A row of two or three buttons of which one is pressed: which view, which roster."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from skillsaid_desktop.ui.i18n import tr


class ChoiceSwitch(QWidget):
    """`chosen` carries the value of a button that somebody presses; the pressed one says nothing."""

    chosen = Signal(str)

    def __init__(self, options: Sequence[tuple[str, str]], value: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._group = QButtonGroup(self)
        self.value = value
        self.buttons: dict[str, QPushButton] = {}
        for name, title in options:
            button = QPushButton(tr(title))
            button.setProperty("kind", "choice")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, name=name: self._on_clicked(name))
            self._group.addButton(button)
            self.buttons[name] = button
            row.addWidget(button)
        self.set_value(value)

    def set_value(self, value: str) -> None:
        """Press the button of a value."""
        self.value = value
        self.buttons[value].setChecked(True)

    def _on_clicked(self, name: str) -> None:
        if name != self.value:
            self.value = name
            self.chosen.emit(name)
