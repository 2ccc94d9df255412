"""A record's drawer with tabs, and under them four facts on sunken ground that answer how it is now."""

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout

from skillsaid_desktop.ui.pages.record_drawer import RecordDrawer
from skillsaid_desktop.ui.widgets.bars import FactGrid
from skillsaid_desktop.ui.widgets.text import Line, set_ground


class TabbedDrawer(RecordDrawer):
    """Tabs over `stack`, which has one page for each."""

    def add_tabs(self, column: QVBoxLayout, titles: tuple[str, ...], facts: FactGrid) -> None:
        """Put tabs, facts and the stack into a column; the pages are added to the stack in the tabs' order."""
        line = QHBoxLayout()
        line.setContentsMargins(16, 2, 16, 0)
        line.setSpacing(20)
        self.tabs = QButtonGroup(self)
        for at, title in enumerate(titles):
            button = QPushButton(title)
            button.setProperty("kind", "tab")
            button.setCheckable(True)
            button.setAutoDefault(False)
            self.tabs.addButton(button, at)
            line.addWidget(button)
        line.addStretch(1)
        self.tabs.idClicked.connect(self.show_tab)
        self.now = facts
        set_ground(facts, "sunken")
        self.stack = QStackedWidget()
        column.addLayout(line)
        column.addWidget(Line())
        column.addWidget(facts)
        column.addWidget(Line())
        column.addWidget(self.stack, 1)

    def show_tab(self, at: int) -> None:
        """Show the page of a tab, counted from 0."""
        self.tabs.button(at).setChecked(True)
        self.stack.setCurrentIndex(at)
