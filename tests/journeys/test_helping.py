"""One-to-one help through the real window: the list as it came, a talk, a leader who leaves, the month's figures, paper."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ui.dialogs.contact_dialog import ContactDialog
from skillsaid_desktop.ui.dialogs.hand_over_dialog import HandOverDialog
from skillsaid_desktop.ui.dialogs.pair_dialogs import PairDialog
from skillsaid_desktop.ui.pages.import_page import ImportPage
from skillsaid_desktop.ui.pages.pairings_page import PairingsPage
from skillsaid_desktop.ui.pages.reports_page import ReportsPage
from skillsaid_desktop.ui.pages.student_drawer import StudentDrawer
from skillsaid_desktop.ui.pages.students_page import StudentsPage
from skillsaid_desktop.ui.shell import Shell
from tests.journeys.conftest import WAIT_MS, make_school
from tests.journeys.test_first_month import prompts_of, roster


def pairing_list(folder: Path) -> Path:
    """A list as an office makes it: the leader merged over his students, months for days, a note below."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(("校领导“一对一”结对帮扶安排",))
    sheet.append(("校领导姓名", "行政职务", "办公电话", "结对学生", "班级", "结对时间"))
    for at, name in enumerate("甲乙丙丁"):
        leader = (
            ("查文彬", "党委书记", "13300791001")
            if at == 0
            else ("单国强", "院长", "13300791002")
            if at == 3
            else (None,) * 3
        )
        sheet.append((*leader, f"学生{name}", "机电2301" if at % 2 else "机电2302", "2025.9"))
    for column in "ABC":
        sheet.merge_cells(f"{column}3:{column}5")
    sheet.append(("注：每位校领导每月至少与结对学生联系1次。",))
    path = folder / "结对帮扶.xlsx"
    book.save(path)
    return path


def test_a_term_of_one_to_one_help(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main, session, _code = make_school(shell, qtbot, tmp_path / "台账")
    prompts = prompts_of(shell)

    def idle() -> None:
        qtbot.waitUntil(lambda: not session.tasks.is_busy(), timeout=WAIT_MS)
        QApplication.processEvents()

    def bring(kind: str, path: Path) -> ImportPage:
        main.open_page("import", {"kind": kind, "files": [path]})
        intake = main.page()
        assert isinstance(intake, ImportPage)
        idle()
        intake.main_act()
        idle()
        return intake

    bring("students", roster(tmp_path))

    # An empty page says what to do first; the list comes as it is.
    main.open_page("pairings")
    page = main.page()
    assert isinstance(page, PairingsPage)
    assert page.empty.title() == "还没有结对"
    intake = bring("pairings", pairing_list(tmp_path))
    assert "已导入 4 对" in intake.ended.title()
    main.open_page("pairings")
    assert [load.leader.name for load in page.found.leaders] == ["单国强", "查文彬"]
    assert page.unpaired.title.text() == "没有结对的 2 人"

    # Two have nobody: both are paired at once.
    def pair(dialog: PairDialog) -> None:
        dialog.choices.choose("单国强")
        dialog.act.click()

    page.show_unpaired()
    page.unpaired.turn_all()
    prompts.drive = pair
    page.acts.pair()
    assert page.found.unpaired == ()

    # Five weeks later nobody has been spoken to; one talk takes its line out of what is lit.
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-10-24")
    session.set_month("2025-10")
    main.open_page("desk")
    main.open_page("pairings", {"leader": "查文彬"})
    page.reload()
    assert [one.student for one in page.shown if one.is_overdue] == ["学生乙", "学生丙", "学生甲"]

    def talk(dialog: ContactDialog) -> None:
        dialog.editors["situation"].set_text("学习跟得上，愿意参加技能大赛")
        dialog.editors["measure"].set_text("联系实训老师")
        dialog.editors["due_on"].set_text("2025-11-10")
        dialog.act.click()

    page.table.choose([one.student for one in page.shown].index("学生乙"))
    prompts.drive = talk
    page.main_act()
    assert [one.student for one in page.shown if one.is_overdue] == ["学生丙", "学生甲"]
    student = next(one.student_id for one in page.shown if one.student == "学生乙")

    # It stands on his timeline, with what was promised ahead.
    main.open_page("students", {"student": student})
    students = main.page()
    assert isinstance(students, StudentsPage)
    drawer = students.drawer
    assert isinstance(drawer, StudentDrawer)
    assert drawer._file is not None
    assert "联系实训老师" in [one.text for one in drawer._file.ahead]
    assert "查文彬面谈" in [one.text for one in drawer._file.past]

    # The leader leaves: one act, one step of undo.
    def leave(dialog: HandOverDialog) -> None:
        dialog.tick("单国强")
        dialog.usual.choose("工作调动")
        assert dialog.act.text() == "移交 3 人"
        dialog.act.click()

    main.open_page("pairings", {"leader": "查文彬"})
    prompts.drive = leave
    page.acts.hand_over()
    assert [(load.leader.name, len(load.pairings)) for load in page.found.leaders] == [("单国强", 6)]
    main.undo(0)
    assert len(page.found.leaders) == 2
    main.redo()
    assert len(page.found.leaders) == 1

    # The month's table counts it, and each number opens its people.
    main.open_page("reports", {"report": "progress", "figure": "M3"})
    reports = main.page()
    assert isinstance(reports, ReportsPage)
    idle()
    assert [one.name for one in reports.drawer.people] == ["学生乙"]
    reports.drawer.show_figure("M1", "2025-10")
    assert [(one.name, one.note) for one in reports.drawer.people] == [("单国强", "结对 6 人")]
    reports.drawer.table.opened.emit(0)
    assert main.page() is page
    assert page.leader == "单国强"
