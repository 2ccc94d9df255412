"""Heads of columns and rows: sort arrows with their rank, funnels, row numbers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

from skillsaid_desktop.schema import Field
from skillsaid_desktop.ui import icons, theme

if TYPE_CHECKING:
    from skillsaid_desktop.ui.widgets.table_view import FrozenTable


def side_of(field: Field) -> int:
    """Return the alignment flags of a column; what a paper centres (dates, 是 and 否) stands at the left here."""
    side = Qt.AlignmentFlag.AlignRight if field.type.align == "right" else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


class ColumnHeader(QHeaderView):
    """Click sorts by a column, Shift+click adds a key, right click opens its filters."""

    sort_changed = Signal(object)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.names: list[str] = []
        self._sides: list[int] = []
        self._sort: tuple[tuple[str, bool], ...] = ()
        self._filtered: frozenset[str] = frozenset()
        self._pressed = (-1, QPoint())
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(40)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def set_fields(self, fields: Sequence[Field]) -> None:
        """Head these columns; a heading stands at the side of its values."""
        self.set_columns([field.name for field in fields], [side_of(field) for field in fields])

    def set_columns(self, names: Sequence[str], sides: Sequence[int]) -> None:
        """Head columns of these names and alignments; one without a name can't be sorted or filtered."""
        self.names, self._sides = list(names), list(sides)

    def set_sort(self, keys: tuple[tuple[str, bool], ...]) -> None:
        """Show these keys."""
        self._sort = keys
        self.viewport().update()

    def set_filtered(self, names: frozenset[str]) -> None:
        """Show which columns are filtered."""
        self._filtered = names
        self.viewport().update()

    def sizeHint(self) -> QSize:
        # Qt's own hint asks the model for each section, some fifty times until the table stands.
        return QSize(self.length(), max(30, QFontMetrics(theme.font("small")).height() + 10))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = (self.logicalIndexAt(event.position().toPoint()), event.position().toPoint())
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        section, at = self._pressed
        here = event.position().toPoint()
        if event.button() != Qt.MouseButton.LeftButton or (here - at).manhattanLength() > 4 or section < 0:
            return
        if self.cursor().shape() == Qt.CursorShape.SplitHCursor or section >= len(self.names):
            return
        name = self.names[section]
        if not name:
            return
        keys = dict(self._sort)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            keys[name] = not keys[name] if name in keys else False
        else:
            keys = {name: not keys[name] if name in keys and len(keys) == 1 else False}
        self.sort_changed.emit(tuple(keys.items()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        section = self.logicalIndexAt(event.pos())
        if section >= 0:
            self.menu_wanted.emit(section, event.globalPos())

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        painter.fillRect(rect, theme.color("sunken"))
        painter.setPen(QPen(theme.color("line2"), 0))
        painter.drawLine(QLineF(rect.left(), rect.bottom() + 0.5, rect.right() + 1, rect.bottom() + 0.5))
        painter.setPen(QPen(theme.color("line"), 0))
        painter.drawLine(QLineF(rect.right() + 0.5, rect.top(), rect.right() + 0.5, rect.bottom()))
        name = self.names[section] if section < len(self.names) else ""
        right = rect.right() - 8
        rank = next((at for at, (key, _) in enumerate(self._sort) if key == name), -1)
        small = theme.font("small")
        painter.setFont(small)
        if rank >= 0:
            mark = ("↓" if self._sort[rank][1] else "↑") + (f" {rank + 1}" if len(self._sort) > 1 else "")
            width = QFontMetrics(small).horizontalAdvance(mark)
            painter.setPen(theme.color("text3"))
            box = QRect(right - width, rect.top(), width, rect.height())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), mark)
            right -= width + 6
        if name in self._filtered:
            icons.paint(painter, QRect(right - 12, rect.center().y() - 6, 12, 12), "filter", "accent")
            right -= 18
        painter.setPen(theme.color("text2"))
        inner = QRect(rect.left() + 8, rect.top(), right - rect.left() - 8, rect.height())
        title = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        title = QFontMetrics(small).elidedText(title, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, self._sides[section], title)
        painter.restore()


class RowHeader(QHeaderView):
    """Row numbers in text3 on the table's own ground."""

    def __init__(self, table: "FrozenTable") -> None:
        super().__init__(Qt.Orientation.Vertical, table)
        self._table = table
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), self.length())  # the table fits its width to the numbers

    def paintEvent(self, event: QPaintEvent) -> None:
        self._table.painter.paint_numbers(self._table.left, event.rect())
