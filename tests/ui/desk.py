"""首页 in tests: it is read beside the window, so what it shows is waited for."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skillsaid_desktop.services.desk import Desk
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.desk_page import DeskPage

WAIT_MS = 20_000


def open_desk(window: MainWindow, qtbot: QtBot) -> DeskPage:
    """Open 首页 and return it when it shows how the month stands now."""
    window.open_page("desk")
    page = window.page()
    assert isinstance(page, DeskPage)
    shown(page, qtbot)
    return page


def shown(page: DeskPage, qtbot: QtBot) -> Desk:
    """Wait until 首页 shows how the month stands now, and return that."""
    qtbot.waitUntil(lambda: page.is_current, timeout=WAIT_MS)
    QApplication.processEvents()  # lays out what it was filled with
    assert page.desk is not None
    return page.desk
