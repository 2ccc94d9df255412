"""The drawer of 操作记录: what a step changed, who changed it since, and the act that takes it back."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from skillsaid_desktop.services.history import change_lines, consequence, counted, page_of
from skillsaid_desktop.storage import LaterOperation, OperationRow
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import FactGrid
from skillsaid_desktop.ui.widgets.buttons import Button, IconButton
from skillsaid_desktop.ui.widgets.count_tab import CountTab
from skillsaid_desktop.ui.widgets.regions import Region, set_region
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

SHOWN_CHANGES = 40
CHANGES, LATER = range(2)
LINES = (
    Column(title="谁", width=84),
    Column(title="哪一项", width=84),
    Column(title="原来", width=96),
    Column(title="改成", stretches=True),
)
LATERS = (
    Column(title="时间", width=116),
    Column(title="做了什么", width=120, stretches=True),
    Column(title="碰到", width=56, right=True),
)


class OperationDrawer(QWidget):
    """Tabs 改了什么 and 之后又改过; the footer says what undoing brings back, and why it can't be if it can't."""

    closed = Signal()
    step_wanted = Signal(int)

    def __init__(
        self, session: Session, on_undo: Callable[[], object], on_redo: Callable[[], object]
    ) -> None:
        super().__init__()
        set_region(self, Region.DRAWER)
        self._session = session
        self.row: OperationRow | None = None
        self.later: list[LaterOperation] = []
        set_ground(self, "surface")
        self.setMinimumWidth(340)
        self.title = Label(role="section2", wraps=True)
        self.facts = FactGrid(48)
        self.tabs = (CountTab(tr("改了什么")), CountTab(tr("之后又改过"), "explain"))
        self.lines = RowTable(LINES, fixed=True)
        self.all_button = Button(tr("全部列出"), self.show_all, kind="link")
        self.rest = Label(tone="text2")
        self.laters = RowTable(LATERS, fixed=True)
        self.laters.opened.connect(lambda at: self.step_wanted.emit(self.later[at].operation.id))
        self.nothing = Label(tone="text2", wraps=True)
        for table in (self.lines, self.laters):
            table.setMinimumHeight(64)
        self._is_low = False
        self.stack = QStackedWidget()
        for pane in (self._changes_pane(), self.laters, self._nothing_pane()):
            self.stack.addWidget(pane)
        self.undo = Button(tr("只撤销这一步"), on_undo, icon="arrow_undo", kind="main")
        self.redo = Button(tr("重做这一步"), on_redo, icon="arrow_redo", kind="main")
        self.step_button = Button(tr("看那一步"), self._show_step)
        self.page_button = Button("", self._open_page)
        self.sentence, self.why = Label(wraps=True), Label(tone="text2", wraps=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 14, 8, 0)
        head.addWidget(self.title, 1)
        head.addWidget(IconButton("dismiss", tr("关上"), self.closed.emit))
        layout.addLayout(head)
        layout.addWidget(self.facts)
        layout.addWidget(Line())
        layout.addWidget(self._tab_row())
        layout.addWidget(Line())
        layout.addWidget(self.stack, 1)
        layout.addWidget(self._footer())

    def _tab_row(self) -> QWidget:
        group = QButtonGroup(self)
        bar = QHBoxLayout()
        bar.setContentsMargins(0, 0, 16, 0)
        bar.setSpacing(0)
        for at, tab in enumerate(self.tabs):
            group.addButton(tab)
            tab.clicked.connect(lambda _checked=False, at=at: self.show_tab(at))
            bar.addWidget(tab)
        bar.addStretch(1)
        self._tabs = QWidget()
        self._tabs.setLayout(bar)
        return self._tabs

    def _changes_pane(self) -> QWidget:
        pane = QWidget()
        more = QHBoxLayout()
        more.setContentsMargins(16, 6, 16, 6)
        more.addWidget(self.rest)
        more.addWidget(self.all_button)
        more.addStretch(1)
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.lines, 1)
        column.addLayout(more)
        return pane

    def _nothing_pane(self) -> QWidget:
        pane = QWidget()
        column = QVBoxLayout(pane)
        column.setContentsMargins(16, 12, 16, 12)
        column.addWidget(self.nothing)
        column.addStretch(1)
        return pane

    def _footer(self) -> QWidget:
        acts = QHBoxLayout()
        acts.setSpacing(8)
        for button in (self.undo, self.redo, self.step_button, self.page_button):
            acts.addWidget(button)
        acts.addStretch(1)
        column = QVBoxLayout()
        column.setContentsMargins(16, 10, 16, 12)
        column.setSpacing(6)
        column.addWidget(self.sentence)
        column.addWidget(self.why)
        column.addLayout(acts)
        self.footer = QWidget()
        set_ground(self.footer, "sunken")
        outer = QVBoxLayout(self.footer)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(Line())
        outer.addLayout(column)
        return self.footer

    # One step

    def show_operation(self, row: OperationRow | None) -> None:
        """Show an operation; None hides everything."""
        self.row = row
        self.later = self._session.ledger_file.later_operations(row.id) if row is not None else []
        self.title.setText(row.name if row is not None else "")
        for part in (self.facts, self._tabs, self.stack, self.footer):
            part.setVisible(row is not None)
        self.set_low(self._is_low)
        if row is None:
            return
        facts = [(tr("时间"), f"{row.at:%Y-%m-%d %H:%M}，{row.user}")]
        facts += [(tr("来源"), row.source)] if row.source else []
        facts.append((tr("改动"), counted(row) or tr("没有改动台账")))
        self.facts.set_facts(tuple(facts))
        self._show_changes(SHOWN_CHANGES)
        self.laters.set_rows(
            [
                (Cell(f"{one.operation.at:%m-%d %H:%M}", "text2"), Cell(one.operation.name), Cell(f"{one.records:,} 条"))
                for one in self.later
            ]
        )  # fmt: skip
        self.tabs[LATER].set_count(sum(one.records for one in self.later))
        self._show_footer(row)
        self.show_tab(CHANGES)

    def set_low(self, low: bool) -> None:
        """Leave the facts to the table beside it in a low window: the sentence below counts what was changed."""
        self._is_low = low
        self.facts.setVisible(self.row is not None and not low)

    def show_tab(self, at: int) -> None:
        """Show what was changed, or what was changed since."""
        self.tabs[at].setChecked(True)
        row = self.row
        if row is None:
            return
        if at == CHANGES and not row.changes:
            kept = row.note.replace("；列：", "\n列：")
            words = tr("查看和导出也记在这里，不能撤销。")
            self._say_nothing(f"{kept}\n\n{words}" if kept else words)
        elif at == LATER and not self.later:
            self._say_nothing(tr("之后没有人改过这些记录。"))
        else:
            self.stack.setCurrentIndex(at)

    def _say_nothing(self, text: str) -> None:
        self.nothing.setText(text)
        self.stack.setCurrentIndex(2)

    def show_all(self) -> None:
        """List every change."""
        self._show_changes(1 << 30)

    def _show_changes(self, limit: int) -> None:
        assert self.row is not None
        lines, total = change_lines(self._session.ledger_file, self.row, self._session.as_of, limit)
        self.lines.set_rows(
            [
                (
                    Cell(line.who), Cell(line.what, "text2"),
                    Cell(line.before, "text3" if line.before in ("没有", "空", "") else "text2"),
                    Cell(line.after, "explain" if line.after == "删去" else "text"),
                )
                for line in lines
            ]
        )  # fmt: skip
        rest = max(0, total - limit)
        self.rest.setText(f"还有 {rest:,} 条" if rest else "")
        self.rest.setVisible(bool(rest))
        self.all_button.setVisible(bool(rest))
        self.tabs[CHANGES].set_count(self.row.changes)

    def _show_footer(self, row: OperationRow) -> None:
        in_the_way = self.later[0].operation if self.later else None
        can_redo = row.is_undone and row.undoes_id is None
        page, place = page_of(row)
        self.undo.setVisible(row.can_undo and row.undoes_id is None)
        self.undo.setEnabled(in_the_way is None)
        self.redo.setVisible(can_redo)
        self.step_button.setVisible(row.can_undo and in_the_way is not None)
        self.page_button.setVisible(bool(page))
        self.page_button.setText(tr("看") + place)
        note = f"{row.note}\n" if row.note and row.changes else ""
        if row.is_undone:
            self._say(tr("这一步已经撤销。"), note)
        elif row.undoes_id is not None:
            self._say(tr("这一步是撤销或重做；要改回去，在它撤销的那一步上点“重做”。"), note)
        elif not row.can_undo and row.changes:
            self._say(tr("这一步在建立台账或升级之前，只能看，不能撤销。"), note)
        elif not row.changes:
            self._say("", "")
        elif in_the_way is not None:
            why = f"“{in_the_way.name}”（{in_the_way.at:%m-%d %H:%M}）后来改过同样的记录，要先撤销那一步。"
            self._say(consequence(row), note + why)
        else:
            self._say(consequence(row), note + tr("之后没有人改过这些记录，可以单独撤销这一步。"))
        self.footer.setVisible(bool(self.sentence.text()) or bool(page))

    def _say(self, sentence: str, why: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.why.setText(why.strip())
        self.why.setVisible(bool(why.strip()))

    def _show_step(self) -> None:
        if self.later:
            self.step_wanted.emit(self.later[0].operation.id)

    def _open_page(self) -> None:
        if self.row is not None and (page := page_of(self.row)[0]):
            self._session.navigate(page)
