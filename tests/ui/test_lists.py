"""Who a list shows: those in school on the day, the leavers on demand, and exactly the people behind a line of 首页."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.ledgers import STUDENTS, listing
from skillsaid_desktop.ledgers.listing import Among
from skillsaid_desktop.services.record_change import record_change
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages import row_counts
from skillsaid_desktop.ui.pages.desk_rows import CheckRow
from skillsaid_desktop.ui.pages.ledger_page import LedgerPage
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column
from skillsaid_desktop.ui.widgets.row_table import RowTable
from tests.factories import document_number
from tests.ui.conftest import TODAY
from tests.ui.desk import open_desk, shown


@pytest.fixture
def leavers(school: LedgerFile) -> tuple[int, int]:
    """A target and somebody else have left by today."""
    with school.reading() as reading:
        ids = [
            row[0]
            for row in reading.rows("SELECT id FROM student WHERE name IN ('谢亮', '王鑫') ORDER BY name")
        ]
    record_change(school, ids[:1], "退学", date(2025, 11, 3))
    record_change(school, ids[1:], "转出", date(2025, 11, 4))
    return ids[0], ids[1]


def students(window: MainWindow) -> LedgerPage:
    window.open_page("students")
    page = window.page()
    assert isinstance(page, LedgerPage)
    return page


def names(page: LedgerPage) -> set[str]:
    return {page.model.text(row, 0) for row in range(page.model.rowCount())}


def test_the_targets_shown_are_those_of_s1_on_that_day(
    leavers: tuple[int, int], window: MainWindow, session: Session
) -> None:
    page = students(window)
    for day, month in ((TODAY, "2025-11"), (date(2025, 10, 25), "2025-10")):
        session.set_as_of(day)
        with session.ledger_file.reading() as reading:
            targets = compute_figures(reading, month)["S1"]
        assert names(page) == {one.name for one in targets.people}
        assert page.filters.chips["is_target"].text().endswith(str(len(targets.people)))
        assert page.status()[0].startswith(f"{len(targets.people)} 人")


def test_leavers_are_one_click_away_and_found_where_nobody_in_school_is(
    leavers: tuple[int, int], window: MainWindow
) -> None:
    page = students(window)
    assert not names(page) & {"谢亮", "王鑫"}
    assert page.status()[0].endswith("（全部 10 人）")
    assert page.filters.gone is not None
    page.filters.clear_all()
    page.filters.gone.click()
    assert names(page) >= {"谢亮", "王鑫"}
    assert page.filters.gone.text().endswith("2")
    assert page.status()[0] == "12 人"
    page.filters.gone.click()
    page.filters.set_all({}, "谢亮")
    assert not names(page)
    wider = [one for one in page.empty.findChildren(QPushButton) if one.text() == "连离校的也找"]
    wider[0].click()
    assert names(page) == {"谢亮"}


def test_a_leaver_is_opened_from_anywhere(leavers: tuple[int, int], window: MainWindow) -> None:
    page = students(window)
    page.open_with({"student": leavers[0]})
    assert page.current_id() == leavers[0]


def test_the_list_behind_a_line_of_the_desk_holds_everybody_of_it(
    school: LedgerFile, window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    old = ("老张", "老李", "老王")
    with school.operation("导入") as uow:
        for at, name in enumerate(old):
            values = {
                "name": name, "class_name": "机电2301", "major": "机电一体化", "level": "中级工",
                "document_number": document_number(700 + at, born_on=date(1990, 1, 1)), "entered_on": "2023-09-01",
            }  # fmt: skip
            listing.write(uow, STUDENTS, values, None, listing.form_context(as_of=TODAY))
    desk = open_desk(window, qtbot)
    QApplication.processEvents()
    (link,) = (
        one
        for row in desk.findChildren(CheckRow)
        for one in row.findChildren(QPushButton)
        if row.isVisible() and one.text() == "看名单"
    )
    link.click()
    page = window.page()
    assert isinstance(page, LedgerPage)
    assert names(page) == set(old)
    assert page.status()[0].startswith("3 人")
    assert page.filters.named.text().endswith("3")
    page.filters.clear_only()
    assert len(names(page)) == 15


def test_changes_that_lack_their_proof_are_listed_from_the_desk(
    leavers: tuple[int, int], window: MainWindow, qtbot: QtBot
) -> None:
    desk = open_desk(window, qtbot)
    lacking = next(one for one in shown(desk, qtbot).gatherings if one.page == "changes")
    desk.follow(lacking)
    page = window.page()
    assert isinstance(page, LedgerPage)
    assert names(page) == {"谢亮", "王鑫"}


def test_any_list_is_copied_as_it_is_seen(qtbot: QtBot) -> None:
    table = RowTable((Column(title="", width=30), Column(title="姓名"), Column(title="证件号")))
    qtbot.addWidget(table)
    table.set_rows(
        [
            (Cell(ticked=True), Cell("曾诗"), Cell("3607********4952")),
            (Cell(ticked=False), Cell("=1+1"), Cell("360731200806200")),
        ]
    )
    table.choose(1)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text() == "=1+1\t360731200806200"
    assert clipboard.mimeData().html().count("mso-number-format") == 2
    table.copy_all()
    assert clipboard.text().splitlines()[:2] == ["姓名\t证件号", "曾诗\t3607********4952"]


def test_many_rows_are_counted_beside_the_window_and_never_told_wrongly(
    leavers: tuple[int, int],
    window: MainWindow,
    session: Session,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(row_counts, "AT_ONCE", 0)
    page = students(window)
    page.filters.set_filter("class_name", Among(("电商2301",)))
    shown = len(page.model.ids)
    page.counts.forget()
    page.counts.want(page.model.query, page.model.ids)
    assert page.status()[0] == f"{shown} 人", "what is not counted yet is not told"
    assert page.status()[2] == ""
    qtbot.waitUntil(lambda: page.status()[0] == f"{shown} 人（全部 10 人）", timeout=5000)
    assert page.status()[2].startswith("在读")
    page.filters.clear_all()
    page.filters.set_filter("class_name", Among(("机电2301",)))
    page.status()
    page.filters.clear_all()  # before the count of the class has come
    qtbot.waitUntil(lambda: page.status()[2] == "在读 10", timeout=5000)
    qtbot.wait(50)
    assert page.status() == ("10 人", page.status()[1], "在读 10")


def test_a_count_that_comes_late_is_not_told_of_the_few_rows_counted_meanwhile(
    leavers: tuple[int, int],
    window: MainWindow,
    session: Session,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(row_counts, "AT_ONCE", 6)
    page = students(window)
    qtbot.waitUntil(lambda: session.tasks.is_at_rest(), timeout=5000)
    page.counts.forget()
    page.filters.clear_all()
    page.status()  # ten rows are counted beside the window
    page.filters.set_filter("class_name", Among(("电商2301",)))
    few = page.status()
    assert few[2].startswith("在读")
    assert few[2] != "在读 10"
    qtbot.waitUntil(lambda: session.tasks.is_at_rest(), timeout=5000)
    assert page.status() == few
