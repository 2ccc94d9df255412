"""设置: what is stored, and keys that change only when they are typed right."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.settings_page import CodeDialog, SettingsPage
from tests import factories
from tests.ui.prompts import FakePrompts


@pytest.fixture
def page(window: MainWindow) -> SettingsPage:
    window.open_page("settings")
    found = window.page()
    assert isinstance(found, SettingsPage)
    return found


def test_school_facts_are_stored_as_one_step_that_can_be_undone(page: SettingsPage, school: LedgerFile) -> None:
    assert not page.store_button.isEnabled()
    page.fields["reviewer"].setText("涂丽华")
    page.fields["reviewer"].textEdited.emit("涂丽华")
    page.counties.setText("于都县、兴国县")
    page.counties.textEdited.emit("于都县、兴国县")
    page.store_button.click()
    with school.reading() as reading:
        assert reading.settings.reviewer == "涂丽华"
        assert [county for county, _from, _to in reading.settings.paired_counties] == ["于都县", "兴国县"]
    assert school.undo().name
    with school.reading() as reading:
        assert reading.settings.reviewer == ""
        assert [county for county, _from, _to in reading.settings.paired_counties] == ["于都县", "乐安县"]


def test_passphrase_changes_only_with_the_old_one(
    page: SettingsPage, school: LedgerFile, prompts: FakePrompts
) -> None:
    page.old.setText("不对的口令")
    page.new.setText("新的口令-2026")
    page.again.setText("新的口令-2026")
    page.change_passphrase()
    assert len(prompts.errors) == 1
    page.old.setText(factories.PASSPHRASE)
    page.again.setText("新的口令-2027")
    page.change_passphrase()
    assert "不一样" in prompts.errors[-1].message
    page.again.setText("新的口令-2026")
    page.change_passphrase()
    assert len(prompts.errors) == 2
    path = school.path
    school.close(backup=False)
    LedgerFile.open(path, passphrase="新的口令-2026").close(backup=False)


def test_a_new_recovery_code_must_be_proved_before_its_sheet_closes(
    page: SettingsPage, prompts: FakePrompts
) -> None:
    proved: list[bool] = []

    def prove(dialog: CodeDialog) -> None:
        proved.append(dialog.close_button.isEnabled())
        for at, field in zip(dialog.sheet.asked, dialog.sheet.fields, strict=True):
            field.setText(dialog.sheet.code.split("-")[at - 1])
            field.textEdited.emit(field.text())
        proved.append(dialog.close_button.isEnabled())

    prompts.drive = prove
    page.code_passphrase.setText(factories.PASSPHRASE)
    page.renew_code()
    assert proved == [False, True]


def test_a_backup_is_made_where_the_user_says(
    page: SettingsPage, prompts: FakePrompts, tmp_path: Path, qtbot: QtBot
) -> None:
    prompts.folder = tmp_path / "优盘"
    prompts.folder.mkdir()
    page.back_up_elsewhere()
    folder = prompts.folder
    qtbot.waitUntil(lambda: any(folder.iterdir()) and not page.session.tasks.is_busy(), timeout=15_000)
    assert "核对过" in page._backup.text()
