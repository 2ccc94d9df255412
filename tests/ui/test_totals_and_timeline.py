"""The totals under 班级, on screen and on paper; the timeline of a student with much in it."""

from datetime import date, timedelta
from pathlib import Path

from openpyxl import load_workbook
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skillsaid_desktop.domain.entities import MonitoringNote
from skillsaid_desktop.ledgers import CLASSES
from skillsaid_desktop.services.export import export_listing
from skillsaid_desktop.services.record_change import record_change
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.ledger_page import LedgerPage
from skillsaid_desktop.ui.pages.student_drawer import StudentDrawer
from skillsaid_desktop.ui.widgets.text import Label


def classes(window: MainWindow) -> LedgerPage:
    window.open_page("classes")
    page = window.page()
    assert isinstance(page, LedgerPage)
    return page


def totals(page: LedgerPage) -> dict[str, str]:
    return {page.ledger.fields[at].name: text for at, text in page.table.totals.texts().items()}


def test_the_classes_are_added_up_and_so_is_what_a_filter_leaves(
    window: MainWindow, school: LedgerFile
) -> None:
    page = classes(window)
    assert page.table.totals.isVisible()
    assert totals(page) == {"people": "12", "targets": "8"}
    page.filters.set_all({}, "电商")
    assert totals(page) == {"people": "4", "targets": "3"}
    page.filters.clear_all()
    with school.reading() as reading:
        one = reading.scalar("SELECT id FROM student WHERE name = '吴宇佳'")
    record_change(school, [one], "退学", date(2025, 11, 10))
    assert totals(page) == {"people": "11", "targets": "7"}


def test_a_ledger_without_sums_has_no_totals_row(window: MainWindow) -> None:
    window.open_page("students")
    page = window.page()
    assert isinstance(page, LedgerPage)
    assert not page.table.totals.isVisible()


def test_the_totals_go_out_with_the_list(window: MainWindow, school: LedgerFile, tmp_path: Path) -> None:
    page = classes(window)
    path = tmp_path / "班级.xlsx"
    columns = ("name", "major", "people", "targets")
    export_listing(school, CLASSES, page.model.query, path, columns=columns)
    rows = [list(row) for row in load_workbook(path).active.iter_rows(values_only=True)]  # type: ignore[union-attr]
    last = next(row for row in rows if "合计" in row)
    assert [each for each in last if each not in (None, "合计")] == [12, 8]


def words(drawer: StudentDrawer) -> list[str]:
    QApplication.processEvents()
    return [one.text() for one in drawer.timeline.findChildren(Label) if one.isVisible()]


def test_a_long_timeline_is_looked_at_by_kind(window: MainWindow, school: LedgerFile, qtbot: QtBot) -> None:
    with school.reading() as reading:
        one, other = (
            row[0] for row in reading.rows("SELECT id FROM student WHERE name IN ('曾诗', '吴宇佳')")
        )
    with school.operation("填监测") as uow:
        begun = date(2023, 9, 10)
        days = [begun + timedelta(days=20 * at) for at in range(31)]
        uow.insert_many(
            MonitoringNote,
            [
                {"student_id": one, "month": f"{day:%Y-%m}", "noted_on": day, "noted_by": "万小琴", "difficulty": "无"}
                for day in days
            ],
        )  # fmt: skip
    record_change(school, [one], "休学", date(2025, 10, 8))
    window.open_page("students")
    page = window.page()
    assert isinstance(page, LedgerPage)
    page.open_with({"student": one})
    drawer = page.drawer
    assert isinstance(drawer, StudentDrawer)
    drawer.show_tab(1)
    kinds = drawer.timeline.kinds
    assert not kinds.isHidden()
    assert kinds.key() == ""
    kinds.choose("note")
    assert sum(text.startswith("监测") for text in words(drawer)) == 31
    kinds.choose("change")
    assert not [text for text in words(drawer) if text.startswith("监测")]
    assert "休学" in words(drawer)
    page.open_with({"student": other})
    assert kinds.isHidden(), "a short one has nothing to choose"
    assert "入学" in words(drawer)
