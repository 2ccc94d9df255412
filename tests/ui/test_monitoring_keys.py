"""A class of 45 is monitored with arrows, digits and words in under ten minutes: counted through the real widget."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from skillsaid_desktop.services.monitoring import write_note
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.models.monitoring_model import AT, NAME_AT
from skillsaid_desktop.ui.pages.monitoring_page import MonitoringPage
from skillsaid_desktop.ui.session import Session
from tests.factories import document_number, enrol, make_class
from tests.ui.prompts import FakePrompts

PEOPLE = 45
SECONDS_A_KEY = 0.5
"""What one key takes somebody who does not type for a living; twice the 0.28 s of an average typist."""
SECONDS_A_LOOK = 5.0
"""What it takes to look at a student's line, and at what was said the months before."""
KEYS_A_CHARACTER = 3
"""Pinyin and the choice among what it offers, for one Chinese character."""


class Hands:
    """Presses keys and counts them."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.keys = 0

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key wherever the cursor is."""
        where = QApplication.focusWidget()
        assert where is not None
        self._qtbot.keyClick(where, key, modifier)
        QApplication.processEvents()
        self.keys += 1 + (modifier != Qt.KeyboardModifier.NoModifier)

    def write(self, words: str) -> None:
        """Write Chinese words, as an input method commits them into the cell that is open."""
        where = QApplication.focusWidget()
        assert isinstance(where, QLineEdit)
        event = QInputMethodEvent()
        event.setCommitString(words)
        QApplication.sendEvent(where, event)
        self.keys += len(words) * KEYS_A_CHARACTER


@pytest.fixture
def page(window: MainWindow, school: LedgerFile, session: Session) -> MonitoringPage:
    with school.operation("一个大班") as uow:
        class_id = make_class(uow, "机器人2401", grade=2024)
        for at in range(PEOPLE):
            enrol(
                uow, f"学生{at:02}", class_id=class_id, category="脱贫户", on=date(2024, 9, 1),
                document_number=document_number(200 + at),
            )  # fmt: skip
    window.open_page("monitoring", {"class_id": class_id})
    found = window.page()
    assert isinstance(found, MonitoringPage)
    return found


def levels(page: MonitoringPage) -> dict[str, int]:
    assert page.grid is not None
    told = [str(row.note["difficulty"]) for row in page.grid.rows if row.note]
    return {level: told.count(level) for level in ("无", "一般", "较重", "紧急")}


def test_a_class_of_45_in_under_ten_minutes(
    page: MonitoringPage, window: MainWindow, qtbot: QtBot, prompts: FakePrompts
) -> None:
    window.activateWindow()
    hands = Hands(qtbot)
    page.table.setFocus()
    exceptions = {
        3: ("1", "数学跟不上，晚自习补"), 8: ("1", "住校不习惯，常回家"), 14: ("2", "父亲住院，周末打工"),
        15: ("1", "机械制图不及格"), 21: ("2", "欠伙食费，情绪低落"), 27: ("1", "和同学闹矛盾已说开"),
        33: ("3", "房屋受灾，暂住亲戚家"), 38: ("1", "旷课两节，已谈话"), 44: ("2", "想退学外出务工"),
    }  # fmt: skip
    measure = "申请临时补助，下周家访"
    at = 0
    for row, (digit, words) in exceptions.items():
        while at < row:
            hands.press(Qt.Key.Key_Down)
            at += 1
        assert page.table.currentIndex().row() == row
        hands.press(Qt.Key[f"Key_{digit}"])
        hands.write(words)
        hands.press(Qt.Key.Key_Return)
        if digit in "23":
            hands.write(measure)
            hands.press(Qt.Key.Key_Return)
        at = min(row + 1, PEOPLE - 1)
    hands.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)  # the rest: 记为正常
    assert page.grid is not None
    assert page.grid.missing == ()
    assert levels(page) == {"无": PEOPLE - 9, "一般": 5, "较重": 3, "紧急": 1}
    assert [row for row in page.grid.rows if row.needs] == []
    assert page.grid.rows[14].note is not None
    assert (page.grid.rows[14].note["study"], page.grid.rows[14].note["measure"]) == (
        "父亲住院，周末打工", measure,
    )  # fmt: skip
    assert hands.keys <= 460
    assert hands.keys * SECONDS_A_KEY + PEOPLE * SECONDS_A_LOOK < 600
    assert prompts.errors == []
    assert prompts.asked == []
    with page.session.ledger_file.reading() as reading:
        # The level was asked before its measure, and no question about that is left over.
        assert reading.scalar("SELECT count(*) FROM open_question") == 0


def test_zero_is_normal_and_goes_on_to_the_next(page: MonitoringPage, qtbot: QtBot) -> None:
    hands = Hands(qtbot)
    page.table.setFocus()
    for _ in range(3):
        hands.press(Qt.Key.Key_0)
    assert page.grid is not None
    assert [row.note and row.note["difficulty"] for row in page.grid.rows[:4]] == ["无", "无", "无", None]
    assert page.table.currentIndex().row() == 3
    page.session.ledger_file.undo()
    page.reload()
    assert page.grid is not None
    assert page.grid.rows[2].note is None


def test_an_exception_without_words_stays_lit_and_is_found_again(page: MonitoringPage, qtbot: QtBot) -> None:
    hands = Hands(qtbot)
    page.table.setFocus()
    hands.press(Qt.Key.Key_2)
    hands.press(Qt.Key.Key_Escape)
    assert page.grid is not None
    assert page.grid.rows[0].needs == ("study", "measure")
    cells = page.model.rows[0]
    assert (cells[AT["study"]].text, cells[AT["study"]].ground) == ("写一句", "explain_tint")
    assert (cells[AT["measure"]].text, cells[AT["measure"]].ground) == ("写措施", "explain_tint")
    page.writing.mark_rest_normal()
    assert "1 人要写一句" in page._class_facts.text()
    page.table.go_to(20)
    page.next_problem(1)
    assert (page.table.currentIndex().row(), page.table.currentIndex().column()) == (0, AT["study"])


def test_digits_are_numbers_where_numbers_are_typed(page: MonitoringPage, qtbot: QtBot) -> None:
    assert page.grid is not None
    write_note(
        page.session.ledger_file,
        page.grid.rows[5].student_id,
        "2025-11",
        {"days_due": "22", "days_present": "22"},
    )
    page.reload()
    page.table.go_to(0, AT["attendance"])
    page.table.setFocus()
    hands = Hands(qtbot)
    for key in (Qt.Key.Key_1, Qt.Key.Key_9, Qt.Key.Key_Return):
        hands.press(key)
    note = page.grid.rows[0].note
    assert note is not None
    # The days that the class was due are known from the others.
    assert (note["days_present"], note["days_due"], note["difficulty"]) == (19, 22, "无")
    assert page.table.currentIndex().row() == 1


def test_one_text_for_many_is_noticed_once_and_kindly(
    page: MonitoringPage, window: MainWindow, qtbot: QtBot
) -> None:
    assert page.grid is not None
    for row in (1, 4, 6):
        write_note(page.session.ledger_file, page.grid.rows[row].student_id, "2025-11", {"study": "学习认真"})
    page.reload()
    assert page.same.isVisibleTo(page)
    assert page.same.sentence.text().startswith("3 人的“学习情况”一字不差，都是“学习认真”。")
    seen = []
    for _ in range(4):
        page.same.one_by_one.click()
        seen.append((page.table.currentIndex().row(), page.table.currentIndex().column()))
    assert seen == [(row, AT["study"]) for row in (1, 4, 6, 1)]
    page.same.quiet.click()
    page.reload()
    assert not page.same.isVisibleTo(page)


def test_all_fields_of_a_note_are_filled_in_its_dialog(
    page: MonitoringPage, prompts: FakePrompts, qtbot: QtBot
) -> None:
    def drive(dialog: QWidget) -> None:
        form = dialog.form  # type: ignore[attr-defined] # the dialog of the note
        form.editors["health"].set_text("睡眠不好")
        form.editors["family_event"].set_text("父亲住院")
        dialog.store()  # type: ignore[attr-defined]

    prompts.drive = drive
    page.table.go_to(2, NAME_AT)
    page.table.setFocus()
    Hands(qtbot).press(Qt.Key.Key_F2)
    assert page.grid is not None
    note = page.grid.rows[2].note
    assert note is not None
    assert (note["health"], note["family_event"], note["difficulty"]) == ("睡眠不好", "父亲住院", "无")


def test_this_month_stands_beside_the_two_before(page: MonitoringPage) -> None:
    assert page.grid is not None
    one = page.grid.rows[0].student_id
    for month, text in (("2025-09", "刚开学"), ("2025-10", "数学吃力"), ("2025-11", "有进步")):
        write_note(page.session.ledger_file, one, month, {"study": text})
    page.reload()
    page.table.go_to(0)
    assert [month.title.text() for month in page.detail._months] == ["学生00　11月", "10月", "9月"]
    assert [month._values["study"].text() for month in page.detail._months] == [
        "有进步",
        "数学吃力",
        "刚开学",
    ]


def test_a_block_from_a_spreadsheet_is_one_step_and_what_does_not_fit_waits(
    page: MonitoringPage, window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    assert page.grid is not None
    block = ("19/20\t2\t\t上课认真", "满勤\t\t\t迟到两次", "\t\t\t")
    QGuiApplication.clipboard().setText("\n".join(block))
    page.table.go_to(3, AT["attendance"])
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    first, second, third = page.grid.rows[3:6]
    assert first.note is not None
    assert (first.note["days_present"], first.note["lessons_absent"], first.note["study"]) == (
        19,
        2,
        "上课认真",
    )
    assert (second.note, third.note) == (None, None)
    assert page.waiting_cells() > 0
    assert {at for at, _column in page.model.wrong_places()} == {4}
    assert session.ledger_file.history(limit=1)[0].name == "粘贴监测 机器人2401 1 人"
    window.undo()
    QApplication.processEvents()
    assert page.grid.rows[3].note is None


def test_the_number_of_a_row_is_passed_over(page: MonitoringPage, qtbot: QtBot) -> None:
    table = page.table
    table.setFocus()
    table.go_to(1, AT["study"])
    qtbot.keyClick(table, Qt.Key.Key_Home)
    assert table.currentIndex().column() == NAME_AT
    qtbot.keyClick(table, Qt.Key.Key_Left)
    assert (table.currentIndex().row(), table.currentIndex().column()) == (1, NAME_AT)
    qtbot.keyClick(table, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert table.currentIndex().row() == 0
    assert table.currentIndex().column() > NAME_AT
    qtbot.keyClick(table, Qt.Key.Key_Tab)
    assert (table.currentIndex().row(), table.currentIndex().column()) == (1, NAME_AT)
