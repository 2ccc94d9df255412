"""Invents the people of the sample school: the same ones for the same month, and nobody real."""

import random
import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from stdnum.cn import ric

from skillsaid_desktop.paths import resource_path

STUDENTS = 460
TARGETS = 130
FAMILIES = 8
_SHARED = (
    "guardian_name", "guardian_relation", "guardian_phone", "home_township", "home_village",
)  # fmt: skip
_TARGET_CATEGORIES = ("脱贫户",) * 6 + ("脱贫不稳定户", "边缘易致贫户", "突发严重困难户")
_OTHER_CATEGORIES = ("低保", "残疾学生", "特困救助供养", "孤儿")
Row = dict[str, Any]


@dataclass
class SampleClass:
    """A class: its name, the year it entered, what it learns, who teaches it."""

    name: str
    grade: int
    major: str
    level: str
    years: int
    teacher: str
    students: list[Row] = field(default_factory=list)


def load_words() -> dict[str, Any]:
    """Return the words that the sample school is made of."""
    with resource_path("sample/school.toml").open("rb") as file:
        return tomllib.load(file)


def make_siblings(students: list[Row]) -> None:
    """Let a few of one surname and county be brothers and sisters: the same guardian in the same house.

    One of them is a target; that a brother has no category is what the household's page brings to light.
    """
    families: dict[tuple[str, str], list[Row]] = {}
    for student in students:
        families.setdefault((student["name"][0], student["home_county"]), []).append(student)
    chosen = []
    for family in families.values():
        target = next((one for one in family if one.get("category") in _TARGET_CATEGORIES), None)
        if target is None or target["guardian_name"][0] != target["name"][0]:
            continue
        siblings = [target]
        for student in family:
            apart = min(abs((student["born_on"] - one["born_on"]).days) for one in siblings)
            is_alike = student.get("category", target["category"]) == target["category"]
            if apart > 330 and is_alike and len(siblings) < 3:
                siblings.append(student)
        chosen.append(siblings)
    chosen.sort(key=len, reverse=True)
    for siblings in chosen[:FAMILIES]:
        for student in siblings[1:]:
            student.update({name: siblings[0][name] for name in _SHARED})


def resident_number(area: str, born: date, serial: int) -> str:
    """Return an invented number with its right check digit."""
    body = f"{area}{born:%Y%m%d}{serial:03d}"
    return body + str(ric.calc_check_digit(body + "0"))


class Inventor:
    """Makes people up; everything follows from the words and the intake years."""

    def __init__(self, words: dict[str, Any], grades: tuple[int, ...]) -> None:
        self.words = words
        self.grades = grades
        self.random = random.Random("虚构")
        self._names: set[str] = set()
        self._numbers: set[str] = set()
        self._serial = 0

    def classes(self) -> list[SampleClass]:
        """Return the classes of all intakes with their 460 students."""
        teachers = self.words["teachers"].split()
        found = [
            SampleClass(
                name=f"{major['short']}{grade % 100:02d}01",
                grade=grade,
                major=major["name"],
                level=major["level"],
                years=major["years"],
                teacher=teachers[number % len(teachers)],
            )
            for number, (grade, major) in enumerate((g, m) for g in self.grades for m in self.words["majors"])
        ]
        for number in range(STUDENTS):
            one = found[number % len(found)]
            one.students.append(
                self.student(one, on=date(one.grade, 9, 1 + self.random.choice((0, 0, 0, 1, 4))))
            )
        everybody = [student for one in found for student in one.students]
        for student in self.random.sample(everybody, TARGETS):
            student["category"] = self.random.choice(_TARGET_CATEGORIES)
        others = [student for student in everybody if "category" not in student]
        for student in self.random.sample(others, 24):
            student["category"] = self.random.choice(_OTHER_CATEGORIES)
        for student, name in zip(self.random.sample(everybody, 8), self.words["rare_names"], strict=True):
            student["name"] = name
        make_siblings(everybody)
        return found

    def student(self, of_class: SampleClass, *, on: date) -> Row:
        """Return the row of a new student of a class."""
        choose = self.random.choice
        self._serial += 1
        county = self._county()
        is_girl = self.random.random() < (0.9 if of_class.major == "护理" else 0.4)
        born = date(of_class.grade - 15, 9, 1) - timedelta(days=self.random.randrange(20, 360))
        surname = choose(self.words["surnames"].split())
        village = choose(self.words["villages"])
        township = choose(county["townships"])
        return {
            "name": self._name(surname, is_girl),
            "sex": "女" if is_girl else "男",
            "born_on": born,
            "document_number": self._number(county["code"], born, is_girl),
            "ethnicity": choose(("汉族",) * 12 + ("畲族",)),
            "registration_number": f"G{of_class.grade}36{self._serial:06d}",
            "student_number": f"{of_class.grade}{self._serial:05d}",
            "major": of_class.major,
            "class_name": of_class.name,
            "grade": str(of_class.grade),
            "level": of_class.level,
            "years_of_study": str(of_class.years),
            "entered_on": on,
            "applicant_kind": choose(("应届",) * 4 + ("往届",)),
            "is_boarding": choose((True, True, False)),
            "home_province": "江西省",
            "home_city": county["city"],
            "home_county": county["name"],
            "home_township": township,
            "home_village": village,
            "phone": self._phone(),
            "guardian_name": surname + choose("福水根财生金荣祥") + choose("生发才贵根明"),
            "guardian_relation": choose(("父亲", "母亲", "祖父")),
            "guardian_phone": self._phone(),
        }

    def _county(self) -> Any:
        counties = self.words["counties"]
        return self.random.choices(counties, weights=[county["share"] for county in counties])[0]

    def _name(self, surname: str, is_girl: bool) -> str:
        given = self.words["girls" if is_girl else "boys"].split()
        while True:
            name = surname + "".join(self.random.sample(given, self.random.choice((1, 2, 2, 2))))
            if name not in self._names:
                self._names.add(name)
                return name

    def _number(self, code: str, born: date, is_girl: bool) -> str:
        while True:
            serial = self.random.randrange(100, 999)
            if serial % 2 != (0 if is_girl else 1):
                continue
            number = resident_number(code, born, serial)
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def _phone(self) -> str:
        # 19 600 is a block that no operator has given out.
        return f"19600{self.random.randrange(10**6):06d}"
