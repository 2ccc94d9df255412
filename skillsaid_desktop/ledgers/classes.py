"""班级: name, year, major, level, and who teaches it. Made from rosters, mended by hand or from a list."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.entities import SchoolClass
from skillsaid_desktop.ledgers.columns import CLASS_HEADINGS, LEVEL_HEADINGS, MAJOR_HEADINGS, besides
from skillsaid_desktop.ledgers.enrolment import set_teachers
from skillsaid_desktop.ledgers.ledger import (
    Difference,
    IntakeContext,
    Ledger,
    Outcome,
    PlannedRow,
    Searched,
    issue_at,
    outcome_of,
)
from skillsaid_desktop.ledgers.school_classes import class_key, grade_of, read_grade
from skillsaid_desktop.ledgers.wording import named, shown
from skillsaid_desktop.schema import Field, Severity
from skillsaid_desktop.schema.record import Record
from skillsaid_desktop.schema.types import Choice, Date, Number, Text

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

FIELDS: tuple[Field, ...] = (
    Field(name="name", title="班级名称", type=Text(), required=True, width=9,
          aliases=besides("班级名称", CLASS_HEADINGS)),
    Field(name="grade", title="入学年份(级)", type=Text(), required=True, width=6,
          aliases=("年级", "级", "入学年份", "届别")),
    Field(name="major", title="专业", type=Text(), required=True, width=11, aliases=besides("专业", MAJOR_HEADINGS)),
    Field(name="level", title="培养层次", type=Choice(vocabulary="level"), required=True, width=8,
          aliases=besides("培养层次", LEVEL_HEADINGS)),
    Field(name="class_teacher", title="班主任", type=Text(), width=6, aliases=("班主任姓名",)),
    Field(name="teacher_from", title="班主任任职起", type=Date(), width=7, aliases=("任职时间", "任职起")),
    Field(name="monitor", title="监测人", type=Text(), width=6),
    Field(name="people", title="人数", type=Number(), width=5, typed=False),
    Field(name="targets", title="帮扶对象", type=Number(), width=5, typed=False),
    Field(name="remark", title="备注", type=Text(), width=11, aliases=("说明",)),
)  # fmt: skip

SELECT = """
SELECT k.id AS id, k.name AS name, k.grade AS grade, k.major AS major, k.level AS level,
  t.name AS class_teacher, t.from_on AS teacher_from, k.monitor AS monitor,
  coalesce(n.people, 0) AS people, coalesce(n.targets, 0) AS targets, k.remark AS remark
FROM school_class k
LEFT JOIN (SELECT sp.class_id AS class_id, count(*) AS people, sum(sp.is_target) AS targets FROM student_span sp
  WHERE sp.is_enrolled AND sp.from_on <= :as_of AND sp.to_on >= :as_of GROUP BY sp.class_id) n ON n.class_id = k.id
LEFT JOIN class_teacher t ON t.id = (SELECT c.id FROM class_teacher c WHERE c.class_id = k.id
  AND (c.from_on IS NULL OR c.from_on <= :as_of) AND (c.to_on IS NULL OR c.to_on >= :as_of)
  ORDER BY c.from_on DESC, c.id DESC LIMIT 1)
"""

_TITLES = {each.name: each.title for each in FIELDS}
_KEPT = ("name", "grade", "major", "level", "monitor", "remark")


def plan_classes(reading: "Reading", records: Sequence[Record], context: IntakeContext) -> list[PlannedRow]:
    """Return how each row ends; a class is known by its name."""
    rows = reading.rows(
        f"SELECT k.id, t.name, {', '.join(f'k.{name}' for name in _KEPT)} FROM school_class k"
        " LEFT JOIN class_teacher t ON t.class_id = k.id AND t.to_on IS NULL ORDER BY t.from_on"
    )
    stored = {row[0]: {"class_teacher": row[1], **dict(zip(_KEPT, row[2:], strict=True))} for row in rows}
    by_key = {class_key(values["name"]): class_id for class_id, values in stored.items()}
    seen: set[str] = set()
    return [_plan_row(record, stored, by_key, seen, context) for record in records]


def _plan_row(
    record: Record,
    stored: dict[int, dict[str, Any]],
    by_key: dict[str, int],
    seen: set[str],
    context: IntakeContext,
) -> PlannedRow:
    values = record.values
    name = values.get("name") or ""
    issues = [named(each, name) for each in record.issues]
    class_id = context.record_id or by_key.get(class_key(name))
    if values.get("grade") is not None:
        values["grade"] = read_grade(str(values["grade"]))
        if values["grade"] is None:
            issues.append(
                issue_at(record, Severity.BLOCK, "grade", f"{name}：入学年份“{record.raw.get('grade')}”看不懂",
                         column="入学年份(级)")
            )  # fmt: skip
    elif class_id is None and name:
        values["grade"] = grade_of(name, None, ())
    key = class_key(name)
    if name and key in seen:
        issues.append(
            issue_at(
                record, Severity.BLOCK, "same class twice", f"{name}：同一个班写了两行", column="班级名称"
            )
        )
    seen.add(key)
    other = by_key.get(key)
    if context.record_id is not None and name and other not in (None, context.record_id):
        issues.append(
            issue_at(record, Severity.BLOCK, "same class twice", f"已经有{name}", column="班级名称")
        )
    required = ("name", "grade", "major", "level")
    asked = {each.column for each in issues}
    for column in required:
        is_lacking = values.get(column) is None and (
            class_id is None or (column in values and context.is_form)
        )
        if is_lacking and _TITLES[column] not in asked:
            issues.append(
                issue_at(
                    record,
                    Severity.BLOCK,
                    "missing",
                    f"{name}：缺少{_TITLES[column]}",
                    column=_TITLES[column],
                )
            )
    if class_id is None:
        return PlannedRow(
            record=record, outcome=outcome_of(issues, Outcome.NEW), who=name, issues=issues, writes={}
        )
    before = stored[class_id]
    found = [
        Difference(column, _TITLES[column], shown(before[column]), shown(values[column]), "改班级资料")
        for column in (*_KEPT, "class_teacher")
        if column in values
        and (values[column] is not None or context.is_form)
        and values[column] != before[column]
        and not (column == "name" and context.record_id is None)
    ]
    outcome = outcome_of(issues, Outcome.CHANGED if found else Outcome.UNCHANGED)
    return PlannedRow(
        record=record, outcome=outcome, record_id=class_id, differences=tuple(found), who=name or before["name"],
        issues=issues, writes={each.field: values[each.field] for each in found},
    )  # fmt: skip


def store_classes(uow: "UnitOfWork", rows: Sequence[PlannedRow], context: IntakeContext) -> None:
    """Store planned classes and their teachers."""
    new = [each for each in rows if each.outcome is Outcome.NEW]
    ids = uow.insert_many(
        SchoolClass, [{name: each.record.values.get(name) for name in _KEPT} for each in new]
    )
    for planned, class_id in zip(new, ids, strict=True):
        planned.record_id = class_id
    changed = [each for each in rows if each.outcome is Outcome.CHANGED]
    uow.update_many(
        SchoolClass,
        [
            {"id": each.record_id, **{name: value for name, value in each.writes.items() if name in _KEPT}}
            for each in changed
            if any(name in _KEPT for name in each.writes)
        ],
    )
    by_day: dict[date, dict[str, str]] = {}
    for planned in (*new, *changed):
        teacher = planned.record.values.get("class_teacher")
        if teacher:
            name = uow.scalar("SELECT name FROM school_class WHERE id = ?", (planned.record_id,))
            by_day.setdefault(planned.record.values.get("teacher_from") or context.as_of, {})[name] = teacher
    for day, teachers in by_day.items():
        set_teachers(uow, teachers, day)


CLASSES = Ledger(
    name="classes",
    title="班级",
    entity="school_class",
    fields=FIELDS,
    select=SELECT,
    search=(Searched("name"), Searched("major"), Searched("class_teacher"), Searched("monitor")),
    default_sort=(("grade", True), ("name", False)),
    plan=plan_classes,
    store=store_classes,
    list_name="班级名单",
    summed=("people", "targets"),
    unit="个班",
)
