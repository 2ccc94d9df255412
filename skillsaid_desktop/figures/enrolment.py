"""Block E: newly enrolled targets (DOMAIN section 7, 招生)."""

from collections.abc import Callable
from datetime import date

from skillsaid_desktop.figures.figure import Dated, Figure
from skillsaid_desktop.figures.ground import Change, Ground, Stretch


def _enrolled(accepts: Callable[[Change, Stretch], bool]) -> Callable[[Ground, date, date], list[Dated]]:
    """Return the search for targets on their day of entry that also fulfil a condition."""

    def dated(ground: Ground, from_on: date, to_on: date) -> list[Dated]:
        return [
            Dated(change.student_id, change.on, change.kind)
            for change, stretch in ground.entries
            if from_on <= change.on <= to_on and accepts(change, stretch)
        ]

    return dated


def _figure(code: str, name: str, definition: str, accepts: Callable[[Change, Stretch], bool]) -> Figure:
    return Figure(code=code, name=name, definition=definition, dated=_enrolled(accepts))


ENROLMENT = (
    _figure(
        "E1",
        "新招收帮扶对象学生",
        "本期入学或转入、入学当天是帮扶对象的学生",
        lambda change, stretch: True,
    ),
    _figure(
        "E2", "其中：应届", "E1 中招生对象为应届的", lambda change, stretch: change.applicant_kind == "应届"
    ),
    _figure(
        "E3", "其中：往届", "E1 中招生对象为往届的", lambda change, stretch: change.applicant_kind == "往届"
    ),
    _figure(
        "E4",
        "其中：对口贫困县",
        "E1 中户籍在学校对口贫困县的",
        lambda change, stretch: stretch.is_paired_county,
    ),
    _figure(
        "E5",
        "其中：高级工班",
        "E1 中入学时培养层次为高级工的",
        lambda change, stretch: stretch.level == "高级工",
    ),
    _figure(
        "E6",
        "其中：预备技师（技师）班",
        "E1 中入学时培养层次为预备技师（技师）的",
        lambda change, stretch: stretch.level == "预备技师(技师)",
    ),
)
