"""What closed months keep: their figures and the people behind each, in the words of that day."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from skillsaid_desktop.figures.figure import FigureResult, PersonRef

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

CLOSED = ("closed", "submitted")


def closed_months(reading: "Reading") -> set[str]:
    """Return the months whose figures are frozen."""
    return {row[0] for row in reading.rows("SELECT month FROM reporting_month WHERE state IN (?, ?)", CLOSED)}


def frozen_results(reading: "Reading", month: str) -> dict[str, FigureResult] | None:
    """Return the figures of a closed month as they were frozen, None if it is open."""
    month_id = reading.scalar(
        "SELECT id FROM reporting_month WHERE month = ? AND state IN (?, ?)", (month, *CLOSED)
    )
    if month_id is None:
        return None
    people: dict[int, list[PersonRef]] = defaultdict(list)
    for figure_id, student_id, number, name, class_name, note in reading.rows(
        "SELECT p.figure_id, p.student_id, p.document_number, p.name, p.class_name, p.note FROM frozen_person p "
        "JOIN frozen_figure f ON f.id = p.figure_id WHERE f.month_id = ? ORDER BY p.id",
        (month_id,),
    ):
        people[figure_id].append(PersonRef(student_id or 0, number or "", name, class_name or "", note or ""))
    return {
        code: FigureResult(
            code=code, name=name, period=period, year=year, since_start=since_start,
            people=tuple(people[figure_id]), records=records,
        )
        for figure_id, code, name, period, year, since_start, records in reading.rows(
            "SELECT id, code, name, period, year, since_start, records FROM frozen_figure WHERE month_id = ? "
            "ORDER BY id",
            (month_id,),
        )
    }  # fmt: skip


def frozen_people(
    reading: "Reading", months: Sequence[str], codes: Sequence[str]
) -> dict[str, dict[str, list[int]]]:
    """Return the ids behind these figures of these closed months: month, then code."""
    found: dict[str, dict[str, list[int]]] = {month: defaultdict(list) for month in months}
    if not months:
        return found
    marks, named = ", ".join("?" * len(months)), ", ".join("?" * len(codes))
    for month, code, student_id in reading.rows(
        "SELECT m.month, f.code, p.student_id FROM reporting_month m JOIN frozen_figure f ON f.month_id = m.id "
        "JOIN frozen_person p ON p.figure_id = f.id "
        f"WHERE m.month IN ({marks}) AND f.code IN ({named})",
        (*months, *codes),
    ):
        found[month][code].append(student_id)
    return found


def reported_codes(reading: "Reading", months: Sequence[str]) -> defaultdict[str, set[str]]:
    """Return which figures were frozen in these closed months, even of nobody."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    marks = ", ".join("?" * len(months))
    for month, code in reading.rows(
        "SELECT m.month, f.code FROM reporting_month m JOIN frozen_figure f ON f.month_id = m.id"
        f" WHERE m.month IN ({marks})",
        tuple(months),
    ):
        found[month].add(code)
    return found
