"""操作记录 through the window: kinds, what a step changed, who changed it since, back and forth again, on paper."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ledgers import CHANGES, STUDENTS, listing
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.models.history_model import REDO, UNDO
from skillsaid_desktop.ui.pages.history_drawer import CHANGES as CHANGED
from skillsaid_desktop.ui.pages.history_drawer import LATER
from skillsaid_desktop.ui.pages.history_page import HistoryPage
from tests.ui.prompts import FakePrompts

DAY = date(2025, 11, 20)


def write(ledger_file: LedgerFile, name: str, student_id: int, **values: str) -> int:
    with ledger_file.operation(name) as uow:
        context = listing.form_context(record_id=student_id, as_of=DAY)
        listing.write(uow, STUDENTS, values, student_id, context)
    return uow.operation_id


def student(ledger_file: LedgerFile, name: str) -> int:
    with ledger_file.reading() as reading:
        return int(reading.scalar("SELECT id FROM student WHERE name = ?", (name,)) or 0)


@pytest.fixture
def history(window: MainWindow, school: LedgerFile) -> HistoryPage:
    """曾诗's 民族 typed twice, 邹斌's phone once, a number shown."""
    one, other = student(school, "曾诗"), student(school, "邹斌")
    write(school, "改民族 曾诗", one, ethnicity="汉族")
    write(school, "改民族 曾诗 再改", one, ethnicity="畲族")
    write(school, "改电话 邹斌", other, phone="13812345678")
    with school.operation("显示证件号 曾诗") as uow:
        uow.log_note("名册比对")
    window.open_page("history")
    page = window.page()
    assert isinstance(page, HistoryPage)
    return page


def names(page: HistoryPage) -> list[str]:
    found = [page.model.operation(row) for row in range(page.model.rowCount())]
    return [one.name for one in found if one is not None]


def choose(page: HistoryPage, name: str) -> None:
    page.show_step(next(one.id for one in page.session.ledger_file.history(limit=50) if one.name == name))


def lines(page: HistoryPage) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row) for row in page.drawer.lines.rows_model.rows]


def test_chips_show_one_kind_of_steps(history: HistoryPage, school: LedgerFile) -> None:
    history.chips["out"].click()
    assert names(history) == ["显示证件号 曾诗"]
    history.chips["edit"].click()
    assert names(history)[:3] == ["改电话 邹斌", "改民族 曾诗 再改", "改民族 曾诗"]
    with school.operation("登记异动 邹斌") as uow:
        values = {"student_name": "邹斌", "kind": "休学", "changed_on": "2025-11-05"}
        listing.write(uow, CHANGES, values, None, listing.form_context(as_of=DAY))
        uow.execute("UPDATE status_change SET correction_reason = '漏登' WHERE kind = '休学'")
    history.chips["closing"].click()
    assert names(history) == ["登记异动 邹斌"]
    assert history.model.mark_of(1) == ("更正", "explain")
    assert history.status()[0].endswith("1 步")


def test_the_drawer_says_what_was_and_what_is(history: HistoryPage) -> None:
    choose(history, "改电话 邹斌")
    assert lines(history) == [("邹斌", "联系电话", "158****0002", "138****5678")], "numbers stay masked"
    assert "学生台账 1 条回到这一步之前" in history.drawer.sentence.text()
    assert "没有人改过" in history.drawer.why.text()
    assert history.drawer.undo.isEnabled()
    assert history.drawer.page_button.text() == "看学生台账"


def test_who_changed_it_since_stands_in_the_way_and_is_one_click_off(
    history: HistoryPage, school: LedgerFile
) -> None:
    choose(history, "改民族 曾诗")
    assert history.drawer.tabs[LATER].count == 1
    assert not history.drawer.undo.isEnabled()
    assert "“改民族 曾诗 再改”" in history.drawer.why.text(), "the reason stands beside the button"
    history.drawer.tabs[LATER].click()
    assert history.drawer.laters.rows_model.rows[0][1].text == "改民族 曾诗 再改"
    history.drawer.step_button.click()
    assert history.drawer.title.text() == "改民族 曾诗 再改"
    history.drawer.undo.click()
    choose(history, "改民族 曾诗")
    assert history.drawer.tabs[LATER].count == 0
    assert history.drawer.undo.isEnabled()
    history.drawer.undo.click()
    with school.reading() as reading:
        assert reading.scalar("SELECT ethnicity FROM student WHERE name = '曾诗'") is None


def test_what_was_undone_is_done_again_from_its_own_line(history: HistoryPage, school: LedgerFile) -> None:
    choose(history, "改电话 邹斌")
    history.drawer.undo.click()
    choose(history, "改电话 邹斌")
    row = history.table.currentIndex().row()
    assert history.model.act_of(row) == REDO
    assert history.model.mark_of(row)[0] == "已撤销"
    assert history.drawer.undo.isHidden()
    history.table.clicked.emit(history.model.index(row, 6, QModelIndex()))
    with school.reading() as reading:
        assert reading.scalar("SELECT phone FROM student WHERE name = '邹斌'") == "13812345678"
    choose(history, "改电话 邹斌")
    assert history.model.act_of(history.table.currentIndex().row()) == UNDO


def test_what_only_looked_can_be_read_and_not_undone(history: HistoryPage) -> None:
    choose(history, "显示证件号 曾诗")
    assert history.drawer.tabs[CHANGED].count == 0
    assert "不能撤销" in history.drawer.nothing.text()
    assert "名册比对" in history.drawer.nothing.text()
    assert history.drawer.undo.isHidden()
    assert history.drawer.footer.isHidden()


def test_the_record_is_checked_and_says_when_somebody_edited_it(
    history: HistoryPage, school: LedgerFile, qtbot: QtBot
) -> None:
    footer = history.footer
    assert footer is not None
    qtbot.waitUntil(lambda: "核对过，没有被改动或删除" in footer.sentence.text(), timeout=5_000)
    with school._write_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE operation SET note = '' WHERE name = '显示证件号 曾诗'")
    history.check_journal()
    qtbot.waitUntil(lambda: "有人从外面改过这个文件" in footer.sentence.text(), timeout=5_000)


def test_the_record_goes_out_as_a_list(
    history: HistoryPage, school: LedgerFile, prompts: FakePrompts, qtbot: QtBot, tmp_path: Path
) -> None:
    write(school, "改证件号 110101199003070011", student(school, "邹斌"), ethnicity="汉族")
    prompts.save_as = tmp_path / "操作记录.xlsx"
    history.export_button.click()
    qtbot.waitUntil(lambda: school.history(limit=1)[0].name.startswith("导出操作记录"), timeout=10_000)
    sheet = openpyxl.load_workbook(prompts.save_as).worksheets[0]
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    assert "改民族 曾诗" in text
    assert "1101********0011" in text
    assert "110101199003070011" not in text


def test_a_closed_drawer_opens_with_the_next_step(history: HistoryPage) -> None:
    history.drawer.closed.emit()
    assert history.drawer.isHidden()
    choose(history, "改电话 邹斌")
    choose(history, "改民族 曾诗")
    assert not history.drawer.isHidden()


def test_a_line_of_the_record_is_copied(window: MainWindow, school: LedgerFile, qtbot: QtBot) -> None:
    window.open_page("history")
    page = window.page()
    assert isinstance(page, HistoryPage)
    qtbot.keyClick(page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text().split("\t")
    assert copied[1] == "导入学生名册"
    assert copied[0] == page.model.index(page.table.currentIndex().row(), 0).data()


def test_in_a_narrow_window_the_drawer_covers_the_table_and_esc_returns(
    window: MainWindow, history: HistoryPage, qtbot: QtBot
) -> None:
    window.resize(911, 512)
    assert history.table.isVisible()
    assert history.drawer.isHidden(), "it does not open by itself"
    choose(history, "改民族 曾诗")
    assert history.drawer.isHidden()
    history.open_drawer()
    assert history.drawer.isVisible()
    assert history.drawer.title.text() == "改民族 曾诗"
    assert history.table.isHidden()
    QApplication.processEvents()
    assert history.drawer.width() > 700
    qtbot.keyClick(history.drawer, Qt.Key.Key_Escape)
    assert history.table.isVisible()
    assert history.drawer.isHidden()
    history.open_drawer()
    window.resize(1440, 900)
    assert history.table.isVisible()
    assert history.drawer.isVisible()
