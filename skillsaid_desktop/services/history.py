"""操作记录 in use: where a step changed what, in words; what undoing brings back; the record as a paper."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from skillsaid_desktop.clock import today
from skillsaid_desktop.documents import Document, TableColumn
from skillsaid_desktop.ledgers import own_ledgers
from skillsaid_desktop.ledgers.comparison import KIND_TITLES
from skillsaid_desktop.ledgers.household_columns import MEMBER_COLUMNS
from skillsaid_desktop.ledgers.household_members import MEMBERS
from skillsaid_desktop.ledgers.listing import fetch_rows
from skillsaid_desktop.ledgers.students import STUDENTS
from skillsaid_desktop.reports.shown_table import shown_table
from skillsaid_desktop.schema import Field, Privacy, Text
from skillsaid_desktop.schema.masking import mask_number, mask_words
from skillsaid_desktop.services.months import STATE_WORDS
from skillsaid_desktop.storage import ChangeRow, LedgerFile, OperationRow

KINDS = (
    ("", "全部"), ("edit", "登记与修改"), ("import", "导入"), ("out", "导出与显示"), ("closing", "封账与更正"),
)  # fmt: skip
"""The chips over the record: what `LedgerFile.history` takes as its kind."""

PLACES = {
    "student": "学生台账",
    "school_class": "班级",
    "class_teacher": "班级",
    "status_change": "异动",
    "hardship_status": "身份类别",
    "attachment": "材料",
    "attention_flag": "学生台账",
    "pairing": "一对一帮扶",
    "contact": "一对一帮扶",
    "monitoring_note": "每月监测",
    "help_measure": "每月监测",
    "household": "户",
    "household_member": "家庭成员",
    "roster": "名册比对",
    "verdict": "名册比对",
    "reporting_month": "月末办理",
    "frozen_figure": "月末办理",
    "frozen_person": "月末办理",
    "check_explanation": "月末办理",
    "opening_figure": "月末办理",
    "pending_row": "待处理",
    "open_question": "待处理",
    "imported_file": "导入的文件",
    "column_layout": "导入的文件",
    "extra_fact": "另存的列",
    "sent_sheet": "发出的表",
    "setting": "设置",
    "policy_text": "设置",
}
"""Where a change of a table stands for the user; what matters most comes first."""
_PAGES = {
    "学生台账": "students", "班级": "classes", "异动": "changes", "身份类别": "hardship", "每月监测": "monitoring",
    "材料": "proofs", "一对一帮扶": "pairings",
    "户": "households", "家庭成员": "households", "名册比对": "compare", "月末办理": "desk", "待处理": "pending",
    "设置": "settings",
}  # fmt: skip
_FROZEN = ("frozen_figure", "frozen_person")
_INNER = frozenset({"id", "student_id", "class_id", "household_id", "source", "name_folded", "name_pinyin",
                    "name_initials", "name_sort", "original_wording"})  # fmt: skip
_TELLING = (
    "kind",
    "category",
    "answer",
    "month",
    "relation",
    "difficulty",
    "changed_on",
    "from_on",
    "noted_on",
    "leader",
    "contacted_on",
    "paired_on",
    "reason",
)
"""Columns that say in a word what a new row is, in this order."""
_FILE_KIND = Field(name="kind", title="材料种类", type=Text())
_ANSWERS = {"same": "是同一人", "different": "不是同一人", "ask": "先放着", **KIND_TITLES}
_WHO = ("name", "head_name", "file", "title", "key")


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One fact that a step changed: whose, which, what it was, what it is."""

    who: str
    what: str
    before: str
    after: str


def places_of(row: OperationRow) -> list[str]:
    """Return where a step changed something, in words."""
    return list(dict.fromkeys(place for name, place in PLACES.items() if name in row.summary))


def page_of(row: OperationRow) -> tuple[str, str]:
    """Return the page on which a step's changes are seen, with its name in words; ("", "") for none."""
    for place in places_of(row):
        if place in _PAGES:
            return _PAGES[place], place
    return "", ""


def counted(row: OperationRow) -> str:
    """Say what a step changed: 学生台账 26 条，异动 14 条."""
    counts: Counter[str] = Counter()
    for entity, number in row.summary.items():
        counts[PLACES.get(entity, "其他")] += number
    order = list(dict.fromkeys(PLACES.values()))
    named = sorted(counts.items(), key=lambda one: order.index(one[0]) if one[0] in order else 99)
    return "，".join(f"{place} {number:,} 条" for place, number in named)


def consequence(row: OperationRow) -> str:
    """Say what undoing a step brings back."""
    again = "；文件仍在，可以再导入" if row.name.startswith("导入") and row.source else ""
    return f"撤销后，{counted(row)}回到这一步之前{again}。"


def change_lines(
    ledger_file: LedgerFile, row: OperationRow, as_of: date, limit: int
) -> tuple[list[ChangeLine], int]:
    """Return what a step changed, line by line, of at most `limit` rows, and how many rows there are in all."""
    shown = ledger_file.operation_changes(row.id, without=_FROZEN, limit=limit)
    total = sum(number for entity, number in row.summary.items() if entity not in _FROZEN)
    students = {one for change in shown if (one := _student_of(change)) is not None}
    with ledger_file.reading() as reading:
        names = {
            one["id"]: str(one["name"]) for one in fetch_rows(reading, STUDENTS, sorted(students), as_of)
        }
        classes = dict(reading.rows("SELECT id, name FROM school_class"))
    lines = []
    figures, people = (row.summary.get(name, 0) for name in _FROZEN)
    if figures:
        lines.append(ChangeLine("", "封存的数字", "", f"{figures:,} 项，名单 {people:,} 人次"))
    for change in shown:
        student = _student_of(change)
        who = names.get(student, "") if student is not None else ""
        lines += _lines(who, change, classes)
    return lines, total


def _student_of(change: ChangeRow) -> int | None:
    if change.entity == "student":
        return change.record_id
    values = change.after or change.before or {}
    if change.entity == "attachment" and values.get("entity") == "student":
        return int(values["record_id"])
    value = values.get("student_id")
    return value if isinstance(value, int) else None


def _fields() -> dict[str, dict[str, Field]]:
    found = {each.entity: {one.name: one for one in each.fields} for each in own_ledgers()}
    members = {MEMBER_COLUMNS[one.name]: one for one in MEMBERS.fields if one.name in MEMBER_COLUMNS}
    return {**found, MEMBERS.entity: members, "attachment": {_FILE_KIND.name: _FILE_KIND}}


def _lines(who: str, change: ChangeRow, classes: dict[int, str]) -> Iterable[ChangeLine]:
    values: dict[str, Any] = change.after or change.before or {}
    who = who or next((str(values[name]) for name in _WHO if values.get(name)), "")
    place = PLACES.get(change.entity, "其他")
    if change.entity == "reporting_month":
        was, now = (_state(one) for one in (change.before, change.after))
        return [ChangeLine(str(values.get("month", "")), place, was, now)]
    if change.entity == "pending_row":
        who = f"{values.get('file', '')} 第 {values.get('row')} 行"
    if change.before is None or change.after is None:
        told = _telling(values, classes)
        made = change.before is None
        return [
            ChangeLine(who, place, "没有" if made else told or "有", (told or "新增") if made else "删去")
        ]
    fields = _fields().get(change.entity, {})
    found = []
    for name, before, after in change.differences:
        if name == "class_id":
            found.append(ChangeLine(who, "班级", classes.get(before, "空"), classes.get(after, "空")))
        elif name in fields and name not in _INNER:
            field = fields[name]
            found.append(ChangeLine(who, field.title, _words(field, before), _words(field, after)))
    return found or [ChangeLine(who, place, "", "改动")]


def _telling(values: dict[str, Any], classes: dict[int, str]) -> str:
    parts = [_ANSWERS.get(str(values[name]), str(values[name])) for name in _TELLING if values.get(name)]
    if not parts and values.get("class_id") in classes:
        parts = [classes[values["class_id"]]]
    return " ".join(parts[:3])


def _state(values: dict[str, Any] | None) -> str:
    return "" if values is None else STATE_WORDS.get(str(values.get("state")), "登记中")


def _words(field: Field, value: Any) -> str:
    if value in (None, ""):
        return "空"
    if field.privacy is Privacy.NUMBER:
        return mask_number(str(value))
    if isinstance(value, bool | int):
        return field.type.format(value)
    return str(value)


# The record as a paper


def history_document(ledger_file: LedgerFile, rows: Sequence[OperationRow], narrowed: str = "") -> Document:
    """Return operations as a paper; numbers in names and notes are masked."""
    columns = [
        TableColumn(headings=(title,), type=Text(), width=width, fills=fills)
        for title, width, fills in (
            ("时间", 8, False), ("做了什么", 18, True), ("在哪里", 8, False), ("多少", 4, False), ("谁", 5, False),
            ("来源", 9, False), ("备注", 12, False), ("现在", 4, False),
        )
    ]  # fmt: skip
    lines = [
        (
            f"{row.at:%Y-%m-%d %H:%M}", mask_words(row.name), "、".join(places_of(row)[:3]),
            f"{row.changes:,} 条" if row.changes else "", row.user, mask_words(row.source),
            mask_words(row.note.replace("\n", "；")), "已撤销" if row.is_undone else "",
        )
        for row in rows
    ]  # fmt: skip
    with ledger_file.reading() as reading:
        return shown_table(
            reading, title="操作记录", columns=columns, rows=lines, as_of=today(),
            remarks=(f"共 {len(rows):,} 步", narrowed), when_empty="没有符合的记录",
        )  # fmt: skip
