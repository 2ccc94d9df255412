"""Deleting: what hangs on a row goes with it, what would make no sense is refused, undo brings all back."""

from datetime import date, datetime

import pytest
from sqlalchemy import Table

from skillsaid_desktop.domain.entities import (
    AttentionFlag,
    ClassTeacher,
    Entity,
    HelpMeasure,
    Household,
    HouseholdMember,
    MonitoringNote,
    OpenQuestion,
    ReportingMonth,
    Verdict,
)
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import CHANGES, CLASSES, STUDENTS
from skillsaid_desktop.ledgers.removal import kind_of_rows, plan_removal, remove_rows
from skillsaid_desktop.storage import LedgerFile
from tests.factories import enrol, make_class, make_event


def test_a_student_goes_with_everything_and_comes_back(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("准备") as uow:
        student_id = enrol(uow, "王鑫", class_id=make_class(uow), category="脱贫户")
        make_event(uow, student_id, "休学", date(2025, 10, 1))
    with ledger_file.reading() as reading:
        assert plan_removal(reading, STUDENTS, [student_id]).lost == "1 人，身份类别 1 条，学籍异动 2 条"
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


def test_everything_that_points_at_a_student_goes_or_is_let_go(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("准备") as uow:
        student_id = enrol(uow, "王鑫", class_id=make_class(uow), category="脱贫户")
        note = MonitoringNote(
            student_id=student_id, month="2025-11", noted_on=date(2025, 11, 5), noted_by="黎晓东"
        )
        home = Household(head_name="王大山", head_name_folded="王大山")
        uow.add(note)
        uow.add(home)
        uow.flush()
        uow.add(HelpMeasure(note_id=note.id, measure="补课"))
        uow.add(HouseholdMember(household_id=home.id, student_id=student_id, name="王鑫", name_folded="王鑫"))
        uow.add(
            AttentionFlag(
                student_id=student_id, reason="父亲住院", raised_on=date(2025, 11, 1), raised_by="丁"
            )
        )
        uow.add(
            Verdict(
                student_id=student_id, roster_kind="poverty", person_key="k", answer="same", facts="f",
                judged_on=date(2025, 11, 1),
            )
        )  # fmt: skip
        for entity, record in (("student", student_id), ("monitoring_note", note.id), ("household", home.id)):
            uow.add(
                OpenQuestion(
                    entity=entity, record_id=record, code="x", message=entity, asked_at=datetime(2025, 11, 1)
                )
            )
    before = contents(ledger_file)
    with ledger_file.reading() as reading:
        removal = plan_removal(reading, STUDENTS, [student_id])
    assert {each.words for each in removal.going} == {
        "学籍异动 1 条", "身份类别 1 条", "每月监测 1 条", "帮助措施 1 条", "关注 1 条", "名册比对的判定 1 条", "疑问 2 条",
    }  # fmt: skip
    assert removal.sentences[1] == "留下，只断开联系：家庭成员 1 人。"
    with ledger_file.operation("删除学生 王鑫") as uow:
        remove_rows(uow, STUDENTS, [student_id])
    with ledger_file.reading() as reading:
        assert reading.rows("SELECT name, student_id FROM household_member") == [("王鑫", None)]
        assert reading.rows("SELECT entity FROM open_question") == [("household",)]
        assert reading.rows("PRAGMA foreign_key_check") == []
    ledger_file.undo()
    assert contents(ledger_file) == before


def test_a_class_that_changes_point_at_stays_and_an_empty_one_goes_with_its_teacher(
    ledger_file: LedgerFile,
) -> None:
    with ledger_file.operation("准备") as uow:
        used, empty = make_class(uow, "机电2301"), make_class(uow, "空班2301")
        enrol(uow, "王鑫", class_id=used)
        uow.add(ClassTeacher(class_id=empty, name="黎晓东"))
    with pytest.raises(UserError, match="还有学生的异动"), ledger_file.operation("删除班级") as uow:
        remove_rows(uow, CLASSES, [used])
    with ledger_file.reading() as reading:
        assert plan_removal(reading, CLASSES, [empty]).lost == "1 个班，班主任 1 条"
    with ledger_file.operation("删除班级") as uow:
        remove_rows(uow, CLASSES, [empty])
    with ledger_file.reading() as reading:
        assert reading.rows("SELECT name FROM school_class") == [("机电2301",)]
        assert reading.scalar("SELECT count(*) FROM class_teacher") == 0


def test_what_was_reported_wants_a_reason_whatever_row_says_so(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("准备") as uow:
        student_id = enrol(uow, "王鑫", class_id=make_class(uow), on=date(2025, 11, 1))
        uow.add(
            MonitoringNote(
                student_id=student_id, month="2025-10", noted_on=date(2025, 10, 20), noted_by="黎晓东"
            )
        )
        uow.add(
            ReportingMonth(
                month="2025-10", from_on=date(2025, 9, 26), to_on=date(2025, 10, 25), state="closed"
            )
        )
    with pytest.raises(UserError, match="2025年10月已封账"), ledger_file.operation("删除学生") as uow:
        remove_rows(uow, STUDENTS, [student_id])
    with ledger_file.operation("删除学生") as uow:
        remove_rows(uow, STUDENTS, [student_id], correction="登重了")


@pytest.mark.parametrize("table", Entity.metadata.sorted_tables, ids=lambda table: str(table.name))
def test_whatever_can_hang_on_a_row_has_a_name_in_the_question(table: Table) -> None:
    hangs = bool(table.foreign_keys) or {"entity", "record_id"} <= set(table.columns.keys())
    if hangs:
        title, unit = kind_of_rows(table.name)
        assert title
        assert unit


def contents(ledger_file: LedgerFile) -> dict[str, list[tuple[object, ...]]]:
    with ledger_file.reading() as reading:
        return {
            table.name: reading.rows(f'SELECT * FROM "{table.name}" ORDER BY 1')
            for table in Entity.metadata.sorted_tables
        }
