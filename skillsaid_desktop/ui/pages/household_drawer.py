"""The drawer of a household: how it is now, its members, its facts, and what happened to it."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from skillsaid_desktop.ledgers.household_columns import FORM_ORDER
from skillsaid_desktop.schema import Field
from skillsaid_desktop.services.household_file import HouseholdFile, load_household
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.household_members_view import MembersView
from skillsaid_desktop.ui.pages.member_dialog import add_member, edit_member
from skillsaid_desktop.ui.pages.tabbed_drawer import TabbedDrawer
from skillsaid_desktop.ui.widgets.bars import DRAWER_MARGIN, FactGrid, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.marks import Tag
from skillsaid_desktop.ui.widgets.timeline import Timeline

MEMBERS, FACTS, TIMELINE = range(3)


class HouseholdDrawer(TabbedDrawer):
    """Tabs 成员, 资料, 时间线 and 材料 under the head; four facts on sunken ground answer how it is now."""

    removal_asked = Signal()

    def add_parts(self, column: QVBoxLayout) -> None:
        self._file: HouseholdFile | None = None
        self._tags = QHBoxLayout()
        self._tags.setSpacing(6)
        line = QHBoxLayout()
        line.setContentsMargins(16, 0, 16, 4)
        line.addLayout(self._tags)
        line.addStretch(1)
        column.addLayout(line)
        self.add_tabs(column, (tr("成员"), tr("资料"), tr("时间线")), FactGrid(48))
        self.members = MembersView()
        self.members.student_wanted.connect(lambda one: self.session.navigate("students", {"student": one}))
        self.members.edit_wanted.connect(self._edit)
        self.stack.addWidget(_scrolled(self.members))
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        self.add_form(inner)
        self.stack.addWidget(holder)
        self.timeline = Timeline()
        self.stack.addWidget(_scrolled(self.timeline))
        footer = FooterBar(margin=DRAWER_MARGIN)
        self.add_button = Button(tr("加成员…"), self._add, icon="person_add")
        self.remove_button = Button(tr("删除这一户…"), self.removal_asked.emit)
        footer.add_left(self.add_button)
        footer.add(self.remove_button)
        column.addWidget(footer)
        self.show_tab(MEMBERS)

    def show_record(self, record_id: int | None) -> None:
        self.build()
        self._file = None
        if record_id is not None:
            with self.session.ledger_file.reading() as reading:
                self._file = load_household(reading, record_id, self.session.as_of)
        super().show_record(record_id)

    def form_fields(self) -> tuple[Field, ...]:
        return tuple(self.ledger.column(name) for name in FORM_ORDER)

    def facts_of(self, values: dict[str, Any]) -> str:
        return "　".join(str(each) for each in (values.get("village"), values.get("number")) if each)

    def show_more(self) -> None:
        file = self._file
        for button in (self.add_button, self.remove_button):
            button.setEnabled(file is not None)
        self._show_tags()
        self.now.set_facts(tuple((each.label, each.text) for each in file.answers) if file else ())
        self.members.set_members(file.members if file else (), str(self.values.get("category") or ""))
        self.timeline.set_entries((), file.timeline if file else ())

    def _show_tags(self) -> None:
        while self._tags.count():
            item = self._tags.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        category = self.values.get("category")
        words = [(str(category), "text3")] if category else []
        words += [(tr("风险已消除"), "good")] if self.values.get("is_risk_cleared") else []
        words += [(tr("一户多生"), "accent")] if self.values.get("has_siblings") else []
        for text, tone in words:
            self._tags.addWidget(Tag(text, tone))

    @property
    def _home(self) -> str:
        return f"户主{self.title.text()}"

    def _add(self) -> None:
        if self.record_id is not None:
            add_member(self.session, self.window(), self.record_id, self._home)

    def _edit(self, member_id: int) -> None:
        edit_member(self.session, self.window(), member_id, self._home)


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(widget)
    return area
