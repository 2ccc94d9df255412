"""Which students an operation touched, so that their computed spans are rebuilt in the same transaction."""

from skillsaid_desktop.storage.projection import refresh_spans
from skillsaid_desktop.storage.unit_of_work import UnitOfWork

_OF_STUDENTS = frozenset({"student", "hardship_status", "status_change", "school_class"})
_OF_ALL = frozenset({"setting", "policy_text"})


def refresh_projection(uow: UnitOfWork, entities: frozenset[str], *, refresh_all: bool = False) -> None:
    """Rebuild the spans of every student whose events, categories, class or policy the operation changed."""
    if refresh_all or entities & _OF_ALL:
        # An empty ledger has nobody to compute for, and while it is made no policy either.
        if uow.scalar("SELECT EXISTS (SELECT 1 FROM student)"):
            refresh_spans(uow, None)
        else:
            uow.execute("DELETE FROM student_span")
    elif entities & _OF_STUDENTS:
        touched = touched_students(uow, entities)
        if touched:
            refresh_spans(uow, touched)


def touched_students(uow: UnitOfWork, entities: frozenset[str] = _OF_STUDENTS) -> list[int]:
    """Return the ids of the students whose rows the current operation changed, from its journal."""
    parts = ["SELECT id FROM touched WHERE entity = 'student'"]
    for entity in sorted(entities & {"hardship_status", "status_change"}):
        # Whose the rows are now stands in the table; whose they were before, in the journal.
        parts += [
            f"SELECT student_id FROM {entity} WHERE id IN (SELECT id FROM touched WHERE entity = '{entity}')",
            f"SELECT json_extract(before, '$.student_id') FROM touched WHERE entity = '{entity}'",
        ]
    if "school_class" in entities:
        parts.append(
            "SELECT student_id FROM status_change WHERE class_id IN "
            "(SELECT id FROM touched WHERE entity = 'school_class')"
        )
    found = uow.rows(
        "WITH touched (entity, id, before) AS MATERIALIZED (SELECT entity, record_id, before FROM change"
        f" WHERE operation_id = :operation) {' UNION '.join(parts)}",
        {"operation": uow.operation_id},
    )
    return sorted(student_id for (student_id,) in found if student_id is not None)
