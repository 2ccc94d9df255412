"""The grid of 每月监测: cells that are typed into, with the manners of a spreadsheet."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QStyleOptionViewItem,
    QWidget,
)

from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.models.monitoring_model import COLUMNS, FIELDS, LEVELS, MonitoringModel
from skillsaid_desktop.ui.widgets.row_note import paint_row_note
from skillsaid_desktop.ui.widgets.row_table import CellDelegate, RowTable

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
        view = self.parent()
        if isinstance(view, RowTable) and view.hasFocus() and view.currentIndex() == index:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(option.rect.adjusted(1, 1, -2, -2))


class EntryTable(RowTable):
    """The grid: Enter stores and goes down, Tab goes right, typing begins to edit."""

    def __init__(self, model: MonitoringModel) -> None:
        super().__init__(COLUMNS, model)
        self.setItemDelegate(_EntryDelegate(self))
        self.setTabKeyNavigation(True)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.state() == QAbstractItemView.State.EditingState and not self.hasFocus():
            event.ignore()  # a line edit lets Enter through, while the cell is being stored
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
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            self.go_down()

    def go_down(self) -> None:
        """Go to the cell below."""
        now = self.currentIndex()
        if now.row() + 1 < self.row_count():
            self.setCurrentIndex(self.rows_model.index(now.row() + 1, now.column()))

    def go_to(self, row: int, column: int = 2) -> None:
        """Put the current cell somewhere."""
        index = self.rows_model.index(row, column)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)
