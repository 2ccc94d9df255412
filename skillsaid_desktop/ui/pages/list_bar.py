"""The row over a plain table, as a ledger's table has it: search, what is filtered, 视图 and 列; export and print."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout

from skillsaid_desktop.ledgers.listing import Among
from skillsaid_desktop.services.saved_views import LONGEST_NAME, SavedView, ViewedTable
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.list_output import export_list, print_list
from skillsaid_desktop.ui.pages.view_menu import ViewButton
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import FilterRow
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.chips import FilterChip
from skillsaid_desktop.ui.widgets.fields import SearchField
from skillsaid_desktop.ui.widgets.row_menu import BLANK, choose_columns, open_values
from skillsaid_desktop.ui.widgets.row_order import Arrangement
from skillsaid_desktop.ui.widgets.row_table import RowTable


class ListBar(FilterRow):
    """Search, chips of the columns in `chips` and of those that are filtered, views and columns of a named table.

    `title` says what is shown, as the title of its paper, and `unit` counts its rows. A page with a search of its own
    gives no `hint`, and may have the buttons among its own `buttons`; the row then shows only while something is filtered.
    """

    def __init__(
        self,
        session: Session,
        table: RowTable,
        *,
        title: Callable[[], str],
        unit: str,
        hint: str = "",
        chips: tuple[str, ...] = (),
        buttons: QBoxLayout | None = None,
    ) -> None:
        super().__init__(top=6, bottom=8)
        self._session, self.table, self._title, self._unit, self._usual = session, table, title, unit, chips
        self._is_bare = not hint and not chips
        self.narrowed_beside: Callable[[], Mapping[str, frozenset[str]]] = dict
        """What the page narrows beside the table, as filters of its columns, so that a view keeps it."""
        self.narrow_beside: Callable[[dict[str, frozenset[str]]], object] = lambda _filters: None
        """Takes out of a view's filters what the page narrows beside the table, and narrows to it."""
        self.search = SearchField(hint, width=180)
        self.search.searched.connect(self._on_searched)
        self.search.left_down.connect(table.setFocus)
        self.add(self.search)
        self.search.setVisible(bool(hint))
        self.chips: dict[str, FilterChip] = {}
        for column in chips:
            self._add_chip(column)
        self.clear = Button(tr("清除筛选"), table.clear_filters, kind="link")
        self.clear.hide()
        self.add(self.clear)
        self.views = ViewButton(session, self)
        self.columns = Button(
            tr("列"), lambda: choose_columns(table, self.columns), icon="column_triple", kind="quiet"
        )
        for button in (self.views, self.columns):
            self.add_right(button) if buttons is None else buttons.addWidget(button)
        table.outputs = ((tr("导出这张表…"), self.export), (tr("打印这张表…"), self.print_out))
        table.arrangement_changed.connect(self.show_state)

    def reload(self) -> None:
        """Read the views anew and say what the table shows; called when the page is read."""
        self.views.read()
        self.show_state()

    def show_state(self) -> None:
        """Say in search field, chips and buttons what is in force."""
        how = self.table.arrangement
        self.search.set_text_silently(how.search)
        for title in how.filters:
            if title not in self.chips:
                self._add_chip(title)
        for title, chip in self.chips.items():
            texts = how.filters.get(title, frozenset())
            words = "、".join(text or tr(BLANK) for text in sorted(texts))
            chip.show_value(words if len(texts) <= 2 else f"{len(texts)} 项")
            chip.setVisible(bool(texts) or title in self._usual)
        self.clear.setVisible(len(how.filters) + bool(how.search) >= 2)
        self.setVisible(bool(how.filters) or not self._is_bare)
        self.views.show_name()

    def _add_chip(self, title: str) -> None:
        self.chips[title] = FilterChip(
            title, partial(self.open_values, title), lambda: self._only(title, frozenset())
        )
        self.add(self.chips[title], len(self.chips))

    def open_values(self, title: str) -> None:
        """Open the values of a column under its chip."""
        open_values(self.table, title, self.chips[title])

    def _only(self, title: str, texts: frozenset[str]) -> None:
        self.table.arrange(self.table.arrangement.only(title, texts))

    def _on_searched(self, text: str) -> None:
        self.table.arrange(replace(self.table.arrangement, search=text))

    def find_here(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    # Views

    @property
    def viewed(self) -> ViewedTable:
        """Return the table that the views are of."""
        # Also those left out now: a view that narrows by one of them narrows in a small window, too.
        heads = (column.title for column in self.table.rows_model.columns if column.title)
        return ViewedTable(name=f"list/{self.table.name}", columns=frozenset(heads))

    def view_now(self, name: str) -> SavedView:
        """Return what is shown now as a view of this name."""
        how = self.table.arrangement
        filters = {title: Among(tuple(sorted(texts))) for title, texts in self._narrowed().items()}
        return SavedView(
            name=name, search=how.search, filters=filters, sort=how.sort, hidden=self.table.hidden()
        )

    def _narrowed(self) -> dict[str, frozenset[str]]:
        return {**self.narrowed_beside(), **self.table.arrangement.filters}

    def show_view(self, view: SavedView) -> None:
        """Show what a view shows."""
        filters = {
            title: frozenset(map(str, condition.values))
            for title, condition in view.filters.items()
            if isinstance(condition, Among)
        }
        self.narrow_beside(filters)
        self.table.set_hidden(view.hidden)
        self.table.arrange(Arrangement(search=view.search, filters=filters, sort=view.sort))

    def proposed_name(self) -> str:
        """Propose a name from what the table is narrowed to."""
        texts = [next(iter(texts)) for texts in self._narrowed().values() if len(texts) == 1]
        return " ".join(text for text in texts if text)[:LONGEST_NAME]

    # Out

    def export(self) -> None:
        """Export what the table shows."""
        export_list(self._session, self.table, self._title(), self._unit)

    def print_out(self) -> None:
        """Print what the table shows."""
        print_list(self.window(), self._session, self.table, self._title(), self._unit)
