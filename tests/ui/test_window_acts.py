"""What a clerk does in the window: edit, record a change, take it back, look who did what."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ledgers import STUDENTS
from skillsaid_desktop.ledgers.listing import ListQuery, fetch_rows, list_ids
from skillsaid_desktop.ui.dialogs.change_dialog import ChangeDialog
from skillsaid_desktop.ui.forms.editors import LineEditor
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.changes_page import ChangesPage
from skillsaid_desktop.ui.pages.history_page import HistoryPage
from skillsaid_desktop.ui.pages.student_drawer import StudentDrawer
from skillsaid_desktop.ui.pages.students_page import StudentsPage
from tests.ui.conftest import TODAY
from tests.ui.prompts import FakePrompts


@pytest.fixture
def page(window: MainWindow) -> StudentsPage:
    window.open_page("students")
    found = window.page()
    assert isinstance(found, StudentsPage)
    found.filters.clear_all()
    return found


def choose(page: StudentsPage, name: str) -> StudentDrawer:
    row = next(row for row in range(page.model.rowCount()) if page.model.text(row, 0) == name)
    page.table.choose_row(row)
    page.open_drawer()
    assert isinstance(page.drawer, StudentDrawer)
    return page.drawer


def stored(page: StudentsPage, name: str, field: str) -> object:
    with page.session.ledger_file.reading() as reading:
        ids = list_ids(reading, STUDENTS, ListQuery(as_of=TODAY, search=name))
        return fetch_rows(reading, STUDENTS, ids, TODAY)[0][field]


def test_a_field_left_in_the_drawer_is_stored_as_one_step_that_can_be_undone(
    page: StudentsPage, window: MainWindow, qtbot: QtBot
) -> None:
    drawer = choose(page, "钟建明")
    editor = drawer.form.editors["ethnicity"]
    assert isinstance(editor, LineEditor)
    editor.line.setText("畲族")
    editor.line.editingFinished.emit()
    assert stored(page, "钟建明", "ethnicity") == "畲族"
    assert "改民族 钟建明" in window.bar.undo.toolTip()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: stored(page, "钟建明", "ethnicity") is None, timeout=2000)
    assert window.toast.text() == "已撤销：改民族 钟建明"
    window.redo()
    assert stored(page, "钟建明", "ethnicity") == "畲族"


def test_a_wrong_value_stays_in_the_field_with_its_sentence(page: StudentsPage) -> None:
    drawer = choose(page, "钟建明")
    editor = drawer.form.editors["expected_graduation_on"]
    assert isinstance(editor, LineEditor)
    editor.line.setText("明年夏天")
    editor.line.editingFinished.emit()
    assert editor.text() == "明年夏天"
    assert editor.note()
    assert editor.part.property("wrong") is True
    assert stored(page, "钟建明", "expected_graduation_on") is None


def test_a_number_is_masked_until_shown_and_the_showing_is_written_down(page: StudentsPage) -> None:
    drawer = choose(page, "钟建明")
    assert not drawer.number.is_shown
    drawer.number.toggle()
    assert drawer.number.is_shown
    newest = page.session.ledger_file.history(limit=1)[0]
    assert newest.name == "显示证件号 钟建明"
    assert "*" in newest.note
    choose(page, "曾诗")
    assert not drawer.number.is_shown


def test_a_change_is_recorded_through_the_dialog_with_its_consequences(
    page: StudentsPage, window: MainWindow, prompts: FakePrompts
) -> None:
    choose(page, "吴宇佳")

    def drive(dialog: ChangeDialog) -> None:
        dialog.day.set_text("2025-11-05")
        dialog.kinds.choose("休学")
        assert dialog.preview is not None
        assert dialog.preview.students[0].state_after == "休学"
        moved = {move.code: (move.before, move.after) for move in dialog.preview.figures}
        assert moved["S2"] == (8, 7)
        assert dialog.act.text() == "登记休学"
        dialog.act.click()

    prompts.drive = drive
    page.record_change()
    assert stored(page, "吴宇佳", "current_state") == "休学"
    assert window.toast.text() == "已登记：吴宇佳 休学"
    window.undo(0)
    assert stored(page, "吴宇佳", "current_state") == "在读"


def test_a_whole_class_goes_to_internship_as_one_step(window: MainWindow, prompts: FakePrompts) -> None:
    window.open_page("changes")
    page = window.page()
    assert isinstance(page, ChangesPage)

    def drive(dialog: ChangeDialog) -> None:
        dialog.kinds.choose("岗位实习")
        assert dialog.act.text() == "登记岗位实习 8 人"
        dialog.act.click()

    prompts.drive = drive
    next(action for action in page.group_menu().actions() if action.text() == "机电2301").trigger()
    assert page.model.rowCount() >= 8
    assert page.session.ledger_file.undoable(1)[0].name == "登记岗位实习 8 人"


def test_a_day_before_the_entry_is_refused_in_the_dialog(page: StudentsPage, prompts: FakePrompts) -> None:
    choose(page, "吴宇佳")

    def drive(dialog: ChangeDialog) -> None:
        dialog.kinds.choose("休学")
        dialog.day.set_text("2022-01-05")
        dialog.show_consequences()
        assert not dialog.act.isEnabled()
        dialog.reject()

    prompts.drive = drive
    page.record_change()
    assert stored(page, "吴宇佳", "current_state") == "在读"


def test_history_takes_back_a_step_that_is_not_the_last(page: StudentsPage, window: MainWindow) -> None:
    for name, field, value in (("钟建明", "ethnicity", "畲族"), ("曾诗", "ethnicity", "汉族")):
        editor = choose(page, name).form.editors[field]
        assert isinstance(editor, LineEditor)
        editor.line.setText(value)
        editor.line.editingFinished.emit()
    window.open_page("history")
    history = window.page()
    assert isinstance(history, HistoryPage)
    operation = next(row for row in page.session.ledger_file.history(limit=5) if row.name == "改民族 钟建明")
    history.open_with({"operation": operation.id})
    assert history.drawer.title.text() == "改民族 钟建明"
    history.drawer.undo.click()
    assert stored(page, "钟建明", "ethnicity") is None
    assert stored(page, "曾诗", "ethnicity") == "汉族"


def test_another_as_of_day_changes_what_all_ledgers_show(page: StudentsPage) -> None:
    page.session.set_as_of(date(2023, 8, 1))
    assert page.as_of.text() == "截至 2023-08-01"
    assert all(not page.model.row_values(row).get("current_state") for row in range(page.model.rowCount()))


def test_every_page_in_the_navigation_opens_and_reloads(window: MainWindow) -> None:
    for name, entry in window.entries.items():
        if entry.group == "hidden":
            continue
        window.open_page(name)
        page = window.page()
        assert page is not None
        page.mark_stale()
        assert page.title


def test_fields_have_names_for_screen_readers(page: StudentsPage) -> None:
    choose(page, "钟建明")
    fields = [each for each in page.findChildren(QLineEdit) if each.isVisible()]
    assert fields
    assert all(each.accessibleName() for each in fields)


def test_a_further_date_that_can_not_be_read_is_asked_about_and_not_lost(
    page: StudentsPage, window: MainWindow, qtbot: QtBot
) -> None:
    choose(page, "吴宇佳")
    dialog = ChangeDialog(window, page.session, page.acted_on(), kind="休学", on=TODAY)
    dialog.show()
    approved = dialog.editors["approved_on"]
    approved.set_text("11月底")
    dialog.show_consequences()
    assert not dialog.act.isEnabled()
    assert "请写成" in approved.note()
    approved.set_text("2025-11-20")
    dialog.show_consequences()
    assert dialog.act.isEnabled()
    assert not approved.note()
    dialog.day.set_text("上个月底")
    dialog.show_consequences()
    assert "统计期" not in dialog.day.note()  # that was said of another day
    dialog.close()


def test_ctrl_enter_records_the_change_and_the_table_has_the_keys_again(
    page: StudentsPage, window: MainWindow, prompts: FakePrompts, qtbot: QtBot
) -> None:
    choose(page, "吴宇佳")

    def drive(dialog: ChangeDialog) -> None:
        dialog.open()
        qtbot.waitUntil(dialog.isActiveWindow, timeout=2000)
        assert dialog.kinds.isAncestorOf(dialog.focusWidget())  # the first thing to choose
        dialog.kinds.choose("退学")
        reason = dialog.editors["reason"]
        assert isinstance(reason, LineEditor)
        reason.line.setFocus()
        qtbot.keyClick(reason.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    prompts.drive = drive
    page.record_change()
    assert "吴宇佳" not in [page.model.text(row, 0) for row in range(page.model.rowCount())]
    assert "含离校" in page.strip.text()
    assert page.table.isAncestorOf(window.focusWidget())


def test_a_search_that_a_filter_hides_can_be_widened_without_typing_it_again(page: StudentsPage) -> None:
    page.open_with({"filters": {"is_target": True}, "search": "没有类别"})
    names = [button.text() for button in page.empty.findChildren(QPushButton)]
    assert "不看筛选，只找“没有类别”" in names
