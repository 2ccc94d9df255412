"""Ledger tables take a block from a spreadsheet, fill down, and change many rows at once: one step, one undo."""

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from skillsaid_desktop.domain.entities import ReportingMonth
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui.dialogs.cells_dialog import CellsDialog, OneValueDialog
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.models.cell_block import spread
from skillsaid_desktop.ui.pages.ledger_page import LedgerPage
from tests.ui.prompts import FakePrompts

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(window: MainWindow) -> LedgerPage:
    window.open_page("students")
    found = window.page()
    assert isinstance(found, LedgerPage)
    found.filters.clear_all()
    found.table.set_hidden(set())
    return found


def choose(page: LedgerPage, rows: range, *names: str) -> None:
    """Choose a block and put the focus where a person has it."""
    model = page.table.left.model()
    columns = [page.model.column_of(name) for name in names]
    block = QItemSelection(model.index(rows[0], columns[0]), model.index(rows[-1], columns[-1]))
    page.table.choose_row(rows[0], columns[0])
    page.table.left.selectionModel().select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    page.table.right.setFocus()


def press(page: LedgerPage, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(page.table.right, key, CTRL)
    qtbot.waitUntil(lambda: not page.session.tasks.is_busy(), timeout=10_000)
    QApplication.processEvents()


def copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def column(page: LedgerPage, name: str, rows: range) -> list[str]:
    at = page.model.column_of(name)
    return [page.model.text(row, at) for row in rows]


def operations(ledger_file: LedgerFile) -> list[str]:
    with ledger_file.reading() as reading:
        return [str(row[0]) for row in reading.rows("SELECT name FROM operation ORDER BY id")]


def accept(shown: list[QDialog]) -> object:
    def drive(dialog: QDialog) -> None:
        shown.append(dialog)
        dialog.accept()

    return drive


def test_a_block_from_excel_is_one_operation_and_one_undo(
    page: LedgerPage, window: MainWindow, school: LedgerFile, qtbot: QtBot
) -> None:
    before = operations(school)
    first, second = page.model.ids[:2]
    copy('寄宿\t"红军路 3 号\n2 单元"\r\n走读\t解放路 8 号\r\n')
    choose(page, range(1), "remark", "remark")
    names = [field.name for field in page.ledger.fields]
    page.table.set_hidden({name for name in names if name not in ("name", "class_name", "remark", "address")})
    choose(page, range(1), "address", "address")
    press(page, qtbot, Qt.Key.Key_V)
    assert column(page, "address", range(2)) == ["寄宿", "走读"]
    assert column(page, "remark", range(2)) == ["红军路 3 号 2 单元", "解放路 8 号"]
    assert operations(school) == [*before, "粘贴 2 人 4 格"]
    window.undo()
    assert {page.model.row_values(page.model.row_of(one))["address"] for one in (first, second)} == {None}


def test_one_copied_cell_fills_all_that_is_chosen(page: LedgerPage, school: LedgerFile, qtbot: QtBot) -> None:
    copy("寄宿生宿舍 3 栋")
    choose(page, range(5), "remark", "remark")
    press(page, qtbot, Qt.Key.Key_V)
    assert column(page, "remark", range(6)) == ["寄宿生宿舍 3 栋"] * 5 + [""]
    assert operations(school)[-1] == "粘贴备注 5 人"


def test_what_can_not_be_stored_stays_in_its_cell_and_the_other_rows_are_stored(
    page: LedgerPage, school: LedgerFile, prompts: FakePrompts, qtbot: QtBot
) -> None:
    copy("2023-09-02\n哪天来的\n2023-09-04\n")
    choose(page, range(3), "entered_on", "entered_on")
    ids = page.model.ids[:3]
    press(page, qtbot, Qt.Key.Key_V)
    assert column(page, "entered_on", range(3)) == ["2023-09-02", "2023-09-01", "2023-09-04"]
    assert operations(school)[-1] == "粘贴入学日期 2 人"
    wrong = page.model.wrong.get(ids[1], "entered_on")
    assert wrong is not None
    assert wrong.text == "哪天来的"
    assert page.waiting_cells() == 1
    assert not prompts.errors


def test_over_twenty_cells_are_shown_before_anything_is_written(
    page: LedgerPage, school: LedgerFile, prompts: FakePrompts, qtbot: QtBot
) -> None:
    before = operations(school)
    copy("\n".join(f"宿舍 {at} 栋\t备注 {at}" for at in range(12)))
    names = [field.name for field in page.ledger.fields]
    page.table.set_hidden({name for name in names if name not in ("name", "class_name", "remark", "address")})
    shown: list[QDialog] = []

    def refuse(dialog: QDialog) -> None:
        shown.append(dialog)
        assert isinstance(dialog, CellsDialog)
        assert dialog.act.text() == "改 12 人 24 格"
        assert dialog.table.row_count() == 24
        assert operations(school) == before

    prompts.drive = refuse
    choose(page, range(1), "address", "address")
    press(page, qtbot, Qt.Key.Key_V)
    assert len(shown) == 1
    assert operations(school) == before
    prompts.drive = accept(shown)  # type: ignore[assignment]
    press(page, qtbot, Qt.Key.Key_V)
    qtbot.waitUntil(lambda: operations(school)[-1] == "粘贴 12 人 24 格", timeout=5000)
    assert column(page, "address", range(2)) == ["宿舍 0 栋", "宿舍 1 栋"]


def test_what_found_no_place_and_what_is_computed_is_said_before_it_is_left_out(
    page: LedgerPage, prompts: FakePrompts, qtbot: QtBot
) -> None:
    notes: list[str] = []

    def read(dialog: QDialog) -> None:
        from skillsaid_desktop.ui.widgets.notices import Strip

        notes.extend(strip.text() for strip in dialog.findChildren(Strip))

    prompts.drive = read
    rows = len(page.model.ids)
    copy("a\tb\tc\nd\te\tf")
    names = [field.name for field in page.ledger.fields]
    page.table.set_hidden(
        {name for name in names if name not in ("name", "class_name", "remark", "last_change")}
    )
    choose(page, range(rows - 1, rows), "last_change", "last_change")
    press(page, qtbot, Qt.Key.Key_V)
    said = "".join(notes)
    assert "多 1 行" in said
    assert "多 1 列" in said
    assert "最近异动是算出来的" in said


def test_masked_numbers_are_never_pasted_over_real_ones(
    page: LedgerPage, school: LedgerFile, prompts: FakePrompts, qtbot: QtBot
) -> None:
    number = page.model.row_values(1)["document_number"]
    choose(page, range(1), "document_number", "document_number")
    page.table.copy()
    choose(page, range(1, 2), "document_number", "document_number")
    press(page, qtbot, Qt.Key.Key_V)
    assert page.model.row_values(1)["document_number"] == number
    assert not page.waiting_cells()


def test_fill_down_gives_the_first_row_to_the_rows_below(
    page: LedgerPage, school: LedgerFile, qtbot: QtBot
) -> None:
    copy("校外租房")
    choose(page, range(1), "remark", "remark")
    press(page, qtbot, Qt.Key.Key_V)
    choose(page, range(4), "remark", "remark")
    press(page, qtbot, Qt.Key.Key_D)
    assert column(page, "remark", range(5)) == ["校外租房"] * 4 + [""]
    assert operations(school)[-1] == "向下填充备注 3 人"


def test_fill_down_on_one_row_takes_the_row_above(page: LedgerPage, qtbot: QtBot) -> None:
    copy("校外租房")
    choose(page, range(1), "remark", "remark")
    press(page, qtbot, Qt.Key.Key_V)
    choose(page, range(1, 2), "remark", "remark")
    press(page, qtbot, Qt.Key.Key_D)
    assert column(page, "remark", range(3)) == ["校外租房", "校外租房", ""]


def test_one_value_for_all_chosen_rows_after_a_preview(
    page: LedgerPage, school: LedgerFile, prompts: FakePrompts, window: MainWindow, qtbot: QtBot
) -> None:
    shown: list[str] = []

    def drive(dialog: QDialog) -> None:
        shown.append(type(dialog).__name__)
        if isinstance(dialog, OneValueDialog):
            assert dialog.field.name == "is_boarding"
            assert dialog.editor is not None
            dialog.editor.set_text("是")
        dialog.accept()

    prompts.drive = drive
    choose(page, range(3), "is_boarding", "is_boarding")
    menu = page.row_menu(0, page.model.column_of("is_boarding"))
    next(action for action in menu.actions() if action.text() == "选中的行一起改…").trigger()
    qtbot.waitUntil(lambda: operations(school)[-1] == "改是否住宿 3 人", timeout=5000)
    assert shown == ["OneValueDialog", "CellsDialog"]
    assert column(page, "is_boarding", range(4)) == ["是", "是", "是", ""]
    window.undo()
    assert column(page, "is_boarding", range(3)) == ["", "", ""]


def test_rows_of_a_closed_month_ask_once_for_the_reason(
    page: LedgerPage, school: LedgerFile, prompts: FakePrompts, window: MainWindow, qtbot: QtBot
) -> None:
    from datetime import date

    with school.operation("封账") as uow:
        uow.add(
            ReportingMonth(
                month="2025-10", state="closed", from_on=date(2025, 9, 26), to_on=date(2025, 10, 25)
            )
        )
    copy("2023-09-04")
    choose(page, range(3), "entered_on", "entered_on")
    press(page, qtbot, Qt.Key.Key_V)
    assert len(prompts.asked) == 1
    assert column(page, "entered_on", range(3)) == ["2023-09-04"] * 3
    with school.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM status_change WHERE correction_reason = '检查要用'") == 3


def test_the_menu_key_means_the_cell_that_one_is_in(page: LedgerPage, qtbot: QtBot) -> None:
    asked: list[tuple[int, int]] = []
    page.table.menu_wanted.connect(lambda row, at, _where: asked.append((row, at)))
    page.table.menu_wanted.disconnect(page._open_menu)
    at = page.model.column_of("phone")
    page.table.choose_row(4, at)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1))
    QApplication.sendEvent(page.table.right.viewport(), event)
    assert asked == [(4, at)]


def test_a_block_is_repeated_where_the_choice_is_a_multiple_of_it() -> None:
    laid = spread([["a", "b"]], rows=[3, 4], columns=[1, 2, 5, 6], shown=[1, 2, 5, 6], row_count=9)
    assert laid.cells == {(3, 1): "a", (3, 2): "b", (3, 5): "a", (3, 6): "b", (4, 1): "a", (4, 2): "b", (4, 5): "a",
                          (4, 6): "b"}  # fmt: skip


def test_any_other_block_begins_at_the_first_chosen_cell_and_stays_in_the_table() -> None:
    laid = spread([["a", "b"], ["c", "d"]], rows=[8], columns=[2], shown=[0, 2], row_count=9)
    assert laid.cells == {(8, 2): "a"}
    assert (laid.rows_over, laid.columns_over) == (1, 1)
