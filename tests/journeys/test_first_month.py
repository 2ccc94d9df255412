"""The first month through the real window: first run, roster, a change, monitoring, closing, papers, undo."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ui.dialogs.change_dialog import ChangeDialog, record_for
from skillsaid_desktop.ui.pages.import_page import ImportPage
from skillsaid_desktop.ui.pages.monitoring_page import MonitoringPage
from skillsaid_desktop.ui.pages.reports_page import ReportsPage
from skillsaid_desktop.ui.pages.unlock_page import UnlockPage
from skillsaid_desktop.ui.shell import Shell
from tests.factories import document_number
from tests.journeys.conftest import WAIT_MS, make_school
from tests.ui.desk import open_desk, shown
from tests.ui.prompts import FakePrompts

TARGETS, OTHERS = 6, 4


def prompts_of(shell: Shell) -> FakePrompts:
    assert isinstance(shell.prompts, FakePrompts)
    return shell.prompts


def roster(folder: Path) -> Path:
    """An export of the school register as it comes: title, unit line, headings in row 3, a total, a signature."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(("江西省技工院校学生学籍信息",))
    sheet.append(("填报单位：江西示范技师学院", "", "", "导出日期：2025年9月18日"))
    heads = (
        "序号",
        "姓名",
        "身份证号码",
        "学籍状态",
        "专业名称",
        "班级名称",
        "培养层次",
        "入学年月",
        "户籍县",
        "困难类型",
    )
    sheet.append(heads)
    for at in range(TARGETS + OTHERS):
        sheet.append(
            (
                at + 1, f"学生{'甲乙丙丁戊己庚辛壬癸'[at]}", document_number(at + 1), "在读", "机电一体化",
                "机电2301" if at % 2 else "机电2302", "中级工", "2023-09-01", "于都县",
                "脱贫户" if at < TARGETS else "",
            )
        )  # fmt: skip
    sheet.append(("合计", TARGETS + OTHERS))
    sheet.append(("填表人：丁", "", "", "审核人：李"))
    path = folder / "学籍系统导出 2025-09.xlsx"
    book.save(path)
    return path


def test_the_first_month_of_a_school(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # First run: an empty machine shows the page that makes a ledger.
    main, session, code = make_school(shell, qtbot, tmp_path / "台账")
    assert session.month == "2025-09"

    def idle() -> None:
        qtbot.waitUntil(lambda: not session.tasks.is_busy(), timeout=WAIT_MS)
        QApplication.processEvents()

    # The roster as it came.
    main.open_page("import", {"kind": "students", "files": [roster(tmp_path)]})
    intake = main.page()
    assert isinstance(intake, ImportPage)
    idle()
    assert intake.pane.tabs["new"].count == TARGETS + OTHERS
    intake.main_act()
    idle()
    assert "已导入 10 人" in intake.ended.title()

    # A student goes on leave, today.
    with session.ledger_file.reading() as reading:
        student = int(reading.scalar("SELECT id FROM student WHERE name = '学生甲'"))

    def fill(dialog: ChangeDialog) -> None:
        dialog.kinds.choose("休学")
        dialog.day.set_text("2025-09-22")
        dialog.show_consequences()
        dialog.store()

    prompts_of(shell).drive = fill
    assert record_for(session, main, [student])

    # Each target is looked at.
    main.open_page("monitoring")
    monitoring = main.page()
    assert isinstance(monitoring, MonitoringPage)
    for row in range(monitoring.classes.row_count()):
        monitoring.classes.choose(row)
        assert monitoring.grid is not None
        if monitoring.grid.missing:
            monitoring.model.setData(monitoring.model.index(0, 5), "上课认真，作业按时交")
            monitoring.writing.mark_rest_normal()
        assert not monitoring.grid.missing

    # Closing.
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-09-26")
    desk = open_desk(main, qtbot)
    desk.mark_stale()
    for line in shown(desk, qtbot).asking:
        desk.explain_line(line)
        shown(desk, qtbot)
    assert shown(desk, qtbot).can_close, shown(desk, qtbot).why_not
    desk.close_the_month()
    idle()
    closed = shown(desk, qtbot)
    assert closed.state == "已封账", prompts_of(shell).errors
    assert int(closed.figures["S1"].period or 0) == TARGETS
    assert int(closed.figures["S7"].period or 0) == 1

    # The papers, with the people behind a number.
    main.open_page("reports", {"report": "progress", "figure": "S2"})
    reports = main.page()
    assert isinstance(reports, ReportsPage)
    idle()
    assert {person.name for person in reports.drawer.people} == {f"学生{one}" for one in "乙丙丁戊己"}
    for ending in ("xlsx", "pdf"):
        target = tmp_path / f"进展情况表.{ending}"
        prompts_of(shell).save_as = target
        reports.export_as(ending)
        idle()
        assert target.stat().st_size > 3000

    # Undo, step by step, brings everything back.
    main.undo(0)
    open_desk(main, qtbot)
    assert shown(desk, qtbot).state != "已封账"
    while session.ledger_file.undoable(1):
        main.undo(0)
        assert not prompts_of(shell).errors
    with session.ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM student") == 0

    # The next morning: a wrong passphrase, the right one, and the code from the paper.
    path = session.ledger_file.path
    idle()
    shell.lock()
    page = shell.centralWidget()
    assert isinstance(page, UnlockPage)
    page.passphrase.setText("不对的口令")
    page.unlock()
    qtbot.waitUntil(lambda: "口令不对" in page.trouble(), timeout=WAIT_MS)
    page.toggle_recovery()
    assert page.recovery is not None
    page.recovery.code.setPlainText(code)
    page.recovery.new_passphrase.setText("新的口令-2025")
    page.recovery.again.setText("新的口令-2025")
    page.unlock()
    qtbot.waitUntil(lambda: shell.main is not None, timeout=WAIT_MS)
    assert shell.session is not None
    assert shell.session.ledger_file.path == path
