"""What an operation changed, from its journal, so that the computed spans are rebuilt in the same transaction."""

from collections import defaultdict
from dataclasses import dataclass

from skillsaid_desktop.storage.projection import refresh_spans
from skillsaid_desktop.storage.unit_of_work import UnitOfWork, id_conditions

_OWNED = ("hardship_status", "status_change")
_OF_STUDENTS = frozenset({"student", "school_class", *_OWNED})
_OF_ALL = frozenset({"setting", "policy_text"})

_JOURNAL = (
    f"SELECT entity, record_id, CASE WHEN entity IN {_OWNED} THEN json_extract(before, '$.student_id') END"
    " FROM change WHERE operation_id = ?"
)


@dataclass(frozen=True)
class Touched:
    """What an operation has changed so far: the ids of each table's rows, one for each change.

    `owners` are the students whose events or categories these rows were before.
    """

    records: dict[str, list[int]]
    owners: frozenset[int]

    @property
    def summary(self) -> dict[str, int]:
        """How many changes each table has."""
        return {entity: len(ids) for entity, ids in self.records.items()}


def read_touched(uow: UnitOfWork) -> Touched:
    """Read the journal of the operation, once."""
    records: defaultdict[str, list[int]] = defaultdict(list)
    owners: set[int] = set()
    for entity, record_id, owner in uow.rows(_JOURNAL, (uow.operation_id,)):
        records[entity].append(record_id)
        if owner is not None:
            owners.add(owner)
    return Touched(dict(records), frozenset(owners))


def refresh_projection(uow: UnitOfWork, touched: Touched, *, refresh_all: bool = False) -> None:
    """Rebuild the spans of every student whose events, categories, class or policy the operation changed."""
    entities = touched.records.keys()
    if refresh_all or entities & _OF_ALL:
        # An empty ledger has nobody to compute for, and while it is made no policy either.
        if uow.scalar("SELECT EXISTS (SELECT 1 FROM student)"):
            refresh_spans(uow, None)
        else:
            uow.execute("DELETE FROM student_span")
    elif entities & _OF_STUDENTS:
        refresh_spans(uow, touched_students(uow, touched))


def touched_students(uow: UnitOfWork, touched: Touched | None = None) -> list[int]:
    """Return the ids of the students whose rows the current operation changed."""
    touched = touched or read_touched(uow)
    students = {*touched.records.get("student", ()), *touched.owners}
    # Whose the rows are now stands in the tables; whose they were before, in the journal.
    places = [(entity, "id", touched.records.get(entity, ())) for entity in _OWNED]
    places.append(("status_change", "class_id", touched.records.get("school_class", ())))
    for table, column, ids in places:
        for chosen in id_conditions(ids):
            rows = uow.rows(f"SELECT DISTINCT student_id FROM {table} WHERE {column} {chosen}")
            students.update(row[0] for row in rows)
    return sorted(students)
