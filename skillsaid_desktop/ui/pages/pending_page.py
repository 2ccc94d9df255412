"""待处理: rows that wait or were refused, and questions about rows that were stored; answered where they stand."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from skillsaid_desktop.ledgers import ledger_named
from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.masking import mask_words
from skillsaid_desktop.services.pending import (
    Pending,
    answer_pending,
    drop_pending,
    list_pending,
    try_answer,
)
from skillsaid_desktop.services.questions import Question, answer_questions, list_questions
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.count_tab import CountTab
from skillsaid_desktop.ui.widgets.notices import EmptyPage
from skillsaid_desktop.ui.widgets.row_table import Cell, Column, Row, RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

COLUMNS = (
    Column(title="", width=34),
    Column(title="谁", width=150),
    Column(title="为什么", stretches=True),
    Column(title="清单", width=96),
    Column(title="文件和位置", width=250),
)
_FIRST = ("student_name", "name", "document_number", "class_name", "kind", "changed_on", "noted_on", "month")


class PendingPage(Page):
    """Two tabs: rows that were not stored, questions about rows that were."""

    title = "待处理"
    entities = frozenset({"pending_row", "open_question", "student", "reporting_month"})
    help_text = (
        "导入时没能存下的行，和存下了还要核对的疑问，都在这里。\n"
        "1　选一行，右边改有问题的那一格，点“存进台账”。\n"
        "2　确实不要的，写一句原因，点“不要这一行”。\n"
        "3　疑问：核对原件，写下结果。\n每一步都可以撤销。"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.rows: list[Pending] = []
        self.questions: list[Question] = []
        self._file = ""
        self.tabs = {
            "rows": CountTab(tr("没有导入的行"), "stop"),
            "questions": CountTab(tr("要核对的疑问"), "explain"),
        }
        group = QButtonGroup(self)
        bar = QHBoxLayout()
        bar.setContentsMargins(0, 0, PAGE_MARGIN, 0)
        bar.setSpacing(0)
        for name, tab in self.tabs.items():
            group.addButton(tab)
            tab.clicked.connect(lambda _checked=False, name=name: self.open_tab(name))
            bar.addWidget(tab)
            bar.addWidget(Line(vertical=True))
        bar.addStretch(1)
        self._all_files = Button(tr("看全部文件"), lambda: self._filter(""), kind="link")
        bar.addWidget(self._all_files)
        tabs = QWidget()
        set_ground(tabs, "sunken")
        tabs.setLayout(bar)
        self.add_head_line()
        self.add_under_head(tabs)
        self.add_head_line()
        self.table = RowTable(COLUMNS)
        self.table.chosen.connect(lambda _row: self._show_current())
        self.panel = AnswerPanel()
        self.panel.store_button.clicked.connect(lambda: self.store())
        self.panel.confirm_button.clicked.connect(lambda: self.store(confirmed=True))
        self.panel.drop_button.clicked.connect(lambda: self.drop())
        self.panel.open_button.clicked.connect(lambda: self.show_student())
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.table)
        splitter.addWidget(self.panel)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([800, 404])
        self.empty = EmptyPage()
        self.stack = QStackedWidget()
        self.stack.addWidget(splitter)
        self.stack.addWidget(self.empty)
        self.set_body(self.stack)
        self._tab = "rows"

    def reload(self) -> None:
        with self.session.ledger_file.reading() as reading:
            rows = list_pending(reading)
            self.questions = list_questions(reading)
        self.tabs["rows"].set_count(len(rows))
        self.tabs["questions"].set_count(len(self.questions))
        self.rows = [row for row in rows if not self._file or row.file == self._file]
        self._all_files.setVisible(bool(self._file) and len(self.rows) < len(rows))
        self.head.set_facts(tr("改动台账的只有您点的那一步；每一步都可以撤销"))
        if self._tab == "rows" and not rows and self.questions:
            self._tab = "questions"
        self.open_tab(self._tab)

    def open_with(self, params: Mapping[str, object]) -> None:
        """`file`: only rows of that file; `questions`: the second tab."""
        self._file = str(params.get("file") or "")
        self._tab = "questions" if params.get("questions") else "rows"
        self.reload()

    def _filter(self, file: str) -> None:
        self._file = file
        self.reload()

    def open_tab(self, name: str) -> None:
        """Show the rows, or the questions."""
        self._tab = name
        self.tabs[name].setChecked(True)
        rows = [self._row_line(row) for row in self.rows]
        if name == "questions":
            rows = [self._question_line(one) for one in self.questions]
        self.stack.setCurrentIndex(0 if rows else 1)
        if not rows:
            none = tr("没有等您答复的行") if name == "rows" else tr("没有要核对的疑问")
            self.empty.say(
                none,
                tr("导入时没能存下的行会留在这里，等您答复。"),
                (Button(tr("导入"), lambda: self.session.navigate("import", {"kind": "students"})),),
            )
        self.table.set_rows(rows)
        if rows and self.table.current_row() < 0:
            self.table.choose(0)
        self._show_current()
        self.status_changed.emit()

    def _row_line(self, row: Pending) -> Row:
        return (
            Cell(weight="explain" if row.outcome == "waiting" else "stop"), Cell(row.who or "（没有姓名）"),
            Cell(mask_words(row.reason.removeprefix(row.who).lstrip("：　 "))), Cell(ledger_named(row.ledger).title, "text2"),
            Cell(f"{row.file}　{row.sheet} 第 {row.row} 行", "text2"),
        )  # fmt: skip

    def _question_line(self, one: Question) -> Row:
        where = f"{one.file}　{one.sheet} 第 {one.row} 行" if one.row else one.file
        who, _, words = one.message.partition("：")
        if not words or len(who) > 16:
            who, words = "", one.message
        return (
            Cell(weight="explain"),
            Cell(who),
            Cell(mask_words(words)),
            Cell("已导入", "text2"),
            Cell(where, "text2"),
        )

    def _current(self) -> int:
        return self.table.current_row()

    def _show_current(self) -> None:
        at = self._current()
        if self._tab == "rows":
            self.panel.show_row(self.rows[at] if 0 <= at < len(self.rows) else None)
        else:
            self.panel.show_question(self.questions[at] if 0 <= at < len(self.questions) else None)

    # Acts

    def store(self, *, confirmed: bool = False) -> None:
        """Store the row with what was typed, or keep the answer to the question."""
        at = self._current()
        if self._tab == "questions":
            self._answer(at)
            return
        if not 0 <= at < len(self.rows):
            return
        row, values = self.rows[at], self.panel.values()
        with self.session.ledger_file.reading() as reading:
            planned = try_answer(reading, row.id, values, is_confirmed=confirmed)
        correction = ""
        if any(issue.waits and "封账" in issue.message for issue in planned.issues):
            correction = self.session.prompts.ask_text(
                tr("日期在已封账的月份"), tr("存下后列为更正，已报出的数字不变。"),
                label=tr("更正原因"), act=tr("记下原因"), safe=tr("先不存"),
            ) or ""  # fmt: skip
            if not correction:
                return
        if self.session.attempt(
            lambda: answer_pending(
                self.session.ledger_file, row.id, values, correction=correction, is_confirmed=confirmed
            )
        ):
            self.session.say(f"已存进台账：{row.who or '这一行'}")

    def _answer(self, at: int) -> None:
        text = self.panel.answer.text().strip()
        if not 0 <= at < len(self.questions):
            return
        one = self.questions[at]
        if self.session.attempt(lambda: answer_questions(self.session.ledger_file, [one.id], text)):
            self.panel.answer.clear()
            self.session.say(tr("已记下核对结果"))

    def drop(self) -> None:
        """Take the row off the list, with a reason."""
        at = self._current()
        if self._tab != "rows" or not 0 <= at < len(self.rows):
            return
        row = self.rows[at]
        reason = self.session.prompts.ask_text(
            f"不要这一行：{row.who or '（没有姓名）'}", f"{row.file} {row.sheet} 第 {row.row} 行不会存进台账。可以撤销。",
            label=tr("为什么不要"), act=tr("不要这一行"), safe=tr("留着"),
        )  # fmt: skip
        if reason and self.session.attempt(lambda: drop_pending(self.session.ledger_file, [row.id], reason)):
            self.session.say(f"不要了：{row.who or '这一行'}")

    def show_student(self) -> None:
        """Open the student a question is about."""
        at = self._current()
        if self._tab == "questions" and 0 <= at < len(self.questions):
            self.session.navigate("students", {"student": self.questions[at].student_id})

    def main_act(self) -> None:
        """Store (Ctrl+Enter)."""
        self.store()

    def export(self) -> None:
        """Save the waiting rows of a list as a sheet (Ctrl+E)."""
        from skillsaid_desktop.services.problem_sheet import write_pending

        at = self._current()
        if self._tab != "rows" or not 0 <= at < len(self.rows):
            return
        ledger = ledger_named(self.rows[at].ledger)
        rows = [row for row in self.rows if row.ledger == ledger.name]
        path = self.session.prompts.save_file(tr("存问题表"), f"{ledger.title} 待处理.xlsx", "Excel (*.xlsx)")
        if path is not None and self.session.attempt(lambda: write_pending(ledger, rows, path)):
            self.session.say(f"存好了：{path.name}。改好可以直接再导入。", undo=False)

    def set_room(self, width: int, height: int) -> None:
        for column in (3, 4):
            self.table.setColumnHidden(column, width < 1180)

    def status(self) -> tuple[str, ...]:
        return (f"没有导入 {len(self.rows)} 行", f"疑问 {len(self.questions)} 个")


class AnswerPanel(QWidget):
    """The row as it stood, cell by cell, with those that are questioned on top."""

    def __init__(self) -> None:
        super().__init__()
        set_ground(self, "surface")
        self.setMinimumWidth(340)
        self._title = Label(role="section2", wraps=True)
        self._why = Label(wraps=True)
        self._place = Label(role="small", tone="text2", wraps=True)
        self.answer = QLineEdit()
        self.answer.setPlaceholderText(tr("例如：户口簿核对无误"))
        self.answer.setAccessibleName(tr("核对结果"))
        self._form = QVBoxLayout()
        self._form.setContentsMargins(16, 8, 16, 16)
        self._form.setSpacing(6)
        self._fields: dict[str, QLineEdit] = {}
        self._before: dict[str, str] = {}
        head = QVBoxLayout()
        head.setContentsMargins(16, 14, 16, 12)
        head.setSpacing(6)
        for widget in (self._title, self._why, self._place):
            head.addWidget(widget)
        self._inner = QWidget()
        self._inner.setLayout(self._form)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(self._inner)
        self.store_button = Button(tr("存进台账"), kind="main")
        self.confirm_button = Button(tr("核对过，就是这样"))
        self.drop_button = Button(tr("不要这一行…"))
        self.open_button = Button(tr("看这个人"))
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 12, 16, 12)
        foot.setSpacing(8)
        for button in (self.store_button, self.confirm_button, self.open_button):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.drop_button)
        bar = QWidget()
        set_ground(bar, "sunken")
        bar.setLayout(foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(Line())
        layout.addWidget(scroll, 1)
        layout.addWidget(Line())
        layout.addWidget(bar)

    def show_row(self, row: Pending | None) -> None:
        """Show a row that was not stored."""
        self._clear()
        self.setEnabled(row is not None)
        if row is None:
            self._say("", "", "")
            return
        words = "等您答复" if row.outcome == "waiting" else "没有导入"
        self._say(
            f"{row.who or '（没有姓名）'}　{words}",
            mask_words(row.reason),
            f"{row.file}　{row.sheet} 第 {row.row} 行",
        )
        self.store_button.setText(tr("存进台账"))
        for button, shown in (
            (self.confirm_button, row.outcome == "waiting"), (self.open_button, False), (self.drop_button, True),
        ):  # fmt: skip
            button.setVisible(shown)
        ledger = ledger_named(row.ledger)
        asked = {issue.column for issue in row.issues}
        fields = [one for one in ledger.importable if one.name in row.cells or one.required]
        top = [one for one in fields if one.title in asked or one.name in asked]
        key = [one for one in fields if one not in top and one.name in _FIRST]
        self._add("有疑问的格子", top, row.cells)
        self._add("这一行写着", key, row.cells)
        self._add("其余", [one for one in fields if one not in top and one not in key], row.cells)
        self._form.addStretch(1)

    def _add(self, title: str, fields: Sequence[Field], cells: Mapping[str, str]) -> None:
        if not fields:
            return
        self._form.addWidget(Label(tr(title), role="small", tone="text3"))
        for one in fields:
            line = QLineEdit(str(cells.get(one.name, "") or ""))
            line.setAccessibleName(one.title)
            label = Label(one.title, tone="text2")
            label.setMinimumWidth(88)
            row = QWidget()
            lay = QHBoxLayout(row)
            lay.setContentsMargins(0, 0, 0, 0)
            lay.setSpacing(8)
            lay.addWidget(label)
            lay.addWidget(line, 1)
            self._form.addWidget(row)
            self._fields[one.name] = line
            self._before[one.name] = line.text()

    def show_question(self, one: Question | None) -> None:
        """Show a question about a row that was stored."""
        self._clear()
        self.setEnabled(one is not None)
        if one is None:
            self._say("", "", "")
            return
        where = f"{one.file}　{one.sheet} 第 {one.row} 行" if one.row else one.file
        self._say(tr("请核对"), mask_words(one.message), where)
        self.store_button.setText(tr("记下核对结果"))
        for button, shown in (
            (self.confirm_button, False), (self.open_button, one.student_id is not None), (self.drop_button, False),
        ):  # fmt: skip
            button.setVisible(shown)
        self._form.addWidget(
            Label(tr("这一行已经存进台账。资料要改的，先点“看这个人”改好。"), tone="text2", wraps=True)
        )
        self._form.addWidget(Label(tr("核对结果"), tone="text2"))
        self._form.addWidget(self.answer)
        self.answer.show()
        self._form.addStretch(1)

    def _say(self, title: str, why: str, place: str) -> None:
        self._title.setText(title)
        self._why.setText(why)
        self._place.setText(place)

    def values(self) -> dict[str, str]:
        """Return what was changed."""
        return {
            name: field.text().strip()
            for name, field in self._fields.items()
            if field.text() != self._before[name]
        }

    def field(self, name: str) -> QLineEdit:
        """Return the editor of a field."""
        return self._fields[name]

    def _clear(self) -> None:
        self._fields, self._before = {}, {}
        while self._form.count():
            item = self._form.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is self.answer:
                widget.hide()
                widget.setParent(self)
            elif widget is not None:
                widget.hide()
                widget.deleteLater()
