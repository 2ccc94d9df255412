"""Cells and body rows of a workbook: the innermost loop of every export to xlsx."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from skillsaid_desktop.documents import Cell, Table, TableColumn, TableRow
from skillsaid_desktop.exporters.cell_text import alignment_of, text_of
from skillsaid_desktop.exporters.xlsx_styles import Styles, number_format_of
from skillsaid_desktop.schema import Amount
from skillsaid_desktop.schema.issue import Issue, Severity

_LONGEST = 32767  # what a cell can hold, in UTF-16 units
LINE = 14.0  # points
_EPOCH = date(1899, 12, 30)


class CellWriter:
    """Writes single cells of one sheet, safely."""

    def __init__(self, sheet: Any, issues: list[Issue]) -> None:
        self.sheet = sheet
        self._issues = issues

    def write_text(self, row: int, column: int, text: str, style: Any) -> None:
        """Write a text as text: never a formula, a link or markup, and no longer than a cell can be."""
        if not text:
            self.sheet.write_blank(row, column, None, style)
            return
        if text.startswith("<r>"):
            # XlsxWriter takes such a string for finished markup.
            text = f" {text}"
        if len(text) > _LONGEST // 2:
            whole = text.encode("utf-16-le", "surrogatepass")
            if len(whole) > _LONGEST * 2:
                text = whole[: _LONGEST * 2].decode("utf-16-le", "ignore")
                self._issues.append(
                    Issue(
                        severity=Severity.ASK,
                        code="length",
                        message=f"第 {row + 1} 行“{text[:12]}…”太长，工作簿的一格只放得下前 {_LONGEST} 个字。",
                        sheet=self.sheet.get_name(),
                        row=row + 1,
                    )
                )
        self.sheet.write_string(row, column, text, style)

    def span(self, row: int, first: int, last: int, text: str, style: Any) -> None:
        """Write one text across cells of a row."""
        self.write_text(row, first, text, style)
        for column in range(first + 1, last + 1):
            self.sheet.write_blank(row, column, None, style)
        if last > first:
            self.join(row, first, row, last)

    def join(self, row: int, column: int, last_row: int, last_column: int) -> None:
        """Register a joined range whose cells are written one by one."""
        self.sheet.merge.append([row, column, last_row, last_column])


class RowWriter:
    """Writes body rows of one table: the innermost loop of every export."""

    def __init__(
        self,
        cells: CellWriter,
        styles: Styles,
        table: Table,
        widths: Sequence[float],
        places: Sequence[tuple[int, int]] | None,
    ) -> None:
        self._cells = cells
        self._sheet = cells.sheet
        self._styles = styles
        self._last = len(widths) - 1
        self._table = table
        self._places = places
        self._columns = table.columns
        self._rooms = [
            sum(widths[first : last + 1]) * 1.07 + 0.4
            for first, last in (places or [(index, index) for index in range(len(table.columns))])
        ]
        self._types = [column.type for column in table.columns]
        self._numeric = [number_format_of(column.type) != "@" for column in table.columns]
        self._text_styles: dict[str, list[Any]] = {}
        self._value_styles: dict[str, list[Any]] = {}
        self._above: list[Any] = [None] * len(table.columns)
        self._joined = [index for index, column in enumerate(table.columns) if column.merge_down]

    def _styles_of(self, kind: str) -> tuple[list[Any], list[Any]]:
        if kind not in self._text_styles:
            self._text_styles[kind] = [self._style(column, kind, True) for column in self._columns]
            self._value_styles[kind] = [self._style(column, kind, False) for column in self._columns]
        return self._text_styles[kind], self._value_styles[kind]

    def _style(self, column: TableColumn, kind: str, is_text: bool, cell: Cell | None = None) -> Any:
        return self._styles.cell(
            kind=(cell.type if cell is not None and cell.type is not None else column.type),
            align=alignment_of(column, cell),
            wrap=column.wrap,
            row_kind=kind,
            is_text=is_text,
            names=column.names,
        )

    def write(self, row: TableRow, at: int) -> None:
        """Write one row at `at`; a higher one where texts wrap."""
        if row.kind == "group":
            text = next((each for each in row.values if each is not None), "")
            style = self._style(self._columns[0], "group", True, Cell(value=text, align="left"))
            self._cells.span(at, 0, self._last, str(text), style)
            return
        sheet, types, numeric = self._sheet, self._types, self._numeric
        texts, values = self._styles_of(row.kind)
        put = self._cells.write_text
        most = 1
        for index, value in enumerate(row.values):
            column = index if self._places is None else self._places[index][0]
            if index in self._joined and row.kind == "body":
                if value is not None and value == self._above[index]:
                    sheet.write_blank(at, column, None, texts[index])
                    continue
                self._above[index] = value
            if value is None:
                sheet.write_blank(at, column, None, texts[index])
                continue
            if type(value) is str:
                put(at, column, value, texts[index])
                if ("\n" in value or len(value) > self._rooms[index]) and not self._columns[index].merge_down:
                    most = max(most, self._lines(value, index))
                continue
            if type(value) is Cell:
                self._special(at, column, index, value, row.kind)
                continue
            if numeric[index]:
                self._number(at, column, value, types[index], values[index])
            else:
                text = types[index].format(value)
                put(at, column, text, texts[index])
        if self._places is not None:
            self._fill(at, row.kind)
        if self._table.tall_rows and row.kind == "body":
            sheet.set_row(at, max(32.0, most * LINE + 4))
        elif most > 1:
            sheet.set_row(at, min(most * LINE + 5.5, 400.0))

    def _lines(self, text: str, index: int) -> int:
        if not self._columns[index].wrap:
            return 1
        return sum(max(1, int(-(-text_width(part) // self._rooms[index]))) for part in text.split("\n"))

    def _special(self, at: int, column: int, index: int, cell: Cell, kind: str) -> None:
        own = cell.type or self._types[index]
        if cell.value is not None and not isinstance(cell.value, str) and number_format_of(own) != "@":
            self._number(at, column, cell.value, own, self._style(self._columns[index], kind, False, cell))
            return
        style = self._style(self._columns[index], kind, True, cell)
        self._cells.write_text(at, column, text_of(cell.value, own), style)

    def _number(self, at: int, column: int, value: Any, kind: Any, style: Any) -> None:
        if isinstance(value, date):
            day = value.date() if isinstance(value, datetime) else value
            self._sheet.write_number(at, column, (day - _EPOCH).days, style)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            # Money is kept in 分 and shown in 元.
            number = value / 100 if isinstance(kind, Amount) else value
            self._sheet.write_number(at, column, number, style)
        else:
            self._cells.write_text(at, column, kind.format(value), style)

    def _fill(self, at: int, kind: str) -> None:
        assert self._places is not None
        styles, _ = self._styles_of(kind)
        for index, (first, last) in enumerate(self._places):
            for column in range(first + 1, last + 1):
                self._sheet.write_blank(at, column, None, styles[index])
            if last > first and not self._columns[index].merge_down:
                self._cells.join(at, first, at, last)


def equal_below(rows: Sequence[TableRow], column: int) -> list[tuple[int, int]]:
    """Return first and last index of each stretch of at least two rows that say the same in `column`."""
    stretches = []
    start = 0
    for index in range(1, len(rows) + 1):
        same = (
            index < len(rows)
            and rows[index].kind == rows[start].kind == "body"
            and rows[start].values[column] is not None
            and rows[index].values[column] == rows[start].values[column]
        )
        if not same:
            if index - 1 > start:
                stretches.append((start, index - 1))
            start = index
    return stretches


def text_width(text: str) -> float:
    """Return the width of a text in full-width characters."""
    return sum([0.52 if char < "\u2000" else 1.0 for char in text])
