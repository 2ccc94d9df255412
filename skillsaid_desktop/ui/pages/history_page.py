"""操作记录: what was done, by whom; what undoing any one step brings back."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLineF, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QScrollArea,
    QSplitter,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from skillsaid_desktop.ledgers import LEDGERS
from skillsaid_desktop.ledgers.listing import fetch_rows
from skillsaid_desktop.ledgers.students import STUDENTS
from skillsaid_desktop.schema.field import Privacy
from skillsaid_desktop.schema.masking import mask_number
from skillsaid_desktop.services.months import STATE_WORDS
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.command_bar import month_title
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.models.history_model import COLUMNS, PLACES, HistoryModel
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import FactGrid, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.fields import SearchField
from skillsaid_desktop.ui.widgets.marks import paint_tag
from skillsaid_desktop.ui.widgets.regions import Region, set_region
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

if TYPE_CHECKING:
    from skillsaid_desktop.storage import ChangeRow, OperationRow

WIDTHS = (64, 300, 76, 120, 80, 72, 64)
SHOWN_CHANGES = 40
COUNTED, PLACE, USER = 2, 3, 4
NARROW, VERY_NARROW = 1180, 961
AnyIndex = QModelIndex | QPersistentModelIndex
_FROZEN = ("frozen_figure", "frozen_person")
_INNER = frozenset(
    {"id", "student_id", "class_id", "name_folded", "name_pinyin", "name_initials", "name_sort", "source"}
)


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
            paint_tag(painter, inner.left(), rect.center().y() + 1, text, "text3")
        elif text:
            painter.setPen(theme.color(tone))
            if operation is not None:
                text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, int(flags), text)
        painter.setPen(QPen(theme.color("line"), 0))
        painter.drawLine(QLineF(rect.left(), rect.bottom() + 0.5, rect.right() + 1, rect.bottom() + 0.5))

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(60, 30)


class HistoryPage(Page):
    """One line is one operation; the drawer shows it and takes it back."""

    title = "操作记录"
    help_text = (
        "谁、什么时候、改了什么，都在这里。\n选一步，右边列出它改了哪些记录。\n"
        "“只撤销这一步”把这些记录恢复到之前；之后又改过的，会说明是哪一步，不会硬改。"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.add_head_line()
        self.head.set_facts(tr("谁、什么时候、改了什么；可以退回任何一步"))
        self.search = SearchField(tr("姓名、文件名、事项"), width=220)
        self.search.searched.connect(self._on_searched)
        self.head.add_act(self.search)
        self.model = HistoryModel(session.ledger_file)
        self.table = QTableView()
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
        self.model.modelReset.connect(self._span_days)
        self.model.rowsInserted.connect(self._span_days)
        self.drawer = OperationDrawer(session, self.undo_current)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.table)
        splitter.addWidget(self.drawer)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([900, 404])
        self.set_body(splitter)

    def reload(self) -> None:
        now = self.current()
        self.model.reload()
        row = self.model.row_of(now.id) if now is not None else -1
        self.table.selectRow(row if row >= 0 else 1)
        self._show_current()

    def open_with(self, params: Mapping[str, object]) -> None:
        """`operation`: choose that one."""
        one = params.get("operation")
        if isinstance(one, int):
            self.table.selectRow(self.model.row_of(one))

    def set_room(self, width: int, height: int) -> None:
        self.table.setColumnHidden(COUNTED, width < VERY_NARROW)
        for column in (PLACE, USER):  # the drawer says both
            self.table.setColumnHidden(column, width < NARROW)

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

    def status(self) -> tuple[str, ...]:
        return ("已选 1 步" if self.current() is not None else "",)

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
            self.undo_current()

    def _show_current(self) -> None:
        self.drawer.show_operation(self.current())
        self.status_changed.emit()


class OperationDrawer(QWidget):
    """What an operation changed, and the act that takes it back."""

    def __init__(self, session: Session, on_undo: Any) -> None:
        super().__init__()
        set_region(self, Region.DRAWER)
        self._session = session
        set_ground(self, "surface")
        self.setMinimumWidth(340)
        self.title = Label(role="section2", wraps=True)
        self.facts = FactGrid()
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(16, 10, 16, 10)
        self._rows.setSpacing(6)
        self.undo = Button(tr("只撤销这一步"), on_undo, icon="arrow_undo", kind="main")
        self.footer = FooterBar()
        self.footer.add(self.undo)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(16, 14, 16, 0)
        head.addWidget(self.title)
        layout.addLayout(head)
        # The facts scroll with the rows: a note that lists thirty columns would leave these no room.
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.facts)
        column.addWidget(Line())
        column.addLayout(self._rows, 1)
        listed = QWidget()
        set_ground(listed, "surface")
        listed.setLayout(column)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(listed)
        layout.addWidget(self.area, 1)
        layout.addWidget(self.footer)

    def show_operation(self, row: "OperationRow | None") -> None:
        """Show an operation; None hides everything."""
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.title.setText(row.name if row is not None else "")
        self.footer.setVisible(row is not None and (row.can_undo or row.is_undone))
        self.area.setVisible(row is not None)
        if row is None:
            return
        facts = [(tr("时间"), f"{row.at:%Y-%m-%d %H:%M}，{row.user}")]
        facts += [(tr("来源"), row.source)] if row.source else []
        facts += [(tr("备注"), row.note)] if row.note else []
        facts.append((tr("改动"), f"{row.changes:,} 条" if row.changes else tr("没有改动台账")))
        self.facts.set_facts(tuple(facts))
        self.undo.setVisible(row.can_undo)
        self.footer.sentence.setText(
            tr("这一步已经撤销。") if row.is_undone else f"撤销后，{row.changes:,} 条记录回到这一步之前。"
        )
        self._show_changes(row)

    def _show_changes(self, row: "OperationRow") -> None:
        if not row.changes:
            words = tr("查看和导出也记在这里，不能撤销。")
            self._rows.addWidget(Label(words, tone="text2", wraps=True))
        found_changes = self._session.ledger_file.operation_changes(row.id)
        changes = [one for one in found_changes if one.entity not in _FROZEN]
        figures, people = (row.summary.get(name, 0) for name in _FROZEN)
        if figures:
            self._rows.addWidget(Label(f"封存的数字 {figures:,} 项，名单 {people:,} 人次", wraps=True))
        students = {one for change in changes[:SHOWN_CHANGES] if (one := _student_of(change)) is not None}
        with self._session.ledger_file.reading() as reading:
            found = fetch_rows(reading, STUDENTS, sorted(students), self._session.as_of)
        names = {one["id"]: str(one["name"]) for one in found}
        for change in changes[:SHOWN_CHANGES]:
            student = _student_of(change)
            who = names.get(student, "") if student is not None else ""
            values = change.after or change.before or {}
            self._rows.addWidget(_change_line(who or str(values.get("name", "")), change))
        if len(changes) > SHOWN_CHANGES:
            self._rows.addWidget(
                Label(f"还有 {len(changes) - SHOWN_CHANGES:,} 条", role="small", tone="text3")
            )
        self._rows.addStretch(1)


def _student_of(change: "ChangeRow") -> int | None:
    if change.entity == "student":
        return change.record_id
    values = change.after or change.before or {}
    if change.entity == "attachment" and values.get("entity") == "student":
        return int(values["record_id"])
    value = values.get("student_id")
    return value if isinstance(value, int) else None


def _change_line(who: str, change: "ChangeRow") -> Label:
    titles = {f.name: f.title for each in LEDGERS if each.entity == change.entity for f in each.fields}
    if change.entity == "attachment":
        titles = {"kind": tr("种类")}
    numbers = {f.name for each in LEDGERS for f in each.fields if f.privacy is Privacy.NUMBER}

    def words(name: str, value: Any) -> str:
        if value in (None, ""):
            return "空"
        return mask_number(str(value)) if name in numbers else str(value)

    if change.entity == "reporting_month":
        month = change.after or change.before or {}
        what = STATE_WORDS.get(str(month.get("state")), "") or tr("登记中")
        who = month_title(str(month.get("month", "")))
    elif change.before is None:
        what = tr("新增") + PLACES.get(change.entity, "")
        kind = (change.after or {}).get("kind") or (change.after or {}).get("category")
        what += f"：{kind}" if kind else ""
        if change.entity == "pending_row":
            what += f"：第 {(change.after or {}).get('row')} 行"
    elif change.after is None:
        what = tr("删去") + PLACES.get(change.entity, "")
        what += f"：{change.before.get('kind')}" if change.entity == "attachment" else ""
    else:
        parts = [
            f"{titles.get(name, name)} {words(name, before)} → {words(name, after)}"
            for name, before, after in change.differences
            if name not in _INNER and name in titles
        ]
        what = "；".join(parts) or tr("改动")
    return Label(f"{who}　{what}" if who else what, wraps=True)
