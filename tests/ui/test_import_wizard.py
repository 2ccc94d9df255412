"""The import wizard through the real window: columns, days, people, single fields, those whom the file lacks, pasting."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from skillsaid_desktop.services.absentees import Absentee
from skillsaid_desktop.services.import_options import Prefer
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.import_gone import GonePane
from skillsaid_desktop.ui.pages.import_page import CHOOSE, ENDED, MAP, PEOPLE, PREVIEW, ImportPage
from skillsaid_desktop.ui.pages.import_rows import BEFORE
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.row_order import Arrangement
from tests.factories import document_number
from tests.ui.conftest import NAMES
from tests.ui.prompts import FakePrompts
from tests.ui.sight import cut_off

HEADS = ("姓名", "身份证号", "班级", "专业", "培养层次", "入学日期", "联系电话")
FAULTS = Path(__file__).parent.parent / "faults" / "files"
WAIT_MS = 20_000


def idle(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.tasks.is_busy(), timeout=WAIT_MS)
    QApplication.processEvents()


def rows_of_the_school() -> list[list[Any]]:
    return [
        [name, document_number(at + 1), "机电2301" if at < 8 else "电商2301", "机电一体化",
         "中级工" if at % 2 else "高级工", "2023-09-01", f"1587976{at:04}"]
        for at, name in enumerate(NAMES)
    ]  # fmt: skip


def save(path: Path, heads: tuple[str, ...], rows: list[list[Any]]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(heads)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def opened(window: MainWindow, session: Session, qtbot: QtBot, kind: str, *files: Path) -> ImportPage:
    window.open_page("import", {"kind": kind, "files": list(files)})
    page = window.page()
    assert isinstance(page, ImportPage)
    idle(qtbot, session)
    return page


def go_on(page: ImportPage, session: Session, qtbot: QtBot) -> None:
    page.main_act()
    idle(qtbot, session)


def test_an_unknown_column_is_asked_about_once_and_kept(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path, school: LedgerFile
) -> None:
    heads = (*HEADS, "家长微信")
    rows = [[*row, f"wx{at}"] for at, row in enumerate(rows_of_the_school())]
    page = opened(window, session, qtbot, "students", save(tmp_path / "名册 2025-11-20.xlsx", heads, rows))
    assert page.stack.currentIndex() == MAP
    assert "1 列不认识" in page.columns.strip.text()
    combo = page.columns.combos[7]
    assert combo.currentText() == "不读"
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Down)  # everything works from the keyboard
    assert combo.currentText() == "另存为额外的列"
    assert page.columns.strip.text() == "每一列都认出来了。"
    go_on(page, session, qtbot)
    assert page.stack.currentIndex() == PREVIEW
    assert page.pane.tabs["changed"].count == 12
    go_on(page, session, qtbot)
    assert page.stack.currentIndex() == ENDED

    rows[0][7] = "wx-new"
    page = opened(window, session, qtbot, "students", save(tmp_path / "名册 2025-11-21.xlsx", heads, rows))
    assert page.stack.currentIndex() == PREVIEW, "the layout is remembered"
    assert page.pane.tabs["changed"].count == 1
    page.steps.chosen.emit(MAP)
    assert page.stack.currentIndex() == MAP, "a step that is done can be opened"
    assert "上次" in page.columns.strip.text()
    window.open_page("students")
    with school.reading() as reading:
        student = reading.scalar("SELECT record_id FROM extra_fact WHERE value = 'wx0'")
    drawer = window.page().drawer  # type: ignore[union-attr]
    drawer.show_record(student)
    assert not drawer.extras.isHidden()


def test_which_of_two_columns_is_meant_is_chosen_by_drop_down(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    page = opened(window, session, qtbot, "students", FAULTS / "重复表头.xlsx")
    assert page.stack.currentIndex() == MAP
    assert "两列" in page.columns.strip.text()
    fathers_phone = next(
        at for at, combo in enumerate(page.columns.combos) if "D 列" in combo.accessibleName()
    )
    page.columns.choose(fathers_phone, "phone")
    taken = {combo.accessibleName()[:1]: combo.currentText() for combo in page.columns.combos}
    assert (taken["C"], taken["D"]) == ("不读", "联系电话"), "one column a field"
    go_on(page, session, qtbot)
    assert page.preview is not None
    assert page.preview.files[0].tables[0].columns["phone"] == "D"
    assert not [each for each in page.preview.issues if each.code == "heading twice"]


def test_days_of_two_readings_are_asked_in_this_step(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path, school: LedgerFile
) -> None:
    rows = [
        [NAMES[0], document_number(1), "休学", "03/11/2025"],
        [NAMES[1], document_number(2), "休学", "11-05"],
    ]
    path = save(tmp_path / "异动.xlsx", ("姓名", "身份证号", "异动类别", "异动日期"), rows)
    page = opened(window, session, qtbot, "changes", path)
    assert page.stack.currentIndex() == MAP
    assert "日期有 2 处要您定" in page.columns.strip.text()
    order, year = page.columns.day_combos.values()
    assert "03/11/2025 = 2025-11-03" in order.itemText(order.findData("dmy"))
    for combo, value in ((order, "dmy"), (year, "2025")):
        at = combo.findData(value)
        combo.setCurrentIndex(at)
        combo.activated.emit(at)
    go_on(page, session, qtbot)
    assert page.stack.currentIndex() == PREVIEW
    go_on(page, session, qtbot)
    with school.reading() as reading:
        days = reading.rows("SELECT changed_on FROM status_change WHERE kind = '休学' ORDER BY 1")
    assert days == [("2025-11-03",), ("2025-11-05",)]


def test_whom_a_row_means_is_chosen_before_the_preview(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path, school: LedgerFile
) -> None:
    twin = [NAMES[0], document_number(70), *rows_of_the_school()[0][2:6], ""]
    page = opened(window, session, qtbot, "students", save(tmp_path / "新.xlsx", HEADS, [twin]))
    go_on(page, session, qtbot)
    path = save(
        tmp_path / "异动.xlsx",
        ("姓名", "班级", "异动类别", "异动日期"),
        [[NAMES[0], "机电2301", "休学", "2025-11-05"]],
    )
    page = opened(window, session, qtbot, "changes", path)
    assert page.stack.currentIndex() == PEOPLE
    assert "有几个可能 1 行" in page.people.sum.text()
    combo = page.people.combos[0]
    words = [combo.itemText(at) for at in range(1, combo.count())]
    assert len(words) == 2
    assert all("********" in each and "机电2301" in each for each in words)
    with school.reading() as reading:
        wanted = reading.scalar("SELECT id FROM student WHERE document_number = ?", (document_number(70),))
    page.people.choose(0, wanted)
    go_on(page, session, qtbot)
    assert page.pane.tabs["new"].count == 1
    go_on(page, session, qtbot)
    with school.reading() as reading:
        assert reading.scalar("SELECT student_id FROM status_change WHERE kind = '休学'") == wanted


def test_a_single_field_is_left_as_the_ledger_has_it(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path, school: LedgerFile
) -> None:
    rows = rows_of_the_school()
    rows[0][6], rows[1][6] = "13900000000", "13900000001"
    rows[0][3] = "数控加工"
    told = [[*row, "汉族"] for row in rows]
    roster = save(tmp_path / "名册 2025-11-20.xlsx", (*HEADS, "民族"), told)
    page = opened(
        window,
        session,
        qtbot,
        "students",
        roster,
    )
    assert page.stack.currentIndex() == PREVIEW
    assert page.pane.tabs["changed"].count == 12
    page.pane.chips.choose("联系电话")
    assert page.pane.table.row_count() == 2
    page.pane.table.ticked.emit(0)
    assert page.pane.table.rows_model.rows[0][6].text == "不改，留台账的"
    assert "变动 12" in page.main_button.text(), "the rest of the row is still imported"
    go_on(page, session, qtbot)
    with school.reading() as reading:
        phones = reading.rows("SELECT phone FROM student WHERE name IN (?, ?) ORDER BY id", NAMES[:2])
        assert phones == [("15879760000",), ("13900000001",)]
        assert reading.scalar("SELECT count(*) FROM status_change WHERE kind = '转专业'") == 1


def test_rules_tick_all_lines_in_sight(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path, school: LedgerFile
) -> None:
    rows = [[*row[:6], "13900000000", "汉族"] for row in rows_of_the_school()]
    page = opened(
        window, session, qtbot, "students", save(tmp_path / "名册 2025-11-20.xlsx", (*HEADS, "民族"), rows)
    )
    page.pane.apply_rule(Prefer.BLANKS)
    go_on(page, session, qtbot)
    with school.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM student WHERE phone = '13900000000'") == 0
        assert reading.scalar("SELECT count(*) FROM student WHERE ethnicity = '汉族'") == 12


def test_a_rule_ticks_only_what_a_filter_leaves_in_sight(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path, school: LedgerFile
) -> None:
    rows = [[*row[:6], "13900000000", "汉族"] for row in rows_of_the_school()]
    page = opened(
        window, session, qtbot, "students", save(tmp_path / "名册 2025-11-20.xlsx", (*HEADS, "民族"), rows)
    )
    table = page.pane.table
    table.arrange(Arrangement(filters={"姓名": frozenset({NAMES[0]})}))
    assert {row[3].text for row in table.rows_model.rows} == {"联系电话", "民族"}, (
        "each line says whose it is"
    )
    page.pane.apply_rule(Prefer.LEDGER)
    table.clear_filters()
    go_on(page, session, qtbot)
    with school.reading() as reading:
        kept = reading.rows("SELECT name FROM student WHERE phone <> '13900000000' OR ethnicity IS NULL")
    assert kept == [(NAMES[0],)]


def test_a_filter_of_one_tab_is_not_in_force_in_the_next(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    rows = rows_of_the_school()
    rows[0][6] = "13900000000"
    newcomer = ["新来", document_number(90), *rows[0][2:]]
    page = opened(
        window, session, qtbot, "students", save(tmp_path / "名册 2025-11-20.xlsx", HEADS, [*rows, newcomer])
    )
    table = page.pane.table
    page.pane.open_tab("changed")
    table.set_hidden({"班级"})
    assert not table.isColumnHidden(BEFORE)
    table.arrange(Arrangement(filters={"项目": frozenset({"联系电话"})}))
    page.pane.open_tab("new")
    assert table.row_count() == 1
    table.set_hidden(())
    assert table.isColumnHidden(BEFORE), "nothing stands there in this tab"


def test_only_those_in_sight_are_ticked_as_gone(qtbot: QtBot) -> None:
    pane = GonePane(lambda _departure: "")
    qtbot.addWidget(pane)
    people = [
        Absentee(student_id=at, name=name, class_name=school_class, state="在读")
        for at, (name, school_class) in enumerate(
            (("曾诗", "机电2301"), ("邹斌", "电商2301"), ("王鑫", "机电2301"))
        )
    ]
    pane.show_people(people, {}, date(2025, 11, 20))
    pane.table.arrange(Arrangement(filters={"班级": frozenset({"机电2301"})}))
    pane.tick_all()
    assert set(pane.departures) == {0, 2}
    pane.table.arrange(Arrangement(filters={"姓名": frozenset({"王鑫"})}))
    pane.untick_all()
    assert set(pane.departures) == {0}


def test_ticks_outlive_an_answer(window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    rows = rows_of_the_school()
    rows[0][6] = "13900000000"
    page = opened(window, session, qtbot, "students", save(tmp_path / "名册 2025-11-20.xlsx", HEADS, rows))
    page.pane.table.ticked.emit(0)
    kept = page.pane.kept()
    assert kept
    page._on_answered("accept", ("名册 2025-11-20.xlsx", "Sheet", 3))
    idle(qtbot, session)
    assert page.pane.kept() == kept


def test_those_whom_the_file_lacks_get_a_change_with_the_import(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path, school: LedgerFile
) -> None:
    path = save(tmp_path / "名册 2025-11-20.xlsx", HEADS, rows_of_the_school()[:11])
    page = opened(window, session, qtbot, "students", path)
    assert page.pane.tabs["gone"].count == 1
    page.pane.open_tab("gone")
    gone = page.pane.gone
    gone.kind.setCurrentIndex(gone.kind.findData("转出"))
    gone.day.setText("2025-11-18")
    gone.toggle(0)
    assert "登记异动 1" in page.main_button.text()
    gone.kind.setCurrentIndex(gone.kind.findData("退学"))
    gone.apply_to(0)
    assert gone.departures[gone._people[0].student_id].kind == "退学"
    go_on(page, session, qtbot)
    with school.reading() as reading:
        found = reading.rows(
            "SELECT s.name, c.changed_on FROM status_change c JOIN student s ON s.id = c.student_id"
            " WHERE c.kind = '退学'"
        )
    assert found == [(NAMES[11], "2025-11-18")]
    window.undo(0)
    with school.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM status_change WHERE kind = '退学'") == 0


def test_the_same_file_again_is_said_in_one_sentence(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    newcomer = ["新来", document_number(90), *rows_of_the_school()[0][2:]]
    path = save(tmp_path / "名册 2025-11-20.xlsx", HEADS, [*rows_of_the_school(), newcomer])
    go_on(opened(window, session, qtbot, "students", path), session, qtbot)
    page = opened(window, session, qtbot, "students", path)
    assert not page.pane.nothing.isHidden()
    assert page.pane.nothing.text() == "这份文件 2025-11-20 已经导入过，台账和它一样，没有要改的。"
    assert not page.main_button.isEnabled()


def test_a_copied_table_is_pasted(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    window.open_page("import", {"kind": "students"})
    page = window.page()
    assert isinstance(page, ImportPage)
    data = QMimeData()
    row = ["粘来", document_number(91), *rows_of_the_school()[0][2:]]
    data.setText("\t".join(HEADS) + "\r\n" + "\t".join(map(str, row)) + "\r\n\r\n")
    QGuiApplication.clipboard().setMimeData(data)
    page.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    idle(qtbot, session)
    assert page.stack.currentIndex() == PREVIEW, page.strip.text()
    assert page.pane.tabs["new"].count == 1
    assert page.preview is not None
    assert page.preview.files[0].name == "剪贴板"


def test_a_clipboard_without_a_table_is_refused(
    window: MainWindow, session: Session, prompts: FakePrompts
) -> None:
    window.open_page("import", {"kind": "students"})
    page = window.page()
    assert isinstance(page, ImportPage)
    QGuiApplication.clipboard().setText("只是一句话")
    page.paste()
    assert "剪贴板里没有表格" in prompts.errors[0].message
    assert page.stack.currentIndex() == CHOOSE


def test_a_folder_brings_its_lists(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path, prompts: FakePrompts
) -> None:
    folder = tmp_path / "各班"
    (folder / "二年级").mkdir(parents=True)
    save(folder / "机电2301.xlsx", HEADS, rows_of_the_school()[:8])
    save(folder / "二年级" / "电商2301.xlsx", HEADS, rows_of_the_school()[8:])
    (folder / "~$机电2301.xlsx").write_bytes(b"lock")
    (folder / "说明.docx").write_bytes(b"x")
    page = opened(window, session, qtbot, "students", folder)
    assert page.preview is not None
    assert len(page.preview.readable) == 2
    assert any("说明.docx" in issue.message for issue in page.preview.file_issues), "named, and no obstacle"
    assert page.preview.counts["unchanged"] == 12
    (tmp_path / "空").mkdir()
    page.set_files([tmp_path / "空"])
    assert "没有文件" in prompts.errors[0].message


def test_the_problem_sheet_goes_out_with_its_purpose_written_down(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path, prompts: FakePrompts
) -> None:
    heads = ("姓名", "证件号码", "班级", "专业", "培养层次", "入学日期")
    row = ["钱多多", "36073120080315", "护理2401", "护理", "中级工", "2024-09-01"]
    page = opened(window, session, qtbot, "students", save(tmp_path / "新生.xlsx", heads, [row]))
    while page.preview is None or not page.preview.is_planned:
        go_on(page, session, qtbot)
    prompts.save_as, prompts.text = tmp_path / "问题.xlsx", None
    page.export_problems()
    assert prompts.offered == "退回改正"
    assert not prompts.save_as.exists(), "without a purpose nothing goes out"
    prompts.text = "退回改正"
    page.export_problems()
    assert prompts.save_as.exists()
    newest = session.ledger_file.history()[0]
    assert newest.name == "导出问题表（上报版）学生台账 1 行，用途：退回改正"
    assert "身份证号" in newest.note


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (1100, 700), (900, 560)])
def test_no_text_of_any_step_is_cut_off(
    window: MainWindow,
    session: Session,
    qtbot: QtBot,
    qapp: QApplication,
    tmp_path: Path,
    scheme: str,
    size: tuple[int, int],
) -> None:
    theme.apply(qapp, scheme)
    window.resize(*size)
    rows = [[*row[:6], "13900000000", "03/04/2025", "备注"] for row in rows_of_the_school()[:9]]
    first = rows_of_the_school()[0]
    rows.append([first[0], "36073120080620", *first[2:], "05/06/2025", ""])
    heads = (*HEADS, "预计毕业日期", "紧急联系人及与学生本人的关系（务必填写）")
    page = opened(window, session, qtbot, "students", save(tmp_path / "名册 2025-11-20.xlsx", heads, rows))
    for step in (MAP, PEOPLE, PREVIEW):
        page._show_step(step)
        for _ in range(5):
            qapp.processEvents()
        if step == MAP:
            assert cut_off(window) == []
            go_on(page, session, qtbot)
        assert cut_off(window) == [], step
    page.pane.open_tab("gone")
    for _ in range(5):
        qapp.processEvents()
    assert cut_off(window) == []
    theme.apply(qapp, "light")
