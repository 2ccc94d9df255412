"""一生一档 as a page: from the drawer, from chosen rows, from a class, and found by hand; out with its purpose."""

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.classes_page import ClassDrawer, ClassesPage
from skillsaid_desktop.ui.pages.student_drawer import StudentDrawer
from skillsaid_desktop.ui.pages.student_file_page import StudentFilePage
from skillsaid_desktop.ui.pages.students_page import StudentsPage
from skillsaid_desktop.ui.session import Session
from tests.ui.prompts import FakePrompts


@pytest.fixture
def students(window: MainWindow) -> StudentsPage:
    window.open_page("students")
    found = window.page()
    assert isinstance(found, StudentsPage)
    return found


def papers(window: MainWindow, session: Session, qtbot: QtBot) -> StudentFilePage:
    page = window.page()
    assert isinstance(page, StudentFilePage)
    settle(page, session, qtbot)
    return page


def settle(page: StudentFilePage, session: Session, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page._timer.isActive() and not session.tasks.is_busy(), timeout=20_000)


def test_the_drawer_opens_the_paper_of_its_student(
    students: StudentsPage, window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    students.table.choose_row(2)
    students.open_drawer()
    assert isinstance(students.drawer, StudentDrawer)
    name = students.drawer.title.text()
    qtbot.mouseClick(students.drawer.paper, Qt.MouseButton.LeftButton)
    page = papers(window, session, qtbot)
    assert page.chosen_chip.text().endswith("1 人")
    assert page.pane.document is not None
    assert page.pane.document.file_name == f"一生一档 {name} 2025-11-20"
    assert page.right.currentWidget() is page.pane


def test_chosen_rows_are_one_paper_and_all_come_back_with_the_chip(
    students: StudentsPage, window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    students.table.choose_all()
    menu = students.row_menu(0, 0)
    next(each for each in menu.actions() if each.text() == "一生一档").trigger()
    page = papers(window, session, qtbot)
    assert page.pane.document is not None
    assert page.pane.document.people == 8
    page.show_all()
    settle(page, session, qtbot)
    assert len(page.ids) == 8  # the targets


def test_a_class_opens_with_all_its_targets_chosen(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    window.open_page("classes")
    classes = window.page()
    assert isinstance(classes, ClassesPage)
    row = next(
        at
        for at in range(classes.model.rowCount())
        if classes.model.text(at, classes.model.column_of("name")) == "机电2301"
    )
    classes.table.choose_row(row)
    classes.open_drawer()
    assert isinstance(classes.drawer, ClassDrawer)
    qtbot.mouseClick(classes.drawer.papers, Qt.MouseButton.LeftButton)
    page = papers(window, session, qtbot)
    assert page.classes.currentText() == "机电2301"
    assert page.pane.document is not None
    assert page.pane.document.people == 5
    page.targets.click()
    settle(page, session, qtbot)
    assert len(page.ids) == 8


def test_a_student_is_found_by_initials_and_arrow_keys_turn_the_papers(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    window.open_page("student_file")
    page = papers(window, session, qtbot)
    assert page.right.currentWidget() is page.empty
    assert not any(button.isEnabled() for button in page.outs)
    page.find_here()
    qtbot.keyClicks(page.search, "zhong")
    qtbot.waitUntil(lambda: len(page.ids) == 2, timeout=5000)
    qtbot.keyClick(page.search, Qt.Key.Key_Down)
    settle(page, session, qtbot)
    assert page.pane.document is not None
    first = page.pane.document.file_name
    assert "钟" in first
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    settle(page, session, qtbot)
    assert page.pane.document is not None
    assert page.pane.document.file_name != first
    assert all(button.isEnabled() for button in page.outs)


def test_the_masked_paper_goes_out_at_once_and_the_full_one_with_its_purpose_on_record(
    window: MainWindow, session: Session, qtbot: QtBot, prompts: FakePrompts, tmp_path: Path
) -> None:
    window.open_page("student_file", {"class_name": "电商2301"})
    page = papers(window, session, qtbot)
    prompts.save_as = tmp_path / "一生一档.xlsx"
    page.pane.export_as("xlsx")
    qtbot.waitUntil(lambda: not session.tasks.is_busy(), timeout=20_000)
    book = openpyxl.load_workbook(prompts.save_as)
    assert len(book.sheetnames) == 3
    assert prompts.asked == []
    assert "（校内版）" in session.ledger_file.history(limit=1)[0].name
    page.pane.grade.setCurrentIndex(0)
    settle(page, session, qtbot)
    prompts.save_as, prompts.text = tmp_path / "一生一档.pdf", None
    page.export()
    assert not prompts.save_as.exists()
    prompts.text = "审计检查"
    page.export()
    qtbot.waitUntil(lambda: not session.tasks.is_busy(), timeout=20_000)
    last = session.ledger_file.history(limit=1)[0]
    assert last.name == "导出一生一档（上报版） 3 人，用途：审计检查"
    assert "身份证号" in last.note
    assert prompts.save_as.stat().st_size > 10_000
