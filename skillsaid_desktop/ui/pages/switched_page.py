"""Pages of one subject with several views: a switch beside the title leads from one to the other."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QPushButton, QWidget

from skillsaid_desktop.ledgers import Ledger
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.navigation import FOLDED_WIDTH, WIDTH
from skillsaid_desktop.ui.pages.ledger_page import MORE_BELOW, LedgerPage
from skillsaid_desktop.ui.session import Session

LEAST_ROOM = 680
"""Pixels that title, day, switch and three buttons need beside each other."""
Views = tuple[tuple[str, str], ...]
"""Page and title of each view, in order."""


class ViewSwitch(QWidget):
    """A button for each view (按户, 按人), of which the page in sight is pressed."""

    def __init__(self, session: Session, views: Views, now: str) -> None:
        super().__init__()
        self._views = views
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._group = QButtonGroup(self)
        for name, title in views:
            button = QPushButton(tr(title))
            button.setProperty("kind", "choice")
            button.setCheckable(True)
            button.setChecked(name == now)
            button.setAutoDefault(False)
            if name != now:
                button.clicked.connect(lambda _checked=False, name=name: session.navigate(name))
            self._group.addButton(button)
            row.addWidget(button)
        self._now = now

    def settle(self) -> None:
        """Press the button of this page again; the click that left it had pressed the other."""
        for button, (name, _title) in zip(self._group.buttons(), self._views, strict=True):
            button.setChecked(name == self._now)


class SwitchedPage(LedgerPage):
    """A ledger as one of several views: one title, the switch, export and print under 更多."""

    views: Views = ()
    view = ""
    """The name of this page among the views, if it is not its ledger's."""
    _is_tight = False

    def __init__(self, session: Session, ledger: Ledger) -> None:
        super().__init__(session, ledger)
        self.switch = ViewSwitch(session, self.views, self.view or ledger.name)
        self.head.add_beside_title(self.switch)

    def reload(self) -> None:
        self.switch.settle()
        super().reload()

    def open_with(self, params: Mapping[str, object]) -> None:
        self.switch.settle()
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

    def close_drawer(self) -> None:
        super().close_drawer()
        self.set_room(self.window().width(), self.window().height())

    def fill_more(self, menu: QMenu) -> None:
        if self._is_tight:
            for name, title in self.views:
                if name != (self.view or self.ledger.name):
                    menu.addAction(tr(title), partial(self.session.navigate, name))
            menu.addSeparator()
        super().fill_more(menu)
