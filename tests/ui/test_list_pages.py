"""待办, 一对一帮扶, 待处理, 每月监测, 批量归入 used like a spreadsheet: sorted, narrowed, kept as views, taken out as seen."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from skillsaid_desktop.domain.entities import HelpMeasure, MonitoringNote, ReportingMonth
from skillsaid_desktop.services.monitoring import write_note
from skillsaid_desktop.services.pairings import pairings_on
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui.dialogs.pair_dialogs import EndDialog, PairDialog
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.models.monitoring_model import AT, NAME_AT
from skillsaid_desktop.ui.pages import list_output
from skillsaid_desktop.ui.pages.file_sorting_page import FileSortingPage
from skillsaid_desktop.ui.pages.follow_ups_page import FollowUpsPage
from skillsaid_desktop.ui.pages.monitoring_page import MonitoringPage
from skillsaid_desktop.ui.pages.pairings_page import PairingsPage
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column
from skillsaid_desktop.ui.widgets.row_order import Arrangement
from skillsaid_desktop.ui.widgets.row_table import RowTable
from tests.factories import make_pairing
from tests.ui.prompts import FakePrompts


@pytest.fixture
def to_do(school: LedgerFile, window: MainWindow) -> FollowUpsPage:
    """Three measures are past their date, in two classes."""
    with school.operation("监测") as uow:
        for name, due in (
            ("吴宇佳", date(2025, 10, 30)), ("邹斌", date(2025, 11, 10)), ("谢亮", date(2025, 11, 2)),
        ):  # fmt: skip
            note = MonitoringNote(
                student_id=uow.scalar("SELECT id FROM student WHERE name = ?", (name,)), month="2025-10",
                noted_on=date(2025, 10, 8), noted_by="陈老师", difficulty="较重",
            )  # fmt: skip
            uow.add(note)
            uow.flush()
            uow.add(HelpMeasure(note_id=note.id, measure="联系补课", responsible="万小琴", due_on=due))
    window.open_page("follow_ups", {"responsible": "万小琴"})
    page = window.page()
    assert isinstance(page, FollowUpsPage)
    return page


def students(page: FollowUpsPage) -> list[str]:
    return [page.shown[at].who for at in page.table.shown_rows()]


def test_a_day_s_work_is_found_sorted_and_worked_off_as_it_is_seen(
    to_do: FollowUpsPage, window: MainWindow, qtbot: QtBot
) -> None:
    assert students(to_do) == ["吴宇佳", "谢亮", "邹斌"]
    to_do.table.sort_by((("学生", True),))
    assert students(to_do) == ["邹斌", "谢亮", "吴宇佳"]
    to_do.table.choose(2)
    to_do.next_problem(1)
    assert to_do.shown[to_do.table.current_row()].who == "谢亮"
    to_do.find_here()
    qtbot.keyClicks(to_do.bar.search, "zb")
    qtbot.waitUntil(lambda: students(to_do) == ["邹斌"], timeout=5000)
    assert to_do.status()[0] == "1 件（全部 3 件）"
    qtbot.keyClick(to_do.bar.search, Qt.Key.Key_Return)
    qtbot.keyClick(to_do.table, Qt.Key.Key_Return)
    grid = window.page()
    assert isinstance(grid, MonitoringPage)
    assert grid.grid is not None
    assert grid.grid.rows[grid.table.current_row()].name == "邹斌"


def test_a_view_of_a_list_is_kept_in_the_ledger_and_comes_back(
    to_do: FollowUpsPage, prompts: FakePrompts, school: LedgerFile
) -> None:
    to_do.table.arrange(Arrangement(filters={"班级": frozenset({"机电2301"})}, sort=(("期限", True),)))
    to_do.table.set_hidden({"还剩"})
    prompts.text = "我的班级"
    to_do.bar.views.keep()
    assert prompts.offered == "万小琴 机电2301"
    assert to_do.bar.views.text().endswith("我的班级")
    to_do.table.set_hidden(())
    to_do.table.clear_filters()
    to_do.table.sort_by(())
    assert len(students(to_do)) == 3
    assert to_do.bar.views.text() == "视图"
    to_do.bar.reload()
    menu = to_do.bar.views.menu_of_views()
    menu.actions()[0].trigger()
    assert students(to_do) == ["邹斌", "吴宇佳"]
    assert to_do.table.isColumnHidden(to_do.table.column_of("还剩"))
    assert to_do.bar.chips["班级"].text() == "班级　机电2301"
    to_do.bar.views.remove("我的班级")
    assert to_do.bar.views.menu_of_views().actions()[0].text() != "我的班级"
    school.undo()
    to_do.reload()
    assert to_do.bar.views.menu_of_views().actions()[0].text() == "我的班级"


def test_a_view_narrows_by_a_column_that_has_no_room_too(
    to_do: FollowUpsPage, window: MainWindow, prompts: FakePrompts
) -> None:
    to_do.open_with({})
    to_do.table.arrange(Arrangement(filters={"责任人": frozenset({"万小琴"})}))
    wanted = students(to_do)
    prompts.text = "她的"
    to_do.bar.views.keep()
    to_do.table.clear_filters()
    assert len(students(to_do)) > len(wanted)
    to_do.set_room(1000, 700)
    to_do.reload()
    view = next(act for act in to_do.bar.views.menu_of_views().actions() if act.text() == "她的")
    view.trigger()
    assert students(to_do) == wanted


def test_what_is_seen_is_what_goes_out_and_is_written_down(
    to_do: FollowUpsPage, session: Session, prompts: FakePrompts, qtbot: QtBot, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    to_do.table.arrange(Arrangement(filters={"班级": frozenset({"机电2301"})}, sort=(("期限", True),)))
    to_do.table.set_hidden({"还剩"})
    prompts.save_as = tmp_path / "待办.xlsx"
    to_do.export()
    qtbot.waitUntil(lambda: session.tasks.is_at_rest() and prompts.save_as.exists(), timeout=20_000)  # type: ignore[union-attr]
    sheet = openpyxl.load_workbook(prompts.save_as).active
    assert sheet is not None
    rows = [[cell for cell in row if cell] for row in sheet.iter_rows(values_only=True)]
    assert ["期限", "学生", "班级", "什么事"] in rows
    assert [row[1] for row in rows if row and str(row[0]).startswith("2025-1")] == ["邹斌", "吴宇佳"]
    assert any("班级：机电2301" in str(cell) for row in rows for cell in row)
    assert session.ledger_file.history(limit=1)[0].name.startswith("导出万小琴的待办（校内版） 2 人")
    printed: list[str] = []

    def take(_parent: object, _content: bytes, title: str) -> bool:
        printed.append(title)
        return True

    monkeypatch.setattr("skillsaid_desktop.ui.printing.print_pdf", take)
    to_do.print_out()
    assert printed == ["万小琴的待办"]
    assert session.ledger_file.history(limit=1)[0].name.startswith("打印万小琴的待办")
    to_do.kinds.choose("measure")
    to_do.print_out()
    assert printed[-1] == "万小琴的待办（措施到期）", "the paper says what was left out of it"
    assert list_output.list_document(session, to_do.table, "待办", "件").people == 2


def test_as_many_are_told_as_were_exported(
    to_do: FollowUpsPage,
    window: MainWindow,
    session: Session,
    prompts: FakePrompts,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    prompts.save_as = tmp_path / "待办.xlsx"
    to_do.export()
    to_do.table.arrange(Arrangement(filters={"班级": frozenset({"电商2301"})}))  # while it is being written
    qtbot.waitUntil(lambda: "已导出" in window.toast.text(), timeout=20_000)
    assert window.toast.text().startswith("已导出 3 件")


def test_a_number_of_somebody_goes_out_masked_and_whole(session: Session, qtbot: QtBot) -> None:
    table = RowTable((Column(title="电话", right=True), Column(title="尾号", right=True)))
    qtbot.addWidget(table)
    table.set_rows([(Cell("15879760000"), Cell("0952"))])
    (paper,) = list_output.list_document(session, table, "名单", "人").tables
    assert [row.values for row in paper.rows] == [("158****0000", "0952")]


def test_who_is_in_two_hands_is_one_person(session: Session, qtbot: QtBot) -> None:
    table = RowTable((Column(title="学生", is_name=True), Column(title="责任人", is_name=True)))
    qtbot.addWidget(table)
    table.set_rows(
        [(Cell("邹斌"), Cell("万小琴")), (Cell("邹斌"), Cell("查文彬")), (Cell("谢亮"), Cell("查文彬"))]
    )
    assert list_output.list_document(session, table, "待办", "件").people == 2


def ids(session: Session) -> dict[str, int]:
    with session.ledger_file.reading() as reading:
        return {name: one for one, name in reading.rows("SELECT id, name FROM student")}


@pytest.fixture
def pairings(session: Session, window: MainWindow) -> PairingsPage:
    people = ids(session)
    with session.ledger_file.operation("结对") as uow:
        for at, name in enumerate(("吴宇佳", "邹斌", "王英雪")):
            make_pairing(uow, people[name], "查文彬", date(2025, 9, 10 - at))
    window.open_page("pairings")
    page = window.page()
    assert isinstance(page, PairingsPage)
    return page


def test_counts_go_out_as_numbers_that_a_sheet_can_add_up(
    pairings: PairingsPage, session: Session, prompts: FakePrompts, qtbot: QtBot, tmp_path: Path
) -> None:
    prompts.save_as = tmp_path / "结对.xlsx"
    pairings.export()
    qtbot.waitUntil(lambda: session.tasks.is_at_rest() and prompts.save_as.exists(), timeout=20_000)  # type: ignore[union-attr]
    sheet = openpyxl.load_workbook(prompts.save_as).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    head = next(row for row in rows if "联系" in row)
    body = rows[rows.index(head) + 1 :][:3]
    assert [row[head.index("联系")] for row in body] == [0, 0, 0]
    assert {row[head.index("班级")] for row in body} == {"机电2301"}


def test_several_pairings_are_ended_together(
    pairings: PairingsPage, session: Session, prompts: FakePrompts
) -> None:
    pairings.table.sort_by((("学生", False),))
    assert [pairings.shown[at].student for at in pairings.table.shown_rows()] == ["王英雪", "吴宇佳", "邹斌"]
    pairings.table.choose_some({pairings.table.shown_rows()[0], pairings.table.shown_rows()[2]})
    assert pairings.status()[1].startswith("已选 2 对")

    def drive(dialog: QDialog) -> None:
        assert isinstance(dialog, EndDialog)
        assert [each.student for each in dialog.pairings] == ["王英雪", "邹斌"]
        dialog.reason.set_text("调班")
        dialog.act.click()

    prompts.drive = drive
    pairings.acts.end()
    with session.ledger_file.reading() as reading:
        left = pairings_on(reading, date(2025, 12, 1)).pairings
    assert [each.student for each in left] == ["吴宇佳"]


def test_whom_nobody_helps_is_narrowed_and_those_in_sight_are_paired(
    pairings: PairingsPage, prompts: FakePrompts
) -> None:
    pairings.show_unpaired()
    pane = pairings.unpaired
    everybody = {each.student for each in pane.students}
    pane.table.arrange(Arrangement(filters={"户籍县": frozenset({"于都县"})}))
    in_sight = {pane.students[row].student for row in pane.table.shown_rows()}
    assert in_sight
    assert in_sight < everybody
    pane.turn_all()
    assert pane.all_button.text() == "全不选"
    assert {each.student for each in pane.chosen()} == in_sight
    seen: list[int] = []

    def drive(dialog: QDialog) -> None:
        assert isinstance(dialog, PairDialog)
        seen.append(len(dialog.students))
        dialog.reject()

    prompts.drive = drive
    pairings.acts.pair()
    assert seen == [len(in_sight)]
    pane.turn_all()
    pane.table.clear_filters()
    assert {pane.students[row].student for row in pane.table.shown_rows()} == everybody


def test_several_who_are_chosen_are_ticked_and_unticked_with_one_key(
    pairings: PairingsPage, qtbot: QtBot
) -> None:
    pairings.show_unpaired()
    pane = pairings.unpaired
    pane.table.choose_some(pane.table.shown_rows()[:3])
    wanted = {pane.students[row].student for row in pane.table.chosen_rows()}
    qtbot.keyClick(pane.table, Qt.Key.Key_Space)
    assert {each.student for each in pane.chosen()} == wanted
    assert pane.pair_button.text() == "结对 3 人…"
    qtbot.keyClick(pane.table, Qt.Key.Key_Space)
    assert pane.pair_button.text() == "结对…", "they are still chosen"


@pytest.fixture
def grid(school: LedgerFile, window: MainWindow) -> MonitoringPage:
    with school.reading() as reading:
        people = dict(tuple(row) for row in reading.rows("SELECT name, id FROM student"))
    for name, level in (("吴宇佳", "一般"), ("邹斌", "紧急"), ("王英雪", "较重")):
        write_note(school, people[name], "2025-11", {"difficulty": level, "study": "看过"})
    window.open_page("monitoring")
    page = window.page()
    assert isinstance(page, MonitoringPage)
    return page


def in_grid(page: MonitoringPage) -> list[str]:
    assert page.grid is not None
    return [row.name for row in page.grid.rows]


def test_a_sorted_class_stands_still_while_it_is_typed_into(grid: MonitoringPage, qtbot: QtBot) -> None:
    before = in_grid(grid)
    grid.table.sort_by((("困难等级", True), ("姓名", False)))
    assert in_grid(grid)[:3] == [
        "邹斌",
        "王英雪",
        "吴宇佳",
    ]  # 紧急, 较重, 一般; who was not looked at stands last
    order = in_grid(grid)
    grid.table.setFocus()
    grid.table.go_to(0, NAME_AT)
    qtbot.keyClick(grid.table, Qt.Key.Key_0)
    assert grid.grid is not None
    assert grid.grid.rows[0].note is not None
    assert grid.grid.rows[0].note["difficulty"] == "无"
    assert in_grid(grid) == order
    grid.table.sort_by((("困难等级", True), ("姓名", False)))
    assert in_grid(grid)[:3] == ["王英雪", "吴宇佳", "邹斌"]
    grid.table.sort_by(())
    assert in_grid(grid) == before


def test_each_closed_month_is_given_a_reason_of_its_own(
    school: LedgerFile, window: MainWindow, session: Session, prompts: FakePrompts
) -> None:
    with school.operation("封账") as uow:
        uow.insert_many(
            ReportingMonth,
            [
                {"month": month, "state": "closed", "from_on": date(2025, at - 1, 26), "to_on": date(2025, at, 25),
                 "counted_to": date(2025, at, 25)}
                for month, at in (("2025-09", 9), ("2025-10", 10))
            ],
        )  # fmt: skip
    window.open_page("monitoring")
    page = window.page()
    assert isinstance(page, MonitoringPage)
    for month, reason in (("2025-09", "九月漏记"), ("2025-10", "十月漏记"), ("2025-09", "不会再问")):
        session.set_month(month)
        prompts.text = reason
        page.writing.set_level(0, "一般")
        page.writing.set_level(1, "一般")
    assert prompts.errors == []
    with school.reading() as reading:
        found = reading.rows("SELECT DISTINCT month, correction_reason FROM monitoring_note ORDER BY month")
    assert found == [("2025-09", "九月漏记"), ("2025-10", "十月漏记")]


def test_the_name_stays_in_sight_when_the_grid_is_scrolled_sideways(
    grid: MonitoringPage, window: MainWindow, qtbot: QtBot
) -> None:
    frozen = grid.table.frozen
    assert frozen is not None
    assert not frozen.isVisible()
    window.resize(880, 600)
    bar = grid.table.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0, timeout=5000)
    grid.table.setFocus()
    grid.table.go_to(1, AT["due_on"])
    assert bar.value() > 0
    assert frozen.isVisible()
    assert frozen.columnViewportPosition(NAME_AT) >= 0
    assert frozen.columnWidth(NAME_AT) == grid.table.columnWidth(NAME_AT)
    name = frozen.visualRect(grid.model.index(2, NAME_AT)).center()
    qtbot.mouseClick(frozen.viewport(), Qt.MouseButton.LeftButton, pos=name)
    assert grid.table.currentIndex().row() == 2
    assert grid.table.hasFocus()
    grid.table.go_to(2, AT["due_on"])
    for column in range(AT["due_on"], AT["attendance"] - 1, -1):
        grid.table.go_to(2, column)
        left = grid.table.visualRect(grid.table.currentIndex()).left()
        assert left >= (frozen.covered() if frozen.isVisible() else 0)


def test_files_are_sorted_by_their_size_whatever_unit_it_is_told_in(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    for name, size in (("曾诗身份证.pdf", 700_000), ("吴宇佳身份证.pdf", 2_000_000)):
        (tmp_path / name).write_bytes(b"%PDF-1.4\n" + bytes(size))
    window.open_page("file_sorting", {"paths": [tmp_path]})
    page = window.page()
    assert isinstance(page, FileSortingPage)
    qtbot.waitUntil(lambda: not session.tasks.is_busy() and bool(page.rows), timeout=20_000)
    page.table.sort_by((("大小", False),))
    assert [row[5].text[-2:] for row in page.table.rows_model.rows if row[5].text] == ["KB", "MB"]


def test_a_student_of_two_leaders_is_one_student_under_all(pairings: PairingsPage, session: Session) -> None:
    with session.ledger_file.operation("结对") as uow:
        make_pairing(uow, ids(session)["邹斌"], "单国强", date(2025, 9, 20))
    pairings.reload()
    first = [cell.text for cell in pairings.leaders.rows_model.rows[0]]
    assert first[:2] == ["全部", "3"]
    assert pairings.status()[0] == "4 对"


def test_the_kind_in_sight_stays_after_an_act_and_is_kept_in_a_view(
    to_do: FollowUpsPage, prompts: FakePrompts, school: LedgerFile
) -> None:
    to_do.open_with({"kind": "measure"})
    measures = students(to_do)
    assert sorted(measures) == sorted(["吴宇佳", "邹斌", "谢亮"])
    prompts.text = "到期的"
    to_do.bar.views.keep()
    with school.operation("填结果") as uow:
        uow.execute("UPDATE help_measure SET result = '补上了' WHERE due_on = '2025-10-30'")
    assert to_do.kinds.key() == "measure", "it is still the same list"
    assert sorted(students(to_do)) == sorted(["邹斌", "谢亮"])
    to_do.kinds.choose("")
    assert len(students(to_do)) > 2
    view = next(act for act in to_do.bar.views.menu_of_views().actions() if act.text() == "到期的")
    view.trigger()
    assert to_do.kinds.key() == "measure"
    assert sorted(students(to_do)) == sorted(["邹斌", "谢亮"])
    assert "种类" not in to_do.table.titles()
