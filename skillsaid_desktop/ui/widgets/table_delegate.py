"""What the cells of a table are typed into."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from skillsaid_desktop.schema.choices import Choice, Flag

if TYPE_CHECKING:
    from skillsaid_desktop.ui.widgets.table_view import FrozenTable

AnyIndex = QModelIndex | QPersistentModelIndex


class TableDelegate(QStyledItemDelegate):
    """Makes the editors of a `FrozenTable`, whose cells `TablePainter` paints."""

    def __init__(self, table: "FrozenTable") -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(60, 30)

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
