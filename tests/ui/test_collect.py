"""收发表 in the window: send, get back, see who is missing, send again; and the month of a sheet is asked."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from skillsaid_desktop.ui.dialogs.send_dialog import SendDialog
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.import_page import PREVIEW, ImportPage
from skillsaid_desktop.ui.pages.monitoring_page import MonitoringPage
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.row_order import Arrangement
from tests.services.returned import Teacher
from tests.ui.desk import open_desk, shown
from tests.ui.prompts import FakePrompts

WAIT_MS = 20_000
DAY = date(2025, 11, 12)


def idle(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.tasks.is_busy(), timeout=WAIT_MS)
    QApplication.processEvents()


@pytest.fixture
def page(window: MainWindow) -> MonitoringPage:
    window.open_page("monitoring")
    shown = window.page()
    assert isinstance(shown, MonitoringPage)
    return shown


def chips(page: MonitoringPage) -> list[str]:
    """Return what stands on the chips of the answers."""
    QApplication.processEvents()
    return [chip.text() for chip in page.collect.answers.findChildren(QPushButton) if not chip.isHidden()]


def send(
    page: MonitoringPage,
    session: Session,
    prompts: FakePrompts,
    qtbot: QtBot,
    folder: Path,
    purpose: str = "每月监测",
) -> list[Path]:
    """Send the sheets through the dialog; return the files."""

    def drive(dialog: SendDialog) -> None:
        dialog.purposes.choose(purpose)
        dialog.folder.setText(str(folder))
        assert dialog.act.isEnabled(), dialog.footer.sentence.text()
        dialog.act.click()

    prompts.drive = drive
    before = set(folder.rglob("*.xlsx"))
    page.save_sheets()
    idle(qtbot, session)
    return sorted(set(folder.rglob("*.xlsx")) - before)


def back(teacher: Teacher, path: Path, **more: object) -> Path:
    for name in teacher.rows():
        if "签字" not in name:
            cells = {"监测日期": DAY, "困难等级": "无", "学习情况": "认真", **more}
            if "监测人" in teacher.columns():
                cells["监测人"] = "罗建平"
            teacher.fill(name, cells)
    return teacher.save(path)


def bring(window: MainWindow, session: Session, qtbot: QtBot, folder: Path) -> ImportPage:
    """Import a folder from the page, as a person does."""
    shown = window.page()
    assert isinstance(shown, MonitoringPage)
    shown.import_file()
    page = window.page()
    assert isinstance(page, ImportPage)
    prompts = session.prompts
    assert isinstance(prompts, FakePrompts)
    prompts.folder = folder
    page.choose_folder()
    page.main_act()
    idle(qtbot, session)
    return page


def test_sheets_go_out_come_back_and_the_list_says_who_is_missing(
    page: MonitoringPage,
    window: MainWindow,
    session: Session,
    qtbot: QtBot,
    prompts: FakePrompts,
    tmp_path: Path,
) -> None:
    assert chips(page) == ["全部　2", "未交　2"]
    files = send(page, session, prompts, qtbot, tmp_path)
    assert len(files) == 2
    assert page.views.currentWidget() is page.collect
    assert page.tabs["collect"].count == 2

    back(Teacher(next(file for file in files if "机电" in file.name)), tmp_path / "交回" / "老师.xlsx")
    imported = bring(window, session, qtbot, tmp_path / "交回")
    assert imported.stack.currentIndex() == PREVIEW, imported.strip.text()
    imported.main_act()
    idle(qtbot, session)

    line = shown(open_desk(window, qtbot), qtbot).gatherings[0]
    assert "电商2301还没有交" in line.detail
    session.navigate(line.page, line.params)
    assert chips(page) == ["全部　2", "未交　1", "收齐　1"]
    assert page.collect.answers.key() == "未交"
    chosen = page.collect.chosen()
    assert chosen is not None
    assert chosen.class_name == "电商2301"
    assert "还没有交" in page.collect.words.text()

    window.undo(0)
    assert page.tabs["collect"].count == 2
    assert [one.returned_at for one in page.collect.states] == [None, None]


def test_a_class_gets_its_sheet_again_and_its_folder_is_shown(
    page: MonitoringPage,
    session: Session,
    qtbot: QtBot,
    prompts: FakePrompts,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = send(page, session, prompts, qtbot, tmp_path)
    page.collect.table.choose(0)
    one = page.collect.chosen()
    assert one is not None
    shown: list[QUrl] = []

    def show(url: QUrl) -> bool:
        shown.append(url)
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", show)
    page.collect.open_folder()
    assert [Path(url.toLocalFile()) for url in shown] == [files[0].parent]

    def drive(dialog: SendDialog) -> None:
        assert dialog.class_ids == [one.class_id]
        dialog.folder.setText(str(tmp_path))
        dialog.act.click()

    prompts.drive = drive
    page.collect.send_again()
    idle(qtbot, session)
    assert len(list(tmp_path.rglob("*.xlsx"))) == 3
    assert session.ledger_file.history(limit=1)[0].name.startswith("发预填表：每月监测 2025年11月 1 个班")
    page.collect.fill_button.click()
    assert page.grid is not None
    assert page.grid.class_id == one.class_id
    assert page.views.currentIndex() == 0


def test_nothing_is_sent_without_a_class_a_folder_or_a_purpose(
    page: MonitoringPage, window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    dialog = SendDialog(window, session)
    qtbot.addWidget(dialog)
    dialog.folder.setText("somewhere")
    assert dialog.act.isEnabled()
    dialog.reason.clear()
    assert not dialog.act.isEnabled()
    dialog.reason.setText("班主任填写")
    dialog.all_button.click()
    assert dialog.class_ids == []
    assert not dialog.act.isEnabled()
    dialog.table.ticked.emit(1)
    assert len(dialog.class_ids) == 1
    assert dialog.act.isEnabled()


def test_all_means_all_classes_in_sight(
    page: MonitoringPage, window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    dialog = SendDialog(window, session)
    qtbot.addWidget(dialog)
    dialog.all_button.click()
    assert dialog.class_ids == []
    dialog.table.arrange(Arrangement(filters={"班级": frozenset({"机电2301"})}))
    assert dialog.all_button.text() == "全选"
    dialog.all_button.click()
    assert len(dialog.class_ids) == 1
    assert dialog.all_button.text() == "全不选"
    dialog.table.clear_filters()
    assert dialog.all_button.text() == "全选"


@pytest.mark.parametrize(
    ("answer", "months"), [("2025-12", ["2025-12"]), ("2025-11", ["2025-11"]), ("leave out", [])]
)
def test_sheets_of_another_month_are_asked_about_once(
    page: MonitoringPage,
    window: MainWindow,
    session: Session,
    qtbot: QtBot,
    prompts: FakePrompts,
    tmp_path: Path,
    answer: str,
    months: list[str],
) -> None:
    for at, file in enumerate(send(page, session, prompts, qtbot, tmp_path)):
        back(Teacher(file), tmp_path / "交回" / f"{at}.xlsx", 监测日期=date(2025, 12, 3))
    prompts.choice = answer
    prompts.asked.clear()
    imported = bring(window, session, qtbot, tmp_path / "交回")
    assert prompts.asked == ["“0.xlsx”等 2 张表里说的月份不一样：2025年11月、2025年12月"]
    imported.main_act()
    idle(qtbot, session)
    with session.ledger_file.reading() as reading:
        assert [row[0] for row in reading.rows("SELECT DISTINCT month FROM monitoring_note")] == months


def test_missing_facts_go_out_and_come_back_from_the_same_place(
    page: MonitoringPage,
    window: MainWindow,
    session: Session,
    qtbot: QtBot,
    prompts: FakePrompts,
    tmp_path: Path,
) -> None:
    files = send(page, session, prompts, qtbot, tmp_path, "缺的资料")
    assert page.collect.purpose == "facts"
    teacher = Teacher(files[0])
    name = next(iter(teacher.rows()))
    teacher.fill(name, {"户主姓名": "李大山"})
    teacher.save(tmp_path / "交回" / "a.xlsx")
    imported = bring(window, session, qtbot, tmp_path / "交回")
    assert imported.choose.kind_name == "students"
    assert imported.pane.tabs["changed"].count == 1
    imported.main_act()
    idle(qtbot, session)
    with session.ledger_file.reading() as reading:
        assert reading.scalar("SELECT head_name FROM student WHERE name = ?", (name,)) == "李大山"
