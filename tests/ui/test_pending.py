"""待处理 in the real window: each question is answered in the way that fits it, and numbers stay masked."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from skillsaid_desktop.domain.entities import OpenQuestion, ReportingMonth
from skillsaid_desktop.ledgers import STUDENTS, listing
from skillsaid_desktop.services.answers import ways_to_answer
from skillsaid_desktop.services.intake import ImportOptions, apply_import, preview_import
from skillsaid_desktop.services.record_change import record_change
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui.dialogs.change_dialog import ChangeDialog
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.pending_page import PendingPage
from tests.factories import document_number
from tests.ui.prompts import FakePrompts

NOTE_HEADS = ("姓名", "身份证号", "监测日期", "监测人", "困难等级")
CHANGE_HEADS = ("姓名", "班级", "异动类别", "异动日期", "备注")
ROSTER_HEADS = ("姓名", "身份证号", "学籍号", "专业", "班级", "培养层次", "入学日期")
ONE, OTHER = document_number(501), document_number(502)


@pytest.fixture
def namesakes(school: LedgerFile) -> LedgerFile:
    """Two girls called 刘婷 in one class; the first has a 学籍号."""
    with school.operation("导入") as uow:
        for number, registration in ((ONE, "G202336000001"), (OTHER, "G202336000002")):
            values = {
                "name": "刘婷", "class_name": "机电2301", "document_number": number, "level": "中级工",
                "major": "机电一体化", "entered_on": "2023-09-01", "registration_number": registration,
                "category": "脱贫户", "category_from": "2023-09-01",
            }  # fmt: skip
            listing.write(uow, STUDENTS, values, None, listing.form_context(as_of=date(2025, 11, 20)))
    return school


def bring(
    ledger_file: LedgerFile, folder: Path, kind: str, heads: Sequence[str], *rows: Sequence[str]
) -> None:
    """Import a sheet as it would come from a class teacher."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    if kind == "monitoring":
        sheet.append(("机电2301 2025年11月学生监测表",))
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
    path = folder / f"{kind}.xlsx"
    book.save(path)
    apply_import(ledger_file, preview_import(ledger_file, kind, [path], ImportOptions()))


def shown(window: MainWindow) -> PendingPage:
    window.open_page("pending")
    page = window.page()
    assert isinstance(page, PendingPage)
    return page


def notes_of(ledger_file: LedgerFile, number: str) -> list[str]:
    with ledger_file.reading() as reading:
        rows = reading.rows(
            "SELECT n.noted_on FROM monitoring_note n JOIN student s ON s.id = n.student_id"
            " WHERE s.document_number = ?",
            (number,),
        )
    return [row[0] for row in rows]


def test_which_of_two_is_chosen_from_the_list_with_the_keyboard(
    namesakes: LedgerFile, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    bring(namesakes, tmp_path, "monitoring", NOTE_HEADS, ("刘婷", "", "2025-11-13", "龚建平", "无"))
    page = shown(window)
    choice = page.panel.person
    assert choice is not None
    numbers = {one.number for one in choice.people}
    assert numbers == {ONE, OTHER}
    assert choice.person is None, "nobody is chosen before a person does it"
    assert not page.panel.store_button.isEnabled()
    texts = [choice.table.rows_model.rows[at][2].text for at in range(2)]
    assert all("****" in text for text in texts)

    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is choice.table
    wanted = [one.number for one in choice.people].index(OTHER)
    for _ in range(wanted + 1):
        qtbot.keyClick(choice.table, Qt.Key.Key_Down)
    assert choice.person is not None
    assert choice.person.number == OTHER
    qtbot.keyClick(choice.table, Qt.Key.Key_Return)

    assert notes_of(namesakes, OTHER) == ["2025-11-13"]
    assert not notes_of(namesakes, ONE)
    assert not page.rows
    window.undo(0)
    assert [row.who for row in page.rows] == ["刘婷"]
    assert not notes_of(namesakes, OTHER)


def test_whose_number_a_spreadsheet_spoiled_is_chosen_and_the_number_left_alone(
    namesakes: LedgerFile, window: MainWindow, tmp_path: Path
) -> None:
    bring(
        namesakes, tmp_path, "monitoring", NOTE_HEADS, ("谢亮", "3.60732E+17", "2025-11-13", "龚建平", "无")
    )
    page = shown(window)
    choice = page.panel.person
    assert choice is not None
    choice.look_for("刘婷")
    assert len(choice.people) == 2
    choice.look_for("")
    assert [one.name for one in choice.people] == ["谢亮"]
    choice.table.choose(0)
    number = choice.people[0].number
    page.main_act()
    assert notes_of(namesakes, number) == ["2025-11-13"]


@pytest.mark.parametrize("is_same", [True, False])
def test_a_corrected_number_is_answered_with_yes_or_no(
    namesakes: LedgerFile, window: MainWindow, tmp_path: Path, is_same: bool
) -> None:
    corrected = document_number(503)
    row = ("刘婷", corrected, "G202336000001", "机电一体化", "机电2301", "中级工", "2023-09-01")
    bring(namesakes, tmp_path, "students", ROSTER_HEADS, row)
    page = shown(window)
    same = page.panel.same
    assert same is not None
    assert not page.panel.store_button.isVisible(), "no button pushes towards one of the answers"
    (same.yes if is_same else same.no).click()
    assert not page.rows
    with namesakes.reading() as reading:
        found = dict(
            reading.rows("SELECT document_number, registration_number FROM student WHERE name = '刘婷'")
        )
    if is_same:
        assert found == {corrected: "G202336000001", OTHER: "G202336000002"}
    else:
        assert found == {ONE: "G202336000001", OTHER: "G202336000002", corrected: None}


def test_a_date_without_a_year_is_completed_with_one_key(
    namesakes: LedgerFile, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    bring(namesakes, tmp_path, "monitoring", NOTE_HEADS, ("谢亮", "", "11.18", "龚建平", "无"))
    page = shown(window)
    page.panel.focus_first()
    link = QApplication.focusWidget()
    assert isinstance(link, QPushButton)
    assert "2025-11-18" in link.text()
    qtbot.keyClick(link, Qt.Key.Key_Space)
    assert page.panel.field("noted_on").text() == "2025-11-18"
    page.main_act()
    with namesakes.reading() as reading:
        assert reading.scalar("SELECT noted_on FROM monitoring_note") == "2025-11-18"


def test_an_unknown_word_is_chosen_from_the_words_there_are(
    namesakes: LedgerFile, window: MainWindow, tmp_path: Path
) -> None:
    bring(namesakes, tmp_path, "monitoring", NOTE_HEADS, ("谢亮", "", "2025-11-18", "龚建平", "待观察"))
    page = shown(window)
    editor = page.panel.field("difficulty")
    assert editor.text() == ""
    assert "待观察" in editor.note()
    editor.set_text("一般")
    page.main_act()
    assert not page.rows


def test_a_day_in_a_closed_month_is_given_its_reason_in_place(
    namesakes: LedgerFile, window: MainWindow, prompts: FakePrompts, tmp_path: Path
) -> None:
    with namesakes.operation("封账") as uow:
        days = {"from_on": date(2025, 8, 26), "to_on": date(2025, 9, 25)}
        uow.insert_many(ReportingMonth, [{"month": "2025-09", "state": "closed", **days}])
    bring(namesakes, tmp_path, "changes", CHANGE_HEADS, ("谢亮", "电商2301", "休学", "2025-09-20", ""))
    page = shown(window)
    assert page.panel.reason is not None
    assert not page.panel.store_button.isEnabled()
    page.panel.reason.set_text("批文来晚了")
    page.main_act()
    assert not page.rows
    assert not prompts.asked
    with namesakes.reading() as reading:
        assert (
            reading.scalar("SELECT correction_reason FROM status_change WHERE kind = '休学'") == "批文来晚了"
        )


def test_a_row_that_names_a_class_opens_the_change_of_all_its_students(
    namesakes: LedgerFile, window: MainWindow, prompts: FakePrompts, tmp_path: Path
) -> None:
    bring(namesakes, tmp_path, "changes", CHANGE_HEADS, ("电商2301全班", "", "岗位实习", "2025-11-10", ""))
    page = shown(window)
    with namesakes.reading() as reading:
        whole = ways_to_answer(reading, page.rows[0]).whole_class
    assert whole is not None
    assert len(whole.student_ids) == 4

    def drive(dialog: QWidget) -> None:
        assert isinstance(dialog, ChangeDialog)
        assert (dialog.kinds.value(), dialog.day.day()) == ("岗位实习", date(2025, 11, 10))
        dialog.store()

    prompts.drive = drive
    page.panel.class_wanted.emit(whole)
    assert not page.rows
    with namesakes.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM status_change WHERE kind = '岗位实习'") == 4


def test_whom_it_can_not_be_done_for_keeps_nobody_else_of_the_class_back(
    namesakes: LedgerFile, window: MainWindow, prompts: FakePrompts, tmp_path: Path
) -> None:
    with namesakes.reading() as reading:
        away = [row[0] for row in reading.rows("SELECT id FROM student WHERE name IN ('谢亮', '王鑫')")]
    record_change(namesakes, away, "休学", date(2025, 10, 8))
    bring(namesakes, tmp_path, "changes", CHANGE_HEADS, ("电商2301全班", "", "复学", "2025-11-10", ""))
    page = shown(window)
    with namesakes.reading() as reading:
        whole = ways_to_answer(reading, page.rows[0]).whole_class

    def drive(dialog: QWidget) -> None:
        assert isinstance(dialog, ChangeDialog)
        assert dialog.act.text() == "登记复学 2 人，不含 2 人"
        assert dialog.act.isEnabled()
        dialog.store()

    prompts.drive = drive
    page.panel.class_wanted.emit(whole)
    with namesakes.reading() as reading:
        done = [row[0] for row in reading.rows("SELECT student_id FROM status_change WHERE kind = '复学'")]
    assert sorted(done) == sorted(away)


def test_numbers_stay_masked_until_shown_and_each_showing_is_written_down(
    namesakes: LedgerFile, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    number = document_number(11)
    bring(namesakes, tmp_path, "monitoring", NOTE_HEADS, ("谢亮", number, "11.18", "龚建平", "无"))
    page = shown(window)
    mask = page.panel.number_field("document_number")
    editor = page.panel.field("document_number")
    assert not mask.is_shown
    assert editor.isHidden()
    before = len(namesakes.history())
    page.setFocus()
    qtbot.keyClick(
        window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert mask.is_shown
    assert not editor.isHidden()
    assert editor.text() == number
    history = namesakes.history()
    assert len(history) == before + 1
    assert history[0].name == "显示身份证号 谢亮"
    qtbot.keyClick(
        window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert editor.isHidden()
    assert len(namesakes.history()) == before + 1


def test_the_problem_sheet_goes_out_with_its_purpose_written_down(
    namesakes: LedgerFile, window: MainWindow, prompts: FakePrompts, tmp_path: Path
) -> None:
    bring(namesakes, tmp_path, "monitoring", NOTE_HEADS, ("谢亮", "", "11.18", "龚建平", "无"))
    page = shown(window)
    prompts.save_as, prompts.text = tmp_path / "问题.xlsx", None
    page.export()
    assert not prompts.save_as.exists(), "without a purpose nothing goes out"
    prompts.text = "退回班主任"
    page.export()
    assert prompts.save_as.exists()
    assert "用途：退回班主任" in namesakes.history()[0].name


def test_f8_goes_through_the_rows(
    namesakes: LedgerFile, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    rows = [(name, "", "11.18", "龚建平", "无") for name in ("谢亮", "王鑫", "李然鹏")]
    bring(namesakes, tmp_path, "monitoring", NOTE_HEADS, *rows)
    page = shown(window)
    assert page.table.current_row() == 0
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert page.table.current_row() == 1
    qtbot.keyClick(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert page.table.current_row() == 2, "before the first comes the last"


def test_a_kept_view_is_in_the_menu_and_what_was_typed_stays(
    namesakes: LedgerFile, window: MainWindow, prompts: FakePrompts, qtbot: QtBot, tmp_path: Path
) -> None:
    rows = [(name, "", "11.18", "龚建平", "无") for name in ("谢亮", "王鑫", "李然鹏")]
    bring(namesakes, tmp_path, "monitoring", NOTE_HEADS, *rows)
    page = shown(window)
    page.table.sort_by((("谁", True),))
    field = page.panel.findChildren(QLineEdit)[0]
    field.setText("2025-11-18")
    prompts.text = "倒着看"
    page.bar.views.keep()
    qtbot.waitUntil(lambda: page.bar.views.text() == "视图　倒着看", timeout=5000)
    assert field.text() == "2025-11-18"
    assert "倒着看" in [act.text() for act in page.bar.views.menu_of_views().actions()]
    page.bar.views.remove("倒着看")
    assert page.bar.views.text() == "视图"
    window.undo()
    assert "倒着看" in [act.text() for act in page.bar.views.menu_of_views().actions()]


def test_a_question_names_its_person_and_its_list_and_its_answer_is_undone_from_the_field(
    namesakes: LedgerFile, window: MainWindow, qtbot: QtBot
) -> None:
    with namesakes.operation("导入") as uow:
        student, other = (
            uow.scalar("SELECT id FROM student WHERE document_number = ?", (each,)) for each in (ONE, OTHER)
        )
        for record, message in ((student, "刘婷　身份证号的地区码查不到"), (other, "刘婷：性别填的是男")):
            uow.add(
                OpenQuestion(
                    entity="student",
                    record_id=record,
                    code="x",
                    message=message,
                    asked_at=datetime(2025, 11, 1),
                )
            )
    page = shown(window)
    page.open_tab("questions")
    lines = [[cell.text for cell in row[1:4]] for row in page.table.rows_model.rows]
    assert ["刘婷", "身份证号的地区码查不到", "学生台账"] in lines
    assert ["刘婷", "性别填的是男", "学生台账"] in lines
    page.panel.focus_first()
    qtbot.keyClicks(page.panel.answer, "ok")
    qtbot.keyClick(page.panel.answer, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(page.questions) == len(lines) - 1
    assert page.panel.answer.hasFocus()
    qtbot.keyClick(page.panel.answer, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(page.questions) == len(lines), timeout=2000)
    assert page.panel.answer.text() == ""
