"""The steps of something that is done in order: ✓ done, the one in hand filled, the rest to come."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from skillsaid_desktop.ui import theme

_CIRCLE, _GAP, _LINE = 18, 6, 26


class Steps(QWidget):
    """One line of steps; a step that is done can be gone back to with a click.

    Where there is no room for all names only the step in hand has one.
    """

    chosen = Signal(int)

    def __init__(self, names: Sequence[str], step: int = 0) -> None:
        super().__init__()
        self._names = tuple(names)
        self._step = step
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.set_step(step)

    def set_step(self, step: int) -> None:
        """Go to a step, counted from 0; a number past the last means that all is done."""
        self._step = step
        self.setCursor(Qt.CursorShape.ArrowCursor)
        now = self._names[step] if step < len(self._names) else "都办完了"
        self.updateGeometry()
        self.setAccessibleName(f"第 {min(step + 1, len(self._names))} 步，共 {len(self._names)} 步：{now}")
        self.update()

    def _named(self, at: int, is_short: bool) -> bool:
        return not is_short or at == min(self._step, len(self._names) - 1)

    def _widths(self, *, is_short: bool) -> list[int]:
        metrics = QFontMetrics(theme.font("bold"))
        return [
            _CIRCLE + (_GAP + metrics.horizontalAdvance(name) if self._named(at, is_short) else 0)
            for at, name in enumerate(self._names)
        ]

    def _length(self, *, is_short: bool) -> int:
        return sum(self._widths(is_short=is_short)) + (len(self._names) - 1) * (_LINE + 2 * _GAP) + 4

    def is_short(self) -> bool:
        """Tell whether there is room for the name of the step in hand only."""
        return self.width() < self._length(is_short=False)

    def step_at(self, x: float) -> int:
        """Return the step at a place, -1 for none."""
        left = 1.0
        for at, width in enumerate(self._widths(is_short=self.is_short())):
            if left <= x <= left + width:
                return at
            left += width + _LINE + 2 * _GAP
        return -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self.step_at(event.position().x())
        if 0 <= at < self._step:
            self.chosen.emit(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_done = 0 <= self.step_at(event.position().x()) < self._step
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_done else Qt.CursorShape.ArrowCursor)

    def sizeHint(self) -> QSize:
        return QSize(self._length(is_short=False), 28)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._length(is_short=True), 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, middle, is_short = 1.0, self.height() / 2, self.is_short()
        widths = self._widths(is_short=is_short)
        for at, name in enumerate(self._names):
            circle = QRectF(x, middle - _CIRCLE / 2, _CIRCLE, _CIRCLE)
            done, now = at < self._step, at == self._step
            painter.setBrush(theme.color("accent") if now else Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("good" if done else "accent" if now else "line2"), 1.2))
            painter.drawEllipse(circle)
            if done:
                centre = circle.center()
                painter.drawPolyline(
                    [centre + QPointF(-4, 0), centre + QPointF(-1.2, 2.8), centre + QPointF(4, -2.8)]
                )
            else:
                painter.setFont(theme.font("small"))
                painter.setPen(theme.color("on_accent" if now else "text3"))
                painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(at + 1))
            if self._named(at, is_short):
                painter.setFont(theme.font("bold" if now else "body"))
                painter.setPen(theme.color("text" if now else "text2"))
                words = QRectF(x + _CIRCLE + _GAP, 0, widths[at], self.height())
                painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
            x += widths[at] + _GAP
            if at < len(self._names) - 1:
                painter.setPen(QPen(theme.color("line2"), 1))
                painter.drawLine(QPointF(x, middle), QPointF(x + _LINE, middle))
                x += _LINE + _GAP
        painter.end()
