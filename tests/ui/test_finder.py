"""查找 (Ctrl+K): who types a few letters finds people, pages, acts, reports and records, and opens them by keyboard."""

from datetime import date

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skillsaid_desktop.domain.entities import Household, HouseholdMember, MonitoringNote
from skillsaid_desktop.domain.names import pinyin_keys
from skillsaid_desktop.ledgers import CHANGES, STUDENTS, listing
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.finder import Finder
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.monitoring_page import MonitoringPage
from skillsaid_desktop.ui.pages.students_page import StudentsPage
from skillsaid_desktop.ui.widgets.found_list import Found
from tests.factories import document_number
from tests.ui.conftest import TODAY
from tests.ui.desk import open_desk
from tests.ui.prompts import FakePrompts


@pytest.fixture
def finder(window: MainWindow, qtbot: QtBot) -> Finder:
    """查找 over 学生台账, opened by Ctrl+K."""
    window.open_page("students")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press_ctrl_k(window, qtbot)
    return window.finder


def press_ctrl_k(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.bar.field.hasFocus)


def look(finder: Finder, qtbot: QtBot, text: str) -> list[str]:
    """Type a text and return the lines that are found."""
    field = finder._main.bar.field
    field.clear()
    qtbot.keyClicks(field, text) if text.isascii() else commit(field, text)
    qtbot.waitUntil(lambda: not finder.is_looking, timeout=10_000)
    return texts(finder)


def texts(finder: Finder) -> list[str]:
    return [one.line.text for _row, one in finder.list.found()]


def commit(field: object, text: str) -> None:
    """Type as an input method does: what was composed arrives in one piece."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)  # type: ignore[arg-type]


def compose(field: object, text: str) -> None:
    """Have the input method compose a text that is not there yet."""
    QApplication.sendEvent(field, QInputMethodEvent(text, []))  # type: ignore[arg-type]


def student_id(ledger_file: LedgerFile, name: str) -> int:
    with ledger_file.reading() as reading:
        return int(reading.scalar("SELECT id FROM student WHERE name = ?", (name,)))


def marked(found: Found) -> str:
    line = found.line
    parts = [line.text[start : start + length] for start, length in line.marks]
    return "".join(parts + [line.about[start : start + length] for start, length in line.about_marks])


@pytest.mark.parametrize(
    ("typed", "name", "mark"),
    [
        ("建明", "钟建明", "建明"),
        ("zjm", "钟建明", "钟建明"),
        ("zhongj", "钟建明", "钟建"),
        ("sjy", "单嘉勇", "单嘉勇"),
        ("zengshi", "曾诗", "曾诗"),
        (document_number(4)[-4:], "钟建明", document_number(4)[-4:]),
        ("9760003", "钟建明", "0003"),
    ],
)
def test_a_person_is_found_and_the_searched_part_is_marked(
    finder: Finder, qtbot: QtBot, typed: str, name: str, mark: str
) -> None:
    assert name in look(finder, qtbot, typed)
    found = next(one for _row, one in finder.list.found() if one.line.text == name)
    assert marked(found) == mark
    assert document_number(4) not in found.line.about


def test_two_of_one_name_and_class_are_told_apart_by_the_end_of_their_numbers(
    finder: Finder, qtbot: QtBot, school: LedgerFile
) -> None:
    with school.operation("登记学生") as uow:
        for at in (77, 78):
            values = {
                "name": "刘龙志", "class_name": "机电2301", "document_number": document_number(at),
                "level": "中级工", "major": "机电一体化", "entered_on": "2023-09-01",
            }  # fmt: skip
            listing.write(uow, STUDENTS, values, None, listing.form_context(as_of=TODAY))
    look(finder, qtbot, "刘龙志")
    told = {one.line.about for _row, one in finder.list.found() if one.line.text == "刘龙志"}
    tails = {f"尾号 {document_number(at)[-4:]}" for at in (77, 78)}
    assert tails <= {about.rpartition("　")[2] for about in told}
    look(finder, qtbot, "曾诗")
    assert "尾号" not in finder.list.found()[0][1].line.about


def test_a_surname_with_two_readings_is_found_both_ways(
    finder: Finder, qtbot: QtBot, school: LedgerFile
) -> None:
    with school.operation("登记学生") as uow:
        values = {
            "name": "覃小雨", "class_name": "机电2301", "document_number": document_number(77), "level": "中级工",
            "major": "机电一体化", "entered_on": "2023-09-01",
        }  # fmt: skip
        listing.write(uow, STUDENTS, values, None, listing.form_context(as_of=TODAY))
    for typed in ("qxy", "txy", "qinxiao", "tanxiao"):
        assert "覃小雨" in look(finder, qtbot, typed)
        assert marked(finder.list.found()[0][1])


def test_a_student_is_found_by_his_family_which_is_named(
    finder: Finder, qtbot: QtBot, school: LedgerFile
) -> None:
    keys = pinyin_keys("黄秀莲")
    with school.operation("登记户") as uow:
        home = Household(head_name="黄秀莲", head_name_folded="黄秀莲", head_name_pinyin=keys.pinyin,
                         head_name_initials=keys.initials, number="3607310088")  # fmt: skip
        uow.add(home)
        uow.flush()
        for name, relation, student in (
            ("黄秀莲", "户主", None),
            ("钟建明", "之子", student_id(school, "钟建明")),
        ):
            made = pinyin_keys(name)
            uow.add(
                HouseholdMember(household_id=home.id, student_id=student, name=name, name_folded=name,
                                name_pinyin=made.pinyin, name_initials=made.initials, relation=relation)
            )  # fmt: skip
    for typed in ("黄秀莲", "hxl", "0088"):
        look(finder, qtbot, typed)
        titles = [section.title for section in finder.list.sections()]
        assert titles[0] == "学生台账"
        assert "户" in titles
        assert finder.list.found()[0][1].line.text == "钟建明"
    look(finder, qtbot, "hxl")
    assert finder.list.found()[0][1].line.about.endswith("户主 黄秀莲")


def test_whose_name_is_the_text_comes_first(finder: Finder, qtbot: QtBot, school: LedgerFile) -> None:
    with school.operation("登记学生") as uow:
        for serial, name in ((81, "大王鑫"), (82, "王鑫磊")):
            values = {
                "name": name, "class_name": "安装2301", "document_number": document_number(serial),
                "level": "中级工", "major": "安装", "entered_on": "2023-09-01",
            }  # fmt: skip
            listing.write(uow, STUDENTS, values, None, listing.form_context(as_of=TODAY))
    assert look(finder, qtbot, "王鑫")[:3] == ["王鑫", "王鑫磊", "大王鑫"]


def test_records_of_other_ledgers_stand_in_groups_with_their_number(
    finder: Finder, qtbot: QtBot, school: LedgerFile, window: MainWindow
) -> None:
    with school.operation("监测") as uow:
        for month in ("2025-09", "2025-10"):
            uow.add(
                MonitoringNote(student_id=student_id(school, "吴宇佳"), month=month, noted_on=date(2025, 10, 3),
                               noted_by="陈老师")
            )  # fmt: skip
    look(finder, qtbot, "wyj")
    counts = {section.title: section.count for section in finder.list.sections()}
    assert counts == {"学生台账": "1 人", "身份类别": "1 条", "学籍异动": "1 条", "每月监测": "2 条"}
    note = next(one for _row, one in finder.list.found() if one.key[:2] == ("record", "monitoring"))
    note.open()
    page = window.page()
    assert isinstance(page, MonitoringPage)
    assert page.session.month in ("2025-09", "2025-10")
    assert page.grid is not None
    assert page.grid.rows[page.table.current_row()].name == "吴宇佳"


def test_more_than_the_best_are_a_line_away(finder: Finder, qtbot: QtBot, window: MainWindow) -> None:
    assert look(finder, qtbot, "机电2301")[7] == "全部 8 人"
    (row,) = [row for row, one in finder.list.found() if one.line.text == "全部 8 人"]
    finder.list.setCurrentRow(row)
    qtbot.keyClick(window.bar.field, Qt.Key.Key_Return)
    page = window.page()
    assert isinstance(page, StudentsPage)
    assert len(page.model.ids) == 8
    assert page.filters.named.title == "查找“机电2301”"


def test_arrows_choose_enter_opens_and_esc_goes_back(
    finder: Finder, qtbot: QtBot, window: MainWindow
) -> None:
    page = window.page()
    assert isinstance(page, StudentsPage)
    look(finder, qtbot, "zj")
    field = window.bar.field
    people = [one.line.text for _row, one in finder.list.found()][:2]
    assert set(people) == {"钟建明", "钟嘉龙"}
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert page.drawer.title.text() == people[1]
    assert (field.text(), finder.isVisible(), field.hasFocus()) == ("", False, False)

    page.table.setFocus()
    press_ctrl_k(window, qtbot)
    look(finder, qtbot, "zj")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), finder.isVisible()) == ("", False)
    assert page.table.left.hasFocus()


def test_enter_right_after_the_last_key_waits_for_what_is_found(
    finder: Finder, qtbot: QtBot, window: MainWindow
) -> None:
    page = window.page()
    assert isinstance(page, StudentsPage)
    qtbot.keyClicks(window.bar.field, "zjm")
    qtbot.keyClick(window.bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.drawer.title.text() == "钟建明", timeout=10_000)


def test_nothing_found_says_what_one_can_look_for(finder: Finder, qtbot: QtBot) -> None:
    assert look(finder, qtbot, "qqqq") == []
    assert "没有找到“qqqq”" in finder.words.text()
    assert finder.words.isVisible()


def test_pages_acts_and_reports_are_found_by_name_and_initials(
    finder: Finder, qtbot: QtBot, window: MainWindow, prompts: FakePrompts
) -> None:
    assert "名册比对" in look(finder, qtbot, "mcbd")
    assert "学生异动情况月报表" in look(finder, qtbot, "ybb")
    assert "现在备份" in look(finder, qtbot, "备份")
    assert {"导入学生名册", "导入异动登记"} <= set(look(finder, qtbot, "导入"))
    assert "登记异动" in look(finder, qtbot, "djyd")
    found = next(one for _row, one in finder.list.found() if one.line.text == "登记异动")
    found.open()
    page = window.page()
    assert isinstance(page, StudentsPage)
    assert page.strip.isVisible()


def test_the_page_in_sight_offers_its_own_buttons(finder: Finder, qtbot: QtBot, window: MainWindow) -> None:
    window.open_page("households")
    window.bar.field.clearFocus()
    window.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
    qtbot.waitUntil(finder.isVisible)
    assert {"新增户", "由学生资料建户", "导出"} <= set(texts(finder))
    open_desk(window, qtbot)
    window.bar.field.clearFocus()
    window.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert "预览报表" in texts(finder)
    assert not [text for text in texts(finder) if text.startswith("封账")]  # its button is disabled


def test_the_theme_is_changed_from_the_list(finder: Finder, qtbot: QtBot, window: MainWindow) -> None:
    look(finder, qtbot, "深色")
    qtbot.keyClick(window.bar.field, Qt.Key.Key_Return)
    assert theme.stored_scheme() == "dark"
    window.set_scheme("light")


def test_what_was_opened_last_is_offered_first_and_kept_without_a_name(
    finder: Finder, qtbot: QtBot, window: MainWindow, school: LedgerFile
) -> None:
    for typed in ("zjm", "每月监测记录表"):
        look(finder, qtbot, typed)
        qtbot.keyClick(window.bar.field, Qt.Key.Key_Return)
        press_ctrl_k(window, qtbot)
    qtbot.waitUntil(finder.isVisible)
    assert finder.list.sections()[0].title == "最近打开"
    assert texts(finder)[:2] == ["每月监测记录表", "钟建明"]
    assert "钟建明" not in str(QSettings().value(f"finder/{school.ledger_id}"))
    with school.operation("删除") as uow:
        uow.execute("DELETE FROM hardship_status")
        uow.execute("DELETE FROM status_change")
        uow.execute("DELETE FROM student")
    window.bar.field.clearFocus()
    window.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert texts(finder)[0] == "每月监测记录表"
    assert "钟建明" not in texts(finder)


def test_a_search_is_not_kept_waiting_by_long_work(finder: Finder, qtbot: QtBot, window: MainWindow) -> None:
    import threading

    is_over = threading.Event()
    window.session.tasks.run("正在导入", lambda _progress: is_over.wait(20))
    assert "钟建明" in look(finder, qtbot, "zjm")
    assert not is_over.is_set()
    is_over.set()
    qtbot.waitUntil(window.session.tasks.is_at_rest, timeout=10_000)


def test_a_further_key_breaks_off_the_look_before(finder: Finder, qtbot: QtBot, window: MainWindow) -> None:
    field = window.bar.field
    field.setText("zjm")
    finder._begin()
    field.setText("ceng")  # nobody is called so
    finder._begin()
    qtbot.waitUntil(lambda: not finder.is_looking, timeout=10_000)
    assert "钟建明" not in texts(finder)


def test_a_ledger_that_somebody_adds_is_found_by_its_search_columns(school: LedgerFile) -> None:
    from dataclasses import replace

    from skillsaid_desktop.services.finding import find_groups

    added = replace(CHANGES, name="visits", title="走访", search=(*CHANGES.search,))
    with school.reading() as reading:
        groups = list(find_groups(reading, "zjm", TODAY, (added, STUDENTS)))
    assert [(group.ledger, len(group.ids)) for group in groups] == [("students", 1), ("visits", 1)]


def test_it_is_no_window_of_its_own_and_leaves_the_focus_in_the_field(
    finder: Finder, qtbot: QtBot, window: MainWindow
) -> None:
    look(finder, qtbot, "zjm")
    assert not finder.isWindow()
    assert window.bar.field.hasFocus()


# The input method


def test_while_composing_enter_and_esc_belong_to_the_input_method(
    finder: Finder, qtbot: QtBot, window: MainWindow
) -> None:
    field, page = window.bar.field, window.page()
    assert isinstance(page, StudentsPage)
    look(finder, qtbot, "zjm")
    compose(field, "zhong jian")
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_1, Qt.Key.Key_Down):
        qtbot.keyClick(field, key)
    assert (field.text(), finder.isVisible()) == ("zjm", True)
    assert page.drawer.title.text() != "钟建明"
    field.clear()
    commit(field, "建明")
    qtbot.waitUntil(lambda: not finder.is_looking, timeout=10_000)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert page.drawer.title.text() == "钟建明"


def test_the_search_of_a_table_waits_for_the_end_of_the_composition(window: MainWindow, qtbot: QtBot) -> None:
    window.open_page("students")
    page = window.page()
    assert isinstance(page, StudentsPage)
    search = page.filters.search
    search.setFocus()
    qtbot.waitUntil(search.hasFocus)
    before = list(page.model.ids)
    commit(search, "钟")
    compose(search, "jian ming")
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_2):
        qtbot.keyClick(search, key)
    qtbot.wait(250)
    assert search.text() == "钟"
    assert page.model.ids == before
    assert search.hasFocus()
    commit(search, "建明")
    qtbot.waitUntil(lambda: page.model.query.search == "钟建明", timeout=5000)


def test_a_cell_keeps_the_first_letter_and_leaves_enter_and_esc_to_the_input_method(
    window: MainWindow, qtbot: QtBot, school: LedgerFile
) -> None:
    from PySide6.QtWidgets import QLineEdit

    window.open_page("students")
    page = window.page()
    assert isinstance(page, StudentsPage)
    one = student_id(school, "吴宇佳")
    page.table.set_hidden({"document_number", "category"})
    page.table.choose_row(page.model.row_of(one), page.model.column_of("home_county"))
    half = page.table.right
    half.setFocus()
    qtbot.waitUntil(half.hasFocus)
    compose(half, "x")  # the first letter opens the cell
    compose(half, "xing guo")
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_1):
        qtbot.keyClick(QApplication.focusWidget() or half, key)
    editors = [each for each in half.findChildren(QLineEdit) if each.isVisible()]
    assert len(editors) == 1
    assert page.model.row_values(page.table.current_row())["name"] == "吴宇佳"
    commit(QApplication.focusWidget(), "宁都县")
    assert editors[0].text() == "宁都县"
    qtbot.keyClick(editors[0], Qt.Key.Key_Return)

    def county() -> str:
        with school.reading() as reading:
            return str(reading.scalar("SELECT home_county FROM student WHERE id = ?", (one,)))

    qtbot.waitUntil(lambda: county() == "宁都县")


def test_a_field_that_is_deleted_while_it_has_the_focus_leaves_the_next_one_usable(
    window: MainWindow, qtbot: QtBot
) -> None:
    from PySide6.QtWidgets import QLineEdit

    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    gone = QLineEdit(window)
    gone.show()
    gone.setFocus()
    compose(gone, "zhong")
    gone.deleteLater()
    qtbot.wait(50)
    field = window.bar.field
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "zjm")
    assert field.text() == "zjm"


def test_the_sentence_when_nothing_is_found_has_room(finder: Finder, qtbot: QtBot) -> None:
    look(finder, qtbot, "qqqq")
    qtbot.wait(1)
    assert finder.words.height() >= finder.words.heightForWidth(finder.words.width())


def test_ctrl_f_on_a_page_without_a_search_of_its_own_comes_to_the_finder(
    finder: Finder, qtbot: QtBot, window: MainWindow
) -> None:
    window.open_page("monitoring")
    window.navigation.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.bar.field.hasFocus()
