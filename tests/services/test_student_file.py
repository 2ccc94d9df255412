"""The drawer of a student: how it is now, what happened, what is due, and why he is watched."""

from datetime import date

import pytest

from skillsaid_desktop.domain.entities import Attachment, HelpMeasure
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import HARDSHIP, STUDENTS, timeline
from skillsaid_desktop.ledgers.listing import Among, ListQuery, fetch_rows, list_ids, write
from skillsaid_desktop.ledgers.timeline import EntryKind, TimelineEntry, TimelineSource
from skillsaid_desktop.services.attention import clear_flags, load_open_flags, raise_flag
from skillsaid_desktop.services.monitoring import write_note
from skillsaid_desktop.services.record_change import record_change
from skillsaid_desktop.services.student_file import load_student
from skillsaid_desktop.storage import LedgerFile, Reading
from tests.factories import enrol, make_class, make_contact, make_pairing


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


def test_a_new_source_joins_the_timeline_with_one_line(
    ledger_file: LedgerFile, student_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def visits(_reading: Reading, one: int, day: date) -> list[TimelineEntry]:
        return [TimelineEntry("visit", date(2025, 11, 2), f"家访 {one}", "到了家里")]

    source = TimelineSource(visits, (EntryKind("visit", "家访", icon="home_person"),))
    monkeypatch.setattr(timeline, "TIMELINE", (*timeline.TIMELINE, source))
    with ledger_file.reading() as reading:
        found = load_student(reading, student_id)
    assert found is not None
    assert [(each.kind, each.text) for each in found.past][:2] == [
        ("visit", f"家访 {student_id}"), ("change", "入学"),
    ]  # fmt: skip
    assert timeline.kind_named("visit").title == "家访"


def test_edits_of_the_facts_stand_in_the_timeline_by_title_and_an_undone_one_does_not(
    ledger_file: LedgerFile, student_id: int
) -> None:
    with ledger_file.operation("改电话") as uow:
        write(uow, STUDENTS, {"phone": "13900001111"}, student_id)
    with ledger_file.operation("改曾用名") as uow:
        write(uow, STUDENTS, {"former_name": "孙小嘉"}, student_id)
    ledger_file.undo()
    with ledger_file.reading() as reading:
        found = load_student(reading, student_id)
    assert found is not None
    edits = [each for each in found.past if each.kind == "import"]
    assert [(each.text, each.detail) for each in edits] == [("改了联系电话", "改电话")]


def test_a_flag_is_raised_cleared_with_a_reason_and_both_can_be_undone(
    ledger_file: LedgerFile, student_id: int
) -> None:
    raise_flag(ledger_file, [student_id], "父亲住院")
    with ledger_file.reading() as reading:
        found = load_student(reading, student_id)
    assert found is not None
    assert [(each.reason, each.raised_by) for each in found.flags] == [("父亲住院", "王老师")]
    assert found.answers[0].text == "父亲住院（王老师 11月20日）"
    with pytest.raises(UserError, match="已经因为“父亲住院”关注着了"):
        raise_flag(ledger_file, [student_id], "父亲住院")
    with pytest.raises(UserError, match="为什么不再关注"):
        clear_flags(ledger_file, [found.flags[0].id], "  ")
    clear_flags(ledger_file, [found.flags[0].id], "父亲出院，家里恢复")
    with ledger_file.reading() as reading:
        again = load_student(reading, student_id)
    assert again is not None
    assert again.flags == ()
    assert {each.text for each in again.past if each.kind == "flag"} == {
        "列入关注：父亲住院", "不再关注：父亲出院，家里恢复",
    }  # fmt: skip
    ledger_file.undo()
    with ledger_file.reading() as reading:
        assert len(load_open_flags(reading, student_id)) == 1
    ledger_file.undo()
    with ledger_file.reading() as reading:
        assert load_open_flags(reading, student_id) == []


def test_files_stand_on_the_timeline_by_the_day_they_came(ledger_file: LedgerFile, student_id: int) -> None:
    with ledger_file.operation("归入材料") as uow:
        for kind in ("户口簿", "身份证", "身份证"):
            uow.add(
                Attachment(
                    entity="student",
                    record_id=student_id,
                    kind=kind,
                    name="1.jpg",
                    added_on=date(2025, 11, 3),
                )
            )
    with ledger_file.reading() as reading:
        found = load_student(reading, student_id)
    assert found is not None
    files = [each for each in found.past if each.kind == "file"]
    assert [(each.on, each.text) for each in files] == [(date(2025, 11, 3), "归入材料：户口簿、身份证")]


def test_students_are_listed_by_their_flags(ledger_file: LedgerFile, student_id: int) -> None:
    raise_flag(ledger_file, [student_id], "父亲住院")
    raise_flag(ledger_file, [student_id], "想退学打工")
    query = ListQuery(as_of=date(2025, 11, 20), filters={"is_flagged": Among((True,))})
    with ledger_file.reading() as reading:
        ids = list_ids(reading, STUDENTS, query)
        rows = fetch_rows(reading, STUDENTS, ids, query.as_of)
    assert ids == [student_id]
    assert (rows[0]["is_flagged"], rows[0]["flagged_for"]) == (True, "父亲住院；想退学打工")


def test_who_is_not_flagged_has_a_blank_there(ledger_file: LedgerFile, student_id: int) -> None:
    with ledger_file.reading() as reading:
        (row,) = fetch_rows(reading, STUDENTS, [student_id], date(2025, 11, 20))
        flagged = list_ids(
            reading, STUDENTS, ListQuery(as_of=date(2025, 11, 20), filters={"is_flagged": Among((True,))})
        )
    assert row["is_flagged"] is None
    assert flagged == []


def test_pairings_contacts_and_what_was_promised_in_them_are_on_the_timeline(
    ledger_file: LedgerFile, student_id: int
) -> None:
    with ledger_file.operation("准备") as uow:
        make_pairing(uow, student_id, post="党委书记", ended_on=date(2025, 11, 18), end_reason="工作调动")
        contact = make_contact(
            uow,
            student_id,
            date(2025, 11, 14),
            situation="学习跟得上",
            difficulties="缺少生活费",
            amount_fen=50_000,
        )
        uow.insert_many(
            HelpMeasure, [{"contact_id": contact, "measure": "联系勤工岗", "due_on": date(2025, 12, 1)}]
        )
    with ledger_file.reading() as reading:
        found = load_student(reading, student_id, date(2025, 11, 20))
    assert found is not None
    assert [
        (each.on.isoformat(), each.text, each.detail)
        for each in found.past
        if each.kind in ("pairing", "contact")
    ] == [
        ("2025-11-18", "和查文彬的结对解除", "工作调动"),
        ("2025-11-14", "查文彬面谈", "学习跟得上；困难：缺少生活费；给了 500.00 元"),
        ("2025-09-01", "和查文彬（党委书记）结对", ""),
    ]
    assert ("联系勤工岗", "责任人 查文彬，还有 11 天", False) in [
        (each.text, each.detail, each.is_attention) for each in found.ahead
    ]
