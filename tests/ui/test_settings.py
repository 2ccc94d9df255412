"""设置, act by act, through the real window: school, policy, backup, keys, looks."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.services.closing import close_month
from skillsaid_desktop.services.files import MB, add_files, load_content, new_file, remove_files
from skillsaid_desktop.storage import LedgerFile, verify_file
from skillsaid_desktop.storage.connection import connect
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.settings_page import SettingsPage
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.row_table import RowTable
from tests.factories import PASSPHRASE, SCHOOL
from tests.files import paper, photo
from tests.ui.prompts import FakePrompts
from tests.ui.sight import cut_off

WAIT_MS = 20_000
NEW = "信江-2026-春"


@pytest.fixture
def page(window: MainWindow) -> SettingsPage:
    """The page of the settings, in sight."""
    window.open_page("settings")
    made = window.page()
    assert isinstance(made, SettingsPage)
    return made


@pytest.fixture
def click(qtbot: QtBot, session: Session) -> Callable[[QWidget, str], None]:
    """Press the button of a name and wait until its work is done."""

    def press(where: QWidget, words: str) -> None:
        (button,) = [
            one for one in where.findChildren(QPushButton) if one.text() == words and one.isVisible()
        ]
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not session.tasks.is_busy(), timeout=WAIT_MS)
        QApplication.processEvents()

    return press


def type_into(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    """Type over what a field holds and leave it."""
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    for letter in text:
        field.insert(letter)  # as an input method does; keyClick knows Latin letters only
    field.editingFinished.emit()


def texts(table: RowTable, column: int) -> list[str]:
    """Return what a column shows."""
    model = table.model()
    return [str(model.index(row, column).data()) for row in range(table.row_count())]


# School


def test_the_names_on_the_papers_are_stored_one_step_each(
    page: SettingsPage, session: Session, window: MainWindow, qtbot: QtBot
) -> None:
    type_into(qtbot, page.school.fields["unit_head"], "万校长")
    type_into(qtbot, page.school.fields["phone"], "0791-00000000")
    assert [row.name for row in session.ledger_file.undoable(2)] == ["改联系电话", "改单位负责人"]
    window.undo()
    with session.ledger_file.reading() as reading:
        assert (reading.settings.get("unit_head"), reading.settings.get("phone")) == ("万校长", "")
    assert page.school.fields["phone"].text() == ""


def test_a_school_without_a_name_keeps_its_old_one(
    page: SettingsPage, session: Session, window: MainWindow, qtbot: QtBot
) -> None:
    type_into(qtbot, page.school.fields["school_name"], "")
    assert page.school.fields["school_name"].text() == SCHOOL
    type_into(qtbot, page.school.fields["school_name"], "江西示范技工学校")
    assert "江西示范技工学校" in window.windowTitle()
    with session.ledger_file.reading() as reading:
        assert reading.settings.school_name == "江西示范技工学校"


def test_counties_are_added_dated_and_taken_off(
    page: SettingsPage, session: Session, qtbot: QtBot, click: Callable[[QWidget, str], None]
) -> None:
    def stored() -> list[str]:
        with session.ledger_file.reading() as reading:
            return [
                f"{county} {from_on or '……'} {to_on or '……'}"
                for county, from_on, to_on in reading.settings.paired_counties
            ]

    before = stored()
    page.open_tab("school")
    click(page.school, "加一个县")
    county, from_on, _to_on = page.school._county_rows[-1]
    type_into(qtbot, county, "兴国县")
    assert stored() == [*before, "兴国县 …… ……"]
    qtbot.keyClick(county, Qt.Key.Key_Tab)
    assert from_on.hasFocus(), "storing the name does not take the cursor away"
    type_into(qtbot, from_on, "去年")
    assert from_on.property("wrong")
    assert stored() == [*before, "兴国县 …… ……"], "a date that can not be read stores nothing"
    type_into(qtbot, from_on, "2024.9.1")
    assert stored() == [*before, "兴国县 2024-09-01 ……"]
    page.school.remove_county(0)
    assert stored() == [*before[1:], "兴国县 2024-09-01 ……"]


def test_the_day_a_month_ends_on_can_be_changed_until_a_month_is_closed(
    page: SettingsPage, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = page.school
    school.cutoff.setCurrentIndex(school.cutoff.findText("20 日"))
    school.cutoff.activated.emit(school.cutoff.currentIndex())
    with session.ledger_file.reading() as reading:
        assert reading.settings.cutoff_day == 20
    assert school.cutoff.isEnabled()
    close_month(session.ledger_file, "2025-09", {"30": "班主任出差", "31": "10月起结对"})
    assert not school.cutoff.isEnabled()


# Policy


def test_each_rule_in_force_names_its_document_or_says_that_none_was_found(page: SettingsPage) -> None:
    page.open_tab("policy")
    for table in (page.policy.categories, page.policy.deadlines):
        assert table.row_count() > 3
        sources = texts(table, 4)
        assert all(sources)
        assert "赣人社发〔2019〕20号" in sources
    assert "脱贫户" in texts(page.policy.categories, 0)


# Backup


def test_a_backup_is_made_here_and_on_a_stick(
    page: SettingsPage, prompts: FakePrompts, tmp_path: Path, click: Callable[[QWidget, str], None]
) -> None:
    page.open_tab("backup")
    assert "还没有备份过" in page.backup.last.text()
    click(page.backup, "现在备份")
    assert "打开核对过" in page.backup.last.text()
    assert "学生 12 人" in page.backup.facts.text()
    prompts.folder = tmp_path / "优盘"
    click(page.backup, "备份到 U 盘或别的文件夹…")
    (made,) = prompts.folder.iterdir()
    assert str(made) in page.backup.facts.text()
    assert verify_file(made, passphrase=PASSPHRASE).is_whole


def test_a_stick_that_can_not_be_written_is_named_and_the_last_backup_stays(
    page: SettingsPage, prompts: FakePrompts, tmp_path: Path, click: Callable[[QWidget, str], None]
) -> None:
    page.open_tab("backup")
    click(page.backup, "现在备份")
    before = page.backup.facts.text()
    prompts.folder = tmp_path / "不是文件夹"
    prompts.folder.write_text("", "utf-8")
    click(page.backup, "备份到 U 盘或别的文件夹…")
    assert "不是文件夹" in prompts.errors[-1].message
    assert not prompts.bugs
    assert page.backup.facts.text() == before


def test_looking_the_ledger_over_says_whether_it_is_whole(
    page: SettingsPage, session: Session, click: Callable[[QWidget, str], None]
) -> None:
    page.open_tab("backup")
    click(page.backup, "核对台账")
    assert "完好" in page.backup.checked.text()
    ledger_file = session.ledger_file
    connection = connect(ledger_file.path, ledger_file._key)
    connection.execute("UPDATE operation SET name = '没有做过的事' WHERE id = 2")
    connection.close()
    click(page.backup, "核对台账")
    assert "有人从外面改过" in page.backup.checked.text()
    assert "从备份恢复" in page.backup.checked.text()


# Keys and looks


def test_the_limit_of_a_file_is_stored_and_what_was_removed_is_cleared_on_a_word(
    page: SettingsPage,
    session: Session,
    qtbot: QtBot,
    prompts: FakePrompts,
    click: Callable[[QWidget, str], None],
) -> None:
    ledger_file = session.ledger_file
    (kept,) = add_files(ledger_file, "student", 1, [new_file("身份证.jpg", photo(), MB)]).ids
    (gone,) = add_files(ledger_file, "student", 1, [new_file("大.pdf", paper() + bytes(3 * MB), 9 * MB)]).ids
    remove_files(ledger_file, [gone])
    page.open_tab("backup")
    section = page.backup.files
    assert "材料 1 份" in section.facts.text()
    assert "移除了还能撤销回来的有 1 份，3.0 MB" in section.facts.text()
    type_into(qtbot, section.fields["file_limit_mb"], "5000")
    assert ledger_file.history(limit=1)[0].name.startswith("移除材料")
    type_into(qtbot, section.fields["file_limit_mb"], "8")
    assert ledger_file.history(limit=1)[0].name == "改材料每份最大 8 MB"
    with ledger_file.reading() as reading:
        assert reading.settings.file_limit_mb == 8
    prompts.text = "好"
    click(section, "清除移除的材料…")
    with ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM stored_file") == 2
    before = ledger_file.size()
    prompts.text = "清除"
    click(section, "清除移除的材料…")
    assert ledger_file.size() < before - 2 * MB
    assert not section.clear_button.isVisible()
    with ledger_file.reading() as reading:
        assert load_content(reading, kept)[1] == photo()
    assert ledger_file.history(limit=1)[0].name == "清除移除的材料 1 份"
    assert ledger_file.verify().is_whole


def test_the_passphrase_is_changed_once_all_three_fields_are_right(
    page: SettingsPage, session: Session, click: Callable[[QWidget, str], None]
) -> None:
    page.open_tab("keys")
    keys = page.keys
    for old, new, again, why in (
        ("", "短", "", "至少 8 位"),
        ("", NEW, "别的", "不一样"),
        ("", NEW, NEW, "先输入现在的口令"),
    ):
        keys.old.setText(old)
        keys.new.setText(new)
        keys.again.setText(again)
        assert not keys.change_button.isEnabled()
        assert why in keys.why.text()
    keys.old.setText(PASSPHRASE)
    click(keys, "换口令")
    assert (keys.old.text(), keys.new.text(), keys.again.text()) == ("", "", "")
    path = session.ledger_file.path
    session.ledger_file.close(backup=False)
    with pytest.raises(UserError, match="口令不对"):
        LedgerFile.open(path, passphrase=PASSPHRASE)
    LedgerFile.open(path, passphrase=NEW).close(backup=False)


def test_a_wrong_passphrase_changes_nothing(
    page: SettingsPage, session: Session, prompts: FakePrompts, click: Callable[[QWidget, str], None]
) -> None:
    page.open_tab("keys")
    keys = page.keys
    for field, text in ((keys.old, "不是这个"), (keys.new, NEW), (keys.again, NEW)):
        field.setText(text)
    click(keys, "换口令")
    assert "口令不对" in prompts.errors[-1].message
    keys.renew_pass.setText("不是这个")
    click(keys, "换一个恢复码…")
    assert "口令不对" in prompts.errors[-1].message
    assert not keys.sheet.isVisible()
    path = session.ledger_file.path
    session.ledger_file.close(backup=False)
    LedgerFile.open(path, passphrase=PASSPHRASE).close(backup=False)


def test_a_renewed_recovery_code_is_shown_saved_and_opens_the_ledger(
    page: SettingsPage,
    session: Session,
    prompts: FakePrompts,
    tmp_path: Path,
    click: Callable[[QWidget, str], None],
) -> None:
    page.open_tab("keys")
    keys = page.keys
    prompts.answer = False
    keys.renew_pass.setText(PASSPHRASE)
    click(keys, "换一个恢复码…")
    assert prompts.asked == ["换一个恢复码"]
    assert not keys.sheet.isVisible(), "given up: the old code stays"
    prompts.answer = True
    click(keys, "换一个恢复码…")
    assert keys.sheet.isVisible()
    assert cut_off(page) == []
    code = keys.sheet.code
    for at, field in zip(keys.sheet.asked, keys.sheet.fields, strict=True):
        field.setText(code.split("-")[at - 1].lower())
        field.textEdited.emit(field.text())
    assert "两组都对" in keys.sheet.note.text()
    prompts.save_as = tmp_path / "恢复码.pdf"
    click(keys.sheet, "存成 PDF…")
    assert prompts.save_as.read_bytes().startswith(b"%PDF")
    with session.ledger_file.operation("改填表人") as uow:
        uow.set_setting("preparer", "丁晓岚")
    path = session.ledger_file.path
    session.ledger_file.close(backup=False)
    opened = LedgerFile.open(path, recovery_code=code)
    assert opened.verify().is_whole
    opened.close(backup=False)


def test_dark_is_chosen_for_this_pc(page: SettingsPage, qapp: QApplication) -> None:
    page.open_tab("keys")
    scheme = page.keys.scheme
    scheme.setCurrentIndex(scheme.findText("深色"))
    scheme.activated.emit(scheme.currentIndex())
    assert theme.stored_scheme() == "dark"
    assert page.grab().toImage().pixelColor(300, 300).lightness() < 80
    theme.choose(qapp, "light")


@pytest.mark.parametrize("size", [(1440, 900), (1092, 574), (880, 500)])
@pytest.mark.parametrize("tab", ["school", "policy", "backup", "keys"])
def test_nothing_is_cut_off_on_any_tab(
    page: SettingsPage, window: MainWindow, tab: str, size: tuple[int, int]
) -> None:
    window.resize(*size)
    page.open_tab(tab)
    for _ in range(4):  # layouts settle from the inside out
        QApplication.processEvents()
    assert cut_off(window) == []
