"""The pages of the month: each shows what there is, and its act does what its button says."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.desk_page import DeskPage
from skillsaid_desktop.ui.pages.import_page import PREVIEW, ImportPage
from skillsaid_desktop.ui.pages.monitoring_page import MonitoringPage
from skillsaid_desktop.ui.pages.pending_page import PendingPage
from skillsaid_desktop.ui.pages.reports_page import ReportsPage
from skillsaid_desktop.ui.pages.settings_page import SettingsPage
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.notices import EmptyPage
from skillsaid_desktop.ui.widgets.text import ElidedLabel
from tests.factories import document_number
from tests.ui.desk import open_desk, shown
from tests.ui.prompts import FakePrompts

HEADS = ("姓名", "身份证号", "专业", "班级", "培养层次", "入学日期", "身份类别")
WAIT_MS = 20_000


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """A roster with two new students and one whose number is wrong."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADS)
    for at, name in enumerate(("陈新来", "林新来"), 101):
        sheet.append((name, document_number(at), "机电", "机电2301", "中级工", "2023-09-01", "脱贫户"))
    sheet.append(("错号", "360731200806204951", "机电", "机电2301", "中级工", "2023-09-01", ""))
    path = tmp_path / "名册 2025-11-20.xlsx"
    book.save(path)
    return path


def idle(qtbot: QtBot, session: Session) -> None:
    """Wait until no work is left."""
    qtbot.waitUntil(lambda: not session.tasks.is_busy(), timeout=WAIT_MS)
    QApplication.processEvents()


def test_import_writes_nothing_before_its_button_and_can_be_undone(
    window: MainWindow, session: Session, qtbot: QtBot, roster: Path
) -> None:
    window.open_page("import", {"kind": "students", "files": [roster]})
    page = window.page()
    assert isinstance(page, ImportPage)
    idle(qtbot, session)
    assert page.stack.currentIndex() == PREVIEW, page.strip.text()
    assert page.pane.tabs["new"].count == 2
    assert "新增 2" in page.main_button.text()
    assert page.pane.problems.row_count() >= 1
    before = len(session.ledger_file.history())

    page.main_act()
    idle(qtbot, session)
    assert len(session.ledger_file.history()) == before + 1
    assert "已导入 2 人" in page.ended.title()
    window.undo(0)
    with session.ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM student WHERE name LIKE '%新来'") == 0


def test_an_unticked_row_is_left_out(
    window: MainWindow, session: Session, qtbot: QtBot, roster: Path
) -> None:
    window.open_page("import", {"kind": "students", "files": [roster]})
    page = window.page()
    assert isinstance(page, ImportPage)
    idle(qtbot, session)
    page.pane.open_tab("new")
    page.pane.table.ticked.emit(0)
    assert "新增 1" in page.main_button.text()
    page.main_act()
    idle(qtbot, session)
    with session.ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM student WHERE name LIKE '%新来'") == 1


def test_a_row_that_was_refused_is_mended_and_stored_in_place(
    window: MainWindow, session: Session, qtbot: QtBot, roster: Path
) -> None:
    window.open_page("import", {"kind": "students", "files": [roster]})
    page = window.page()
    assert isinstance(page, ImportPage)
    idle(qtbot, session)
    page.main_act()
    idle(qtbot, session)
    page.show_pending()
    pending = window.page()
    assert isinstance(pending, PendingPage)
    assert [row.who for row in pending.rows] == ["错号"]
    pending.panel.field("document_number").set_text(document_number(300))
    pending.store()
    assert not pending.rows
    with session.ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM student WHERE name = '错号'") == 1


def test_a_month_is_monitored_class_by_class(window: MainWindow, session: Session) -> None:
    window.open_page("monitoring", {"missing": True})
    page = window.page()
    assert isinstance(page, MonitoringPage)
    assert page.grid is not None
    missing = len(page.grid.missing)
    assert missing
    model = page.model
    model.setData(model.index(0, 5), "学习认真")
    assert page.grid.rows[0].note is not None
    assert page.grid.rows[0].note["study"] == "学习认真"
    page.writing.mark_rest_normal()
    assert not page.grid.missing
    window.undo(0)
    assert len(page.grid.missing) == missing - 1


def test_the_desk_closes_a_month_and_opens_it_again(
    window: MainWindow, session: Session, qtbot: QtBot, prompts: FakePrompts
) -> None:
    page = open_desk(window, qtbot)
    for month in ("2025-09", "2025-10"):
        session.set_month(month)
        for line in shown(page, qtbot).asking:
            page.explain_line(line)
            shown(page, qtbot)
        desk = shown(page, qtbot)
        assert desk.can_close, desk.why_not
        page.close_the_month()
        idle(qtbot, session)
        assert shown(page, qtbot).is_closed, prompts.errors
    page.reopen()
    assert shown(page, qtbot).state == "重新打开"


def test_a_paper_shows_the_people_behind_its_numbers_and_is_exported(
    window: MainWindow, session: Session, qtbot: QtBot, prompts: FakePrompts, tmp_path: Path
) -> None:
    window.open_page("reports", {"report": "progress", "figure": "S1"})
    page = window.page()
    assert isinstance(page, ReportsPage)
    idle(qtbot, session)
    assert page.pdf is not None
    assert page.pdf.spots
    assert len(page.drawer.people) == 8
    prompts.save_as = tmp_path / "进展情况表.xlsx"
    page.export()
    idle(qtbot, session)
    assert prompts.save_as.stat().st_size > 3000
    assert "导出技能脱贫行动进展情况表" in session.ledger_file.history(limit=1)[0].name


def test_a_setting_is_stored_when_its_field_is_left(window: MainWindow, session: Session) -> None:
    window.open_page("settings")
    page = window.page()
    assert isinstance(page, SettingsPage)
    page.school.fields["preparer"].setText("丁晓岚")
    page.school.fields["preparer"].editingFinished.emit()
    with session.ledger_file.reading() as reading:
        assert reading.settings.preparer == "丁晓岚"
    window.undo(0)
    assert page.school.fields["preparer"].text() == ""


@pytest.mark.parametrize("size", [(1440, 900), (1366, 768), (960, 560)])
@pytest.mark.parametrize("name", ["desk", "pending", "monitoring", "reports", "import", "settings"])
def test_no_label_or_button_is_cut(
    window: MainWindow, session: Session, qtbot: QtBot, name: str, size: tuple[int, int]
) -> None:
    window.resize(*size)
    window.open_page(name)
    page = window.page()
    assert page is not None
    if isinstance(page, DeskPage):
        shown(page, qtbot)
    idle(qtbot, session)
    qtbot.wait(20)
    labels = [
        one for one in page.findChildren(QLabel) if not one.wordWrap() and not isinstance(one, ElidedLabel)
    ]
    parts: list[QLabel | QPushButton] = [*labels, *page.findChildren(QPushButton)]
    cut = [
        part.text()
        for part in parts
        if part.isVisible() and part.text() and part.sizeHint().width() > part.width() + 1
    ]
    assert not cut


def test_pages_are_painted_in_dark(
    window: MainWindow, session: Session, qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply(qapp, "dark")
    for name in ("desk", "monitoring", "reports", "settings"):
        window.open_page(name)
        qtbot.waitUntil(session.tasks.is_at_rest, timeout=WAIT_MS)
        image = window.grab().toImage()
        assert image.pixelColor(image.width() // 2, 120).lightness() < 80
    theme.apply(qapp, "light")


def test_an_empty_ledger_says_what_to_do_first(ledger_file: LedgerFile, qtbot: QtBot) -> None:
    from skillsaid_desktop.ui.changes import ChangeSignal
    from skillsaid_desktop.ui.tasks import Tasks

    session = Session(
        ledger_file, prompts=FakePrompts(), tasks=Tasks(), changes=ChangeSignal(ledger_file), month="2025-11"
    )
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.show()
    window.open_page("monitoring")
    page = window.page()
    assert isinstance(page, MonitoringPage)
    assert "没有要看的学生" in page.empty.title()
    desk = open_desk(window, qtbot)
    assert any("还没有学生" in label.text() for label in desk.findChildren(QLabel))
    session.tasks.close()
    session.changes.close()


def test_an_empty_page_that_speaks_twice_shows_only_the_last_buttons(qtbot: QtBot) -> None:
    empty = EmptyPage("还没有记录", "", (Button("新增"),))
    qtbot.addWidget(empty)
    empty.show()
    empty.say("还没有登记困难户", "", (Button("导入名单"), Button("新增户")))
    QApplication.processEvents()  # shows the new ones; the old ones are not deleted before the loop comes round
    shown = [each.text() for each in empty.findChildren(QPushButton) if not each.isHidden()]
    assert shown == ["导入名单", "新增户"]
