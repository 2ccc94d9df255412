"""The one writer of students: facts, classes, events and categories, in bulk."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.domain.entities import ClassTeacher, HardshipStatus, StatusChange, Student
from skillsaid_desktop.domain.names import fold_name, pinyin_keys
from skillsaid_desktop.ledgers.household_store import link_students
from skillsaid_desktop.ledgers.ledger import IntakeContext, PlannedRow
from skillsaid_desktop.ledgers.school_classes import KnownClass, NewClass, make_classes, read_grade
from skillsaid_desktop.ledgers.student_writes import StudentWrites

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import UnitOfWork


def store_students(uow: "UnitOfWork", rows: Sequence[PlannedRow], context: IntakeContext) -> None:
    """Store planned rows: classes first, then people, then what happened to them."""
    stored = [each for each in rows if each.is_stored]
    settle_classes(uow, stored)
    store_people(uow, stored)
    for planned in stored:
        planned.record_id = planned.writes.student_id
    store_events(uow, stored)
    _store_teachers(uow, rows, context.as_of)


def store_people(uow: "UnitOfWork", rows: Sequence[PlannedRow]) -> None:
    """Store the facts of people, new and known, and give the new ones their id."""
    new = [each.writes for each in rows if each.writes.student_id is None]
    known = [each.writes for each in rows if each.writes.student_id is not None and each.writes.facts]
    for each in (*known, *new):
        _add_name_keys(each.facts)
    uow.update_many(Student, [{**each.facts, "id": each.student_id} for each in known])
    ids = uow.insert_many(Student, [each.facts for each in new])
    for writes, student_id in zip(new, ids, strict=True):
        writes.student_id = student_id
    link_students(uow)


def settle_classes(uow: "UnitOfWork", rows: Sequence[PlannedRow]) -> None:
    """Make the classes that rows name and the ledger has not got."""
    _settle_new_classes(rows)
    make_classes(uow, _classes_of(rows))


def store_events(uow: "UnitOfWork", rows: Sequence[PlannedRow]) -> None:
    """Store the changes and categories that rows plan, for students who have their id."""
    changes: list[dict[str, Any]] = []
    categories: list[dict[str, Any]] = []
    owners: list[PlannedRow] = []
    changes_updated: list[dict[str, Any]] = []
    categories_updated: list[dict[str, Any]] = []
    for planned in rows:
        writes: StudentWrites = planned.writes
        for change in writes.changes:
            school_class = change.pop("school_class", None)
            change["class_id"] = school_class.id if school_class else None
            change["student_id"] = writes.student_id
            changes.append(change)
            owners.append(planned)
        for category in writes.categories:
            categories.append({**category, "student_id": writes.student_id})
        changes_updated += writes.changes_updated
        categories_updated += writes.categories_updated
    uow.update_many(StatusChange, changes_updated)
    uow.update_many(HardshipStatus, categories_updated)
    made = uow.insert_many(StatusChange, changes)
    uow.insert_many(HardshipStatus, categories)
    for planned, change_id in zip(owners, made, strict=True):
        planned.writes.change_ids.append(change_id)


def _add_name_keys(facts: dict[str, Any]) -> None:
    """Add what a name is searched and sorted by."""
    if name := facts.get("name"):
        facts["name_folded"] = fold_name(name)
        facts["name_pinyin"], facts["name_initials"], facts["name_sort"] = pinyin_keys(name)


def _classes_of(rows: Sequence[PlannedRow]) -> list[KnownClass]:
    found: dict[int, KnownClass] = {}
    for planned in rows:
        for change in planned.writes.changes:
            school_class = change.get("school_class")
            if school_class is not None and school_class.id is None:
                found[id(school_class)] = school_class
    return list(found.values())


def _settle_new_classes(rows: Sequence[PlannedRow]) -> None:
    """Give the classes that these rows make their grade, major and level, by what most rows say."""
    made: dict[int, tuple[KnownClass, NewClass]] = {}
    for planned in rows:
        values = planned.record.values
        for change in planned.writes.changes:
            target: KnownClass | None = change.get("school_class")
            if target is None or target.id is not None:
                continue
            if id(target) not in made:
                made[id(target)] = (target, NewClass(target.name))
            said = made[id(target)][1]
            if grade := read_grade(values.get("grade")):
                said.grades.append(grade)
            if values.get("entered_on"):
                said.entry_years.append(values["entered_on"].year)
            if major := change.get("major") or values.get("major"):
                said.majors.append(major)
            if level := change.get("level") or values.get("level"):
                said.levels.append(level)
    for school_class, said in made.values():
        settled = said.settled()
        school_class.grade = school_class.grade or settled.grade
        school_class.major = school_class.major or settled.major
        school_class.level = school_class.level or settled.level


def _store_teachers(uow: "UnitOfWork", rows: Sequence[PlannedRow], as_of: date) -> None:
    """Note the class teachers whom a roster names, where the class has another one or none."""
    named: dict[str, Counter[str]] = defaultdict(Counter)
    for planned in rows:
        if isinstance(planned.writes, StudentWrites) and planned.writes.teacher:
            named[planned.record.values.get("class_name") or ""][planned.writes.teacher] += 1
    if not named:
        return
    set_teachers(uow, {name: teachers.most_common(1)[0][0] for name, teachers in named.items()}, as_of)


def set_teachers(uow: "UnitOfWork", teachers: dict[str, str], as_of: date) -> None:
    """Make these the class teachers (by class name) from `as_of` on; who was it before ends the day before."""
    from datetime import timedelta

    from skillsaid_desktop.ledgers.school_classes import class_key, load_classes

    classes = load_classes(uow)
    current = {
        row[0]: row[1:]
        for row in uow.rows(
            "SELECT class_id, id, name, from_on FROM class_teacher WHERE to_on IS NULL ORDER BY from_on, id"
        )
    }
    for class_name, teacher in teachers.items():
        found = classes.get(class_key(class_name))
        if found is None or found.id is None:
            continue
        before = current.get(found.id)
        if before and before[1] == teacher:
            continue
        if before:
            uow.update_many(ClassTeacher, [{"id": before[0], "to_on": as_of - timedelta(days=1)}])
        uow.insert_many(
            ClassTeacher,
            [{"class_id": found.id, "name": teacher, "from_on": as_of if before else None}],
        )
