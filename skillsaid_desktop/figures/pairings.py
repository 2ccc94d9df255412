"""Block M: leaders and students paired, contacts, and who of the paired counties has nobody (DOMAIN section 7)."""

from collections import Counter
from datetime import date

from skillsaid_desktop.figures.figure import Dated, Figure, Unit
from skillsaid_desktop.figures.ground import Ground


def _leaders(ground: Ground, day: date) -> list[tuple[str, str]]:
    return [
        (leader, f"结对 {number} 人")
        for leader, number in Counter(leader for leader, _student in ground.paired(day)).items()
    ]


def _students(ground: Ground, day: date) -> list[int]:
    return sorted({student_id for _leader, student_id in ground.paired(day)})


def _without(ground: Ground, day: date) -> list[int]:
    paired = set(_students(ground, day))
    return [
        one.student_id
        for one in ground.enrolled_targets(day)
        if one.is_paired_county and one.student_id not in paired
    ]


_OF_TARGETS = (
    " FROM contact c JOIN student_span sp ON sp.student_id = c.student_id AND sp.from_on <= c.contacted_on"
    " AND sp.to_on >= c.contacted_on AND sp.is_target = 1 WHERE c.contacted_on BETWEEN ? AND ?"
)


_DAY = "ltrim(substr(c.contacted_on, 6, 2), '0') || '月' || ltrim(substr(c.contacted_on, 9), '0') || '日'"


def _contacts(ground: Ground, from_on: date, to_on: date) -> list[Dated]:
    day = date.fromisoformat
    return [
        Dated(student_id, day(on), note)
        for student_id, on, note in ground.reading.rows(
            f"SELECT c.student_id, c.contacted_on, {_DAY} || ' ' || c.leader || coalesce(' ' || c.form, '')"
            f"{_OF_TARGETS} ORDER BY c.contacted_on, c.id",
            (from_on.isoformat(), to_on.isoformat()),
        )
    ]


def _contacted(ground: Ground, from_on: date, to_on: date) -> list[Dated]:
    """Return each student with his last contact in each half of a calendar month, parted at the cut-off day.

    Ten years of talks are many, and no reporting month begins within such a half.
    """
    cutoff = ground.rule.cutoff_day or 31
    found = []
    for student_id, on in ground.reading.rows(
        f"SELECT c.student_id, max(c.contacted_on){_OF_TARGETS}"
        " GROUP BY c.student_id, substr(c.contacted_on, 1, 7), CAST(substr(c.contacted_on, 9) AS INTEGER) > ?"
        " ORDER BY 2",
        (from_on.isoformat(), to_on.isoformat(), cutoff),
    ):
        day = date.fromisoformat(on)
        found.append(Dated(student_id, day, f"最近 {day.month}月{day.day}日"))
    return found


PAIRINGS = (
    Figure(
        code="M1",
        name="结对校领导",
        definition="本期最后一天有结对、且结对学生在 S1 中的校领导",
        named=_leaders,
    ),
    Figure(code="M2", name="结对学生", definition="S1 中本期最后一天有结对的", standing=_students),
    Figure(
        code="M3",
        name="帮扶次数",
        definition="本期校领导和帮扶对象谈话、电话、家访等的次数",
        unit=Unit.ACTS,
        dated=_contacts,
        sums_months=True,
    ),
    Figure(code="M4", name="帮扶到的学生", definition="M3 中不同的学生", dated=_contacted),
    Figure(
        code="M5",
        name="对口贫困县未结对",
        definition="S1 中户籍在对口贫困县、本期最后一天没有结对的",
        standing=_without,
    ),
)
