"""认定为帮扶对象 and 退出帮扶对象 in a list of changes: they write the category rows they follow from."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from skillsaid_desktop.ledgers.change_targets import Target
from skillsaid_desktop.ledgers.ledger import (
    Difference,
    IntakeContext,
    Outcome,
    PlannedRow,
    issue_at,
    outcome_of,
)
from skillsaid_desktop.ledgers.reported import Reported
from skillsaid_desktop.ledgers.student_writes import StudentWrites
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.record import Record

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading

_DAY = timedelta(days=1)


def plan_target_change(
    reading: "Reading",
    record: Record,
    issues: list[Issue],
    target: Target,
    student_id: int,
    reported: Reported,
    context: IntakeContext,
    who: str,
) -> PlannedRow:
    """Plan the category rows that a change of target membership means."""
    day: date = record.values["changed_on"]
    rows = [
        (row_id, category, date.fromisoformat(from_on), date.fromisoformat(to_on) if to_on else None)
        for row_id, category, from_on, to_on in reading.rows(
            "SELECT id, category, from_on, to_on FROM hardship_status WHERE student_id = ?", (student_id,)
        )
    ]
    writes = StudentWrites(student_id=student_id)
    if record.values["kind"] == "认定为帮扶对象":
        found = _begin(reading, record, issues, target, rows, writes, context, reported, who)
    else:
        found = _end(reading, record, issues, rows, writes, who)
    if not writes.is_empty and reported.touches(day) and not context.correction:
        from skillsaid_desktop.ledgers.change_plan import late_issue

        issues.append(late_issue(record, who, day, reported))
    otherwise = Outcome.UNCHANGED if writes.is_empty else Outcome.NEW
    return PlannedRow(
        record=record, outcome=outcome_of(issues, otherwise), who=who, issues=issues, differences=tuple(found),
        writes=writes,
    )  # fmt: skip


_Rows = list[tuple[int, str, date, date | None]]


def _begin(
    reading: "Reading", record: Record, issues: list[Issue], target: Target, rows: _Rows, writes: StudentWrites,
    context: IntakeContext, reported: Reported, who: str,
) -> list[Difference]:  # fmt: skip
    day: date = record.values["changed_on"]
    parts = reading.policy.split_categories(target.category or "", day)
    if not parts or any(category is None for category, _ in parts):
        issues.append(
            issue_at(
                record, Severity.ASK, "unknown word" if parts else "missing",
                f"{who}：认定为哪个身份类别{'看不懂：' + (target.category or '') if parts else '没有写'}",
                column="身份类别", waits=True,
            )
        )  # fmt: skip
        return []
    found = []
    for category, wording in parts:
        assert category is not None
        active = [
            row for row in rows if row[1] == category and row[2] <= day and (row[3] is None or row[3] >= day)
        ]
        if active:
            if active[0][2] != day:
                issues.append(
                    issue_at(
                        record,
                        Severity.BLOCK,
                        "impossible",
                        f"{who}：{active[0][2]} 起已经是{category}",
                        column="异动类别",
                    )
                )
            continue
        writes.categories.append(
            {
                "category": category, "from_on": day, "to_on": None, "start_unknown": False,
                "evidence": record.values.get("reason"), "handled_by": record.values.get("handled_by"),
                "original_wording": wording if wording != category else None,
                "correction_reason": context.correction if reported.touches(day) else None,
                "source": context.origin(record) or None,
            }
        )  # fmt: skip
        found.append(
            Difference("category", "身份类别", target.category_before or "", category, f"从 {day} 起")
        )
    if not writes.categories:
        return found
    for category, _ in reading.policy.split_categories(target.category_before or "", day):
        for row_id, name, from_on, to_on in rows:
            if name == category and from_on < day and (to_on is None or to_on >= day):
                writes.categories_updated.append({"id": row_id, "to_on": day - _DAY})
    return found


def _end(
    reading: "Reading", record: Record, issues: list[Issue], rows: _Rows, writes: StudentWrites, who: str
) -> list[Difference]:
    last: date = record.values["changed_on"] - _DAY
    policy = reading.policy
    targets = [row for row in rows if policy.is_target(row[1], last) and row[2] <= last]
    if any(row[3] == last for row in targets):
        return []
    active = [row for row in targets if row[3] is None or row[3] > last]
    if not active:
        issues.append(
            issue_at(
                record,
                Severity.BLOCK,
                "impossible",
                f"{who}：{last} 那天不是帮扶对象，不能登记退出",
                column="异动类别",
            )
        )
        return []
    for row_id, *_ in active:
        writes.categories_updated.append({"id": row_id, "to_on": last})
    names = "、".join(row[1] for row in active)
    return [
        Difference("category_to", "身份类别", names, f"{names}（到 {last} 止）", "结束身份类别，次日退出")
    ]
