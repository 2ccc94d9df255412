"""Sheets go out to class teachers and come back: sorted, renamed, with columns added and deleted, twice, late."""

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from skillsaid_desktop.domain.proofs import PROOFS
from skillsaid_desktop.domain.sheet_marks import find_key, read_mark, row_mark
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.exporters.class_sheet import ClassSheet, write_class_sheet
from skillsaid_desktop.ledgers.proofs import proof_states
from skillsaid_desktop.services.class_sheets import SentFolder, send_sheets
from skillsaid_desktop.services.files import MB, add_files, new_file
from skillsaid_desktop.services.intake import ImportOptions, ImportResult, apply_import, preview_import
from skillsaid_desktop.services.questions import list_questions
from skillsaid_desktop.services.sheet_progress import sheet_progress
from skillsaid_desktop.storage import LedgerFile
from tests.factories import document_number, enrol, make_class
from tests.files import paper, photo
from tests.services.returned import HEAD, Teacher

MONTH = "2025-11"
NOTE = {"监测日期": date(2025, 11, 12), "困难等级": "无", "学习情况": "上课认真"}


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-20")


@pytest.fixture
def school(ledger_file: LedgerFile) -> LedgerFile:
    """Two classes: 孙嘉, two 王鑫 and 李然 in one, 陈晨 and 单嘉勇 in the other."""
    with ledger_file.operation("准备") as uow:
        first, second = make_class(uow, "机电2301"), make_class(uow, "护理2401", grade=2024)
        uow.execute("INSERT INTO class_teacher (class_id, name) VALUES (?, '罗建平')", (first,))
        for at, (name, class_id) in enumerate(
            (
                ("孙嘉", first),
                ("王鑫", first),
                ("王鑫", first),
                ("李然", first),
                ("陈晨", second),
                ("单嘉勇", second),
            )
        ):
            enrol(uow, name, class_id=class_id, category="脱贫户", document_number=document_number(40 + at))
    return ledger_file


@pytest.fixture
def sent(school: LedgerFile, tmp_path: Path) -> dict[str, Path]:
    """The sheets of the month, by class."""
    return _by_class(send_sheets(school, MONTH, "monitoring", tmp_path, reason="班主任填写"))


def _by_class(folder: SentFolder) -> dict[str, Path]:
    return {path.name.split(" ")[0]: path for path in folder.files}


def _import(school: LedgerFile, *paths: Path, kind: str = "monitoring", **options: Any) -> ImportResult:
    return apply_import(school, preview_import(school, kind, paths, ImportOptions(**options)))


def _notes(school: LedgerFile) -> list[tuple[Any, ...]]:
    with school.reading() as reading:
        return reading.rows(
            "SELECT s.name, substr(s.document_number, -4), n.month, n.difficulty, n.study FROM monitoring_note n"
            " JOIN student s ON s.id = n.student_id ORDER BY s.id, n.id"
        )


def _returned(school: LedgerFile) -> list[tuple[Any, ...]]:
    with school.reading() as reading:
        return reading.rows(
            "SELECT c.name, s.returned_file FROM sent_sheet s JOIN school_class c ON c.id = s.class_id"
            " WHERE s.returned_at IS NOT NULL ORDER BY c.name"
        )


def _tail(serial: int) -> str:
    return document_number(serial)[-4:]


def _fill_all(teacher: Teacher, **more: Any) -> None:
    if "监测人" in teacher.columns():
        more = {"监测人": "陈老师", **more}
    for row in range(HEAD + 1, HEAD + 1 + len(_people(teacher))):
        teacher.fill_row(row, {**NOTE, "学习情况": f"第 {row} 行", **more})


def _people(teacher: Teacher) -> list[str]:
    name = teacher.columns()["姓名"]
    cells = [teacher.sheet.cell(row, name).value for row in range(HEAD + 1, teacher.sheet.max_row + 1)]
    return [str(each) for each in cells if each]


def test_what_leaves_the_office_shows_four_digits_and_is_on_record(
    school: LedgerFile, sent: dict[str, Path]
) -> None:
    book = load_workbook(sent["机电2301"])
    words = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert _tail(40) in words
    assert not any(document_number(40 + at) in word for word in words for at in range(4))
    done = school.history(limit=1)[0]
    assert done.name == "发预填表：每月监测 2025年11月 2 个班 6 人，用途：班主任填写"
    assert "后四位" in done.note


def test_names_are_locked_and_cells_to_fill_are_open_without_a_password(sent: dict[str, Path]) -> None:
    sheet = load_workbook(sent["机电2301"]).worksheets[0]
    columns = {str(cell.value): int(cell.column or 0) for cell in sheet[HEAD] if cell.value}
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert sheet.cell(HEAD + 1, columns["姓名"]).protection.locked
    assert not sheet.cell(HEAD + 1, columns["困难等级"]).protection.locked
    assert sheet.column_dimensions["C"].hidden
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == f"${HEAD}:${HEAD}"
    rules = {
        str(each.sqref).split(":")[0].rstrip("0123456789"): each
        for each in sheet.data_validations.dataValidation
    }
    letters = {title: get_column_letter(at) for title, at in columns.items()}
    assert rules[letters["困难等级"]].formula1 == '"无,一般,较重,紧急"'
    assert rules[letters["监测日期"]].type == "date"


def test_nothing_is_sent_without_a_purpose_and_nothing_stays_of_what_could_not_be_written(
    school: LedgerFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match="用途"):
        send_sheets(school, MONTH, "monitoring", tmp_path, reason=" ")
    calls = []

    def fails_at_the_second(sheet: ClassSheet, path: Path) -> None:
        calls.append(path)
        if len(calls) > 1:
            raise UserError("放不下了。", "换个地方。")
        write_class_sheet(sheet, path)

    monkeypatch.setattr("skillsaid_desktop.services.class_sheets.write_class_sheet", fails_at_the_second)
    with pytest.raises(UserError, match="放不下"):
        send_sheets(school, MONTH, "monitoring", tmp_path, reason="班主任填写")
    assert not list(tmp_path.rglob("*监测表*"))
    with school.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM sent_sheet") == 0


def test_an_untouched_sheet_is_no_answer(school: LedgerFile, sent: dict[str, Path]) -> None:
    result = _import(school, *sent.values())
    assert result.preview.counts["unchanged"] == result.preview.counts["rows"] == 6
    assert result.operation_id is None
    assert _returned(school) == []


@pytest.mark.parametrize(
    "way", ["as sent", "sorted", "renamed", "column added", "columns deleted", "other workbook"]
)
def test_rows_find_their_students_whatever_was_done_to_the_sheet(
    school: LedgerFile, sent: dict[str, Path], tmp_path: Path, way: str
) -> None:
    teacher = Teacher(sent["机电2301"])
    order = _people(teacher)
    _fill_all(teacher)
    said = {teacher.sheet.cell(HEAD + 1 + at, 4).value: f"第 {HEAD + 1 + at} 行" for at in range(len(order))}
    path = tmp_path / "交回" / "机电2301 11月监测表.xlsx"
    if way == "sorted":
        teacher.turn_round()
    elif way == "renamed":
        teacher.sheet.title = "罗老师"
        path = path.with_name("12月 副本(1).xlsx")
    elif way == "column added":
        teacher.add_column(3, "寝室")
    elif way == "columns deleted":
        for heading in ("备注", "结果", "方式", "后四位"):
            teacher.delete_column(teacher.columns()[heading])
    elif way == "other workbook":
        book = Workbook()
        assert book.active is not None
        for row in teacher.sheet.iter_rows(min_row=HEAD, max_row=HEAD + 4, values_only=True):
            book.active.append(row)
        teacher.book, teacher.sheet = book, book.active
    result = _import(school, teacher.save(path))
    assert [
        (each.severity, each.message) for each in result.preview.issues if each.severity in ("ask", "block")
    ] == []
    assert {tail: study for _, tail, _, _, study in _notes(school)} == said
    assert {month for _, _, month, _, _ in _notes(school)} == {MONTH}
    assert _returned(school) == [("机电2301", path.name)]
    again = _import(school, path)
    assert (again.operation_id, again.preview.counts["unchanged"]) == (None, 4)


def test_without_any_mark_the_usual_rules_hold(
    school: LedgerFile, sent: dict[str, Path], tmp_path: Path
) -> None:
    teacher = Teacher(sent["机电2301"])
    _fill_all(teacher)
    teacher.delete_column(3)
    teacher.sheet.cell(2, 1).value = "班级：机电2301　　班主任：罗建平　　统计时间：2025年11月"
    del teacher.book["表号"]
    result = _import(school, teacher.save(tmp_path / "机电.xlsx"))
    assert result.preview.counts["new"] == 4
    assert _returned(school) == []


def test_a_name_that_was_moved_from_its_row_is_believed_and_asked_about(
    school: LedgerFile, sent: dict[str, Path], tmp_path: Path
) -> None:
    teacher = Teacher(sent["机电2301"])
    _fill_all(teacher)
    said = {teacher.sheet.cell(HEAD + 1 + at, 4).value: f"第 {HEAD + 1 + at} 行" for at in range(4)}
    teacher.turn_round(only_from=4)
    names = [teacher.sheet.cell(HEAD + 1 + at, 2) for at in range(4)]
    for cell, name in zip(names, [each.value for each in reversed(names)], strict=True):
        cell.value = name
    result = _import(school, teacher.save(tmp_path / "机电.xlsx"))
    assert {each.code for each in result.preview.issues if each.severity == "ask"} == {"row moved"}
    assert {tail: study for _, tail, _, _, study in _notes(school)} == said


def test_rows_below_belong_to_whom_they_name(
    school: LedgerFile, sent: dict[str, Path], tmp_path: Path
) -> None:
    teacher = Teacher(sent["机电2301"])
    below = HEAD + 5
    teacher.fill_row(below, {"姓名": "陈晨", "后四位": _tail(44), **NOTE})
    teacher.fill_row(below + 1, {"姓名": "查无此人", **NOTE})
    result = _import(school, teacher.save(tmp_path / "机电.xlsx"))
    assert [(name, month) for name, _, month, _, _ in _notes(school)] == [("陈晨", MONTH)]
    codes = {each.code for each in result.preview.issues}
    assert {"other class", "not in the register"} <= codes


def test_a_row_copied_for_another_student_is_not_taken_for_the_first(
    school: LedgerFile, sent: dict[str, Path], tmp_path: Path
) -> None:
    teacher = Teacher(sent["机电2301"])
    teacher.fill("孙嘉", NOTE)
    row = teacher.rows()["孙嘉"]
    for at in range(1, teacher.sheet.max_column + 1):
        teacher.sheet.cell(HEAD + 5, at).value = teacher.sheet.cell(row, at).value
    teacher.fill_row(HEAD + 5, {"姓名": "新来的"})
    result = _import(school, teacher.save(tmp_path / "机电.xlsx"))
    assert [name for name, *_ in _notes(school)] == ["孙嘉"]
    assert result.preview.counts["invalid"] == 1


def test_the_later_return_changes_notes_instead_of_adding_to_them(
    school: LedgerFile, sent: dict[str, Path], tmp_path: Path
) -> None:
    teacher = Teacher(sent["机电2301"])
    _fill_all(teacher)
    first = teacher.save(tmp_path / "一" / "机电2301.xlsx")
    teacher.fill("孙嘉", {"监测日期": date(2025, 11, 19), "困难等级": "较重", "帮助措施": "申请临时补助"})
    second = teacher.save(tmp_path / "二" / "机电2301.xlsx")
    _import(school, first)
    result = _import(school, second)
    assert (result.preview.counts["new"], result.preview.counts["changed"]) == (0, 1)
    assert len(_notes(school)) == 4
    assert next(each for each in _notes(school) if each[0] == "孙嘉")[3] == "较重"


def test_both_returns_in_one_folder_count_by_their_time(
    school: LedgerFile, sent: dict[str, Path], tmp_path: Path
) -> None:
    teacher = Teacher(sent["机电2301"])
    teacher.fill("孙嘉", {**NOTE, "困难等级": "一般"})
    late = teacher.save(tmp_path / "交回" / "a.xlsx")
    teacher.fill("孙嘉", {**NOTE, "困难等级": "无", "监测日期": date(2025, 11, 5)})
    early = teacher.save(tmp_path / "交回" / "b.xlsx")
    os.utime(early, (1_000_000_000, 1_000_000_000))
    _import(school, late.parent)
    assert [level for _, _, _, level, _ in _notes(school)] == ["一般"]
    assert _returned(school) == [("机电2301", "a.xlsx")]


def test_undo_brings_back_what_was_not_returned(
    school: LedgerFile, sent: dict[str, Path], tmp_path: Path
) -> None:
    teacher = Teacher(sent["机电2301"])
    _fill_all(teacher)
    result = _import(school, teacher.save(tmp_path / "机电.xlsx"))
    assert _returned(school)
    assert result.operation_id is not None
    school.undo(result.operation_id)
    assert _returned(school) == []
    assert _notes(school) == []


def test_a_sheet_of_another_month_is_asked_and_the_answer_counts(
    school: LedgerFile, sent: dict[str, Path], tmp_path: Path
) -> None:
    teacher = Teacher(sent["机电2301"])
    _fill_all(teacher, 监测日期=date(2025, 12, 3))
    path = teacher.save(tmp_path / "机电.xlsx")
    preview = preview_import(school, "monitoring", [path])
    assert "month" in {each.code for each in preview.issues}
    (facts,) = preview.planned[0].context.sheets.values()
    assert (facts.month, facts.other_months) == (MONTH, ("2025-12",))
    result = _import(school, path, months={("机电.xlsx", "机电2301"): "2025-12"})
    assert {month for _, _, month, _, _ in _notes(school)} == {"2025-12"}
    assert "month" not in {each.code for each in result.preview.issues}
    assert _returned(school) == []


def test_days_are_read_as_teachers_write_them(
    school: LedgerFile, sent: dict[str, Path], tmp_path: Path
) -> None:
    teacher = Teacher(sent["机电2301"])
    for at, day in enumerate(("11月12日", "2025.11.5", "20251120", "12月3日")):
        teacher.fill_row(HEAD + 1 + at, {**NOTE, "监测日期": day})
    result = _import(school, teacher.save(tmp_path / "机电.xlsx"))
    with school.reading() as reading:
        days = [row[0] for row in reading.rows("SELECT noted_on FROM monitoring_note ORDER BY noted_on")]
    assert days == ["2025-11-05", "2025-11-12", "2025-11-20"]
    assert [each.code for each in result.preview.issues if each.severity == "fixed"] == ["year of the sheet"]
    assert result.preview.counts["waiting"] == 1


def test_sending_again_asks_only_for_who_is_missing_and_keeps_the_key(
    school: LedgerFile, sent: dict[str, Path], tmp_path: Path
) -> None:
    teacher = Teacher(sent["机电2301"])
    teacher.fill("孙嘉", NOTE)
    teacher.fill("李然", NOTE)
    _import(school, teacher.save(tmp_path / "机电.xlsx"))
    again = send_sheets(school, MONTH, "monitoring", tmp_path, reason="催交")
    assert again.people == 4
    path = _by_class(again)["机电2301"]
    assert path != sent["机电2301"]
    assert _people(Teacher(path)) == ["王鑫", "王鑫"]
    assert find_key(str(Teacher(path).sheet.cell(2, 1).value)) == find_key(
        str(teacher.sheet.cell(2, 1).value)
    )


def test_a_folder_comes_in_at_once_with_a_broken_file_and_two_of_one_name(
    school: LedgerFile, sent: dict[str, Path], tmp_path: Path
) -> None:
    for name, path in sent.items():
        teacher = Teacher(path)
        _fill_all(teacher)
        teacher.save(tmp_path / "交回" / name / "监测表.xlsx")
    (tmp_path / "交回" / "坏的.xlsx").write_bytes(b"PK\x03\x04 nothing")
    (tmp_path / "交回" / "~$监测表.xlsx").write_bytes(b"")
    result = _import(school, tmp_path / "交回")
    assert result.preview.counts["new"] == 6
    assert any("坏的.xlsx" in each.message for each in result.preview.file_issues)
    returned = _returned(school)
    assert [name for name, _ in returned] == ["护理2401", "机电2301"]
    assert returned[0][1] != returned[1][1]


def test_a_sheet_of_an_undone_sending_is_read_by_the_usual_rules(
    school: LedgerFile, sent: dict[str, Path], tmp_path: Path
) -> None:
    school.undo(school.history(limit=1)[0].id)
    teacher = Teacher(sent["护理2401"])
    _fill_all(teacher)
    result = _import(school, teacher.save(tmp_path / "护理.xlsx"))
    assert result.preview.counts["new"] == 2
    assert "unknown sheet key" in {each.code for each in result.preview.issues}


def test_missing_facts_come_back_into_the_register_and_are_no_roster(
    school: LedgerFile, tmp_path: Path
) -> None:
    with school.operation("资料") as uow:
        uow.execute("UPDATE student SET phone = '15879760001' WHERE name = '孙嘉'")
    sent = _by_class(send_sheets(school, MONTH, "facts", tmp_path, reason="补资料"))
    teacher = Teacher(sent["机电2301"])
    phone = teacher.columns()["联系电话"]
    assert teacher.sheet.cell(teacher.rows()["孙嘉"], phone).protection.locked
    assert not teacher.sheet.cell(teacher.rows()["李然"], phone).protection.locked
    teacher.fill("李然", {"联系电话": "15879760002", "户主姓名": "李大山", "与户主关系": "之子"})
    teacher.fill_row(HEAD + 2, {"联系电话": "15879760003"})
    teacher.turn_round()
    path = teacher.save(tmp_path / "资料.xlsx")
    with pytest.raises(UserError, match="缺的资料"):
        preview_import(school, "monitoring", [path])
    result = _import(school, path, kind="students")
    assert result.preview.counts == {
        "rows": 4,
        "new": 0,
        "changed": 2,
        "unchanged": 2,
        "waiting": 0,
        "invalid": 0,
    }
    assert result.preview.absentees == []
    with school.reading() as reading:
        told = reading.rows("SELECT phone, head_name, relation_to_head FROM student WHERE name = '李然'")
        assert told == [("15879760002", "李大山", "之子")]
        assert reading.scalar("SELECT count(*) FROM imported_file WHERE as_of IS NOT NULL") == 0
    assert _returned(school) == [("机电2301", "资料.xlsx")]
    again = send_sheets(school, MONTH, "facts", tmp_path, reason="再问一次")
    assert "户主姓名" in Teacher(_by_class(again)["机电2301"]).columns()
    with school.reading() as reading:
        assert list_questions(reading) == []


def test_a_mark_that_was_typed_over_says_nothing() -> None:
    mark = row_mark("JC-7KQ2-M4XP", 1042)
    assert read_mark(mark) == ("JC-7KQ2-M4XP", 1042)
    assert read_mark(mark.replace("1042", "1043")) is None
    assert read_mark("JC-7KQ2-M4XP") is None


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_marks_survive_another_spreadsheet_program(
    school: LedgerFile, sent: dict[str, Path], tmp_path: Path, ending: str
) -> None:
    teacher = Teacher(sent["机电2301"])
    _fill_all(teacher)
    teacher.turn_round()
    saved = teacher.save(tmp_path / "填好" / "罗老师.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        ending,
        "--outdir",
        str(tmp_path / "交回"),
        str(saved),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    result = _import(school, tmp_path / "交回" / f"罗老师.{ending}")
    assert result.preview.counts["new"] == 4
    assert _returned(school) == [("机电2301", f"罗老师.{ending}")]


def test_missing_papers_go_out_and_what_was_handed_in_comes_back(school: LedgerFile, tmp_path: Path) -> None:
    with school.reading() as reading:
        ids = dict(reading.rows("SELECT name, id FROM student"))
    add_files(school, "student", ids["孙嘉"], [new_file("身份证.jpg", photo(), MB)])
    everything = [new_file(f"{kind}.pdf", paper(str(at)), MB) for at, kind in enumerate(PROOFS)]
    add_files(school, "student", ids["李然"], everything)
    folder = send_sheets(school, MONTH, "proofs", tmp_path / "发出", reason="收材料")
    sheets = _by_class(folder)
    teacher = Teacher(sheets["机电2301"])
    assert list(teacher.rows()) == ["孙嘉", "王鑫"], "whoever has all is not in the sheet"
    columns = teacher.columns()
    assert {*PROOFS} <= set(columns)
    assert teacher.sheet.cell(teacher.rows()["孙嘉"], columns["户口簿"]).value in (None, "")
    teacher.fill("孙嘉", {"户口簿": "已交", "资助卡": "没有", "申请表": "收到了"})
    teacher.add_column(1, "备注")
    path = teacher.save(tmp_path / "交回" / "我班.xlsx")
    with pytest.raises(UserError, match=r"“我班\.xlsx”是发给班主任的“缺的材料”表，不是学生名册"):
        preview_import(school, "students", [path], ImportOptions())
    result = _import(school, path, kind="proofs")
    assert (
        result.preview.counts["changed"],
        result.preview.counts["waiting"],
        result.preview.counts["invalid"],
    ) == (1, 0, 0)
    with school.reading() as reading:
        state = proof_states(reading, ids["孙嘉"])
        assert state == {
            "身份证": "有", "户口簿": "纸质", "认定材料": "缺", "申请表": "纸质", "资助卡": "缺"
        }  # fmt: skip
        (source,) = {row[0] for row in reading.rows("SELECT source FROM attachment WHERE digest IS NULL")}
        assert "我班.xlsx" in source
        progress = {one.class_name: one for one in sheet_progress(reading, MONTH, "proofs")}
        assert (progress["机电2301"].done, progress["机电2301"].due) == (0, 3)
        assert progress["机电2301"].returned_file == "我班.xlsx"
    assert _import(school, path, kind="proofs").preview.counts["unchanged"] == 3
    school.undo()
    with school.reading() as reading:
        assert proof_states(reading, ids["孙嘉"])["户口簿"] == "缺"
