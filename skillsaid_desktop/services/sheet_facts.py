"""What the lines around a table and the name of its file say about all its rows: month, class, teacher."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from skillsaid_desktop.domain.months import MonthRule
from skillsaid_desktop.ledgers import Ledger
from skillsaid_desktop.ledgers.ledger import SheetFacts
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.record import Record

_MONTH = re.compile(r"(20\d\d)\s*[年./-]\s*(\d{1,2})\s*(?:月|(?!\d))")
_MONTH_ONLY = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月")
_CLASS = re.compile(r"班\s*级\s*[:：]\s*([^\s:：，,、]+?)(?=\s|班主任|统计|$)")
_TEACHER = re.compile(r"班主任\s*[:：]\s*([^\s:：，,、\d]{2,12})")


class MonthSaid(NamedTuple):
    """Where a month is said, and which one it is."""

    where: str
    month: str


def read_facts(
    lines: Sequence[str], file: str, sheet: str, ledger: Ledger, records: Sequence[Record], rule: MonthRule
) -> tuple[SheetFacts, list[Issue]]:
    """Return the facts of a sheet and the question about a month that is said in two ways."""
    text = "\n".join(lines)
    found_class, found_teacher = _CLASS.search(text), _TEACHER.search(text)
    month, issues = None, []
    other: tuple[str, ...] = ()
    if ledger.name in ("monitoring", "changes"):
        said = _months(text, file, ledger, records, rule)
        month = _chosen(said)
        different = {each.month for each in said}
        if ledger.name == "monitoring" and len(different) > 1:
            other = tuple(sorted(different - {month}))
            told = "，".join(f"{each.where}是 {each.month}" for each in said)
            issues.append(
                Issue(
                    severity=Severity.ASK, code="month", file=file, sheet=sheet,
                    message=f"{sheet}：{told}；按 {month} 收下，请核对",
                )
            )  # fmt: skip
    facts = SheetFacts(
        month=month,
        other_months=other,
        class_name=found_class[1] if found_class else None,
        noted_by=found_teacher[1] if found_teacher and ledger.name == "monitoring" else None,
    )
    return facts, issues


def _months(
    text: str, file: str, ledger: Ledger, records: Sequence[Record], rule: MonthRule
) -> list[MonthSaid]:
    said = []
    if found := _MONTH.search(text):
        said.append(MonthSaid("表头", f"{found[1]}-{int(found[2]):02d}"))
    day_column = "noted_on" if ledger.name == "monitoring" else "changed_on"
    days: list[date] = [record.values[day_column] for record in records if record.values.get(day_column)]
    usual = Counter(rule.month_of(day) for day in days).most_common(1)
    if named := _month_of_name(file, usual[0][0] if usual else (said[0].month if said else None)):
        said.append(MonthSaid("文件名", named))
    if usual and (ledger.name == "monitoring" or not said):
        said.append(MonthSaid("日期", usual[0][0]))
    return said


def _month_of_name(file: str, near: str | None) -> str | None:
    """Return the month in a file name; one without year gets the year that lies nearest to `near`."""
    if found := _MONTH.search(file):
        return f"{found[1]}-{int(found[2]):02d}" if 1 <= int(found[2]) <= 12 else None
    only = _MONTH_ONLY.search(file)
    if only is None or near is None:
        return None
    number, year = int(only[1]), int(near[:4])
    distance = {
        each: abs((each * 12 + number) - (year * 12 + int(near[5:]))) for each in (year - 1, year, year + 1)
    }
    return f"{min(distance, key=lambda each: distance[each])}-{number:02d}"


def _chosen(said: Sequence[MonthSaid]) -> str | None:
    """Return what most say; with no two alike, what stands first."""
    if not said:
        return None
    counts = Counter(each.month for each in said)
    most = max(counts.values())
    return next(each.month for each in said if counts[each.month] == most)
