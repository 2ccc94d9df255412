"""The list of 查找: groups with counts, one line for each thing, the searched part in bold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from skillsaid_desktop.services.finding import Line, Span
from skillsaid_desktop.ui import icons, theme

_SHOWN = Qt.ItemDataRole.UserRole
_AnyIndex = QModelIndex | QPersistentModelIndex
_MARGIN, _ICON, _GAP = 10, 16, 8


@dataclass(frozen=True)
class Found:
    """One thing that can be opened; `key` names it for another time, () if it is only of this list."""

    line: Line
    icon: str
    open: Callable[[], object]
    key: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """The line over a group: its name, and how many there are."""

    title: str
    count: str = ""


class _Delegate(QStyledItemDelegate):
    """Paints a `Found` or a `Section`."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        shown = index.data(_SHOWN)
        rect: QRect = option.rect
        painter.save()
        if isinstance(shown, Section):
            self._paint_section(painter, rect, shown)
        else:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
            if chosen or hovered:
                painter.fillRect(rect, theme.color("select" if chosen else "hover"))
            self._paint_found(painter, rect, shown, chosen)
        painter.restore()

    def _paint_section(self, painter: QPainter, rect: QRect, section: Section) -> None:
        painter.fillRect(rect, theme.color("sunken"))
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text2"))
        inner = rect.adjusted(_MARGIN, 0, -_MARGIN, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, int(middle | Qt.AlignmentFlag.AlignLeft), section.title)
        painter.drawText(inner, int(middle | Qt.AlignmentFlag.AlignRight), section.count)

    def _paint_found(self, painter: QPainter, rect: QRect, found: Found, chosen: bool) -> None:
        at = QRect(rect.left() + _MARGIN, rect.center().y() - _ICON // 2 + 1, _ICON, _ICON)
        icons.paint(painter, at, found.icon, "text2")
        inner = rect.adjusted(_MARGIN + _ICON + _GAP, 0, -_MARGIN, 0)
        painter.setPen(theme.color("text"))
        left = _draw(painter, inner, found.line.text, found.line.marks, "body")
        inner.setLeft(left + 14)
        painter.setPen(theme.color("text2"))
        _draw(painter, inner, found.line.about, found.line.about_marks, "small")

    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:
        is_section = isinstance(index.data(_SHOWN), Section)
        metrics = QFontMetrics(theme.font("small" if is_section else "body"))
        return QSize(120, max(26 if is_section else 30, metrics.height() + 8))


def _draw(painter: QPainter, rect: QRect, text: str, marks: Sequence[Span], role: str) -> int:
    """Draw a text with its marked parts in bold, cut at the right where there is no room; return where it ends."""
    at = rect.left()
    for part, is_marked in _parts(text, marks):
        font = theme.font(role)
        font.setBold(is_marked)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        room = rect.right() - at
        shown = metrics.elidedText(part, Qt.TextElideMode.ElideRight, room)
        painter.drawText(
            QRect(at, rect.top(), room, rect.height()), int(Qt.AlignmentFlag.AlignVCenter), shown
        )
        at += metrics.horizontalAdvance(shown)
        if shown != part:
            break
    return at


def _parts(text: str, marks: Sequence[Span]) -> list[tuple[str, bool]]:
    marked = {at for start, length in marks for at in range(start, start + length)}
    parts: list[tuple[str, bool]] = []
    for at, character in enumerate(text):
        if parts and parts[-1][1] == (at in marked):
            parts[-1] = (parts[-1][0] + character, parts[-1][1])
        else:
            parts.append((character, at in marked))
    return parts


class FoundList(QListWidget):
    """Sections and lines; the keys come from the field that keeps the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setItemDelegate(_Delegate(self))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("ground", "raised")

    def set_lines(self, lines: Sequence[Section | Found], keep: tuple[str, ...] = ()) -> None:
        """Show these lines; the one with the key `keep` is chosen, else the first."""
        self.clear()
        for line in lines:
            is_section = isinstance(line, Section)
            words = f"{line.title} {line.count}" if isinstance(line, Section) else _words(line)
            item = QListWidgetItem(words)
            item.setData(_SHOWN, line)
            if is_section:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addItem(item)
        found = self.found()
        chosen = next((at for at, one in found if keep and one.key == keep), found[0][0] if found else -1)
        self.setCurrentRow(chosen)
        self.scrollToTop()

    def found(self) -> list[tuple[int, Found]]:
        """Return what can be opened, with its row."""
        lines = [(row, self.item(row).data(_SHOWN)) for row in range(self.count())]
        return [(row, line) for row, line in lines if isinstance(line, Found)]

    def sections(self) -> list[Section]:
        """Return the lines over the groups."""
        lines = [self.item(row).data(_SHOWN) for row in range(self.count())]
        return [line for line in lines if isinstance(line, Section)]

    def current(self) -> Found | None:
        """Return the chosen line."""
        return next((one for row, one in self.found() if row == self.currentRow()), None)

    def step(self, by: int) -> None:
        """Choose a line further down (or up), passing over sections, and stay at the ends."""
        rows = [row for row, _one in self.found()]
        if rows:
            now = rows.index(self.currentRow()) if self.currentRow() in rows else -1
            self.setCurrentRow(rows[min(max(now + by, 0), len(rows) - 1)])
            if self.currentRow() == rows[0]:
                self.scrollToTop()

    def wanted_height(self) -> int:
        """Return how high the list is with all its lines."""
        return sum(self.sizeHintForRow(row) for row in range(self.count()))


def _words(found: Found) -> str:
    return f"{found.line.text}　{found.line.about}".strip()
