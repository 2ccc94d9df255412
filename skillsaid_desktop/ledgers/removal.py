"""Taking rows out of a ledger: what hangs on them goes with them, and a closed month wants a reason. Undo brings all back."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from skillsaid_desktop.domain.entities import (
    Attachment,
    ClassTeacher,
    Entity,
    HardshipStatus,
    HelpMeasure,
    Household,
    HouseholdMember,
    MonitoringNote,
    OpenQuestion,
    SchoolClass,
    StatusChange,
    Student,
)
from skillsaid_desktop.domain.status import ENTRY, check_events
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.ledgers.reported import load_reported
from skillsaid_desktop.ledgers.student_events import load_changes

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

_FIRST_DAY = {
    "student": "SELECT min(changed_on) FROM status_change WHERE student_id IN ({ids})",
    "status_change": "SELECT min(changed_on) FROM status_change WHERE id IN ({ids})",
    "hardship_status": "SELECT min(from_on) FROM hardship_status WHERE id IN ({ids})",
    "monitoring_note": "SELECT min(noted_on) FROM monitoring_note WHERE id IN ({ids})",
}
_BELONGING: tuple[tuple[type[Entity], str], ...] = (
    (HelpMeasure, "SELECT m.id FROM help_measure m JOIN monitoring_note n ON n.id = m.note_id WHERE n.student_id IN ({ids})"),
    (MonitoringNote, "SELECT id FROM monitoring_note WHERE student_id IN ({ids})"),
    (HardshipStatus, "SELECT id FROM hardship_status WHERE student_id IN ({ids})"),
    (StatusChange, "SELECT id FROM status_change WHERE student_id IN ({ids})"),
)  # fmt: skip
_MEMBERS = "SELECT id FROM household_member WHERE household_id IN ({ids})"
_TABLES: dict[str, type[Entity]] = {
    "student": Student, "status_change": StatusChange, "hardship_status": HardshipStatus,
    "monitoring_note": MonitoringNote, "school_class": SchoolClass, "household": Household,
    "household_member": HouseholdMember,
}  # fmt: skip


def describe_removal(reading: "Reading", ledger: Ledger, record_ids: Sequence[int]) -> str:
    """Return what would be lost, by kind and count, for the question before it."""
    lost = [f"{len(record_ids)} {ledger.unit}"]
    if ledger.entity == "student":
        for title, entity in (("异动", StatusChange), ("身份类别", HardshipStatus), ("监测", MonitoringNote)):
            statement = next(sql for each, sql in _BELONGING if each is entity)
            count = len(reading.rows(statement.format(ids=_list(record_ids))))
            if count:
                lost.append(f"{title} {count} 条")
    if ledger.entity == "household":
        members = _ids(reading, _MEMBERS.format(ids=_list(record_ids)))
        if members:
            lost.append(f"家庭成员 {len(members)} 人")
    files = _files_of(reading, ledger.entity, record_ids)
    if files:
        lost.append(f"材料 {len(files)} 份")
    return "，".join(lost)


def reported_month(reading: "Reading", ledger: Ledger, record_ids: Sequence[int]) -> str | None:
    """Return the closed month that deleting these rows would change, None if a reason is not needed."""
    if ledger.entity not in _FIRST_DAY:
        return None
    first = reading.scalar(_FIRST_DAY[ledger.entity].format(ids=_list(record_ids)))
    reported = load_reported(reading)
    return (
        reported.name(date.fromisoformat(first))
        if first and reported.touches(date.fromisoformat(first))
        else None
    )


def remove_rows(
    uow: "UnitOfWork", ledger: Ledger, record_ids: Sequence[int], *, correction: str = ""
) -> None:
    """Delete rows with what belongs to them.

    Raises UserError if a closed month would move without a reason, or what remains could not have happened.
    """
    ids = _list(record_ids)
    month = reported_month(uow, ledger, record_ids)
    if month is not None and not correction:
        raise UserError(
            f"{month}已封账，删除会动到报出去的数。台账没有改动。", "写明更正原因再删，或改为登记更正。"
        )
    uow.delete_many(Attachment, _files_of(uow, ledger.entity, record_ids))
    if ledger.entity == "status_change":
        _check_rest(uow, record_ids)
    if ledger.entity == "school_class":
        used = uow.scalar(f"SELECT count(*) FROM status_change WHERE class_id IN ({ids})")
        if used:
            raise UserError("这个班还有学生的异动指着它，没有删除。", "先把学生转到别的班。")
        uow.delete_many(ClassTeacher, _ids(uow, f"SELECT id FROM class_teacher WHERE class_id IN ({ids})"))
    if ledger.entity == "monitoring_note":
        uow.delete_many(HelpMeasure, _ids(uow, f"SELECT id FROM help_measure WHERE note_id IN ({ids})"))
    if ledger.entity == "student":
        for entity, statement in _BELONGING:
            uow.delete_many(entity, _ids(uow, statement.format(ids=ids)))
        # He stays a member of his household, as anybody else in it.
        linked = _ids(uow, f"SELECT id FROM household_member WHERE student_id IN ({ids})")
        uow.update_many(HouseholdMember, [{"id": one, "student_id": None} for one in linked])
    if ledger.entity == "household":
        uow.delete_many(HouseholdMember, _ids(uow, _MEMBERS.format(ids=ids)))
    if ledger.entity == "household_member":
        _check_heads(uow, ids)
    questions = f"SELECT id FROM open_question WHERE entity = '{ledger.entity}' AND record_id IN ({ids})"
    uow.delete_many(OpenQuestion, _ids(uow, questions))
    uow.delete_many(_TABLES[ledger.entity], record_ids)
    if correction:
        uow.log_note(f"更正原因：{correction}")


def _files_of(reading: "Reading", entity: str, record_ids: Sequence[int]) -> list[int]:
    """Return the files of these records and of what goes with them."""
    ids = _list(record_ids)
    owners = [(entity, ids)]
    if entity == "student":
        owners += [(one.__tablename__, statement.format(ids=ids)) for one, statement in _BELONGING]
    if entity == "household":
        owners.append(("household_member", _MEMBERS.format(ids=ids)))
    return [
        file_id
        for owner, which in owners
        for file_id in _ids(
            reading, f"SELECT id FROM attachment WHERE entity = '{owner}' AND record_id IN ({which})"
        )
    ]


def _check_rest(uow: "UnitOfWork", change_ids: Sequence[int]) -> None:
    gone = set(change_ids)
    students = uow.rows(
        "SELECT DISTINCT c.student_id, s.name FROM status_change c JOIN student s ON s.id = c.student_id"
        f" WHERE c.id IN ({_list(change_ids)})"
    )
    for student_id, name in students:
        events = [each.event for each in load_changes(uow, student_id)]
        rest = [each for each in events if each.id not in gone]
        if not any(each.kind in ENTRY for each in rest):
            raise UserError(
                f"{name}的入学记录不能单独删除。", "日期或类别写错了，就改这一条；人登错了，就删除学生。"
            )
        new = [each for each in check_events(rest) if each not in check_events(events)]
        if new:
            raise UserError(f"{name}：删掉以后，{new[0].message}。没有删除。", "先改后面的那一条。")


def _check_heads(uow: "UnitOfWork", ids: str) -> None:
    """Refuse to take the only 户主 out of a household that keeps other members, or the last member."""
    for name, heads in uow.rows(
        "SELECT m.name, (SELECT count(*) FROM household_member o WHERE o.household_id = m.household_id"
        f" AND o.relation = '户主' AND o.id NOT IN ({ids})) FROM household_member m"
        f" WHERE m.id IN ({ids}) AND m.relation = '户主'"
    ):
        if not heads:
            raise UserError(
                f"{name}是这一户唯一的户主，没有删除。",
                "要换户主，先改户的“户主姓名”；整户不要了，就删除这一户。",
            )


def _ids(reading: "Reading", sql: str) -> list[int]:
    return [row[0] for row in reading.rows(sql)]


def _list(ids: Sequence[int]) -> str:
    return ", ".join(str(int(each)) for each in ids)
