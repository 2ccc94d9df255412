"""名册比对 through the window: a roster brought in, judged with the keyboard, taken over, exported."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QMenu
from pytestqt.qtbot import QtBot

from skillsaid_desktop.domain.entities import ReportingMonth
from skillsaid_desktop.ledgers import HOUSEHOLDS, listing
from skillsaid_desktop.ledgers.comparison import Outcome
from skillsaid_desktop.services.intake import apply_import, preview_import
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.compare_page import ComparePage
from skillsaid_desktop.ui.pages.compare_review import ReviewPane
from skillsaid_desktop.ui.pages.compare_taking import TakingOverDialog
from skillsaid_desktop.ui.pages.households_page import HouseholdsPage
from skillsaid_desktop.ui.pages.reports_page import ReportsPage
from skillsaid_desktop.ui.pages.roster_import_page import RosterImportPage
from skillsaid_desktop.ui.widgets.row_order import Arrangement
from tests.factories import document_number
from tests.ui.prompts import FakePrompts
from tests.ui.sight import cut_off

HEADINGS = ("县", "户编号", "户主姓名", "姓名", "证件号码", "与户主关系", "户类型", "识别时间")


def slipped(number: str, at: int = 16) -> str:
    return number[:at] + str((int(number[at]) + 2) % 10) + number[at + 1 :]


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """曾诗 and 吴宇佳 mistyped, 邹斌 as registered, 王英雪 under another character, 王鑫 not registered at school."""
    path = tmp_path / "于都县脱贫户名册 2025-10-31.xlsx"
    people = (
        ("曾诗", slipped(document_number(1)), "脱贫户"), ("吴宇佳", slipped(document_number(2)), "脱贫户"),
        ("邹斌", document_number(3), "脱贫户"), ("王映雪", document_number(5), "脱贫户"),
        ("曾诗", slipped(document_number(1), 12), "脱贫户"), ("王鑫", document_number(10), "脱贫户"),
    )  # fmt: skip
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("名册")
        sheet.write_row(0, 0, HEADINGS)
        for at, (name, number, category) in enumerate(people, 1):
            head = "曾长生" if name == "曾诗" else f"户主{'甲乙丙丁戊己'[at - 1]}"
            sheet.write_row(
                at, 0, ("于都县", f"36073100{at:02}", head, name, number, "之子", category, "2018-12")
            )
    return path


def page_of(window: MainWindow, name: str) -> ComparePage:
    window.session.navigate(name)
    page = window.page()
    assert isinstance(page, ComparePage)
    return page


@pytest.fixture
def compare(window: MainWindow, qtbot: QtBot, roster: Path, prompts: FakePrompts) -> ComparePage:
    """The page after the roster was imported through its own wizard."""
    page_of(window, "compare")
    window.session.navigate("roster_import")
    wizard = window.page()
    assert isinstance(wizard, RosterImportPage)
    prompts.files = [roster]
    wizard.main_act()  # choose
    wizard.main_act()  # look
    qtbot.waitUntil(lambda: wizard.result is not None, timeout=20_000)
    assert wizard.office.text() == "于都县"
    assert wizard.as_of.text() == "2025-10-31"
    assert wizard.main_button.text() == "导入名册 6 人"
    assert wizard.tabs["students"].count == 4
    for name, tab in wizard.tabs.items():
        wizard.show_group(name)
        assert wizard.export_button.isHidden() is (tab.count == 0), "no button without rows to write"
    with window.session.ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM roster") == 0, "a preview keeps nothing"
    wizard.main_act()
    qtbot.waitUntil(lambda: isinstance(window.page(), ComparePage), timeout=20_000)
    page = window.page()
    assert isinstance(page, ComparePage)
    return page


def texts(pane: ReviewPane) -> str:
    """Return what can be read, after what was put there has been laid out."""
    QCoreApplication.processEvents()
    return "\n".join(label.text() for label in pane.findChildren(QLabel) if label.isVisible())


def test_an_empty_page_says_what_to_do_first(window: MainWindow) -> None:
    page = page_of(window, "compare")
    assert page.empty.title() == "还没有名册可比"


def test_tabs_count_and_the_first_one_to_judge_is_in_sight(compare: ComparePage) -> None:
    counts = {outcome: tab.count for outcome, tab in compare.tabs.items() if outcome}
    assert counts[Outcome.PROBABLE] == 2
    assert counts[Outcome.DIFFERS] == 1
    assert counts[Outcome.ONLY_IN_POVERTY] == 1
    assert compare.review.name.text().startswith(("曾诗", "吴宇佳"))
    assert "校验位不对" in texts(compare.review)
    assert document_number(1) not in texts(compare.review), "masked until shown"
    assert not any(button.property("kind") == "main" for button in compare.review.buttons), "no push"


def test_numbers_are_shown_for_one_pair_and_that_is_written_down(
    compare: ComparePage, school: LedgerFile
) -> None:
    compare.review.toggle_numbers()
    assert "<u>" in texts(compare.review), "the place that differs is underlined"
    assert school.history(limit=1)[0].name.startswith("显示证件号 ")
    compare.people.step(1)
    assert "<u>" not in texts(compare.review)


def test_judging_by_key_goes_on_to_the_next_and_undo_brings_it_back(
    compare: ComparePage, qtbot: QtBot, school: LedgerFile
) -> None:
    first = compare.review.name.text()
    qtbot.keyClick(compare.people, Qt.Key.Key_2)
    assert compare.review.name.text() != first
    assert compare.tabs[Outcome.PROBABLE].count == 1
    assert school.undoable(1)[0].name.startswith(f"判定 {first.partition('（')[0]} 不是同一人")
    qtbot.keyClick(compare.people, Qt.Key.Key_3)
    assert compare.tabs[Outcome.PROBABLE].count == 1, "left for later stays"
    school.undo()
    school.undo()
    qtbot.waitUntil(lambda: compare.tabs[Outcome.PROBABLE].count == 2, timeout=5_000)


def test_one_person_registers_what_the_roster_says(
    compare: ComparePage, qtbot: QtBot, school: LedgerFile
) -> None:
    names = [line for line in compare.people.people() if isinstance(line, tuple)]
    assert names
    while not compare.review.name.text().startswith("曾诗"):
        compare.people.step(1)
    assert "登记脱贫户" in compare.review.consequence.text()
    qtbot.keyClick(compare.people, Qt.Key.Key_1)
    with school.reading() as reading:
        assert reading.rows(
            "SELECT h.category, h.from_on FROM hardship_status h JOIN student s ON s.id = h.student_id"
            " WHERE s.name = '曾诗'"
        ) == [("脱贫户", "2018-12-01")]


def test_several_candidates_stand_as_tabs(compare: ComparePage) -> None:
    while not compare.review.name.text().startswith("曾诗"):
        compare.people.step(1)
    buttons = compare.review._tab_group.buttons()
    assert len(buttons) == 2
    buttons[1].click()
    assert "第 13 位不同" in texts(compare.review)


def test_whom_the_school_has_not_registered_is_taken_over_at_once(
    compare: ComparePage, school: LedgerFile, qtbot: QtBot
) -> None:
    compare.open_tab(Outcome.ONLY_IN_POVERTY)
    assert compare.take_all_button.text() == "按名册登记 1 人"
    compare.main_act()
    assert school.undoable(1)[0].name == "按名册登记 1 人的身份类别，新建 1 户，家庭成员 2 人"
    assert compare.tabs[Outcome.ONLY_IN_POVERTY].count == 0


def test_the_household_that_is_typed_otherwise_is_shown_beside_the_roster(
    compare: ComparePage, school: LedgerFile, prompts: FakePrompts
) -> None:
    """王鑫's household stands in the ledger under another head; keep one fact, take the other, then undo."""
    with school.operation("新增户") as uow:
        facts = {
            "head_name": "户主己",
            "number": "3607310006",
            "county": "兴国县",
            "category": "脱贫不稳定户",
        }
        listing.write(uow, HOUSEHOLDS, facts, None, listing.form_context(as_of=date(2025, 10, 31)))
    compare.reload()
    compare.open_tab(Outcome.ONLY_IN_POVERTY)
    seen: list[tuple[str, ...]] = []

    def take_the_county(dialog: TakingOverDialog) -> None:
        seen.extend(tuple(cell.text for cell in row) for row in dialog.table.rows_model.rows)
        at = next(at for at, each in enumerate(dialog.conflicts) if each.title == "县")
        dialog.table.arrange(Arrangement(filters={"哪一项": frozenset({"县"})}))
        dialog.take_all()
        assert dialog.taken == {dialog.conflicts[at].key}, "what is out of sight stays as it is"
        dialog.keep_all()
        dialog.toggle(at)
        assert "登记 1 人的身份类别，补充 1 户" in dialog.sentence.text()
        dialog.accept()

    prompts.drive = take_the_county
    compare.main_act()
    assert ("", "户主户主己（兴国县）", "县", "兴国县", "于都县") in seen
    assert ("", "户主户主己（兴国县）", "身份类别", "脱贫不稳定户", "脱贫户") in seen
    with school.reading() as reading:
        assert reading.rows("SELECT county, category FROM household") == [("于都县", "脱贫不稳定户")]
        assert reading.scalar("SELECT count(*) FROM household_member WHERE name = '王鑫'") == 1
    school.undo()
    with school.reading() as reading:
        assert reading.rows("SELECT county, category FROM household") == [("兴国县", "脱贫不稳定户")]
        assert not reading.scalar("SELECT count(*) FROM hardship_status h JOIN student s ON s.id = h.student_id"
                                  " WHERE s.name = '王鑫'")  # fmt: skip


def test_a_closed_month_asks_for_its_reason_and_then_registers(
    compare: ComparePage, school: LedgerFile, prompts: FakePrompts
) -> None:
    """王鑫's household is there already: nothing but the category, which begins in a closed month, is to come."""
    compare.open_tab(Outcome.ONLY_IN_POVERTY)
    compare.main_act()
    with school.operation("删身份类别") as uow:
        uow.execute("DELETE FROM hardship_status WHERE evidence LIKE '于都县%'")
    with school.operation("封账") as uow:
        days = {"from_on": date(2025, 9, 26), "to_on": date(2025, 10, 25)}
        uow.insert_many(ReportingMonth, [{"month": "2025-10", "state": "closed", **days}])
    compare.open_tab(Outcome.ONLY_IN_POVERTY)
    prompts.text = "名册补登"
    compare.main_act()
    assert "会动到已封账的月份" in prompts.asked
    with school.reading() as reading:
        assert (
            reading.scalar("SELECT correction_reason FROM hardship_status WHERE evidence LIKE '于都县%'")
            == "名册补登"
        )
    assert school.undoable(1)[0].name == "按名册登记 1 人的身份类别"


def test_giving_up_writes_nothing(compare: ComparePage, school: LedgerFile, prompts: FakePrompts) -> None:
    prompts.answer = False
    compare.open_tab(Outcome.ONLY_IN_POVERTY)
    before = school.undoable(1)[0].name
    compare.main_act()
    assert prompts.asked[-1] == "按名册登记 1 人"
    assert school.undoable(1)[0].name == before


def test_registered_students_get_their_households_too(
    compare: ComparePage, window: MainWindow, school: LedgerFile, prompts: FakePrompts
) -> None:
    compare.households_button.click()
    assert prompts.asked[-1] == "按名册建户"
    assert school.undoable(1)[0].name.startswith("按名册新建 ")
    window.session.navigate("households")
    page = window.page()
    assert isinstance(page, HouseholdsPage)
    assert len(page.model.ids) >= 1
    asked = len(prompts.asked)
    window.session.navigate("compare")
    compare.households_button.click()
    assert len(prompts.asked) == asked, "nothing more to make: said so, not asked"


def test_the_list_of_differences_opens_as_a_report(compare: ComparePage, window: MainWindow) -> None:
    compare.export()
    page = window.page()
    assert page is not None
    assert page.title == "报表"


def test_a_narrow_window_puts_the_records_below(
    compare: ComparePage, window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(900, 560)
    qtbot.waitUntil(lambda: compare.splitter.orientation() == Qt.Orientation.Vertical, timeout=5_000)
    assert compare.review.height() > compare.people.height()


@pytest.mark.parametrize(("width", "height"), [(880, 520), (960, 540), (1100, 540)])
def test_nothing_is_cut_off_in_a_small_window(
    compare: ComparePage, window: MainWindow, qtbot: QtBot, width: int, height: int
) -> None:
    window.resize(width, height)
    qtbot.waitUntil(lambda: not compare.pick.isHidden(), timeout=5_000)
    for at in range(compare.pick.count()):
        compare.pick.setCurrentIndex(at)
        compare.pick.activated.emit(at)
        qtbot.waitUntil(lambda: cut_off(window) == [], timeout=3_000)
    assert compare.kind.kind == "school"
    compare.more_button.click()
    menu = window.findChildren(QMenu)[-1]
    assert [act.text() for act in menu.actions()] == ["导入学籍名册"]
    menu.close()


def test_the_rows_in_sight_of_a_roster_go_out_and_no_others(
    window: MainWindow, qtbot: QtBot, roster: Path, prompts: FakePrompts, tmp_path: Path
) -> None:
    window.session.navigate("roster_import", {"files": [str(roster)]})
    wizard = window.page()
    assert isinstance(wizard, RosterImportPage)
    qtbot.waitUntil(lambda: wizard.result is not None, timeout=20_000)
    wizard.show_group("students")
    place = wizard.table.rows_model.rows[0][1].text
    wizard.table.arrange(Arrangement(filters={"位置": frozenset({place})}))
    in_sight = wizard.table.row_count()
    assert 0 < in_sight < len(wizard.table.rows)
    prompts.save_as = tmp_path / "问题.xlsx"
    wizard.export()
    sheet = openpyxl.load_workbook(prompts.save_as).active
    assert sheet is not None
    written = [row for row in sheet.iter_rows(values_only=True) if str(row[0]).startswith(roster.stem)]
    assert len(written) == in_sight
    wizard.show_group("rest")
    wizard.show_group("students")
    assert wizard.table.row_count() == len(wizard.table.rows)


def test_an_empty_file_is_refused_on_the_page(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "空.xlsx"
    path.write_bytes(b"")
    window.session.navigate("roster_import", {"files": [str(path)]})
    wizard = window.page()
    assert isinstance(wizard, RosterImportPage)
    qtbot.waitUntil(wizard.strip.isVisible, timeout=20_000)
    assert wizard.result is None


def test_a_training_register_is_compared_judged_and_listed_in_the_window(
    compare: ComparePage,
    window: MainWindow,
    qtbot: QtBot,
    prompts: FakePrompts,
    school: LedgerFile,
    tmp_path: Path,
) -> None:
    path = tmp_path / "培训实名制 2025-11-30.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("学员")
        sheet.write_row(0, 0, ("姓名", "身份证号", "人员类别", "培训机构", "培训工种"))
        sheet.write_row(1, 0, ("邹斌", document_number(3), "脱贫劳动力", "于都培训学校", "焊工"))
        sheet.write_row(2, 0, ("曾诗", slipped(document_number(1)), "脱贫劳动力", "于都培训学校", "电工"))
    compare.switch.buttons["training"].click()
    assert compare.empty.title() == "还没有名册可比"
    assert compare.households_button.isHidden()
    compare.import_file()
    wizard = window.page()
    assert isinstance(wizard, RosterImportPage)
    assert wizard.kind.currentText() == "培训实名制名册"
    prompts.files = [path]
    wizard.main_act()
    wizard.main_act()
    qtbot.waitUntil(lambda: wizard.result is not None, timeout=20_000)
    wizard.main_act()
    qtbot.waitUntil(lambda: isinstance(window.page(), ComparePage), timeout=20_000)
    assert compare.kind.kind == "training", "back where one came from"
    assert {tab.count for outcome, tab in compare.tabs.items() if outcome is Outcome.SAME} == {1}
    assert compare.tabs[Outcome.PROBABLE].count == 1
    assert Outcome.ONLY_IN_POVERTY not in compare.tabs
    before = school.undoable(1)[0].name
    qtbot.keyClick(compare.people, Qt.Key.Key_1)
    assert school.undoable(1)[0].name == "判定 曾诗 是同一人" != before
    with school.reading() as reading:
        assert not reading.scalar("SELECT count(*) FROM household"), "a training list makes no household"
    compare.open_tab(Outcome.SAME)
    assert "工，于都培训学校" in texts(compare.review)
    compare.export()
    reports = window.page()
    assert isinstance(reports, ReportsPage)
    assert reports.params()["roster"] == "培训名册"
    window.session.navigate("compare", {"kind": "poverty"})
    assert compare.tabs[Outcome.ONLY_IN_POVERTY].count == 1


def test_the_school_register_is_looked_at_in_the_window(
    compare: ComparePage, window: MainWindow, school: LedgerFile, tmp_path: Path
) -> None:
    path = tmp_path / "学籍 2025-11-20.xlsx"
    with school.reading() as reading:
        people = reading.rows("SELECT s.name, s.document_number, sp.class_name, sp.major, sp.level, sp.state FROM student s"
                              " JOIN student_span sp ON sp.student_id = s.id AND sp.to_on = '9999-12-31'"
                              " WHERE sp.is_enrolled ORDER BY s.id")  # fmt: skip
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("学籍")
        sheet.write_row(0, 0, ("姓名", "证件号码", "班级", "专业", "培养层次", "学籍状态", "入学日期"))
        for row, person in enumerate(people[1:], 1):
            sheet.write_row(row, 0, (*person, "2024-09-01"))
        sheet.write_row(
            len(people), 0, ("钱多多", "36073120080315", "护理2401", "护理", "中级工", "在读", "2024-09-01")
        )
    apply_import(school, preview_import(school, "students", [path]))
    compare.switch.buttons["school"].click()
    assert compare.tabs[Outcome.ONLY_IN_REGISTER].count == 1
    assert compare.tabs[Outcome.ONLY_IN_SCHOOL].count >= 1
    compare.open_tab(Outcome.ONLY_IN_REGISTER)
    assert "台账里没有这个人" in texts(compare.review)
    assert not compare.pending_button.isHidden()
    assert compare.open_button.isHidden()
    assert not any(button.isVisible() for button in compare.review.buttons), "nothing to judge"
    compare.pending_button.click()
    assert window.page().title == "待处理"  # type: ignore[union-attr]
    window.session.navigate("compare")
    compare.open_tab(Outcome.ONLY_IN_SCHOOL)
    assert "的学籍名册里没有这个学生" in texts(compare.review)
    compare.import_file()
    assert window.page().title.startswith("导入")  # type: ignore[union-attr]
