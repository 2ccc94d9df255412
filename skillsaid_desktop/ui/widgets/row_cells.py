"""What a plain table shows: columns, cells with tone, tint, mark or tick, their model and how they are painted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QLineF, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.widgets.marks import paint_tag, paint_weight

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
ROW_HEIGHT = 30
LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: heading, width in pixels, whether it takes what is left, whether it stands at the right.

    One with a heading can be sorted, filtered, left out and copied by it; `is_name` is found by pinyin, too.
    """

    title: str
    width: int = 90
    stretches: bool = False
    right: bool = False
    is_link: bool = False
    is_name: bool = False


class Cell(NamedTuple):
    """One cell: its words, their tone, a tint behind them, a check weight before them, a tick box, a ground.

    `wrong` says why what was typed into it could not be stored; `rank` is what the cell is sorted by instead of its words.
    A named tuple, because a list of 20,000 people has 140,000 of them.
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
    rank: float | None = None


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
            return int(RIGHT if self.columns[section].right else LEFT)
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
        painter.drawText(inner, int(RIGHT if column.right else LEFT), text)

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
