"""Taking rows out of a ledger: what hangs on them goes with them, and a closed month wants a reason. Undo brings all back."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Table

from skillsaid_desktop.domain.entities import Entity
from skillsaid_desktop.domain.status import ENTRY, check_events
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import own_ledgers
from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.ledgers.reported import load_reported
from skillsaid_desktop.ledgers.student_events import load_changes
from skillsaid_desktop.storage.unit_of_work import id_conditions

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

OTHER_KINDS: dict[str, tuple[str, str]] = {
    "help_measure": ("帮助措施", "条"),
    "attention_flag": ("关注", "条"),
    "attachment": ("材料", "份"),
    "class_teacher": ("班主任", "条"),
    "household_member": ("家庭成员", "人"),
    "sent_sheet": ("发出的表", "份"),
    "verdict": ("名册比对的判定", "条"),
    "open_question": ("疑问", "条"),
    "extra_fact": ("名册里的其他列", "项"),
    "frozen_figure": ("封账的指标", "个"),
    "frozen_person": ("封账的名单", "人"),
}
"""What rows of a table that is no ledger's own are called, and what they are counted in."""
_DATED = {
    "status_change": "changed_on", "hardship_status": "from_on", "monitoring_note": "noted_on",
    "pairing": "paired_on", "contact": "contacted_on",
}  # fmt: skip
"""Tables whose rows stand in a month's figures, and the day that says in which."""
_BELONGS = frozenset({("help_measure", "note_id"), ("help_measure", "contact_id")})
"""References that may be empty, because the row belongs to either, and goes with it."""
_HOLDS = {
    ("status_change", "class_id"): ("这个班还有学生的异动指着它，没有删除。", "先把学生转到别的班。"),
}
"""References that may be empty and yet hold what they point at: without it the row would say something else."""


@dataclass(frozen=True)
class Hanging:
    """Rows of one table that hang on what is removed; with a `column` they stay, and only that is emptied."""

    table: str
    ids: tuple[int, ...]
    column: str = ""

    @property
    def words(self) -> str:
        """What they are, and how many."""
        title, unit = kind_of_rows(self.table)
        return f"{title} {len(self.ids)} {unit}"


@dataclass(frozen=True)
class Removal:
    """What removing rows of a ledger does, before it is done: found by the references between the tables."""

    ledger: Ledger
    ids: tuple[int, ...]
    going: tuple[Hanging, ...]
    staying: tuple[Hanging, ...]

    @property
    def counted(self) -> str:
        """How many rows are meant."""
        return f"{len(self.ids)} {self.ledger.unit}"

    @property
    def lost(self) -> str:
        """Everything that would be lost, by kind and count, in one line."""
        return "，".join((self.counted, *(each.words for each in self.going)))

    @property
    def sentences(self) -> list[str]:
        """What goes with the rows and what stays, each as one sentence."""
        told = []
        if self.going:
            told.append(f"一起删去：{'，'.join(each.words for each in self.going)}。")
        if self.staying:
            told.append(f"留下，只断开联系：{'，'.join(each.words for each in self.staying)}。")
        return told


def kind_of_rows(table: str) -> tuple[str, str]:
    """Return what the rows of a table are called and counted in; KeyError if nobody has said."""
    for ledger in own_ledgers():
        if ledger.entity == table:
            return ledger.title.removesuffix("台账"), ledger.unit
    return OTHER_KINDS[table]


def plan_removal(reading: "Reading", ledger: Ledger, record_ids: Sequence[int]) -> Removal:
    """Return what hangs on these rows, and on what hangs on them, following every reference of the mapped tables.

    Raises ValueError for a ledger that only shows the records of another one.
    """
    if ledger.is_view:
        raise ValueError(f"the rows of {ledger.name} are records of another ledger")
    going: dict[str, set[int]] = defaultdict(set, {ledger.entity: set(record_ids)})
    staying: dict[tuple[str, str], set[int]] = defaultdict(set)
    waiting = [(ledger.entity, set(record_ids))]
    while waiting:
        parent, ids = waiting.pop()
        for table, column, condition in _references(parent):
            found = _ids_where(reading, table, column, ids, condition)
            if table.columns[column].nullable and (table.name, column) not in _BELONGS:
                staying[table.name, column] |= found
            elif new := found - going[table.name]:
                going[table.name] |= new
                waiting.append((table.name, new))
    order = [table.name for table in Entity.metadata.sorted_tables]
    own = set(record_ids)
    gone = [
        Hanging(name, tuple(sorted(going[name] - (own if name == ledger.entity else set()))))
        for name in sorted(going, key=order.index)
    ]
    left = [
        Hanging(name, tuple(sorted(ids - going[name])), column)
        for (name, column), ids in sorted(staying.items())
    ]
    return Removal(
        ledger,
        tuple(record_ids),
        tuple(each for each in gone if each.ids),
        tuple(each for each in left if each.ids),
    )


def _references(parent: str) -> list[tuple[Table, str, str]]:
    """Return what can point at rows of a table: table, column, and a condition that must hold besides."""
    found = []
    for table in Entity.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == parent:
                found.append((table, key.parent.name, ""))
        # Questions, kept columns and the like hang on a row of any table, which they name.
        if "entity" in table.columns and "record_id" in table.columns:
            found.append((table, "record_id", f" AND entity = '{parent}'"))
    return found


def _ids_where(
    reading: "Reading", table: Table, column: str, ids: Collection[int], condition: str
) -> set[int]:
    return {
        row[0]
        for chosen in id_conditions(ids)
        for row in reading.rows(f'SELECT id FROM "{table.name}" WHERE "{column}" {chosen}{condition}')
    }


def reported_month(reading: "Reading", removal: Removal) -> str | None:
    """Return the earliest closed month that removing these rows would change, None if a reason is not needed."""
    reported = load_reported(reading)
    rows = [Hanging(removal.ledger.entity, removal.ids), *removal.going]
    days = [
        day
        for each in rows
        if each.table in _DATED
        for chosen in id_conditions(each.ids)
        if (day := reading.scalar(f'SELECT min({_DATED[each.table]}) FROM "{each.table}" WHERE id {chosen}'))
    ]
    first = date.fromisoformat(min(days)) if days else None
    return reported.name(first) if first is not None and reported.touches(first) else None


def remove_rows(
    uow: "UnitOfWork", ledger: Ledger, record_ids: Sequence[int], *, correction: str = ""
) -> None:
    """Delete rows with what belongs to them.

    Raises UserError if a closed month would move without a reason, if something holds them, or what remains could
    not have happened.
    """
    removal = plan_removal(uow, ledger, record_ids)
    month = reported_month(uow, removal)
    if month is not None and not correction:
        raise UserError(
            f"{month}已封账，删除会动到报出去的数。台账没有改动。", "写明更正原因再删，或改为登记更正。"
        )
    for each in removal.staying:
        if (each.table, each.column) in _HOLDS:
            raise UserError(*_HOLDS[each.table, each.column])
    if ledger.entity == "status_change":
        _check_rest(uow, record_ids)
    if ledger.entity == "household_member":
        _check_heads(uow, _list(record_ids))
    tables = Entity.metadata.tables
    for each in removal.staying:
        uow.update_many(tables[each.table], [{"id": one, each.column: None} for one in each.ids])
    for each in reversed(removal.going):
        uow.delete_many(tables[each.table], each.ids)
    uow.delete_many(tables[ledger.entity], record_ids)
    if correction:
        uow.log_note(f"更正原因：{correction}")


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


def _list(ids: Sequence[int]) -> str:
    return ", ".join(str(int(each)) for each in ids)
