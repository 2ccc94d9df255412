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
        touched = touched_students(uow)
        if touched:
            refresh_spans(uow, touched)


def touched_students(uow: UnitOfWork) -> list[int]:
    """Return the ids of the students whose rows the current operation changed, from its journal."""
    found = uow.rows(
        """
        SELECT record_id FROM change WHERE operation_id = :operation AND entity = 'student'
        UNION
        SELECT json_extract(before, '$.student_id') FROM change
        WHERE operation_id = :operation AND entity IN ('hardship_status', 'status_change') AND before IS NOT NULL
        UNION
        SELECT json_extract(after, '$.student_id') FROM change
        WHERE operation_id = :operation AND entity IN ('hardship_status', 'status_change') AND after IS NOT NULL
        UNION
        SELECT student_id FROM status_change WHERE class_id IN
            (SELECT record_id FROM change WHERE operation_id = :operation AND entity = 'school_class')
        ORDER BY 1
        """,
        {"operation": uow.operation_id},
    )
    return [student_id for (student_id,) in found]
