"""What class teachers do to the sheets they were sent, with openpyxl: fill, sort, rename, add and delete columns."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

HEAD = 4
"""The row of the headings."""


class Teacher:
    """Opens a sheet as it was sent and writes it back somewhere else."""

    def __init__(self, sent: Path) -> None:
        self.book = load_workbook(sent)
        self.sheet: Worksheet = self.book.worksheets[0]

    def columns(self) -> dict[str, int]:
        """Return heading -> column."""
        return {str(cell.value): int(cell.column or 0) for cell in self.sheet[HEAD] if cell.value}

    def rows(self) -> dict[str, int]:
        """Return name -> row of those that are in the list."""
        name = self.columns()["姓名"]
        found = {}
        for row in range(HEAD + 1, self.sheet.max_row + 1):
            if text := self.sheet.cell(row, name).value:
                found[str(text)] = row
        return found

    def fill(self, name: str, cells: Mapping[str, Any]) -> None:
        """Fill cells of a student's row."""
        self.fill_row(self.rows()[name], cells)

    def fill_row(self, row: int, cells: Mapping[str, Any]) -> None:
        """Fill cells of any row."""
        columns = self.columns()
        for heading, value in cells.items():
            self.sheet.cell(row, columns[heading]).value = value

    def turn_round(self, *, only_from: int = 1) -> None:
        """Sort the students the other way round: whole rows, or the cells from a column on."""
        rows = sorted(self.rows().values())
        width = self.sheet.max_column
        cells = [[self.sheet.cell(row, at).value for at in range(only_from, width + 1)] for row in rows]
        for row, values in zip(rows, reversed(cells), strict=True):
            for at, value in enumerate(values, only_from):
                self.sheet.cell(row, at).value = value

    def add_column(self, at: int, heading: str) -> None:
        """Put a column of the teacher's own before another."""
        self._forget_merges()
        self.sheet.insert_cols(at)
        self.sheet.cell(HEAD, at).value = heading

    def delete_column(self, at: int) -> None:
        """Delete a column, hidden or not."""
        self._forget_merges()
        self.sheet.delete_cols(at)

    def save(self, path: Path) -> Path:
        """Save under another name, the sheet renamed."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.book.save(path)
        return path

    def _forget_merges(self) -> None:
        # openpyxl moves no merged cells with the columns.
        for merged in list(self.sheet.merged_cells.ranges):
            self.sheet.unmerge_cells(str(merged))


def copy_to(source: Path, target: Path) -> Path:
    """Copy a file, as a mail program does."""
    target.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copyfile(source, target))
