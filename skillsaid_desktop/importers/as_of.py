"""The day that a roster speaks of: its export line, else the name of its file."""

import calendar
import re
from datetime import date

from skillsaid_desktop.clock import today
from skillsaid_desktop.importers.tables import SourceTable
from skillsaid_desktop.schema.texts import to_half_width

_DAY = r"(20\d\d)\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})"
_LABELLED = re.compile(
    r"(?:导出|截止|截至|统计|打印|生成|下载|填表|填报|制表)\s*(?:截止)?\s*(?:日期|时间|日)?\s*[::]?\s*" + _DAY
)
_IN_NAME = re.compile(r"(20\d\d)(?:(\d\d)(\d\d)|[-._年](\d{1,2})[-._月](\d{1,2}))(?!\d)")
_MONTH_IN_NAME = re.compile(r"(20\d\d)[-._年]?(0?[1-9]|1[0-2])(?!\d)")


def as_of_day(table: SourceTable, file: str) -> date | None:
    """Return the as-of day, None if nothing says it. A month in the file's name means its last day, at most today."""
    for line in (*table.lines_above, *table.lines_below):
        if (found := _LABELLED.search(to_half_width(line))) and (day := _day(found)):
            return day
    stem = file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if (found := _IN_NAME.search(stem)) and (day := _day(found)):
        return day
    if found := _MONTH_IN_NAME.search(stem):
        year, month = int(found[1]), int(found[2])
        return min(date(year, month, calendar.monthrange(year, month)[1]), today())
    return None


def _day(found: re.Match[str]) -> date | None:
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None
