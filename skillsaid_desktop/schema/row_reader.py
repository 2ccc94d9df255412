"""Many rows read against their columns: a text that stands in a column again is not read again.

Half of a roster's cells repeat (班级, 专业, 民族, 县 …), so each column remembers what it made of them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from skillsaid_desktop.schema.field import Field
from skillsaid_desktop.schema.field_type import Parsed, RawValue, Words
from skillsaid_desktop.schema.record import Place, Record, parse_record
from skillsaid_desktop.schema.texts import raw_text

_MOST = 4096
"""Texts that a column remembers; one with more different ones (numbers, telephones) is read straight."""

_Read = tuple[Any, str, Record | None]


def row_reader(
    fields: Sequence[Field], words: Words | None, file: str, sheet: str
) -> Callable[[Mapping[str, RawValue], int | None], Record]:
    """Return what reads one row of a table, exactly as `parse_record` does."""
    columns: list[tuple[str, Field, Callable[[RawValue, Words | None], Parsed], dict[RawValue, _Read]]] = [
        (each.name, each, each.type.parse, {}) for each in fields if each.typed
    ]

    def read(cells: Mapping[str, RawValue], row: int | None) -> Record:
        values: dict[str, Any] = {}
        raw: dict[str, str] = {}
        record = Record(values=values, place=Place(file, sheet, row), raw=raw)
        for name, column, parse, memory in columns:
            if name not in cells:
                continue
            cell = cells[name]
            if cell is None or cell == "":
                values[name] = None
                continue
            # 1 and True are one key; only texts are remembered.
            known = memory.get(cell) if type(cell) is str else None
            if known is None:
                parsed = parse(cell, words)
                is_plain = not (parsed.findings or parsed.note) and parsed.precision == "day"
                one = None if is_plain else parse_record((column,), {name: cell}, words, file, sheet, row)
                known = (parsed.value, cell if type(cell) is str else raw_text(cell), one)
                if is_plain and type(cell) is str and len(memory) < _MOST:
                    memory[cell] = known
            value, text, special = known
            values[name] = value
            raw[name] = text
            if special is not None:
                record.issues.extend(special.issues)
                record.precisions.update(special.precisions)
                record.notes.update(special.notes)
        return record

    return read
