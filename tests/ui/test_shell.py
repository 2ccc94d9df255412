"""The frame: unlock, work, lock, close with a backup."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui.pages.first_run_page import FirstRunPage
from skillsaid_desktop.ui.pages.unlock_page import UnlockPage
from skillsaid_desktop.ui.shell import Shell
from tests import factories
from tests.ui.prompts import FakePrompts


@pytest.fixture
def shell(qtbot: QtBot, prompts: FakePrompts) -> Shell:
    made = Shell()
    made.prompts = prompts
    made.resize(1200, 800)
    return made


def test_without_a_ledger_the_first_page_makes_one(shell: Shell, qtbot: QtBot) -> None:
    qtbot.addWidget(shell)
    shell.start(None)
    assert isinstance(shell.centralWidget(), FirstRunPage)


def test_unlocking_opens_the_window_and_closing_leaves_a_verified_backup(
    shell: Shell, ledger_path: Path, own_data_folder: Path, qtbot: QtBot
) -> None:
    shell.start(ledger_path)
    page = shell.centralWidget()
    assert isinstance(page, UnlockPage)
    page.passphrase.setText(factories.PASSPHRASE)
    page.unlock()
    qtbot.waitUntil(lambda: shell.main is not None, timeout=20_000)
    assert factories.SCHOOL in shell.windowTitle()
    assert QSettings().value("last_ledger") == str(ledger_path)
    shell.lock()
    assert isinstance(shell.centralWidget(), UnlockPage)
    assert shell.session is None
    assert list((own_data_folder / "backups").rglob("*"))
    shell.close()


def test_a_wrong_passphrase_stays_on_the_page(shell: Shell, ledger_path: Path, qtbot: QtBot) -> None:
    shell.start(ledger_path)
    page = shell.centralWidget()
    assert isinstance(page, UnlockPage)
    page.passphrase.setText("不是这个口令")
    page.unlock()
    qtbot.waitUntil(lambda: page.open_button.isEnabled(), timeout=20_000)
    assert shell.main is None
    shell.close()


def test_when_the_closing_backup_fails_the_user_decides(
    shell: Shell, ledger_file: LedgerFile, prompts: FakePrompts, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.open_ledger(ledger_file)
    real_close = LedgerFile.close

    def close(self: LedgerFile, *, backup: bool = True) -> None:
        if backup:
            raise UserError("U 盘写不进去，没有备份。", "台账没有受影响。")
        real_close(self, backup=False)

    monkeypatch.setattr(LedgerFile, "close", close)
    prompts.choice = None
    assert not shell.close_ledger()
    assert shell.session is not None
    prompts.choice = "without"
    assert shell.close_ledger()


def test_restoring_asks_for_a_backup_and_then_for_its_passphrase(
    shell: Shell, ledger_file: LedgerFile, prompts: FakePrompts, own_data_folder: Path, tmp_path: Path
) -> None:
    backup = ledger_file.backup(tmp_path / "优盘").path
    shell.start(ledger_file.path)
    page = shell.centralWidget()
    assert isinstance(page, UnlockPage)
    prompts.files = [backup]
    page.other_wanted.emit("restore")
    assert page.open_button.text() == "恢复并打开"
    shell.close()


def test_damage_found_behind_the_open_window_closes_the_ledger_and_offers_its_backup(
    shell: Shell, ledger_path: Path, own_data_folder: Path, qtbot: QtBot
) -> None:
    LedgerFile.open(ledger_path, passphrase=factories.PASSPHRASE).close()
    content = ledger_path.read_bytes()
    ledger_path.write_bytes(content[:-4096] + bytes(4096))
    shell.start(ledger_path)
    page = shell.centralWidget()
    assert isinstance(page, UnlockPage)
    page.passphrase.setText(factories.PASSPHRASE)
    page.unlock()

    def refused() -> bool:
        now = shell.centralWidget()
        return isinstance(now, UnlockPage) and "损坏" in now.trouble()

    qtbot.waitUntil(refused, timeout=20_000)
    assert shell.session is None
    now = shell.centralWidget()
    assert now is not None
    assert [one for one in now.findChildren(QPushButton) if "的备份恢复" in one.text()]
    shell.close()
