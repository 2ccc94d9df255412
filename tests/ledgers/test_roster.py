"""What a roster says without a date (DOMAIN section 3): new students, known ones, categories, and closed months."""

from collections.abc import Mapping
from datetime import date

import pytest

from skillsaid_desktop.domain.entities import ReportingMonth
from skillsaid_desktop.ledgers import CHANGES, STUDENTS, IntakeContext, Ledger, PlannedRow
from skillsaid_desktop.ledgers.questions import keep_questions
from skillsaid_desktop.schema.record import parse_record
from skillsaid_desktop.storage import LedgerFile
from tests.factories import document_number

NUMBER = document_number(7)
FIRST, SECOND = date(2025, 9, 18), date(2025, 11, 24)
BASE = {
    "name": "王鑫", "document_number": NUMBER, "registration_number": "G1", "class_name": "机电2301", "major": "机电",
    "level": "中级", "entered_on": "202309", "state": "在读",
}  # fmt: skip


def bring(
    ledger_file: LedgerFile,
    cells: Mapping[str, str],
    as_of: date = FIRST,
    *,
    ledger: Ledger = STUDENTS,
    correction: str = "",
) -> PlannedRow:
    """Import one row."""
    with ledger_file.operation("导入") as uow:
        context = IntakeContext(as_of=as_of, source="名册.xlsx", correction=correction)
        words = uow.policy.words(as_of)
        record = parse_record(ledger.importable, cells, words, "名册.xlsx", "Sheet1", 2)
        planned = ledger.plan(uow, [record], context)
        ledger.store(uow, planned, context)
        keep_questions(uow, ledger, planned)
    return planned[0]


def spans(ledger_file: LedgerFile) -> list[tuple[str, str, str]]:
    with ledger_file.reading() as reading:
        return [
            (row[0], row[1], row[2])
            for row in reading.rows("SELECT from_on, state, class_name FROM student_span ORDER BY from_on")
        ]


def close_october(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("封账 2025年10月") as uow:
        uow.insert_many(
            ReportingMonth,
            [
                {
                    "month": "2025-10",
                    "state": "closed",
                    "from_on": date(2025, 9, 26),
                    "to_on": date(2025, 10, 25),
                }
            ],
        )


def codes(planned: PlannedRow) -> set[str]:
    return {issue.code for issue in planned.issues}


def test_a_new_student_enters_and_another_state_is_an_opening(ledger_file: LedgerFile) -> None:
    assert bring(ledger_file, {**BASE, "state": "休学"}).outcome == "new"
    assert spans(ledger_file) == [("2023-09-01", "在读", "机电2301"), ("2025-08-26", "休学", "机电2301")]
    with ledger_file.reading() as reading:
        assert reading.rows("SELECT kind, is_opening FROM status_change ORDER BY id") == [
            ("入学", 0),
            ("休学", 1),
        ]
        assert reading.rows("SELECT grade, major, level FROM school_class") == [(2023, "机电", "中级工")]


def test_whoever_entered_after_the_first_day_opens_on_his_entry(ledger_file: LedgerFile) -> None:
    bring(ledger_file, {**BASE, "entered_on": "2025-09-05", "state": "实习"})
    assert [row[:2] for row in spans(ledger_file)] == [("2025-09-05", "实习")]


def test_a_year_alone_is_the_first_of_september(ledger_file: LedgerFile) -> None:
    bring(ledger_file, {**BASE, "entered_on": "2023"})
    assert spans(ledger_file)[0][0] == "2023-09-01"


def test_a_difference_is_inferred_on_the_day_of_the_roster(ledger_file: LedgerFile) -> None:
    bring(ledger_file, BASE)
    planned = bring(ledger_file, {**BASE, "state": "实习", "class_name": "机电2302班"}, SECOND)
    assert {each.title for each in planned.differences} == {"班级", "学籍状态"}
    assert spans(ledger_file)[-1] == ("2025-11-24", "实习", "机电2302")
    with ledger_file.reading() as reading:
        kinds = reading.rows("SELECT kind FROM status_change WHERE is_inferred ORDER BY kind")
    assert kinds == [("岗位实习",), ("转班",)]


def test_an_inferred_change_gives_way_to_a_dated_one(ledger_file: LedgerFile) -> None:
    bring(ledger_file, BASE)
    bring(ledger_file, {**BASE, "state": "休学"}, SECOND)
    change = {"student_name": "王鑫", "document_number": NUMBER, "kind": "休学", "changed_on": "2025-11-12"}
    assert bring(ledger_file, change, ledger=CHANGES).outcome == "new"
    assert [row[:2] for row in spans(ledger_file)] == [("2023-09-01", "在读"), ("2025-11-12", "休学")]
    assert bring(ledger_file, change, ledger=CHANGES).outcome == "unchanged"


def test_an_inferred_change_in_a_closed_month_waits_for_a_reason(ledger_file: LedgerFile) -> None:
    bring(ledger_file, BASE)
    close_october(ledger_file)
    row = {**BASE, "state": "休学"}
    waiting = bring(ledger_file, row, date(2025, 10, 20))
    assert (waiting.outcome, codes(waiting)) == ("waiting", {"month already reported"})
    assert bring(ledger_file, row, date(2025, 10, 20), correction="学籍科迟报").outcome == "changed"


def test_somebody_who_left_is_asked_about_and_stays_left(ledger_file: LedgerFile) -> None:
    bring(ledger_file, BASE)
    left = {"student_name": "王鑫", "document_number": NUMBER, "kind": "退学", "changed_on": "2025-11-03"}
    bring(ledger_file, left, ledger=CHANGES)
    planned = bring(ledger_file, BASE, SECOND)
    assert (planned.outcome, codes(planned)) == ("unchanged", {"left the school"})
    assert spans(ledger_file)[-1][1] == "退学"


def test_several_categories_in_a_cell_become_rows_from_the_entry(ledger_file: LedgerFile) -> None:
    bring(ledger_file, {**BASE, "category": "原建档立卡、农村低保"})
    with ledger_file.reading() as reading:
        rows = reading.rows(
            "SELECT category, from_on, start_unknown, original_wording FROM hardship_status ORDER BY id"
        )
    assert rows == [("脱贫户", "2023-09-01", 1, "原建档立卡"), ("低保", "2023-09-01", 1, "农村低保")]


def test_a_new_category_never_moves_a_closed_month(ledger_file: LedgerFile) -> None:
    bring(ledger_file, BASE)
    close_october(ledger_file)
    assert bring(ledger_file, {**BASE, "category": "脱贫户"}, SECOND).outcome == "changed"
    with ledger_file.reading() as reading:
        assert reading.rows("SELECT from_on, start_unknown FROM hardship_status") == [("2025-11-24", 1)]


def test_a_transfer_of_somebody_enrolled_corrects_his_entry(ledger_file: LedgerFile) -> None:
    bring(ledger_file, {**BASE, "entered_on": "2025-11-01"}, SECOND)
    row = {"student_name": "王鑫", "document_number": NUMBER, "kind": "转入", "changed_on": "2025-10-28"}
    assert bring(ledger_file, row, ledger=CHANGES).outcome == "changed"
    with ledger_file.reading() as reading:
        assert reading.rows("SELECT kind, changed_on FROM status_change") == [("转入", "2025-10-28")]


def test_a_corrected_number_waits_while_the_register_number_stays(ledger_file: LedgerFile) -> None:
    bring(ledger_file, BASE)
    planned = bring(ledger_file, {**BASE, "document_number": document_number(8)}, SECOND)
    assert (planned.outcome, codes(planned)) == ("waiting", {"ID corrected"})


def test_another_name_under_one_number_is_asked_and_kept(ledger_file: LedgerFile) -> None:
    bring(ledger_file, BASE)
    planned = bring(ledger_file, {**BASE, "name": "王鑫鑫"}, SECOND)
    assert (planned.outcome, codes(planned)) == ("unchanged", {"name differs"})


@pytest.mark.parametrize("lacking", ["name", "class_name", "major", "level", "entered_on"])
def test_a_new_student_without_a_required_fact_is_refused(ledger_file: LedgerFile, lacking: str) -> None:
    planned = bring(ledger_file, {name: text for name, text in BASE.items() if name != lacking})
    assert (planned.outcome, codes(planned)) == ("invalid", {"missing"})


def test_a_known_student_needs_only_what_changed(ledger_file: LedgerFile) -> None:
    bring(ledger_file, BASE)
    planned = bring(ledger_file, {"document_number": NUMBER, "phone": "13900001111"}, SECOND)
    assert [each.after for each in planned.differences] == ["13900001111"]
