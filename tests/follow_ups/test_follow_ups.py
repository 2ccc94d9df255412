"""Follow-ups are derived from what is stored: they come by themselves, and go when it is done."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from skillsaid_desktop.clock import now
from skillsaid_desktop.domain.entities import ClassTeacher, HelpMeasure, MonitoringNote, PendingRow
from skillsaid_desktop.follow_ups import FOLLOW_UPS, FollowUp, by_person, follow_ups_of, list_follow_ups
from skillsaid_desktop.schema import Severity
from skillsaid_desktop.services.closing import close_month
from skillsaid_desktop.services.pending import drop_pending
from skillsaid_desktop.storage import LedgerFile, UnitOfWork
from skillsaid_desktop.storage.unit_of_work import Reading
from tests.factories import enrol, make_class, make_hardship, make_ledger


@pytest.fixture
def ledger_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LedgerFile]:
    """A ledger whose first month is 2025-11, on the 24th of it."""
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-24")
    opened = make_ledger(tmp_path / "台账.skillsaid", first_month="2025-11")
    yield opened
    opened.close(backup=False)


def new_student(uow: UnitOfWork, name: str = "刘志豪", *, noted: str | None = "无", **values: object) -> int:
    """Enrol a target student, with a note of November unless told otherwise."""
    class_id = uow.scalar("SELECT id FROM school_class WHERE name = '机电2301'") or make_class(uow)
    student_id = enrol(uow, name, class_id=class_id, **{"category": "脱贫户", **values})  # type: ignore[arg-type]
    if noted is not None:
        note(uow, student_id, difficulty=noted)
    return student_id


def note(uow: UnitOfWork, student_id: int, *, difficulty: str = "无", on: date = date(2025, 11, 12)) -> int:
    made = MonitoringNote(
        student_id=student_id, month="2025-11", noted_on=on, noted_by="陈老师", difficulty=difficulty
    )
    uow.add(made)
    uow.flush()
    return made.id


def listed(ledger_file: LedgerFile) -> list[FollowUp]:
    with ledger_file.reading() as reading:
        return list_follow_ups(reading)


def told(found: list[FollowUp]) -> list[tuple[str, str]]:
    return [(one.who, one.text) for one in found]


def test_who_was_not_looked_at_is_work_from_the_day_of_the_reminder(
    ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ledger_file.operation("准备") as uow:
        student_id = new_student(uow, noted=None)
        new_student(uow, "徐宇斌", noted=None, category=None)  # no target
        class_id = uow.scalar("SELECT class_id FROM status_change WHERE student_id = ?", (student_id,))
        uow.add(ClassTeacher(class_id=class_id, name="万小琴", from_on=date(2023, 9, 1)))
    (one,) = listed(ledger_file)
    assert (one.who, one.class_name, one.text) == ("刘志豪", "机电2301", "11月还没有监测记录")
    assert (one.due_on, one.responsible, one.severity) == (date(2025, 11, 25), "万小琴", Severity.HINT)
    assert (one.place.page, one.place.params) == ("monitoring", {"student": student_id, "month": "2025-11"})
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-05")
    assert listed(ledger_file) == []
    with ledger_file.reading() as reading:  # what comes next for one student stands there all month
        assert [one.kind for one in follow_ups_of(reading, student_id)] == ["unseen"]
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-28")
    assert [one.severity for one in listed(ledger_file)] == [Severity.ASK]
    with ledger_file.operation("填监测") as uow:
        note(uow, student_id)
    assert listed(ledger_file) == []


def test_difficulty_without_a_measure_goes_when_there_is_one(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("准备") as uow:
        student_id = new_student(uow, noted="较重")
        note(uow, new_student(uow, "曾诗", noted="紧急"), on=date(2025, 11, 20))  # better by the latest note
        urgent = new_student(uow, "钟建明", noted="紧急")
    found = listed(ledger_file)
    assert told(found) == [("钟建明", "困难紧急，还没有帮助措施"), ("刘志豪", "困难较重，还没有帮助措施")]
    assert [one.severity for one in found] == [Severity.ASK, Severity.HINT]
    assert found[0].responsible == "陈老师"
    with ledger_file.operation("写措施") as uow:
        for one in (student_id, urgent):
            note_id = uow.scalar("SELECT id FROM monitoring_note WHERE student_id = ?", (one,))
            uow.add(HelpMeasure(note_id=note_id, measure="申请临时补助", due_on=date(2025, 12, 5)))
    assert listed(ledger_file) == []


def test_a_measure_past_its_date_stands_until_it_has_a_result(
    ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ledger_file.operation("准备") as uow:
        student_id = new_student(uow, noted="较重")
        note_id = uow.scalar("SELECT id FROM monitoring_note")
        uow.add(
            HelpMeasure(note_id=note_id, measure="联系补课", responsible="喻志刚", due_on=date(2025, 11, 24))
        )
    assert listed(ledger_file) == []  # it may still be done today
    with ledger_file.reading() as reading:
        (ahead,) = follow_ups_of(reading, student_id)
    assert (ahead.text, ahead.left(date(2025, 11, 24))) == ("联系补课", "今天")
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-30")
    (one,) = listed(ledger_file)
    assert (one.responsible, one.left(date(2025, 11, 30)), one.severity) == (
        "喻志刚",
        "逾期 6 天",
        Severity.ASK,
    )
    assert one.place.params == {"record": note_id}
    with ledger_file.operation("填结果") as uow:
        uow.execute("UPDATE help_measure SET result = '补了四次，跟上了'")
    assert listed(ledger_file) == []


def test_a_category_that_ends_soon_is_told_unless_another_goes_on(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("准备") as uow:
        uow.set_setting("preparer", "丁晓岚")
        ending = new_student(uow, category=None)
        make_hardship(uow, ending, "脱贫不稳定户", date(2024, 1, 1), to_on=date(2025, 12, 20))
        late = new_student(uow, "曾诗", category=None)
        make_hardship(uow, late, "脱贫不稳定户", date(2024, 1, 1), to_on=date(2026, 3, 1))
        other = new_student(uow, "钟建明", category=None)
        make_hardship(uow, other, "脱贫不稳定户", date(2024, 1, 1), to_on=date(2025, 12, 20))
        make_hardship(uow, other, "脱贫户", date(2025, 12, 21))
        none = new_student(uow, "王鑫", category=None)
        make_hardship(uow, none, "低保", date(2024, 1, 1), to_on=date(2025, 12, 20))  # no target
    (one,) = listed(ledger_file)
    assert (one.student_id, one.due_on, one.responsible) == (ending, date(2025, 12, 20), "丁晓岚")
    assert one.text == "脱贫不稳定户到 12月20日为止，以后不再算帮扶对象，请核对"
    with ledger_file.operation("改设置") as uow:
        uow.set_setting("remind_days", 7)
    assert listed(ledger_file) == []


def test_a_waiting_row_is_one_until_it_is_dealt_with(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("准备") as uow:
        student_id = new_student(uow)
        number = uow.scalar("SELECT document_number FROM student")
        issue = {
            "severity": "ask",
            "code": "which",
            "column": "",
            "message": f"{number} 对不上",
            "waits": True,
        }
        row = PendingRow(
            ledger="monitoring", file="监测表.xlsx", file_digest="0", sheet="1", row=7, outcome="waiting",
            who="刘志豪", cells={"document_number": number, "class_name": "机电2301"}, issues=[issue],
            received_at=now(),
        )  # fmt: skip
        uow.add(row)
        uow.flush()
        row_id = row.id
    (one,) = listed(ledger_file)
    assert (one.student_id, one.who, one.class_name) == (student_id, "刘志豪", "机电2301")
    assert one.text.startswith("第 7 行没有导入：")
    assert number not in one.text
    assert one.place.params == {"row": row_id}
    with ledger_file.reading() as reading:
        assert [each.kind for each in follow_ups_of(reading, student_id)] == ["waiting"]
    drop_pending(ledger_file, [row_id], "重复的表")
    assert listed(ledger_file) == []


def test_the_month_is_the_one_to_be_closed_next(
    ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ledger_file.operation("准备") as uow:
        new_student(uow, noted=None, sex=None, born_on=None)
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-12-22")
    assert told(listed(ledger_file)) == [("刘志豪", "11月还没有监测记录")]
    close_month(ledger_file, "2025-11", {"30": "下月补记", "31": "还没有结对"})
    assert told(listed(ledger_file)) == [("刘志豪", "12月还没有监测记录")]


def test_what_is_most_overdue_and_who_has_most_of_it_come_first(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("准备") as uow:
        for name, person, due in (
            ("甲", "陈老师", "2025-11-20"), ("乙", "万小琴", "2025-11-01"), ("丙", "万小琴", "2025-11-18"),
        ):  # fmt: skip
            student_id = new_student(uow, name)
            note_id = uow.scalar("SELECT id FROM monitoring_note WHERE student_id = ?", (student_id,))
            uow.add(
                HelpMeasure(
                    note_id=note_id, measure="谈心", responsible=person, due_on=date.fromisoformat(due)
                )
            )
        new_student(uow, "丁", noted=None)
    found = listed(ledger_file)
    assert [one.who for one in found] == ["乙", "丙", "甲", "丁"]
    loads = by_person(found, date(2025, 11, 24))
    assert [(load.responsible, load.overdue(date(2025, 11, 24))) for load in loads] == [
        ("万小琴", 2), ("陈老师", 1), ("机电2301班主任", 0),
    ]  # fmt: skip


def test_two_of_one_name_in_one_class_are_told_apart(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("准备") as uow:
        for _ in range(2):
            new_student(uow, "刘婷", noted=None)
        new_student(uow, "曾诗", noted=None)
        tails = [row[0][-4:] for row in uow.rows("SELECT document_number FROM student WHERE name = '刘婷'")]
    assert {one.who for one in listed(ledger_file)} == {*(f"刘婷（{tail}）" for tail in tails), "曾诗"}


def test_no_student_costs_a_query_of_his_own(
    ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = Reading._execute

    def counting(self: Reading, sql: str, params: object) -> list[tuple[object, ...]]:
        asked.append(sql)
        return real(self, sql, params)  # type: ignore[arg-type]

    monkeypatch.setattr(Reading, "_execute", counting)
    numbers = []
    for round_ in range(2):
        with ledger_file.operation("准备") as uow:
            for at in range(15):
                new_student(uow, f"学生{round_}{at}", noted=None if at % 2 else "较重")
        asked.clear()
        assert len(listed(ledger_file)) == 15 * (round_ + 1)
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]


def test_kinds_have_names_of_their_own() -> None:
    assert (
        len({kind.name for kind in FOLLOW_UPS}) == len({kind.title for kind in FOLLOW_UPS}) == len(FOLLOW_UPS)
    )
