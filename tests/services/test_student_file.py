"""The drawer of a student: how it is now, what happened, what is due, who edited what."""

from datetime import date

import pytest

from skillsaid_desktop.ledgers import HARDSHIP, STUDENTS
from skillsaid_desktop.ledgers.listing import write
from skillsaid_desktop.services.monitoring import write_note
from skillsaid_desktop.services.record_change import record_change
from skillsaid_desktop.services.student_file import list_edits, load_student
from skillsaid_desktop.storage import LedgerFile
from tests.factories import enrol, make_class


@pytest.fixture
def student_id(ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-20")
    with ledger_file.operation("准备") as uow:
        return enrol(uow, "孙嘉", class_id=make_class(uow), category="脱贫户", guardian_name="孙根才")


def test_the_drawer_tells_how_it_is_now_and_what_is_due(ledger_file: LedgerFile, student_id: int) -> None:
    note = {
        "difficulty": "较重",
        "measure": "申请校内临时补助",
        "due_on": "2025-12-05",
        "responsible": "黎晓东",
    }
    write_note(ledger_file, student_id, "2025-11", note)
    record_change(ledger_file, [student_id], "休学", date(2025, 11, 18), {"reason": "因病"})
    with ledger_file.reading() as reading:
        found = load_student(reading, student_id, date(2025, 11, 20))
    assert found is not None
    answers = {each.label: each.text for each in found.answers}
    assert answers["学籍"] == "休学，2025-11-18 休学"
    assert answers["身份"] == "脱贫户，2023-09-01 起"
    assert answers["监测"] == "11月 较重"
    assert [(each.text, each.on, each.is_attention) for each in found.ahead] == [
        ("9月还没有监测记录", date(2025, 9, 25), True),
        ("申请校内临时补助", date(2025, 12, 5), False),
    ]
    assert [each.place.act for each in found.ahead if each.place] == ["去填写", "填结果"]
    assert [each.text for each in found.past if each.kind == "change"] == ["休学", "入学"]


def test_categories_are_edited_as_rows(ledger_file: LedgerFile, student_id: int) -> None:
    with ledger_file.reading() as reading:
        found = load_student(reading, student_id)
    assert found is not None
    with ledger_file.operation("改身份类别") as uow:
        write(uow, HARDSHIP, {"to_on": "2025-11-10"}, found.categories[0].id)
    with ledger_file.reading() as reading:
        again = load_student(reading, student_id, date(2025, 11, 11))
    assert again is not None
    assert again.values["is_target"] is False
    assert again.categories[0].to_on == date(2025, 11, 10)


def test_edits_are_told_with_before_and_after(ledger_file: LedgerFile, student_id: int) -> None:
    with ledger_file.operation("改电话") as uow:
        write(uow, STUDENTS, {"phone": "13900001111"}, student_id)
    with ledger_file.operation("改电话") as uow:
        write(uow, STUDENTS, {"phone": "13900002222"}, student_id)
    first = list_edits(ledger_file, student_id)[0]
    assert (first.operation, first.title, first.before, first.after) == (
        "改电话", "联系电话", "13900001111", "13900002222",
    )  # fmt: skip
