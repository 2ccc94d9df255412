"""一生一档: find a student, or several, or a class; see the paper; print it or take it out."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import STUDENTS
from skillsaid_desktop.ledgers.listing import Among, Condition, ListQuery, fetch_rows, list_ids
from skillsaid_desktop.reports import report_named
from skillsaid_desktop.reports.student_file import STUDENT_IDS
from skillsaid_desktop.ui.i18n import count, tr
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.pages.report_pane import ReportPane
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.chips import FilterChip
from skillsaid_desktop.ui.widgets.fields import SearchField
from skillsaid_desktop.ui.widgets.notices import EmptyPage
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

COLUMNS = (
    Column(title="姓名", stretches=True),
    Column(title="班级", width=104),
    Column(title="证件尾号", width=72, right=True),
)
SHOWN = 500
ALL_CLASSES = "全部班级"
PAPER_DELAY_MS = 150


class StudentFilePage(Page):
    """People at the left, their paper at the right."""

    title = "一生一档"
    help_text = (
        "一个学生的全部档案，一张纸看完：基本情况、家庭、身份类别、时间线、每月监测和帮助。\n"
        "1　左边按姓名、首字母、证件尾号找人；按住 Ctrl 或 Shift 选几个人，Ctrl+A 全选。\n"
        "2　要整班的，先选班，再按 Ctrl+A；每人单独编页码，PDF 里有书签。\n"
        "3　校内版遮住号码；上报版号码完整，要写用途。\nCtrl+F 找人　Ctrl+P 打印　Ctrl+E 导出 PDF"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.ids: list[int] = []
        self.only: tuple[int, ...] = ()
        self._is_target = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAPER_DELAY_MS)
        self._timer.timeout.connect(self.show_paper)
        self.pane = ReportPane(session, report_named("student_file"), self.params)
        self.pane.wanted.connect(self.show_paper)
        self.pane.refused.connect(self._on_refused)
        self.pane.shown.connect(self._on_shown)
        self.table = RowTable(COLUMNS)
        self.table.selection_changed.connect(self._timer.start)
        self.outs = (
            Button("PDF", self.export, icon="document_pdf"),
            Button("Excel", lambda: self.pane.export_as("xlsx"), icon="table"),
            Button(tr("打印"), self.print_out, icon="print", kind="main"),
        )
        for button in self.outs:
            self.head.add_act(button)
        self.add_head_line()
        self.search = SearchField(tr("姓名、首字母、证件尾号"), width=180)
        self.search.searched.connect(lambda _text: self._read())
        self.search.left_down.connect(self._go_down)
        self.classes = QComboBox()
        self.classes.setAccessibleName(tr("班级"))
        self.classes.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.classes.setMinimumContentsLength(5)
        self.classes.activated.connect(lambda _at: self._read())
        self.targets = FilterChip(tr("帮扶对象"), self._toggle_targets, self._toggle_targets)
        self.chosen_chip = FilterChip(tr("选中的"), lambda: None, self.show_all)
        self.chosen_chip.hide()
        self._more = Label(role="small", tone="text2", wraps=True)
        self._more.setContentsMargins(16, 4, 16, 6)
        self.empty = EmptyPage()
        self.right = QStackedWidget()
        self.right.addWidget(self.empty)
        self.right.addWidget(self.pane)
        self.splitter = QSplitter()
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self._people())
        self.splitter.addWidget(self.right)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([320, 900])
        self.set_body(self.splitter)

    def _people(self) -> QWidget:
        find = QHBoxLayout()
        find.setContentsMargins(16, 8, 12, 0)
        find.setSpacing(8)
        find.addWidget(self.search, 1)
        self.search.setMaximumWidth(16_777_215)
        narrow = QHBoxLayout()
        narrow.setContentsMargins(16, 6, 12, 8)
        narrow.setSpacing(8)
        narrow.addWidget(self.classes, 1)
        narrow.addWidget(self.targets)
        narrow.addWidget(self.chosen_chip)
        people = QWidget()
        set_ground(people, "surface")
        column = QVBoxLayout(people)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(find)
        column.addLayout(narrow)
        column.addWidget(Line())
        column.addWidget(self.table, 1)
        column.addWidget(Line())
        column.addWidget(self._more)
        people.setMinimumWidth(280)
        return people

    # Reading

    def concerns(self, entities: frozenset[str]) -> bool:
        return bool(entities)  # what was only looked at or taken out changes no paper

    def reload(self) -> None:
        self.head.set_facts(f"截至 {self.session.as_of.isoformat()}")
        with self.session.ledger_file.reading() as reading:
            names = [
                str(row[0]) for row in reading.rows("SELECT name FROM school_class ORDER BY grade DESC, name")
            ]
        kept = self.classes.currentText()
        self.classes.clear()
        self.classes.addItems([tr(ALL_CLASSES), *names])
        self.classes.setCurrentText(kept or tr(ALL_CLASSES))
        self._read()

    def open_with(self, params: Mapping[str, object]) -> None:
        """`students`: exactly these, all of them chosen; `class_name`: that class, all of it chosen."""
        ids = params.get("students")
        name = str(params.get("class_name") or "")
        if not ids and not name:
            return
        self.only = tuple(int(one) for one in ids) if isinstance(ids, tuple | list) else ()
        self.search.set_text_silently("")
        self.classes.setCurrentText(name or tr(ALL_CLASSES))
        self._is_target = not name or self._has_targets(name)
        self._read()
        self.table.selectAll()

    def _has_targets(self, class_name: str) -> bool:
        query = self._query({"class_name": Among((class_name,)), "is_target": Among((True,))})
        with self.session.ledger_file.reading() as reading:
            return bool(list_ids(reading, STUDENTS, query))

    def _query(self, filters: Mapping[str, Condition]) -> ListQuery:
        return ListQuery(
            as_of=self.session.as_of,
            search=self.search.text(),
            filters=filters,
            only=self.only or None,
            here_only=not self.search.text(),
        )

    def _read(self) -> None:
        """Show whom the search finds; those who were chosen and are still there stay chosen."""
        chosen = set(self.chosen_ids())
        filters: dict[str, Condition] = {}
        if self.classes.currentIndex() > 0:
            filters["class_name"] = Among((self.classes.currentText(),))
        # Whoever is looked for by name is found, whatever he is and wherever he went.
        if self._is_target and not self.search.text() and not self.only:
            filters["is_target"] = Among((True,))
        with self.session.ledger_file.reading() as reading:
            found = list_ids(reading, STUDENTS, self._query(filters))
            rows = fetch_rows(reading, STUDENTS, found[:SHOWN], self.session.as_of)
        self.ids = [int(row["id"]) for row in rows]
        self.table.blockSignals(True)
        self.table.set_rows(
            [
                (
                    Cell(str(row["name"])),
                    Cell(str(row["class_name"] or ""), "text2"),
                    Cell(str(row["document_number"] or "")[-4:], "text3"),
                )
                for row in rows
            ]
        )
        self.table.blockSignals(False)
        self._choose(chosen & set(self.ids))
        self.targets.show_value(f"{len(found):,}" if "is_target" in filters else "")
        self.targets.setVisible(not self.only)
        self.chosen_chip.show_value(count(len(self.only), tr("人")))
        self.chosen_chip.setVisible(bool(self.only))
        left = len(found) - len(rows)
        self._more.setText(
            f"还有 {left:,} 人没有列出，写姓名或选班缩小。" if left else f"共 {count(len(rows), tr('人'))}"
        )
        self._timer.start()

    def _go_down(self) -> None:
        """Go from the search into the list: whoever stands first is looked at."""
        self.table.setFocus()
        if not self.chosen_ids():
            self.table.choose_first()

    def _choose(self, ids: set[int]) -> None:
        self.table.choose_some({at for at, one in enumerate(self.ids) if one in ids})

    def _toggle_targets(self) -> None:
        self.search.set_text_silently("")
        self._is_target = not self._is_target
        self._read()

    def show_all(self) -> None:
        """Look at everybody again, not only at those who were handed over."""
        self.only = ()
        self._read()

    def chosen_ids(self) -> list[int]:
        """Return the ids of the chosen students, in their order."""
        rows = self.table.chosen_rows()
        return [self.ids[row] for row in rows if row < len(self.ids)]

    def params(self) -> dict[str, Any]:
        """Return whose papers are wanted, and of which day."""
        return {"as_of": self.session.as_of, STUDENT_IDS: self.chosen_ids()}

    # The paper

    def show_paper(self) -> None:
        """Lay the paper of the chosen students out."""
        self.strip.hide()
        has_chosen = bool(self.chosen_ids())
        for button in self.outs:
            button.setEnabled(has_chosen)
        if has_chosen:
            if self.right.currentWidget() is self.empty:
                self.empty.say(tr("正在排版"), "")
            self.pane.refresh()
        else:
            self.pane.clear()
            self.right.setCurrentWidget(self.empty)
            self.empty.say(
                tr("还没有选学生"),
                tr("在左边按姓名、首字母或证件尾号找到人，点一下就看到；要整班的，选班后按 Ctrl+A。"),
                (Button(tr("找学生"), self.find_here, icon="search"),),
            )  # fmt: skip
        self.status_changed.emit()

    def _on_shown(self) -> None:
        self.right.setCurrentWidget(self.pane)
        pdf = self.pane.pdf
        if pdf is not None and pdf.issues:
            self.strip.say("attention", pdf.issues[0].message)
            self.strip.show()

    def _on_refused(self, error: UserError) -> None:
        self.strip.say("stopped", str(error))
        self.strip.show()

    # Out

    def export(self) -> None:
        """Export as PDF (Ctrl+E)."""
        self.pane.export_as("pdf")

    def print_out(self) -> None:
        """Print exactly what is shown (Ctrl+P)."""
        self.pane.print_out()

    def main_act(self) -> None:
        """Print (Ctrl+Enter)."""
        self.print_out()

    def find_here(self) -> None:
        """Put the cursor into the search field (Ctrl+F)."""
        self.search.setFocus()
        self.search.selectAll()

    def status(self) -> tuple[str, ...]:
        return (count(len(self.ids), tr("人")), f"已选 {count(len(self.chosen_ids()), tr('人'))}")

    def set_room(self, width: int, height: int) -> None:
        self.splitter.setSizes([280 if width < 1180 else 320, width])
