"""Deleting: what hangs on a row goes with it, what would make no sense is refused, undo brings all back."""

from datetime import date

import pytest

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import CHANGES, STUDENTS
from skillsaid_desktop.ledgers.removal import describe_removal, remove_rows
from skillsaid_desktop.storage import LedgerFile
from tests.factories import enrol, make_class, make_event


def test_a_student_goes_with_everything_and_comes_back(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("准备") as uow:
        student_id = enrol(uow, "王鑫", class_id=make_class(uow), category="脱贫户")
        make_event(uow, student_id, "休学", date(2025, 10, 1))
    with ledger_file.reading() as reading:
        assert describe_removal(reading, STUDENTS, [student_id]) == "1 人，异动 2 条，身份类别 1 条"
    with ledger_file.operation("删除学生 王鑫") as uow:
        remove_rows(uow, STUDENTS, [student_id])
        operation_id = uow.operation_id
    with ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM student_span") == 0
    ledger_file.undo(operation_id)
    with ledger_file.reading() as reading:
        assert reading.rows("SELECT state FROM student_span ORDER BY from_on") == [("在读",), ("休学",)]


def test_a_change_that_others_rest_on_stays(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("准备") as uow:
        student_id = enrol(uow, "王鑫", class_id=make_class(uow))
        away = make_event(uow, student_id, "休学", date(2025, 10, 1))
        make_event(uow, student_id, "复学", date(2025, 11, 1))
        entry = uow.scalar("SELECT id FROM status_change WHERE kind = '入学'")
    for change_id in (away, entry):
        with pytest.raises(UserError, match="王鑫"), ledger_file.operation("删除异动") as uow:
            remove_rows(uow, CHANGES, [change_id])
