"""The month-end desk (月末办理): what is due, what is missing and who, what keeps the month from closing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from skillsaid_desktop.checks import TITLES, Inspection
from skillsaid_desktop.checks.check import say, say_month
from skillsaid_desktop.checks.drift import DriftRow
from skillsaid_desktop.checks.pairings import OF_COUNTY
from skillsaid_desktop.clock import today
from skillsaid_desktop.collector import without_collecting
from skillsaid_desktop.domain.months import MonthRule, Period, add_months
from skillsaid_desktop.figures import FigureResult, PersonRef
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.figures.frozen import CLOSED
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.services.closing import CheckedIssue, checked_issues, subject_of
from skillsaid_desktop.services.desk_charts import BridgeLine, CareLine, bridge_lines, care_lines
from skillsaid_desktop.services.sheet_progress import OUT, PARTLY, sheet_progress
from skillsaid_desktop.storage import Reading

STEPS = ("登记", "检查", "封账", "报送")
_WEEKDAYS = "一二三四五六日"
_AHEAD = timedelta(days=45)
_STATES = {"closed": "已封账", "submitted": "已报送", "reopened": "重新打开"}


@dataclass(frozen=True, kw_only=True)
class DeskDeadline:
    """A day in the column 期限."""

    title: str
    on: date
    days_left: int
    is_next: bool = False

    @property
    def weekday(self) -> str:
        """周三."""
        return f"周{_WEEKDAYS[self.on.weekday()]}"

    @property
    def left(self) -> str:
        """今天, 明天, 15 天, 已过 3 天."""
        if self.days_left in (0, 1):
            return ("今天", "明天")[self.days_left]
        return f"{self.days_left} 天" if self.days_left > 0 else f"已过 {-self.days_left} 天"


@dataclass(frozen=True, kw_only=True)
class Gathering:
    """A line of 收齐: what others still owe. `page` is where it is got, opened with `params`, `people` who is missing.

    `records` are the rows of that page's ledger in which something is missing.
    """

    title: str
    done: int
    total: int
    unit: str
    detail: str
    page: str
    act: str
    people: tuple[PersonRef, ...] = ()
    params: Mapping[str, object] = field(default_factory=lambda: {"missing": True})
    records: tuple[int, ...] = ()

    @property
    def is_done(self) -> bool:
        """Tell whether nothing is missing."""
        return self.done >= self.total


@dataclass(frozen=True, kw_only=True)
class CheckLine:
    """A line of 封账前检查: one ● issue, or all ◐ issues of one kind."""

    code: str
    title: str
    severity: Severity
    message: str
    issues: tuple[Issue, ...]
    explanation: str | None = None
    explained_by: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What tells this line from the month's others, also after something was changed and all was checked again."""
        about = subject_of(self.issues[0]) if self.severity is not Severity.ASK else ""
        return (self.code, self.title, self.explanation, about)

    @property
    def students(self) -> tuple[int, ...]:
        """Return the students that the line is about, each once."""
        found = dict.fromkeys(one for issue in self.issues for one in _people_of(issue))
        return tuple(found)

    def records_of(self, entity: str) -> tuple[int, ...]:
        """Return the stored rows of a table that the line is about, each once."""
        found = (one.record_id for one in self.issues if one.entity == entity and one.record_id)
        return tuple(dict.fromkeys(found))


def _people_of(issue: Issue) -> tuple[int, ...]:
    if issue.people or issue.entity != "student" or issue.record_id is None:
        return issue.people
    return (issue.record_id,)


@dataclass(frozen=True, kw_only=True)
class DriftLine:
    """A reported month that has moved: the sentence, the edit that caused it, and whether it is in this month's 更正."""

    month: str
    sentence: str
    detail: str
    is_corrected_here: bool
    rows: tuple[DriftRow, ...]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything that 首页 shows of a month."""

    month: str
    state: str
    period: Period
    step: int
    sentence: str
    deadlines: tuple[DeskDeadline, ...]
    recipients: tuple[str, ...]
    gatherings: tuple[Gathering, ...]
    blocking: tuple[CheckLine, ...]
    asking: tuple[CheckLine, ...]
    explained: tuple[CheckLine, ...]
    hints: tuple[CheckLine, ...]
    bridge: tuple[BridgeLine, ...]
    care: tuple[CareLine, ...]
    drift: tuple[DriftLine, ...]
    pending: int
    can_close: bool
    why_not: str
    figures: dict[str, FigureResult] = field(repr=False)

    @property
    def lines(self) -> tuple[CheckLine, ...]:
        """All lines of 封账前检查."""
        return (*self.blocking, *self.asking, *self.explained, *self.hints)

    @property
    def is_closed(self) -> bool:
        """Tell whether the month's numbers are frozen."""
        return self.state in ("已封账", "已报送")


def latest_desk(reading: Reading, month: str, progress: Progress | None = None) -> Desk:
    """Return what the desk shows of a month, today; asked again before anything is written, what was gathered then.

    The page and the number in the navigation ask for it after each change: all checks run for it only once.
    """
    with without_collecting():
        return reading.once("desk", (month, today()), lambda: desk(reading, month, progress))


def desk(reading: Reading, month: str, progress: Progress | None = None) -> Desk:
    """Gather what the desk shows of a month, today; `progress` hears of each check."""
    rule = MonthRule(reading.settings.cutoff_day)
    period = rule.period(month)
    day = today()
    stored = dict(reading.rows("SELECT month, state FROM reporting_month"))
    is_closed = stored.get(month) in CLOSED
    state = _STATES.get(stored.get(month, ""), "检查中" if period.to_on <= day else "登记中")
    inspection = Inspection(reading, month)
    # An open month's figures are those that the checks look at.
    figures = compute_figures(reading, month) if is_closed else inspection.figures
    checked = checked_issues(reading, month, inspection, progress)
    blocking, asking, explained, hints = _check_lines(checked)
    why_not = _why_not(reading, month, stored, day, len(blocking), len(asking))
    deadlines = _deadlines(reading, month, period, day)
    return Desk(
        month=month,
        state=state,
        period=period,
        step=_step(state),
        sentence=_sentence(month, state, deadlines, len(blocking), len(asking), why_not),
        deadlines=deadlines,
        recipients=tuple(one.name for one in reading.policy.recipients_on(period.to_on)),
        gatherings=_gatherings(reading, month, period, figures),
        blocking=blocking,
        asking=asking,
        explained=explained,
        hints=hints,
        bridge=bridge_lines(figures),
        care=care_lines(reading, month, period, figures),
        drift=_drift_lines(inspection.drifts, month, _closed_before(month, stored)),
        pending=reading.scalar("SELECT count(*) FROM pending_row WHERE resolved_at IS NULL"),
        can_close=not is_closed and not why_not,
        why_not=why_not,
        figures=figures,
    )


def _step(state: str) -> int:
    """Return the number of the step in hand, from 0; 4 when all is done."""
    return {"登记中": 0, "检查中": 1, "重新打开": 1, "已封账": 3, "已报送": 4}[state]


def _why_not(
    reading: Reading, month: str, stored: dict[str, str], day: date, blocking: int, asking: int
) -> str:
    if stored.get(month) in CLOSED:
        return f"{say_month(month)}{_STATES[stored[month]]}"
    before, first = add_months(month, -1), reading.settings.first_month
    if first and before >= first and stored.get(before) not in CLOSED:
        return f"{say_month(before)}还没有封账"
    opens_on = date(int(month[:4]), int(month[5:]), reading.policy.closing_from_day)
    if day < opens_on:
        return f"{say(opens_on)}起才能封账"
    if blocking:
        return f"还有 {blocking} 项必须处理"
    return f"还有 {asking} 项要说明" if asking else ""


def _sentence(
    month: str, state: str, deadlines: tuple[DeskDeadline, ...], blocking: int, asking: int, why_not: str
) -> str:
    if state == "已报送":
        return f"{say_month(month)}已报送。"
    due = next((one for one in deadlines if one.is_next), None)
    when = ""
    if due is not None:
        named = f"{say(due.on)} {due.weekday}"
        if due.days_left < 0:
            when = f"报送期限（{named}）已过 {-due.days_left} 天。"
        elif due.days_left < 2:
            when = f"{due.left}（{named}）报送。"
        else:
            when = f"还有 {due.days_left} 天（{named}）报送。"
    if state == "已封账":
        return f"{say_month(month)}已封账。{when}"
    if not why_not:
        return f"可以封账了。{when}"
    parts = [f"处理 {blocking} 项"] if blocking else []
    parts += [f"说明 {asking} 项"] if asking else []
    return f"{when}封账前还要{'、'.join(parts)}。" if parts else f"{when}{why_not}。"


def _deadlines(reading: Reading, month: str, period: Period, day: date) -> tuple[DeskDeadline, ...]:
    policy = reading.policy
    found: list[tuple[date, str, bool]] = []
    for due in policy.due_in_month(month):
        if due.name == "freeze":
            found.append((period.to_on, due.title, False))  # the boundary is the school's own
        elif due.name != "reminder" or due.on >= day:
            found.append((due.on, due.title, due.name == "submission"))
    yearly = policy.due_in_year(day.year) + policy.due_in_year(day.year + 1)
    found += [(due.on, due.title, False) for due in yearly if day <= due.on <= day + _AHEAD]
    return tuple(
        DeskDeadline(title=title, on=on, days_left=(on - day).days, is_next=is_next)
        for on, title, is_next in sorted(found)
    )


def _check_lines(
    checked: list[CheckedIssue],
) -> tuple[tuple[CheckLine, ...], tuple[CheckLine, ...], tuple[CheckLine, ...], tuple[CheckLine, ...]]:
    """Return lines that must be mended, must be explained, are explained, are hints."""
    blocking: list[CheckLine] = []
    hints: list[CheckLine] = []
    groups: defaultdict[tuple[str, str, str | None, str], list[Issue]] = defaultdict(list)
    for one in checked:
        issue = one.issue
        if issue.severity is Severity.ASK:
            groups[issue.code, _kind_of(issue), one.explanation, one.explained_by].append(issue)
            continue
        line = CheckLine(
            code=issue.code,
            title=TITLES.get(issue.code, issue.code),
            severity=issue.severity,
            message=issue.message,
            issues=(issue,),
        )
        (blocking if issue.severity is Severity.BLOCK else hints).append(line)
    asking: list[CheckLine] = []
    explained: list[CheckLine] = []
    for (code, kind, explanation, by), issues in groups.items():
        line = CheckLine(
            code=code,
            title=kind or TITLES.get(code, code),
            severity=Severity.ASK,
            message=_summary(kind, issues),
            issues=tuple(issues),
            explanation=explanation,
            explained_by=by,
        )
        (asking if explanation is None else explained).append(line)
    return tuple(blocking), tuple(asking), tuple(explained), tuple(hints)


_KINDS = (
    ("没有监测记录", "未监测"), ("没有帮助措施", "缺措施"), ("还没有结果", "措施到期"), ("校领导结对", "未结对"),
    ("天没有联系", "久未联系"), ("还没有解除", "结对待解除"),
)  # fmt: skip
_TAILS = {"未监测": "本月没有监测记录", "未结对": "没有校领导结对"}


def _kind_of(issue: Issue) -> str:
    return next(
        (kind for tail, kind in _KINDS if issue.code in ("30", "31") and issue.message.endswith(tail)), ""
    )


def _summary(kind: str, issues: list[Issue]) -> str:
    if kind in _TAILS and len(issues) > 1:
        tail = _TAILS[kind]
        people = [issue.message.removesuffix(tail) for issue in issues]
        of_county = [one.removeprefix(OF_COUNTY) for one in people if one.startswith(OF_COUNTY)]
        if not of_county:
            return f"{len(people)} 人{tail}：{_few(people)}"
        number = "都是对口县的" if len(of_county) == len(people) else f"其中对口县 {len(of_county)} 人"
        return f"{len(people)} 人{tail}，{number}：{_few(of_county)}"
    said = list(dict.fromkeys(issue.message for issue in issues))  # a pair is asked about at either person
    if len(said) == 1:
        return said[0]
    return f"{len(issues)} 项：{said[0]}；{said[1]}{'……' if len(said) > 2 else ''}"


def _few(words: list[str], most: int = 5) -> str:
    return "、".join(words[:most]) + ("……" if len(words) > most else "")


def _gatherings(
    reading: Reading, month: str, period: Period, figures: dict[str, FigureResult]
) -> tuple[Gathering, ...]:
    noted = {person.student_id for person in figures["T2"].people}
    due = figures["T1"].people
    missing = tuple(person for person in due if person.student_id not in noted)
    by_class: defaultdict[str, list[PersonRef]] = defaultdict(list)
    for person in missing:
        by_class[person.class_name or "没有班级"].append(person)
    classes = sheet_progress(reading, month)
    out = [one for one in classes if one.answer == OUT]
    named = [f"{one.class_name}（{one.teacher}）" if one.teacher else one.class_name for one in out]
    partly = sum(one.answer == PARTLY for one in classes)
    told = [f"{_few(named, 2)}还没有交"] if named else []
    told += [f"{partly} 班没填完"] if partly else []
    changes = reading.rows(
        "SELECT s.name, c.kind, coalesce(c.evidence, c.approval_number, ''), c.id FROM status_change c"
        " JOIN student s ON s.id = c.student_id WHERE c.changed_on BETWEEN ? AND ?"
        " AND NOT c.is_opening AND NOT c.is_inferred ORDER BY c.changed_on, c.id",
        (period.from_on.isoformat(), period.to_on.isoformat()),
    )
    bare = [f"{name} {kind}" for name, kind, proof, _id in changes if not proof]
    found = [
        Gathering(
            title="班主任监测表",
            done=len(classes) - len(out),
            total=len(classes),
            unit="班",
            detail="，".join(told),
            page="monitoring",
            act="去催",
            people=tuple(person for one in out for person in by_class[one.class_name]),
            params={"collect": OUT},
        ),
        Gathering(
            title="每月监测",
            done=len(due) - len(missing),
            total=len(due),
            unit="人",
            detail=_few([f"{name} 缺 {len(people)} 人" for name, people in by_class.items()], 3),
            page="monitoring",
            act="去填写",
            people=missing,
        ),
    ]
    if changes:
        found.append(
            Gathering(
                title="异动佐证",
                done=len(changes) - len(bare),
                total=len(changes),
                unit="件",
                detail=f"{_few(bare, 3)}，缺批文或佐证" if bare else "",
                page="changes",
                act="去补",
                records=tuple(row[3] for row in changes if not row[2]),
            )
        )
    waiting = reading.scalar("SELECT count(*) FROM pending_row WHERE resolved_at IS NULL")
    if waiting:
        total = reading.scalar("SELECT count(*) FROM pending_row")
        found.append(
            Gathering(
                title="待处理的行",
                done=total - waiting,
                total=total,
                unit="行",
                detail=f"{waiting} 行没有导入，等您答复",
                page="pending",
                act="去处理",
            )
        )
    return tuple(found)


def _drift_lines(drifts: Mapping[str, Sequence[DriftRow]], month: str, last: str) -> tuple[DriftLine, ...]:
    """Return a line for each month that moved; `last` is the month that was closed last before this one."""
    lines: list[DriftLine] = []
    for one, rows in drifts.items():
        row = next((each for each in rows if each.code == "S1"), rows[0])
        edits = [
            f"{person.name} {person.causes[-1].what}，{say(person.causes[-1].done_at[:10])}补登"
            if person.causes
            else person.name
            for person in row.people
        ]
        lines.append(
            DriftLine(
                month=one,
                sentence=f"{int(one[5:])}月{row.name} {_count(row.reported)}，现应为 {_count(row.now)}",
                detail="；".join(edits[:3]) + ("……" if len(edits) > 3 else ""),
                is_corrected_here=row.code == "S1" and one == last and add_months(one, 1) == month,
                rows=tuple(rows),
            )
        )
    return tuple(lines)


def _closed_before(month: str, stored: Mapping[str, str]) -> str:
    return max((one for one, state in stored.items() if state in CLOSED and one < month), default="")


def _count(value: float | None) -> str:
    if value is None:
        return "（无）"
    return f"{value:.1%}" if value != int(value) else f"{int(value)} 人"
