"""登记异动, as the coordinator meets it: what follows is seen before, one operation records it, undo takes it back."""

from datetime import date

import pytest

from skillsaid_desktop.domain.entities import ReportingMonth
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.services.record_change import (
    possible_kinds,
    preview_change,
    record_change,
    students_of,
)
from skillsaid_desktop.storage import LedgerFile
from tests.factories import enrol, make_class


@pytest.fixture
def people(ledger_file: LedgerFile) -> dict[str, int]:
    with ledger_file.operation("准备") as uow:
        class_id = make_class(uow, "机电2301")
        make_class(uow, "机电2302")
        names = ("赖斌超", "王鑫", "钟建明")
        found = {name: enrol(uow, name, class_id=class_id, category="脱贫户") for name in names}
        found["朱博"] = enrol(uow, "朱博", class_id=class_id)
        found["class"] = class_id
    return found


def state(ledger_file: LedgerFile, student_id: int, day: date) -> str:
    with ledger_file.reading() as reading:
        return str(
            reading.scalar(
                "SELECT state FROM student_span WHERE student_id = ? AND from_on <= ? AND to_on >= ?",
                (student_id, day.isoformat(), day.isoformat()),
            )
        )


def close_until(ledger_file: LedgerFile, month: str, from_on: date, to_on: date) -> None:
    with ledger_file.operation("封账") as uow:
        uow.insert_many(
            ReportingMonth, [{"month": month, "state": "closed", "from_on": from_on, "to_on": to_on}]
        )


def test_the_consequences_are_told_before_the_button(ledger_file: LedgerFile, people: dict[str, int]) -> None:
    with ledger_file.reading() as reading:
        preview = preview_change(reading, [people["赖斌超"]], "休学", date(2025, 10, 30))
    only = preview.students[0]
    assert (only.name, only.state_before, only.state_after, only.problem) == ("赖斌超", "在读", "休学", "")
    assert preview.month == "2025-11"
    assert {(move.code, move.before, move.after) for move in preview.figures} == {
        ("S1", 3, 3), ("S2", 3, 2), ("T1", 3, 2),
    }  # fmt: skip
    assert state(ledger_file, people["赖斌超"], date(2025, 11, 1)) == "在读"


def test_a_change_is_one_operation_and_undo_takes_it_back(
    ledger_file: LedgerFile, people: dict[str, int]
) -> None:
    operation_id = record_change(
        ledger_file, [people["赖斌超"]], "休学", date(2025, 10, 30), {"reason": "因病，需住院手术"}
    )
    assert ledger_file.history(limit=1)[0].name == "登记休学 赖斌超"
    assert state(ledger_file, people["赖斌超"], date(2025, 11, 1)) == "休学"
    ledger_file.undo(operation_id)
    assert state(ledger_file, people["赖斌超"], date(2025, 11, 1)) == "在读"


def test_a_whole_class_goes_on_internship_at_once(ledger_file: LedgerFile, people: dict[str, int]) -> None:
    with ledger_file.reading() as reading:
        everybody = students_of(reading, class_id=people["class"], on=date(2025, 11, 1))
    assert len(everybody) == 4
    record_change(ledger_file, everybody, "岗位实习", date(2025, 11, 3))
    assert ledger_file.history(limit=1)[0].name == "登记岗位实习 4 人"
    assert {state(ledger_file, one, date(2025, 11, 4)) for one in everybody} == {"实习"}


def test_somebody_who_can_not_is_named_and_nothing_is_recorded(
    ledger_file: LedgerFile, people: dict[str, int]
) -> None:
    both = [people["赖斌超"], people["王鑫"]]
    record_change(ledger_file, [people["王鑫"]], "休学", date(2025, 10, 28))
    with pytest.raises(UserError, match="赖斌超"):
        record_change(ledger_file, both, "复学", date(2025, 11, 5))
    assert state(ledger_file, people["王鑫"], date(2025, 11, 6)) == "休学"
    record_change(ledger_file, both, "复学", date(2025, 11, 5), only_possible=True)
    assert state(ledger_file, people["王鑫"], date(2025, 11, 6)) == "在读"


def test_a_closed_month_wants_a_reason(ledger_file: LedgerFile, people: dict[str, int]) -> None:
    close_until(ledger_file, "2025-10", date(2025, 9, 26), date(2025, 10, 25))
    with ledger_file.reading() as reading:
        preview = preview_change(reading, [people["王鑫"]], "退学", date(2025, 10, 20))
    assert preview.needs_reason
    assert preview.students[0].problem == ""
    assert preview.counted_month == "2025-11"
    with pytest.raises(UserError, match="10月已封账"):
        record_change(ledger_file, [people["王鑫"]], "退学", date(2025, 10, 20))
    record_change(ledger_file, [people["王鑫"]], "退学", date(2025, 10, 20), correction="班主任迟报")
    with ledger_file.reading() as reading:
        reason = reading.scalar("SELECT correction_reason FROM status_change WHERE kind = '退学'")
    assert reason == "班主任迟报"


def test_moving_to_another_class_needs_the_class(ledger_file: LedgerFile, people: dict[str, int]) -> None:
    with pytest.raises(UserError, match="没有写新班级"):
        record_change(ledger_file, [people["朱博"]], "转班", date(2025, 11, 3))
    record_change(ledger_file, [people["朱博"]], "转班", date(2025, 11, 3), {"class_after": "机电2302"})
    with ledger_file.reading() as reading:
        row = reading.rows(
            "SELECT class_name FROM student_span WHERE student_id = ? ORDER BY from_on DESC",
            (people["朱博"],),
        )[0]
    assert row == ("机电2302",)


def test_only_kinds_that_the_state_allows_are_offered(
    ledger_file: LedgerFile, people: dict[str, int]
) -> None:
    with ledger_file.reading() as reading:
        kinds = possible_kinds(reading, [people["朱博"]], date(2025, 11, 1))
    assert "休学" in kinds
    assert "退学" in kinds
    assert not {"复学", "恢复学籍", "实习结束", "入学"} & set(kinds)
