"""待办 on 首页, as a page and as a paper: each line leads to where it is mended, and goes when it is done."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from skillsaid_desktop.domain.entities import HelpMeasure, MonitoringNote
from skillsaid_desktop.services.monitoring import mark_normal
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.desk_page import DeskPage
from skillsaid_desktop.ui.pages.desk_rows import PersonRow
from skillsaid_desktop.ui.pages.follow_ups_page import FollowUpsPage
from skillsaid_desktop.ui.pages.monitoring_page import MonitoringPage
from skillsaid_desktop.ui.pages.reports_page import ReportsPage
from skillsaid_desktop.ui.pages.students_page import StudentsPage
from tests.ui.desk import open_desk
from tests.ui.prompts import FakePrompts


@pytest.fixture
def measured(school: LedgerFile) -> dict[str, int]:
    """Two measures past their date, one each in the hands of two people; September is to be closed next."""
    found = {}
    with school.operation("监测") as uow:
        for name, person, due in (
            ("吴宇佳", "万小琴", date(2025, 10, 30)),
            ("邹斌", "喻志刚", date(2025, 11, 10)),
        ):
            student_id = uow.scalar("SELECT id FROM student WHERE name = ?", (name,))
            note = MonitoringNote(
                student_id=student_id, month="2025-10", noted_on=date(2025, 10, 8), noted_by="陈老师",
                difficulty="较重",
            )  # fmt: skip
            uow.add(note)
            uow.flush()
            uow.add(HelpMeasure(note_id=note.id, measure="联系补课", responsible=person, due_on=due))
            found[name] = int(student_id)
    return found


def people(page: DeskPage) -> list[PersonRow]:
    return [row for row in page.findChildren(PersonRow) if not row.isHidden()]


def test_the_desk_names_who_has_what_and_leads_there(
    measured: dict[str, int], window: MainWindow, qtbot: QtBot
) -> None:
    rows = people(open_desk(window, qtbot))
    assert len(rows) == 2  # not the eight whom 收齐 counts already
    rows[0].acts[0].click()
    page = window.page()
    assert isinstance(page, FollowUpsPage)
    assert [one.responsible for one in page.shown] == ["万小琴"]


def test_a_line_leads_to_where_it_is_mended_and_is_gone_when_that_is_done(
    measured: dict[str, int], window: MainWindow, school: LedgerFile, qtbot: QtBot
) -> None:
    window.open_page("follow_ups", {"responsible": "万小琴"})
    page = window.page()
    assert isinstance(page, FollowUpsPage)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    grid = window.page()
    assert isinstance(grid, MonitoringPage)
    assert grid.session.month == "2025-10"
    assert grid.grid is not None
    assert grid.grid.rows[grid.table.current_row()].name == "吴宇佳"
    with school.operation("填结果") as uow:
        uow.execute("UPDATE help_measure SET result = '补上了' WHERE responsible = '万小琴'")
    window.open_page("follow_ups")
    assert "万小琴" not in {one.responsible for one in page.shown}
    assert "喻志刚" in {one.responsible for one in page.shown}


def test_who_was_not_looked_at_opens_in_his_class_and_month(
    measured: dict[str, int], window: MainWindow, school: LedgerFile, qtbot: QtBot
) -> None:
    window.open_page("follow_ups", {"kind": "unseen"})
    page = window.page()
    assert isinstance(page, FollowUpsPage)
    assert {one.kind for one in page.shown} == {"unseen"}
    assert len(page.shown) == 8
    last = page.shown[-1]
    page.open_row(7)
    grid = window.page()
    assert isinstance(grid, MonitoringPage)
    assert grid.session.month == "2025-09"
    assert grid.grid is not None
    assert grid.grid.rows[grid.table.current_row()].name == last.who
    assert last.student_id is not None
    mark_normal(school, [last.student_id], "2025-09")
    window.open_page("follow_ups")
    assert len([one for one in page.shown if one.kind == "unseen"]) == 7


def test_one_person_s_list_is_a_paper(measured: dict[str, int], window: MainWindow, qtbot: QtBot) -> None:
    window.open_page("follow_ups", {"responsible": "喻志刚"})
    page = window.page()
    assert isinstance(page, FollowUpsPage)
    page.print_button.click()
    reports = window.page()
    assert isinstance(reports, ReportsPage)
    assert reports.report.name == "follow_ups"
    field = reports._fields["responsible"]
    assert isinstance(field, QComboBox)
    assert field.currentText() == "喻志刚"
    qtbot.waitUntil(
        lambda: reports.pane.document is not None and len(reports.pane.document.tables) == 1, timeout=20_000
    )
    assert reports.pane.document is not None
    assert [row.values[2] for row in reports.pane.document.tables[0].rows] == ["邹斌"]


def test_a_view_keeps_whose_list_it_is(
    measured: dict[str, int], window: MainWindow, prompts: FakePrompts, qtbot: QtBot
) -> None:
    window.open_page("follow_ups", {"responsible": "喻志刚"})
    page = window.page()
    assert isinstance(page, FollowUpsPage)
    shown = [one.text for one in page.shown]
    prompts.text = "喻志刚手上"
    page.bar.views.keep()
    qtbot.waitUntil(lambda: page.bar.views.text() == "视图　喻志刚手上", timeout=5000)
    page.people.choose(0)
    assert page.bar.views.text() == "视图"
    assert page.table.row_count() > len(shown)
    next(act for act in page.bar.views.menu_of_views().actions() if act.text() == "喻志刚手上").trigger()
    assert [page.table.rows[at][4].text for at in page.table.shown_rows()] == shown
    assert page.bar.views.text() == "视图　喻志刚手上"


def test_nothing_to_do_says_so(window: MainWindow, school: LedgerFile) -> None:
    with school.operation("清空") as uow:
        uow.execute("DELETE FROM hardship_status")
    window.open_page("follow_ups")
    page = window.page()
    assert isinstance(page, FollowUpsPage)
    assert page.stack.currentWidget() is page.empty
    assert not page.print_button.isEnabled()


def test_the_drawer_leads_from_what_comes_next_to_where_it_is_done(
    measured: dict[str, int], window: MainWindow, qtbot: QtBot
) -> None:
    from PySide6.QtWidgets import QPushButton

    window.open_page("students", {"student": measured["邹斌"]})
    page = window.page()
    assert isinstance(page, StudentsPage)
    page.drawer.show_tab(1)  # type: ignore[attr-defined]

    def acts() -> list[QPushButton]:
        found = page.drawer.findChildren(QPushButton)
        return [one for one in found if one.text() == "填结果" and one.isVisible()]

    qtbot.waitUntil(lambda: len(acts()) == 1)
    acts()[0].click()
    grid = window.page()
    assert isinstance(grid, MonitoringPage)
    assert grid.grid is not None
    assert grid.grid.rows[grid.table.current_row()].name == "邹斌"
