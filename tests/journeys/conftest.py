"""The program on an empty machine, and the first page on which a school makes its ledger."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.first_run_page import FirstRunPage
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.shell import Shell
from tests.ui.prompts import FakePrompts

PASSPHRASE = "鄱阳湖-2025"
WAIT_MS = 30_000


@pytest.fixture
def shell(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shell]:
    """The program on an empty machine, on 24 September 2025."""
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-09-24")
    QCoreApplication.setOrganizationName("SkillsAidTest")
    QCoreApplication.setApplicationName("SkillsAidTest")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    QSettings().clear()
    theme.apply(qapp, "light")
    made = Shell()
    made.prompts = FakePrompts()  # the person at the window
    qtbot.addWidget(made)
    made.resize(1440, 900)
    yield made
    made.close_ledger(backup=False)


def make_school(shell: Shell, qtbot: QtBot, folder: Path) -> tuple[MainWindow, Session, str]:
    """Name the school, set the passphrase, prove the printed code; return the window and the recovery code."""
    shell.start(None)
    shell.show()
    first = shell.centralWidget()
    assert isinstance(first, FirstRunPage)
    first.folder = folder
    first.school.setText("江西示范技师学院")
    first.counties.setText("于都县、乐安县")
    first.passphrase.setText(PASSPHRASE)
    first.again.setText(PASSPHRASE)
    assert not first.create_button.isEnabled()
    code = first.sheet.code
    for at, field in zip(first.sheet.asked, first.sheet.fields, strict=True):
        qtbot.keyClicks(field, first.sheet.grid.groups[at - 1].lower())
    assert first.create_button.isEnabled()
    first.create_ledger()
    qtbot.waitUntil(lambda: shell.main is not None, timeout=WAIT_MS)
    assert isinstance(shell.main, MainWindow)
    assert shell.session is not None
    return shell.main, shell.session, code
