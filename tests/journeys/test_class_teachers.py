"""Class teachers (PRODUCT, journey 3): sheets out for each class, back in all at once, and who has not answered yet."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ui.dialogs.send_dialog import SendDialog
from skillsaid_desktop.ui.pages.import_page import PREVIEW, ImportPage
from skillsaid_desktop.ui.pages.monitoring_page import MonitoringPage
from skillsaid_desktop.ui.shell import Shell
from tests.journeys.conftest import WAIT_MS, make_school
from tests.services.returned import Teacher
from tests.ui.desk import open_desk, shown
from tests.ui.prompts import FakePrompts

SAMPLES = Path(__file__).parent.parent / "samples"
LATE = 2
"""Teachers who do not answer in time."""


def test_sheets_for_class_teachers(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-10-14")
    main, session, _code = make_school(shell, qtbot, tmp_path / "台账")
    prompts = shell.prompts
    assert isinstance(prompts, FakePrompts)

    def idle() -> None:
        qtbot.waitUntil(lambda: not session.tasks.is_busy(), timeout=WAIT_MS)
        QApplication.processEvents()

    def bring(kind: str, files: list[Path]) -> ImportPage:
        main.open_page("import", {"kind": kind, "files": files})
        intake = main.page()
        assert isinstance(intake, ImportPage)
        idle()
        while intake.stack.currentIndex() != PREVIEW:
            intake.main_act()
            idle()
        intake.main_act()
        idle()
        return intake

    bring("students", [SAMPLES / "学籍系统导出 2025-09.xlsx"])
    session.set_month("2025-10")

    # Out: one file a class, in one folder.
    main.open_page("monitoring")
    page = main.page()
    assert isinstance(page, MonitoringPage)

    def send(dialog: SendDialog) -> None:
        dialog.purposes.choose("每月监测")
        dialog.folder.setText(str(tmp_path / "发出"))
        dialog.act.click()

    prompts.drive = send
    page.save_sheets()
    idle()
    sent = sorted((tmp_path / "发出").rglob("*.xlsx"))
    due = sum(len([name for name in Teacher(one).rows() if "签字" not in name]) for one in sent)
    assert len(sent) > 5
    assert due > 90

    # Back: renamed, in folders of their own, two not at all.
    returned = []
    for at, one in enumerate(sent[LATE:]):
        teacher = Teacher(one)
        for name in teacher.rows():
            if "签字" not in name:
                cells = {"监测日期": date(2025, 10, 13), "困难等级": "无", "学习情况": "上课认真，作业按时交"}
                if "监测人" in teacher.columns():
                    cells["监测人"] = "罗建平"
                teacher.fill(name, cells)
        returned.append(teacher.save(tmp_path / "交回" / f"老师{at % 3}" / f"10月 表 {at}.xlsx"))
    intake = bring("monitoring", [tmp_path / "交回"])
    assert "已导入" in intake.ended.title()

    # Who is missing: the desk says it, and the way leads to those classes and no others.
    line = shown(open_desk(main, qtbot), qtbot).gatherings[0]
    session.navigate(line.page, line.params)
    idle()
    page = main.page()
    assert isinstance(page, MonitoringPage)
    missing = [one for one in page.collect.states if one.returned_at is None]
    assert len(missing) == LATE
    assert page.collect.answers.key() == "未交"

    # All of it was one step.
    def notes() -> int:
        with session.ledger_file.reading() as reading:
            return int(reading.scalar("SELECT count(*) FROM monitoring_note WHERE month = '2025-10'"))

    assert 0 < notes() < due
    main.undo()
    assert notes() == 0
