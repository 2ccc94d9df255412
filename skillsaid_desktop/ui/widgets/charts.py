"""The three small drawings that answer a question (DESIGN section 6, Charts): bridge, bar against target, twelve months.

Each mark carries its number, can be reached by arrow keys, opens its people on Enter, and has an accessible text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from skillsaid_desktop.ui import theme

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One mark of a chart: its name, its number, what it is held against, and what opens on Enter.

    `key` is handed out when the mark is activated; "" marks open nothing. `note` is the short text behind.
    """

    label: str
    value: float
    text: str = ""
    target: float | None = None
    note: str = ""
    key: str = ""

    @property
    def spoken(self) -> str:
        """Return the mark in words, for screen readers and tool tips."""
        number = self.text or signed(self.value)
        against = "" if self.target is None else f" / {self.target:,.0f}"
        return f"{self.label} {number}{against}{'　' + self.note if self.note else ''}"


def signed(value: float) -> str:
    """Return a step with its sign, minus as U+2212."""
    return f"+{value:,.0f}" if value > 0 else f"{MINUS}{-value:,.0f}" if value < 0 else "0"


class Chart(QWidget):
    """Base of the drawings: marks, one of them current, keyboard and pointer alike."""

    activated = Signal(str)

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.marks: tuple[Mark, ...] = ()
        self.title = title
        self._current = -1
        self._by_keyboard = False
        self._hovered = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._describe()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show these marks."""
        self.marks = tuple(marks)
        self._current = min(self._current, len(self.marks) - 1)
        self._hovered = -1
        self._describe()
        self.updateGeometry()
        self.update()

    @property
    def current(self) -> int:
        """Return the index of the mark under the keyboard, -1 for none."""
        return self._current

    # -- geometry, for subclasses ------------------------------------------------------------------

    def mark_rect(self, index: int) -> QRectF:
        """Return the area that belongs to a mark."""
        raise NotImplementedError

    def paint_marks(self, painter: QPainter) -> None:
        """Draw the marks."""
        raise NotImplementedError

    def row_height(self) -> int:
        """Return the height of one row of text."""
        return max(23, self.fontMetrics().height() + 4)

    def small_font(self) -> QFont:
        """Return the font of notes and axis labels."""
        font = QFont(self.font())
        font.setPointSizeF(9)
        return font

    def bold_font(self) -> QFont:
        """Return the font of decisive numbers."""
        font = QFont(self.font())
        font.setBold(True)
        return font

    def minimumSizeHint(self) -> QSize:
        return QSize(180, self.sizeHint().height())

    # -- events ---------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.marks:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._hovered >= 0 and self.marks[self._hovered].key:
            painter.fillRect(self.mark_rect(self._hovered), colour("hover"))
        self.paint_marks(painter)
        if self.hasFocus() and self._by_keyboard and self._current >= 0:
            pen = QPen(colour("accent"), 2)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.mark_rect(self._current).adjusted(1, 1, -1, -1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if not self.marks:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Right):
            self._go_to(min(self._current + 1, len(self.marks) - 1))
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Left):
            self._go_to(max(self._current - 1, 0))
        elif key == Qt.Key.Key_Home:
            self._go_to(0)
        elif key == Qt.Key.Key_End:
            self._go_to(len(self.marks) - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._current >= 0:
            self._activate(self._current)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if index != self._hovered:
            self._hovered = index
            has_key = index >= 0 and bool(self.marks[index].key)
            self.setCursor(Qt.CursorShape.PointingHandCursor if has_key else Qt.CursorShape.ArrowCursor)
            self.setToolTip(self.marks[index].spoken if index >= 0 else "")
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._current = index
            self._activate(index)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)

    def leaveEvent(self, event: object) -> None:
        self._hovered = -1
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
        )
        if self._by_keyboard and self._current < 0 and self.marks:
            self._go_to(0)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = False
        self.update()

    def _go_to(self, index: int) -> None:
        self._by_keyboard = True
        self._current = index
        self._describe()
        self.update()

    def _activate(self, index: int) -> None:
        if self.marks[index].key:
            self.activated.emit(self.marks[index].key)

    def _index_at(self, position: QPointF) -> int:
        for index in range(len(self.marks)):
            if self.mark_rect(index).contains(position):
                return index
        return -1

    def _describe(self) -> None:
        self.setAccessibleName(self.title)
        spoken = "；".join(mark.spoken for mark in self.marks)
        if 0 <= self._current < len(self.marks):
            spoken = self.marks[self._current].spoken
        self.setAccessibleDescription(spoken)


def colour(token: str) -> QColor:
    """Return a colour of the theme in force."""
    return theme.color(token)


class BridgeChart(Chart):
    """Why a stock is what it is: last month, the steps round a zero line, this month.

    The first and the last mark are the stocks, those between are steps.
    """

    def sizeHint(self) -> QSize:
        return QSize(280, self.row_height() * max(len(self.marks), 1) + 2)

    def mark_rect(self, index: int) -> QRectF:
        height = self.row_height()
        return QRectF(0, index * height, self.width(), height)

    def paint_marks(self, painter: QPainter) -> None:
        regular, bold, small = self.font(), self.bold_font(), self.small_font()
        steps = [abs(mark.value) for mark in self.marks[1:-1]]
        label_width = max(QFontMetrics(bold).horizontalAdvance(mark.label) for mark in self.marks) + 12
        number_width = max(QFontMetrics(bold).horizontalAdvance(number_of(mark)) for mark in self.marks) + 8
        half = max(18.0, min(36.0, (self.width() - label_width - number_width - 90) / 2))
        axis = label_width + half
        scale = half / max(steps) if steps and max(steps) > 0 else 0.0
        number_right = axis + half + number_width
        last = len(self.marks) - 1
        for index, mark in enumerate(self.marks):
            rect = self.mark_rect(index)
            is_stock = index in (0, last)
            painter.setFont(bold if is_stock else regular)
            painter.setPen(colour("text"))
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(rect, middle | Qt.AlignmentFlag.AlignLeft, mark.label)
            painter.setPen(colour("accent"))
            number = QRectF(rect.left(), rect.top(), number_right, rect.height())
            painter.drawText(number, middle | Qt.AlignmentFlag.AlignRight, number_of(mark, stock=is_stock))
            painter.setFont(small)
            painter.setPen(colour("text2"))
            note = QRectF(number_right + 12, rect.top(), self.width() - number_right - 12, rect.height())
            elided = QFontMetrics(small).elidedText(mark.note, Qt.TextElideMode.ElideRight, int(note.width()))
            painter.drawText(note, middle | Qt.AlignmentFlag.AlignLeft, elided)
            if not is_stock and mark.value:
                length = max(1.5, abs(mark.value) * scale)
                left = axis if mark.value > 0 else axis - length
                bar = QRectF(left, rect.center().y() - 4.5, length, 9)
                painter.fillRect(bar, colour("accent" if mark.value > 0 else "edge"))
        painter.setPen(hairline("line2"))
        top, bottom = self.mark_rect(0).bottom(), self.mark_rect(last).top()
        painter.drawLine(QPointF(axis, top), QPointF(axis, bottom))
        painter.drawLine(QPointF(0, top), QPointF(self.width(), top))
        painter.drawLine(QPointF(0, bottom), QPointF(self.width(), bottom))


class TargetChart(Chart):
    """Is what is due there: a bar for what is, hatched for what is missing; `value` of `target`.

    Each bar is as long as its own target, for marks that count different things, or all have `one_scale`.
    """

    def __init__(self, title: str = "", *, one_scale: bool = True) -> None:
        super().__init__(title)
        self._one_scale = one_scale

    def sizeHint(self) -> QSize:
        return QSize(280, (self.row_height() + 2) * max(len(self.marks), 1))

    def mark_rect(self, index: int) -> QRectF:
        height = self.row_height() + 2
        return QRectF(0, index * height, self.width(), height)

    def paint_marks(self, painter: QPainter) -> None:
        metrics = self.fontMetrics()
        label_width = max(metrics.horizontalAdvance(mark.label) for mark in self.marks) + 12
        texts = [mark.text or f"{mark.value:,.0f} / {mark.target or 0:,.0f}" for mark in self.marks]
        text_width = max(metrics.horizontalAdvance(text) for text in texts) + 10
        note_width = max(metrics.horizontalAdvance(mark.note) for mark in self.marks)
        note_width += 12 if note_width else 0
        longest = max(20.0, self.width() - label_width - text_width - note_width)
        most = max((max(mark.target or 0, mark.value) for mark in self.marks), default=0) or 1
        middle = Qt.AlignmentFlag.AlignVCenter
        for index, mark in enumerate(self.marks):
            rect = self.mark_rect(index)
            painter.setPen(colour("text"))
            painter.setFont(self.font())
            painter.drawText(rect, middle | Qt.AlignmentFlag.AlignLeft, mark.label)
            if not self._one_scale:
                most = max(mark.target or 0, mark.value) or 1
            done = longest * mark.value / most
            whole = longest * (mark.target or 0) / most
            bar = QRectF(label_width, rect.center().y() - 5.5, done, 11)
            painter.fillRect(bar, colour("accent"))
            if whole > done:
                rest = QRectF(label_width + done, bar.top(), whole - done, 11)
                painter.fillRect(rest, QBrush(colour("edge"), Qt.BrushStyle.BDiagPattern))
                painter.setPen(hairline("edge"))
                painter.drawRect(rest)
            missing = (mark.target or 0) > mark.value
            text = QRectF(rect.left(), rect.top(), rect.width() - note_width, rect.height())
            painter.setPen(colour("text"))
            painter.drawText(text, middle | Qt.AlignmentFlag.AlignRight, texts[index])
            painter.setPen(colour("explain" if missing else "text2"))
            painter.drawText(rect, middle | Qt.AlignmentFlag.AlignRight, mark.note)


class MonthsChart(Chart):
    """How a number went over twelve months: a line with its numbers, months below."""

    def sizeHint(self) -> QSize:
        return QSize(280, 92 + 2 * QFontMetrics(self.small_font()).height())

    def mark_rect(self, index: int) -> QRectF:
        step = self.width() / max(len(self.marks), 1)
        return QRectF(index * step, 0, step, self.height())

    def point(self, index: int) -> QPointF:
        """Return where a mark's point lies."""
        rect = self.mark_rect(index)
        line = QFontMetrics(self.small_font()).height()
        values = [mark.value for mark in self.marks]
        low, high = min(values), max(values)
        top, bottom = line + 8.0, self.height() - line - 12.0
        share = (self.marks[index].value - low) / (high - low) if high > low else 0.5
        return QPointF(rect.center().x(), bottom - share * (bottom - top - 8))

    def paint_marks(self, painter: QPainter) -> None:
        small = self.small_font()
        metrics = QFontMetrics(small)
        line = metrics.height()
        points = [self.point(index) for index in range(len(self.marks))]
        painter.setPen(hairline("line2"))
        ground = self.height() - line - 4
        painter.drawLine(QPointF(0, ground), QPointF(self.width(), ground))
        painter.setPen(QPen(colour("accent"), 1.5))
        painter.drawPolyline(QPolygonF(points))
        painter.setFont(small)
        step = self.width() / len(self.marks)
        widest = max(metrics.horizontalAdvance(number_of(mark, stock=True)) for mark in self.marks)
        values = [mark.value for mark in self.marks]
        last = len(self.marks) - 1
        told = {0, last, values.index(min(values)), values.index(max(values)), self._current}
        for index, (mark, point) in enumerate(zip(self.marks, points, strict=True)):
            painter.setBrush(colour("accent") if index == last else colour("surface"))
            painter.setPen(QPen(colour("accent"), 1.5))
            painter.drawEllipse(point, 2.5, 2.5)
            centre = Qt.AlignmentFlag.AlignHCenter
            if widest + 2 <= step or index in told:
                painter.setPen(colour("text" if index == last else "text2"))
                rect = QRectF(point.x() - 40, point.y() - line - 4, 80, line)
                rect = keep_inside(rect, self.rect(), metrics.horizontalAdvance(number_of(mark, stock=True)))
                painter.drawText(rect, centre | Qt.AlignmentFlag.AlignBottom, number_of(mark, stock=True))
            painter.setPen(colour("text3"))
            below = QRectF(point.x() - 40, ground + 2, 80, line + 2)
            if metrics.horizontalAdvance(mark.label) <= step or index % 2 == last % 2:
                painter.drawText(below, centre | Qt.AlignmentFlag.AlignTop, mark.label)


def number_of(mark: Mark, *, stock: bool = False) -> str:
    """Return the number that stands at a mark."""
    if mark.text:
        return mark.text
    return f"{mark.value:,.0f}".replace("-", MINUS) if stock else signed(mark.value)


def keep_inside(rect: QRectF, bounds: QRect, text_width: float) -> QRectF:
    """Return the rectangle moved so that a text centred in it stays within bounds."""
    centre = rect.center().x()
    low, high = bounds.left() + text_width / 2, bounds.right() - text_width / 2
    rect.moveCenter(QPointF(min(max(centre, low), high), rect.center().y()))
    return rect


def hairline(token: str) -> QPen:
    """Return a pen that stays one device pixel thin."""
    pen = QPen(colour(token), 1)
    pen.setCosmetic(True)
    return pen
