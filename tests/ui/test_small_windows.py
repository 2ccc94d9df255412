"""Small windows (DESIGN section 8): rows are shared and lists become boxes, and nothing gets lost on the way back."""

import pytest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ledgers import STUDENTS
from skillsaid_desktop.services.cell_edits import PlannedEdits
from skillsaid_desktop.ui.dialogs.cells_dialog import CellsDialog
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.changes_page import ChangesPage
from skillsaid_desktop.ui.pages.import_page import ImportPage
from skillsaid_desktop.ui.pages.reports_page import ReportsPage
from skillsaid_desktop.ui.prompts import Ask
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import FOOTER_HEIGHT, LOW_FOOTER_HEIGHT, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.text import FactsLabel, Line
from tests.ui.sight import cut_off


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


def test_facts_without_room_are_left_out_whole(qtbot: QtBot) -> None:
    label = FactsLabel("2025年11月　已记 116 / 124 人，差 8 人")
    qtbot.addWidget(label)
    whole = label.fontMetrics().horizontalAdvance(label.text())
    label.resize(whole, 30)
    assert label.shown() == label.text()
    label.resize(whole - 1, 30)
    assert label.shown() == "2025年11月"
    label.resize(20, 30)
    assert label.shown() == "", "half a date says nothing"


def test_the_steps_of_an_import_fit_beside_the_title(window: MainWindow) -> None:
    resize(window, 911, 512)
    window.open_page("import")
    page = window.page()
    assert isinstance(page, ImportPage)
    resize(window, 911, 512)
    assert page.steps.is_short(), "only the step in hand has its name"
    right = page.steps.mapTo(window, page.steps.rect().topRight()).x()
    assert right < window.bar.field.mapTo(window, window.bar.field.rect().topLeft()).x()
    resize(window, 1440, 900)
    assert not page.steps.is_short()


@pytest.mark.parametrize("with_button", [True, False])
def test_the_line_of_a_footer_is_its_upper_edge(qtbot: QtBot, with_button: bool) -> None:
    footer = FooterBar("还没有写进台账。")
    if with_button:
        footer.add(Button("导入", kind="main"))
    qtbot.addWidget(footer)
    footer.resize(900, FOOTER_HEIGHT)
    footer.show()
    assert [line.y() for line in footer.findChildren(Line)] == [0]


def test_the_preview_of_a_paste_is_no_wider_than_the_window(window: MainWindow) -> None:
    resize(window, 911, 512)
    dialog = CellsDialog(window, STUDENTS, PlannedEdits(rows=()), act="粘贴")
    assert dialog.width() <= 911 - 40
    assert dialog.height() <= 512 - 40
    assert dialog.sentence.isHidden(), "no empty line over the table"


def test_the_fields_of_a_report_are_whole_where_its_mark_has_no_room(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    resize(window, 911, 512)
    window.open_page("reports", {"report": "monitoring"})
    page = window.page()
    assert isinstance(page, ReportsPage)
    qtbot.waitUntil(lambda: page.pdf is not None and page.report.name == "monitoring", timeout=20_000)
    resize(window, 911, 512)
    for field in page._fields.values():
        assert field.width() >= field.sizeHint().width()


def test_a_question_is_as_wide_as_its_answers_need(qtbot: QtBot) -> None:
    months = [(month, f"按“{month}”收", "plain") for month in ("2025年12月", "2025年11月")]
    dialog = Ask(
        None, "里说的月份不一样", "", buttons=[*months, ("none", "先不导入", "plain")], safe="先看预览"
    )
    qtbot.addWidget(dialog)
    dialog.show()
    assert not cut_off(dialog)
