"""Pages of one subject with several views: a switch beside the title leads from one to the other."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QMenu

from skillsaid_desktop.ledgers import Ledger
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.navigation import FOLDED_WIDTH, WIDTH
from skillsaid_desktop.ui.pages.ledger_page import MORE_BELOW, LedgerPage
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.choice_switch import ChoiceSwitch

LEAST_ROOM = 680
"""Pixels that title, day, switch and three buttons need beside each other."""
Views = tuple[tuple[str, str], ...]
"""Page and title of each view, in order."""


class SwitchedPage(LedgerPage):
    """A ledger as one of several views: one title, the switch, export and print under 更多."""

    views: Views = ()
    view = ""
    """The name of this page among the views, if it is not its ledger's."""
    _is_tight = False

    def __init__(self, session: Session, ledger: Ledger) -> None:
        super().__init__(session, ledger)
        self.switch = ChoiceSwitch(self.views, self._here)
        self.switch.chosen.connect(session.navigate)
        self.head.add_beside_title(self.switch)

    @property
    def _here(self) -> str:
        return self.view or self.ledger.name

    def reload(self) -> None:
        self.switch.set_value(self._here)  # the click that left it pressed another one
        super().reload()

    def open_with(self, params: Mapping[str, object]) -> None:
        self.switch.set_value(self._here)  # the click that left it pressed another one
        super().open_with(params)

    def set_room(self, width: int, height: int) -> None:
        super().set_room(width, height)
        for button in self._out:
            button.hide()
        self._more.show()
        beside = self._drawer_width if self.drawer.isVisibleTo(self) and not self._is_covering else 0
        navigation = FOLDED_WIDTH if width < MORE_BELOW else WIDTH
        self._is_tight = width - navigation - beside < LEAST_ROOM or self._is_short
        self.switch.setVisible(not self._is_tight)
        self.import_button.setVisible(not self._is_tight)

    def fill_more(self, menu: QMenu) -> None:
        if self._is_tight:
            for name, title in self.views:
                if name != self._here:
                    menu.addAction(tr(title), partial(self.session.navigate, name))
            menu.addSeparator()
        super().fill_more(menu)
