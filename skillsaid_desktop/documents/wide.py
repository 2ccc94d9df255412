"""Tables wider than the paper: parted into bands of columns, each with the first columns again."""

from dataclasses import replace

from skillsaid_desktop.documents.document import Table, TableColumn, TableRow


def column_bands(columns: tuple[TableColumn, ...], frozen: int, room: float, gap: float) -> list[list[int]]:
    """Return the indexes of the columns of each band; `room` in the columns' own unit, `gap` added to each.

    Every band begins with the frozen columns. One band if all fit.
    """
    widths = [column.width + gap for column in columns]
    if sum(widths) <= room:
        return [list(range(len(columns)))]
    kept = min(frozen, len(columns) - 1)
    bands = _filled(widths, kept, room)
    # As even as they can be in as few bands: the last one is not left with two columns.
    base = sum(widths[:kept])
    even = base + (sum(widths) - base) / len(bands)
    while even < room:
        found = _filled(widths, kept, even)
        if len(found) == len(bands):
            return found
        even *= 1.02
    return bands


def _filled(widths: list[float], frozen: int, room: float) -> list[list[int]]:
    kept = list(range(frozen))
    base = sum(widths[:frozen])
    bands: list[list[int]] = [[*kept]]
    used = base
    for index in range(frozen, len(widths)):
        if used + widths[index] > room and len(bands[-1]) > frozen:
            bands.append([*kept])
            used = base
        bands[-1].append(index)
        used += widths[index]
    return bands


def banded(table: Table, bands: list[list[int]]) -> list[Table]:
    """Return one table for each band; a group line and a total stand in every one."""
    if len(bands) == 1:
        return [table]
    return [
        replace(
            table,
            columns=tuple(table.columns[index] for index in band),
            rows=[_part(row, band) for row in table.rows],
        )
        for band in bands
    ]


def _part(row: TableRow, band: list[int]) -> TableRow:
    if row.kind == "group":
        text = next((each for each in row.values if each is not None), None)
        return replace(row, values=(text, *(None,) * (len(band) - 1)))
    return replace(row, values=tuple(row.values[index] for index in band))
