"""Checks of the month's own numbers: the bridge, each figure against its list, drift (DOMAIN section 9, 32, 33)."""

from collections import Counter

from skillsaid_desktop.checks.check import Inspection, names, say_month
from skillsaid_desktop.figures import FIGURES, FigureResult, Unit
from skillsaid_desktop.schema import Issue, Severity


def bridge_difference(figures: dict[str, FigureResult]) -> dict[int, int]:
    """Return by how much C0 + CX + CI − CO misses S1 for each student; empty when it adds up by name."""
    total: Counter[int] = Counter()
    for code, figure in figures.items():
        if code in ("C0", "CX+") or code.startswith("CI"):
            total.update(person.student_id for person in figure.people)
        elif code == "S1" or code.startswith(("CO", "CX")):
            total.subtract(person.student_id for person in figure.people)
    return {student_id: number for student_id, number in total.items() if number}


def check_bridge(inspection: Inspection) -> list[Issue]:
    """● the bridge does not add up, by name."""
    return [
        Issue(
            severity=Severity.BLOCK,
            code="32",
            message=f"{inspection.who(student_id)}在期初、增减和期末名单里对不上（{'多' if number > 0 else '少'} 1）",
            entity="student",
            record_id=student_id,
        )
        for student_id, number in bridge_difference(inspection.figures).items()
    ]


def check_figures(inspection: Inspection) -> list[Issue]:
    """● a figure ≠ its list; ◐ a closed month has drifted without a reason."""
    units = {figure.code: figure.unit for figure in FIGURES}
    issues = [
        Issue(
            severity=Severity.BLOCK,
            code="33",
            message=f"{figure.code} {figure.name}是 {figure.period}，名单里有 {len(figure.people)} 人",
            entity="figure",
        )
        for code, figure in inspection.figures.items()
        if units[code] is not Unit.RATIO and figure.period != len(figure.people)
    ]
    return issues + check_drift(inspection)


def check_drift(inspection: Inspection) -> list[Issue]:
    """◐ each closed month before this one whose 在籍 or other figures would now be others, without a reason given."""
    issues: list[Issue] = []
    for month, rows in inspection.drifts.items():
        unexplained: dict[int | str, str] = {}
        moved: list[str] = []
        for row in rows:
            for person in row.people:
                if not person.reason:
                    unexplained[person.student_id or person.name] = person.name
            if row.code == "S1" or not moved:
                moved = [f"{row.name} {_number(row.reported)}，现应为 {_number(row.now)}"]
        if unexplained:
            who = names(list(unexplained.values()))
            issues.append(
                Issue(
                    severity=Severity.ASK,
                    code="33",
                    message=f"{say_month(month)}已报{moved[0]}：{who}，没有写更正原因",
                    entity="reporting_month",
                    record_id=inspection.reading.scalar(
                        "SELECT id FROM reporting_month WHERE month = ?", (month,)
                    ),
                    people=tuple(one for one in unexplained if isinstance(one, int)),
                )
            )
    return issues


def _number(value: float | None) -> str:
    if value is None:
        return "（无）"
    return f"{value:.1%}" if value != int(value) else str(int(value))
