"""Paints the rows of a table in one pass: grounds, texts, tags, lines at device pixels, the current cell's frame.

Qt would call back for each cell of some three hundred in a frame. Each of these calls costs more than the text it
paints, and in each of them a busy thread beside the window may take its turn, which makes a frame late.
"""

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from skillsaid_desktop.schema.choices import Held
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.widgets.marks import DIFFICULTY_TONES, HELD_TONES, STATE_TONES, paint_tag

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTableView

    from skillsaid_desktop.ui.widgets.table_view import FrozenTable

PADDING = 8
TAGGED = frozenset({"state", "current_state", "month_state"})
GRADED = frozenset({"difficulty"})
_FAINT = frozenset({"0", "无", "—"})
_KEPT_FITS = 4000
_RIGHT = int(Qt.AlignmentFlag.AlignRight)


class _Looks:
    """Colours and fonts of one theme, made once."""

    def __init__(self) -> None:
        self.made_for = theme.looks()
        self.select, self.hover, self.stop_tint = (theme.color(n) for n in ("select", "hover", "stop_tint"))
        self.text, self.text2, self.text3 = (theme.color(n) for n in ("text", "text2", "text3"))
        self.line = QPen(theme.color("line"), 0)
        self.accent = QPen(theme.color("accent"), 2)
        self.block = QPen(theme.color("accent"), 1)
        self.font = theme.font("body")
        self.bold = QFont(self.font)
        self.bold.setBold(True)
        self.metrics = QFontMetricsF(self.font)
        self.full_width = self.metrics.horizontalAdvance("国")
        self.fits: dict[tuple[str, int], tuple[str, float]] = {}

    def baseline(self, height: int) -> float:
        """Return how far under a row's top its texts stand, so that they are in its middle."""
        return (height - self.metrics.height()) / 2 + self.metrics.ascent()

    def fit(self, text: str, width: int) -> tuple[str, float]:
        """Return a text as it fits into a width, and how wide it is then."""
        key = (text, width)
        found = self.fits.get(key)
        if found is None:
            if len(self.fits) >= _KEPT_FITS:
                self.fits.clear()
            shown = " ".join(text.expandtabs(1).splitlines())
            if len(shown) * self.full_width > width:
                shown = self.metrics.elidedText(shown, Qt.TextElideMode.ElideRight, width)
            found = self.fits[key] = (shown, self.metrics.horizontalAdvance(shown))
        return found


class _Column(NamedTuple):
    """A column in sight: where it stands in the viewport, and what its texts may become."""

    at: int
    left: int
    width: int
    is_right: bool
    is_name: bool
    tones: dict[str, str]
    is_filled: bool


class TablePainter:
    """Paints the halves of a `FrozenTable` and its row numbers."""

    def __init__(self, table: "FrozenTable") -> None:
        self._table = table
        self._looks_made: _Looks | None = None

    def _looks(self) -> _Looks:
        looks = self._looks_made
        if looks is None or looks.made_for != theme.looks():
            looks = self._looks_made = _Looks()
        return looks

    def paint(self, half: "QTableView", region: QRect) -> None:
        """Paint what of a half lies in a region of its viewport."""
        columns = self._columns(half, region)
        rows = _rows_in(half, region)
        if not columns or not rows:
            return
        looks, table = self._looks(), self._table
        painter = QPainter(half.viewport())
        painter.setFont(looks.font)
        height = half.rowHeight(rows[0])
        top = half.rowViewportPosition(rows[0])
        left, right = columns[0].left, columns[-1].left + columns[-1].width
        base = looks.baseline(height)
        for row in rows:
            chosen = table.is_row_chosen(row)
            noted = table.note_of(row)[1] if table.has_notes else ()
            if chosen or row == table.hovered_row:
                painter.fillRect(left, top, right - left, height, looks.select if chosen else looks.hover)
            for column in columns:
                if column.at in noted:
                    painter.fillRect(column.left, top, column.width, height, looks.stop_tint)
                text = table.text_of(row, column.at)
                if not text:
                    continue
                if text in column.tones:
                    tone, middle = column.tones[text], top + (height - 1) // 2 + 1
                    paint_tag(painter, column.left + PADDING, middle, text, tone, filled=column.is_filled)
                    continue
                self._paint_text(painter, looks, column, top + base, text, chosen)
            painter.setPen(looks.line)
            painter.drawLine(QLineF(left, top + height - 0.5, right, top + height - 0.5))
            if chosen or table.is_current_row(row):
                self._paint_frames(painter, looks, columns, row, top, height)
            top += height
        painter.end()

    def paint_numbers(self, half: "QTableView", region: QRect) -> None:
        """Paint the row numbers in text3 on the table's own ground."""
        head = half.verticalHeader()
        rows = _rows_in(half, region)
        looks, table = self._looks(), self._table
        painter = QPainter(head.viewport())
        painter.fillRect(region, theme.color("surface"))
        painter.setFont(looks.font)
        width = head.viewport().width()
        height = half.rowHeight(rows[0]) if rows else 0
        top = half.rowViewportPosition(rows[0]) if rows else 0
        base = looks.baseline(height)
        for row in rows:
            chosen = table.is_row_chosen(row)
            if chosen or row == table.hovered_row:
                painter.fillRect(0, top, width, height, looks.select if chosen else looks.hover)
            painter.setPen(looks.text2 if chosen else looks.text3)
            number, wide = looks.fit(str(row + 1), width)
            painter.drawText(QPointF(width - PADDING - wide, top + base), number)
            painter.setPen(looks.line)
            painter.drawLine(QLineF(0, top + height - 0.5, width, top + height - 0.5))
            top += height
        painter.end()

    def _columns(self, half: "QTableView", region: QRect) -> list[_Column]:
        found = []
        for at in self._table.shown_columns():
            if half.isColumnHidden(at):
                continue
            left, width = half.columnViewportPosition(at), half.columnWidth(at)
            if left <= region.right() and left + width > region.left():
                name = self._table.column_name(at)
                tones: dict[str, str] = {}
                if name in TAGGED:
                    tones = STATE_TONES
                elif name in GRADED:
                    tones = DIFFICULTY_TONES
                elif isinstance(self._table.column_type(at), Held):
                    tones = HELD_TONES
                is_right = bool(self._table.alignment(at) & _RIGHT)
                found.append(
                    _Column(at, left, width, is_right, name == "name", tones, tones is not STATE_TONES)
                )
        return found

    def _paint_text(
        self, painter: QPainter, looks: _Looks, column: _Column, base: float, text: str, chosen: bool
    ) -> None:
        shown, wide = looks.fit(text, column.width - 2 * PADDING)
        left = column.left + (column.width - PADDING - wide if column.is_right else PADDING)
        if text in _FAINT:
            painter.setPen(looks.text2 if chosen else looks.text3)
        else:
            painter.setPen(looks.text)
        searched = self._table.marked_text
        if column.is_name and searched and searched in text:
            painter.setFont(looks.bold)
            painter.drawText(QPointF(left, base), shown)
            painter.setFont(looks.font)
        else:
            painter.drawText(QPointF(left, base), shown)

    def _paint_frames(
        self, painter: QPainter, looks: _Looks, columns: list[_Column], row: int, top: int, height: int
    ) -> None:
        """Frame the current cell, and the outline of a block of chosen ones."""
        table = self._table
        for column in columns:
            rect = QRect(column.left, top, column.width, height)
            if table.is_current(row, column.at):
                painter.setPen(looks.accent)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(rect.adjusted(1, 1, -1, -1))
            elif table.has_block and table.is_cell_chosen(row, column.at):
                self._paint_outline(painter, looks, rect, row, column.at)

    def _paint_outline(self, painter: QPainter, looks: _Looks, rect: QRect, row: int, column: int) -> None:
        chosen = self._table.is_cell_chosen
        painter.setPen(looks.block)
        if not chosen(row - 1, column):
            painter.drawLine(rect.topLeft(), rect.topRight())
        if not chosen(row + 1, column):
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if not chosen(row, column - 1):
            painter.drawLine(rect.topLeft(), rect.bottomLeft())
        if not chosen(row, column + 1):
            painter.drawLine(rect.topRight(), rect.bottomRight())


def _rows_in(half: "QTableView", region: QRect) -> range:
    """Return the rows that a region of the viewport touches."""
    first, last = half.rowAt(region.top()), half.rowAt(region.bottom())
    if first < 0:
        return range(0)
    return range(first, (last if last >= 0 else half.model().rowCount() - 1) + 1)
