"""Small windows (DESIGN section 8): rows are shared and lists become boxes, and nothing gets lost on the way back."""

import pytest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.changes_page import ChangesPage
from skillsaid_desktop.ui.pages.reports_page import ReportsPage
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import LOW_FOOTER_HEIGHT, FooterBar


def resize(window: MainWindow, width: int, height: int) -> None:
    window.resize(width, height)
    for _ in range(4):
        QApplication.processEvents()


@pytest.mark.parametrize(
    "name", ["desk", "students", "changes", "monitoring", "pending", "reports", "history"]
)
def test_under_560_the_head_shares_the_row_of_the_command_bar(window: MainWindow, name: str) -> None:
    window.open_page(name)
    page = window.page()
    assert page is not None
    resize(window, 1000, 540)
    assert window.bar.isAncestorOf(page.head)
    assert page.head.isVisible()
    assert page.head.title.isVisible()
    assert window.bar.height() <= 48
    for footer in page.findChildren(FooterBar):
        assert footer.minimumHeight() == LOW_FOOTER_HEIGHT
    resize(window, 1000, 600)
    assert page.isAncestorOf(page.head)
    assert page.head.isVisible()
    assert page.head.mapTo(page, page.head.rect().topLeft()).y() == 0, "it stands over the page again"


def test_another_page_brings_its_own_head_into_the_row(window: MainWindow) -> None:
    resize(window, 1000, 540)
    window.open_page("students")
    first = window.page()
    window.open_page("pending")
    second = window.page()
    assert first is not None
    assert second is not None
    assert window.bar.isAncestorOf(second.head)
    assert not window.bar.isAncestorOf(first.head)
    window.open_page("students")
    assert window.bar.isAncestorOf(first.head)
    assert first.head.isVisible()
    assert not second.head.isVisible()


def test_acts_without_room_are_under_more(window: MainWindow) -> None:
    window.open_page("changes")
    page = window.page()
    assert isinstance(page, ChangesPage)
    resize(window, 900, 540)
    assert page.groups.isHidden()
    menu = QMenu()
    page.fill_more(menu)
    assert [each.text() for each in menu.actions()] == ["整班、整级", "导入", "导出", "打印"]
    resize(window, 1440, 900)
    assert not page.groups.isHidden()


def test_in_a_very_narrow_window_reports_are_picked_from_a_box(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    window.open_page("reports")
    page = window.page()
    assert isinstance(page, ReportsPage)
    qtbot.waitUntil(lambda: not session.tasks.is_busy(), timeout=20_000)
    assert page.list.isVisible()
    assert page.pick.isHidden()
    resize(window, 940, 700)
    assert page.list.isHidden()
    assert page.pick.isVisible()
    at = page.pick.findData("changes")
    page.pick.setCurrentIndex(at)
    page.pick.activated.emit(at)
    qtbot.waitUntil(lambda: not session.tasks.is_busy(), timeout=20_000)
    assert page.report.name == "changes"
    resize(window, 1200, 700)
    assert page.list.isVisible()
    assert page.list.currentItem().text() == page.report.title
    page.open_with({"report": "progress"})
    assert page.pick.currentData() == "progress"
    qtbot.waitUntil(lambda: not session.tasks.is_busy(), timeout=20_000)
