"""The menus of a plain table: copy, sort, filter and leave out columns, from the cell one is in or from a head."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.column_menu import ColumnActs, add_column_acts, add_column_menu
from skillsaid_desktop.ui.widgets.floating import TickPanel

if TYPE_CHECKING:
    from skillsaid_desktop.ui.widgets.row_table import RowTable

BLANK = "（空）"


def cell_menu(table: "RowTable") -> QMenu:
    """Return the menu of the cell one is in."""
    menu = QMenu(table)
    has_rows = table.row_count() > 0
    acts = table.row_acts() if table.chosen_rows() else ()
    for title, act in acts:
        menu.addAction(title, act)
    if acts:
        menu.addSeparator()
    menu.addAction(tr("复制") + "\tCtrl+C", table.copy).setEnabled(bool(table.chosen_rows()))
    menu.addAction(tr("复制（含表头）"), lambda: table.copy(with_heads=True)).setEnabled(
        bool(table.chosen_rows())
    )
    menu.addAction(tr("复制全部（含表头）"), table.copy_all).setEnabled(has_rows)
    for title, act in table.outputs:
        menu.addAction(title, act).setEnabled(has_rows)
    index = table.currentIndex()
    title = table.title_of(index.column())
    if title:
        menu.addSeparator()
    if title and table.can_filter:
        text = table.rows_model.rows[index.row()][index.column()].text
        menu.addAction(
            tr("只看这个值"), lambda: table.arrange(table.arrangement.only(title, frozenset({text})))
        )
    if title:
        add_column_menu(menu, column_acts(table, title))
    return menu


def head_menu(table: "RowTable", column: int) -> QMenu:
    """Return the menu of a column's head."""
    menu = QMenu(table)
    add_column_acts(menu, column_acts(table, table.title_of(column)))
    return menu


def column_acts(table: "RowTable", title: str) -> ColumnActs:
    """Return what can be done with a column."""
    how = table.arrangement
    return ColumnActs(
        name=title, title=title, sort=how.sort, sort_by=table.sort_by,
        hide=(lambda: table.set_hidden(table.hidden() | {title})) if len(table.shown_columns()) > 1 else None,
        choose_columns=partial(choose_columns, table, table.horizontalHeader()),
        open_values=partial(open_values, table, title) if table.can_filter else None,
        clear=table.clear_filters if how.is_narrowed else None,
    )  # fmt: skip


def open_values(table: "RowTable", title: str, anchor: QWidget | None = None) -> TickPanel:
    """Open the values of a column with their counts, under its head or another anchor; the ticked ones stay in sight."""
    head = table.horizontalHeader()
    left = 0 if anchor is not None else head.sectionViewportPosition(table.column_of(title))
    counts = table.value_counts(title)
    rows = [(text, text.replace("\n", " ") or tr(BLANK), f"{number:,}") for text, number in counts]
    ticked = table.arrangement.filters.get(title, frozenset())
    panel = TickPanel(anchor or head, rows, ticked, left=left)
    panel.ticked.connect(lambda texts: table.arrange(table.arrangement.only(title, texts)))
    return panel


def choose_columns(table: "RowTable", anchor: QWidget) -> TickPanel:
    """Open the list of columns; one always stays."""
    titles = table.titles()
    shown = frozenset(title for title in titles if title not in table.hidden())
    panel = TickPanel(anchor, [(title, title, "") for title in titles], shown, all_hint=tr("找一列"))
    panel.ticked.connect(lambda ticked: table.set_hidden((table.hidden() | set(titles)) - ticked))
    return panel
