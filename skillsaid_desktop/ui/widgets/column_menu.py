"""What is done with one column of any table, in the same words: filter it, sort by it, leave it out."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QMenu

from skillsaid_desktop.ui.i18n import tr

SortKeys = tuple[tuple[str, bool], ...]
"""Columns to sort by, the first one first, each with whether it is sorted downwards."""


@dataclass(frozen=True, kw_only=True)
class ColumnActs:
    """The acts on the column `name`, headed `title`, of a table sorted by `sort`.

    A table that can't be filtered has no `open_values`; `clear` takes all filters away where there are some; the last
    column in sight can't be hidden.
    """

    name: str
    title: str
    sort: SortKeys
    sort_by: Callable[[SortKeys], object]
    hide: Callable[[], object] | None
    choose_columns: Callable[[], object]
    open_values: Callable[[], object] | None = None
    clear: Callable[[], object] | None = None


def add_column_acts(menu: QMenu, column: ColumnActs) -> None:
    """Put the acts on a column into a menu."""
    name, title, sort, sort_by = column.name, column.title, column.sort, column.sort_by
    if column.open_values is not None:
        menu.addAction(f"筛选“{title}”…", column.open_values)
    if column.clear is not None:
        menu.addAction(tr("清除筛选"), column.clear)
    menu.addSeparator()
    menu.addAction(f"按“{title}”升序", lambda: sort_by(((name, False),)))
    menu.addAction(f"按“{title}”降序", lambda: sort_by(((name, True),)))
    if sort:
        if name not in dict(sort):
            menu.addAction(f"再按“{title}”排", lambda: sort_by((*sort, (name, False))))
        menu.addAction(tr("恢复原来的次序"), lambda: sort_by(()))
    menu.addSeparator()
    if column.hide is not None:
        menu.addAction(f"隐藏“{title}”", column.hide)
    menu.addAction(tr("选要看的列…"), column.choose_columns)


def add_column_menu(menu: QMenu, column: ColumnActs) -> None:
    """Put the acts on the column one is in under one line of a cell's menu."""
    add_column_acts(menu.addMenu(f"这一列“{column.title}”"), column)
