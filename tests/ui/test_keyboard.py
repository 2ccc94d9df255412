"""Everything works without a mouse: Tab comes to every button of every page, F6 to every region."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QButtonGroup, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages import all_pages
from skillsaid_desktop.ui.pages.desk_page import DeskPage
from skillsaid_desktop.ui.pages.ledger_page import LedgerPage
from skillsaid_desktop.ui.widgets.regions import regions_of

MOST_STOPS = 400


def walk(window: MainWindow, qtbot: QtBot, key: Qt.Key) -> list[QWidget]:
    """Press Tab or Shift+Tab until it comes round, F6 where it goes from cell to cell; return where it stopped."""
    stops: list[QWidget] = []
    window.navigation.setFocus()
    for _ in range(MOST_STOPS):
        focus = QApplication.focusWidget()
        assert focus is not None
        if focus in stops:
            return stops
        stops.append(focus)
        qtbot.keyClick(focus, key)
        if QApplication.focusWidget() is focus:
            qtbot.keyClick(focus, Qt.Key.Key_F6)
    raise AssertionError("Tab never comes round")


def buttons(window: MainWindow) -> list[QAbstractButton]:
    """Return what can be pressed; the × of a line edit is Esc, and belongs to it."""
    return [
        each
        for each in window.findChildren(QAbstractButton)
        if each.isVisible() and each.isEnabled() and not isinstance(each.parent(), QLineEdit)
    ]


def is_reached(button: QAbstractButton, stops: list[QWidget]) -> bool:
    """Tell whether Tab comes to a button, or to the one of its group from which the arrow keys go on."""
    group: QButtonGroup | None = button.group()  # the stubs forget None
    others = group.buttons() if group is not None and group.exclusive() else [button]
    return any(each in stops or each.focusProxy() in stops for each in others)


@pytest.mark.parametrize("name", [entry.name for entry in all_pages()])
def test_tab_comes_to_every_button(window: MainWindow, qtbot: QtBot, name: str) -> None:
    window.open_page(name)
    page = window.page()
    if isinstance(page, LedgerPage) and page.model.ids:
        page.table.choose_row(0)
        page.open_drawer()
    qtbot.waitUntil(lambda: window.session.tasks.is_at_rest(), timeout=10_000)
    QApplication.processEvents()
    stops = walk(window, qtbot, Qt.Key.Key_Tab) + walk(window, qtbot, Qt.Key.Key_Backtab)
    left_out = [
        f"{type(each).__name__} {each.text() or each.toolTip() or each.accessibleName()}"
        for each in buttons(window)
        if not is_reached(each, stops)
    ]
    assert left_out == []


def test_f6_goes_round_the_regions_and_back(window: MainWindow, qtbot: QtBot) -> None:
    window.open_page("students")
    page = window.page()
    assert isinstance(page, LedgerPage)
    page.table.choose_row(0)
    page.open_drawer()
    QApplication.processEvents()
    regions = regions_of(page)
    assert regions == [page.filters, page.table, page.drawer]
    window.navigation.setFocus()
    for key, order in (
        (Qt.KeyboardModifier.NoModifier, [*regions, window.navigation]),
        (Qt.KeyboardModifier.ShiftModifier, [*regions[::-1], window.navigation]),
    ):
        for region in order:
            focus = QApplication.focusWidget()
            assert focus is not None
            qtbot.keyClick(focus, Qt.Key.Key_F6, key)
            now = QApplication.focusWidget()
            assert now is not None
            assert region is now or region.isAncestorOf(now), type(region).__name__


def test_f6_leads_into_the_desk_and_not_only_to_its_footer(window: MainWindow, qtbot: QtBot) -> None:
    window.open_page("desk")
    page = window.page()
    assert isinstance(page, DeskPage)
    qtbot.waitUntil(lambda: page.column in regions_of(page), timeout=10_000)
    assert regions_of(page)[-1] is page.footer


@pytest.mark.parametrize("name", ["reports", "settings"])
def test_f6_leads_from_the_choice_at_the_side_to_what_is_chosen(
    window: MainWindow, qtbot: QtBot, name: str
) -> None:
    window.open_page(name)
    page = window.page()
    assert page is not None
    qtbot.waitUntil(lambda: window.session.tasks.is_at_rest(), timeout=20_000)
    choice, chosen = regions_of(page)[:2]
    window.navigation.setFocus()
    for region in (choice, chosen, window.navigation):
        focus = QApplication.focusWidget()
        assert focus is not None
        qtbot.keyClick(focus, Qt.Key.Key_F6)
        now = QApplication.focusWidget()
        assert now is not None
        assert region is now or region.isAncestorOf(now)
