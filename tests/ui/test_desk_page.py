"""首页 is read beside the window: it is there at once, keeps what it shows, and never acts on what is out of date."""

import threading
import time
from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from skillsaid_desktop.domain.entities import MonitoringNote
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import STUDENTS, listing
from skillsaid_desktop.progress import Progress, SilentProgress
from skillsaid_desktop.services import desk as desk_service
from skillsaid_desktop.services.desk import CheckLine
from skillsaid_desktop.storage import LedgerFile, Reading
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.navigation import COUNT_ROLE
from skillsaid_desktop.ui.pages import Waiting, desk_page
from skillsaid_desktop.ui.pages.desk_answer import DeskAnswer, read_desk
from skillsaid_desktop.ui.pages.desk_page import DeskPage
from skillsaid_desktop.ui.session import Session
from tests.factories import document_number, make_event
from tests.ui.conftest import TODAY
from tests.ui.desk import WAIT_MS, open_desk, shown
from tests.ui.prompts import FakePrompts


class Held:
    """Readings of 首页 wait until they are let go; `heeds_stop` is False for one that comes too late to be stopped."""

    def __init__(self) -> None:
        self.is_holding = False
        self.heeds_stop = True
        self.begun: list[str] = []
        self._go = threading.Semaphore(0)

    def read(self, ledger_file: LedgerFile, month: str, progress: Progress) -> DeskAnswer:
        self.begun.append(month)
        heard = progress if self.heeds_stop else SilentProgress()
        while self.is_holding and not self._go.acquire(timeout=0.01):
            heard.report(1, 17, "正在检查号码重复")
        return read_desk(ledger_file, month, heard)

    def let_go(self, number: int = 1) -> None:
        self._go.release(number)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    found = Held()
    monkeypatch.setattr(desk_page, "read_desk", found.read)
    return found


@pytest.fixture
def page(held: Held, window: MainWindow, qtbot: QtBot) -> DeskPage:
    """首页 of November, read."""
    return open_desk(window, qtbot)


def not_monitored(page: DeskPage) -> int:
    """Return how many 首页 says are not monitored."""
    assert page.desk is not None
    one = next(each for each in page.desk.gatherings if each.title == "每月监测")
    return one.total - one.done


def note(school: LedgerFile, name: str) -> None:
    with school.operation(f"填监测 {name}") as uow:
        student_id = uow.scalar("SELECT id FROM student WHERE name = ?", (name,))
        uow.add(
            MonitoringNote(
                student_id=student_id, month="2025-11", noted_on=date(2025, 11, 6), noted_by="陈老师"
            )
        )


def links(page: DeskPage, words: str) -> list[QPushButton]:
    return [one for one in page.findChildren(QPushButton) if one.isVisible() and one.text() == words]


def test_the_frame_is_there_before_anything_is_read(held: Held, window: MainWindow, qtbot: QtBot) -> None:
    held.is_holding = True
    window.open_page("desk")
    page = window.page()
    assert isinstance(page, DeskPage)
    qtbot.waitUntil(lambda: page.is_painted, timeout=WAIT_MS)
    assert page.desk is None
    assert page.head.isVisible()
    assert not page.close_button.isEnabled()
    page.main_act()
    page.next_problem(1)  # there is nothing to do yet, and nothing is said
    assert not window.toast.isVisible()
    held.let_go()
    assert shown(page, qtbot).month == "2025-11"


def test_long_reading_says_how_far_it_is_and_can_be_stopped(
    held: Held, window: MainWindow, qtbot: QtBot
) -> None:
    held.is_holding = True
    window.open_page("desk")
    page = window.page()
    assert isinstance(page, DeskPage)
    assert not window.progress.isVisible()
    qtbot.waitUntil(window.progress.isVisible, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "号码重复" in window.progress._text.text(), timeout=WAIT_MS)
    window.progress._stop.click()
    qtbot.waitUntil(page.strip.isVisible, timeout=WAIT_MS)
    assert not window.progress.isVisible()
    assert "没有读完" in page.strip.text()
    assert not page.is_current
    held.is_holding = False
    (again,) = links(page, "重查")
    again.click()
    shown(page, qtbot)
    assert not page.strip.isVisible()


def test_what_keeps_it_from_being_read_is_said_and_what_was_shown_stays(
    monkeypatch: pytest.MonkeyPatch, page: DeskPage, school: LedgerFile, prompts: FakePrompts, qtbot: QtBot
) -> None:
    def refuse(*_args: object) -> DeskAnswer:
        raise UserError("台账文件读不出来。", "插好移动硬盘再试。")

    before = page.desk
    with monkeypatch.context() as patched:
        patched.setattr(desk_page, "read_desk", refuse)
        note(school, "吴宇佳")
        qtbot.waitUntil(page.strip.isVisible, timeout=WAIT_MS)
    assert [one.message for one in prompts.errors] == ["台账文件读不出来。"]
    assert page.desk is before
    assert not page.is_current
    page.explain_line(shown_line(page))  # reads again first
    qtbot.waitUntil(lambda: bool(prompts.asked), timeout=WAIT_MS)
    assert page.desk is not before


def shown_line(page: DeskPage) -> CheckLine:
    assert page.desk is not None
    return page.desk.asking[0]


def test_what_was_shown_stays_until_the_month_is_read_again(
    held: Held, page: DeskPage, school: LedgerFile, qtbot: QtBot
) -> None:
    missing = not_monitored(page)
    held.is_holding = True
    note(school, "吴宇佳")
    assert not page.is_current
    QApplication.processEvents()
    assert not_monitored(page) == missing
    assert page.column.isVisible()
    assert links(page, "全部重查　F5")
    held.let_go()
    shown(page, qtbot)
    assert not_monitored(page) == missing - 1


def test_an_answer_that_comes_too_late_is_dropped(
    held: Held, page: DeskPage, session: Session, school: LedgerFile, qtbot: QtBot
) -> None:
    held.is_holding, held.heeds_stop = True, False
    seen: list[str] = []
    page.status_changed.connect(lambda: seen.append(page.status()[0]))
    note(school, "吴宇佳")
    qtbot.waitUntil(lambda: len(held.begun) == 2, timeout=WAIT_MS)
    session.set_month("2025-10")
    seen.clear()
    held.let_go()  # November's
    qtbot.waitUntil(lambda: len(held.begun) == 3, timeout=WAIT_MS)
    QApplication.processEvents()
    assert not seen
    assert not page.is_current
    held.let_go()
    assert shown(page, qtbot).month == "2025-10"
    assert all(one.startswith("2025年10月") for one in seen)


def test_what_changes_out_of_sight_is_read_when_the_page_is_shown_again(
    held: Held, page: DeskPage, window: MainWindow, school: LedgerFile, qtbot: QtBot
) -> None:
    missing = not_monitored(page)
    held.is_holding, held.heeds_stop = True, False
    page.mark_stale()
    window.open_page("students")
    note(school, "吴宇佳")
    held.let_go()
    qtbot.waitUntil(window.session.tasks.is_at_rest, timeout=WAIT_MS)
    assert not page.is_current
    held.let_go()
    open_desk(window, qtbot)
    assert not_monitored(page) == missing - 1


def test_undo_and_redo_are_seen(page: DeskPage, window: MainWindow, school: LedgerFile, qtbot: QtBot) -> None:
    missing = not_monitored(page)
    note(school, "吴宇佳")
    shown(page, qtbot)
    assert not_monitored(page) == missing - 1
    window.undo(0)
    shown(page, qtbot)
    assert not_monitored(page) == missing
    window.redo()
    shown(page, qtbot)
    assert not_monitored(page) == missing - 1


def test_checking_again_is_told_when_it_is_done(
    held: Held, page: DeskPage, window: MainWindow, qtbot: QtBot
) -> None:
    held.is_holding = True
    (again,) = links(page, "全部重查　F5")
    again.click()
    QApplication.processEvents()
    assert not window.toast.isVisible()
    held.let_go()
    qtbot.waitUntil(window.toast.isVisible, timeout=WAIT_MS)


def test_a_line_is_explained_as_it_is_after_the_change(
    held: Held, page: DeskPage, school: LedgerFile, prompts: FakePrompts, qtbot: QtBot
) -> None:
    line = next(one for one in shown(page, qtbot).asking if one.title == "未监测")
    held.is_holding = True
    note(school, "吴宇佳")
    page.explain_line(line)
    assert not prompts.asked
    held.is_holding = False
    qtbot.waitUntil(lambda: bool(prompts.asked), timeout=WAIT_MS)
    shown(page, qtbot)
    with school.reading() as reading:
        explained = reading.scalar("SELECT count(*) FROM check_explanation WHERE code = '30'")
    assert explained == len(line.issues) - 1


def test_a_line_that_was_mended_meanwhile_asks_nothing(
    held: Held, page: DeskPage, school: LedgerFile, prompts: FakePrompts, qtbot: QtBot
) -> None:
    line = next(one for one in shown(page, qtbot).asking if one.title == "未监测")
    held.is_holding = True
    with school.reading() as reading:
        names = [row[0] for row in reading.rows("SELECT name FROM student")]
    for name in names:
        note(school, name)
    page.explain_line(line)
    held.is_holding = False
    shown(page, qtbot)
    qtbot.wait(50)
    assert not prompts.asked


def test_a_month_that_can_no_longer_be_closed_is_not_closed(
    held: Held, session: Session, page: DeskPage, school: LedgerFile, prompts: FakePrompts, qtbot: QtBot
) -> None:
    session.set_month("2025-09")
    for line in shown(page, qtbot).asking:
        page.explain_line(line)
        shown(page, qtbot)
    assert shown(page, qtbot).can_close
    held.is_holding = True
    with school.operation("登记异动") as uow:
        student_id = uow.scalar("SELECT id FROM student WHERE name = '吴宇佳'")
        make_event(uow, student_id, "复学", date(2025, 9, 10))  # he was never away
    prompts.asked.clear()
    page.close_the_month()
    held.is_holding = False
    assert shown(page, qtbot).blocking
    qtbot.wait(50)
    assert not prompts.asked
    assert shown(page, qtbot).state != "已封账"


def test_an_act_on_a_month_that_is_no_longer_in_hand_is_not_done(
    held: Held, page: DeskPage, session: Session, window: MainWindow, prompts: FakePrompts, qtbot: QtBot
) -> None:
    line = shown(page, qtbot).asking[0]
    held.is_holding = True
    session.set_month("2025-10")
    page.explain_line(line)
    page.mend_line(line)
    held.is_holding = False
    shown(page, qtbot)
    qtbot.wait(50)
    assert not prompts.asked
    assert window.page() is page


def many_questions(school: LedgerFile) -> None:
    """Let the list of checks be longer than the window: thirty students have a check digit that can not be."""
    with school.operation("导入") as uow:
        for at, given in enumerate("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒"):
            values = {
                "name": f"陈{given}", "class_name": "机电2301", "major": "机电一体化", "level": "中级工",
                "document_number": document_number(700 + at), "entered_on": "2023-09-01",
            }  # fmt: skip
            listing.write(uow, STUDENTS, values, None, listing.form_context(as_of=TODAY))
        uow.execute(
            "UPDATE student SET document_number = substr(document_number, 1, 17) || 'Y' WHERE name LIKE '陈%'"
        )


def test_filling_again_keeps_the_place_the_folds_and_the_keyboard(
    page: DeskPage, school: LedgerFile, window: MainWindow, qtbot: QtBot
) -> None:
    many_questions(school)
    shown(page, qtbot)
    folded = len(links(page, "收起"))
    assert folded
    links(page, "收起")[0].click()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.wait(50)  # the column is laid out anew
    bar = page._scroll.verticalScrollBar()
    for _ in range(30):
        page.next_problem(1)
    assert bar.value() > 0
    act = QApplication.focusWidget()
    assert isinstance(act, QPushButton)
    place, about = bar.value(), sentence_beside(act)
    note(school, "吴宇佳")
    shown(page, qtbot)
    qtbot.wait(50)
    assert bar.value() == place
    assert len(links(page, "收起")) == folded - 1
    now = QApplication.focusWidget()
    assert isinstance(now, QPushButton)
    assert now is not act
    assert sentence_beside(now) == about


def sentence_beside(act: QPushButton) -> list[str]:
    row = act.parentWidget()
    assert row is not None
    return [label.text() for label in row.findChildren(QLabel)]


def test_what_has_not_changed_is_not_built_again(page: DeskPage, window: MainWindow, qtbot: QtBot) -> None:
    before = links(page, "全部重查　F5")
    window._reload_page()
    shown(page, qtbot)
    assert links(page, "全部重查　F5") == before


def test_all_checks_run_once_for_the_page_and_the_number_in_the_navigation(
    monkeypatch: pytest.MonkeyPatch, window: MainWindow, school: LedgerFile, qtbot: QtBot
) -> None:
    runs: list[str] = []
    real: Callable[..., desk_service.Desk] = desk_service.desk

    def counted(*args: object, **named: object) -> desk_service.Desk:
        runs.append(str(args[1]))
        return real(*args, **named)

    monkeypatch.setattr(desk_service, "desk", counted)
    page = open_desk(window, qtbot)
    many_questions(school)
    found = shown(page, qtbot)
    runs.clear()
    window.count_waiting()
    qtbot.waitUntil(window.session.tasks.is_at_rest, timeout=WAIT_MS)
    assert runs == []
    assert window.navigation._items["desk"].data(COUNT_ROLE) == len(found.blocking)
    assert found.blocking


def test_a_count_that_is_out_of_date_is_broken_off(
    window: MainWindow, school: LedgerFile, qtbot: QtBot
) -> None:
    begun: list[int] = []

    def count(reading: Reading, month: str, progress: Progress) -> Waiting:
        notes = int(reading.scalar("SELECT count(*) FROM monitoring_note"))
        begun.append(notes)
        while not notes:
            progress.report(0, 1, "")
            time.sleep(0.01)
        return Waiting(notes)

    window.entries["desk"] = window.entries["desk"]._replace(waiting=count)
    window.count_waiting()
    qtbot.waitUntil(lambda: begun == [0], timeout=WAIT_MS)
    note(school, "吴宇佳")
    qtbot.waitUntil(lambda: window.navigation._items["desk"].data(COUNT_ROLE) == 1, timeout=WAIT_MS)
    assert begun == [0, 1]


def test_a_page_that_is_deleted_while_it_is_read_harms_nothing(
    held: Held, session: Session, qtbot: QtBot
) -> None:
    held.is_holding = True
    page = DeskPage(session)
    page.refresh()
    qtbot.waitUntil(lambda: bool(held.begun), timeout=WAIT_MS)
    page.deleteLater()
    QCoreApplication.sendPostedEvents(page, QEvent.Type.DeferredDelete.value)
    held.let_go()
    qtbot.waitUntil(session.tasks.is_at_rest, timeout=WAIT_MS)


def test_reading_a_page_leaves_the_progress_of_long_work_in_sight(
    page: DeskPage, window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    is_over = threading.Event()
    session.tasks.run("正在导入", lambda _progress: is_over.wait(20))
    qtbot.waitUntil(window.progress.isVisible, timeout=WAIT_MS)
    page.mark_stale()
    shown(page, qtbot)  # it does not wait for the import
    qtbot.wait(20)
    assert window.progress.isVisible()
    assert window.progress._text.text() == "正在导入"
    is_over.set()
    qtbot.waitUntil(session.tasks.is_at_rest, timeout=WAIT_MS)
    assert not window.progress.isVisible()


def test_the_ledger_can_be_locked_while_a_page_is_read(held: Held, window: MainWindow, qtbot: QtBot) -> None:
    held.is_holding = True
    window.open_page("desk")
    assert not window.session.tasks.is_busy()
    window.session.tasks.break_off()
    qtbot.waitUntil(window.session.tasks.is_at_rest, timeout=WAIT_MS)
