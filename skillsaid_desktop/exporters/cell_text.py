"""What a table's cell says and how it stands, the same for every format."""

from typing import Any

from skillsaid_desktop.documents import Cell, TableColumn
from skillsaid_desktop.schema.types import Align, FieldType

BLANK = Cell(value=None)


def text_of(value: Any, kind: FieldType) -> str:
    """Return the text of a value; a text stands as it is, whatever the column's type."""
    if value is None:
        return ""
    return value if isinstance(value, str) else kind.format(value)


def alignment_of(column: TableColumn, cell: Cell | None = None) -> Align:
    """Return how a cell of a column stands: its own way, the column's, or its type's."""
    if cell is not None and cell.align is not None:
        return cell.align
    if column.align is not None:
        return column.align
    return (cell.type if cell is not None and cell.type is not None else column.type).align
