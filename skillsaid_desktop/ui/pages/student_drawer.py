"""The drawer of a student: how it is now, 资料 with his categories, 时间线, and 记一笔, 登记异动, 一生一档."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from skillsaid_desktop.ledgers import HARDSHIP, listing
from skillsaid_desktop.ledgers.hardship import CategoryRow
from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.masking import mask_number, mask_words
from skillsaid_desktop.services.attention import OpenFlag
from skillsaid_desktop.services.student_file import StudentFile, load_student
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.attention import AttentionBox, flag_students, unflag
from skillsaid_desktop.ui.pages.category_dialog import CategoryDialog
from skillsaid_desktop.ui.pages.household_box import HouseholdBox
from skillsaid_desktop.ui.pages.tabbed_drawer import TabbedDrawer
from skillsaid_desktop.ui.widgets.bars import DRAWER_MARGIN, FactGrid, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.fields import MaskedNumber
from skillsaid_desktop.ui.widgets.flow import FlowLayout, empty_layout
from skillsaid_desktop.ui.widgets.marks import STATE_TONES, Tag
from skillsaid_desktop.ui.widgets.text import Label, Line
from skillsaid_desktop.ui.widgets.timeline import Timeline

_BY_CHANGE = frozenset(
    {
        "current_state",
        "last_change",
        "is_target",
        "category",
        "category_from",
        "category_to",
        "is_flagged",
        "flagged_for",
    }
)
"""Shown elsewhere in the drawer, or changed by events only."""


class StudentDrawer(TabbedDrawer):
    """Tabs 资料, 时间线 and 材料 under the head; four facts on sunken ground answer how it is now."""

    talk_asked = Signal()
    change_asked = Signal()
    paper_asked = Signal()

    def add_parts(self, column: QVBoxLayout) -> None:
        self.number = MaskedNumber()
        holder = QWidget()
        # The tags stand under the number where a narrow drawer has no room beside it.
        self._tags = FlowLayout(holder, gap=6)
        self._tags.addWidget(self.number)
        line = QVBoxLayout()
        line.setContentsMargins(16, 0, 16, 4)
        line.addWidget(holder)
        column.addLayout(line)
        self.add_tabs(column, (tr("资料"), tr("时间线")), FactGrid())
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        self.add_form(inner)
        self.stack.addWidget(page)
        self.attention = AttentionBox()
        self.attention.raise_asked.connect(self.flag)
        self.attention.clear_asked.connect(self.unflag)
        self.household = HouseholdBox(self.session)
        for at, part in enumerate((self.attention, self._categories_box(), self.household)):
            self.form.column.insertWidget(at, part)
        self.extras = QWidget()
        self._extras = QVBoxLayout(self.extras)
        self._extras.setContentsMargins(0, 6, 0, 0)
        self._extras.setSpacing(4)
        self.form.column.insertWidget(self.form.column.count() - 1, self.extras)
        self.timeline = Timeline()
        self.timeline.place_wanted.connect(lambda place: self.session.navigate(place.page, place.params))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.timeline)
        self.stack.addWidget(area)
        footer = FooterBar(margin=DRAWER_MARGIN)
        self.talk = Button(tr("记一笔"), self.talk_asked.emit, icon="add")
        self.record = Button(tr("登记异动"), self.change_asked.emit)
        self.paper = Button(tr("一生一档"), self.paper_asked.emit, icon="print", kind="quiet")
        footer.add_left(self.record)
        footer.add_left(self.talk)
        footer.add(self.paper)
        column.addWidget(footer)
        self.show_tab(0)

    def show_record(self, record_id: int | None) -> None:
        self.build()
        self._file: StudentFile | None = None
        if record_id is not None:
            with self.session.ledger_file.reading() as reading:
                self._file = load_student(reading, record_id, self.session.as_of)
        super().show_record(record_id)

    def form_fields(self) -> tuple[Field, ...]:
        return tuple(field for field in self.ledger.fields if field.name not in _BY_CHANGE)

    def facts_of(self, values: dict[str, Any]) -> str:
        age = f"{self._file.age} 岁" if self._file is not None and self._file.age is not None else ""
        state = str(values.get("current_state") or "")
        shown = (values.get("sex"), age, values.get("class_name"), state if state not in STATE_TONES else "")
        return "　".join(str(each) for each in shown if each)

    def toggle_numbers(self) -> None:
        """Show the document number, or mask it again: one number, one line in 操作记录."""
        if self.number.has_number:
            self.number.toggle()

    def show_more(self) -> None:
        one = self.record_id
        for button in (self.talk, self.record, self.paper):
            button.setEnabled(one is not None)
        number = str(self.values.get("document_number") or "")
        self.number.set_number(number, self._log_number)
        self._show_tags()
        file = self._file
        self.now.set_facts(
            tuple((each.label, each.text) for each in file.answers) if file is not None else ()
        )
        self.timeline.set_entries(
            file.ahead if file is not None else (), file.past if file is not None else ()
        )
        self.attention.show_flags(file.flags if file is not None else ())
        self._show_categories(list(file.categories) if file is not None else [])
        self.household.show_student(one)
        self._show_extras(file.extra_facts if file is not None else ())

    def _show_extras(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show the columns of rosters that no ledger knows and somebody chose to keep."""
        empty_layout(self._extras)
        self.extras.setVisible(bool(facts))
        if not facts:
            return
        self._extras.addWidget(Label(tr("名册里的其他列"), role="section"))
        for title, value in facts:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(8)
            line.addWidget(Label(title, tone="text3", wraps=True), 1)
            line.addWidget(Label(mask_words(value), wraps=True), 2)
            self._extras.addWidget(row)

    def _show_tags(self) -> None:
        empty_layout(self._tags, keep=1)
        state = str(self.values.get("current_state") or "")
        words = [(state, STATE_TONES[state])] if state in STATE_TONES else []
        words += [(tr("关注"), "explain")] if self._file is not None and self._file.flags else []
        words += [(tr("帮扶对象"), "text3")] if self.values.get("is_target") else []
        words += [(tr("对口县"), "text3")] if self.values.get("is_paired_county") else []
        for text, tone in words:
            self._tags.addWidget(Tag(text, tone))

    def _log_number(self) -> None:
        masked = mask_number(str(self.values.get("document_number") or ""))
        with self.session.ledger_file.operation(f"显示证件号 {self.title.text()}") as uow:
            uow.log_note(masked)

    # Attention

    def flag(self) -> None:
        """Flag the student, with a reason."""
        if self.record_id is not None:
            flag_students(self.session, [self.record_id], self.title.text())

    def unflag(self, flag: OpenFlag) -> None:
        """Clear one flag of the student, with a reason."""
        unflag(self.session, [flag.id], self.title.text(), flag.reason)

    # Categories

    def _categories_box(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(Label(tr("身份类别"), role="section"))
        head.addStretch(1)
        head.addWidget(Button(tr("加一条…"), lambda: self.edit_category(None), kind="link"))
        column.addLayout(head)
        self._categories = QVBoxLayout()
        self._categories.setSpacing(2)
        column.addLayout(self._categories)
        column.addWidget(Line())
        return box

    def _show_categories(self, rows: list[CategoryRow]) -> None:
        empty_layout(self._categories)
        if not rows:
            self._categories.addWidget(Label(tr("没有登记身份类别"), tone="text3"))
        for row in rows:
            box = QWidget()
            line = QHBoxLayout(box)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(8)
            line.addWidget(Label(row.category))
            line.addWidget(Label(row.said(), role="small", tone="text2"))
            line.addStretch(1)
            line.addWidget(Button(tr("改…"), partial(self.edit_category, row.id), kind="link"))
            self._categories.addWidget(box)

    def edit_category(self, row_id: int | None) -> None:
        """Open the form of one dated category; None adds one."""
        if self.record_id is None:
            return
        with self.session.ledger_file.reading() as reading:
            words = reading.policy.words(self.session.as_of)
            rows = listing.fetch_rows(reading, HARDSHIP, [row_id], self.session.as_of) if row_id else []
        dialog = CategoryDialog(self.window(), self.session, self.values, words, rows[0] if rows else None)
        if self.session.prompts.run(dialog):
            self.session.say(f"已登记：{self.title.text()} {dialog.stored_as}")
