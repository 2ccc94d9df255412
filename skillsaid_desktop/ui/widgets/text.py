"""Labels in the roles and tones of the design."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from skillsaid_desktop.ui import theme

BETWEEN_FACTS = "\u3000"


class Label(QLabel):
    """A plain-text label: `role` of theme.ROLES, `tone` a colour token; `wraps` for sentences."""

    def __init__(
        self,
        text: str = "",
        *,
        role: str = "body",
        tone: str = "text",
        wraps: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(role))
        self.set_tone(tone)
        self.setWordWrap(wraps)
        if wraps:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def set_tone(self, tone: str) -> None:
        """Change the colour token."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            if self.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # else it is polished when shown
                self.style().unpolish(self)
                self.style().polish(self)


class ElidedLabel(QLabel):
    """A line of facts that may be cut at the right when there is no room; the tool tip has it whole."""

    def __init__(self, text: str = "", *, role: str = "body", tone: str = "text2") -> None:
        super().__init__(text)
        self.setFont(theme.font(role))
        self.setProperty("tone", tone)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setToolTip(self.text() if self._is_cut() else "")

    def _is_cut(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.text()) > self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.color(str(self.property("tone"))))
        painter.setFont(self.font())
        shown = self.shown()
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.end()

    def shown(self) -> str:
        """Return what there is room for."""
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())


class FactsLabel(ElidedLabel):
    """Facts with a wide space between them: where there is no room the last ones are left out, none is cut."""

    def shown(self) -> str:
        """Return the facts that stand whole."""
        facts = self.text().split(BETWEEN_FACTS)
        while facts and self.fontMetrics().horizontalAdvance(BETWEEN_FACTS.join(facts)) > self.width():
            facts.pop()
        return BETWEEN_FACTS.join(facts)


class Line(QFrame):
    """A one-pixel line between two regions; `tone` is a colour token."""

    def __init__(self, *, vertical: bool = False, tone: str = "line") -> None:
        super().__init__()
        self._tone = tone
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(self._tone))
        painter.end()


def set_ground(widget: QWidget, ground: str) -> None:
    """Give a plain widget one of the grounds window, surface, sunken, raised, desk."""
    widget.setProperty("ground", ground)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
