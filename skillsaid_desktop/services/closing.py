"""Closing a month: checks first, then figures and people frozen; reopening; what has moved since.

Months close in order. ● stops the closing, ◐ must be explained once, and the explanation is kept.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from skillsaid_desktop.checks import CHECKS, TITLES, Inspection, find_issues
from skillsaid_desktop.checks.drift import DriftRow, find_drift
from skillsaid_desktop.checks.questions import answered
from skillsaid_desktop.clock import now, today
from skillsaid_desktop.collector import without_collecting
from skillsaid_desktop.domain.entities import CheckExplanation, FrozenFigure, FrozenPerson, ReportingMonth
from skillsaid_desktop.domain.months import MonthRule, Period, add_months
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.figures import FigureResult
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.figures.frozen import CLOSED
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.storage import LedgerFile, Reading, UnitOfWork

_MONTHLY = frozenset(
    {"30", "31", "33"}
)  # asked anew each month: what explained October says nothing of November
_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class CheckedIssue:
    """An issue and, if it was explained, how and by whom."""

    issue: Issue
    explanation: str | None = None
    explained_by: str = ""

    @property
    def stands(self) -> bool:
        """Tell whether it still keeps the month from closing."""
        if self.issue.severity is Severity.BLOCK:
            return True
        return self.issue.severity is Severity.ASK and self.explanation is None


@dataclass(frozen=True, kw_only=True)
class ClosedMonth:
    """What closing a month froze."""

    month: str
    counted_to: date
    digest: str
    figures: int
    operation_id: int


def subject_of(issue: Issue) -> str:
    """Return what an explanation is about: the record that the issue points at."""
    return f"{issue.entity}:{issue.record_id}"


def run_checks(reading: Reading, month: str) -> list[Issue]:
    """Return the issues of a month, ● first, explained or not."""
    return find_issues(Inspection(reading, month))


@without_collecting()
def checked_issues(
    reading: Reading,
    month: str,
    inspection: Inspection | None = None,
    progress: Progress | None = None,
) -> list[CheckedIssue]:
    """Return the issues of a month with the explanations that were kept for them."""
    inspection = inspection or Inspection(reading, month)
    answers = answered(inspection)
    kept = {
        (kept_month, code, subject): (reason, by)
        for kept_month, code, subject, reason, by in reading.rows(
            "SELECT month, code, subject, reason, explained_by FROM check_explanation"
            " WHERE month <= ? ORDER BY month",
            (month,),
        )
    }
    lasting = {(code, subject): found for (_, code, subject), found in kept.items() if subject}
    checked: list[CheckedIssue] = []
    for issue in find_issues(inspection, progress):
        found: tuple[str, str] | None = None
        if issue.severity is Severity.ASK:
            subject = subject_of(issue)
            found = kept.get((month, issue.code, subject)) or kept.get((month, issue.code, ""))
            if found is None and issue.code not in _MONTHLY:
                found = lasting.get((issue.code, subject))
            if found is None and issue.record_id is not None:
                answer = answers.get((issue.code, issue.entity, issue.record_id))
                found = (answer, "") if answer is not None else None
        checked.append(
            CheckedIssue(
                issue=issue,
                explanation=found[0] if found else None,
                explained_by=found[1] if found else "",
            )
        )
    return checked


def explain(
    ledger_file: LedgerFile, month: str, code: str, reason: str, issues: Sequence[Issue] = ()
) -> None:
    """Keep the explanation of a whole ◐ group of a month, or of some of its issues."""
    with ledger_file.operation(f"说明检查 {TITLES.get(code, code)}") as uow:
        inspected = issues or [issue for issue in run_checks(uow, month) if issue.code == code]
        keep_explanation(uow, month, code, reason, inspected, whole=not issues, by=ledger_file.user)


def keep_explanation(
    uow: UnitOfWork,
    month: str,
    code: str,
    reason: str,
    issues: Sequence[Issue],
    *,
    whole: bool,
    by: str,
) -> None:
    """Write an explanation: for the group, and for each record it is about, so that it need be given once."""
    if not reason.strip():
        raise UserError("说明是空的，没有存。", "写一句为什么可以这样，例如“保单 11月28日统一办理”。")
    if code not in TITLES:
        known = "、".join(check.code for check in CHECKS)
        raise UserError(f"没有编号为 {code} 的检查，说明没有存。", f"可用的编号：{known}。")
    subjects = {subject_of(issue) for issue in issues if issue.severity is Severity.ASK}
    if whole:
        subjects.add("")
    kept = dict(
        uow.rows("SELECT subject, id FROM check_explanation WHERE month = ? AND code = ?", (month, code))
    )
    at = now()
    common = {"reason": reason.strip(), "explained_by": by, "explained_at": at}
    uow.update_many(CheckExplanation, [{"id": kept[one], **common} for one in subjects if one in kept])
    uow.insert_many(
        CheckExplanation,
        [
            {"month": month, "code": code, "subject": one, **common}
            for one in sorted(subjects)
            if one not in kept
        ],
    )


def close_month(
    ledger_file: LedgerFile, month: str, explanations: Mapping[str, str] | None = None
) -> ClosedMonth:
    """Freeze a month's figures and people; UserError says what still stands in the way. All in one operation."""
    with ledger_file.operation(f"封账 {_say(month)}") as uow:
        period = _check_order(uow, month)
        found = run_checks(uow, month) if explanations else []
        for code, reason in (explanations or {}).items():
            about = [issue for issue in found if issue.code == code]
            keep_explanation(uow, month, code, reason, about, whole=True, by=ledger_file.user)
        refuse_if_standing(checked_issues(uow, month), month)
        counted_to = min(today(), period.to_on)
        figures = compute_figures(uow, month, True, through=counted_to)
        digest = digest_of(month, counted_to, figures)
        month_id = _write_month(uow, period, counted_to, digest)
        _freeze(uow, month_id, figures)
        uow.log_note(f"统计截止日 {counted_to}，校验码 {digest[:16]}")
        return ClosedMonth(
            month=month,
            counted_to=counted_to,
            digest=digest,
            figures=len(figures),
            operation_id=uow.operation_id,
        )


def refuse_if_standing(checked: Sequence[CheckedIssue], month: str) -> None:
    """Raise UserError that names what must be mended or explained first."""
    blocking = [one.issue for one in checked if one.stands and one.issue.severity is Severity.BLOCK]
    asking = [one.issue for one in checked if one.stands and one.issue.severity is Severity.ASK]
    if blocking:
        raise UserError(
            f"{_say(month)}还不能封账：有 {len(blocking)} 项必须先处理。{_first(blocking)}",
            "逐项改好再封账；台账没有改动。",
        )
    if asking:
        codes = "、".join(
            f"{code}（{TITLES.get(code, code)}）" for code in dict.fromkeys(i.code for i in asking)
        )
        raise UserError(
            f"{_say(month)}还不能封账：有 {len(asking)} 项要说明，检查编号 {codes}。{_first(asking)}",
            "逐项说明原因，说明会随本月留存；台账没有改动。",
        )


def _first(issues: Sequence[Issue]) -> str:
    shown = "；".join(issue.message for issue in issues[:_SHOWN])
    return f"{shown}{'……' if len(issues) > _SHOWN else '。'}"


def _check_order(reading: Reading, month: str) -> Period:
    """Return the month's days; UserError if it can not be closed now."""
    period = MonthRule(reading.settings.cutoff_day).period(month)
    first_month = reading.settings.first_month
    states = dict(reading.rows("SELECT month, state FROM reporting_month"))
    if first_month and month < first_month:
        raise UserError(f"台账从{_say(first_month)}开始，{_say(month)}不在台账里，没有封账。")
    if states.get(month) in CLOSED:
        raise UserError(f"{_say(month)}已经封账，没有再封。", "要改数字，先写明原因重新打开。")
    before = add_months(month, -1)
    if first_month and before >= first_month and states.get(before) not in CLOSED:
        raise UserError(f"{_say(before)}还没有封账，{_say(month)}要排在它后面。", f"先封{_say(before)}。")
    from_day = reading.policy.closing_from_day
    opens_on = date(int(month[:4]), int(month[5:]), from_day)
    if today() < opens_on:
        raise UserError(
            f"{_say(month)}从{opens_on.month}月{opens_on.day}日起才能封账，今天还早。", "台账没有改动。"
        )
    return period


def _write_month(uow: UnitOfWork, period: Period, counted_to: date, digest: str) -> int:
    values = {
        "state": "closed",
        "counted_to": counted_to,
        "closed_at": now(),
        "digest": digest,
    }
    month_id = uow.scalar("SELECT id FROM reporting_month WHERE month = ?", (period.month,))
    if month_id is None:
        days = {"month": period.month, "from_on": period.from_on, "to_on": period.to_on}
        return uow.insert_many(ReportingMonth, [{**days, **values}])[0]
    uow.update_many(ReportingMonth, [{"id": month_id, **values, "reopened_reason": None}])
    return int(month_id)


def _freeze(uow: UnitOfWork, month_id: int, figures: Mapping[str, FigureResult]) -> None:
    ids = uow.insert_many(
        FrozenFigure,
        [
            {
                "month_id": month_id,
                "code": figure.code,
                "name": figure.name,
                "period": figure.period,
                "year": figure.year,
                "since_start": figure.since_start,
                "records": figure.records,
            }
            for figure in figures.values()
        ],
    )
    uow.insert_many(
        FrozenPerson,
        [
            {
                "figure_id": figure_id,
                "student_id": person.student_id,
                "document_number": person.document_number or None,
                "name": person.name,
                "class_name": person.class_name or None,
                "note": person.note or None,
            }
            for figure_id, figure in zip(ids, figures.values(), strict=True)
            for person in figure.people
        ],
    )


def digest_of(month: str, counted_to: date, figures: Mapping[str, FigureResult]) -> str:
    """Return the SHA-256 over a month's figures and the people behind them, computed or read back alike."""

    def real(value: float | None) -> float | None:
        return None if value is None else float(value)  # a count comes back from its column as 12.0

    content = [
        [
            figure.code,
            real(figure.period),
            real(figure.year),
            real(figure.since_start),
            figure.records,
            sorted([person.student_id, person.document_number, person.name] for person in figure.people),
        ]
        for figure in sorted(figures.values(), key=lambda figure: figure.code)
    ]
    text = json.dumps([month, counted_to.isoformat(), content], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def reopen_month(ledger_file: LedgerFile, month: str, reason: str) -> list[str]:
    """Open a closed month again, and those after it; return them. The reason is kept."""
    if not reason.strip():
        raise UserError("重新打开要写明原因，月份没有动。")
    with ledger_file.operation(f"重新打开 {_say(month)}") as uow:
        state = uow.scalar("SELECT state FROM reporting_month WHERE month = ?", (month,))
        if state not in CLOSED:
            raise UserError(f"{_say(month)}没有封账，不用重新打开。")
        found = uow.rows(
            "SELECT id, month FROM reporting_month WHERE month >= ? AND state IN (?, ?) ORDER BY month",
            (month, *CLOSED),
        )
        ids = [row[0] for row in found]
        marks = ", ".join(map(str, ids))
        people = uow.rows(
            "SELECT p.id FROM frozen_person p JOIN frozen_figure f ON f.id = p.figure_id"
            f" WHERE f.month_id IN ({marks})"
        )
        figures = uow.rows(f"SELECT id FROM frozen_figure WHERE month_id IN ({marks})")
        uow.delete_many(FrozenPerson, [row[0] for row in people])
        uow.delete_many(FrozenFigure, [row[0] for row in figures])
        changed: dict[str, Any] = {
            "state": "reopened",
            "counted_to": None,
            "closed_at": None,
            "digest": None,
            "reopened_reason": reason.strip(),
        }
        uow.update_many(ReportingMonth, [{"id": one, **changed} for one in ids])
        uow.log_note(reason.strip())
        return [row[1] for row in found]


def drift(reading: Reading, month: str) -> list[DriftRow]:
    """Return what has moved in a closed month since it was reported, by figure and person, with its cause."""
    closed = reading.scalar(
        "SELECT count(*) FROM reporting_month WHERE month = ? AND state IN (?, ?)", (month, *CLOSED)
    )
    if not closed:
        raise UserError(f"{_say(month)}没有封账，没有可比的数字。")
    return find_drift(reading, month)


def _say(month: str) -> str:
    return f"{month[:4]}年{int(month[5:])}月"
