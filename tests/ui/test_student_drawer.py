"""The student's drawer: jot a talk down, flag him and clear it, and see both at once."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ui.dialogs.talk_dialog import TalkDialog
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.student_drawer import StudentDrawer
from skillsaid_desktop.ui.pages.students_page import StudentsPage
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.marks import Tag
from skillsaid_desktop.ui.widgets.text import Label
from tests.ui.prompts import FakePrompts


@pytest.fixture
def page(window: MainWindow) -> StudentsPage:
    window.open_page("students")
    found = window.page()
    assert isinstance(found, StudentsPage)
    found.table.choose_row(0)
    return found


@pytest.fixture
def drawer(page: StudentsPage) -> StudentDrawer:
    page.open_drawer()
    assert isinstance(page.drawer, StudentDrawer)
    return page.drawer


def tags(drawer: StudentDrawer) -> list[str]:
    QApplication.processEvents()  # a part that was just put into a layout is shown by the next event
    return [each.accessibleName() for each in drawer.findChildren(Tag) if each.isVisibleTo(drawer)]


def words(drawer: StudentDrawer) -> list[str]:
    QApplication.processEvents()
    return [each.text() for each in drawer.timeline.findChildren(Label) if each.isVisibleTo(drawer.timeline)]


def test_a_talk_is_jotted_down_from_the_footer(
    page: StudentsPage, drawer: StudentDrawer, prompts: FakePrompts, qtbot: QtBot
) -> None:
    def drive(dialog: TalkDialog) -> None:
        dialog.said.area.setPlainText("想考数控车高级工，缺练习时间")
        dialog.form.choose("面谈")
        qtbot.mouseClick(dialog.act, Qt.MouseButton.LeftButton)

    prompts.drive = drive
    qtbot.mouseClick(drawer.talk, Qt.MouseButton.LeftButton)
    assert "监测：无" in words(drawer)
    assert any(text.startswith("学习：想考数控车高级工，缺练习时间") for text in words(drawer))
    assert "11月 无" in dict(drawer.now.facts)["监测"]
    page.session.ledger_file.undo()
    page.reload()
    assert "监测：无" not in words(drawer)


def test_a_heavy_level_wants_a_measure_before_the_talk_is_kept(
    page: StudentsPage, drawer: StudentDrawer, prompts: FakePrompts
) -> None:
    seen: list[str] = []

    def drive(dialog: TalkDialog) -> None:
        dialog.said.area.setPlainText("父亲住院")
        dialog.level.choose("紧急")
        dialog.store()
        seen.append(dialog.help["measure"].note())
        dialog.help["measure"].set_text("报县里临时救助")
        dialog.store()

    prompts.drive = drive
    page.note_talk()
    assert seen == ["紧急要写帮助措施。"]
    assert "报县里临时救助" in words(drawer)


def test_a_flag_is_a_tag_in_the_head_and_a_filter_until_it_is_cleared(
    page: StudentsPage, drawer: StudentDrawer, prompts: FakePrompts, session: Session
) -> None:
    name = drawer.title.text()
    prompts.text = "父亲住院"
    drawer.attention.raise_button.click()
    assert "关注" in tags(drawer)
    assert dict(drawer.now.facts)["关注"].startswith("父亲住院")
    page.filters.chips["is_flagged"].click()
    assert [page.model.text(row, 0) for row in range(page.model.rowCount())] == [name]
    menu = page.row_menu(0, 0)
    assert "取消关注…" in [each.text() for each in menu.actions()]
    prompts.text = "父亲出院了"
    next(each for each in menu.actions() if each.text() == "取消关注…").trigger()
    assert page.model.rowCount() == 0
    page.filters.clear_all()
    page.table.choose_row(page.model.row_of(page.model.ids[0]))
    with session.ledger_file.reading() as reading:
        assert reading.rows("SELECT cleared_reason FROM attention_flag") == [("父亲出院了",)]


def test_several_students_are_flagged_as_one_step(
    page: StudentsPage, prompts: FakePrompts, session: Session
) -> None:
    page.table.choose_all()
    prompts.text = "乐安县暴雨，家里受灾"
    menu = page.row_menu(0, 0)
    next(each for each in menu.actions() if each.text() == "列入关注…").trigger()
    with session.ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM attention_flag") == 8
    session.ledger_file.undo()
    with session.ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM attention_flag") == 0


def test_deleting_a_student_says_what_hangs_on_him_and_undo_brings_it_back(
    page: StudentsPage, prompts: FakePrompts, session: Session
) -> None:
    one = page.current_id()
    assert one is not None
    name = page.model.text(0, 0)
    prompts.answer = False
    menu = page.row_menu(0, 0)
    remove = next(each for each in menu.actions() if each.text() == "删除…")
    remove.trigger()
    assert prompts.asked[-1] == f"删除 {name}：1 人"
    assert prompts.told[-1] == "一起删去：身份类别 1 条，学籍异动 1 条。\n可以一步撤销。"
    assert page.model.row_of(one) == 0
    prompts.answer = True
    remove.trigger()
    assert page.model.row_of(one) < 0
    session.ledger_file.undo()
    page.reload()
    assert page.model.row_of(one) == 0
