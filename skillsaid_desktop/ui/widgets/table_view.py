"""The table of the program: frozen columns by two views that share one model and one selection."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QKeyCombination,
    QModelIndex,
    QObject,
    QPoint,
    QRect,
    QSettings,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHBoxLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.types import FieldType
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.widgets.copying import copy_cells
from skillsaid_desktop.ui.widgets.regions import Region, set_region
from skillsaid_desktop.ui.widgets.row_note import paint_row_note
from skillsaid_desktop.ui.widgets.table_delegate import TableDelegate
from skillsaid_desktop.ui.widgets.table_header import ColumnHeader, RowHeader, side_of
from skillsaid_desktop.ui.widgets.table_painting import TablePainter
from skillsaid_desktop.ui.widgets.text import Line
from skillsaid_desktop.ui.widgets.totals_row import TotalsRow

ROW_HEIGHT = 30
FILL_DOWN = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_D)
_Action = QAbstractItemView.CursorAction


class _Half(QTableView):
    """One of the two views; keys cross from one to the other."""

    def __init__(self, table: "FrozenTable") -> None:
        super().__init__()
        self._table = table
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setMouseTracking(True)

    def leave_room(self, bottom: int) -> None:
        """Leave room under the rows for the other half's scroll bar."""
        margins = self.viewportMargins()
        if margins.bottom() != bottom:
            self.setViewportMargins(margins.left(), margins.top(), margins.right(), bottom)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        index = self.currentIndex()
        columns = self._table.shown_columns()
        if index.isValid() and index.column() in columns:
            at = columns.index(index.column())
            step = {_Action.MoveLeft: -1, _Action.MoveRight: 1, _Action.MoveNext: 1, _Action.MovePrevious: -1}
            to = -1
            if action in step:
                far = modifiers & Qt.KeyboardModifier.ControlModifier
                to = (0 if step[action] < 0 else len(columns) - 1) if far else at + step[action]
            elif action in (_Action.MoveHome, _Action.MoveEnd):
                row = index.row()
                if modifiers & Qt.KeyboardModifier.ControlModifier:
                    row = 0 if action == _Action.MoveHome else self.model().rowCount() - 1
                return self.model().index(row, columns[0 if action == _Action.MoveHome else -1])
            if action in step:
                return self.model().index(index.row(), columns[min(max(to, 0), len(columns) - 1)])
        return super().moveCursor(action, modifiers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A line edit lets Enter through; it stores what was typed, and means nothing to the table.
        if self.state() == QAbstractItemView.State.EditingState and not self.hasFocus():
            event.ignore()
        elif not self._table.take_key(event):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = event.pos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            # Qt names the middle of the view; the menu key means the cell that one is in.
            at = self.visualRect(self.currentIndex()).center()
        else:
            at = self.viewport().mapFrom(self, at)
        self._table.ask_menu(self, at)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        # Qt would go on in this half only, and open the next editor; a spreadsheet moves and waits.
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        ends = QAbstractItemDelegate.EndEditHint
        if hint == ends.SubmitModelCache:
            self._table.step(rows=1)
        elif hint in (ends.EditNextItem, ends.EditPreviousItem):
            self._table.step(columns=1 if hint == ends.EditNextItem else -1)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._table.note_current()
        self._table.painter.paint(self, event.rect())
        self._table.paint_notes(self)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._table.hover(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._table.hover(-1)
        super().leaveEvent(event)


class FrozenTable(QWidget):
    """A table whose first columns stay in sight; `fields` describe the model's columns."""

    current_changed = Signal(int)  # row, -1 for none
    activated = Signal(int)  # Enter on a row
    selection_changed = Signal()
    sort_changed = Signal(object)  # tuple of (field name, descending)
    menu_wanted = Signal(int, int, QPoint)  # row, column, global position
    head_menu_wanted = Signal(int, QPoint)  # column, global position

    def __init__(self, name: str, *, frozen: int = 2) -> None:
        super().__init__()
        self._name = name
        self._frozen = frozen
        self._fields: Sequence[Field] = ()
        self._hidden: set[str] = set()
        self.hovered_row = -1
        self.marked_text = ""
        self.has_block = False
        self.has_notes = False
        self.note_of: Callable[[int], tuple[str, tuple[int, ...]]] = lambda _row: ("", ())
        """Returns why a row waits to be mended, and in which columns."""
        self.text_of: Callable[[int, int], str] = self._text_of
        """Returns what stands in a cell."""
        self.painter = TablePainter(self)
        self._current = (-1, -1)
        self.choices_of: Callable[[Field], Sequence[str]] = lambda _field: ()
        self.paste: Callable[[], object] | None = None
        self.fill_down: Callable[[], object] | None = None
        """What Ctrl+V and Ctrl+D do, where a table can be written in."""
        self._alignments: list[int] = []
        self._chosen_rows: dict[int, bool] = {}
        self.left, self.right = _Half(self), _Half(self)
        self._halves = (self.left, self.right)
        self.totals = TotalsRow(self)
        layout = QHBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(layout, 1)
        whole.addWidget(self.totals)
        self._edge = Line(vertical=True, tone="edge")
        layout.addWidget(self.left)
        layout.addWidget(self._edge)
        layout.addWidget(self.right, 1)
        self.setFocusProxy(self.left)
        set_region(self, Region.TABLE)
        self.left.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.left.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.left.setVerticalHeader(RowHeader(self))
        self.right.verticalHeader().hide()
        self.heads = (ColumnHeader(self.left), ColumnHeader(self.right))
        for half, head in zip(self._halves, self.heads, strict=True):
            half.setHorizontalHeader(head)
            half.setItemDelegate(TableDelegate(self))
            half.verticalHeader().setDefaultSectionSize(self._row_height())
            half.verticalHeader().setMinimumSectionSize(20)
            head.sort_changed.connect(self._on_sort)
            head.menu_wanted.connect(self.head_menu_wanted)
            head.sectionResized.connect(self._on_section_resized)
        self.left.verticalScrollBar().valueChanged.connect(self.right.verticalScrollBar().setValue)
        self.right.verticalScrollBar().valueChanged.connect(self.left.verticalScrollBar().setValue)
        # The half that is laid out later had no room to follow: else a name stands beside another's number.
        self.left.verticalScrollBar().rangeChanged.connect(self._on_range)
        self.right.verticalScrollBar().rangeChanged.connect(self._on_range)
        self.right.horizontalScrollBar().installEventFilter(self)
        self.right.horizontalScrollBar().valueChanged.connect(lambda _at: self.totals.update())

    def _on_range(self) -> None:
        """Bring both halves to the row that the one further down shows."""
        bars = (self.left.verticalScrollBar(), self.right.verticalScrollBar())
        value = max(bar.value() for bar in bars)
        for bar in bars:
            bar.setValue(value)

    # Model

    def set_model(
        self, model: QAbstractTableModel, fields: Sequence[Field], hidden: Sequence[str] = ()
    ) -> None:
        """Show a model whose columns are `fields`; `hidden` are not shown until chosen."""
        self._fields = fields
        self._alignments = [side_of(field) for field in fields]
        stored = QSettings().value(f"tables/{self._name}/hidden")
        known = str(QSettings().value(f"tables/{self._name}/known") or "").split(",")
        if stored is None:
            self._hidden = set(hidden)
        else:  # of columns that a later version brought nobody has chosen anything
            later = {each for each in hidden if each not in known} if any(known) else set()
            self._hidden = {each for each in str(stored).split(",") if each} | later
        for half in self._halves:
            half.setModel(model)
        self.right.setSelectionModel(self.left.selectionModel())
        self.left.selectionModel().currentChanged.connect(self._on_current)
        self.left.selectionModel().selectionChanged.connect(self._on_selection)
        model.modelReset.connect(self._on_reset)
        self._on_reset()
        for head in self.heads:
            head.set_fields(fields)
        self._lay_columns()

    def place_of_head(self, column: int) -> tuple[QWidget, int]:
        """Return the head in which a column stands, and how far from its left."""
        head = self.heads[0 if column < self._frozen else 1]
        return head, head.sectionViewportPosition(column)

    def _text_of(self, row: int, column: int) -> str:
        return str(self.left.model().index(row, column).data() or "")

    def column_name(self, column: int) -> str:
        """Return the field name of a column."""
        return self._fields[column].name

    def column_title(self, column: int) -> str:
        """Return the heading of a column."""
        return self._fields[column].title

    def column_type(self, column: int) -> FieldType:
        """Return the type of a column."""
        return self._fields[column].type

    def choices(self, column: int) -> Sequence[str]:
        """Return what an editor of a column offers."""
        return self.choices_of(self._fields[column])

    def alignment(self, column: int) -> int:
        """Return the alignment flags of a column's text."""
        return self._alignments[column]

    def shown_columns(self) -> list[int]:
        """Return the columns in sight, from left to right."""
        return [at for at, field in enumerate(self._fields) if field.name not in self._hidden]

    def set_hidden(self, hidden: set[str]) -> None:
        """Hide these columns and remember it on this PC."""
        self._hidden = set(hidden)
        QSettings().setValue(f"tables/{self._name}/hidden", ",".join(sorted(hidden)))
        QSettings().setValue(f"tables/{self._name}/known", ",".join(field.name for field in self._fields))
        self._lay_columns()

    def hidden(self) -> set[str]:
        """Return the names of the columns that are hidden."""
        return set(self._hidden)

    def _lay_columns(self) -> None:
        settings = QSettings()
        unit = QFontMetrics(theme.font("body")).horizontalAdvance("国")
        head = QFontMetrics(theme.font("small"))
        for at, field in enumerate(self._fields):
            is_left = at < self._frozen
            for half, belongs in ((self.left, is_left), (self.right, not is_left)):
                half.setColumnHidden(at, not belongs or field.name in self._hidden)
                width = int(str(settings.value(f"tables/{self._name}/{field.name}", 0)) or 0)
                usual = max(field.width * unit + 18, head.horizontalAdvance(field.title) + 52)
                half.setColumnWidth(at, width or min(usual, 360))
        self._fit_left()

    def _fit_left(self) -> None:
        columns = sum(
            self.left.columnWidth(at) for at in range(self._frozen) if not self.left.isColumnHidden(at)
        )
        self.left.setFixedWidth(columns + self.left.verticalHeader().width())
        self.totals.update()

    def _on_section_resized(self, at: int, _before: int, width: int) -> None:
        if width and self._fields and self.sender() is not None and self.isVisible():
            QSettings().setValue(f"tables/{self._name}/{self._fields[at].name}", width)
        self._fit_left()

    def _row_height(self) -> int:
        return max(ROW_HEIGHT, QFontMetrics(theme.font("body")).height() + 8)

    # Chosen rows

    def is_row_chosen(self, row: int) -> bool:
        """Tell whether any cell of a row is chosen."""
        found = self._chosen_rows.get(row)
        if found is None:
            found = self.left.selectionModel().rowIntersectsSelection(row, QModelIndex())
            self._chosen_rows[row] = found
        return found

    def is_cell_chosen(self, row: int, column: int) -> bool:
        """Tell whether a cell is in the chosen block."""
        return self.left.selectionModel().isSelected(self.left.model().index(row, column))

    def is_current_row(self, row: int) -> bool:
        """Tell whether the current cell was in a row when this painting began."""
        return row == self._current[0]

    def is_current(self, row: int, column: int) -> bool:
        """Tell whether a cell was the current one when this painting began."""
        return (row, column) == self._current

    def note_current(self) -> None:
        """Note the current cell for the painting that begins, which asks for each cell."""
        index = self.left.selectionModel().currentIndex()
        self._current = (index.row(), index.column())

    def _ranges(self) -> list[QItemSelectionRange]:
        # The stubs of PySide6 do not say that a selection is a list of ranges.
        return list(self.left.selectionModel().selection())  # type: ignore[call-overload, no-any-return]

    def chosen_rows(self) -> list[int]:
        """Return the rows that are chosen, in order, read from ranges."""
        rows: set[int] = set()
        for part in self._ranges():
            rows.update(range(part.top(), part.bottom() + 1))
        return sorted(rows)

    def current_row(self) -> int:
        """Return the current row, or -1."""
        return self.left.selectionModel().currentIndex().row()

    def current_column(self) -> int:
        """Return the current column, or -1."""
        return self.left.selectionModel().currentIndex().column()

    def choose_row(self, row: int, column: int | None = None) -> None:
        """Make a row the current and only chosen one, and bring it into sight."""
        model = self.left.model()
        if not 0 <= row < model.rowCount():
            self.left.selectionModel().clear()
            return
        columns = self.shown_columns()
        index = model.index(row, columns[0] if column is None and columns else column or 0)
        self.left.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.left.scrollTo(index)

    def step(self, *, rows: int = 0, columns: int = 0) -> None:
        """Make the cell below, above or beside the current one, where there is one."""
        index, shown = self.left.selectionModel().currentIndex(), self.shown_columns()
        if not index.isValid() or index.column() not in shown:
            return
        at = min(max(shown.index(index.column()) + columns, 0), len(shown) - 1)
        row = min(max(index.row() + rows, 0), self.left.model().rowCount() - 1)
        self.choose_row(row, shown[at])

    def paint_notes(self, half: _Half) -> None:
        """Paint beside each row in sight why it waits to be mended; at the row's end, so in the right half."""
        if half is not self.right or not self.has_notes:
            return
        painter = QPainter(half.viewport())
        view = half.viewport().rect()
        first, last = half.rowAt(0), half.rowAt(view.bottom())
        for row in range(max(first, 0), (last if last >= 0 else half.model().rowCount() - 1) + 1):
            text, columns = self.note_of(row)
            if text:
                cells = [half.visualRect(half.model().index(row, at)) for at in columns if at >= self._frozen]
                line = QRect(view.left(), half.rowViewportPosition(row), view.width(), half.rowHeight(row))
                paint_row_note(painter, line, cells[0] if cells else None, text)
        painter.end()

    def choose_all(self) -> None:
        """Choose all rows, as one range."""
        model = self.left.model()
        if model.rowCount():
            block = QItemSelection(
                model.index(0, 0), model.index(model.rowCount() - 1, model.columnCount() - 1)
            )
            self.left.selectionModel().select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _on_current(self, index: QModelIndex, before: QModelIndex) -> None:
        owner = self.left if index.column() < self._frozen else self.right
        if index.isValid() and any(half.hasFocus() for half in self._halves) and not owner.hasFocus():
            owner.setFocus(Qt.FocusReason.OtherFocusReason)
        if index.row() != before.row():
            self.current_changed.emit(index.row())
        self.repaint_halves()

    def _on_selection(self) -> None:
        self._chosen_rows.clear()
        ranges = self._ranges()
        self.has_block = len(ranges) > 1 or any(part.width() * part.height() > 1 for part in ranges)
        self.repaint_halves()
        self.selection_changed.emit()

    def _on_reset(self) -> None:
        self._chosen_rows.clear()
        self.hovered_row = -1
        rows = self.left.model().rowCount()
        width = QFontMetrics(theme.font("body")).horizontalAdvance("0" * max(2, len(str(rows)))) + 18
        self.left.verticalHeader().setFixedWidth(max(34, width))
        self._fit_left()

    def hover(self, row: int) -> None:
        """Tint the row under the pointer on both halves."""
        if row == self.hovered_row:
            return
        model = self.left.model()
        for each in (self.hovered_row, row):
            if 0 <= each < model.rowCount():
                for half in self._halves:
                    y = half.rowViewportPosition(each)
                    half.viewport().update(QRect(0, y, half.viewport().width(), half.rowHeight(each)))
        self.hovered_row = row

    def repaint_halves(self) -> None:
        """Paint both halves and the row numbers again."""
        for half in self._halves:
            half.viewport().update()
        self.left.verticalHeader().viewport().update()

    # Keys, sorting, copying

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key means in a table; True if it was taken."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste) and self.paste is not None:
            self.paste()
        elif event.keyCombination() == FILL_DOWN and self.fill_down is not None:
            self.fill_down()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.choose_all()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.current_row() >= 0:
                self.activated.emit(self.current_row())
        elif event.key() == Qt.Key.Key_Tab or event.key() == Qt.Key.Key_Backtab:
            return False
        else:
            return False
        event.accept()
        return True

    def copy(self, *, with_heads: bool = False) -> None:
        """Copy the chosen block as tab-separated text and as HTML: what is visible, masks included."""
        rows, columns = self.chosen_rows(), self.chosen_columns()
        model = self.left.model()
        table = [[str(model.index(row, at).data() or "") for at in columns] for row in rows]
        if with_heads:
            table.insert(0, [self._fields[at].title for at in columns])
        copy_cells(table)

    def chosen_columns(self) -> list[int]:
        """Return the columns in sight that the chosen block touches, from left to right."""
        parts = self._ranges()
        return [at for at in self.shown_columns() if any(part.left() <= at <= part.right() for part in parts)]

    def set_sort(self, keys: Sequence[tuple[str, bool]]) -> None:
        """Show the sort keys in the heads."""
        for head in self.heads:
            head.set_sort(tuple(keys))

    def set_filtered(self, names: frozenset[str]) -> None:
        """Show a funnel in the heads of these columns."""
        for head in self.heads:
            head.set_filtered(names)

    def _on_sort(self, keys: object) -> None:
        self.set_sort(keys)  # type: ignore[arg-type]
        self.sort_changed.emit(keys)

    def ask_menu(self, half: _Half, at: QPoint) -> None:
        """Ask for the menu of the cell at a point of a half's viewport."""
        index = half.indexAt(at)
        if index.isValid():
            if not self.is_row_chosen(index.row()):
                self.left.selectionModel().setCurrentIndex(
                    index, QItemSelectionModel.SelectionFlag.ClearAndSelect
                )
            self.menu_wanted.emit(index.row(), index.column(), half.viewport().mapToGlobal(at))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize):
            bar = self.right.horizontalScrollBar()
            self.left.leave_room(bar.height() if event.type() != QEvent.Type.Hide and bar.isVisible() else 0)
        return False
