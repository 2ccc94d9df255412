"""What a test can see of a window: text that has too little room."""

from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from skillsaid_desktop.ui.widgets.count_tab import CountTab
from skillsaid_desktop.ui.widgets.text import ElidedLabel

SLACK = 1


def cut_off(window: QWidget) -> list[str]:
    """Return the labels and buttons in sight that are smaller than their text."""
    found = []
    for widget in window.findChildren(QWidget):
        if not isinstance(widget, QLabel | QAbstractButton) or isinstance(widget, ElidedLabel):
            continue
        text = widget.accessibleName() if isinstance(widget, CountTab) else widget.text()
        if not widget.isVisible() or not text or widget.visibleRegion().isEmpty():
            continue
        hint = widget.sizeHint()
        wraps = isinstance(widget, QLabel) and widget.wordWrap()
        high = widget.heightForWidth(widget.width()) if wraps else hint.height()
        if (not wraps and hint.width() > widget.width() + SLACK) or high > widget.height() + SLACK:
            found.append(f"{type(widget).__name__} {text!r}: {hint} in {widget.size()}")
    return found
