"""A value that can not be stored stays in its cell with its sentence, and the row is kept as 待改 until it is mended."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from skillsaid_desktop.domain.entities import ReportingMonth
from skillsaid_desktop.services.record_change import record_change
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.desk_rows import CheckRow
from skillsaid_desktop.ui.pages.ledger_page import LedgerPage
from skillsaid_desktop.ui.pages.monitoring_page import MonitoringPage
from skillsaid_desktop.ui.pages.student_drawer import StudentDrawer
from tests.ui.desk import open_desk
from tests.ui.prompts import FakePrompts


@pytest.fixture
def page(window: MainWindow) -> LedgerPage:
    window.open_page("students")
    found = window.page()
    assert isinstance(found, LedgerPage)
    found.filters.clear_all()
    return found


def type_into(
    page: LedgerPage, qtbot: QtBot, row: int, field: str, text: str, key: Qt.Key = Qt.Key.Key_Return
) -> None:
    """Type into a cell as a person does: choose it, F2, the text, Enter."""
    QApplication.processEvents()
    column = page.model.column_of(field)
    page.table.choose_row(row, column)
    half = page.table.left if column < page.frozen else page.table.right
    half.setFocus()
    qtbot.keyClick(half, Qt.Key.Key_F2)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, key)
    QApplication.processEvents()  # Qt stores a line edit's text with the next event


def entered_on(ledger_file: LedgerFile, student_id: int) -> object:
    with ledger_file.reading() as reading:
        return reading.scalar("SELECT changed_on FROM status_change WHERE student_id = ?", (student_id,))


def name_of(ledger_file: LedgerFile, student_id: int) -> object:
    with ledger_file.reading() as reading:
        return reading.scalar("SELECT name FROM student WHERE id = ?", (student_id,))


def test_a_wrong_value_stays_where_it_was_typed_and_no_box_is_shown(
    page: LedgerPage, prompts: FakePrompts, qtbot: QtBot
) -> None:
    one, column = page.model.ids[3], page.model.column_of("entered_on")
    type_into(page, qtbot, 3, "entered_on", "2023-13-01")
    assert not prompts.errors
    index = page.model.index(3, column)
    assert index.data(Qt.ItemDataRole.EditRole) == "2023-13-01"
    sentence, columns = page.model.row_note(3)
    assert columns == (column,)
    assert "没有" in sentence
    assert index.data(Qt.ItemDataRole.ToolTipRole) == sentence
    assert "待改 1 格" in page.status()[0]
    assert entered_on(page.session.ledger_file, one) == "2023-09-01"
    assert page.table.current_row() == 4, "Enter goes down"
    page.mark_stale()
    page.filters.set_all({}, "")
    assert page.model.row_note(page.model.row_of(one))[0] == sentence, "reading anew keeps it"

    type_into(page, qtbot, page.model.row_of(one), "entered_on", "2023-09-04")
    assert page.model.row_note(page.model.row_of(one)) == ("", ())
    assert entered_on(page.session.ledger_file, one) == "2023-09-04"
    assert "待改" not in page.status()[0]


def test_escape_gives_up_the_wrong_value_first_and_then_closes_the_drawer(
    page: LedgerPage, qtbot: QtBot
) -> None:
    column = page.model.column_of("entered_on")
    text = page.model.index(0, column).data()
    page.table.choose_row(0)
    page.open_drawer()
    type_into(page, qtbot, 0, "entered_on", "2023-13-01")
    page.table.choose_row(0, column)
    page.table.right.setFocus()
    qtbot.keyClick(page.table.right, Qt.Key.Key_Escape)
    assert page.model.index(0, column).data() == text
    assert page.drawer.isVisible()
    qtbot.keyClick(page.table.right, Qt.Key.Key_Escape)
    assert not page.drawer.isVisible()


def test_tab_stores_and_goes_right_across_the_frozen_edge(page: LedgerPage, qtbot: QtBot) -> None:
    one = page.model.ids[0]
    type_into(page, qtbot, 0, "name", "zengshi", Qt.Key.Key_Tab)
    assert name_of(page.session.ledger_file, one) == "zengshi"
    assert page.table.current_column() == 1
    type_into(page, qtbot, 0, "class_name", "", Qt.Key.Key_Tab)
    assert page.table.current_column() == 2


@pytest.mark.parametrize("field", ["name", "document_number", "class_name", "entered_on", "level"])
def test_a_required_cell_can_not_be_emptied(page: LedgerPage, field: str) -> None:
    column = page.model.column_of(field)
    page.model.setData(page.model.index(0, column), "")
    sentence, columns = page.model.row_note(0)
    assert columns == (column,)
    assert "缺少" in sentence


def test_f8_goes_to_the_next_wrong_cell_also_of_a_row_that_is_filtered_away(
    page: LedgerPage, qtbot: QtBot
) -> None:
    column = page.model.column_of("entered_on")
    for row in (2, 5):
        type_into(page, qtbot, row, "entered_on", "2023-13-01")
    ids = {page.model.ids[2], page.model.ids[5]}
    page.table.choose_row(0)
    for row in (2, 5, 2):
        qtbot.keyClick(page, Qt.Key.Key_F8)
        assert (page.table.current_row(), page.table.current_column()) == (row, column)
    page.filters.set_all({}, "没有这个人")
    qtbot.keyClick(page, Qt.Key.Key_F8)
    assert set(page.model.ids) == ids


def test_the_sentence_is_painted_at_the_row_and_not_over_its_cell(page: LedgerPage, qtbot: QtBot) -> None:
    type_into(page, qtbot, 1, "entered_on", "2023-13-01")
    page.table.choose_row(5)
    view = page.table.right
    cell = view.visualRect(page.model.index(1, page.model.column_of("entered_on")))
    picture = view.viewport().grab().toImage()
    tint = theme.color("stop_tint")
    ratio = picture.devicePixelRatio()
    y = int((cell.top() + 3) * ratio)
    tinted = [x for x in range(picture.width()) if picture.pixelColor(x, y) == tint]
    assert any(cell.left() <= x / ratio <= cell.right() for x in tinted)
    assert any(x / ratio > cell.right() + 4 or x / ratio < cell.left() - 4 for x in tinted)


def test_closing_the_window_asks_before_it_drops_what_waits(
    page: LedgerPage, window: MainWindow, prompts: FakePrompts, qtbot: QtBot
) -> None:
    assert window.can_close()
    type_into(page, qtbot, 1, "entered_on", "2023-13-01")
    prompts.answer = False
    assert not window.can_close()
    assert prompts.asked == ["还有 1 格待改，没有存进台账"]
    prompts.answer = True
    assert window.can_close()


def test_a_day_in_a_closed_month_is_changed_with_its_reason(
    school: LedgerFile, window: MainWindow, prompts: FakePrompts, qtbot: QtBot
) -> None:
    with school.reading() as reading:
        one = reading.scalar("SELECT id FROM student WHERE name = '谢亮'")
    record_change(school, [one], "休学", date(2025, 9, 10))
    with school.operation("封账") as uow:
        days = {"from_on": date(2025, 8, 26), "to_on": date(2025, 9, 25)}
        uow.insert_many(ReportingMonth, [{"month": "2025-09", "state": "closed", **days}])
    window.open_page("changes")
    page = window.page()
    assert isinstance(page, LedgerPage)
    row = next(
        row
        for row in range(page.model.rowCount())
        if page.model.text(row, page.model.column_of("kind")) == "休学"
    )
    prompts.text = None
    type_into(page, qtbot, row, "changed_on", "2025-09-12")
    assert prompts.asked
    assert "封账" in page.model.row_note(row)[0]
    prompts.text = "批文写的是12日"
    type_into(page, qtbot, row, "changed_on", "2025-09-13")
    with school.reading() as reading:
        assert reading.rows(
            "SELECT changed_on, correction_reason FROM status_change WHERE kind = '休学'"
        ) == [("2025-09-13", "批文写的是12日")]


def test_the_monitoring_grid_keeps_a_wrong_value_too(
    window: MainWindow, prompts: FakePrompts, qtbot: QtBot
) -> None:
    window.open_page("monitoring")
    page = window.page()
    assert isinstance(page, MonitoringPage)
    model = page.model
    model.setData(model.index(1, 3), "很多节")
    assert not prompts.errors
    assert model.rows[1][3].text == "很多节"
    assert model.rows[1][3].wrong
    assert "待改 1 格（F8）" in page.status()
    page.table.go_to(0, 5)
    qtbot.keyClick(page, Qt.Key.Key_F8)
    assert (page.table.currentIndex().row(), page.table.currentIndex().column()) == (1, 3)
    model.setData(model.index(1, 3), "2")
    assert model.rows[1][3].text == "2"
    assert not model.wrong
    model.setData(model.index(1, 3), "几节")
    page.table.go_to(1, 3)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Escape)
    assert model.rows[1][3].text == "2"


def test_the_number_in_the_drawer_is_shown_and_masked_by_key(page: LedgerPage, qtbot: QtBot) -> None:
    page.table.choose_row(0)
    page.open_drawer()
    drawer = page.drawer
    assert isinstance(drawer, StudentDrawer)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    before = len(page.session.ledger_file.history())
    qtbot.keyClick(page, Qt.Key.Key_H, keys)
    assert drawer.number.is_shown
    assert len(page.session.ledger_file.history()) == before + 1
    qtbot.keyClick(page, Qt.Key.Key_H, keys)
    assert not drawer.number.is_shown


def test_f8_goes_through_what_stands_before_a_closing(window: MainWindow, qtbot: QtBot) -> None:
    desk = open_desk(window, qtbot)
    QApplication.processEvents()
    acts = [row.acts[0] for row in desk.findChildren(CheckRow) if row.acts and row.isVisible()]
    assert len(acts) > 1
    qtbot.keyClick(desk, Qt.Key.Key_F8)
    assert acts[0].hasFocus()
    qtbot.keyClick(desk, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert acts[-1].hasFocus()
