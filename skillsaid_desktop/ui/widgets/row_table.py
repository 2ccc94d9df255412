"""A plain table of prepared rows, for pages whose list is small and read at once: previews, people, questions.

It has the manners of a ledger's table: several sort keys, column filters with counts, columns that can be left out,
widths that are remembered, copying with headings. Pages name rows by their place among those they set, whatever is
shown of them and in which order.

A ledger's table, which fetches its rows in chunks, is `table_view.FrozenTable`.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QSettings, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.copying import copy_cells
from skillsaid_desktop.ui.widgets.frozen_columns import FrozenColumns
from skillsaid_desktop.ui.widgets.regions import Region, set_region
from skillsaid_desktop.ui.widgets.row_cells import (
    LEFT,
    RIGHT,
    ROW_HEIGHT,
    AnyIndex,
    CellDelegate,
    Column,
    Row,
    RowModel,
)
from skillsaid_desktop.ui.widgets.row_menu import cell_menu, head_menu
from skillsaid_desktop.ui.widgets.row_order import Arrangement, arranged, numbers_of, value_counts
from skillsaid_desktop.ui.widgets.table_header import ColumnHeader


class RowTable(QTableView):
    """A table of `Cell`s: Enter or double click opens a row, Space ticks it.

    The rows of a `fixed` table stand as they came, because each belongs to those around it. One that `chooses_one`
    leads to what stands beside it. A table with a `name` remembers widths and columns on this PC. The first `frozen`
    columns stay in sight when it is scrolled sideways. A `model` of its own keeps its rows and sorts them itself.
    """

    chosen = Signal(int)
    opened = Signal(int)
    clicked_link = Signal(int, int)
    ticked = Signal(int)
    arrangement_changed = Signal()
    """Other rows are shown, or in another order, or in other columns."""
    selection_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column],
        model: RowModel | None = None,
        *,
        fixed: bool = False,
        chooses_one: bool = False,
        name: str = "",
        frozen: int = 0,
    ) -> None:
        super().__init__()
        set_region(self, Region.TABLE)
        self.is_fixed = fixed
        self.can_filter = not fixed and model is None
        self.name = name
        self.arrangement = Arrangement()
        self.rows: list[Row] = []
        self.outputs: Sequence[tuple[str, Callable[[], object]]] = ()
        """Acts of the menu that take what is shown out of the program, by their words."""
        self.row_acts: Callable[[], Sequence[tuple[str, Callable[[], object]]]] = tuple
        """What can be done with the chosen rows, by its words; asked when the menu opens."""
        self._order: list[int] | None = None
        self._left_out: frozenset[int] = frozenset()
        self._hidden: frozenset[str] = frozenset()
        self._is_giving_width = False
        self.rows_model = model or RowModel(columns)
        self.setModel(self.rows_model)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        modes = QAbstractItemView.SelectionMode
        has_one = fixed or chooses_one or model is not None
        self.setSelectionMode(modes.SingleSelection if has_one else modes.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        height = max(ROW_HEIGHT, QFontMetrics(theme.font("body")).height() + 8)
        self.verticalHeader().setDefaultSectionSize(height)
        self._lay_head(columns)
        self.frozen = FrozenColumns(self, self._new_head(), frozen) if frozen else None
        self.set_delegate(CellDelegate)
        self.selectionModel().currentRowChanged.connect(
            lambda now, _before: self.chosen.emit(self._place(now.row()))
        )
        self.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())
        self.doubleClicked.connect(lambda index: self.opened.emit(self._place(index.row())))
        self.clicked.connect(self._on_clicked)

    def _new_head(self) -> ColumnHeader:
        columns = self.rows_model.columns
        header = ColumnHeader(self)
        header.set_columns(
            ["" if self.is_fixed else column.title for column in columns],
            [int(RIGHT if column.right else LEFT) for column in columns],
        )
        header.setMinimumHeight(max(30, QFontMetrics(theme.font("small")).height() + 10))
        header.setMinimumSectionSize(24)
        header.setFont(theme.font("small"))
        header.sort_changed.connect(self.sort_by)
        header.menu_wanted.connect(self._open_head_menu)
        return header

    def _lay_head(self, columns: Sequence[Column]) -> None:
        header = self._head = self._new_head()
        self.setHorizontalHeader(header)
        settings = QSettings()
        for at, column in enumerate(columns):
            width = int(str(settings.value(f"lists/{self.name}/{column.title}", 0)) or 0) if self.name else 0
            self.setColumnWidth(at, width or column.width)
            if column.stretches:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        if self.name:
            stored = str(settings.value(f"lists/{self.name}/hidden", "") or "")
            self._hidden = frozenset(each for each in stored.split("\t") if each)
            self._show_columns()
            header.sectionResized.connect(self._on_section_resized)

    def set_delegate(self, delegate: type[CellDelegate]) -> None:
        """Paint and edit the cells by another delegate; each view has one of its own, whose editors are its own, too."""
        self.setItemDelegate(delegate(self))
        if self.frozen is not None:
            self.frozen.setItemDelegate(delegate(self))

    # Rows, by their place among those that were set

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; the chosen line stays chosen, and where it has gone the one that took its place in sight."""
        at, shown = self.current_row(), self.currentIndex().row()
        before, number = self.rows[at : at + 1] if at >= 0 else [], len(self.rows)
        self.rows = list(rows)
        self._arrange()
        if before and self.rows[at : at + 1] != before:
            if before[0] in self.rows:
                at = self.rows.index(before[0])
            elif len(self.rows) != number:
                at = self._place(min(shown, self.row_count() - 1))
        if self._shown(at) >= 0:
            self.choose(at)

    def _arrange(self) -> None:
        is_plain = not self.can_filter or self.arrangement == Arrangement()
        self._order = None if is_plain else arranged(self.rows, self.rows_model.columns, self.arrangement)
        self.rows_model.beginResetModel()
        order = range(len(self.rows)) if self._order is None else self._order
        self.rows_model.rows = [self.rows[at] for at in order]
        self.rows_model.endResetModel()

    def _place(self, shown: int) -> int:
        """Return the place of a row among those that were set; -1 for none."""
        if self._order is None:
            return shown
        return self._order[shown] if 0 <= shown < len(self._order) else -1

    def _shown(self, at: int) -> int:
        """Return where a row is shown; -1 if it is not."""
        if self._order is None:
            return at if 0 <= at < len(self.rows_model.rows) else -1
        return self._order.index(at) if at in self._order else -1

    def set_row(self, at: int, row: Row) -> None:
        """Show one row anew; it keeps its place until the table is sorted again."""
        shown = self._shown(at)
        self.rows[at] = row
        if shown >= 0:
            self.rows_model.rows[shown] = row
            last = len(self.rows_model.columns) - 1
            self.rows_model.dataChanged.emit(
                self.rows_model.index(shown, 0), self.rows_model.index(shown, last)
            )

    def row_count(self) -> int:
        """Return how many rows are shown."""
        return len(self.rows_model.rows)

    def shown_rows(self) -> list[int]:
        """Return the rows that are shown, in order."""
        return [self._place(shown) for shown in range(self.row_count())]

    def current_row(self) -> int:
        """Return the current row, -1 for none."""
        return self._place(self.currentIndex().row())

    def chosen_rows(self) -> list[int]:
        """Return the chosen rows in the order in which they are shown."""
        return [self._place(shown) for shown in self._chosen_shown()]

    def _chosen_shown(self) -> list[int]:
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def choose(self, at: int) -> None:
        """Choose a row and bring it into sight; filters that hide it are taken away."""
        if self._shown(at) < 0 and 0 <= at < len(self.rows):
            self.clear_filters()
        shown = self._shown(at)
        if shown < 0:
            return
        index = self.rows_model.index(shown, max(self.currentIndex().column(), 0))
        # Not by the view, which would ask whether Ctrl or Shift is held: an act's key may still be.
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def choose_some(self, places: Collection[int]) -> None:
        """Choose exactly these rows."""
        block = QItemSelection()
        for shown in range(self.row_count()):
            if self._place(shown) in places:
                index = self.rows_model.index(shown, 0)
                block.select(index, index)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(block, flags.ClearAndSelect | flags.Rows)

    def choose_first(self) -> None:
        """Choose the row one is in, else the first that is shown, unless some are chosen."""
        if self.row_count() and not self.selectionModel().hasSelection():
            self.choose(self._place(max(self.currentIndex().row(), 0)))

    def step(self, step: int, among: Collection[int] | None = None) -> bool:
        """Choose the next row in sight, or with -1 the previous one, round the end; `among` these, if there is any."""
        shown = [at for at in range(self.row_count()) if among is None or self._place(at) in among]
        if not shown:
            return False
        now = self.currentIndex().row()
        later = [at for at in shown if (at - now) * step > 0]
        self.choose(self._place((later or shown)[0 if step > 0 else -1]))
        return True

    # How it is arranged

    def arrange(self, how: Arrangement) -> None:
        """Narrow and sort the rows; the chosen one stays chosen while it is shown."""
        at = self.current_row()
        self.arrangement = how
        for head in (self._head, *([self.frozen.horizontalHeader()] if self.frozen else [])):
            if isinstance(head, ColumnHeader):
                head.set_sort(how.sort)
                head.set_filtered(frozenset(how.filters))
        self._make_room_for_marks()
        if self.can_filter:
            self._arrange()
            if self._shown(at) >= 0:
                self.choose(at)
            else:
                self.choose_first()
            if not self.row_count():
                self.chosen.emit(-1)
        self.arrangement_changed.emit()

    def _make_room_for_marks(self) -> None:
        """Widen a column whose heading its arrow or funnel would cut off."""
        metrics = QFontMetrics(theme.font("small"))
        for title in {*dict(self.arrangement.sort), *self.arrangement.filters} & {*self._head.names}:
            at = self.column_of(title)
            marks = 34 * (title in dict(self.arrangement.sort)) + 18 * (title in self.arrangement.filters)
            needed = metrics.horizontalAdvance(title) + 16 + marks
            if self.columnWidth(at) < needed and not self.rows_model.columns[at].stretches:
                self._set_width(at, needed)

    def sort_by(self, keys: object) -> None:
        """Sort by (heading, descending), the first one first."""
        self.arrange(replace(self.arrangement, sort=tuple(keys)))  # type: ignore[arg-type]  # a signal's object

    def clear_filters(self) -> None:
        """Show all rows."""
        self.arrange(Arrangement(sort=self.arrangement.sort))

    def value_counts(self, title: str) -> list[tuple[str, int]]:
        """Return the texts of a column with their counts, as the other filters leave them."""
        return value_counts(self.rows, self.rows_model.columns, self.arrangement, title)

    def title_of(self, column: int) -> str:
        """Return the heading of a column by which it can be sorted and filtered, "" where it can not."""
        return self._head.names[column] if 0 <= column < len(self._head.names) else ""

    def column_of(self, title: str) -> int:
        """Return the column of a heading."""
        return self._head.names.index(title)

    def titles(self) -> list[str]:
        """Return the headings of the columns that the page offers."""
        return [
            column.title
            for at, column in enumerate(self.rows_model.columns)
            if column.title and at not in self._left_out
        ]

    def leave_out(self, column: int, is_out: bool) -> None:
        """Leave a column out, because there is no room or because the page says it elsewhere."""
        self._left_out = self._left_out | {column} if is_out else self._left_out - {column}
        self._show_columns()

    def hidden(self) -> frozenset[str]:
        """Return the headings of the columns that the user has hidden."""
        return self._hidden

    def set_hidden(self, titles: Iterable[str]) -> None:
        """Hide these columns and remember it on this PC; one always stays."""
        hidden, offered = frozenset(titles), self.titles()
        self._hidden = hidden - set(offered[:1]) if hidden.issuperset(offered) else hidden
        if self.name:
            QSettings().setValue(f"lists/{self.name}/hidden", "\t".join(sorted(self._hidden)))
        self._show_columns()
        self.arrangement_changed.emit()

    def _show_columns(self) -> None:
        for at, column in enumerate(self.rows_model.columns):
            self.setColumnHidden(at, at in self._left_out or column.title in self._hidden)

    def give_width(self, column: int, width: int) -> None:
        """Make a column as wide, unless the user has chosen a width for it."""
        stored = f"lists/{self.name}/{self.rows_model.columns[column].title}"
        if not (self.name and QSettings().contains(stored)):
            self._set_width(column, width)

    def _set_width(self, column: int, width: int) -> None:
        self._is_giving_width = True
        self.setColumnWidth(column, width)
        self._is_giving_width = False

    def _on_section_resized(self, at: int, before: int, width: int) -> None:
        column = self.rows_model.columns[at]
        is_shown_or_hidden = not before or not width
        is_by_hand = self.isVisible() and not self._is_giving_width and not is_shown_or_hidden
        if column.title and not column.stretches and is_by_hand:
            QSettings().setValue(f"lists/{self.name}/{column.title}", width)

    # What is chosen, in words and on the clipboard

    def count_words(self, unit: str) -> str:
        """Return how many rows are shown, and of how many if some are not: 12 件（全部 30 件）."""
        shown, total = self.row_count(), len(self.rows)
        return f"{shown:,} {unit}" if shown == total else f"{shown:,} {unit}（全部 {total:,} {unit}）"

    def chosen_words(self, unit: str) -> str:
        """Return how many rows are chosen and, of the column one is in, how many values and what sum."""
        rows, column = self._chosen_shown(), self.currentIndex().column()
        if len(rows) < 2:
            return ""
        words = f"已选 {len(rows):,} {unit}"
        title = self.title_of(column)
        texts = [text for row in rows if (text := self.rows_model.rows[row][column].text)]
        if not title or not texts:
            return words
        words += f"：{title} 填了 {len(texts):,}，不同 {len(set(texts)):,}"
        numbers = numbers_of(texts) if self.rows_model.columns[column].right else None
        if numbers is None:
            return words
        total = f"{sum(numbers):,.2f}".rstrip("0").rstrip(".")
        return f"{words}，合计 {total}"

    def shown_columns(self) -> list[int]:
        """Return the columns in sight that have a heading; one without holds what is pressed, a tick or a link."""
        return [
            at
            for at, column in enumerate(self.rows_model.columns)
            if column.title and not self.isColumnHidden(at)
        ]

    def copy(self, *, with_heads: bool = False) -> None:
        """Copy the chosen rows as they are seen, masks included."""
        self._copy(self._chosen_shown(), with_heads=with_heads)

    def copy_all(self) -> None:
        """Copy all rows in sight with their headings."""
        self._copy(range(self.row_count()), with_heads=True)

    def _copy(self, rows: Iterable[int], *, with_heads: bool) -> None:
        shown = self.shown_columns()
        heads = [[self.rows_model.columns[at].title for at in shown]] if with_heads else []
        copy_cells(heads + [[self.rows_model.rows[row][at].text for at in shown] for row in rows])

    # Qt

    def _on_clicked(self, index: QModelIndex) -> None:
        cell = self.rows_model.rows[index.row()][index.column()]
        if cell.ticked is not None:
            self.ticked.emit(self._place(index.row()))
        elif self._is_link(index):
            self.clicked_link.emit(self._place(index.row()), index.column())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            # Qt names the middle of the view; the menu key means the cell that one is in.
            at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        cell_menu(self).popup(at)

    def _open_head_menu(self, column: int, at: QPoint) -> None:
        if self.title_of(column):
            head_menu(self, column).popup(at)

    def tick_chosen(self) -> None:
        """Tick what is chosen: those that stand as the current row does, so that they all end alike."""
        now = self._ticks_of(self.current_row())
        for at in [at for at in self.chosen_rows() if self._ticks_of(at) == now] or [self.current_row()]:
            self.ticked.emit(at)

    def _ticks_of(self, at: int) -> tuple[bool | None, ...]:
        row = self.rows[at] if 0 <= at < len(self.rows) else self.rows_model.rows[at]
        return tuple(cell.ticked for cell in row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current_row()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif row >= 0 and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(row)
        elif row >= 0 and event.key() == Qt.Key.Key_Space:
            self.tick_chosen()
        elif event.key() == Qt.Key.Key_Escape and self.arrangement.search:
            self.arrange(replace(self.arrangement, search=""))
        else:
            super().keyPressEvent(event)

    def scrollTo(
        self,
        index: AnyIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        super().scrollTo(index, hint)
        if self.frozen is not None and self.frozen.isVisible() and index.column() >= self.frozen.number:
            hidden = self.frozen.covered() - self.visualRect(index).left()
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - max(hidden, 0))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        is_link = index.isValid() and self._is_link(index)
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if is_link else Qt.CursorShape.ArrowCursor
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.rows and not self.row_count():
            painter = QPainter(self.viewport())
            painter.setFont(theme.font("body"))
            painter.setPen(theme.color("text2"))
            words = tr("没有符合的行；右键表头，点“清除筛选”就都回来")
            if not self.arrangement.filters:
                words = tr("没有符合的行；按 Esc 清掉查找就都回来")
            painter.drawText(self.viewport().rect(), int(Qt.AlignmentFlag.AlignCenter), words)
            painter.end()

    def _is_link(self, index: QModelIndex) -> bool:
        cell = self.rows_model.rows[index.row()][index.column()]
        return self.rows_model.columns[index.column()].is_link and cell.tone == "accent" and bool(cell.text)
