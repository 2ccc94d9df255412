"""A plain table of prepared rows, for pages whose list is small and read at once: previews, people, questions.

A ledger's table, which fetches its rows in chunks, is `table_view.FrozenTable`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QLineF,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.copying import copy_cells
from skillsaid_desktop.ui.widgets.marks import paint_tag, paint_weight
from skillsaid_desktop.ui.widgets.regions import Region, set_region

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
ROW_HEIGHT = 30
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: heading, width in pixels, whether it takes what is left, whether it stands at the right."""

    title: str
    width: int = 90
    stretches: bool = False
    right: bool = False
    is_link: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell: its words, their tone, a tint behind them, a check weight before them, a tick box, a ground.

    `wrong` says why what was typed into it could not be stored.
    """

    text: str = ""
    tone: str = "text"
    tint: str = ""
    weight: str = ""
    ticked: bool | None = None
    bold: bool = False
    tag: bool = False
    ground: str = ""
    wrong: str = ""


Row = tuple[Cell, ...]


class RowModel(QAbstractTableModel):
    """Holds the rows of one table."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.rows: list[Row] = []

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.wrong or cell.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return cell.text
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_RIGHT if self.columns[section].right else _LEFT)
        return None


class CellDelegate(QStyledItemDelegate):
    """Paints a `Cell`."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        model = index.model()
        if not isinstance(model, RowModel):
            return
        cell, column = model.rows[index.row()][index.column()], model.columns[index.column()]
        rect: QRect = option.rect
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        ground = "select" if chosen else "hover" if hovered else cell.ground or "surface"
        painter.fillRect(rect, theme.color("stop_tint" if cell.wrong else ground))
        inner = rect.adjusted(8, 0, -8, 0)
        middle = rect.center().y()
        if cell.ticked is not None:
            box = QRect(rect.center().x() - 7, middle - 6, 14, 14)
            _paint_box(painter, box, cell.ticked)
            inner.setLeft(box.right() + 8)
        if cell.weight:
            paint_weight(painter, QRect(inner.left(), middle - 6, 14, 14), cell.weight)
            inner.setLeft(inner.left() + 20)
        if cell.text:
            self._paint_text(painter, inner, cell, column, chosen)
        painter.setPen(QPen(theme.color("line"), 0))
        painter.drawLine(QLineF(rect.left(), rect.bottom() + 0.5, rect.right() + 1, rect.bottom() + 0.5))

    def _paint_text(self, painter: QPainter, inner: QRect, cell: Cell, column: Column, chosen: bool) -> None:
        if cell.tag:
            paint_tag(painter, inner.left(), inner.center().y() + 1, cell.text, cell.tone)
            return
        font = theme.font("bold" if cell.bold else "body")
        metrics = QFontMetrics(font)
        text = metrics.elidedText(cell.text.replace("\n", " "), Qt.TextElideMode.ElideRight, inner.width())
        if cell.tint:
            width = min(metrics.horizontalAdvance(text) + 8, inner.width() + 8)
            height = metrics.height() + 2
            ground = QRect(inner.left() - 4, inner.center().y() - height // 2, width, height)
            painter.fillRect(ground, theme.color(f"{cell.tint}_tint"))
        painter.setFont(font)
        tone = "text2" if chosen and cell.tone == "text3" else cell.tone
        painter.setPen(theme.color(tone))
        painter.drawText(inner, int(_RIGHT if column.right else _LEFT), text)

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(40, ROW_HEIGHT)


def _paint_box(painter: QPainter, box: QRect, ticked: bool) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("accent" if ticked else "edge"), 1))
    painter.setBrush(theme.color("accent" if ticked else "surface"))
    painter.drawRoundedRect(box, 3, 3)
    if ticked:
        painter.setPen(QPen(theme.color("on_accent"), 1.5))
        x, y = box.center().x(), box.center().y()
        painter.drawPolyline([QRect(x - 3, y, 1, 1).topLeft(), QRect(x - 1, y + 3, 1, 1).topLeft(),
                              QRect(x + 4, y - 3, 1, 1).topLeft()])  # fmt: skip
    painter.restore()


class RowTable(QTableView):
    """A table of `Cell`s: one row chosen, Enter or double click opens it, Space ticks it."""

    chosen = Signal(int)
    opened = Signal(int)
    clicked_link = Signal(int, int)
    ticked = Signal(int)

    def __init__(self, columns: Sequence[Column], model: RowModel | None = None) -> None:
        super().__init__()
        set_region(self, Region.TABLE)
        self.rows_model = model or RowModel(columns)
        self.setModel(self.rows_model)
        self.setItemDelegate(CellDelegate(self))
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        height = max(ROW_HEIGHT, QFontMetrics(theme.font("body")).height() + 8)
        self.verticalHeader().setDefaultSectionSize(height)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumHeight(max(30, QFontMetrics(theme.font("small")).height() + 10))
        header.setFont(theme.font("small"))
        for at, column in enumerate(columns):
            self.setColumnWidth(at, column.width)
            if column.stretches:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self.chosen.emit(now.row()))
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        self.clicked.connect(self._on_clicked)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; the chosen one stays chosen by its place."""
        at = self.current_row()
        self.rows_model.beginResetModel()
        self.rows_model.rows = list(rows)
        self.rows_model.endResetModel()
        if 0 <= at < len(rows):
            self.choose(at)

    def set_row(self, at: int, row: Row) -> None:
        """Show one row anew."""
        self.rows_model.rows[at] = row
        last = len(self.rows_model.columns) - 1
        self.rows_model.dataChanged.emit(self.rows_model.index(at, 0), self.rows_model.index(at, last))

    def row_count(self) -> int:
        """Return how many rows are shown."""
        return len(self.rows_model.rows)

    def current_row(self) -> int:
        """Return the chosen row, -1 for none."""
        return self.currentIndex().row()

    def choose(self, at: int) -> None:
        """Choose a row and bring it into sight."""
        index = self.rows_model.index(at, 0)
        self.setCurrentIndex(index)
        self.selectRow(at)
        self.scrollTo(index)

    def _on_clicked(self, index: QModelIndex) -> None:
        cell = self.rows_model.rows[index.row()][index.column()]
        if cell.ticked is not None:
            self.ticked.emit(index.row())
        elif self._is_link(index):
            self.clicked_link.emit(index.row(), index.column())

    def copy(self) -> None:
        """Copy what is chosen as it is seen, masks included."""
        chosen = self.selectedIndexes()
        self._copy(sorted({index.row() for index in chosen}), {index.column() for index in chosen})

    def copy_all(self) -> None:
        """Copy all rows with their headings."""
        self._copy(range(self.row_count()), None)

    def _copy(self, rows: Iterable[int], columns: Collection[int] | None) -> None:
        # A column without a heading holds what is pressed: a tick, the way to somewhere.
        shown = [
            at
            for at, column in enumerate(self.rows_model.columns)
            if column.title and not self.isColumnHidden(at) and (columns is None or at in columns)
        ]
        heads = [[self.rows_model.columns[at].title for at in shown]] if columns is None else []
        copy_cells(heads + [[self.rows_model.rows[row][at].text for at in shown] for row in rows])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addAction(tr("复制") + "\tCtrl+C", self.copy).setEnabled(self.current_row() >= 0)
        menu.addAction(tr("复制全部（含表头）"), self.copy_all).setEnabled(self.row_count() > 0)
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current_row()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif row >= 0 and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(row)
        elif row >= 0 and event.key() == Qt.Key.Key_Space:
            self.ticked.emit(row)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        is_link = index.isValid() and self._is_link(index)
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if is_link else Qt.CursorShape.ArrowCursor
        )

    def _is_link(self, index: QModelIndex) -> bool:
        cell = self.rows_model.rows[index.row()][index.column()]
        return self.rows_model.columns[index.column()].is_link and cell.tone == "accent" and bool(cell.text)
