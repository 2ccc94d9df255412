"""The drawer of one dated category: its dates and papers, whose it is, and his household."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from skillsaid_desktop.schema import Field
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.household_box import HouseholdBox
from skillsaid_desktop.ui.pages.tabbed_drawer import TabbedDrawer
from skillsaid_desktop.ui.widgets.bars import DRAWER_MARGIN, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button

_WHO = frozenset({"student_name", "class_name", "document_number"})


class CategoryDrawer(TabbedDrawer):
    """The person stands in the head and is not typed here; the form changes the category alone."""

    removal_asked = Signal()
    student_asked = Signal()

    def add_parts(self, column: QVBoxLayout) -> None:
        self.add_tabs(column, (tr("资料"),))
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        self.add_form(inner)
        self.stack.addWidget(page)
        self.household = HouseholdBox(self.session)
        self.form.column.insertWidget(0, self.household)
        footer = FooterBar(margin=DRAWER_MARGIN)
        self.student_button = Button(tr("打开这名学生"), self.student_asked.emit, icon="person")
        self.remove_button = Button(tr("删除这一条…"), self.removal_asked.emit)
        footer.add_left(self.student_button)
        footer.add(self.remove_button)
        column.addWidget(footer)
        self.show_tab(0)

    def form_fields(self) -> tuple[Field, ...]:
        return tuple(field for field in self.ledger.fields if field.name not in _WHO)

    def facts_of(self, values: dict[str, Any]) -> str:
        return "　".join(str(each) for each in (values.get("class_name"), values.get("category")) if each)

    def show_more(self) -> None:
        student_id = None
        if self.record_id is not None:
            with self.session.ledger_file.reading() as reading:
                student_id = reading.scalar(
                    "SELECT student_id FROM hardship_status WHERE id = ?", (self.record_id,)
                )
        self.household.show_student(student_id)
        for button in (self.student_button, self.remove_button):
            button.setEnabled(student_id is not None)
