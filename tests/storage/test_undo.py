"""Undo and redo, seen through what the tables hold before and after."""

import json
import secrets
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table

from skillsaid_desktop.domain.entities import Entity, SchoolClass, StatusChange, Student
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.storage import LedgerFile, UnitOfWork, journal
from skillsaid_desktop.storage.chain import check_chain
from skillsaid_desktop.storage.connection import connect
from skillsaid_desktop.storage.keys import keys_path
from tests.factories import PASSPHRASE, make_class, make_event, make_student


def everything(ledger_file: LedgerFile) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every journalled table."""
    with ledger_file.reading() as reading:
        return {
            table.name: reading.rows(f'SELECT * FROM "{table.name}" ORDER BY id')
            for table in Entity.metadata.sorted_tables
        }


def test_undo_and_redo_an_import(ledger_file: LedgerFile) -> None:
    before = everything(ledger_file)
    with ledger_file.operation("导入学生名册 50 人") as uow:
        ids = uow.insert_many(Student, [{"name": f"生{n}", "name_folded": f"生{n}"} for n in range(50)])
        uow.insert_many(
            StatusChange, [{"student_id": i, "kind": "入学", "changed_on": date(2023, 9, 1)} for i in ids]
        )
    after = everything(ledger_file)
    assert ledger_file.undo().name == "撤销：导入学生名册 50 人"
    assert everything(ledger_file) == before
    assert ledger_file.redo().name == "重做：导入学生名册 50 人"
    assert everything(ledger_file) == after


def test_undo_works_across_restarts(ledger_file: LedgerFile) -> None:
    before = everything(ledger_file)
    with ledger_file.operation("新增学生") as uow:
        make_student(uow)
    after = everything(ledger_file)
    ledger_file.close(backup=False)
    for step, expected in (("undo", before), ("redo", after), ("undo", before)):
        opened = LedgerFile.open(ledger_file.path, passphrase=PASSPHRASE)
        getattr(opened, step)()
        assert everything(opened) == expected
        opened.close(backup=False)


def test_undone_ids_are_never_given_again(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("新增学生") as uow:
        first = make_student(uow)
    ledger_file.undo()
    with ledger_file.operation("新增学生") as uow:
        assert uow.insert_many(Student, [{"name": "乙", "name_folded": "乙"}]) == [first + 1]


def test_undo_refuses_after_a_later_edit_and_names_it(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("新增学生") as uow:
        student_id = make_student(uow)
    first = uow.operation_id
    with ledger_file.operation("改电话") as uow:
        uow.update_many(Student, [{"id": student_id, "phone": "13800000000"}])
    before = everything(ledger_file)
    with pytest.raises(UserError, match="“新增学生”撤销不了：后面的“改电话”"):
        ledger_file.undo(first)
    assert everything(ledger_file) == before


def test_undo_refuses_while_a_later_row_hangs_on_it(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("新增学生") as uow:
        student_id = make_student(uow)
    first = uow.operation_id
    with ledger_file.operation("登记休学") as uow:
        make_event(uow, student_id, "休学", date(2025, 10, 1))
    with pytest.raises(UserError, match="登记休学"):
        ledger_file.undo(first)


def test_undo_refuses_to_bring_back_a_row_whose_class_is_gone(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("准备") as uow:
        class_id = make_class(uow)
        student_id = make_student(uow)
        event_id = make_event(uow, student_id, "入学", date(2023, 9, 1), class_id=class_id)
    with ledger_file.operation("删除异动") as uow:
        uow.delete_many(StatusChange, [event_id])
    deleting = uow.operation_id
    with ledger_file.operation("删除班级") as uow:
        uow.delete_many(SchoolClass, [class_id])
    with pytest.raises(UserError, match="删除班级"):
        ledger_file.undo(deleting)


def test_undo_refuses_when_a_number_was_given_to_somebody_else(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("新增学生") as uow:
        student_id = make_student(uow, document_number="360731200806204952")
    with ledger_file.operation("删除学生") as uow:
        uow.delete_many(Student, [student_id])
    deleting = uow.operation_id
    with ledger_file.operation("重新登记") as uow:
        make_student(uow, document_number="360731200806204952")
    with pytest.raises(UserError, match="重新登记"):
        ledger_file.undo(deleting)


def test_undo_untangles_traded_unique_values(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("准备") as uow:
        one, two = make_class(uow, "机电2301"), make_class(uow, "机电2302")
    with ledger_file.operation("班名对调") as uow:
        uow.update_many(SchoolClass, [{"id": one, "name": "临时"}])
        uow.update_many(SchoolClass, [{"id": two, "name": "机电2301"}])
        uow.update_many(SchoolClass, [{"id": one, "name": "机电2302"}])
    ledger_file.undo()
    with ledger_file.reading() as reading:
        assert reading.rows("SELECT name FROM school_class ORDER BY id") == [("机电2301",), ("机电2302",)]


def test_a_new_operation_ends_redo(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("新增甲") as uow:
        make_student(uow)
    ledger_file.undo()
    assert [row.name for row in ledger_file.redoable()] == ["撤销：新增甲"]
    with ledger_file.operation("新增乙") as uow:
        make_student(uow)
    assert ledger_file.redoable() == []
    with pytest.raises(UserError):
        ledger_file.redo()


def test_making_the_ledger_can_not_be_undone(ledger_file: LedgerFile) -> None:
    assert ledger_file.undoable() == []
    with pytest.raises(UserError, match="没有可以撤销"):
        ledger_file.undo()


def naming_what_is_empty(table: Table, alias: str) -> str:
    """Return a row's JSON as files of the first format journal it."""
    parts = ", ".join(f"'{column.name}', {alias}.\"{column.name}\"" for column in table.columns)
    return f"json_object({parts})"


def set_triggers(ledger_file: LedgerFile, row_json: Callable[[Table, str], str]) -> None:
    """Make the journal's triggers anew, with rows in this form."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "row_json", row_json)
        statements = journal.journal_triggers(Entity.metadata.sorted_tables)
    connection = connect(ledger_file.path, ledger_file._key)
    for table in Entity.metadata.tables:
        for name in journal.trigger_names(table):
            connection.execute(f'DROP TRIGGER "{name}"')
    for statement in statements:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("is_upgraded", [False, True])
def test_an_older_journal_that_names_what_is_empty_is_undone(
    ledger_file: LedgerFile, is_upgraded: bool
) -> None:
    set_triggers(ledger_file, naming_what_is_empty)
    states = [everything(ledger_file)]
    with ledger_file.operation("新增学生") as uow:
        student_id = make_student(uow, remark='"甲"\n', phone=None)
    states.append(everything(ledger_file))
    with ledger_file.operation("改电话") as uow:
        uow.update_many(Student, [{"id": student_id, "phone": "13800000000", "remark": None}])
    (changed,) = ledger_file.operation_changes(uow.operation_id)
    assert changed.before is not None
    assert "former_name" in changed.before
    states.append(everything(ledger_file))
    if is_upgraded:
        set_triggers(ledger_file, journal.row_json)
    for expected in reversed(states[:-1]):
        ledger_file.undo()
        assert everything(ledger_file) == expected
    for expected in states[1:]:
        ledger_file.redo()
        assert everything(ledger_file) == expected
    assert ledger_file.verify().is_whole


def test_the_journal_leaves_out_what_is_empty(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("新增学生") as uow:
        student_id = make_student(uow, phone="", is_boarding=False)
    with ledger_file.operation("改住宿") as uow:
        uow.update_many(Student, [{"id": student_id, "is_boarding": None, "phone": "138"}])
    (change,) = ledger_file.operation_changes(uow.operation_id)
    assert change.before is not None
    assert change.after is not None
    assert (change.before["phone"], change.before["is_boarding"]) == ("", 0)
    assert "is_boarding" not in change.after
    assert None not in change.before.values()
    assert sorted(change.differences) == [("is_boarding", 0, None), ("phone", "", "138")]


TEXT = st.text(
    st.characters(exclude_categories=["Cs"]), max_size=6
)  # NUL, quotes and plane-2 characters included


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_undo_restores_exactly(ledger_path: Path, data: st.DataObject) -> None:
    """Random operations on a table with a unique column and on one that points to it."""
    copy = ledger_path.with_name(f"{secrets.token_hex(8)}.skillsaid")
    shutil.copyfile(ledger_path, copy)
    shutil.copyfile(keys_path(ledger_path), keys_path(copy))
    ledger_file = LedgerFile.open(copy, passphrase=PASSPHRASE)
    try:
        undo_all_and_redo_all(ledger_file, data)
    finally:
        ledger_file.close(backup=False)


def undo_all_and_redo_all(ledger_file: LedgerFile, data: st.DataObject) -> None:
    states = [everything(ledger_file)]
    done = 0
    for _ in range(data.draw(st.integers(1, 4))):
        with ledger_file.operation("随机") as uow:
            for _ in range(data.draw(st.integers(1, 5))):
                random_write(uow, data)
        if uow.is_recorded:
            done += 1
            states.append(everything(ledger_file))
    for expected in reversed(states[:-1]):
        ledger_file.undo()
        assert everything(ledger_file) == expected
    for expected in states[1:]:
        ledger_file.redo()
        assert everything(ledger_file) == expected
    for _ in range(done):
        ledger_file.undo()
    assert everything(ledger_file) == states[0]
    with ledger_file.reading() as reading:
        assert check_chain(reading.session.connection().connection.cursor()) is None
        assert reading.rows("PRAGMA foreign_key_check") == []


def random_write(uow: UnitOfWork, data: st.DataObject) -> None:
    classes = [row[0] for row in uow.rows("SELECT id FROM school_class")]
    free = [
        row[0]
        for row in uow.rows(
            "SELECT id FROM school_class WHERE id NOT IN (SELECT class_id FROM class_teacher)"
        )
    ]
    taken = {row[0] for row in uow.rows("SELECT name FROM school_class")}
    kind = data.draw(st.sampled_from(("class", "teacher", "rename", "drop", "setting")))
    name = data.draw(TEXT.filter(lambda text: text not in taken))
    if kind == "class":
        uow.insert_many(SchoolClass, [{"name": name, "remark": data.draw(st.none() | TEXT)}])
    elif kind == "teacher" and classes:
        row = {"class_id": data.draw(st.sampled_from(classes)), "name": name, "from_on": date(2024, 2, 29)}
        uow.insert_many(Entity.metadata.tables["class_teacher"], [row])
    elif kind == "rename" and classes:
        uow.update_many(SchoolClass, [{"id": data.draw(st.sampled_from(classes)), "name": name}])
    elif kind == "drop" and free:
        uow.delete_many(SchoolClass, [data.draw(st.sampled_from(free))])
    elif kind == "setting":
        uow.set_setting("note", json.loads(json.dumps({"text": name, "ratio": data.draw(st.floats(0, 1))})))
