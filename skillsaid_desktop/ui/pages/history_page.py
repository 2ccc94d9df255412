"""操作记录: what was done, by whom; what undoing any one step brings back."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHeaderView,
    QPushButton,
    QSplitter,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from skillsaid_desktop import clock
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.services.history import KINDS, history_document
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.models.history_model import COLUMNS, REDO, HistoryModel
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.pages.history_drawer import OperationDrawer
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import FilterRow, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.copying import copy_cells
from skillsaid_desktop.ui.widgets.fields import SearchField
from skillsaid_desktop.ui.widgets.marks import paint_tag
from skillsaid_desktop.ui.widgets.notices import Icon

if TYPE_CHECKING:
    from skillsaid_desktop.storage import OperationRow
    from skillsaid_desktop.storage.chain import Break
    from skillsaid_desktop.storage.records import HistorySize

WIDTHS = (64, 300, 76, 120, 80, 72, 64)
MOST_CHECKED = 50_000
"""Changes that are checked against their seals as soon as the page is opened; more are checked on demand."""
PLACE, USER = 3, 4
NARROW, COVERS_BELOW, LOW = 1180, 961, 600
AnyIndex = QModelIndex | QPersistentModelIndex


class _Delegate(QStyledItemDelegate):
    """Days on sunken ground; links in accent; undone steps in text3."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        model = index.model()
        if not isinstance(model, HistoryModel):
            return
        rect: QRect = option.rect
        operation = model.operation(index.row())
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = "sunken" if operation is None else "select" if chosen else "surface"
        painter.fillRect(rect, theme.color(ground))
        text = str(index.data() or "")
        inner = rect.adjusted(8, 0, -8, 0)
        tone, flags = "text", Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if operation is None:
            painter.setFont(theme.font("small"))
            tone = "text2"
        else:
            painter.setFont(theme.font("body"))
            if operation.is_undone or index.column() in (0, 2, 3, 4):
                tone = "text2"
            if index.column() in (2, 6):
                flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            if index.column() == 6:
                tone = "accent"
        if text and index.column() == 5:
            paint_tag(painter, inner.left(), rect.center().y() + 1, text, model.mark_of(index.row())[1])
        elif text:
            painter.setPen(theme.color(tone))
            if operation is not None:
                text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, int(flags), text)
        painter.setPen(QPen(theme.color("line"), 0))
        painter.drawLine(QLineF(rect.left(), rect.bottom() + 0.5, rect.right() + 1, rect.bottom() + 0.5))

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(60, 30)


class _Operations(QTableView):
    """The record's table: Ctrl+C copies the line one is in, without its link."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not event.matches(QKeySequence.StandardKey.Copy):
            super().keyPressEvent(event)
        elif (row := self.currentIndex().row()) >= 0:
            shown = [at for at in range(len(COLUMNS)) if COLUMNS[at] and not self.isColumnHidden(at)]
            copy_cells([[str(self.model().index(row, at).data() or "") for at in shown]])


class HistoryPage(Page):
    """One line is one operation; the drawer shows it and takes it back."""

    title = "操作记录"
    help_text = (
        "谁、什么时候、改了什么，都在这里；查看号码和导出也记着。\n"
        "1　上面的按钮只看一类；右上角按姓名、文件名、事项找。\n"
        "2　选一步，右边列出它改了哪些记录、原来是什么，之后有没有人又改过。\n"
        "3　“只撤销这一步”把这些记录恢复到之前；撤销过的可以“重做”。\n"
        "每一步都和前一步连着封存，有人从外面改过这个文件，下面会说出来。"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.add_under_head(self._make_chips())
        self.add_head_line()
        self.head.set_facts(tr("谁、什么时候、改了什么；可以退回任何一步"))
        self.search = SearchField(tr("姓名、文件名、事项"), width=220)
        self.search.searched.connect(self._on_searched)
        self.head.add_act(self.search)
        self.model = HistoryModel(session.ledger_file)
        self._size: HistorySize | None = None
        self.table = _Operations()
        self.table.setTabKeyNavigation(False)
        self.table.setModel(self.model)
        self.table.setItemDelegate(_Delegate(self.table))
        self.table.setShowGrid(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(
            max(30, QFontMetrics(theme.font("body")).height() + 8)
        )
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setMinimumHeight(30)
        self.table.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        for at, width in enumerate(WIDTHS):
            self.table.setColumnWidth(at, width)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_current())
        self.table.clicked.connect(self._on_clicked)
        self.table.activated.connect(lambda _index: self.open_drawer())
        self.model.modelReset.connect(self._span_days)
        self.model.rowsInserted.connect(self._span_days)
        self.drawer = OperationDrawer(session, self.undo_current, self.redo_current)
        self.drawer.closed.connect(self.close_drawer)
        self.drawer.step_wanted.connect(self.show_step)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.table)
        splitter.addWidget(self.drawer)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([900, 404])
        self.set_body(splitter)
        self._is_covering = False
        self._checked_to = -1
        self.seal = Icon("shield_checkmark", "text3")
        self.check_button = Button(tr("现在核对"), self.check_journal, kind="link")
        self.export_button = Button(tr("导出操作记录"), self.export, kind="link")
        footer = FooterBar()
        footer.add_left(self.seal)
        footer.add(self.check_button)
        footer.add(self.export_button)
        self.set_footer(footer)

    def _make_chips(self) -> FilterRow:
        self.chips: dict[str, QPushButton] = {}
        row = FilterRow()
        group = QButtonGroup(row)
        for kind, title in KINDS:
            chip = QPushButton(tr(title))
            chip.setProperty("kind", "chip")
            chip.setFont(theme.font("body"))
            chip.setCheckable(True)
            chip.setAutoDefault(False)
            chip.setChecked(not kind)
            chip.clicked.connect(lambda _checked=False, kind=kind: self.show_kind(kind))
            group.addButton(chip)
            self.chips[kind] = chip
            row.add(chip)
        return row

    def reload(self) -> None:
        now = self.current()
        self.model.reload()
        row = self.model.row_of(now.id) if now is not None else -1
        self.table.selectRow(row if row >= 0 else 1)
        self._show_current()
        self._size = self.session.ledger_file.history_size(search=self.model.search, kind=self.model.kind)
        self._show_seal()

    def show_kind(self, kind: str) -> None:
        """Show the steps of one kind."""
        self.chips[kind].setChecked(True)
        self.model.kind = kind
        self.table.clearSpans()
        self.reload()

    def show_step(self, operation_id: int) -> None:
        """Choose a step, whatever was searched for."""
        if self.model.row_of(operation_id) < 0:
            self.search.setText("")
            self.model.search = ""
            self.show_kind("")
        while self.model.row_of(operation_id) < 0 and self.model.canFetchMore(QModelIndex()):
            self.model.fetchMore(QModelIndex())
        self.table.selectRow(self.model.row_of(operation_id))

    def open_with(self, params: Mapping[str, object]) -> None:
        """`operation`: choose that one."""
        one = params.get("operation")
        if isinstance(one, int):
            self.show_step(one)

    def set_room(self, width: int, height: int) -> None:
        is_covering = width < COVERS_BELOW
        for column in (PLACE, USER):  # the drawer beside the table says both
            self.table.setColumnHidden(column, width < NARROW and not is_covering)
        self.drawer.set_low(height < LOW)
        self.drawer.setMaximumWidth(16_777_215 if is_covering else 560)
        if is_covering != self._is_covering:
            # Over the table nothing is opened by itself; Enter or a click opens it, Esc returns.
            self._is_covering = is_covering
            self.drawer.setVisible(not is_covering and self.current() is not None)
            self.table.show()

    def open_drawer(self) -> None:
        """Show the chosen step, over the table where there is no room beside it."""
        if self.current() is None:
            return
        self.drawer.show()
        self.table.setHidden(self._is_covering)
        if self._is_covering:
            self.drawer.setFocus()

    def close_drawer(self) -> None:
        """Go back to the table."""
        self.table.show()
        self.drawer.hide()
        self.table.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.drawer.isVisible():
            self.close_drawer()
            return
        super().keyPressEvent(event)

    def current(self) -> "OperationRow | None":
        """Return the chosen operation."""
        return self.model.operation(self.table.currentIndex().row())

    def undo_current(self) -> None:
        """Take back the chosen operation alone, after asking."""
        row = self.current()
        if row is None or not row.can_undo:
            return
        text = f"{row.changes:,} 条记录回到这一步之前的样子。这次撤销自己也能再撤销。"
        if self.session.prompts.ask(
            f"只撤销这一步：{row.name}", text, act=tr("撤销这一步"), safe=tr("不撤销")
        ):
            self.session.attempt(lambda: self.session.ledger_file.undo(row.id))

    def redo_current(self) -> None:
        """Do the chosen operation again that was undone."""
        row = self.current()
        if row is None or row.undone_by_id is None:
            return
        undone_by = row.undone_by_id

        def redo() -> None:
            undo = self.session.ledger_file.one_operation(undone_by)
            if undo is None or not undo.can_undo:
                raise UserError(f"“{row.name}”不能重做。", tr("台账升级之前的步骤只能看。"))
            self.session.ledger_file.undo(undone_by)

        if self.session.attempt(redo):
            self.session.say(f"已重做：{row.name}")

    # The seals, and the paper

    def _show_seal(self) -> None:
        assert self.footer is not None
        newest = self.session.ledger_file.history(limit=1)
        if newest and newest[0].id == self._checked_to:
            return
        if self.session.ledger_file.history_size().changes <= MOST_CHECKED:
            self.check_journal()
            return
        self.seal.set_icon("shield_checkmark", "text3")
        self.footer.sentence.setText(tr("每一步都和前一步连着封存，还没有核对。"))
        self.check_button.show()

    def check_journal(self) -> None:
        """Look whether the record was changed or shortened from outside, beside the window."""
        ledger_file = self.session.ledger_file
        newest = ledger_file.history(limit=1)
        self.check_button.hide()
        self._checked_to = newest[0].id if newest else -1
        self.session.tasks.run(
            tr("正在核对操作记录"),
            lambda _progress: ledger_file.journal_break(),
            done=self._on_checked,
            is_quiet=True,
        )

    def _on_checked(self, broken: "Break | None") -> None:
        assert self.footer is not None
        if broken is None:
            self.seal.set_icon("shield_checkmark", "good")
            self.footer.sentence.setText(tr("记录首尾相连，核对过，没有被改动或删除。"))
            return
        self.seal.set_icon("shield_error", "stop")
        self.footer.sentence.setText(
            f"第 {broken.operation_id} 步“{broken.name}”：{broken.what}，有人从外面改过这个文件。"
            "请到“设置—备份与恢复”核对，有问题就从备份恢复。"
        )

    def export(self) -> None:
        """Write the steps in sight as a list (Ctrl+E)."""
        narrowed = "，".join(
            filter(None, (dict(KINDS)[self.model.kind] if self.model.kind else "", self.model.search))
        )
        name = f"操作记录 {clock.today()}.xlsx"
        path = self.session.prompts.save_file(
            tr("导出操作记录"), name, tr("Excel 表格 (*.xlsx);;PDF (*.pdf)")
        )
        if path is None:
            return
        ledger_file, search, kind = self.session.ledger_file, self.model.search, self.model.kind

        def write() -> Path:
            from skillsaid_desktop.services.export import export_document

            rows = ledger_file.history(limit=1 << 30, search=search, kind=kind)
            export_document(ledger_file, history_document(ledger_file, rows, narrowed), path)
            return path

        self.session.tasks.run(
            tr("正在导出操作记录"),
            lambda _progress: write(),
            done=lambda done: self.session.say(f"存好了：{done.name}", undo=False),
            refused=lambda error: self.session.prompts.error(error),
        )

    def status(self) -> tuple[str, ...]:
        size = self._size
        if size is None:
            return ()
        since = f"{size.since.year}年{size.since.month}月 至今 " if size.since else ""
        return (f"{since}{size.steps:,} 步", "已选 1 步" if self.current() is not None else "")

    def find_here(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _span_days(self) -> None:
        for row in range(self.model.rowCount()):
            if self.model.operation(row) is None:
                self.table.setSpan(row, 0, 1, len(COLUMNS))

    def _on_searched(self, text: str) -> None:
        self.model.search = text
        self.table.clearSpans()
        self.reload()

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() == len(COLUMNS) - 1 and self.model.act_of(index.row()):
            if self.model.act_of(index.row()) == REDO:
                self.redo_current()
            else:
                self.undo_current()
        elif self._is_covering:
            self.open_drawer()

    def _show_current(self) -> None:
        if not self._is_covering:
            self.drawer.setVisible(True)
        self.drawer.show_operation(self.current())
        self.status_changed.emit()
