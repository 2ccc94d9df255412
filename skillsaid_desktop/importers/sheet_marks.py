"""The hidden marks of sheets that the school sent out, wherever in a returned workbook they stand."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from skillsaid_desktop.domain.sheet_marks import RowMark, find_key, purpose_of, read_mark
from skillsaid_desktop.importers.workbook import RawSheet, RawWorkbook

_FIRST_ROWS = 40
_SMALL = 2_000
"""Rows up to which a sheet is searched whole; a larger one only if a mark stands at its beginning."""


@dataclass(frozen=True, kw_only=True)
class SheetMarks:
    """What marks a workbook carries. `rows` by (sheet, row number), `sheets` the 表号 of each sheet."""

    rows: Mapping[tuple[str, int], RowMark] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.sheets)

    @property
    def keys(self) -> frozenset[str]:
        """Return every 表号 that is named."""
        return frozenset(self.sheets.values()) | {mark.key for mark in self.rows.values()}

    @property
    def purpose(self) -> str:
        """Return what the sheets were sent out for, "" if they are not ours."""
        return purpose_of(next(iter(self.sheets.values()))) if self.sheets else ""


NO_MARKS = SheetMarks()


def find_marks(workbook: RawWorkbook) -> SheetMarks:
    """Return the marks of a workbook.

    The 表号 of a sheet is what most of its row marks say, else what a line of its own says, else what the hidden
    sheet of the workbook says.
    """
    rows: dict[tuple[str, int], RowMark] = {}
    sheets: dict[str, str] = {}
    for sheet in workbook.sheets:
        marks, line = _marks_of(sheet)
        rows.update({(sheet.name, number): mark for number, mark in marks.items()})
        if marks:
            sheets[sheet.name] = Counter(mark.key for mark in marks.values()).most_common(1)[0][0]
        elif line:
            sheets[sheet.name] = line
    if not sheets:
        return NO_MARKS
    if len(set(sheets.values())) == 1:
        only = next(iter(sheets.values()))
        sheets = {sheet.name: only for sheet in workbook.sheets}
    return SheetMarks(rows=rows, sheets=sheets)


def _marks_of(sheet: RawSheet) -> tuple[dict[int, RowMark], str | None]:
    """Return the row marks of a sheet by row number, and the 表号 that stands in a line of it."""
    marks: dict[int, RowMark] = {}
    line: str | None = None
    for at, row in enumerate(sheet.rows):
        if at == _FIRST_ROWS and len(sheet.rows) > _SMALL and not marks:
            break
        for cell in row.cells:
            if type(cell) is not str or "-" not in cell:
                continue
            if mark := read_mark(cell):
                marks.setdefault(row.number, mark)
            elif line is None and at < _FIRST_ROWS:
                line = find_key(cell)
    return marks, line
