"""What is missing of a target student that a class teacher can find out or collect: 缺的资料 and 缺的材料."""

from collections.abc import Callable
from dataclasses import dataclass

from skillsaid_desktop.ledgers import PROOFS_LEDGER
from skillsaid_desktop.ledgers.proofs import COLUMNS
from skillsaid_desktop.schema.types import LACKING as MISSING
from skillsaid_desktop.storage.unit_of_work import Reading

TEACHERS_FACTS = (
    "phone", "guardian_name", "guardian_relation", "guardian_phone", "home_county", "home_township",
    "home_village", "bank_card", "head_name", "relation_to_head",
)  # fmt: skip
"""Columns of the student ledger, in the order of the sheet."""


@dataclass(frozen=True, kw_only=True)
class Lacking:
    """A target student with the columns in which nothing stands."""

    student_id: int
    class_id: int | None
    name: str
    document_number: str | None
    columns: tuple[str, ...]


def lacking_facts(reading: Reading, day: str) -> list[Lacking]:
    """Return the enrolled target students of a day of whom something is missing, by class and name."""
    rows = reading.rows(
        f"SELECT s.id, sp.class_id, s.name, s.document_number, {', '.join(f's.{each}' for each in TEACHERS_FACTS)}"
        " FROM student s JOIN student_span sp ON sp.student_id = s.id AND sp.from_on <= ? AND sp.to_on >= ?"
        " WHERE sp.is_enrolled AND sp.is_target ORDER BY sp.grade, sp.class_name, s.name_sort, s.id",
        (day, day),
    )
    found = []
    for student_id, class_id, name, number, *facts in rows:
        columns = tuple(each for each, fact in zip(TEACHERS_FACTS, facts, strict=True) if fact in (None, ""))
        if columns:
            found.append(
                Lacking(
                    student_id=student_id,
                    class_id=class_id,
                    name=name,
                    document_number=number,
                    columns=columns,
                )
            )
    return found


def lacking_proofs(reading: Reading, day: str) -> list[Lacking]:
    """Return the enrolled target students of a day who lack proofs, by class and name."""
    rows = reading.rows(
        f"SELECT id, class_id, name, id_number, {', '.join(COLUMNS)} FROM ({PROOFS_LEDGER.select})"
        " WHERE missing IS NOT NULL ORDER BY grade, class_now, name_sort, id",
        {"as_of": day},
    )
    return [
        Lacking(
            student_id=student_id, class_id=class_id, name=name, document_number=number,
            columns=tuple(each for each, state in zip(COLUMNS, states, strict=True) if state == MISSING),
        )
        for student_id, class_id, name, number, *states in rows
    ]  # fmt: skip


LACKING: dict[str, Callable[[Reading, str], list[Lacking]]] = {
    "facts": lacking_facts,
    "proofs": lacking_proofs,
}
"""Purpose of a sheet -> who has something missing."""
