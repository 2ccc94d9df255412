"""Questions about rows that were stored are answered once, and the answer can be taken back."""

import pytest

from skillsaid_desktop.clock import now
from skillsaid_desktop.domain.entities import OpenQuestion
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.services.questions import answer_questions, list_questions
from skillsaid_desktop.storage import LedgerFile
from tests import factories


@pytest.fixture
def student(ledger_file: LedgerFile) -> int:
    with ledger_file.operation("导入") as uow:
        student_id = factories.enrol(uow, "刘志豪", class_id=factories.make_class(uow))
        uow.add(
            OpenQuestion(
                code="age", message="刘志豪 31 岁", entity="student", record_id=student_id, file="名册.xlsx",
                sheet="Sheet1", row=7, asked_at=now(),
            )
        )  # fmt: skip
    return student_id


def test_an_answered_question_leaves_the_list_until_the_answer_is_undone(
    ledger_file: LedgerFile, student: int
) -> None:
    with ledger_file.reading() as reading:
        (question,) = list_questions(reading)
    assert question.student_id == student
    answer_questions(ledger_file, [question.id], "户口簿核对无误")
    with ledger_file.reading() as reading:
        assert not list_questions(reading)
    ledger_file.undo()
    with ledger_file.reading() as reading:
        assert list_questions(reading) == [question]


def test_an_empty_answer_is_refused(ledger_file: LedgerFile, student: int) -> None:
    with pytest.raises(UserError, match="答复是空的"):
        answer_questions(ledger_file, [1], "　")
