"""班级: the classes, and from each the papers of its students and its monitoring."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout

from skillsaid_desktop.ledgers import CLASSES
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.ledger_page import LedgerPage
from skillsaid_desktop.ui.pages.record_drawer import RecordDrawer
from skillsaid_desktop.ui.pages.tabbed_drawer import FormDrawer
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import DRAWER_MARGIN, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button


class ClassDrawer(FormDrawer):
    """The form of a class, and below it the ways to its students."""

    students_asked = Signal()
    papers_asked = Signal()

    def add_parts(self, column: QVBoxLayout) -> None:
        super().add_parts(column)
        footer = FooterBar(margin=DRAWER_MARGIN)
        self.students = Button(tr("看学生"), self.students_asked.emit, icon="people")
        self.papers = Button(tr("一生一档"), self.papers_asked.emit, icon="print", kind="quiet")
        footer.add_left(self.students)
        footer.add(self.papers)
        column.addWidget(footer)

    def show_more(self) -> None:
        for button in (self.students, self.papers):
            button.setEnabled(self.record_id is not None)


class ClassesPage(LedgerPage):
    """The classes as of a day."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, CLASSES)

    def make_drawer(self) -> RecordDrawer:
        drawer = ClassDrawer(self.session, CLASSES)
        drawer.students_asked.connect(self.open_students)
        drawer.papers_asked.connect(self.open_papers)
        return drawer

    def add_row_acts(self, menu: QMenu, ids: list[int]) -> None:
        menu.addSeparator()
        menu.addAction(tr("看这个班的学生"), self.open_students)
        menu.addAction(tr("这个班的一生一档"), self.open_papers)

    def _name(self) -> str:
        row = self.table.current_row()
        return self.model.text(row, self.model.column_of("name")) if row >= 0 else ""

    def open_students(self) -> None:
        """Open the students of the current class."""
        if name := self._name():
            self.session.navigate("students", {"filters": {"class_name": name}})

    def open_papers(self) -> None:
        """Open 一生一档 of the whole class."""
        if name := self._name():
            self.session.navigate("student_file", {"class_name": name})
