"""The marks that carry meaning: check weights, tags, grounds of difficulty; each for painting and as a widget."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from skillsaid_desktop.schema.issue import Severity
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.widgets.text import Label

WEIGHTS: dict[str, tuple[str, str]] = {
    "stop": ("stop", "必须处理"),
    "explain": ("explain", "须说明"),
    "hint": ("hint", "提示"),
    "good": ("good", "已说明"),
}
"""Check weights: token and word."""

SEVERITY_WEIGHTS = {
    Severity.BLOCK: "stop",
    Severity.ASK: "explain",
    Severity.HINT: "hint",
    Severity.FIXED: "good",
}

STATE_TONES: dict[str, str] = {
    "实习": "accent",
    "休学": "explain",
    "保留学籍": "explain",
    "毕业": "good",
    "结业": "good",
    "退学": "text3",
    "转出": "text3",
    "开除": "text3",
    "注销": "text3",
    "死亡": "text3",
    "登记中": "text3",
    "检查中": "accent",
    "已封账": "good",
    "已报送": "good",
    "重新打开": "explain",
}
"""States of students and of reporting months that are shown as an outline tag; others are plain text."""

HELD_TONES: dict[str, str] = {"缺": "explain"}
"""Proofs that are missing; those that are there are plain text."""

DIFFICULTY_TONES: dict[str, str] = {"较重": "explain", "紧急": "stop"}


def paint_weight(painter: QPainter, rect: QRect, weight: str) -> None:
    """Draw ● ◐ ○ ✓ into a 14 × 14 rectangle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = theme.color(WEIGHTS[weight][0])
    centre = QRectF(rect).center()
    if weight == "stop":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(centre, 5.5, 5.5)
    elif weight in ("explain", "hint"):
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, 4.75, 4.75)
        if weight == "explain":
            half = QPainterPath(centre)
            half.arcTo(QRectF(centre.x() - 5, centre.y() - 5, 10, 10), 90, 180)
            half.closeSubpath()
            painter.fillPath(half, colour)
    else:
        painter.setPen(QPen(colour, 1.4))
        x, y = centre.x(), centre.y()
        painter.drawPolyline([QPointF(x - 5, y + 0.5), QPointF(x - 1.8, y + 3.7), QPointF(x + 5, y - 3.6)])
    painter.restore()


def tag_width(text: str) -> int:
    """Return how wide an outline tag is painted."""
    return QFontMetrics(theme.font("small")).horizontalAdvance(text) + 14


def tag_height() -> int:
    """Return how high a tag is: 20, or more where the font is larger."""
    return max(20, QFontMetrics(theme.font("small")).height() + 4)


def fill_framed(painter: QPainter, rect: QRect, ground: str, frame: str) -> None:
    """Fill a rectangle and its frame of one pixel; both are colour tokens.

    Filled, not drawn: of a line along the edge half the pen falls outside, at 150 % all of it.
    """
    painter.fillRect(rect, theme.color(frame))
    painter.fillRect(rect.adjusted(1, 1, -1, -1), theme.color(ground))


def paint_tag(
    painter: QPainter, left: int, centre_y: float, text: str, tone: str, *, filled: bool = False
) -> int:
    """Draw an outline tag (or, filled, a bold word on its tint) and return its width."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = theme.font("small")
    font.setBold(filled)
    width = QFontMetrics(font).horizontalAdvance(text) + 14
    height = tag_height()
    rect = QRectF(left + 0.5, centre_y - height / 2 + 0.5, width - 1, height - 1)
    colour = theme.color(tone)
    if filled:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(f"{tone}_tint"))
    else:
        painter.setPen(QPen(theme.color("edge") if tone in ("text2", "text3") else colour, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect, 3, 3)
    painter.setPen(theme.color("text2") if tone == "text3" else colour)
    painter.setFont(font)
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.restore()
    return width


class WeightMark(QWidget):
    """A check weight by itself, 14 × 14, with its word for screen readers."""

    def __init__(self, weight: str) -> None:
        super().__init__()
        self._weight = weight
        self.setFixedSize(14, 14)
        self.setAccessibleName(WEIGHTS[weight][1])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_weight(painter, self.rect(), self._weight)
        painter.end()


class WeightLabel(QWidget):
    """A check weight with words beside it."""

    def __init__(self, weight: str, text: str = "", *, bold: bool = True) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(WeightMark(weight))
        self.label = Label(text or WEIGHTS[weight][1], role="small", tone=WEIGHTS[weight][0])
        if bold:
            font = self.label.font()
            font.setBold(True)
            self.label.setFont(font)
        layout.addWidget(self.label)


class Tag(QWidget):
    """An outline tag, or bold on its tint when `filled`."""

    def __init__(self, text: str, tone: str = "text3", *, filled: bool = False) -> None:
        super().__init__()
        self._text, self._tone, self._filled = text, tone, filled
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def set_text(self, text: str, tone: str = "text3") -> None:
        """Show other words."""
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(tag_width(self._text) + (2 if self._filled else 0), tag_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_tag(painter, 0, self.height() / 2, self._text, self._tone, filled=self._filled)
        painter.end()
