"""The page before the ledger: what it says when the ledger does not open, and the ways back."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from skillsaid_desktop.policy.policy import default_policy_text
from skillsaid_desktop.storage import LedgerFile, new_recovery_code
from skillsaid_desktop.storage.keys import keys_path, ledger_id_of, local_keys_path
from skillsaid_desktop.storage.sqlite_errors import damaged
from skillsaid_desktop.ui.pages.unlock_page import UnlockPage
from tests.factories import PASSPHRASE
from tests.storage.test_salvage import pages_of, spoil
from tests.ui.sight import cut_off

WAIT_MS = 20_000


@pytest.fixture
def page(ledger_path: Path, qtbot: QtBot) -> UnlockPage:
    """The page of a ledger that is closed."""
    made = UnlockPage(ledger_path)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    return made


def refused(page: UnlockPage, qtbot: QtBot, passphrase: str) -> str:
    """Try a passphrase and return what is said."""
    page.passphrase.setText(passphrase)
    page.unlock()
    qtbot.waitUntil(lambda: bool(page.trouble()), timeout=WAIT_MS)
    for _ in range(4):  # layouts settle from the inside out
        QApplication.processEvents()
    assert cut_off(page) == []
    return page.trouble()


def opened(page: UnlockPage, qtbot: QtBot) -> LedgerFile:
    """Press the button and return the ledger."""
    with qtbot.waitSignal(page.opened, timeout=WAIT_MS) as signal:
        page.unlock()
    assert signal.args is not None
    ledger_file = signal.args[0]
    assert isinstance(ledger_file, LedgerFile)
    return ledger_file


def test_the_right_passphrase_opens_and_leaves_the_field_empty(page: UnlockPage, qtbot: QtBot) -> None:
    page.passphrase.setText(PASSPHRASE)
    opened(page, qtbot).close(backup=False)
    assert page.passphrase.text() == ""


def test_a_wrong_passphrase_says_so_and_can_be_tried_again(page: UnlockPage, qtbot: QtBot) -> None:
    assert "口令不对" in refused(page, qtbot, "不是这个")
    page.passphrase.setText(PASSPHRASE)
    opened(page, qtbot).close(backup=False)


def test_a_missing_key_file_points_to_the_recovery_code(
    page: UnlockPage, qtbot: QtBot, ledger_path: Path
) -> None:
    keys_path(ledger_path).unlink()
    local_keys_path(ledger_id_of(ledger_path)).unlink(missing_ok=True)
    assert "恢复码" in refused(page, qtbot, PASSPHRASE)
    page.toggle_recovery()
    assert page.is_recovering


def test_a_damaged_ledger_offers_its_newest_backup(page: UnlockPage, qtbot: QtBot, ledger_path: Path) -> None:
    LedgerFile.open(ledger_path, passphrase=PASSPHRASE).close()
    content = bytearray(ledger_path.read_bytes())
    content[2048:6144] = bytes(4096)
    ledger_path.write_bytes(content)
    words = refused(page, qtbot, PASSPHRASE)
    assert "损坏" in words
    way = [button for button in page.findChildren(QPushButton) if "的备份恢复" in button.text()]
    assert way
    way[0].click()
    page.passphrase.setText(PASSPHRASE)
    restored = opened(page, qtbot)
    assert restored.path != ledger_path
    assert ledger_path.is_file()
    restored.close(backup=False)


def test_what_can_be_read_of_a_damaged_ledger_is_brought_into_a_new_one(
    page: UnlockPage, qtbot: QtBot, ledger_path: Path
) -> None:
    spoil(ledger_path, pages_of(ledger_path, lambda name: name == "setting"))
    content = ledger_path.read_bytes()
    page.refuse(damaged(ledger_path))  # as the window does when the check beside the first readings finds it
    [way] = [button for button in page.findChildren(QPushButton) if button.text() == "抢救到新文件"]
    way.click()
    assert "请先输入口令" in page.trouble()
    page.passphrase.setText(PASSPHRASE)
    QApplication.processEvents()
    [way] = [
        button
        for button in page.findChildren(QPushButton)
        if button.text() == "抢救到新文件" and button.isVisible()
    ]
    way.click()
    qtbot.waitUntil(lambda: "抢救到“" in page.note.text(), timeout=WAIT_MS)
    assert "没有缺的" in page.note.text(), "the journal had the settings"
    assert page.path != ledger_path
    assert ledger_path.read_bytes() == content
    page.passphrase.setText(PASSPHRASE)
    salvaged = opened(page, qtbot)
    with salvaged.reading() as reading:
        assert reading.settings.school_name
    assert salvaged.history(limit=1)[0].name == "抢救台账"
    salvaged.close(backup=False)


def test_an_empty_passphrase_is_not_tried(page: UnlockPage) -> None:
    page.unlock()
    assert "请输入口令" in page.trouble()


def test_a_ledger_that_is_open_elsewhere_names_who_has_it(
    page: UnlockPage, qtbot: QtBot, ledger_file: LedgerFile
) -> None:
    assert "已经在别处打开了（电脑" in refused(page, qtbot, PASSPHRASE)


def test_a_forgotten_passphrase_of_a_backup_is_replaced_by_the_recovery_code(
    page: UnlockPage, qtbot: QtBot, tmp_path: Path
) -> None:
    code = new_recovery_code()
    other, _ = LedgerFile.create(
        tmp_path / "另一本.skillsaid",
        passphrase="早就忘了的口令",
        settings={"school_name": "江西示范技师学院"},
        policy_text=default_policy_text("jiangxi"),
        policy_name="jiangxi",
        recovery_code=code,
    )
    backup = other.backup(tmp_path / "优盘").path
    other.close(backup=False)
    before = backup.read_bytes()

    page.choose_backup(backup)
    page.toggle_recovery()
    assert page.recovery is not None
    page.recovery.code.setPlainText(new_recovery_code())
    page.recovery.new_passphrase.setText("新的口令-2026")
    page.recovery.again.setText("新的口令-2026")
    page.unlock()
    qtbot.waitUntil(lambda: "这个恢复码打不开" in page.trouble(), timeout=WAIT_MS)

    page.recovery.code.setPlainText(code)
    restored = opened(page, qtbot)
    assert restored.path not in (backup, page.path, other.path)
    restored.close(backup=False)
    assert backup.read_bytes() == before, "a backup is never opened in place"
    LedgerFile.open(restored.path, passphrase="新的口令-2026").close(backup=False)


def test_the_recovery_code_is_asked_for_with_a_new_passphrase(
    page: UnlockPage, qtbot: QtBot, ledger_path: Path
) -> None:
    page.toggle_recovery()
    assert page.recovery is not None
    page.recovery.code.setPlainText("AAAA")
    page.recovery.new_passphrase.setText("太短")
    page.unlock()
    assert "至少要 8 位" in page.trouble()
    page.recovery.new_passphrase.setText("够长的新口令2025")
    page.recovery.again.setText("够长的新口令2026")
    page.unlock()
    assert "不一样" in page.trouble()
    page.toggle_recovery()
    assert not page.is_recovering
    page.passphrase.setText(PASSPHRASE)
    opened(page, qtbot).close(backup=False)
    assert page.recovery.code.toPlainText() == ""
