"""The page of any ledger: table, filters, drawer, new rows, export and print follow from its fields."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from skillsaid_desktop.ledgers import listing
from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.ledgers.listing import Among, Condition, ListQuery, sum_rows, summarise
from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.types import Amount, Choice, Flag
from skillsaid_desktop.ui.dialogs.record_dialog import RecordDialog
from skillsaid_desktop.ui.forms.field_writing import write_field
from skillsaid_desktop.ui.i18n import count, tr
from skillsaid_desktop.ui.models.ledger_model import LedgerModel
from skillsaid_desktop.ui.models.wrong_cells import next_cell
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.pages import PAGES
from skillsaid_desktop.ui.pages.as_of_button import AsOfButton
from skillsaid_desktop.ui.pages.block_writing import BlockWriting
from skillsaid_desktop.ui.pages.filters import LedgerFilters
from skillsaid_desktop.ui.pages.ledger_empty import say_empty
from skillsaid_desktop.ui.pages.ledger_output import export_rows, print_rows
from skillsaid_desktop.ui.pages.record_drawer import RecordDrawer
from skillsaid_desktop.ui.pages.removing import remove_records
from skillsaid_desktop.ui.pages.row_counts import RowCounts
from skillsaid_desktop.ui.pages.tabbed_drawer import FormDrawer
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import Button, DropButton
from skillsaid_desktop.ui.widgets.column_menu import add_column_acts, add_column_menu
from skillsaid_desktop.ui.widgets.notices import EmptyPage
from skillsaid_desktop.ui.widgets.table_view import FrozenTable
from skillsaid_desktop.ui.widgets.text import Line

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

DRAWER_WIDTH = 404
SHOWN_AT_FIRST = 12
COVERS_BELOW = 961  # 1920 × 1080 at 200 % is 960 wide
MORE_BELOW = 1180
LOW = 560


class LedgerPage(Page):
    """A ledger as a table with a drawer; a page of its own derives from it and adds acts."""

    help_text = (
        "这一页是一份台账。先按姓名、拼音首字母或号码尾数找到人，再在右边看和改。\n"
        "点表头排序，按住 Shift 再点可以加次序；右键表头可以筛选。\n"
        "双击或按 F2 改一格，改完就存，Ctrl+Z 撤销。存不了的留在格子里，F8 去下一处待改，Esc 恢复原来的值。\n"
        "从 Excel、WPS 复制的一片格子用 Ctrl+V 粘贴，Ctrl+D 向下填充；右键可以把选中的行一起改。都是一步，一次撤销。\n"
        "Enter 打开右边的资料，Esc 关上。Ctrl+Shift+H 显示或遮住号码。"
    )
    frozen = 2
    new_title = "新增"
    first_filters: Mapping[str, Condition] = MappingProxyType({})
    """What is in force when the page is opened."""
    page_title = ""
    """The title of a page that is not called after its ledger."""

    def __init__(self, session: Session, ledger: Ledger) -> None:
        self.title = self.page_title or ledger.title
        super().__init__(session)
        self.ledger = ledger
        self._wanted_id: int | None = None
        self._is_covering = False
        self._is_short = False
        self._drawer_open = True
        self.model = LedgerModel(session.ledger_file, ledger, session.as_of)
        self.model.begin(self.first_filters)
        self.model.write = self.store_field
        self.table = FrozenTable(ledger.name, frozen=self.frozen)
        self.table.choices_of = self._choices
        self.table.note_of, self.table.text_of = self.model.row_note, self.model.shown
        self.counts = RowCounts(session, ledger, self.split)
        self.counts.arrived.connect(self.status_changed)
        self.block = BlockWriting(self)
        self.table.paste, self.table.fill_down = self.block.paste, self.block.fill_down
        self.model.wrong.changed.connect(self._on_wrong_changed)
        hidden = [field.name for field in ledger.fields[SHOWN_AT_FIRST:]]
        self.table.set_model(self.model, ledger.fields, hidden)
        self.filters = LedgerFilters(session, ledger, self.model, self.table, self.search_hint())
        self.empty = EmptyPage()
        self.drawer = self.make_drawer()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self._lay_out()
        self._connect()

    # What a page of its own may change

    def search_hint(self) -> str:
        """Return what the search field says."""
        return (
            tr("姓名、首字母、证件尾号")
            if self.model.column_of("document_number") >= 0
            else tr("在这份台账里找")
        )

    def make_drawer(self) -> RecordDrawer:
        """Return the drawer of this ledger's records."""
        return FormDrawer(self.session, self.ledger)

    def add_acts(self) -> None:
        """Put the acts at the right of the head."""
        if any(field.typed and field.required for field in self.ledger.fields):
            self.head.add_act(Button(tr(self.new_title), self.new_record, icon="add", kind="main"))
        self.import_button = Button(tr("导入"), self.import_file, icon="arrow_import")
        self._imports = any(entry.name == "import" for entry in PAGES)
        self.head.add_act(self.import_button)
        self.import_button.setVisible(self._imports)
        self._out = (
            Button(tr("导出"), self.export, icon="arrow_export"),
            Button(tr("打印"), self.print_out, icon="print"),
        )
        for button in self._out:
            self.head.add_act(button)
        # In a narrow window both move under 更多 (DESIGN sections 6 and 8).
        self._more = DropButton(tr("更多"), kind="plain")
        self._more.clicked.connect(lambda _checked=False: self._open_more())
        self._more.hide()
        self.head.add_act(self._more)

    def _open_more(self) -> None:
        menu = QMenu(self)
        self.fill_more(menu)
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def fill_more(self, menu: QMenu) -> None:
        """Put the acts that have no room in the head under 更多."""
        if self._imports and self.import_button.isHidden():
            menu.addAction(tr("导入"), self.import_file)
        menu.addAction(tr("导出"), self.export)
        menu.addAction(tr("打印"), self.print_out)

    def has_little_room(self, width: int, height: int) -> bool:
        """Tell whether the acts share the command bar's row in a window that is not wide."""
        return width < 1400 and height < LOW

    def form_fields(self) -> Sequence[Field]:
        """Return the fields of the form of a new record."""
        return self.ledger.fields

    def add_row_acts(self, menu: QMenu, ids: list[int]) -> None:
        """Add acts on the chosen rows to the context menu."""

    @staticmethod
    def split(reading: "Reading", query: ListQuery, ids: Sequence[int]) -> str:
        """Return the third part of the status line, a split of the rows in sight; it may be asked in another thread."""
        return ""

    # Layout

    def _lay_out(self) -> None:
        self.as_of = AsOfButton(self.session)
        self.head.add_beside_title(self.as_of)
        self.add_acts()
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._layout.removeWidget(self.head)
        self._layout.removeWidget(self.strip)
        self.head_column = column
        for widget in (self.head, self.strip, self.filters, Line()):
            column.addWidget(widget)
        column.addWidget(self._stack, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.drawer)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.drawer.hide()
        self._left = left
        self.set_body(self.splitter)

    def _connect(self) -> None:
        self.table.current_changed.connect(self._on_current)
        self.table.selection_changed.connect(self.status_changed)
        self.table.activated.connect(lambda _row: self.open_drawer())
        self.table.sort_changed.connect(self._on_sort)
        self.table.menu_wanted.connect(self._open_menu)
        self.table.head_menu_wanted.connect(self._open_head_menu)
        self.filters.changed.connect(self._on_filters_changed)
        self.drawer.closed.connect(self.close_drawer)
        self.drawer.stepped.connect(self._step)
        self.drawer.stored.connect(self.model.wrong.forget)

    def set_room(self, width: int, height: int) -> None:
        self._is_covering = width < COVERS_BELOW
        self.drawer.setMinimumWidth(340)
        self.drawer.setMaximumWidth(16_777_215 if self._is_covering else 560)
        is_beside = not self._is_covering and self.drawer.isVisibleTo(self)
        self.filters.set_narrow(width < (1600 if is_beside else 1400))
        self._is_short = self.has_little_room(width, height)
        is_crowded = width < MORE_BELOW or self._is_short
        for button in self._out:
            button.setVisible(not is_crowded)
        self._more.setVisible(is_crowded)
        self.import_button.setVisible(self._imports and not self._is_short)
        self.as_of.show_day(is_short=self._is_short)
        wide = 480 if width >= 1800 else 356 if width < 1400 else DRAWER_WIDTH
        if is_beside:
            whole = self.splitter.width()
            self.splitter.setSizes([max(1, whole - wide), wide])
        self._left.setVisible(not (self._is_covering and self.drawer.isVisibleTo(self)))
        self._drawer_width = wide

    # Reading

    def concerns(self, entities: frozenset[str]) -> bool:
        # An operation without changes (a number was shown, a list exported) must not cover the number again.
        return bool(entities)

    def reload(self) -> None:
        current = self._wanted_id or self.current_id()
        self.as_of.show_day(is_short=self._is_short)
        self.filters.views.read()
        self.model.set_query(as_of=self.session.as_of)
        self.counts.forget()
        self._read(current)

    def _read(self, current: int | None) -> None:
        self.model.reload()
        self.counts.want(self.model.query, self.model.ids)
        self.filters.show_state()
        self.table.set_sort(self.model.query.sort or self.ledger.default_sort)
        self._show_totals()
        if current is not None:
            self.table.choose_row(self.model.row_of(current))
        self._wanted_id = None
        self._stack.setCurrentWidget(self.table if self.model.ids else self.empty)
        if not self.model.ids:
            self._show_empty()
        if self.drawer.isVisibleTo(self):
            self.drawer.show_record(self.current_id())
        self.status_changed.emit()

    def _show_totals(self) -> None:
        if self.ledger.summed:
            with self.session.ledger_file.reading() as reading:
                sums = sum_rows(reading, self.ledger, self.model.query)
            self.table.totals.show_sums(
                {self.model.column_of(name): f"{total:,}" for name, total in sums.items()}
            )

    def _show_empty(self) -> None:
        say_empty(self)

    def _on_filters_changed(self) -> None:
        self._read(self.current_id())

    def _on_sort(self, keys: object) -> None:
        self.model.set_query(sort=keys)  # type: ignore[arg-type]
        self._read(self.current_id())

    def open_with(self, params: Mapping[str, object]) -> None:
        """`record` (or `student`): choose that row; `search`; `filters`: {field: value or tuple of values}.

        `records`: exactly these rows, under the name that `because` gives them.
        """
        records = params.get("records")
        if isinstance(records, list | tuple):
            self.filters.set_only([int(one) for one in records], str(params.get("because") or ""))
            self.table.choose_row(0)
        filters = params.get("filters")
        if isinstance(filters, Mapping) or "search" in params:
            chosen = filters if isinstance(filters, Mapping) else {}
            conditions = {k: Among(v if isinstance(v, tuple) else (v,)) for k, v in chosen.items()}
            self.filters.set_all(conditions, str(params.get("search", "")))
        one = params.get("record", params.get("student"))
        if isinstance(one, int):
            if self.model.row_of(one) < 0:
                self.filters.clear_all()
            if self.model.row_of(one) < 0:
                self.filters.show_gone(True)
            self.table.choose_row(self.model.row_of(one))
            self.open_drawer()

    # Rows

    def current_id(self) -> int | None:
        """Return the id of the current row."""
        row = self.table.current_row()
        return self.model.ids[row] if 0 <= row < len(self.model.ids) else None

    def chosen_ids(self) -> list[int]:
        """Return the ids of the chosen rows."""
        return [self.model.ids[row] for row in self.table.chosen_rows() if row < len(self.model.ids)]

    def acted_on(self) -> list[int]:
        """Return the ids of the chosen rows, else of the current one."""
        return self.chosen_ids() or ([one] if (one := self.current_id()) is not None else [])

    def remove_chosen(self) -> None:
        """Delete the chosen rows, after saying what hangs on them."""
        if ids := self.acted_on():
            who = self.model.text(self.model.row_of(ids[0]), 0) if len(ids) == 1 else ""
            remove_records(self.session, self.ledger, ids, who)

    def status(self) -> tuple[str, ...]:
        rows, unit = len(self.model.ids), self.ledger.unit
        self.counts.bring()
        total = self.counts.total
        shown = count(rows, unit)
        if total is not None and rows != total:
            shown += f"（全部 {count(total, unit)}）"
        waiting = len(self.model.wrong)
        if waiting:
            shown += f"　待改 {waiting} 格（F8）"
        why = self.model.row_note(self.table.current_row())[0]
        return (shown, self._chosen_words(), why or self.counts.split)

    def _chosen_words(self) -> str:
        """Say how many rows are chosen and, of a block within one column, how many values and what sum."""
        rows, columns = self.chosen_ids(), self.table.chosen_columns()
        if not rows:
            return ""
        words = f"已选 {count(len(rows), self.ledger.unit)}"
        if len(rows) < 2 or len(columns) != 1:
            return words
        column = self.ledger.fields[columns[0]]
        with self.session.ledger_file.reading() as reading:
            found = summarise(reading, self.ledger, rows, column.name, self.session.as_of)
        values = f"{column.title} 填了 {found.filled:,}，不同 {found.distinct:,}"
        total = f"，合计 {_total(column, found.total)}" if found.total is not None else ""
        return f"{words}：{values}{total}"

    def _on_current(self, _row: int) -> None:
        if self.model.wrong:
            self.status_changed.emit()
        if self._drawer_open and not self._is_covering and self.current_id() is not None:
            self.open_drawer(focus=False)
        elif self.drawer.isVisibleTo(self):
            self.drawer.show_record(self.current_id())

    def open_drawer(self, *, focus: bool = True) -> None:
        """Show the current record at the right."""
        was_open = self.drawer.isVisibleTo(self)
        self._drawer_open = True
        if not was_open:
            self.drawer.show()
            self.set_room(self.window().width(), self.window().height())
        self.drawer.show_record(self.current_id())
        if focus:
            self.drawer.setFocus()

    def close_drawer(self) -> None:
        """Hide the drawer and go back to the table."""
        self._drawer_open = False
        self.drawer.hide()
        self.set_room(self.window().width(), self.window().height())
        self.table.setFocus()

    def _step(self, step: int) -> None:
        self.table.choose_row(min(max(self.table.current_row() + step, 0), len(self.model.ids) - 1))

    # Writing

    def _words_of(self, field: Field) -> list[str]:
        with self.session.ledger_file.reading() as reading:
            kind = field.type
            vocabulary = kind.vocabulary if isinstance(kind, Choice) else ""
            return list(reading.policy.words(self.session.as_of).values(vocabulary))

    def _choices(self, field: Field) -> list[str]:
        return ["是", "否"] if isinstance(field.type, Flag) else self._words_of(field)

    def _on_wrong_changed(self) -> None:
        self.table.has_notes = bool(self.model.wrong)
        self.table.repaint_halves()
        self.status_changed.emit()

    def waiting_cells(self) -> int:
        return len(self.model.wrong)

    def next_problem(self, step: int) -> None:
        """Go to the next or previous cell that could not be stored (F8, Shift+F8)."""
        wrong = self.model.wrong
        waiting = [
            (row, self.model.column_of(name))
            for row, one in enumerate(self.model.ids)
            if one in wrong.records()
            for name in wrong.fields_of(one)
        ]
        if not waiting:
            if wrong:
                self.filters.set_only(sorted(wrong.records()), tr("待改"))
                self.next_problem(step)
            else:
                self.session.say(tr("这一页没有待改的格子。"), undo=False)
            return
        now = (self.table.current_row(), self.table.current_column())
        row, column = next_cell(waiting, now, step)
        self.table.choose_row(row, column)
        self.table.setFocus()

    def _give_up_cell(self) -> bool:
        """Put the stored value back into the current cell, if what was typed into it could not be stored."""
        row, column = self.table.current_row(), self.table.current_column()
        if column < 0 or self.model.wrong_at(row, column) is None:
            return False
        self.model.wrong.forget(self.model.ids[row], self.ledger.fields[column].name)
        return True

    def toggle_numbers(self) -> None:
        """Show the numbers of the record in the drawer, or mask them again."""
        if self.drawer.isVisibleTo(self):
            self.drawer.toggle_numbers()

    def store_field(self, record_id: int, field: Field, text: str) -> None:
        """Store one field of one record, as one named step that can be undone."""
        row = self.model.row_of(record_id)
        who = self.model.text(row, 0) if row >= 0 else ""
        write_field(self.session, self.ledger, record_id, field, text, who)

    def new_record(self) -> None:
        with self.session.ledger_file.reading() as reading:
            words = reading.policy.words(self.session.as_of)
        fields = [field for field in self.form_fields() if field.typed]
        dialog = RecordDialog(self.window(), self.new_title, self.ledger, fields, words, self._store_new)
        if self.session.prompts.run(dialog):
            self.session.say(tr("已新增：") + dialog.stored_as)

    def _store_new(self, values: Mapping[str, str]) -> str:
        first = next(iter(values.values()), "")
        context = listing.form_context(as_of=self.session.as_of)
        with self.session.ledger_file.operation(
            f"新增{self.ledger.title.removesuffix('台账')} {first}"
        ) as uow:
            planned = listing.write(uow, self.ledger, values, None, context)
            # The page is read anew as soon as this is committed.
            self._wanted_id = planned.record_id
        return planned.who or first

    def import_file(self) -> None:
        if any(entry.name == "import" for entry in PAGES):
            self.session.navigate("import", {"kind": self.ledger.name})

    def export(self) -> None:
        export_rows(self.session, self.ledger, self.model, self.table.shown_columns(), self.filters.words())

    def print_out(self) -> None:
        print_rows(
            self, self.session, self.ledger, self.model, self.table.shown_columns(), self.filters.words()
        )

    def find_here(self) -> None:
        self.filters.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filters.search.selectAll()

    # Menus

    def _open_menu(self, row: int, column: int, at: QPoint) -> None:
        self.row_menu(row, column).popup(at)

    def row_menu(self, row: int, column: int) -> QMenu:
        """Return the context menu of a cell."""
        menu = QMenu(self)
        menu.addAction(tr("复制") + "\tCtrl+C", self.table.copy)
        menu.addAction(tr("复制（含表头）"), lambda: self.table.copy(with_heads=True))
        menu.addAction(tr("粘贴") + "\tCtrl+V", self.block.paste)
        menu.addAction(tr("向下填充") + "\tCtrl+D", self.block.fill_down)
        menu.addAction(tr("选中的行一起改…"), lambda: self.block.change_chosen(column))
        menu.addSeparator()
        field = self.ledger.fields[column]
        value = self.model.row_values(row).get(field.name)
        menu.addAction(tr("只看这个值"), lambda: self.filters.set_filter(field.name, Among((value,))))
        add_column_menu(menu, self.filters.column_acts(field.name))
        menu.addAction(tr("打开资料"), self.open_drawer)
        if self.model.wrong_at(row, column) is not None:
            menu.addAction(tr("放弃，恢复原来的值"), self._give_up_cell)
        self.add_row_acts(menu, self.chosen_ids())
        if not self.ledger.is_view:
            menu.addSeparator()
            menu.addAction(tr("删除…"), self.remove_chosen)
        return menu

    def _open_head_menu(self, column: int, at: QPoint) -> None:
        menu = QMenu(self)
        add_column_acts(menu, self.filters.column_acts(self.ledger.fields[column].name))
        menu.popup(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self._give_up_cell():
                return
            if self.drawer.isVisibleTo(self):
                return self.close_drawer()
            if self.model.query.search:
                return self.filters.search.clear()
        super().keyPressEvent(event)


def _total(column: Field, total: int) -> str:
    return column.type.format(total) if isinstance(column.type, Amount) else f"{total:,}"
