"""Columns about students that papers share, and what each grade lets stand of them (教财厅函〔2017〕28号)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skillsaid_desktop.documents import Grade, TableColumn, TableRow
from skillsaid_desktop.schema import FieldType, Privacy
from skillsaid_desktop.schema.masking import mask_number
from skillsaid_desktop.schema.types import Align

PUBLIC_NAMES = frozenset({"number", "name", "class_name", "grade", "major"})
"""What a public list may carry, and nothing else: 序号, 姓名, 年级/班级, 专业."""


@dataclass(frozen=True, kw_only=True)
class PaperColumn:
    """A column of a paper: its key in the rows, its headings, and how private it is."""

    name: str
    headings: tuple[str, ...]
    type: FieldType
    width: float
    privacy: Privacy = Privacy.PLAIN
    align: Align | None = None
    wrap: bool = True
    fills: bool = False
    merge_down: bool = False

    def as_table_column(self) -> TableColumn:
        """Return the column as the document wants it."""
        return TableColumn(
            headings=self.headings,
            type=self.type,
            width=self.width,
            align=self.align,
            wrap=self.wrap,
            fills=self.fills,
            merge_down=self.merge_down,
        )


def columns_for(columns: Sequence[PaperColumn], grade: Grade) -> tuple[PaperColumn, ...]:
    """Return the columns that a grade may carry: a public list is white-listed, never filtered."""
    if grade is Grade.PUBLIC:
        return tuple(column for column in columns if column.name in PUBLIC_NAMES)
    return tuple(columns)


def table_rows(
    columns: Sequence[PaperColumn], records: Sequence[Mapping[str, Any]], grade: Grade
) -> list[TableRow]:
    """Return rows with a running number, numbers masked unless the grade is full."""
    hides = grade is not Grade.FULL
    takers: list[Callable[[Mapping[str, Any]], Any]] = [
        _masked(column.name) if hides and column.privacy is Privacy.NUMBER else _plain(column.name)
        for column in columns
    ]
    numbered = bool(columns) and columns[0].name == "number"
    rows = []
    for index, record in enumerate(records):
        values = [take(record) for take in takers]
        if numbered:
            values[0] = index + 1
        rows.append(TableRow(values=tuple(values), about=str(record.get("name") or "")))
    return rows


def _plain(name: str) -> Callable[[Mapping[str, Any]], Any]:
    return lambda record: record.get(name)


def _masked(name: str) -> Callable[[Mapping[str, Any]], Any]:
    return lambda record: mask_number(record.get(name)) or None
