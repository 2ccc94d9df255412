"""Rows of a foreign sheet written out as they stood: its own lines above, headings and columns, and one column more."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from skillsaid_desktop.exporters.target import replace_file
from skillsaid_desktop.schema import RawValue

_SHEET_NAME = 31
_NOT_IN_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
_WIDTH, _WIDE, _REASON = 8, 24, 60


@dataclass(frozen=True, kw_only=True)
class RawRows:
    """What to write of one sheet. Rows and columns count from 0.

    `above` are whole rows over the data by their row: titles, notes and headings; `merges` lie among them;
    `headed_at` is the row that gets the heading of the last column; data rows follow from `first` on.
    """

    name: str
    above: Mapping[int, Sequence[RawValue]]
    headings: frozenset[int]
    headed_at: int
    first: int
    rows: Sequence[Sequence[RawValue]]
    last_heading: str
    last_column: Sequence[str]
    merges: Sequence[tuple[int, int, int, int]] = field(default_factory=tuple)


def write_raw_rows(sheets: Sequence[RawRows], notes: Sequence[str], path: Path) -> None:
    """Write sheets of rows as they stood, with a sheet of explanations; UserError if it can not be written."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(stream, options) as workbook:
        made = _Formats(workbook)
        names: set[str] = set()
        for each in sheets:
            _write_sheet(workbook.add_worksheet(_free_name(each.name, names)), each, made)
        explained = workbook.add_worksheet(_free_name("说明", names))
        explained.set_column(0, 0, 90)
        for at, note in enumerate(notes):
            explained.write_string(at, 0, note)
    replace_file(path, lambda file: file.write(stream.getvalue()))


class _Formats:
    def __init__(self, workbook: Workbook) -> None:
        self.text = workbook.add_format({"num_format": "@", "valign": "top"})
        self.day = workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        self.head = workbook.add_format(
            {"bold": True, "border": 1, "bg_color": "#E8EEF6", "text_wrap": True, "align": "center",
             "valign": "vcenter"}
        )  # fmt: skip
        self.reason = workbook.add_format({"text_wrap": True, "valign": "top", "font_color": "#B3261E"})


def _write_sheet(sheet: Worksheet, each: RawRows, made: _Formats) -> None:
    width = max((len(row) for row in (*each.above.values(), *each.rows)), default=0)
    longest = [_WIDTH] * width
    for at, cells in each.above.items():
        for column, cell in enumerate(cells):
            _write(sheet, at, column, cell, made, made.head if at in each.headings else None)
    for top, left, bottom, right in each.merges:
        cells = each.above.get(top, ())
        text = cells[left] if left < len(cells) else ""
        form = made.head if top in each.headings else made.text
        sheet.merge_range(top, left, bottom, right, "" if text is None else str(text), form)
    sheet.write_string(each.headed_at, width, each.last_heading, made.head)
    for offset, (cells, reason) in enumerate(zip(each.rows, each.last_column, strict=True)):
        for column, cell in enumerate(cells):
            _write(sheet, each.first + offset, column, cell, made, None)
            longest[column] = max(
                longest[column], min(_WIDE, 2 + sum(1 + (c > "\u2e80") for c in str(cell or "")))
            )
        sheet.write_string(each.first + offset, width, reason, made.reason)
    for column, wide in enumerate(longest):
        sheet.set_column(column, column, wide, made.text)
    sheet.set_column(width, width, _REASON)
    sheet.freeze_panes(each.first, 0)


def _write(sheet: Worksheet, row: int, column: int, cell: RawValue, made: _Formats, form: object) -> None:
    """Write a cell as what it was; text stays text, whatever it begins with."""
    if cell is None or cell == "":
        if form is not None:
            sheet.write_blank(row, column, None, form)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, form)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell, form)
    elif isinstance(cell, date | datetime):
        sheet.write_datetime(row, column, cell, made.day)
    else:
        sheet.write_string(row, column, cell[:32_767], form or made.text)


def _free_name(name: str, taken: set[str]) -> str:
    plain = name.translate(_NOT_IN_SHEET_NAME).strip("'")[:_SHEET_NAME] or "名单"
    free, at = plain, 2
    while free.lower() in taken:
        tail = f" ({at})"
        free, at = plain[: _SHEET_NAME - len(tail)] + tail, at + 1
    taken.add(free.lower())
    return free
