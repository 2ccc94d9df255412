"""The grid of 每月监测: cells that are typed into, with the manners of a spreadsheet."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QStyleOptionViewItem,
    QWidget,
)

from skillsaid_desktop.services.monitoring import MonitoringGrid
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.models.monitoring_model import (
    AT,
    COLUMNS,
    FIELDS,
    LEVELS,
    NAME_AT,
    MonitoringModel,
    row_of,
)
from skillsaid_desktop.ui.widgets.row_cells import CellDelegate
from skillsaid_desktop.ui.widgets.row_note import paint_row_note
from skillsaid_desktop.ui.widgets.row_order import arranged
from skillsaid_desktop.ui.widgets.row_table import RowTable

AnyIndex = QModelIndex | QPersistentModelIndex


class _EntryDelegate(CellDelegate):
    """Cells with editors: a list for the level, a line for the rest; the current cell has a frame."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        if FIELDS[index.column()][0] == "difficulty":
            box = QComboBox(parent)
            box.addItems(list(LEVELS))
            return box
        line = QLineEdit(parent)
        line.setProperty("cell", True)
        return line

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, QComboBox):
            editor.setCurrentText(text or LEVELS[0])
        elif isinstance(editor, QLineEdit) and not editor.text():
            editor.setText(text)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: AnyIndex) -> None:
        text = editor.currentText() if isinstance(editor, QComboBox) else ""
        text = editor.text() if isinstance(editor, QLineEdit) else text
        if isinstance(model, MonitoringModel):
            model.setData(index, text)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        super().paint(painter, option, index)
        if index.column() == NAME_AT:  # who it is ends here
            painter.setPen(QPen(theme.color("edge"), 0))
            painter.drawLine(option.rect.topRight(), option.rect.bottomRight())
        view = self.parent()
        if isinstance(view, RowTable) and view.hasFocus() and view.currentIndex() == index:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(option.rect.adjusted(1, 1, -2, -2))


Target = tuple[int, int, bool]
"""A cell to go to, and whether typing begins there at once."""


class EntryTable(RowTable):
    """The grid: Enter stores and goes down, Tab goes right, typing begins to edit.

    On a name or a level a digit is the level, so that a class is gone through with arrows and digits alone.
    """

    level_pressed = Signal(int, str)
    note_wanted = Signal()
    paste_wanted = Signal()

    def __init__(self, model: MonitoringModel) -> None:
        super().__init__(COLUMNS, model, name="monitoring", frozen=NAME_AT + 1)
        self._sorted: tuple[object, ...] = ()
        self._places: dict[int, int] = {}
        self.where_next: Callable[[int, int], Target | None] = lambda _row, _column: None
        """Says where Enter goes from a cell that was stored, if not down."""
        self.set_delegate(_EntryDelegate)
        self.setTabKeyNavigation(True)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )

    def in_order(self, grid: MonitoringGrid) -> MonitoringGrid:
        """Return a class in the order in which it was sorted; what is typed moves nobody until it is sorted again."""
        now = (grid.class_id, grid.month, self.arrangement.sort)
        if now != self._sorted:
            cells = [row_of(person, at) for at, person in enumerate(grid.rows, 1)]
            order = arranged(cells, COLUMNS, self.arrangement)
            self._sorted, self._places = (
                now,
                {grid.rows[at].student_id: place for place, at in enumerate(order)},
            )
        last = len(self._places)
        return replace(
            grid, rows=tuple(sorted(grid.rows, key=lambda row: self._places.get(row.student_id, last)))
        )

    def sort_by(self, keys: object) -> None:
        self._sorted = ()  # also by the same key again: what was typed since then counts
        super().sort_by(keys)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.state() == QAbstractItemView.State.EditingState and not self.hasFocus():
            event.ignore()  # a line edit lets Enter through, while the cell is being stored
        elif self._level_of(event):
            self.level_pressed.emit(self.current_row(), self._level_of(event))
        elif key == Qt.Key.Key_F2 and self.currentIndex().column() <= NAME_AT:
            self.note_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_wanted.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_down()
        elif key == Qt.Key.Key_F4 or (
            key == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        ):
            self.edit(self.currentIndex())
            editor = self.indexWidget(self.currentIndex())
            if isinstance(editor, QComboBox):
                editor.showPopup()
        else:
            QAbstractItemView.keyPressEvent(self, event)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Go past the row's number as in a spreadsheet: nothing can be typed there, and Home means the name."""
        index = super().moveCursor(action, modifiers)
        if not 0 <= index.column() < NAME_AT:
            return index
        row, column = index.row(), NAME_AT
        if action == QAbstractItemView.CursorAction.MovePrevious and row > 0:
            row, column = row - 1, self.shown_columns()[-1]
        return self.rows_model.index(row, column)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        model = self.rows_model
        if not isinstance(model, MonitoringModel) or not model.wrong:
            return
        painter = QPainter(self.viewport())
        view = self.viewport().rect()
        for at, row in enumerate(model.rows):
            wrong = [column for column, cell in enumerate(row) if cell.wrong]
            line = QRect(view.left(), self.rowViewportPosition(at), view.width(), self.rowHeight(at))
            if wrong and line.intersects(view):
                words = "；".join(row[column].wrong for column in wrong)
                paint_row_note(painter, line, self.visualRect(model.index(at, wrong[0])), words)
        painter.end()

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        if hint != QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            return
        now = self.currentIndex()
        target = self.where_next(now.row(), now.column())
        if target is None:
            self.go_down()
        else:
            self.follow(target)

    def _level_of(self, event: QKeyEvent) -> str:
        """Return the level that a digit means on a name or a level, "" where it means itself."""
        digit = event.text()
        has_none = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        here = self.currentIndex().column() in (NAME_AT, AT["difficulty"])
        return LEVELS[int(digit)] if has_none and here and digit and digit in "0123" else ""

    def follow(self, target: Target) -> None:
        """Go to a cell, and begin to type there if that is wanted."""
        row, column, types = target
        self.go_to(row, column)
        if types:
            self.edit(self.currentIndex())

    def go_down(self) -> None:
        """Go to the cell below."""
        now = self.currentIndex()
        if now.row() + 1 < self.row_count():
            self.setCurrentIndex(self.rows_model.index(now.row() + 1, now.column()))

    def go_to(self, row: int, column: int = NAME_AT) -> None:
        """Put the current cell somewhere."""
        index = self.rows_model.index(row, column)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)
