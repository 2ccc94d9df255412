"""Block S: the targets in school at the end of the month (DOMAIN section 7, 在籍)."""

from collections.abc import Callable
from datetime import date

from skillsaid_desktop.domain.status import ATTENDING
from skillsaid_desktop.figures.figure import Figure
from skillsaid_desktop.figures.ground import Ground, Stretch


def _standing(accepts: Callable[[Stretch], bool]) -> Callable[[Ground, date], list[int]]:
    """Return the search for 在籍帮扶对象 at the end of a day that also fulfil a condition."""

    def standing(ground: Ground, day: date) -> list[int]:
        return [one.student_id for one in ground.enrolled_targets(day) if accepts(one)]

    return standing


def _figure(code: str, name: str, definition: str, accepts: Callable[[Stretch], bool]) -> Figure:
    return Figure(code=code, name=name, definition=definition, standing=_standing(accepts))


STANDING = (
    _figure(
        "S1",
        "在籍帮扶对象学生",
        "本期最后一天在籍（在读、实习、休学、保留学籍）且是帮扶对象的学生",
        lambda one: True,
    ),
    _figure(
        "S2",
        "在校帮扶对象学生",
        "S1 中在校（在读、实习）的",
        lambda one: one.state in ATTENDING,
    ),
    _figure("S3", "其中：中级工", "S1 中培养层次为中级工的", lambda one: one.level == "中级工"),
    _figure("S4", "其中：高级工", "S1 中培养层次为高级工的", lambda one: one.level == "高级工"),
    _figure(
        "S5",
        "其中：预备技师（技师）",
        "S1 中培养层次为预备技师（技师）的",
        lambda one: one.level == "预备技师(技师)",
    ),
    _figure("S6", "其中：对口贫困县", "S1 中户籍在学校对口贫困县的", lambda one: one.is_paired_county),
    _figure("S7", "其中：休学", "S1 中休学的", lambda one: one.state == "休学"),
    _figure("S8", "其中：保留学籍", "S1 中保留学籍的", lambda one: one.state == "保留学籍"),
)
