"""The sentence at a row's end that says why a cell of it was not stored; painted over the table, never over that cell."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.widgets.marks import paint_weight

MOST = 0.62
"""The part of a row's width that the sentence may take."""
_GAP = 6


def paint_row_note(painter: QPainter, row: QRect, cell: QRect | None, text: str) -> QRect:
    """Paint a sentence into the visible part of a row, beside the cell it is about; return where."""
    font = theme.font("small")
    metrics = QFontMetrics(font)
    width = min(metrics.horizontalAdvance(text) + 36, int(row.width() * MOST))
    box = QRect(row.right() - width, row.top() + 1, width, row.height() - 2)
    if cell is not None and cell.intersects(box.adjusted(-_GAP, 0, 0, 0)):
        if cell.left() - _GAP - width >= row.left():
            box.moveRight(cell.left() - _GAP)
        else:
            box.setLeft(cell.right() + _GAP)
            box.setRight(min(box.left() + width, row.right()))
    painter.fillRect(box, theme.color("stop_tint"))
    paint_weight(painter, QRect(box.left() + 8, box.center().y() - 6, 14, 14), "stop")
    painter.setFont(font)
    painter.setPen(theme.color("text"))
    inner = box.adjusted(28, 0, -8, 0)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
    painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
    return box
