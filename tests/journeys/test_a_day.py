"""A day (PRODUCT, journey 2): somebody is found by initials, leaves; a talk is noted, a photo filed; undo takes each back."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ui.dialogs.change_dialog import ChangeDialog
from skillsaid_desktop.ui.dialogs.talk_dialog import TalkDialog
from skillsaid_desktop.ui.pages.import_page import ImportPage
from skillsaid_desktop.ui.pages.student_drawer import StudentDrawer
from skillsaid_desktop.ui.pages.students_page import StudentsPage
from skillsaid_desktop.ui.shell import Shell
from tests.files import photo
from tests.journeys.conftest import WAIT_MS, make_school
from tests.journeys.test_first_month import prompts_of, roster

CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_day(shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main, session, _code = make_school(shell, qtbot, tmp_path / "台账")
    prompts = prompts_of(shell)

    def idle() -> None:
        qtbot.waitUntil(lambda: not session.tasks.is_busy(), timeout=WAIT_MS)
        QApplication.processEvents()

    main.open_page("import", {"kind": "students", "files": [roster(tmp_path)]})
    intake = main.page()
    assert isinstance(intake, ImportPage)
    idle()
    intake.main_act()
    idle()

    # Found from anywhere by his initials: 学生戊.
    main.open_page("desk")
    main.activateWindow()
    qtbot.waitUntil(main.isActiveWindow)
    qtbot.keyClick(QApplication.focusWidget() or main, Qt.Key.Key_K, CTRL)
    qtbot.waitUntil(main.bar.field.hasFocus)
    qtbot.keyClicks(main.bar.field, "xsw")
    qtbot.keyClick(main.bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(main.page(), StudentsPage), timeout=WAIT_MS)
    page = main.page()
    assert isinstance(page, StudentsPage)
    drawer = page.drawer
    assert isinstance(drawer, StudentDrawer)
    qtbot.waitUntil(lambda: drawer.values.get("name") == "学生戊", timeout=WAIT_MS)

    def told() -> list[str]:
        return [each.text for each in (drawer._file.past if drawer._file is not None else ())]

    # He leaves: what follows stands beside what is entered, before anything is stored.
    def leave(dialog: QDialog) -> None:
        assert isinstance(dialog, ChangeDialog)
        dialog.kinds.choose("退学")
        dialog.day.set_text("2025-09-22")
        dialog.editors["reason"].set_text("随父母外出务工")
        dialog.show_consequences()
        assert dialog.preview is not None
        dialog.store()

    prompts.drive = leave
    leaver = drawer.record_id
    qtbot.mouseClick(drawer.record, Qt.MouseButton.LeftButton)
    idle()
    with session.ledger_file.reading() as reading:
        state = "SELECT state FROM student_span WHERE student_id = ? AND to_on = '9999-12-31'"
        assert reading.scalar(state, (leaver,)) == "退学"

    # He is no longer in the list of those in school; one click leads to him.
    assert page.model.row_of(int(leaver or 0)) < 0
    assert "学生戊已经离校" in page.strip.text()
    page.strip._follow()
    assert (drawer.record_id, drawer.values["current_state"]) == (leaver, "退学")

    # A talk with somebody else, and a photo filed with her.
    page.filters.clear_all()
    page.filters.search.setText("学生丙")
    qtbot.waitUntil(lambda: len(page.model.ids) == 1, timeout=WAIT_MS)
    page.table.choose_row(0)
    page.open_drawer()
    assert drawer.values["name"] == "学生丙"

    def talk(dialog: QDialog) -> None:
        assert isinstance(dialog, TalkDialog)
        dialog.said.set_text("父亲住院，想请一周假")
        dialog.level.choose("一般")
        dialog.act.click()

    prompts.drive = talk
    qtbot.mouseClick(drawer.talk, Qt.MouseButton.LeftButton)
    idle()
    assert "监测：一般" in told()
    drawer.show_tab(drawer.files_tab)
    picture = tmp_path / "病历.jpg"
    picture.write_bytes(photo())
    assert drawer.record_id is not None
    session.files.add_paths("student", drawer.record_id, [picture])
    qtbot.waitUntil(session.tasks.is_at_rest, timeout=WAIT_MS)
    QApplication.processEvents()
    assert drawer.files.list.count() == 1
    assert any(each.startswith("归入材料") for each in told())

    # Each was a step of its own, and undo takes them back one by one.
    for _ in range(3):
        qtbot.keyClick(page.table.right, Qt.Key.Key_Z, CTRL)
        idle()
    assert drawer.files.list.count() == 0
    assert "监测：一般" not in told()
    with session.ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM status_change WHERE kind = '退学'") == 0
