"""待处理: rows that wait or were refused, and questions about rows that were stored; answered where they stand."""

import re
from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from skillsaid_desktop.ledgers import LEDGERS, ledger_named
from skillsaid_desktop.ledgers.reported import MONTH_REPORTED
from skillsaid_desktop.schema.issue import without_who
from skillsaid_desktop.schema.masking import mask_words
from skillsaid_desktop.services.answers import Candidate, WholeClass, search_people, ways_to_answer
from skillsaid_desktop.services.pending import (
    Pending,
    answer_pending,
    drop_pending,
    list_pending,
    try_answer,
)
from skillsaid_desktop.services.questions import Question, answer_questions, list_questions
from skillsaid_desktop.ui.dialogs.change_dialog import record_for
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.pages.list_bar import ListBar
from skillsaid_desktop.ui.pages.pending_answer import AnswerPanel
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.count_tab import CountTab, CountTabs
from skillsaid_desktop.ui.widgets.notices import EmptyPage
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column, Row
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Line

COLUMNS = (
    Column(title="", width=34),
    Column(title="谁", width=150, is_name=True),
    Column(title="为什么", stretches=True),
    Column(title="清单", width=96),
    Column(title="文件和位置", width=250),
)


_WHO_ENDS = re.compile("[：　]")
"""A question begins with whom it is about; a colon or a wide blank follows."""
_LISTS = {ledger.entity: ledger.title for ledger in reversed(LEDGERS) if not ledger.is_view}
"""The list in which a record stands, by its kind."""


class PendingPage(Page):
    """Two tabs: rows that were not stored, questions about rows that were."""

    title = "待处理"
    entities = frozenset({"pending_row", "open_question", "student", "reporting_month"})
    help_text = (
        "导入时没能存下的行，和存下了还要核对的疑问，都在这里。\n"
        "1　选一行，右边最上面就是要答的：选是哪个人，补日期，改有问题的那一格，再点“存进台账”。\n"
        "2　确实不要的，写一句原因，点“不要这一行”。\n"
        "3　疑问：核对原件，写下结果。每一步都可以撤销。\n"
        "Enter 去答　Ctrl+F 查找　F8 下一行　Shift+F8 上一行　Ctrl+Enter 存进台账　Ctrl+Shift+H 显示或遮住号码"
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
        tabs = CountTabs(self.tabs, margin=PAGE_MARGIN)
        tabs.opened.connect(self.open_tab)
        self._all_files = Button(tr("看全部文件"), lambda: self._filter(""), kind="link")
        tabs.add(self._all_files)
        self.add_head_line()
        self.add_under_head(tabs)
        self.add_head_line()
        self.table = RowTable(COLUMNS, name="pending")
        self.table.chosen.connect(lambda _row: self._show_current())
        self.bar = ListBar(
            session,
            self.table,
            title=lambda: self.title,
            unit=tr("行"),
            hint=tr("姓名、原因、文件"),
            chips=(tr("清单"),),
        )
        self.table.arrangement_changed.connect(self.status_changed)
        self.table.selection_changed.connect(self.status_changed)
        self.panel = AnswerPanel(self._number_shown)
        self.table.opened.connect(lambda _row: self.panel.focus_first())
        self.table.row_acts = self._row_acts
        self.panel.answered_same.connect(self.answer_same)
        self.panel.class_wanted.connect(self._record_class)
        self.panel.store_button.clicked.connect(lambda: self.store())
        self.panel.confirm_button.clicked.connect(lambda: self.store(confirmed=True))
        self.panel.drop_button.clicked.connect(lambda: self.drop())
        self.panel.open_button.clicked.connect(lambda: self.show_student())
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.bar, Line(), self.table):
            column.addWidget(widget)
        splitter.addWidget(left)
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
        """`file`: only rows of that file; `questions`: the second tab; `row`: that row, by its id."""
        self._file = str(params.get("file") or "")
        self._tab = "questions" if params.get("questions") else "rows"
        self.reload()
        at = next((at for at, row in enumerate(self.rows) if row.id == params.get("row")), None)
        if at is not None:
            self.table.choose(at)
            self.panel.focus_first()

    def _filter(self, file: str) -> None:
        self._file = file
        self.reload()

    def open_tab(self, name: str) -> None:
        """Show the rows, or the questions."""
        if name != self._tab:
            self.table.clear_filters()
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
        self.table.choose_first()
        self.bar.reload()
        self._show_current()
        self.status_changed.emit()

    def _row_line(self, row: Pending) -> Row:
        return (
            Cell(weight="explain" if row.outcome == "waiting" else "stop"), Cell(row.who or "（没有姓名）"),
            Cell(mask_words(without_who(row.reason, row.who))), Cell(ledger_named(row.ledger).title, "text2"),
            Cell(f"{row.file}　{row.sheet} 第 {row.row} 行", "text2"),
        )  # fmt: skip

    def _question_line(self, one: Question) -> Row:
        where = f"{one.file}　{one.sheet} 第 {one.row} 行" if one.row else one.file
        who, *words = _WHO_ENDS.split(one.message, maxsplit=1)
        if not words or len(who) > 16:
            who, words = "", [one.message]
        return (
            Cell(weight="explain"),
            Cell(who),
            Cell(mask_words(words[0])),
            Cell(_LISTS.get(one.entity, ""), "text2"),
            Cell(where, "text2"),
        )

    def _current(self) -> int:
        return self.table.current_row()

    def _show_current(self) -> None:
        at = self._current()
        if self._tab == "questions":
            self.panel.show_question(self.questions[at] if 0 <= at < len(self.questions) else None)
            return
        if not 0 <= at < len(self.rows):
            self.panel.show_row(None)
            return
        row = self.rows[at]
        with self.session.ledger_file.reading() as reading:
            ways = ways_to_answer(reading, row)
            words = reading.policy.words(self.session.as_of)
        self.panel.show_row(row, ways, words, partial(self._find, row))

    def _find(self, row: Pending, text: str) -> list[Candidate]:
        with self.session.ledger_file.reading() as reading:
            return search_people(reading, text, row)

    def _number_shown(self, what: str, who: str) -> None:
        """Write into 操作记录 that a number was looked at."""
        with self.session.ledger_file.operation(f"显示{what} {who}") as uow:
            uow.log_note(tr("在窗口里显示"))

    # Acts

    def store(self, *, confirmed: bool = False) -> None:
        """Store the row with what was answered, or keep the answer to the question."""
        at = self._current()
        if self._tab == "questions":
            self._answer(at)
        elif 0 <= at < len(self.rows):
            self._store(self.rows[at], self.panel.values(), confirmed=confirmed)

    def _store(self, row: Pending, values: Mapping[str, str], *, confirmed: bool) -> None:
        student_id, correction = self.panel.student_id, self.panel.correction
        with self.session.ledger_file.reading() as reading:
            planned = try_answer(reading, row.id, values, student_id=student_id, is_confirmed=confirmed)
        if not correction and any(issue.code == MONTH_REPORTED for issue in planned.issues):
            # A day that was mended may lie in a closed month: only now is the reason asked for.
            self.panel.ask_reason().setFocus()
            return
        if self.session.attempt(
            lambda: answer_pending(
                self.session.ledger_file, row.id, values, student_id=student_id, correction=correction,
                is_confirmed=confirmed,
            )
        ):  # fmt: skip
            self.session.say(f"已存进台账：{row.who or '这一行'}")
            self.panel.focus_first()

    def answer_same(self, is_same: bool) -> None:
        """Answer whether the row is about the same person: yes corrects the number, no makes another student."""
        at = self._current()
        if self._tab != "rows" or not 0 <= at < len(self.rows):
            return
        values = self.panel.values()
        if not is_same:
            values["registration_number"] = ""
        self._store(self.rows[at], values, confirmed=is_same)

    def _record_class(self, found: object) -> None:
        """Record the change of a whole class, and take its row off the list once that is stored."""
        at = self._current()
        if not isinstance(found, WholeClass) or not 0 <= at < len(self.rows):
            return
        row = self.rows[at]
        if record_for(self.session, self.window(), found.student_ids, kind=found.kind, on=found.on):
            words = f"已在登记异动里登记{found.class_name}"
            self.session.attempt(lambda: drop_pending(self.session.ledger_file, [row.id], words))

    def _answer(self, at: int) -> None:
        text = self.panel.answer.text().strip()
        if not 0 <= at < len(self.questions):
            return
        one = self.questions[at]
        if self.session.attempt(lambda: answer_questions(self.session.ledger_file, [one.id], text)):
            self.panel.answer.setText("")  # not clear(), which Ctrl+Z would take back into the next answer
            self.session.say(tr("已记下核对结果"))
            self.panel.focus_first()

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

    def _row_acts(self) -> list[tuple[str, Callable[[], object]]]:
        answer = (tr("去答") + "\tEnter", self.panel.focus_first)
        more = (
            (tr("看这个人"), self.show_student)
            if self._tab == "questions"
            else (tr("不要这一行…"), self.drop)
        )
        return [answer, more]

    def show_student(self) -> None:
        """Open the student a question is about."""
        at = self._current()
        if self._tab == "questions" and 0 <= at < len(self.questions):
            self.session.navigate("students", {"student": self.questions[at].student_id})

    def main_act(self) -> None:
        """Store (Ctrl+Enter)."""
        if self.panel.store_button.isVisibleTo(self) and self.panel.store_button.isEnabled():
            self.store()

    def next_problem(self, step: int) -> None:
        """Go to the next or the previous row (F8, Shift+F8)."""
        if self.table.step(step):
            self.panel.focus_first()

    def find_here(self) -> None:
        self.bar.find_here()

    def print_out(self) -> None:
        """Print what the table shows (Ctrl+P)."""
        self.bar.print_out()

    def toggle_numbers(self) -> None:
        self.panel.toggle_numbers()

    def export(self) -> None:
        """Save the waiting rows of a list as a sheet (Ctrl+E)."""
        from skillsaid_desktop.services.problem_sheet import write_pending
        from skillsaid_desktop.ui.pages.problem_output import save_problem_sheet

        at = self._current()
        if self._tab != "rows" or not 0 <= at < len(self.rows):
            return
        ledger = ledger_named(self.rows[at].ledger)
        rows = [row for row in self.rows if row.ledger == ledger.name]
        name = f"{ledger.title} 待处理.xlsx"
        save_problem_sheet(
            self.session, ledger, len(rows), name, lambda path: write_pending(ledger, rows, path)
        )

    def set_room(self, width: int, height: int) -> None:
        # Where the row stood is said beside it, too.
        for column, below in ((3, 1180), (4, 1400)):
            self.table.leave_out(column, width < below)

    def status(self) -> tuple[str, ...]:
        chosen = self.table.chosen_words(tr("行"))
        return (self.table.count_words(tr("行") if self._tab == "rows" else tr("个")), chosen)
