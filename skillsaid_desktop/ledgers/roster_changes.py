"""Events and categories that a roster implies: entry, 期初, 名册推定 (DOMAIN section 3, a to d)."""

from datetime import date
from typing import Any

from skillsaid_desktop.ledgers.ledger import Difference, IntakeContext, issue_at
from skillsaid_desktop.ledgers.register import Category, KnownStudent, Register
from skillsaid_desktop.ledgers.reported import MONTH_REPORTED
from skillsaid_desktop.ledgers.school_classes import KnownClass, class_key, grade_of
from skillsaid_desktop.ledgers.student_writes import StudentWrites
from skillsaid_desktop.ledgers.wording import shown
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.record import Record

KIND_INTO = {
    "实习": "岗位实习", "休学": "休学", "保留学籍": "参军保留学籍", "毕业": "毕业", "结业": "结业", "退学": "退学",
    "转出": "转出", "开除": "开除", "注销": "注销", "死亡": "死亡",
}  # fmt: skip
"""The change that leads into a state."""

KIND_BACK = {"休学": "复学", "保留学籍": "恢复学籍", "实习": "实习结束"}
"""The change that leads from a state back to 在读."""

_LEVELS = ("中级工", "高级工", "预备技师(技师)")
_LEVEL_KINDS = {"高级工": "升入高级工班", "预备技师(技师)": "升入预备技师班"}


def plan_entry(record: Record, register: Register, context: IntakeContext, writes: StudentWrites) -> None:
    """Plan the entry event of a new student and, for another state than 在读, the opening change."""
    values = record.values
    entered_on: date = values["entered_on"]
    if record.precisions and record.precisions.get("entered_on") == "year":
        entered_on = values["entered_on"] = date(entered_on.year, 9, 1)
    origin = context.origin(record)
    reported = register.reported
    late = f"名册补录：{context.source}" if context.source else "补录"
    entry: dict[str, Any] = {
        "kind": values.get("entry_kind") or "入学",
        "changed_on": entered_on,
        "school_class": writes.school_class,
        "major": values["major"],
        "level": values["level"],
        "source": origin or None,
        "correction_reason": (context.correction or late) if reported.touches(entered_on) else None,
    }
    writes.changes.append(entry)
    state = values.get("state")
    if state and state != "在读":
        opening_on = max(reported.first_day, entered_on)
        writes.changes.append(
            {
                "kind": KIND_INTO[state],
                "changed_on": opening_on,
                "is_opening": True,
                "roster_on": context.as_of,
                "source": origin or None,
                "correction_reason": (context.correction or late) if reported.touches(opening_on) else None,
            }
        )


def plan_moves(
    record: Record,
    known: KnownStudent,
    register: Register,
    context: IntakeContext,
    writes: StudentWrites,
    issues: list[Issue],
) -> list[Difference]:
    """Plan the changes by which a known student came to what the roster says of him."""
    found = _entry_correction(record, known, register, context, writes, issues)
    span, values = known.span, record.values
    if span is None:
        return found
    moved: dict[str, Any] = {}
    name = values.get("class_name")
    if name and class_key(name) != class_key(span.class_name or ""):
        moved["class"] = register.class_for(name)
        found.append(_difference("class_name", "班级", span.class_name, moved["class"].name))
    for column, title, before in (("major", "专业", span.major), ("level", "培养层次", span.level)):
        if values.get(column) and values[column] != before:
            moved[column] = values[column]
            found.append(_difference(column, title, before, values[column]))
    state = values.get("state")
    is_back = state is not None and not span.is_enrolled and state in ("在读", "实习", "休学", "保留学籍")
    if is_back:
        issues.append(
            issue_at(
                record, Severity.ASK, "left the school",
                f"{known.name}：台账里已是{span.state}，名册里还是{state}，请核对", column="学籍状态",
            )
        )  # fmt: skip
        return [each for each in found if each.field not in ("class_name", "major", "level")]
    kinds = _move_kinds(moved, span.class_name, span.level, register)
    if state and state != span.state:
        found.append(_difference("state", "学籍状态", span.state, state))
        kinds += [(kind, {}) for kind in _state_kinds(span.state, state)]
    if not kinds:
        return found
    if context.is_form:
        wanted = "、".join(
            each.title for each in found if each.field in ("class_name", "major", "level", "state")
        )
        issues.append(
            issue_at(
                record,
                Severity.BLOCK,
                "change",
                f"{known.name}：{wanted}要改，请用“登记异动”，日期和原因才留得下来",
            )
        )
        return found
    if register.reported.touches(context.as_of) and not context.correction:
        issues.append(_reported_issue(record, known.name, register, context.as_of))
    for kind, target in kinds:
        writes.changes.append(
            {
                "kind": kind,
                "changed_on": context.as_of,
                "school_class": target.get("class"),
                "major": target.get("major"),
                "level": target.get("level"),
                "is_inferred": True,
                "roster_before_on": register.roster_before,
                "roster_on": context.as_of,
                "class_before": span.class_name if target.get("class") else None,
                "major_before": span.major if target.get("major") else None,
                "level_before": span.level if target.get("level") else None,
                "source": context.origin(record) or None,
                "correction_reason": context.correction or None,
            }
        )
    effect = "、".join(f"登记“{kind}”" for kind, _ in kinds) + f"，日期取 {context.as_of.isoformat()}"
    return [
        Difference(each.field, each.title, each.before, each.after, each.effect or effect) for each in found
    ]


def plan_categories(
    record: Record,
    known: KnownStudent | None,
    entered_on: date,
    register: Register,
    context: IntakeContext,
    writes: StudentWrites,
    issues: list[Issue],
) -> list[Difference]:
    """Plan a dated row for each category that a cell names and the ledger has not got."""
    text = record.values.get("category")
    if not text:
        return []
    stated: date | None = record.values.get("category_from")
    ends: date | None = record.values.get("category_to")
    start = stated or entered_on
    has = register.categories.get(known.id, []) if known else []
    found: list[Difference] = []
    for category, wording in register.policy.split_categories(text, start):
        if category is None:
            issues.append(
                issue_at(record, Severity.ASK, "unknown word", f"{record.values.get('name') or ''}：身份类别“{wording}”"
                         "不在可用的词里，这一项没有存", column="身份类别")
            )  # fmt: skip
            continue
        same = [each for each in has if each.category == category]
        if same:
            found += _category_dates(record, known, same[-1], stated, ends, register, context, writes, issues)
            continue
        from_on, unknown = start, stated is None
        if known is not None and unknown and register.reported.touches(start) and not context.correction:
            from_on = context.as_of
        needs_reason = register.reported.touches(from_on)
        writes.categories.append(
            {
                "category": category,
                "from_on": from_on,
                "to_on": ends,
                "start_unknown": unknown,
                "original_wording": wording if wording != category else None,
                "correction_reason": (context.correction or "名册补录") if needs_reason else None,
                "source": context.origin(record) or None,
            }
        )
        if known is not None:
            effect = f"新增身份类别，从 {from_on.isoformat()} 起" + ("（起始日期未知）" if unknown else "")
            found.append(
                Difference("category", "身份类别", "、".join(each.category for each in has), category, effect)
            )
    return found


def _category_dates(
    record: Record,
    known: KnownStudent | None,
    row: Category,
    stated: date | None,
    ends: date | None,
    register: Register,
    context: IntakeContext,
    writes: StudentWrites,
    issues: list[Issue],
) -> list[Difference]:
    """Plan the dates that a roster gives to a category the ledger has: a start that was unknown, an end that was open."""
    changed: dict[str, Any] = {}
    found: list[Difference] = []
    if stated and row.start_unknown and stated != row.from_on:
        changed.update(from_on=stated, start_unknown=False)
        found.append(_difference("category_from", "类别起始日期", row.from_on, stated))
    if ends and row.to_on is None:
        changed["to_on"] = ends
        found.append(_difference("category_to", "类别终止日期", None, ends))
    if not changed:
        return []
    first = min(day for day in (stated, ends, row.from_on if "from_on" in changed else None) if day)
    if register.reported.touches(first) and not context.correction:
        who = known.name if known else ""
        issues.append(_reported_issue(record, who, register, first))
    writes.categories_updated.append({"id": row.id, **changed})
    return [Difference(each.field, each.title, each.before, each.after, "改身份类别的日期") for each in found]


def _entry_correction(
    record: Record,
    known: KnownStudent,
    register: Register,
    context: IntakeContext,
    writes: StudentWrites,
    issues: list[Issue],
) -> list[Difference]:
    """Plan another day or kind of the one entry event; another day of the same month is no news from a roster."""
    stated: date | None = record.values.get("entered_on")
    kind = record.values.get("entry_kind")
    before = known.entered_on
    if known.entry_id is None or before is None:
        return []
    if (
        stated is not None
        and not context.is_form
        and (stated.year, stated.month) == (before.year, before.month)
    ):
        stated = None
    changed: dict[str, Any] = {}
    found = []
    if stated is not None and stated != before:
        changed["changed_on"] = stated
        found.append(_difference("entered_on", "入学日期", before, stated, "更正入学日期"))
    if kind and kind != known.entry_kind:
        changed["kind"] = kind
        found.append(_difference("entry_kind", "入学方式", known.entry_kind, kind, "更正入学方式"))
    if not changed:
        return []
    if register.reported.touches(min(before, stated or before)):
        if not context.correction:
            if context.is_form:
                issues.append(_reported_issue(record, known.name, register, before))
            else:
                issues.append(
                    issue_at(
                        record, Severity.ASK, "entry date",
                        f"{known.name}：台账里 {before} {known.entry_kind}，名册里"
                        f" {stated or before} {kind or ''}；已报送的月份没有动，请核对", column="入学日期",
                    )
                )  # fmt: skip
            return []
        changed["correction_reason"] = context.correction
    writes.changes_updated.append({"id": known.entry_id, **changed})
    return found


def _move_kinds(
    moved: dict[str, Any], class_before: str | None, level_before: str | None, register: Register
) -> list[tuple[str, dict[str, Any]]]:
    """Return the kinds that explain another class, major or level, with what each carries."""
    if not moved:
        return []
    target: KnownClass | None = moved.get("class")
    if "level" in moved:
        up = level_before is None or _LEVELS.index(moved["level"]) > _LEVELS.index(level_before)
        kind = _LEVEL_KINDS.get(moved["level"]) if up else None
        return [(kind or "信息更正", moved)]
    if "major" in moved:
        return [("转专业", moved)]
    old = register.classes.get(class_key(class_before or ""))
    grade = target and grade_of(target.name, target.grade, ())
    if grade and old and old.grade and grade != old.grade:
        return [("留级" if grade > old.grade else "跳级", moved)]
    return [("转班", moved)]


def _state_kinds(before: str, after: str) -> list[str]:
    """Return the changes that lead from one state to another."""
    if after == "在读":
        return [KIND_BACK[before]] if before in KIND_BACK else []
    back = (
        [KIND_BACK[before]]
        if before in ("休学", "保留学籍") and after in ("实习", "休学", "保留学籍")
        else []
    )
    return [*back, KIND_INTO[after]]


def _difference(column: str, title: str, before: Any, after: Any, effect: str = "") -> Difference:
    return Difference(column, title, shown(before), shown(after), effect)


def _reported_issue(record: Record, who: str, register: Register, day: date) -> Issue:
    month = register.reported.name(day)
    return issue_at(
        record, Severity.ASK, MONTH_REPORTED,
        f"{who}：{day.isoformat()}，{month}已封账；写明更正原因才能登记", waits=True,
    )  # fmt: skip
