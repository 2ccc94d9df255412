"""Which students an operation touched, so that their computed spans are rebuilt in the same transaction."""

from skillsaid_desktop.storage.unit_of_work import UnitOfWork

_OF_STUDENTS = frozenset({"student", "hardship_status", "status_change", "school_class"})
_OF_ALL = frozenset({"setting", "policy_text"})


def refresh_projection(uow: UnitOfWork, entities: frozenset[str]) -> None:
    """Rebuild the spans of every student whose events, categories, class or policy the operation changed."""
    if not entities & (_OF_STUDENTS | _OF_ALL):
        return
    try:
        from skillsaid_desktop.storage.projection import refresh_spans
    except ImportError:  # until projection.py is there
        return
    if entities & _OF_ALL:
        refresh_spans(uow, None)
    else:
        touched = touched_students(uow)
        if touched:
            refresh_spans(uow, touched)


def touched_students(uow: UnitOfWork) -> list[int]:
    """Return the ids of the students whose rows the current operation changed, from its journal."""
    found = uow.rows(
        """
        SELECT record_id FROM change WHERE operation_id = :operation AND entity = 'student'
        UNION
        SELECT json_extract(side.value, '$.student_id')
        FROM change, json_each(json_array(before, after)) AS side
        WHERE operation_id = :operation AND entity IN ('hardship_status', 'status_change')
          AND side.value IS NOT NULL
        UNION
        SELECT student_id FROM status_change WHERE class_id IN
            (SELECT record_id FROM change WHERE operation_id = :operation AND entity = 'school_class')
        ORDER BY 1
        """,
        {"operation": uow.operation_id},
    )
    return [student_id for (student_id,) in found]
