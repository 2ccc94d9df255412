"""The rows of a dialog's own form: label at the left, what is entered at the right, scrolled where there is no room."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from skillsaid_desktop.ui.widgets.buttons import ChoiceRow
from skillsaid_desktop.ui.widgets.text import Label, set_ground

LABEL_WIDTH = 76


class FormRows(QWidget):
    """A column of labelled rows."""

    def __init__(self) -> None:
        super().__init__()
        set_ground(self, "surface")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 16, 20, 16)
        self.column.setSpacing(10)

    def minimumSizeHint(self) -> QSize:
        # Rows that flow are low where they are wide; Qt asks for the height that they would have at their narrowest.
        hint = super().minimumSizeHint()
        width = max(self.width(), hint.width())
        return QSize(hint.width(), self.column.totalHeightForWidth(width))

    def add(self, title: str, part: QWidget) -> QWidget:
        """Put a row at the end and return it."""
        row = labelled_row(title, part)
        self.column.addWidget(row)
        return row


def labelled_row(title: str, part: QWidget) -> QWidget:
    """Return a part with its label left of it."""
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    label = Label(title, tone="text2", wraps=True)
    label.setFixedWidth(LABEL_WIDTH)
    if title:
        label.setMinimumHeight(30)
    line.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
    place = QVBoxLayout()
    place.setContentsMargins(
        0, 2 if isinstance(part, ChoiceRow) else 0, 0, 0
    )  # its buttons are lower than a field
    place.addWidget(part)
    line.addLayout(place, 1)
    return row


def scrolled(widget: QWidget) -> QScrollArea:
    """Return a part that scrolls upwards and downwards only."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(widget)
    return area
