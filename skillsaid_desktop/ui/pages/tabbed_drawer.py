"""A record's drawer with tabs, of which the last has its files, and under them what answers how it is now."""

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from skillsaid_desktop.services.files import count_files
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.files_pane import FilesPane
from skillsaid_desktop.ui.pages.record_drawer import RecordDrawer
from skillsaid_desktop.ui.widgets.bars import FactGrid
from skillsaid_desktop.ui.widgets.text import Line, set_ground


class TabbedDrawer(RecordDrawer):
    """Tabs over `stack`, which has one page for each; 材料 is put behind those that a drawer adds itself."""

    files_tab = -1

    def build(self) -> None:
        if not self._is_built:
            super().build()
            self._add_files_tab()

    def add_tabs(self, column: QVBoxLayout, titles: tuple[str, ...], facts: FactGrid | None = None) -> None:
        """Put tabs, facts and the stack into a column; the pages are added to the stack in the tabs' order."""
        self._tab_line = line = QHBoxLayout()
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
        self.stack = QStackedWidget()
        column.addLayout(line)
        column.addWidget(Line())
        if facts is not None:
            self.now = facts
            set_ground(facts, "sunken")
            column.addWidget(facts)
            column.addWidget(Line())
        column.addWidget(self.stack, 1)

    def _add_files_tab(self) -> None:
        at = self.stack.count()
        button = QPushButton()
        button.setProperty("kind", "tab")
        button.setCheckable(True)
        button.setAutoDefault(False)
        self.tabs.addButton(button, at)
        self._tab_line.insertWidget(at, button)
        self.files = FilesPane(self.session)
        self.stack.addWidget(self.files)
        button.clicked.connect(lambda _checked=False: self.files.take_focus())  # for Ctrl+V at once
        self.files_tab = at

    def show_record(self, record_id: int | None) -> None:
        super().show_record(record_id)
        count = 0
        if self.record_id is not None:
            with self.session.ledger_file.reading() as reading:
                count = count_files(reading, self.ledger.entity, self.record_id)
        self.tabs.button(self.files_tab).setText(f"{tr('材料')} {count}" if count else tr("材料"))
        if self.stack.currentIndex() == self.files_tab:
            self.files.show_record(self.ledger.entity, self.record_id)

    def show_tab(self, at: int) -> None:
        """Show the page of a tab, counted from 0."""
        self.tabs.button(at).setChecked(True)
        self.stack.setCurrentIndex(at)
        if at == self.files_tab:
            self.files.show_record(self.ledger.entity, self.record_id)


class FormDrawer(TabbedDrawer):
    """The drawer of a ledger that has none of its own: 资料 and 材料."""

    def add_parts(self, column: QVBoxLayout) -> None:
        self.add_tabs(column, (tr("资料"),))
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        self.add_form(inner)
        self.stack.addWidget(page)
        self.show_tab(0)
