"""Where the cells of a copied block go in a table: pure reckoning, as a spreadsheet does it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """Texts by (row, column) of the table, and how many rows and columns of the block found no place."""

    cells: dict[tuple[int, int], str]
    rows_over: int = 0
    columns_over: int = 0


def spread(
    block: Sequence[Sequence[str]],
    *,
    rows: Sequence[int],
    columns: Sequence[int],
    shown: Sequence[int],
    row_count: int,
) -> Spread:
    """Lay a block over the chosen rows and columns.

    One cell fills all that is chosen; a block is repeated where the choice is a multiple of it; any other begins at
    the first chosen cell and goes right over the `shown` columns and down to the last row. `columns` are among `shown`.
    """
    height, width = len(block), len(block[0])
    if len(rows) % height or len(columns) % width:
        first, left = rows[0], shown.index(columns[0])
        rows = range(first, min(first + height, row_count))
        columns = shown[left : left + width]
    cells = {
        (row, column): block[down % height][across % width]
        for down, row in enumerate(rows)
        for across, column in enumerate(columns)
    }
    return Spread(cells, max(0, height - len(rows)), max(0, width - len(columns)))
