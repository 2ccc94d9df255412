"""Long work runs beside the window, tells how far it is, and can be stopped."""

import threading

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.ui.tasks import Tasks


def test_a_result_arrives(qtbot: QtBot, qapp: QApplication) -> None:
    tasks = Tasks()
    found: list[int] = []
    tasks.run("正在数", lambda progress: 42, done=found.append)
    qtbot.waitUntil(lambda: found == [42], timeout=5000)
    qtbot.waitUntil(lambda: not tasks.is_busy(), timeout=5000)
    tasks.close()


def test_work_that_is_stopped_ends_without_a_result(qtbot: QtBot, qapp: QApplication) -> None:
    tasks = Tasks()
    ended: list[str] = []
    begun = threading.Event()

    def work(progress: Progress) -> None:
        begun.set()
        for at in range(1_000_000):
            progress.report(at, 1_000_000, "正在数")

    task = tasks.run(
        "正在数", work, done=lambda _r: ended.append("done"), cancelled=lambda: ended.append("stopped")
    )
    assert begun.wait(5)
    task.stop()
    qtbot.waitUntil(lambda: ended == ["stopped"], timeout=5000)
    tasks.close()


def test_a_refusal_reaches_the_caller(qtbot: QtBot, qapp: QApplication) -> None:
    tasks = Tasks()
    errors: list[UserError] = []

    def work(progress: Progress) -> None:
        raise UserError("文件正在 WPS 里打开，没有导出。", "关掉它，再试一次。")

    tasks.run("正在导出", work, refused=errors.append)
    qtbot.waitUntil(lambda: len(errors) == 1, timeout=5000)
    tasks.close()


def test_quiet_work_shows_no_progress_and_keeps_nobody_waiting(qtbot: QtBot) -> None:
    tasks = Tasks()
    shown: list[object] = []
    found: list[int] = []
    tasks.started.connect(shown.append)
    tasks.run("正在清点", lambda progress: 7, done=found.append, is_quiet=True)
    assert not tasks.is_busy()
    assert not tasks.is_at_rest()
    qtbot.waitUntil(tasks.is_at_rest, timeout=5000)
    assert found == [7]
    assert shown == []
    tasks.close()


def test_what_ends_after_closing_is_not_told(qtbot: QtBot) -> None:
    tasks = Tasks()
    found: list[int] = []
    tasks.run("正在清点", lambda progress: 7, done=found.append)
    tasks.close()
    qtbot.wait(50)
    assert found == []


def test_work_that_comes_after_the_end_is_never_begun(qtbot: QtBot, qapp: QApplication) -> None:
    tasks = Tasks()
    tasks.run("正在数", lambda _progress: None)
    tasks.close()
    begun: list[int] = []
    tasks.run("正在清点", lambda _progress: begun.append(1), is_quiet=True)
    tasks.run("正在查找", lambda _progress: begun.append(2), is_quiet=True, is_short=True)
    qtbot.wait(100)
    assert begun == []


def test_a_short_look_does_not_wait_for_long_work(qtbot: QtBot, qapp: QApplication) -> None:
    tasks = Tasks()
    is_over = threading.Event()
    tasks.run("正在导入", lambda _progress: is_over.wait(20))
    found: list[int] = []
    tasks.run("正在查找", lambda _progress: 42, done=found.append, is_quiet=True, is_short=True)
    qtbot.waitUntil(lambda: found == [42], timeout=5000)
    assert tasks.is_busy()
    is_over.set()
    qtbot.waitUntil(tasks.is_at_rest, timeout=5000)
    tasks.close()
