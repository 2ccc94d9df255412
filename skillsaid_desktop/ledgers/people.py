"""Who a row is about: by number, 学籍号 or 学号, else by name and class (DOMAIN section 5, "学生 in other ledgers")."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.names import fold_name
from skillsaid_desktop.ledgers.ledger import issue_at
from skillsaid_desktop.ledgers.school_classes import class_key
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.masking import mask_number
from skillsaid_desktop.schema.record import Record

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading

BY_NUMBER, BY_REGISTRATION, BY_STUDENT_NUMBER, BY_NAME, CHOSEN = (
    "证件号",
    "学籍号",
    "学号",
    "姓名+班级",
    "您选的",
)
"""By what a row finds somebody, in the order in which it is tried."""

_COLUMNS = "id, name, document_number, registration_number, student_number"


@dataclass(frozen=True, slots=True)
class Person:
    """A student, as he is told from others."""

    id: int
    name: str
    number: str | None
    registration: str | None
    student_number: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What held for a student on a day."""

    state: str
    is_enrolled: bool
    is_target: bool
    class_id: int | None
    class_name: str | None
    major: str | None
    level: str | None


def standing_on(reading: "Reading", student_id: int, day: date) -> Standing | None:
    """Return what held for a student on a day, None before the entry."""
    rows = reading.rows(
        "SELECT state, is_enrolled, is_target, class_id, class_name, major, level FROM student_span"
        " WHERE student_id = ? AND from_on <= ? AND to_on >= ?",
        (student_id, day.isoformat(), day.isoformat()),
    )
    return Standing(rows[0][0], bool(rows[0][1]), bool(rows[0][2]), *rows[0][3:]) if rows else None


def find_person(
    reading: "Reading",
    record: Record,
    issues: list[Issue],
    *,
    day: date,
    class_name: str | None,
    likely: Collection[int] = (),
) -> Person | None:
    """Return whom a row is about, or None with an issue that says why nobody could be named.

    Somebody found although a detail disagrees comes with a question. `likely` are ids of students of whom one is
    meant where several have the name.
    """
    values = record.values
    if student_id := values.get("student_id"):
        record.met_by = CHOSEN
        return _one(reading, "id", student_id)
    name: str = values.get("student_name") or ""
    number: str | None = values.get("document_number")
    if number:
        found = _one(reading, "document_number", number) or _one(reading, "document_number", number[:18])
        if found:
            record.met_by = BY_NUMBER
            if name and fold_name(name) != fold_name(found.name):
                issues.append(
                    issue_at(
                        record, Severity.ASK, "name differs",
                        f"{name}：这个证件号在台账里是{found.name}，请核对", column="学生",
                    )
                )  # fmt: skip
            return found
    by_key = _by_other_numbers(reading, record)
    if number:
        if by_key and fold_name(by_key.name) == fold_name(name or by_key.name):
            record.candidates = (by_key.id,)
            issues.append(
                issue_at(
                    record, Severity.ASK, "number differs",
                    f"{by_key.name}：学号或学籍号对得上，证件号对不上：台账 {mask_number(by_key.number or '')}，"
                    f"这一行 {mask_number(number)}", column="身份证号", waits=True,
                )
            )  # fmt: skip
        else:
            issues.append(_unknown(record, name, class_name))
        return None
    if by_key:
        return by_key
    return _by_name(reading, record, issues, name, day, class_name, likely)


def _by_other_numbers(reading: "Reading", record: Record) -> Person | None:
    for column, key in (("registration_number", BY_REGISTRATION), ("student_number", BY_STUDENT_NUMBER)):
        if (value := record.values.get(column)) and (found := _one(reading, column, value)):
            record.met_by = key
            return found
    record.met_by = ""
    return None


def _by_name(
    reading: "Reading",
    record: Record,
    issues: list[Issue],
    name: str,
    day: date,
    class_name: str | None,
    likely: Collection[int],
) -> Person | None:
    if not name:
        issues.append(issue_at(record, Severity.BLOCK, "missing", "没有写是哪个学生", column="学生"))
        return None
    tail = record.values.get("number_tail") or ""
    chosen = find_namesakes(reading, name, day=day, class_name=class_name, tail=tail)
    if not chosen:
        issues.append(_unknown(record, name, class_name))
        return None
    if len(chosen) > 1:
        chosen = [one for one in chosen if one.id in likely] or chosen
    if len(chosen) > 1:
        record.candidates = tuple(one.id for one in chosen)
        numbers = "、".join(mask_number(one.number or "") for one in chosen)
        issues.append(
            issue_at(
                record, Severity.ASK, "which of two",
                f"{name}：{class_name or '学校'}里有 {len(chosen)} 个同名学生（{numbers}），请选是哪一个，或在表里写上证件号",
                column="学生", waits=True,
            )
        )  # fmt: skip
        return None
    record.met_by = BY_NAME
    return chosen[0]


def find_namesakes(
    reading: "Reading", name: str, *, day: date, class_name: str | None = None, tail: str = ""
) -> list[Person]:
    """Return who can be meant by a name: those of the class on that day, else those in school, else all."""
    rows = reading.rows(
        "SELECT s.id, s.name, s.document_number, s.registration_number, s.student_number,"
        " sp.class_name, sp.is_enrolled"
        " FROM student s LEFT JOIN student_span sp ON sp.student_id = s.id AND sp.from_on <= ? AND sp.to_on >= ?"
        " WHERE s.name_folded = ?",
        (day.isoformat(), day.isoformat(), fold_name(name)),
    )
    if tail:
        rows = [row for row in rows if (row[2] or "").endswith(tail.upper())]
    key = class_key(class_name or "")
    here = [row for row in rows if not key or class_key(row[5] or "") == key]
    return [Person(*row[:5]) for row in here or [row for row in rows if row[6]] or rows]


def _one(reading: "Reading", column: str, value: Any) -> Person | None:
    rows = reading.rows(f"SELECT {_COLUMNS} FROM student WHERE {column} = ? LIMIT 2", (value,))
    return Person(*rows[0]) if len(rows) == 1 else None


def _unknown(record: Record, name: str, class_name: str | None) -> Issue:
    where = f"（{class_name}）" if class_name else ""
    return issue_at(
        record,
        Severity.BLOCK,
        "not in the register",
        f"{name or '这一行'}{where}：台账里没有这个学生",
        column="学生",
    )
