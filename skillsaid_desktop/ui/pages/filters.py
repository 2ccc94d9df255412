"""The row over a ledger's table: search field, filter chips with counts, 清除筛选, and the column chooser."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.ledgers.listing import Among, Condition, count_rows, value_counts
from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.types import Choice, Flag
from skillsaid_desktop.services.saved_views import LONGEST_NAME, SavedView, ViewedTable, table_of
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.models.ledger_model import LedgerModel
from skillsaid_desktop.ui.pages.view_menu import ViewButton
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import FilterRow
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.chips import FilterChip
from skillsaid_desktop.ui.widgets.column_menu import ColumnActs
from skillsaid_desktop.ui.widgets.fields import SearchField
from skillsaid_desktop.ui.widgets.floating import TickPanel
from skillsaid_desktop.ui.widgets.table_view import FrozenTable

CHIPS = 5
_USUAL = (
    "missing",
    "class_now",
    "is_target",
    "current_state",
    "state",
    "class_name",
    "home_county",
    "is_flagged",
    "kind",
    "month",
    "difficulty",
    "level",
    "county",
    "category",
    "is_risk_cleared",
    "has_siblings",
)
BLANK_KEY = "\x00"


class LedgerFilters(FilterRow):
    """Changes the model's query and tells that it has changed."""

    changed = Signal()

    def __init__(
        self, session: Session, ledger: Ledger, model: LedgerModel, table: FrozenTable, hint: str
    ) -> None:
        super().__init__()
        self._session, self._ledger, self._model, self._table = session, ledger, model, table
        self._hint = hint
        self._keys: dict[str, dict[str, Any]] = {}
        self.search = SearchField(hint)
        self.search.searched.connect(self._on_searched)
        self.search.left_down.connect(lambda: self._table.setFocus())
        self.add(self.search)
        self.chips: dict[str, FilterChip] = {}
        for field in chip_fields(ledger):
            self._add_chip(field)
        self.gone: FilterChip | None = None
        if ledger.here:
            self.gone = FilterChip(
                tr("含离校"),
                lambda: self.show_gone(self._model.query.here_only),
                lambda: self.show_gone(False),
            )
            self.gone.setToolTip(tr("毕业、退学、转出等已经离校的，和还没有入学的，也列出来"))
            self.add(self.gone)
        self.named = FilterChip("", lambda: None, self.clear_only)
        self.named.hide()
        self.add(self.named)
        self.clear = Button(tr("清除筛选"), self.clear_all, kind="link")
        self.clear.hide()
        self.add(self.clear)
        self.views = ViewButton(session, self)
        self.add_right(self.views)
        self.columns = Button(tr("列"), self.choose_columns, icon="column_triple", kind="quiet")
        self.add_right(self.columns)

    def _add_chip(self, field: Field) -> FilterChip:
        name = field.name
        chip = FilterChip(field.title, lambda: self.open_list(name), lambda: self.set_filter(name, None))
        self.chips[name] = chip
        self.add(chip, len(self.chips))
        return chip

    # Filters

    def open_list(self, name: str, *, under_head: bool = False) -> TickPanel | None:
        """Open the values of a field with their counts; a chip of a flag simply turns it on and off."""
        field = self._ledger.column(name)
        if isinstance(field.type, Flag) and not under_head:
            self.set_filter(name, None if name in self._model.query.filters else Among((True,)))
            return None
        with self._session.ledger_file.reading() as reading:
            counts = value_counts(reading, self._ledger, self._model.query, name)
        if len(counts) > 2 and not isinstance(field.type, Choice):
            counts.sort(key=lambda pair: str(pair[0] or ""))
        self._keys[name] = {key_of(value): value for value, _count in counts}
        rows = [
            (
                key_of(value),
                field.type.format(value) if value not in (None, "") else tr("（空）"),
                f"{count:,}",
            )
            for value, count in counts
        ]
        now = self._model.query.filters.get(name)
        ticked = frozenset(key_of(value) for value in now.values) if isinstance(now, Among) else frozenset()
        anchor: QWidget = self.chips.get(name) or self
        left = 0
        if under_head:
            anchor, left = self._table.place_of_head(self._model.column_of(name))
        panel = TickPanel(anchor, rows, ticked, left=left)
        panel.ticked.connect(lambda keys: self._on_ticked(name, keys))
        return panel

    def _on_ticked(self, name: str, keys: frozenset[str]) -> None:
        values = tuple(value for key, value in self._keys[name].items() if key in keys)
        self.set_filter(name, Among(values) if values else None)

    def set_filter(self, name: str, condition: Condition | None) -> None:
        """Put a filter in force, or take it away with None."""
        filters = dict(self._model.query.filters)
        filters.pop(name, None)
        if condition is not None:
            filters[name] = condition
        self._model.set_query(filters=filters)
        self._apply()

    def set_all(self, filters: Mapping[str, Condition], search: str = "") -> None:
        """Put exactly these filters in force."""
        self.search.set_text_silently(search)
        self._model.set_query(filters=filters, search=search, only=())
        self._apply()

    def show_gone(self, shown: bool) -> None:
        """Show also who is not here on that day, or leave them out again."""
        self._model.set_query(here_only=not shown)
        self._apply()

    def set_only(self, ids: Sequence[int], title: str) -> None:
        """Show exactly these records, named by where they come from, e.g. 证件号."""
        self.search.set_text_silently("")
        self._model.set_query(filters={}, search="", only=ids)
        self.named.title = title
        self._apply()

    def clear_only(self) -> None:
        """Show all records again."""
        self._model.set_query(only=())
        self._apply()

    def clear_all(self) -> None:
        """Take away all filters and the search."""
        self.set_all({})

    def _on_searched(self, text: str) -> None:
        self._model.set_query(search=text)
        self._apply()

    def _apply(self) -> None:
        self._table.marked_text = self._model.query.search
        self.changed.emit()

    def words(self) -> str:
        """Return in words what the table is narrowed to, for the second line of a paper."""
        parts = [f"查找“{self._model.query.search}”"] if self._model.query.search else []
        for name, condition in self._model.query.filters.items():
            field = self._ledger.column(name)
            if isinstance(condition, Among):
                values = [field.type.format(value) or tr("空") for value in condition.values]
                parts.append(f"{field.title}：{'、'.join(values)}")
        if self._model.query.only is not None:
            parts.insert(0, self.named.title)
        elif self._ledger.here:
            parts.insert(0, tr("在籍") if self._model.query.here_only else tr("含离校"))
        return "；".join(parts)

    def show_state(self) -> None:
        """Write into the chips and heads what is in force; called after the model has been read."""
        filters = self._model.query.filters
        for name in filters:
            if name not in self.chips:
                self._add_chip(self._ledger.column(name))
        for name, chip in self.chips.items():
            chip.show_value(self._words(name, filters.get(name)))
            usual = name in {field.name for field in chip_fields(self._ledger)}
            chip.setVisible(usual or name in filters)
        only = self._model.query.only
        self.named.setVisible(only is not None)
        if only is not None:
            self.named.show_value(f"{len(only):,}")
        if self.gone is not None:
            self.gone.setVisible(only is None)
            self.gone.show_value("" if self._model.query.here_only else f"{self._gone():,}")
        self.clear.setVisible(len(filters) + bool(self._model.query.search) + (only is not None) >= 2)
        self._table.set_filtered(frozenset(filters))
        self.views.show_name()

    def _gone(self) -> int:
        with self._session.ledger_file.reading() as reading:
            here = count_rows(reading, self._ledger, replace(self._model.query, here_only=True))
        return len(self._model.ids) - here

    def _words(self, name: str, condition: Condition | None) -> str:
        if not isinstance(condition, Among):
            return "" if condition is None else "…"
        field = self._ledger.column(name)
        if isinstance(field.type, Flag) and condition.values == (True,):
            return f"{len(self._model.ids):,}"
        words = [
            field.type.format(value) if value not in (None, "") else tr("（空）")
            for value in condition.values
        ]
        return "、".join(words) if len(words) <= 2 else f"{len(words)} 项"

    # Views

    @property
    def viewed(self) -> ViewedTable:
        """Return the table that the views are of."""
        return table_of(self._ledger)

    def view_now(self, name: str) -> SavedView:
        """Return what is shown now as a view of this name."""
        query = self._model.query
        return SavedView(
            name=name, search=query.search, filters=query.filters, sort=query.sort, here_only=query.here_only,
            hidden=frozenset(self._table.hidden()),
        )  # fmt: skip

    def show_view(self, view: SavedView) -> None:
        """Show what a view shows."""
        self._table.set_hidden(set(view.hidden))
        self._model.set_query(sort=view.sort, here_only=view.here_only)
        self.set_all(view.filters, view.search)

    def proposed_name(self) -> str:
        """Propose a name from what the table is narrowed to."""
        words = []
        for name, condition in self._model.query.filters.items():
            column = self._ledger.column(name)
            if isinstance(condition, Among) and len(condition.values) == 1:
                value = condition.values[0]
                words.append(column.title if value is True else column.type.format(value))
        return " ".join(word for word in words if word)[:LONGEST_NAME]

    # Columns

    def column_acts(self, name: str) -> ColumnActs:
        """Return what can be done with a column."""
        query, title = self._model.query, self._ledger.column(name).title
        return ColumnActs(
            name=name, title=title, sort=query.sort, sort_by=self._table.sort_changed.emit,
            hide=lambda: self._show_columns(self._table.hidden() | {name}), choose_columns=self.choose_columns,
            open_values=lambda: self.open_list(name, under_head=True),
            clear=self.clear_all if query.filters or query.search else None,
        )  # fmt: skip

    def choose_columns(self) -> TickPanel:
        """Open the list of columns."""
        hidden = self._table.hidden()
        rows = [(field.name, field.title, "") for field in self._ledger.fields]
        shown = frozenset(name for name, _title, _note in rows if name not in hidden)
        panel = TickPanel(self.columns, rows, shown, all_hint=tr("找一列"))
        panel.ticked.connect(
            lambda keys: self._show_columns({name for name, _t, _n in rows if name not in keys})
        )
        return panel

    def _show_columns(self, hidden: set[str]) -> None:
        self._table.set_hidden(hidden)
        self.views.show_name()

    def set_narrow(self, narrow: bool) -> None:
        """Take a shorter search field in a narrower window."""
        self.search.set_width(172 if narrow else 208)
        self.search.setPlaceholderText(self._hint.rpartition("、")[0] or self._hint if narrow else self._hint)


def key_of(value: Any) -> str:
    """Return a value as a key of the list."""
    return BLANK_KEY if value in (None, "") else str(value)


def chip_fields(ledger: Ledger) -> Sequence[Field]:
    """Return the fields that have a chip from the start."""
    by_name = {field.name: field for field in ledger.fields}
    usual = [by_name[name] for name in _USUAL if name in by_name]
    if len(usual) < CHIPS:
        usual += [f for f in ledger.fields if isinstance(f.type, Choice) and f not in usual]
    return usual[:CHIPS]
