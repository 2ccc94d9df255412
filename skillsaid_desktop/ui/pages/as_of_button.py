"""截至: the button beside a ledger's title that says, and changes, which day all ledgers are looked at on."""

from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from skillsaid_desktop import clock
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import DropButton
from skillsaid_desktop.ui.widgets.floating import CalendarPanel


class AsOfButton(DropButton):
    """Offers today, the end of last month, and any day."""

    def __init__(self, session: Session) -> None:
        super().__init__("")
        self._session = session
        self.clicked.connect(lambda _checked=False: self._open_menu())

    def show_day(self, *, is_short: bool) -> None:
        """Say the day; where there is little room without its year."""
        day = self._session.as_of.isoformat()
        self.setText(tr("截至") + f" {day[5:] if is_short else day}")

    def _open_menu(self) -> None:
        today = clock.today()
        menu = QMenu(self)
        for title, day in ((tr("今天"), today), (tr("上月末"), today.replace(day=1) - timedelta(days=1))):
            menu.addAction(f"{title}　{day.isoformat()}", partial(self._session.set_as_of, day))
        menu.addAction(tr("选一天…"), self._pick_day)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _pick_day(self) -> None:
        panel = CalendarPanel(self, self._session.as_of)
        panel.picked.connect(self._on_day_picked)

    def _on_day_picked(self, day: object) -> None:
        if isinstance(day, date):
            self._session.set_as_of(day)
