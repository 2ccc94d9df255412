"""The fixed places of a page: head with title and acts, filter row, footer bar; and the status line's parts."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from skillsaid_desktop.ui.widgets.flow import FlowLayout, empty_layout
from skillsaid_desktop.ui.widgets.regions import Region, set_region
from skillsaid_desktop.ui.widgets.text import FactsLabel, Label, Line, set_ground

PAGE_MARGIN, DRAWER_MARGIN = 20, 16
TWO_FACTS_FROM = 640
HEAD_HEIGHT = 52
LOW_HEAD_HEIGHT = 44
FILTER_HEIGHT = 42
FOOTER_HEIGHT = 54
LOW_FOOTER_HEIGHT = 44


class PageHead(QWidget):
    """Title, one line of facts, acts at the right; at most one main act."""

    def __init__(self, title: str, facts: str = "") -> None:
        super().__init__()
        self.title = Label(title, role="title")
        self.facts = FactsLabel(facts)
        self._acts = QHBoxLayout()
        self._acts.setSpacing(12)
        self._before = QHBoxLayout()
        self._before.setSpacing(8)
        self._line = layout = QHBoxLayout(self)
        layout.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, 0)
        layout.setSpacing(12)
        layout.addWidget(self.title)
        layout.addLayout(self._before)
        layout.addWidget(self.facts, 1)
        layout.addLayout(self._acts)
        self.setMinimumHeight(HEAD_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_facts(self, text: str) -> None:
        """Show another line of facts."""
        self.facts.setText(text)
        self.facts.updateGeometry()

    def add_act(self, button: QWidget, at: int = -1) -> None:
        """Put a button at the right, last or at a place among the others."""
        self._acts.insertWidget(at, button)

    def add_beside_title(self, widget: QWidget) -> None:
        """Put a widget between title and facts (the as-of day, a month)."""
        self._before.addWidget(widget)

    def set_low(self, low: bool) -> None:
        """Shrink in a low window."""
        self.setMinimumHeight(LOW_HEAD_HEIGHT if low else HEAD_HEIGHT)

    def set_shared(self, shared: bool) -> None:
        """Stand closer in a row that is shared with the command bar."""
        margin, gap = (8, 6) if shared else (PAGE_MARGIN, 12)
        self._line.setContentsMargins(margin, 0, margin, 0)
        self._line.setSpacing(gap)
        self._acts.setSpacing(gap)


class FooterBar(QWidget):
    """The bar for what commits: a sentence at the left, buttons at the right, the named act last."""

    def __init__(self, text: str = "", *, margin: int = PAGE_MARGIN) -> None:
        super().__init__()
        set_ground(self, "sunken")
        set_region(self, Region.FOOTER)
        self.sentence = Label(text, tone="text2", wraps=True)
        self._row = QHBoxLayout()
        self._row.setContentsMargins(margin, 0, margin, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self.sentence, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(Line())
        layout.addLayout(self._row, 1)
        self.setMinimumHeight(FOOTER_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        # Aligned: else a row with a button can not grow, and the line stands below the bar's upper edge.
        self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def add_left(self, widget: QWidget) -> None:
        """Put something left of the sentence: its icon, or a link to a better way."""
        self._row.insertWidget(0, widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_low(self, low: bool) -> None:
        """Shrink in a low window."""
        self.setMinimumHeight(LOW_FOOTER_HEIGHT if low else FOOTER_HEIGHT)


class FilterRow(QWidget):
    """The row of search field and chips over a table, a second line where one has no room; the last at the right."""

    def __init__(self, *, top: int = 3, bottom: int = 9) -> None:
        super().__init__()
        set_region(self, Region.FILTERS)
        left = QWidget()
        self._left = FlowLayout(left, gap=8)
        self._right = QHBoxLayout()
        self._right.setSpacing(8)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(PAGE_MARGIN, top, PAGE_MARGIN - 8, bottom)
        layout.setSpacing(8)
        layout.addWidget(left, 1, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(self._right)
        layout.setAlignment(self._right, Qt.AlignmentFlag.AlignTop)
        self.setMinimumHeight(FILTER_HEIGHT)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget, at: int | None = None) -> None:
        """Put a widget at the left, last or at a place among the others."""
        self._left.insert(self._left.count() if at is None else at, widget)

    def add_right(self, widget: QWidget) -> None:
        """Put a widget at the right."""
        self._right.addWidget(widget)


class FactGrid(QWidget):
    """Rows of a small label and a value, e.g. the four facts under a drawer's tabs; where it is wide, two in a row."""

    def __init__(self, label_width: int = 72) -> None:
        super().__init__()
        self._label_width = label_width
        self.facts: tuple[tuple[str, str], ...] = ()
        self._in_a_row = 1
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 10, 16, 10)
        self._layout.setSpacing(6)

    def set_facts(self, facts: tuple[tuple[str, str], ...]) -> None:
        """Show other facts, as (label, value)."""
        self.facts = facts
        self._lay_out()

    def _lay_out(self) -> None:
        empty_layout(self._layout)
        for at in range(0, len(self.facts), self._in_a_row):
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(24)
            facts = self.facts[at : at + self._in_a_row]
            for label, value in facts:
                line.addLayout(self._fact(label, value), 1)
            if len(facts) < self._in_a_row:
                line.addStretch(1)
            self._layout.addWidget(row)

    def _fact(self, label: str, value: str) -> QHBoxLayout:
        fact = QHBoxLayout()
        fact.setSpacing(0)
        name = Label(label, tone="text3")
        name.setFixedWidth(self._label_width)
        fact.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        fact.addWidget(Label(value, wraps=True), 1)
        return fact

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        in_a_row = 2 if self.width() >= TWO_FACTS_FROM else 1
        if in_a_row != self._in_a_row:
            self._in_a_row = in_a_row
            self._lay_out()
