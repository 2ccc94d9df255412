"""What a person decides about an import: columns, days, people, single fields, those whom a roster lacks."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers.layout import DATES, EXTRA, REASON_HEADING
from skillsaid_desktop.ledgers import CHANGES
from skillsaid_desktop.services.extra_columns import extra_facts
from skillsaid_desktop.services.import_options import ALL_FIELDS, Departure, ImportOptions, Prefer
from skillsaid_desktop.services.intake import (
    ImportPreview,
    ImportResult,
    apply_import,
    open_import,
    plan_import,
    preview_import,
)
from skillsaid_desktop.services.pending import answer_pending, count_pending, list_pending
from skillsaid_desktop.services.problem_sheet import write_pending, write_problem_sheet
from skillsaid_desktop.services.row_origins import origins_of
from skillsaid_desktop.storage import LedgerFile
from tests.factories import document_number

SAMPLES = Path(__file__).parent.parent / "samples"
HEADS = ("姓名", "身份证号", "班级", "专业", "培养层次", "入学日期", "联系电话")
NAMES = ("曾诗", "吴宇佳", "邹斌", "钟建明", "王英雪", "赖斌超")


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-12-01")


def people() -> list[list[Any]]:
    return [
        [name, document_number(at + 1), "机电2301" if at < 4 else "护理2401", "机电一体化", "中级工", "2023-09-01",
         f"1380797{at:04}"]
        for at, name in enumerate(NAMES)
    ]  # fmt: skip


def save(path: Path, heads: tuple[str, ...], rows: list[list[Any]]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "名单"
    sheet.append(heads)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def bring(ledger_file: LedgerFile, kind: str, path: Path, **options: Any) -> ImportResult:
    return apply_import(ledger_file, preview_import(ledger_file, kind, [path], ImportOptions(**options)))


def scalar(ledger_file: LedgerFile, sql: str, *parameters: object) -> Any:
    with ledger_file.reading() as reading:
        return reading.scalar(sql, parameters)


@pytest.fixture
def school(ledger_file: LedgerFile, tmp_path: Path) -> LedgerFile:
    bring(ledger_file, "students", save(tmp_path / "名册 2025-09-18.xlsx", HEADS, people()))
    return ledger_file


# Columns


def confirmed(preview: ImportPreview, **fields: str) -> ImportOptions:
    layout = preview.files[0].layouts[0]
    return ImportOptions(layouts={layout.fingerprint: {**layout.chosen(), **fields}})


def test_a_confirmed_layout_is_remembered_with_the_import_and_goes_with_its_undo(
    ledger_file: LedgerFile, tmp_path: Path
) -> None:
    heads = ("姓名", "证照", "班级", "专业", "培养层次", "入学日期", "家长微信")
    rows = [[*row[:6], f"wx{at}"] for at, row in enumerate(people())]
    path = save(tmp_path / "a.xlsx", heads, rows)
    preview = open_import(ledger_file, "students", [path])
    assert preview.is_asking
    preview.options = confirmed(preview, 家长微信=EXTRA)
    result = apply_import(ledger_file, plan_import(ledger_file, preview))
    with ledger_file.reading() as reading:
        student = reading.scalar("SELECT id FROM student WHERE name = '邹斌'")
        assert extra_facts(reading, "student", student) == [("家长微信", "wx2")]

    rows[2][6] = "wx-new"
    again = open_import(ledger_file, "students", [save(tmp_path / "b.xlsx", heads, rows)])
    assert not again.is_asking
    planned = plan_import(ledger_file, again)
    assert [
        (row.who, row.differences[0].before, row.differences[0].after)
        for row in planned.rows
        if row.is_stored
    ] == [("邹斌", "wx2", "wx-new")]
    second = apply_import(ledger_file, planned)
    assert scalar(ledger_file, "SELECT value FROM extra_fact WHERE record_id = ?", student) == "wx-new"
    assert bring(ledger_file, "students", tmp_path / "b.xlsx").operation_id is None

    assert second.operation_id is not None
    assert result.operation_id is not None
    ledger_file.undo(second.operation_id)
    assert scalar(ledger_file, "SELECT value FROM extra_fact WHERE record_id = ?", student) == "wx2"
    ledger_file.undo(result.operation_id)
    assert scalar(ledger_file, "SELECT count(*) FROM column_layout") == 0
    assert scalar(ledger_file, "SELECT count(*) FROM extra_fact") == 0


def test_in_the_terminal_the_proposal_is_used_as_it_is_and_not_remembered(
    ledger_file: LedgerFile, tmp_path: Path
) -> None:
    heads = ("姓名", "证照", "班级", "专业", "培养层次", "入学日期", "联系电话")
    result = bring(ledger_file, "students", save(tmp_path / "a.xlsx", heads, people()))
    assert result.preview.counts["new"] == 6
    assert "column guessed" in {each.code for each in result.preview.issues}
    assert scalar(ledger_file, "SELECT count(*) FROM column_layout") == 0


def test_extra_columns_of_a_row_that_waits_come_with_its_answer(school: LedgerFile, tmp_path: Path) -> None:
    rows = [[*people()[0], "wx0"], ["新来", "36073120080620", *people()[0][2:6], "", "wx9"]]
    path = save(tmp_path / "a.xlsx", (*HEADS, "家长微信"), rows)
    preview = open_import(school, "students", [path])
    preview.options = confirmed(preview, 家长微信=EXTRA)
    apply_import(school, plan_import(school, preview))
    with school.reading() as reading:
        (pending,) = list_pending(reading)
    answered = answer_pending(school, pending.id, {"document_number": document_number(99)})
    with school.reading() as reading:
        assert answered.record_id is not None
        assert extra_facts(reading, "student", answered.record_id) == [("家长微信", "wx9")]


# Days


def test_days_of_two_readings_wait_until_their_order_is_said(school: LedgerFile, tmp_path: Path) -> None:
    rows = [
        ["曾诗", document_number(1), "休学", "03/11/2025"],
        ["邹斌", document_number(3), "休学", "05/11/2025"],
    ]
    path = save(tmp_path / "异动.xlsx", ("姓名", "身份证号", "异动类别", "异动日期"), rows)
    preview = open_import(school, "changes", [path])
    assert preview.is_asking
    ((layout, habit),) = preview.files[0].open_habits
    assert habit.example("dmy") == "03/11/2025 = 2025-11-03，05/11/2025 = 2025-11-05"
    assert plan_import(school, preview).counts["waiting"] == 2
    preview.options = ImportOptions(
        layouts={layout.fingerprint: {**layout.chosen(), DATES + "changed_on": "dmy"}}
    )
    planned = plan_import(school, preview)
    assert not planned.is_asking
    assert [each.code for each in planned.issues if each.row] == ["date order", "date order"]
    apply_import(school, planned)
    days = "SELECT group_concat(changed_on) FROM status_change WHERE kind = '休学'"
    assert scalar(school, days) == "2025-11-03,2025-11-05"
    # The same layout next month: asked no more.
    rows = [["吴宇佳", document_number(2), "休学", "06/11/2025"]]
    path = save(tmp_path / "异动2.xlsx", ("姓名", "身份证号", "异动类别", "异动日期"), rows)
    assert bring(school, "changes", path).preview.counts["new"] == 1


def test_the_terminal_can_say_the_order_too(school: LedgerFile, tmp_path: Path) -> None:
    rows = [["曾诗", document_number(1), "休学", "03/11/2025"]]
    path = save(tmp_path / "异动.xlsx", ("姓名", "身份证号", "异动类别", "异动日期"), rows)
    assert bring(school, "changes", path, date_order="mdy").preview.counts["new"] == 1
    assert scalar(school, "SELECT changed_on FROM status_change WHERE kind = '休学'") == "2025-03-11"


def test_days_without_a_year_get_the_year_that_is_said(school: LedgerFile, tmp_path: Path) -> None:
    rows = [["曾诗", document_number(1), "休学", "11月5日"]]
    path = save(tmp_path / "异动.xlsx", ("姓名", "身份证号", "异动类别", "异动日期"), rows)
    preview = open_import(school, "changes", [path])
    layout = preview.files[0].layouts[0]
    assert preview.files[0].habits[0][0].count_without_year == 1
    preview.options = ImportOptions(
        layouts={layout.fingerprint: {**layout.chosen(), "@changed_on#year": "2025"}}
    )
    apply_import(school, plan_import(school, preview))
    assert scalar(school, "SELECT changed_on FROM status_change WHERE kind = '休学'") == "2025-11-05"
    assert "#year" not in scalar(school, "SELECT columns FROM column_layout")


# People


def test_which_of_two_is_chosen_before_the_preview(school: LedgerFile, tmp_path: Path) -> None:
    twin = ["曾诗", document_number(77), "机电2301", "机电一体化", "中级工", "2023-09-01", ""]
    bring(school, "students", save(tmp_path / "twin.xlsx", HEADS, [twin]))
    path = save(
        tmp_path / "异动.xlsx",
        ("姓名", "班级", "异动类别", "异动日期"),
        [["曾诗", "机电2301", "休学", "2025-11-05"]],
    )
    preview = preview_import(school, "changes", [path])
    (row,) = preview.rows
    assert preview.counts["waiting"] == 1
    assert len(row.record.candidates) == 2
    wanted = scalar(school, "SELECT id FROM student WHERE document_number = ?", document_number(77))
    assert wanted in row.record.candidates
    preview.options = ImportOptions(people={("异动.xlsx", "名单", 2): wanted})
    apply_import(school, plan_import(school, preview))
    assert scalar(school, "SELECT student_id FROM status_change WHERE kind = '休学'") == wanted


def test_a_chosen_person_does_not_make_up_for_a_missing_kind(school: LedgerFile, tmp_path: Path) -> None:
    path = save(
        tmp_path / "异动.xlsx",
        ("姓名", "班级", "异动类别", "异动日期"),
        [["曾诗", "机电2301", "", "2025-11-05"]],
    )
    student = scalar(school, "SELECT id FROM student WHERE name = '曾诗'")
    preview = preview_import(
        school, "changes", [path], ImportOptions(people={("异动.xlsx", "名单", 2): student})
    )
    assert preview.counts["invalid"] == 1


@pytest.mark.parametrize(
    ("heads", "row", "key"),
    [
        (("姓名", "身份证号"), ["曾诗", document_number(1)], "证件号"),
        (("姓名", "班级"), ["曾诗", "机电2301"], "姓名+班级"),
    ],
)
def test_by_which_key_somebody_was_met_is_known(
    school: LedgerFile, tmp_path: Path, heads: tuple[str, ...], row: list[Any], key: str
) -> None:
    path = save(tmp_path / "异动.xlsx", (*heads, "异动类别", "异动日期"), [[*row, "休学", "2025-11-05"]])
    (planned,) = preview_import(school, "changes", [path]).rows
    assert planned.record.met_by == key


# Single fields


def changed_roster(tmp_path: Path) -> Path:
    rows = people()
    rows[0][6], rows[0][3] = "13900000000", "数控加工"
    rows[1][6] = "13900000001"
    return save(tmp_path / "名册 2025-11-24.xlsx", (*HEADS, "民族"), [[*row, "汉族"] for row in rows])


def test_a_field_left_unticked_is_not_changed(school: LedgerFile, tmp_path: Path) -> None:
    path = changed_roster(tmp_path)
    kept = frozenset({(path.name, "名单", 2, "phone")})
    result = bring(school, "students", path, kept=kept)
    assert scalar(school, "SELECT phone FROM student WHERE name = '曾诗'") == "13807970000"
    assert scalar(school, "SELECT phone FROM student WHERE name = '吴宇佳'") == "13900000001"
    assert scalar(school, "SELECT count(*) FROM status_change WHERE kind = '转专业'") == 1
    assert result.preview.counts["rows"] == 6


def test_the_ledger_is_kept_for_all_or_only_its_blanks_are_filled(school: LedgerFile, tmp_path: Path) -> None:
    path = changed_roster(tmp_path)
    keep = preview_import(school, "students", [path], ImportOptions(prefer={ALL_FIELDS: Prefer.LEDGER}))
    assert (keep.counts["changed"], keep.counts["unchanged"]) == (0, 6)
    blanks = bring(school, "students", path, prefer={ALL_FIELDS: Prefer.BLANKS})
    assert blanks.preview.counts["changed"] == 6
    assert scalar(school, "SELECT phone FROM student WHERE name = '曾诗'") == "13807970000"
    assert scalar(school, "SELECT count(*) FROM student WHERE ethnicity = '汉族'") == 6
    one = preview_import(school, "students", [path], ImportOptions(prefer={"phone": Prefer.LEDGER}))
    assert [each.field for row in one.rows for each in row.differences] == ["major"]


# Those whom the roster lacks


def test_departures_are_recorded_with_the_import_and_undone_with_it(
    school: LedgerFile, tmp_path: Path
) -> None:
    path = save(tmp_path / "名册 2025-11-24.xlsx", HEADS, people()[:5])
    preview = preview_import(school, "students", [path])
    (gone,) = preview.absentees
    assert (gone.name, gone.class_name) == ("赖斌超", "护理2401")
    preview.options = ImportOptions(
        departures=(Departure(student_id=gone.student_id, kind="退学", on=date(2025, 11, 20)),)
    )
    result = apply_import(school, plan_import(school, preview))
    kinds = "SELECT kind, changed_on, source FROM status_change WHERE student_id = ? AND kind = '退学'"
    with school.reading() as reading:
        assert reading.rows(kinds, (gone.student_id,)) == [("退学", "2025-11-20", path.name)]
    assert school.history(limit=1)[0].name == "导入学生名册 0 人，另登记异动 1 人"
    assert result.operation_id is not None
    school.undo(result.operation_id)
    assert scalar(school, "SELECT count(*) FROM status_change WHERE kind = '退学'") == 0


def test_an_impossible_departure_refuses_the_whole_import(school: LedgerFile, tmp_path: Path) -> None:
    path = save(
        tmp_path / "名册 2025-11-24.xlsx",
        HEADS,
        [*people()[:5], ["新来", document_number(88), *people()[0][2:]]],
    )
    preview = preview_import(school, "students", [path])
    preview.options = ImportOptions(
        departures=(
            Departure(student_id=preview.absentees[0].student_id, kind="复学", on=date(2025, 11, 20)),
        )
    )
    with pytest.raises(UserError, match="赖斌超"):
        apply_import(school, plan_import(school, preview))
    assert scalar(school, "SELECT count(*) FROM student WHERE name = '新来'") == 0


# Problem sheets


def test_a_problem_sheet_keeps_the_users_layout_and_settles_its_rows_when_mended(
    ledger_file: LedgerFile, tmp_path: Path
) -> None:
    september = SAMPLES / "学籍系统导出 2025-09.xlsx"
    preview = preview_import(ledger_file, "students", [september])
    problems = tmp_path / "学籍系统导出 2025-09 问题行.xlsx"
    assert write_problem_sheet(preview, problems) == 6
    apply_import(ledger_file, preview)
    assert scalar(ledger_file, "SELECT count(*) FROM pending_row WHERE resolved_at IS NULL") == 6
    book, original = load_workbook(problems), load_workbook(september)
    sheet, first = book["学籍信息"], original["学籍信息"]
    width = sheet.max_column
    assert sheet.cell(3, width).value == REASON_HEADING
    for row in (1, 2, 3, 4):
        for column in range(1, width):
            assert sheet.cell(row, column).value == first.cell(row, column).value
    for row in range(5, 11):
        ((_file, _sheet, number),) = origins_of(sheet.cell(row, width).value)
        stood = [first.cell(number, column).value for column in range(1, width)]
        assert [sheet.cell(row, column).value for column in range(1, width)] == stood

    # As it is, it says the same again; each row waits once.
    again = preview_import(ledger_file, "students", [problems])
    assert again.counts == {"rows": 6, "new": 0, "changed": 0, "unchanged": 0, "waiting": 0, "invalid": 6}
    assert not again.is_asking
    assert again.files[0].as_of == date(2025, 9, 18)
    apply_import(ledger_file, again)
    assert scalar(ledger_file, "SELECT count(*) FROM pending_row WHERE resolved_at IS NULL") == 6

    # Mended in a spreadsheet, sorted the other way round.
    number_at = next(
        each.at + 1 for each in again.files[0].layouts[0].columns if each.field == "document_number"
    )
    rows = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=5, max_row=10)]
    for at, cells in enumerate(reversed(rows)):
        cells[number_at - 1] = document_number(700 + at)
        for column, value in enumerate(cells, 1):
            sheet.cell(5 + at, column).value = value
    mended = tmp_path / "改好 2025-09.xlsx"
    book.save(mended)
    result = bring(ledger_file, "students", mended)
    assert result.preview.counts["new"] == 6
    assert scalar(ledger_file, "SELECT count(*) FROM pending_row WHERE resolved_at IS NULL") == 0
    assert bring(ledger_file, "students", september).operation_id is None


def test_rows_of_the_pending_list_go_out_and_come_back(school: LedgerFile, tmp_path: Path) -> None:
    heads = ("姓名", "班级", "异动类别", "异动日期", "备注")
    bring(
        school,
        "changes",
        save(tmp_path / "异动.xlsx", heads, [["曾诗", "机电2301", "休学", "11月5日", "急"]]),
    )
    with school.reading() as reading:
        rows = list_pending(reading)
    path = tmp_path / "待处理.xlsx"
    assert write_pending(CHANGES, rows, path) == 1
    book = load_workbook(path)
    sheet = book.worksheets[0]
    day_at = next(cell.column for cell in sheet[1] if cell.value == "异动日期")
    sheet.cell(2, day_at).value = "2025-11-05"
    book.save(path)
    assert bring(school, "changes", path).preview.counts["new"] == 1
    with school.reading() as reading:
        assert count_pending(reading) == 0


def test_a_problem_sheet_never_carries_a_formula(ledger_file: LedgerFile, tmp_path: Path) -> None:
    preview = preview_import(
        ledger_file, "students", [Path(__file__).parent.parent / "faults" / "files" / "怪字符.xlsx"]
    )
    path = tmp_path / "问题.xlsx"
    assert write_problem_sheet(preview, path) == 3
    cells = [cell for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row]
    assert any(isinstance(cell.value, str) and cell.value.startswith("=") for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)


# Nothing to do


def test_the_same_file_again_says_in_one_sentence_that_there_is_nothing_to_do(
    school: LedgerFile, tmp_path: Path
) -> None:
    preview = preview_import(school, "students", [tmp_path / "名册 2025-09-18.xlsx"])
    assert preview.nothing_to_do == "这份文件 2025-12-01 已经导入过，台账和它一样，没有要改的。"
    assert apply_import(school, preview).operation_id is None


def test_files_of_one_name_in_two_folders_are_two_files(ledger_file: LedgerFile, tmp_path: Path) -> None:
    (tmp_path / "机电2301").mkdir()
    (tmp_path / "护理2401").mkdir()
    paths = [
        save(tmp_path / folder / "名册.xlsx", HEADS, [row for row in people() if row[2] == folder])
        for folder in ("机电2301", "护理2401")
    ]
    preview = preview_import(ledger_file, "students", paths)
    assert {row.record.place.file for row in preview.rows} == {"机电2301/名册.xlsx", "护理2401/名册.xlsx"}
    assert apply_import(ledger_file, preview).preview.counts["new"] == 6
