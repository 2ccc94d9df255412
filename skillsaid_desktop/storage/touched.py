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
    parts = ["SELECT record_id FROM change WHERE operation_id = :operation AND entity = 'student'"]
    if entities & {"hardship_status", "status_change"}:
        parts += [
            f"SELECT json_extract({side}, '$.student_id') FROM change WHERE operation_id = :operation "
            f"AND entity IN ('hardship_status', 'status_change') AND {side} IS NOT NULL"
            for side in ("before", "after")
        ]
    if "school_class" in entities:
        parts.append(
            "SELECT student_id FROM status_change WHERE class_id IN "
            "(SELECT record_id FROM change WHERE operation_id = :operation AND entity = 'school_class')"
        )
    found = uow.rows(" UNION ".join(parts), {"operation": uow.operation_id})
    return sorted(student_id for (student_id,) in found)
