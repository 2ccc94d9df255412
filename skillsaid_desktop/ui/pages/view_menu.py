"""视图: the button over a table with its named views, and what keeps, opens and removes them."""

from functools import partial
from typing import Protocol

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.services.saved_views import SavedView, ViewedTable, list_views, remove_view, store_view
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import DropButton


class Viewable(Protocol):
    """What has views: it says what it shows now, and shows a view again."""

    @property
    def viewed(self) -> ViewedTable:
        """Return the table that the views are of."""

    def view_now(self, name: str) -> SavedView:
        """Return what is shown now as a view of this name."""

    def show_view(self, view: SavedView) -> None:
        """Show what a view shows."""

    def proposed_name(self) -> str:
        """Propose a name from what the table is narrowed to."""


class ViewButton(DropButton):
    """Says which view the table shows; its menu opens another, keeps this one, or removes one."""

    def __init__(self, session: Session, target: Viewable) -> None:
        super().__init__(tr("视图"), kind="quiet")
        self._session, self._target = session, target
        self._views: tuple[SavedView, ...] = ()
        self.clicked.connect(lambda _checked=False: self.menu_of_views().popup(self._under()))

    def menu_of_views(self) -> QMenu:
        """Return the menu, of the views there are by now: they are undone on pages that nothing else of it concerns."""
        self._read_anew()
        views, now = self._views, self._target.view_now("")
        menu = QMenu(self)
        for view in views:
            act = menu.addAction(view.name, partial(self.open, view))
            act.setCheckable(True)
            act.setChecked(view.is_same(now))
        if views:
            menu.addSeparator()
        menu.addAction(tr("把现在的样子存为视图…"), self.keep)
        if views:
            away = menu.addMenu(tr("删掉视图"))
            for view in views:
                away.addAction(view.name, partial(self.remove, view.name))
        return menu

    def open(self, view: SavedView) -> None:
        """Show the table as it was when the view was kept."""
        self._target.show_view(view)

    def keep(self) -> None:
        """Ask for a name and keep what the table shows under it."""
        name = self._session.prompts.ask_text(
            tr("把现在的样子存为视图"), tr("筛选、查找、排序和显示哪些列都记下，下次一点就回到这里。同名的会换成现在的。"),
            label=tr("视图的名字"), act=tr("存为视图"), safe=tr("不存"), initial=self._target.proposed_name(),
        )  # fmt: skip
        if name:
            self._write(tr("存视图") + f" {name}", name)

    def _write(self, title: str, name: str) -> None:
        try:
            with self._session.ledger_file.operation(title) as uow:
                store_view(uow, self._target.viewed, self._target.view_now(name))
        except UserError as error:
            self._session.prompts.error(error)
            return
        self._read_anew()
        self._session.say(tr("已存为视图：") + name)

    def remove(self, name: str) -> None:
        """Forget a view; can be undone."""
        with self._session.ledger_file.operation(tr("删掉视图") + f" {name}") as uow:
            remove_view(uow, self._target.viewed, name)
        self._read_anew()
        self._session.say(tr("已删掉视图：") + name)

    def read(self) -> None:
        """Read the views anew."""
        with self._session.ledger_file.reading() as reading:
            self._views = list_views(reading, self._target.viewed)

    def _read_anew(self) -> None:
        self.read()
        self.show_name()

    def show_name(self) -> None:
        """Say which view the table shows, if it shows one."""
        now = self._target.view_now("")
        name = next((view.name for view in self._views if view.is_same(now)), "")
        self.setText(tr("视图") + (f"　{name}" if name else ""))

    def _under(self) -> QPoint:
        return self.mapToGlobal(QPoint(0, self.height()))
