"""Classes as rows name them: found under their other spellings, and made when a roster brings a new one."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from skillsaid_desktop.domain.entities import SchoolClass

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

_YEAR = re.compile(r"(20\d\d)")
_TAIL = re.compile(r"(?<!\d)(\d{2})\d{2}$")


@lru_cache(maxsize=20_000)
def class_key(name: str) -> str:
    """Return a class name for comparison: one width, no blanks, without 班 at the end."""
    key = "".join(unicodedata.normalize("NFKC", name).split()).upper()
    return key[:-1] if key.endswith("班") and len(key) > 1 else key


def read_grade(text: str | None) -> int | None:
    """Return the year in 2024级, 2024 or 24级, None if there is none."""
    if not text:
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := _YEAR.search(plain):
        return int(found[1])
    short = plain.removesuffix("级")
    return 2000 + int(short) if short.isdecimal() and len(short) == 2 else None


def grade_of(name: str, grade: int | None, entry_years: Iterable[int]) -> int | None:
    """Return 入学年份(级) of a class: as written, else from its name (机电2301), else the usual entry year."""
    if grade is not None:
        return grade
    found = _TAIL.search(class_key(name))
    if found and 10 <= int(found[1]) <= 60:
        return 2000 + int(found[1])
    years = Counter(entry_years).most_common(1)
    return years[0][0] if years else None


@dataclass(slots=True)
class KnownClass:
    """A class of the ledger, or one that a row would make (id None)."""

    id: int | None
    name: str
    grade: int | None = None
    major: str | None = None
    level: str | None = None


@dataclass(slots=True)
class NewClass:
    """What the rows of a file say about a class that the ledger has not got."""

    name: str
    grades: list[int] = field(default_factory=list)
    entry_years: list[int] = field(default_factory=list)
    majors: list[str] = field(default_factory=list)
    levels: list[str] = field(default_factory=list)

    def settled(self) -> KnownClass:
        """Return the class that most rows speak of."""
        grade = Counter(self.grades).most_common(1)
        return KnownClass(
            None, self.name, grade_of(self.name, grade[0][0] if grade else None, self.entry_years),
            _usual(self.majors), _usual(self.levels),
        )  # fmt: skip


def load_classes(reading: "Reading") -> dict[str, KnownClass]:
    """Return all classes by their key."""
    rows = reading.rows("SELECT id, name, grade, major, level FROM school_class")
    return {class_key(row[1]): KnownClass(*row) for row in rows}


def make_classes(uow: "UnitOfWork", wanted: Iterable[KnownClass]) -> None:
    """Store the classes that are new, and give each its id."""
    new = [each for each in wanted if each.id is None]
    ids = uow.insert_many(
        SchoolClass,
        [{"name": each.name, "grade": each.grade, "major": each.major, "level": each.level} for each in new],
    )
    for each, class_id in zip(new, ids, strict=True):
        each.id = class_id


def _usual(words: list[str]) -> str | None:
    common = Counter(words).most_common(1)
    return common[0][0] if common else None
