"""The menus of a plain table: copy, sort, filter and leave out columns, from the cell one is in or from a head."""

from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.floating import TickPanel
from skillsaid_desktop.ui.widgets.row_table import RowTable

BLANK = "（空）"


def cell_menu(table: RowTable) -> QMenu:
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
        words = f"只看“{_short(text)}”" if text else f"只看“{title}”{BLANK}的"
        menu.addAction(words, lambda: table.arrange(table.arrangement.only(title, frozenset({text}))))
    if title:
        _add_column_acts(menu, table, title)
    return menu


def head_menu(table: RowTable, column: int) -> QMenu:
    """Return the menu of a column's head."""
    menu = QMenu(table)
    _add_column_acts(menu, table, table.title_of(column))
    return menu


def _add_column_acts(menu: QMenu, table: RowTable, title: str) -> None:
    how = table.arrangement
    if table.can_filter:
        menu.addAction(f"筛选“{title}”…", partial(open_values, table, title))
    if how.is_narrowed:
        menu.addAction(tr("清除筛选"), table.clear_filters)
    menu.addSeparator()
    menu.addAction(f"按“{title}”升序", lambda: table.sort_by(((title, False),)))
    menu.addAction(f"按“{title}”降序", lambda: table.sort_by(((title, True),)))
    if how.sort:
        if title not in dict(how.sort):
            menu.addAction(f"再按“{title}”排", lambda: table.sort_by((*how.sort, (title, False))))
        menu.addAction(tr("恢复原来的次序"), lambda: table.sort_by(()))
    menu.addSeparator()
    menu.addAction(f"隐藏“{title}”", lambda: table.set_hidden(table.hidden() | {title}))
    menu.addAction(tr("选要看的列…"), partial(choose_columns, table, table.horizontalHeader()))


def open_values(table: RowTable, title: str, anchor: QWidget | None = None) -> TickPanel:
    """Open the values of a column with their counts, under its head or another anchor; the ticked ones stay in sight."""
    head = table.horizontalHeader()
    left = 0 if anchor is not None else head.sectionViewportPosition(table.column_of(title))
    counts = table.value_counts(title)
    rows = [(text, text.replace("\n", " ") or tr(BLANK), f"{number:,}") for text, number in counts]
    ticked = table.arrangement.filters.get(title, frozenset())
    panel = TickPanel(anchor or head, rows, ticked, left=left)
    panel.ticked.connect(lambda texts: table.arrange(table.arrangement.only(title, texts)))
    return panel


def choose_columns(table: RowTable, anchor: QWidget) -> TickPanel:
    """Open the list of columns; one always stays."""
    titles = table.titles()
    shown = frozenset(title for title in titles if title not in table.hidden())
    panel = TickPanel(anchor, [(title, title, "") for title in titles], shown, all_hint=tr("找一列"))
    panel.ticked.connect(lambda ticked: table.set_hidden(set(titles) - (ticked or set(titles[:1]))))
    return panel


def _short(text: str) -> str:
    first = text.split("\n")[0]
    return first if len(first) <= 16 else first[:15] + "…"
