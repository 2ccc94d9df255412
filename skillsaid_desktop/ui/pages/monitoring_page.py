"""每月监测: a class at a time, one row a student, last month beside; typed like a spreadsheet."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from skillsaid_desktop.services.monitoring import (
    ClassProgress,
    MonitoringGrid,
    class_in,
    class_progress,
    load_grid,
    place_of_note,
)
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.models.monitoring_model import (
    AT,
    COLUMNS,
    FIELDS,
    NAME_AT,
    MonitoringModel,
)
from skillsaid_desktop.ui.models.wrong_cells import next_cell
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.pages.collect_pane import CollectPane
from skillsaid_desktop.ui.pages.monitoring_classes import CLASS_COLUMNS, class_cells
from skillsaid_desktop.ui.pages.monitoring_detail import MonitoringDetail
from skillsaid_desktop.ui.pages.monitoring_same import SameTexts
from skillsaid_desktop.ui.pages.monitoring_table import EntryTable
from skillsaid_desktop.ui.pages.monitoring_writing import NoteWriting
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.count_tab import CountTab, CountTabs
from skillsaid_desktop.ui.widgets.notices import EmptyPage
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line


class MonitoringPage(Page):
    """Classes at the left, the grid, and below it this month beside the last."""

    title = "每月监测"
    entities = frozenset(
        {"monitoring_note", "help_measure", "student", "status_change", "hardship_status", "school_class",
         "class_teacher", "reporting_month", "sent_sheet"}
    )  # fmt: skip
    follows_month = True
    help_text = (
        "每个帮扶对象每月看一次。\n"
        "1　左边选班，蓝字的班还没有看完。\n"
        "2　停在姓名上，用 ↑↓ 走，数字键定等级：0 无　1 一般　2 较重　3 紧急。不是“无”的，接着写一句，Enter 存下。\n"
        "3　其余没有变化的，按 Ctrl+Enter“记为正常”，一次记完还没有看的。\n"
        "也可以像表格一样填：Enter 下移，Tab 右移，F4 选等级，姓名上按 F2 填全部项目。\n"
        "收发表：给每个班发一份预填表，交回来一次全导入，看谁还没交。\n"
        "从表格里复制的一片用 Ctrl+V 粘贴　Ctrl+D 把上月的文字抄到空格　Ctrl+Z 撤销一格"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.grid: MonitoringGrid | None = None
        self._progress: list[ClassProgress] = []
        self.class_id: int | None = None
        self.writing = NoteWriting(self)
        self._is_low = self._is_tight = False
        self.head.add_act(Button(tr("发预填表…"), self.save_sheets, icon="arrow_export"))
        self._import_button = Button(tr("导入交回的表"), self.import_file, icon="arrow_import")
        self.head.add_act(self._import_button)
        self.head.add_act(Button(tr("打印"), self.print_out, icon="print"))
        self.add_head_line()
        self._lay_out_tabs()
        self.classes = RowTable(CLASS_COLUMNS, chooses_one=True, name="monitored_classes")
        self.classes.chosen.connect(self._on_class)
        self.model = MonitoringModel()
        self.model.typed.connect(self.writing.store_cell)
        self.table = EntryTable(self.model)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._show_detail())
        self.table.level_pressed.connect(self.writing.set_level)
        self.table.note_wanted.connect(self.writing.open_note)
        self.table.paste_wanted.connect(self.writing.paste)
        self.table.where_next = self.writing.where_next
        self.table.arrangement_changed.connect(self._load_class)
        self._class_title = Label(role="section2")
        self._class_facts = Label(tone="text2")
        self.normal_button = Button(tr("记为正常"), self.writing.mark_rest_normal, icon="checkmark")
        head = QHBoxLayout()
        head.setContentsMargins(PAGE_MARGIN, 7, PAGE_MARGIN, 7)
        head.setSpacing(10)
        head.addWidget(self._class_title)
        head.addWidget(self._class_facts, 1)
        head.addWidget(self.normal_button)
        self.detail = MonitoringDetail()
        self.detail.copy_wanted.connect(self.writing.copy_last_month)
        self.detail.note_wanted.connect(self.writing.open_note)
        self.table.row_acts = self.detail.acts
        self.detail.student_wanted.connect(
            lambda student_id: self.session.navigate("students", {"student": student_id})
        )
        self.same = SameTexts(session.ledger_file.ledger_id)
        self.same.cell_wanted.connect(self._go_to_field)
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Line())
        column.addWidget(self.table, 1)
        down = QSplitter(Qt.Orientation.Vertical)
        down.setChildrenCollapsible(False)
        down.addWidget(upper)
        down.addWidget(self.detail)
        down.setStretchFactor(0, 1)
        down.setSizes([460, 190])
        right = QWidget()
        lay = QVBoxLayout(right)
        lay.setContentsMargins(0, 0, 0, 0)
        lay.setSpacing(0)
        lay.addWidget(down, 1)
        lay.addWidget(self.same)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.classes)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([252, 1000])
        self.empty = EmptyPage()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.splitter)
        self.stack.addWidget(self.empty)
        self.collect = CollectPane(session)
        self.collect.fill_wanted.connect(lambda class_id: self.open_with({"class_id": class_id}))
        self.collect.counted.connect(self.tabs["collect"].set_count)
        self.views = QStackedWidget()
        self.views.addWidget(self.stack)
        self.views.addWidget(self.collect)
        self.set_body(self.views)
        fill = QShortcut(QKeySequence("Ctrl+D"), self)
        fill.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        fill.activated.connect(self.writing.copy_last_month)

    def _lay_out_tabs(self) -> None:
        self.tabs = {
            "fill": CountTab(tr("按班填写　差"), "explain"),
            "collect": CountTab(tr("收发表　未交"), "explain"),
        }
        bar = CountTabs(self.tabs)
        bar.opened.connect(self.open_tab)
        self.add_under_head(bar)
        self.add_head_line()
        self.tabs["fill"].setChecked(True)

    def open_tab(self, name: str) -> None:
        """Show the classes to fill in, or what was sent and came back."""
        self.tabs[name].setChecked(True)
        self.views.setCurrentIndex(0 if name == "fill" else 1)
        self.status_changed.emit()

    # Reading

    def reload(self) -> None:
        month = self.session.month
        with self.session.ledger_file.reading() as reading:
            self._progress = class_progress(reading, month)
        ids = [one.class_id for one in self._progress]
        if self.class_id not in ids and ids:
            unfinished = [one.class_id for one in self._progress if not one.is_finished]
            self.class_id = (unfinished or ids)[0]
        done, due = sum(one.done for one in self._progress), sum(one.due for one in self._progress)
        self.tabs["fill"].set_count(due - done)
        self.collect.reload()
        left = f"，差 {due - done} 人" if done < due else "，都看过了"
        self.head.set_facts(
            f"{month[:4]}年{int(month[5:])}月　已记 {done:,} / {due:,} 人{left if due else ''}"
        )
        self.stack.setCurrentIndex(0 if ids else 1)
        if not ids:
            self.empty.say(
                tr("这个月没有要看的学生"),
                tr("在读和实习的帮扶对象每月看一次。先导入学生名册，名册里有身份类别的会自动列出来。"),
                (Button(tr("导入学生名册"), self._import_students, kind="main"),),
            )
            return
        self.classes.blockSignals(True)
        self.classes.set_rows([class_cells(one) for one in self._progress])
        self.classes.choose(ids.index(self.class_id))
        self.classes.blockSignals(False)
        self._load_class()

    def _import_students(self) -> None:
        self.session.navigate("import", {"kind": "students"})

    def open_with(self, params: Mapping[str, object]) -> None:
        """Open what is named.

        `missing`: go to the first student at whom nobody has looked; `class_id`: open that class; `collect`: show
        the classes that have answered so (未交, 没填完 …); `student`: go to his row, in `month` if that is given;
        `record`: go to the row of a note, in its month.
        """
        if isinstance(params.get("record"), int):
            with self.session.ledger_file.reading() as reading:
                found = place_of_note(reading, int(str(params["record"])))
            params = {"student": found[0], "month": found[1]} if found else {}
        self.open_tab("collect" if params.get("collect") else "fill")
        if params.get("collect"):
            self.collect.show_answer(str(params["collect"]))
        if isinstance(params.get("class_id"), int):
            self.class_id = int(str(params["class_id"]))
            self.reload()
        if isinstance(params.get("student"), int):
            self._go_to_student(int(str(params["student"])), str(params.get("month") or ""))
        if params.get("missing"):
            self.class_id = next(
                (one.class_id for one in self._progress if not one.is_finished), self.class_id
            )
            self.reload()
            if self.grid is not None and self.grid.missing:
                self.table.go_to(self.grid.rows.index(self.grid.missing[0]))
                self.table.setFocus()

    def _go_to_student(self, student_id: int, month: str) -> None:
        if month:
            self.session.set_month(month)
        with self.session.ledger_file.reading() as reading:
            self.class_id = class_in(reading, student_id, self.session.month)
        self.reload()
        rows = self.grid.rows if self.grid is not None else ()
        at = next((at for at, row in enumerate(rows) if row.student_id == student_id), None)
        if at is None:
            self.session.navigate("students", {"student": student_id})
            return
        self.table.go_to(at)
        self.table.setFocus()

    def _on_class(self, row: int) -> None:
        if 0 <= row < len(self._progress):
            self.class_id = self._progress[row].class_id
            self._load_class()
            self.table.go_to(0)

    def _load_class(self) -> None:
        with self.session.ledger_file.reading() as reading:
            grid = self.table.in_order(load_grid(reading, self.class_id, self.session.month))
        self.grid = grid
        self.model.show_people(grid.rows, grid.month)
        if self.table.current_row() < 0 and grid.rows:
            self.table.go_to(0)
        done = sum(row.is_due and row.note is not None for row in grid.rows)
        self._class_title.setText(grid.class_name)
        left = f"，还有 {len(grid.missing)} 人没有看" if grid.missing else "，都看过了"
        wanting = sum(bool(row.needs) for row in grid.rows)
        left += f"，{wanting} 人要写一句" if wanting else ""
        self._class_facts.setText(f"{grid.teacher}　已记 {done} 人{left}".strip())
        self._show_rest()
        self.same.show_grid(grid)
        self.strip.setVisible(grid.is_closed)
        if grid.is_closed:
            self.strip.say("attention", tr("这个月已封账。现在补记会列为更正，第一次填时请写原因。"))
        self._show_detail()
        self.status_changed.emit()

    def _show_rest(self) -> None:
        """Name those whom one key marks as normal, or only count them where there is no room."""
        names = [row.name for row in self.grid.missing] if self.grid is not None else []
        who = "、".join(names) if len(names) <= 3 else f"{'、'.join(names[:2])} 等 {len(names)} 人"
        count = f"其余 {len(names)} 人记为正常"
        self.normal_button.setText(count if self._is_tight else f"{who}记为正常　Ctrl+Enter")
        self.normal_button.setToolTip(f"{'、'.join(names)}（Ctrl+Enter）")
        self.normal_button.setVisible(bool(names))

    def _show_detail(self) -> None:
        row = self.table.current_row()
        grid = self.grid
        person = grid.rows[row] if grid is not None and 0 <= row < len(grid.rows) else None
        self.detail.show_person(person, self.session.month)
        if self._is_low:
            self.detail.hide()

    def _go_to_field(self, row: int, name: str) -> None:
        self.table.go_to(row, AT[name])
        self.table.setFocus()

    # Papers

    def save_sheets(self) -> None:
        """Write prefilled sheets, one for each class, for the class teachers."""
        if self.collect.send():
            self.open_tab("collect")

    def export(self) -> None:
        """Save the prefilled sheets (Ctrl+E)."""
        self.save_sheets()

    def import_file(self) -> None:
        """Import sheets that came back (Ctrl+I)."""
        kind = self.collect.kind if self.views.currentIndex() else "monitoring"
        self.session.navigate("import", {"kind": kind, "month": self.session.month})

    def print_out(self) -> None:
        """Open the paper of the month's monitoring (Ctrl+P)."""
        self.session.navigate("reports", {"report": "monitoring"})

    def waiting_cells(self) -> int:
        return len(self.model.wrong)

    def next_problem(self, step: int) -> None:
        """Go to the next cell that could not be stored, else to the next student at whom nobody has looked."""
        grid = self.grid
        if grid is None:
            return
        wrong = self.model.wrong
        here = [row.student_id for row in grid.rows]
        if wrong and not wrong.records() & set(here):
            self.open_with({"class_id": self.writing.class_of[next(iter(wrong.records()))]})
            grid = self.grid or grid
        cells = self.model.wrong_places()
        cells = cells or [(grid.rows.index(row), NAME_AT) for row in grid.missing]
        cells = cells or [(at, AT[row.needs[0]]) for at, row in enumerate(grid.rows) if row.needs]
        if not cells:
            self.session.say(tr("这个班都看过了，没有待改的格子。"), undo=False)
            return
        index = self.table.currentIndex()
        self.table.go_to(*next_cell(cells, (index.row(), index.column()), step))
        self.table.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.grid is not None:
            index = self.table.currentIndex()
            if index.isValid() and self.model.rows[index.row()][index.column()].wrong:
                person = self.model.people[index.row()]
                self.model.wrong.forget(person.student_id, self.model.key_of(FIELDS[index.column()][0]))
                self.status_changed.emit()
                return
        super().keyPressEvent(event)

    def main_act(self) -> None:
        """Fill the rest of the class (Ctrl+Enter)."""
        if not self.views.currentIndex():
            self.writing.mark_rest_normal()

    def status(self) -> tuple[str, ...]:
        grid = self.grid
        if self.views.currentIndex():
            return (f"{len(self.collect.states)} 个班",)
        if grid is None:
            return ()
        levels = [str(row.note["difficulty"]) for row in grid.rows if row.note]
        hard = [f"{level} {levels.count(level)}" for level in ("较重", "紧急") if level in levels]
        parts = [f"{grid.class_name}　{len(grid.rows)} 人", f"已记 {len(levels)} 人"]
        if hard:
            parts.append(f"困难：{'，'.join(hard)}")
        if self.model.wrong:
            parts.append(f"待改 {len(self.model.wrong)} 格（F8）")
        return (*parts, tr("姓名上按数字定等级：0 无　1 一般　2 较重　3 紧急"))

    def set_room(self, width: int, height: int) -> None:
        self.detail.set_low(height < 700)
        self._is_low = height < 560
        self.detail.setVisible(not self._is_low and self.grid is not None)
        is_tight = self._is_tight = width < 1180
        self._show_rest()
        self.classes.leave_out(1, is_tight)
        self.classes.setMinimumWidth(196)
        self.classes.setMaximumWidth(200 if is_tight else 320)
        self.splitter.setSizes([200 if is_tight else 252, width])
        self._import_button.setText(tr("导入") if width < 1180 and self._is_low else tr("导入交回的表"))
        narrow = width < 1400
        self.detail.set_narrow(is_tight)
        self.table.leave_out(len(COLUMNS) - 1, narrow)
        for name, wide, less in (("study", 150, 120), ("life", 132, 96)):
            self.table.give_width([each for each, _ in FIELDS].index(name), less if narrow else wide)
