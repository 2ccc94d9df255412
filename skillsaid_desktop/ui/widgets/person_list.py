"""A list of people in two lines each, with section lines between: whom to judge, and whom somebody has judged."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from skillsaid_desktop.ui import theme

_LINE = Qt.ItemDataRole.UserRole
_AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One line: the name, what it is about, a word at the right. A section has no `key` and cannot be chosen."""

    name: str
    about: str = ""
    word: str = ""
    tone: str = "text2"
    key: object = None

    @property
    def is_section(self) -> bool:
        """Say whether this is a line between groups."""
        return self.key is None


class _Delegate(QStyledItemDelegate):
    """Paints a `PersonLine`."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        line: PersonLine = index.data(_LINE)
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected) and not line.is_section
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver) and not line.is_section
        painter.save()
        painter.fillRect(rect, theme.color("select" if chosen else "hover" if hovered else "sunken"))
        if chosen:
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), theme.color("accent"))
        inner = rect.adjusted(16, 0, -14, 0)
        if line.is_section:
            self._paint_section(painter, inner, line)
        else:
            self._paint_person(painter, inner, line, chosen)
        painter.setPen(QPen(theme.color("line"), 0))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()

    def _paint_section(self, painter: QPainter, inner: QRect, line: PersonLine) -> None:
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text2"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, int(middle | Qt.AlignmentFlag.AlignLeft), line.name)
        painter.drawText(inner, int(middle | Qt.AlignmentFlag.AlignRight), line.about)

    def _paint_person(self, painter: QPainter, inner: QRect, line: PersonLine, chosen: bool) -> None:
        body, small = QFontMetrics(theme.font("body")), QFontMetrics(theme.font("small"))
        top = inner.center().y() - (body.height() + small.height() + 2) // 2
        upper = QRect(inner.left(), top, inner.width(), body.height())
        lower = QRect(inner.left(), top + body.height() + 2, inner.width(), small.height())
        word_width = small.horizontalAdvance(line.word)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text"))
        name_room = upper.width() - word_width - 8
        name = body.elidedText(line.name, Qt.TextElideMode.ElideRight, name_room)
        painter.drawText(upper, int(Qt.AlignmentFlag.AlignLeft), name)
        painter.setFont(theme.font("small"))
        painter.setPen(self._tone(line, chosen))
        painter.drawText(upper, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), line.word)
        painter.setPen(theme.color("text2"))
        about = small.elidedText(line.about, Qt.TextElideMode.ElideRight, lower.width())
        painter.drawText(lower, int(Qt.AlignmentFlag.AlignLeft), about)

    def _tone(self, line: PersonLine, chosen: bool) -> QColor:
        return theme.color("text2" if chosen and line.tone == "text3" else line.tone)

    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:
        line: PersonLine = index.data(_LINE)
        body, small = QFontMetrics(theme.font("body")), QFontMetrics(theme.font("small"))
        height = (
            max(30, small.height() + 10) if line.is_section else max(52, body.height() + small.height() + 14)
        )
        return QSize(120, height)


class PersonList(QListWidget):
    """The list; digits are not its own, they go to whoever listens to `digit_pressed`."""

    chosen = Signal(object)
    digit_pressed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setItemDelegate(_Delegate(self))
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("ground", "sunken")
        self.currentItemChanged.connect(lambda now, _before: self._on_current(now))

    def set_lines(self, lines: Sequence[PersonLine], keep: object = None) -> None:
        """Show these lines; the one with the key `keep` is chosen, else the first person."""
        self.blockSignals(True)
        self.clear()
        for line in lines:
            item = QListWidgetItem(f"{line.name}　{line.about}　{line.word}".strip())
            item.setData(_LINE, line)
            if line.is_section:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            elif line.about:
                item.setToolTip(line.about)
            self.addItem(item)
        self.blockSignals(False)
        people = [at for at, line in enumerate(lines) if not line.is_section]
        at = next((at for at in people if lines[at].key == keep), people[0] if people else -1)
        self.setCurrentRow(at)
        if at < 0:
            self.chosen.emit(None)

    def key(self) -> object:
        """Return the key of the chosen person, None if there is none."""
        at = self.currentRow()
        return self.item(at).data(_LINE).key if at >= 0 else None

    def people(self) -> list[object]:
        """Return the keys of all people, in order."""
        lines = [self.item(at).data(_LINE) for at in range(self.count())]
        return [line.key for line in lines if not line.is_section]

    def step(self, by: int) -> None:
        """Choose the next person (1) or the one before (-1), passing over sections."""
        at = self.currentRow() + by
        while 0 <= at < self.count() and self.item(at).data(_LINE).is_section:
            at += by
        if 0 <= at < self.count():
            self.setCurrentRow(at)

    def _on_current(self, item: QListWidgetItem | None) -> None:
        if item is not None and not item.data(_LINE).is_section:
            self.chosen.emit(item.data(_LINE).key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isdigit() and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self.digit_pressed.emit(int(event.text()))
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)
