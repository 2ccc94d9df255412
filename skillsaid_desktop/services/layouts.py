"""Layouts that were confirmed once are kept with the import's operation, and used silently the next time."""

from collections.abc import Iterable, Mapping
from typing import Any

from skillsaid_desktop.clock import now, today
from skillsaid_desktop.domain.entities import ColumnLayout
from skillsaid_desktop.importers import Chosen, KnownWords, Layout
from skillsaid_desktop.importers.date_habits import remembered_part
from skillsaid_desktop.ledgers.school_classes import class_key, load_classes
from skillsaid_desktop.schema.texts import to_half_width
from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork


def load_layouts(reading: Reading, ledger: str) -> dict[str, Chosen]:
    """Return what columns were taken for in the layouts of a list that somebody confirmed, by fingerprint."""
    import json

    rows = reading.rows("SELECT fingerprint, columns FROM column_layout WHERE ledger = ?", (ledger,))
    return {fingerprint: json.loads(columns) for fingerprint, columns in rows}


def load_known_words(reading: Reading) -> KnownWords:
    """Return the words by which a column can be told: vocabularies, and the school's classes and majors."""
    classes = load_classes(reading)
    majors = {to_half_width(each.major) for each in classes.values() if each.major}
    known: dict[str, Any] = {}
    if classes:
        known["class_name"] = lambda text: class_key(text) in classes
    if majors:
        known["major"] = majors.__contains__
    return KnownWords(words=reading.policy.words(today()), is_known=known)


def keep_layouts(
    uow: UnitOfWork, ledger: str, layouts: Iterable[Layout], chosen: Mapping[str, Chosen]
) -> int:
    """Remember the layouts that somebody chose or confirmed in this import; return how many are new or other."""
    has_headings = {each.fingerprint for each in layouts if each.has_headings}
    known = {
        fingerprint: (row_id, columns)
        for row_id, fingerprint, columns in uow.rows(
            "SELECT id, fingerprint, columns FROM column_layout WHERE ledger = ?", (ledger,)
        )
    }
    before = load_layouts(uow, ledger)
    new, changed = [], []
    for fingerprint, columns in chosen.items():
        kept = remembered_part(columns)
        if fingerprint not in has_headings or before.get(fingerprint) == kept:
            continue
        if fingerprint in known:
            changed.append({"id": known[fingerprint][0], "columns": kept, "remembered_at": now()})
        else:
            new.append(
                {"ledger": ledger, "fingerprint": fingerprint, "columns": kept, "remembered_at": now()}
            )
    uow.insert_many(ColumnLayout, new)
    uow.update_many(ColumnLayout, changed)
    return len(new) + len(changed)
