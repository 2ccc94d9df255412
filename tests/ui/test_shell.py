"""The frame: unlock, work, lock, close with a backup."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from pytestqt.qtbot import QtBot

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui.pages import first_run_page
from skillsaid_desktop.ui.pages.first_run_page import FirstRunPage
from skillsaid_desktop.ui.pages.settings_page import SettingsPage
from skillsaid_desktop.ui.pages.unlock_page import UnlockPage
from skillsaid_desktop.ui.shell import Shell
from tests import factories
from tests.ui.prompts import FakePrompts


@pytest.fixture
def shell(qtbot: QtBot, prompts: FakePrompts) -> Iterator[Shell]:
    made = Shell()
    made.prompts = prompts
    made.resize(1200, 800)
    yield made
    if made.session is not None:  # its threads must end before the program does
        made.session.tasks.close()
        made.session.changes.close()


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
    locked = shell.centralWidget()
    assert isinstance(locked, UnlockPage)
    assert "改动都已存好" in locked.note.text()
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


def test_a_clock_set_back_is_said_over_the_page_until_it_was_read(
    shell: Shell, ledger_file: LedgerFile, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.show()
    shell.open_ledger(ledger_file)
    assert shell.main is not None
    assert shell.main.clock_strip.isHidden()
    shell.close_ledger(backup=False)

    monkeypatch.setenv("SKILLSAID_TODAY", "2025-08-02")
    again = LedgerFile.open(ledger_file.path, passphrase=factories.PASSPHRASE)
    shell.open_ledger(again)
    strip = shell.main.clock_strip
    qtbot.waitUntil(strip.isVisible)
    assert "现在是 2025-08-02" in strip.text()
    assert "记在 2025-09-01" in strip.text()
    with again.operation("改学校全称") as uow:
        uow.set_setting("school_name", "示范技工学校")
    (link,) = strip.findChildren(QPushButton)
    link.click()
    assert strip.isHidden()
    shell.close_ledger(backup=False)


def test_left_alone_it_locks_itself_and_takes_an_open_dialog_with_it(
    shell: Shell, ledger_file: LedgerFile, qtbot: QtBot
) -> None:
    shell.show()
    shell.open_ledger(ledger_file)
    assert shell.main is not None
    shell.main.open_page("settings")
    page = shell.main.page()
    assert isinstance(page, SettingsPage)
    page.school.fields["preparer"].setFocus()
    qtbot.waitUntil(page.school.fields["preparer"].hasFocus)
    page.school.fields["preparer"].setText("丁晓岚")
    dialog = QDialog(shell)
    dialog.setModal(True)
    dialog.show()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is dialog)
    shell.idle.start(1)
    qtbot.waitUntil(lambda: shell.session is None, timeout=20_000)
    assert not dialog.isVisible()
    locked = shell.centralWidget()
    assert isinstance(locked, UnlockPage)
    assert "15 分钟没有人用" in locked.note.text()
    again = LedgerFile.open(ledger_file.path, passphrase=factories.PASSPHRASE)
    with again.reading() as reading:
        assert reading.settings.preparer == "丁晓岚"
    again.close(backup=False)


def test_keys_in_the_window_and_in_its_dialogs_keep_it_open(
    shell: Shell, ledger_file: LedgerFile, qtbot: QtBot
) -> None:
    shell.open_ledger(ledger_file)
    shell.show()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is shell.windowHandle())
    shell.idle.start(60_000)
    QTest.keyClick(shell.windowHandle(), Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: shell.idle.remainingTime() > 60_000)
    dialog = QDialog(shell)
    dialog.show()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is dialog.windowHandle())
    shell.idle.start(60_000)
    QTest.mouseClick(
        dialog.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(5, 5)
    )
    qtbot.waitUntil(lambda: shell.idle.remainingTime() > 60_000)
    dialog.close()


def test_left_alone_it_locks_even_if_the_backup_fails(
    shell: Shell, ledger_file: LedgerFile, qtbot: QtBot, own_data_folder: Path
) -> None:
    shell.open_ledger(ledger_file)
    with ledger_file.operation("改填表人") as uow:
        uow.set_setting("preparer", "丁晓岚")
    (own_data_folder / "backups").write_text("no folder", "utf-8")
    shell.idle.start(1)
    qtbot.waitUntil(lambda: shell.session is None, timeout=20_000)
    locked = shell.centralWidget()
    assert isinstance(locked, UnlockPage)
    assert "没有备份成" in locked.note.text()


def test_on_a_new_pc_the_first_page_brings_a_ledger_back_from_the_stick(
    shell: Shell,
    ledger_file: LedgerFile,
    prompts: FakePrompts,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backup = ledger_file.backup(tmp_path / "优盘").path
    monkeypatch.setenv("SKILLSAID_DATA", str(tmp_path / "新电脑"))
    monkeypatch.setattr(first_run_page, "ledger_folder", lambda: tmp_path / "文档")
    shell.start(None)
    shell.show()
    prompts.files = [backup]
    first = shell.centralWidget()
    assert first is not None
    (way,) = [one for one in first.findChildren(QPushButton) if "从备份恢复" in one.text()]
    way.click()
    page = shell.centralWidget()
    assert isinstance(page, UnlockPage)
    page.passphrase.setText(factories.PASSPHRASE)
    page.unlock()
    qtbot.waitUntil(lambda: shell.session is not None, timeout=20_000)
    assert shell.session is not None
    assert shell.session.ledger_file.path == tmp_path / "文档" / ledger_file.path.name
    assert factories.SCHOOL in shell.windowTitle()
    shell.close_ledger(backup=False)


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
