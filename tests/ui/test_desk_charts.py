"""The charts of 首页 answer a question each; every mark is reached by arrow keys and opens the people behind it."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from skillsaid_desktop.domain.entities import HelpMeasure, MonitoringNote
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.desk_page import DeskPage
from skillsaid_desktop.ui.pages.monitoring_page import MonitoringPage
from skillsaid_desktop.ui.pages.reports_page import ReportsPage
from skillsaid_desktop.ui.pages.students_page import StudentsPage
from skillsaid_desktop.ui.widgets.charts import Chart
from tests.factories import make_event
from tests.ui.desk import open_desk, shown


@pytest.fixture
def troubled(school: LedgerFile) -> None:
    """In November one leaves, two are noted in difficulty, one of them helped; one measure is done, one is not."""
    with school.operation("准备") as uow:
        ids = dict(uow.rows("SELECT name, id FROM student"))
        make_event(uow, ids["王英雪"], "退学", date(2025, 11, 5))
        for name, measure in (("吴宇佳", "联系补课"), ("邹斌", None)):
            note = MonitoringNote(
                student_id=ids[name],
                month="2025-11",
                noted_on=date(2025, 11, 6),
                noted_by="陈老师",
                difficulty="较重",
            )
            uow.add(note)
            uow.flush()
            if measure:
                uow.add(HelpMeasure(note_id=note.id, measure=measure, due_on=date(2025, 11, 15)))
                uow.add(
                    HelpMeasure(
                        note_id=note.id, measure="谈心", due_on=date(2025, 11, 10), result="谈过两次",
                        completed_on=date(2025, 11, 9),
                    )
                )  # fmt: skip


@pytest.fixture
def page(troubled: None, window: MainWindow, qtbot: QtBot) -> DeskPage:
    found = open_desk(window, qtbot)
    qtbot.waitUntil(found.side.care.isVisible)
    return found


def press(chart: Chart, qtbot: QtBot, label: str) -> None:
    """Reach a mark by the arrow keys and open it."""
    chart.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    labels = [mark.label for mark in chart.marks]
    for _ in range(labels.index(label)):
        qtbot.keyClick(chart, Qt.Key.Key_Down)
    assert chart.accessibleDescription() == chart.marks[chart.current].spoken
    qtbot.keyClick(chart, Qt.Key.Key_Return)


def test_there_are_two_and_their_titles_are_questions(page: DeskPage) -> None:
    charts = [one for one in page.findChildren(Chart) if one.isVisible()]
    assert [one.accessibleName() for one in charts] == [
        "在籍帮扶对象为什么是 7 人",
        "该看的看了吗，有困难的帮了吗",
    ]


def test_a_step_of_the_bridge_opens_who_moved(page: DeskPage, window: MainWindow, qtbot: QtBot) -> None:
    press(page.side.bridge, qtbot, "退学")
    reports = window.page()
    assert isinstance(reports, ReportsPage)
    qtbot.waitUntil(lambda: not reports.drawer.isHidden(), timeout=20_000)
    assert [one.name for one in reports.drawer.people] == ["王英雪"]


def test_the_bars_count_who_was_seen_and_helped(page: DeskPage) -> None:
    told = [(mark.label, mark.value, mark.target, mark.note) for mark in page.side.care.marks]
    assert told == [("看过", 2, 7, "差 5"), ("困难有措施", 1, 2, "差 1"), ("措施有结果", 1, 2, "差 1")]


def test_a_bar_opens_exactly_who_is_missing(page: DeskPage, window: MainWindow, qtbot: QtBot) -> None:
    press(page.side.care, qtbot, "困难有措施")
    students = window.page()
    assert isinstance(students, StudentsPage)
    assert [students.model.text(row, 0) for row in range(students.model.rowCount())] == ["邹斌"]
    open_desk(window, qtbot)
    press(page.side.care, qtbot, "措施有结果")
    assert [students.model.text(row, 0) for row in range(students.model.rowCount())] == ["吴宇佳"]
    open_desk(window, qtbot)
    press(page.side.care, qtbot, "看过")
    grid = window.page()
    assert isinstance(grid, MonitoringPage)
    assert grid.grid is not None
    assert grid.grid.rows[grid.table.current_row()].note is None


def test_a_full_bar_opens_who_was_seen(
    page: DeskPage, window: MainWindow, school: LedgerFile, qtbot: QtBot
) -> None:
    with school.operation("写措施") as uow:
        note_id = uow.scalar("SELECT n.id FROM monitoring_note n JOIN student s ON s.id = n.student_id"
                             " WHERE s.name = '邹斌'")  # fmt: skip
        uow.add(HelpMeasure(note_id=note_id, measure="申请临时补助", due_on=date(2025, 12, 5)))
    shown(page, qtbot)
    press(page.side.care, qtbot, "困难有措施")
    reports = window.page()
    assert isinstance(reports, ReportsPage)
    qtbot.waitUntil(lambda: not reports.drawer.isHidden(), timeout=20_000)
    assert {one.name for one in reports.drawer.people} == {"吴宇佳", "邹斌"}


def test_twelve_months_are_a_step_behind_and_each_opens_its_people(
    page: DeskPage, window: MainWindow, qtbot: QtBot
) -> None:
    page.side.year.click()
    reports = window.page()
    assert isinstance(reports, ReportsPage)
    chart = reports.drawer.chart
    qtbot.waitUntil(lambda: len(chart.marks) == 3, timeout=20_000)
    assert [(mark.label, mark.text) for mark in chart.marks] == [("9", "8"), ("10", "8"), ("11", "7")]
    press(chart, qtbot, "10")
    assert window.session.month == "2025-10"
    qtbot.waitUntil(lambda: len(reports.drawer.people) == 8, timeout=20_000)
    assert reports.drawer.stack.currentIndex() == 0
