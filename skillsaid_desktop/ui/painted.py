"""Waiting for the screen: what is not seen at once is done after the window has been painted."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget


class _Watch(QObject):
    """Sees a widget's first paint; the rest of the window is painted in the same turn of the event loop."""

    def __init__(self, widget: QWidget, act: Callable[[], object]) -> None:
        super().__init__(widget)
        self._act = act
        self._widget = widget
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._widget.removeEventFilter(self)
            QTimer.singleShot(0, self, self._go)
        return False

    def _go(self) -> None:
        self._act()
        self.deleteLater()


def after_first_paint(widget: QWidget, act: Callable[[], object]) -> None:
    """Call `act` once the widget has been painted for the first time; never, if it is deleted before."""
    _Watch(widget, act)
