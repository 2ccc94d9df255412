"""What a report is: a name, parameters, and how its paper is built from a ledger."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop import clock
from skillsaid_desktop.documents import Document, Grade
from skillsaid_desktop.domain.months import MonthRule
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.schema import Date, Field, Month

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

Params = Mapping[str, Any]
GRADE_TITLES = {Grade.FULL: "上报版", Grade.MASKED: "校内版", Grade.PUBLIC: "公示版"}
MONTH = Field(name="month", title="统计月", type=Month(), required=True)
AS_OF = Field(name="as_of", title="截至日期", type=Date(), required=True)


def _nothing_offered(reading: "Reading", name: str) -> Sequence[str]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report: `build` takes the parameters by field name, and `grade`, 上报版 if it is absent.

    `offers` returns what a form offers for a parameter; none means free text. `names_people` says that the paper
    lists persons, so that exporting it in full asks for a purpose. `record_parameter` names what a page may hand
    over besides: ids of chosen records, which no form shows.
    """

    name: str
    title: str
    parameters: tuple[Field, ...]
    build: Callable[["Reading", Params], Document]
    offers: Callable[["Reading", str], Sequence[str]] = _nothing_offered
    grades: tuple[Grade, ...] = (Grade.FULL,)
    names_people: bool = True
    group: str = "月报"
    record_parameter: str = ""


def find_report(reports: Sequence[Report], name: str) -> Report:
    """Return the report of this name, or raise UserError that lists what there is."""
    for report in reports:
        if name in (report.name, report.title):
            return report
    known = "、".join(f"{report.name}（{report.title}）" for report in reports)
    raise UserError(f"没有叫“{name}”的报表。", f"现有：{known}。")


def default_params(report: Report, reading: "Reading", month: str | None = None) -> dict[str, Any]:
    """Return the parameters that a month gives: the month itself and its last day, today if that is earlier."""
    rule = MonthRule(reading.settings.cutoff_day)
    month = month or rule.month_of(clock.today())
    params: dict[str, Any] = {"month": month}
    for field in report.parameters:
        if field.name == AS_OF.name:
            params[field.name] = min(rule.period(month).to_on, clock.today())
        elif field.name != MONTH.name:
            offered = report.offers(reading, field.name)
            params[field.name] = offered[0] if offered and field.required else None
    return params


def read_params(report: Report, reading: "Reading", given: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters read from texts, with the month's defaults for what is absent, or raise UserError."""
    month = _read(MONTH, given.get("month"))
    params = default_params(report, reading, month)
    for field in report.parameters:
        value = _read(field, given.get(field.name))
        if value is None:
            continue
        offered = report.offers(reading, field.name)
        if offered and value not in offered:
            raise UserError(f"{field.title}里没有“{value}”。", f"可以写：{'、'.join(offered)}。")
        params[field.name] = value
    if report.record_parameter and (records := given.get(report.record_parameter)):
        params[report.record_parameter] = tuple(int(one) for one in records)
    return params


def _read(field: Field, raw: Any) -> Any:
    if raw is None or raw == "":
        return None
    if isinstance(raw, date):
        return raw
    parsed = field.type.parse(raw)
    if parsed.value is None:
        reason = parsed.findings[0].message if parsed.findings else f"“{raw}”看不懂"
        raise UserError(f"{field.title}：{reason}。", "改好再试一次。")
    return parsed.value


def grade_of(params: Params, allowed: Sequence[Grade], title: str) -> Grade:
    """Return the grade asked for, or raise UserError if the paper has none of that kind."""
    grade = Grade(params.get("grade") or Grade.FULL)
    if grade not in allowed:
        known = "、".join(GRADE_TITLES[each] for each in allowed)
        raise UserError(f"{title}没有{GRADE_TITLES[grade]}。", f"可以出：{known}。")
    return grade
