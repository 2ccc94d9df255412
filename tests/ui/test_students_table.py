"""The table of students behaves like the spreadsheet they know."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from skillsaid_desktop.domain.entities import StatusChange
from skillsaid_desktop.ledgers import STUDENTS
from skillsaid_desktop.ledgers.listing import Among
from skillsaid_desktop.storage import LedgerFile, Reading
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.changes import ChangeSignal
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.models.ledger_model import LedgerModel
from skillsaid_desktop.ui.pages.students_page import StudentsPage
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.tasks import Ahead, Tasks
from skillsaid_desktop.ui.widgets.floating import TickPanel
from tests.ui.conftest import NAMES, TODAY
from tests.ui.prompts import FakePrompts


@pytest.fixture
def page(window: MainWindow) -> StudentsPage:
    window.open_page("students")
    found = window.page()
    assert isinstance(found, StudentsPage)
    return found


def names(page: StudentsPage) -> list[str]:
    column = page.model.column_of("name")
    return [page.model.text(row, column) for row in range(page.model.rowCount())]


def test_the_model_keeps_qts_rules(school: LedgerFile, qapp: QApplication) -> None:
    model = LedgerModel(school, STUDENTS, TODAY)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.reload()
    model.set_query(search="钟")
    model.reload()
    assert model.rowCount() == 2
    assert tester.model() is model


def test_what_is_stored_while_the_page_is_made_is_shown(school: LedgerFile, qapp: QApplication) -> None:
    model = LedgerModel(school, STUDENTS, TODAY)
    model.begin({})
    with school.reading() as reading:
        gone = reading.scalar("SELECT id FROM student WHERE name = '曾诗'")
    with school.operation("登记异动") as uow:
        uow.add(StatusChange(student_id=gone, kind="转出", changed_on=TODAY))
    model.reload()
    assert gone not in model.ids
    assert model.rowCount() == 11


def test_targets_are_shown_first_and_the_status_line_says_of_how_many(
    page: StudentsPage, window: MainWindow, qtbot: QtBot
) -> None:
    assert page.model.rowCount() == 8
    # The rows are painted first; counting all of them follows.
    qtbot.waitUntil(lambda: window.status.parts()[:1] == ("8 人（全部 12 人）",), timeout=5000)
    page.filters.chips["is_target"].click()
    assert page.model.rowCount() == 12


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("钟建明", {"钟建明"}),
        ("zjm", {"钟建明"}),
        ("zhong", {"钟建明", "钟嘉龙"}),
        ("shan", {"单嘉勇"}),
        ("电商", set(NAMES[8:])),
    ],
)
def test_search_by_name_pinyin_initials_and_class(
    page: StudentsPage, qtbot: QtBot, typed: str, expected: set[str]
) -> None:
    page.filters.clear_all()
    page.filters.search.setFocus()
    if typed.isascii():
        qtbot.keyClicks(page.filters.search, typed)
    else:  # QTest can only press the keys of a Latin keyboard
        page.filters.search.setText(typed)
    qtbot.waitUntil(lambda: set(names(page)) == expected, timeout=2000)


def test_the_chosen_row_and_the_one_under_the_pointer_stand_out_in_both_halves(page: StudentsPage) -> None:
    page.table.choose_row(1)
    page.table.hover(3)
    grounds = {0: "surface", 1: "select", 2: "surface", 3: "hover"}
    for half in (page.table.left, page.table.right):
        image = half.viewport().grab().toImage()
        seen = {row: image.pixelColor(5, half.rowViewportPosition(row) + 5).name() for row in grounds}
        assert seen == {row: theme.color(ground).name() for row, ground in grounds.items()}


def test_a_line_break_in_a_cell_is_painted_as_a_blank(page: StudentsPage) -> None:
    page.filters.clear_all()
    page.table.text_of = lambda _row, _column: "上\n下"
    broken = page.table.right.viewport().grab().toImage()
    page.table.text_of = lambda _row, _column: "上 下"
    assert page.table.right.viewport().grab().toImage() == broken


def test_escape_clears_the_search(page: StudentsPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.filters.search, "zjm")
    qtbot.waitUntil(lambda: page.model.rowCount() <= 1, timeout=2000)
    qtbot.keyClick(page.filters.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.model.rowCount() == 8, timeout=2000)


def test_a_filter_lists_its_values_with_counts_and_narrows_at_once(page: StudentsPage) -> None:
    page.filters.clear_all()
    panel = page.filters.open_list("class_name")
    assert panel is not None
    panel.tick("电商2301")
    assert set(names(page)) == set(NAMES[8:])
    assert page.filters.chips["class_name"].text() == "班级　电商2301"
    panel.shut()


def test_sorting_by_several_keys(page: StudentsPage) -> None:
    page.filters.clear_all()
    page.table.sort_changed.emit((("home_county", False), ("name", True)))
    county = page.model.column_of("home_county")
    counties = [page.model.text(row, county) for row in range(12)]
    assert counties == sorted(counties)
    first = [name for name, where in zip(names(page), counties, strict=True) if where == counties[0]]
    page.table.sort_changed.emit((("home_county", False), ("name", False)))
    assert [n for n in names(page) if n in first] == first[::-1]


def test_numbers_are_masked_in_the_table_and_in_what_is_copied(page: StudentsPage) -> None:
    page.filters.clear_all()
    page.table.choose_all()
    page.table.copy()
    text = QGuiApplication.clipboard().text()
    assert len(text.splitlines()) == 12
    assert "3607********" in text
    assert not any(
        part.isdigit() and len(part) >= 17 for line in text.splitlines() for part in line.split("\t")
    )


def test_both_halves_share_the_current_cell_and_keys_cross_the_frozen_edge(
    page: StudentsPage, qtbot: QtBot
) -> None:
    page.table.choose_row(0)
    page.table.left.setFocus()
    for _ in range(2):
        qtbot.keyClick(page.table.left if page.table.left.hasFocus() else page.table.right, Qt.Key.Key_Right)
    index = page.table.left.currentIndex()
    assert index.column() == 2
    assert index == page.table.right.currentIndex()


def test_an_empty_result_says_so_and_offers_to_clear(page: StudentsPage) -> None:
    page.filters.set_filter("class_name", Among(("没有这个班",)))
    assert page.empty.isVisible()
    assert page.empty.title() == "没有符合的学生"


def test_the_row_menu_filters_by_the_value_under_the_pointer(page: StudentsPage) -> None:
    page.filters.clear_all()
    menu = page.row_menu(0, page.model.column_of("home_county"))
    wanted = page.model.text(0, page.model.column_of("home_county"))
    next(action for action in menu.actions() if action.text() == "只看这个值").trigger()
    county = page.model.column_of("home_county")
    assert {page.model.text(row, county) for row in range(page.model.rowCount())} == {wanted}
    assert menu.pos() == QPoint(0, 0) or menu.isHidden()


def test_a_column_is_sorted_filtered_and_left_out_from_the_menu_of_its_cell(page: StudentsPage) -> None:
    def act(name: str, words: str) -> None:
        menu = page.row_menu(0, page.model.column_of(name))
        (column,) = menu.findChildren(QMenu)
        next(each for each in column.actions() if each.text() == words).trigger()

    page.filters.clear_all()
    act("class_name", "按“班级”降序")
    act("name", "再按“姓名”排")
    assert page.model.query.sort == (("class_name", True), ("name", False))
    rows = [(page.model.row_values(at)["class_name"], page.model.text(at, 0)) for at in range(3)]
    assert [name for _class, name in rows] == ["李然鹏", "单嘉勇", "王鑫"]  # li, shan, wang
    act("name", "恢复原来的次序")
    assert not page.model.query.sort
    act("home_county", "隐藏“户籍县”")
    assert "home_county" in page.table.hidden()
    act("class_name", "筛选“班级”…")
    (panel,) = page.window().findChildren(TickPanel)
    panel.tick("电商2301")
    assert {page.model.row_values(at)["class_name"] for at in range(page.model.rowCount())} == {"电商2301"}
    act("class_name", "清除筛选")
    assert page.model.rowCount() == 12


def test_rows_read_ahead_do_not_wait_for_a_key_that_waits_for_them(
    school: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, waited_for = threading.Event(), threading.Event()
    model = LedgerModel(school, STUDENTS, TODAY)
    reading, answer = school.reading, Ahead.answer

    @contextmanager
    def late() -> Iterator[Reading]:
        if threading.current_thread().name == "ahead":
            assert held.wait(20)
        with reading() as found:
            yield found

    def said(ahead: Ahead) -> object:
        waited_for.set()
        return answer(ahead)

    def exchange() -> None:
        with school._gate.shut():
            pass

    monkeypatch.setattr(school, "reading", late)
    monkeypatch.setattr(Ahead, "answer", said)
    model.begin({})
    window, key = (threading.Thread(target=each, daemon=True) for each in (model.reload, exchange))
    window.start()
    assert waited_for.wait(20)
    key.start()
    while key.is_alive() and not school._gate._is_shut:
        time.sleep(0.001)
    held.set()
    window.join(20)
    assert not window.is_alive()
    assert model.rowCount() == 12


def test_a_ledger_without_any_row_says_how_to_begin(ledger_file: LedgerFile, qtbot: QtBot) -> None:
    changes, tasks = ChangeSignal(ledger_file), Tasks()
    page = StudentsPage(
        Session(ledger_file, prompts=FakePrompts(), tasks=tasks, changes=changes, month="2025-11")
    )
    qtbot.addWidget(page)
    page.show()  # with the filter 帮扶对象 that it opens with
    assert page.empty.title() == "学生台账里还没有记录"
    tasks.close()
    changes.close()
