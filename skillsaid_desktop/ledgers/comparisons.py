"""The one way into 名册比对, whatever kind of roster the students are compared with."""

from datetime import date
from typing import TYPE_CHECKING

from skillsaid_desktop.ledgers.comparison import Comparison, compare_students
from skillsaid_desktop.ledgers.school_register import SCHOOL, compare_register

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading


def compare_rosters(reading: "Reading", day: date, kind: str) -> Comparison:
    """Compare the students of a day with the newest rosters of a kind: poverty, training or school."""
    return compare_register(reading, day) if kind == SCHOOL else compare_students(reading, day, kind)
