"""Paints the cells of every table: grounds, tags, masks, row lines at device pixels, the current cell's frame."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QLineF, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from skillsaid_desktop.schema.choices import Choice, Flag, Held
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.widgets.marks import DIFFICULTY_TONES, HELD_TONES, STATE_TONES, paint_tag

if TYPE_CHECKING:
    from skillsaid_desktop.ui.widgets.table_view import FrozenTable

AnyIndex = QModelIndex | QPersistentModelIndex
PADDING = 8
TAGGED = frozenset({"state", "current_state", "month_state"})
GRADED = frozenset({"difficulty"})


class _Looks:
    """Colours and fonts of one theme, made once, because a frame paints some three hundred cells."""

    def __init__(self) -> None:
        self.made_for: object = theme.tokens()
        self.surface, self.hover, self.select = (theme.color(n) for n in ("surface", "hover", "select"))
        self.text, self.text2, self.text3 = (theme.color(n) for n in ("text", "text2", "text3"))
        self.line = QPen(theme.color("line"), 0)
        self.accent = QPen(theme.color("accent"), 2)
        self.block = QPen(theme.color("accent"), 1)
        self.font = theme.font("body")
        self.bold = QFont(self.font)
        self.bold.setBold(True)
        metrics = QFontMetrics(self.font)
        self.metrics = metrics
        self.full_width = metrics.horizontalAdvance("国")


class TableDelegate(QStyledItemDelegate):
    """Cells of a `FrozenTable`; a page may override `ground` and `tone` for its own meaning."""

    def __init__(self, table: "FrozenTable") -> None:
        super().__init__(table)
        self._table = table
        self._looks = _Looks()

    def ground(self, index: AnyIndex) -> QColor | None:
        """Return the ground of a cell that isn't chosen, or None."""
        return None

    def tone(self, index: AnyIndex, text: str) -> str:
        """Return "" for plain text, or the token of a cell's text."""
        return "text3" if text in ("0", "无", "—") else ""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        looks = self._looks
        if looks.made_for is not theme.tokens():
            looks = self._looks = _Looks()
        rect: QRect = option.rect
        row, column = index.row(), index.column()
        chosen = self._table.is_row_chosen(row)
        if self._table.has_notes and column in self._table.note_of(row)[1]:
            painter.fillRect(rect, theme.color("stop_tint"))
        elif chosen:
            painter.fillRect(rect, looks.select)
        elif row == self._table.hovered_row:
            painter.fillRect(rect, looks.hover)
        else:
            ground = self.ground(index)
            if ground is not None:
                painter.fillRect(rect, ground)
        text = str(index.data() or "")
        if text:
            self._paint_text(painter, rect, index, text, chosen, looks)
        painter.setPen(looks.line)
        bottom = rect.bottom() + 0.5
        painter.drawLine(QLineF(rect.left(), bottom, rect.right() + 1, bottom))
        if self._table.is_current(row, column):
            painter.setPen(looks.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        elif chosen and self._table.has_block:
            self._paint_block(painter, rect, index, looks)

    def _paint_text(
        self, painter: QPainter, rect: QRect, index: AnyIndex, text: str, chosen: bool, looks: _Looks
    ) -> None:
        name = self._table.column_name(index.column())
        if name in TAGGED and text in STATE_TONES:
            paint_tag(painter, rect.left() + PADDING, rect.center().y() + 1, text, STATE_TONES[text])
            return
        if name in GRADED and text in DIFFICULTY_TONES:
            tone = DIFFICULTY_TONES[text]
            paint_tag(painter, rect.left() + PADDING, rect.center().y() + 1, text, tone, filled=True)
            return
        if text in HELD_TONES and isinstance(self._table.column_type(index.column()), Held):
            paint_tag(
                painter, rect.left() + PADDING, rect.center().y() + 1, text, HELD_TONES[text], filled=True
            )
            return
        inner = rect.adjusted(PADDING, 0, -PADDING, 0)
        tone = self.tone(index, text)
        if tone == "text3" and chosen:
            tone = "text2"
        painter.setPen(theme.color(tone) if tone else looks.text)
        searched = self._table.marked_text
        painter.setFont(looks.bold if searched and name == "name" and searched in text else looks.font)
        if len(text) * looks.full_width > inner.width():
            text = looks.metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, self._table.alignment(index.column()), text)

    def _paint_block(self, painter: QPainter, rect: QRect, index: AnyIndex, looks: _Looks) -> None:
        chosen = self._table.is_cell_chosen
        row, column = index.row(), index.column()
        if not chosen(row, column):
            return
        painter.setPen(looks.block)
        if not chosen(row - 1, column):
            painter.drawLine(rect.topLeft(), rect.topRight())
        if not chosen(row + 1, column):
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if not chosen(row, column - 1):
            painter.drawLine(rect.topLeft(), rect.bottomLeft())
        if not chosen(row, column + 1):
            painter.drawLine(rect.topRight(), rect.bottomRight())

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(60, 30)

    # Editing

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        kind = self._table.column_type(index.column())
        editor: QWidget
        if isinstance(kind, Choice | Flag):
            combo = QComboBox(parent)
            combo.addItem("")
            combo.addItems(list(self._table.choices(index.column())))
            editor = combo
        else:
            editor = QLineEdit(parent)
        editor.setProperty("cell", True)
        return editor

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findText(text)))
        elif isinstance(editor, QLineEdit):
            editor.setText(text)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex) -> None:
        text: Any = ""
        if isinstance(editor, QComboBox):
            text = editor.currentText()
        elif isinstance(editor, QLineEdit):
            text = editor.text()
        model.setData(index, text, Qt.ItemDataRole.EditRole)
