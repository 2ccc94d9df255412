"""The real window over a real ledger with twelve students; questions are answered by a fake."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ledgers import STUDENTS, listing
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.changes import ChangeSignal
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.tasks import Tasks
from tests.factories import document_number
from tests.ui.prompts import FakePrompts

TODAY = date(2025, 11, 20)
NAMES = (
    "曾诗",
    "吴宇佳",
    "邹斌",
    "钟建明",
    "王英雪",
    "赖斌超",
    "钟嘉龙",
    "廖志建",
    "李然鹏",
    "王鑫",
    "谢亮",
    "单嘉勇",
)


@pytest.fixture(autouse=True)
def no_window_left(qapp: QApplication) -> Iterator[None]:
    """Delete the windows of a test at its end: each one left would be styled again with every change of theme."""
    yield
    for widget in qapp.topLevelWidgets():
        if widget.parent() is None:
            widget.hide()
            widget.deleteLater()
    # Without an event loop of its own Qt would keep them until somebody runs one.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture(autouse=True)
def own_settings(
    no_window_left: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    """Keep the settings of this PC out of the tests, and the day fixed."""
    monkeypatch.setenv("SKILLSAID_TODAY", TODAY.isoformat())
    QCoreApplication.setOrganizationName("SkillsAidTest")
    QCoreApplication.setApplicationName("SkillsAidTest")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path))
    QSettings().clear()
    theme.apply(qapp, "light")


@pytest.fixture
def school(ledger_file: LedgerFile) -> LedgerFile:
    """A ledger with twelve students in two classes, every third no target."""
    with ledger_file.operation("导入学生名册") as uow:
        for at, name in enumerate(NAMES):
            values = {
                "name": name,
                "class_name": "机电2301" if at < 8 else "电商2301",
                "document_number": document_number(at + 1),
                "level": "中级工" if at % 2 else "高级工",
                "major": "机电一体化",
                "entered_on": "2023-09-01",
                "home_county": "于都县" if at % 2 else "兴国县",
                "phone": f"1587976{at:04}",
            }
            if at % 3:
                values |= {"category": "脱贫户", "category_from": "2023-09-01"}
            listing.write(uow, STUDENTS, values, None, listing.form_context(as_of=TODAY))
    return ledger_file


@pytest.fixture
def prompts() -> FakePrompts:
    """Return the person who answers."""
    return FakePrompts()


@pytest.fixture
def session(school: LedgerFile, prompts: FakePrompts) -> Iterator[Session]:
    """What pages are given."""
    made = Session(school, prompts=prompts, tasks=Tasks(), changes=ChangeSignal(school), month="2025-11")
    made.as_of = TODAY
    yield made
    made.tasks.close()
    made.wipe_copies()
    made.changes.close()


@pytest.fixture
def window(session: Session, qtbot: QtBot) -> MainWindow:
    """The main window, shown at the design's size."""
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    qtbot.waitExposed(made)
    return made
