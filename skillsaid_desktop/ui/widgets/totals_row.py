"""The totals row fixed under a table: bold on sunken, each sum under its column, whatever is scrolled."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.i18n import tr

if TYPE_CHECKING:
    from skillsaid_desktop.ui.widgets.table_view import FrozenTable

_PADDING = 8


class TotalsRow(QWidget):
    """Paints sums by column; hidden while there are none."""

    def __init__(self, table: "FrozenTable") -> None:
        super().__init__()
        self._table = table
        self._sums: dict[int, str] = {}
        self.setFixedHeight(max(30, QFontMetrics(theme.font("bold")).height() + 8))
        self.hide()

    def show_sums(self, sums: dict[int, str]) -> None:
        """Show these texts under their columns."""
        self._sums = sums
        self.setVisible(bool(sums))
        words = "，".join(f"{self._table.column_title(at)} {text}" for at, text in sums.items())
        self.setAccessibleName(tr("合计：") + words)
        self.update()

    def texts(self) -> dict[int, str]:
        """Return what is shown, by column."""
        return dict(self._sums)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("sunken"))
        painter.setPen(QPen(theme.color("line2"), 0))
        painter.drawLine(QLineF(0, 0.5, self.width(), 0.5))
        painter.setFont(theme.font("bold"))
        painter.setPen(theme.color("text"))
        table = self._table
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        left = table.left.verticalHeader().width()
        painter.drawText(QRect(left + _PADDING, 0, 120, self.height()), middle, tr("合计"))
        for half, from_x in ((table.left, left), (table.right, table.right.x())):
            painter.save()
            painter.setClipRect(QRect(from_x, 0, half.viewport().width(), self.height()))
            for at, text in self._sums.items():
                if not half.isColumnHidden(at):
                    x = from_x + half.columnViewportPosition(at)
                    box = QRect(x + _PADDING, 0, half.columnWidth(at) - 2 * _PADDING, self.height())
                    painter.drawText(box, table.alignment(at) | middle, text)
            painter.restore()
        painter.end()
