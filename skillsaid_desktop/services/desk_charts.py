"""What the two charts of 首页 answer: why there are so many targets, and whether those in need were seen and helped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skillsaid_desktop.domain.months import Period
from skillsaid_desktop.figures import FigureResult, PersonRef
from skillsaid_desktop.storage import Reading


@dataclass(frozen=True, kw_only=True)
class BridgeLine:
    """A step of the bridge: 上月末, 更正, 转出 …, 本月末; changes carry a sign and names."""

    code: str
    title: str
    number: int
    people: tuple[PersonRef, ...] = ()

    @property
    def is_stock(self) -> bool:
        """Tell whether this is an end of the bridge."""
        return self.code in ("C0", "S1")


@dataclass(frozen=True, kw_only=True)
class CareLine:
    """What was done of what had to be done; `page`, opened with `params`, lists who is missing, or else who was done."""

    title: str
    done: int
    total: int
    unit: str
    page: str
    params: Mapping[str, object]

    @property
    def missing(self) -> int:
        """How many are still to be done."""
        return self.total - self.done


def bridge_lines(figures: dict[str, FigureResult]) -> tuple[BridgeLine, ...]:
    """Return the ends and those steps in which somebody moved."""
    lines: list[BridgeLine] = []
    for code, figure in figures.items():
        is_step = code.startswith(("CI", "CO", "CX"))
        if not (is_step or code == "C0") or (is_step and not figure.period):
            continue
        is_loss = code.startswith("CO") or (code.startswith("CX") and code != "CX+")
        title = (
            "上月末" if code == "C0" else ("更正" if code.startswith("CX") else figure.name.split("：")[-1])
        )
        number = int(figure.period or 0)
        lines.append(
            BridgeLine(
                code=code,
                title={"认定为帮扶对象": "新认定", "退出帮扶对象": "退出"}.get(title, title),
                number=-number if is_loss else number,
                people=figure.people if is_step else (),
            )
        )
    end = BridgeLine(code="S1", title="本月末", number=int(figures["S1"].period or 0))
    return (*lines, end)


def care_lines(
    reading: Reading, month: str, period: Period, figures: Mapping[str, FigureResult]
) -> tuple[CareLine, ...]:
    """Return who was seen, which of those in difficulty have a measure, and which measures that were due are done."""
    due, troubled = _ids(figures["T1"].people), _ids(figures["T4"].people)
    if not due:
        return ()
    seen, helped = set(_ids(figures["T2"].people)), set(_ids(figures["T5"].people))
    lines = [_line("看过", seen, due, "T2", "monitoring", {"missing": True})]
    if troubled:
        unhelped = {"records": [one for one in troubled if one not in helped], "because": "困难没有措施"}
        lines.append(_line("困难有措施", helped, troubled, "T5", "students", unhelped))
    done, still_open = _measures(reading, month, period)
    if done or still_open:
        records = list(dict.fromkeys(still_open))
        lines.append(
            CareLine(
                title="措施有结果", done=done, total=done + len(still_open), unit="条",
                **_behind(bool(still_open), "students", {"records": records, "because": "措施还没有结果"}, "T6"),
            )
        )  # fmt: skip
    return tuple(lines)


def _line(
    title: str, done: set[int], all_: Sequence[int], figure: str, page: str, missing: Mapping[str, object]
) -> CareLine:
    number = sum(one in done for one in all_)
    behind = _behind(number < len(all_), page, missing, figure)
    return CareLine(title=title, done=number, total=len(all_), unit="人", **behind)


def _behind(is_missing: bool, page: str, params: Mapping[str, object], figure: str) -> dict[str, Any]:
    """Return where a line leads: to what is missing, or to the people of its figure when nothing is."""
    if is_missing:
        return {"page": page, "params": params}
    return {"page": "reports", "params": {"report": "progress", "figure": figure}}


def _measures(reading: Reading, month: str, period: Period) -> tuple[int, list[int]]:
    """Return how many measures were completed in the month, and whose are due by its end and open."""
    rows = reading.rows(
        "SELECT n.student_id, m.completed_on IS NULL FROM help_measure m JOIN monitoring_note n ON n.id = m.note_id"
        " WHERE m.completed_on BETWEEN :from AND :to OR (n.month <= :month AND m.due_on <= :to"
        " AND m.completed_on IS NULL AND coalesce(m.result, '') = '') ORDER BY m.due_on, m.id",
        {"from": period.from_on.isoformat(), "to": period.to_on.isoformat(), "month": month},
    )
    return sum(not is_open for _who, is_open in rows), [who for who, is_open in rows if is_open]


def _ids(people: Sequence[PersonRef]) -> list[int]:
    return [one.student_id for one in people]
