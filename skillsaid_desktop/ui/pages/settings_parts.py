"""What the tabs of 设置 are laid out with: a scrolled column of sections and rows of label, field and note."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

WIDTH = 860
LABEL = 104


class Column(QScrollArea):
    """A scrolled column of sections, not wider than a sentence can be read."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.column = QVBoxLayout()
        self.column.setContentsMargins(PAGE_MARGIN, 16, PAGE_MARGIN, 24)
        self.column.setSpacing(10)
        box = QWidget()
        box.setMaximumWidth(WIDTH)
        box.setLayout(self.column)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(box, 100)
        row.addStretch(1)
        inner = QWidget()
        set_ground(inner, "surface")
        inner.setLayout(row)
        self.setWidget(inner)

    def add_section(self, title: str, note: str = "") -> None:
        """Begin a section."""
        if self.column.count():
            self.column.addSpacing(8)
            self.column.addWidget(Line())
            self.column.addSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Label(title, role="section"))
        row.addWidget(Label(note, role="small", tone="text2", wraps=True), 1)
        self.column.addLayout(row)

    def add_row(self, words: str, field: QWidget, note: QWidget | str = "", *, width: int = 0) -> None:
        """Add a label, its field, and what stands behind."""
        row = QHBoxLayout()
        row.setSpacing(12)
        label = Label(words, tone="text2")
        label.setMinimumWidth(LABEL)
        label.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(words)
        row.addWidget(label)
        if width:
            field.setMinimumWidth(width)
            row.addWidget(field)
        else:
            row.addWidget(field, 1)
        if note or width:
            row.addWidget(note if isinstance(note, QWidget) else Label(note, tone="text2", wraps=True), 1)
        self.column.addLayout(row)

    def add_widget(self, widget: QWidget) -> None:
        """Add anything."""
        self.column.addWidget(widget)

    def end(self) -> None:
        """Keep the sections at the top."""
        self.column.addStretch(1)
