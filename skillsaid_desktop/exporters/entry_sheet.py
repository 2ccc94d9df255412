"""A workbook to be filled in and sent back: headings, drop-downs fed from a hidden sheet, numbers kept as text."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from skillsaid_desktop.exporters.target import replace_file

_ROWS = 2000
"""Rows that are prepared for typing."""
_HIDDEN = "选项"


@dataclass(frozen=True, kw_only=True)
class EntryColumn:
    """A column to fill: `options` become a drop-down, `is_date` shows days as 2025-11-05."""

    title: str
    width: int = 8
    is_required: bool = False
    help: str = ""
    options: tuple[str, ...] = ()
    is_date: bool = False
    is_number: bool = False


@dataclass(frozen=True, kw_only=True)
class EntrySheet:
    """One sheet: the columns, and rows that are filled in already."""

    name: str
    columns: tuple[EntryColumn, ...]
    rows: Sequence[Sequence[str]] = field(default_factory=tuple)


def write_entry_sheets(sheets: Sequence[EntrySheet], notes: Sequence[str], path: Path) -> None:
    """Write sheets to be filled in, with a sheet of explanations, to `path`; UserError if it can not be written."""
    stream = io.BytesIO()
    with Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as workbook:
        formats = {
            "line": workbook.add_format({"font_size": 10, "font_name": "宋体"}),
            "head": workbook.add_format(
                {"bold": True, "border": 1, "bg_color": "#E8EEF6", "text_wrap": True, "align": "center",
                 "valign": "vcenter", "font_name": "宋体"}
            ),
            "required": workbook.add_format(
                {"bold": True, "border": 1, "bg_color": "#FCE9C8", "text_wrap": True, "align": "center",
                 "valign": "vcenter", "font_name": "宋体"}
            ),
            "text": workbook.add_format({"num_format": "@", "font_name": "宋体"}),
            "date": workbook.add_format({"num_format": "yyyy-mm-dd", "font_name": "宋体"}),
            "number": workbook.add_format({"num_format": "0", "font_name": "宋体"}),
        }  # fmt: skip
        written = [(sheet, workbook.add_worksheet(sheet.name[:31])) for sheet in sheets]
        explained: Any = workbook.add_worksheet("填写说明")
        explained.set_column(0, 0, 90)
        for number, note in enumerate(notes):
            explained.write_string(number, 0, note, formats["line"])
        lists = _Lists(workbook)
        for sheet, worksheet in written:
            _write_sheet(sheet, worksheet, formats, lists)
    content = stream.getvalue()
    replace_file(path, lambda target: target.write(content))


class _Lists:
    """The hidden sheet that feeds the drop-downs: one column for each list of words."""

    def __init__(self, workbook: Any) -> None:
        self._sheet = workbook.add_worksheet(_HIDDEN)
        self._sheet.hide()
        self._columns: dict[tuple[str, ...], int] = {}

    def source(self, options: tuple[str, ...]) -> str:
        if options not in self._columns:
            column = self._columns[options] = len(self._columns)
            for row, word in enumerate(options):
                self._sheet.write_string(row, column, word)
        letter = _letter(self._columns[options])
        return f"={_HIDDEN}!${letter}$1:${letter}${len(options)}"


def _write_sheet(sheet: EntrySheet, worksheet: Any, formats: dict[str, Any], lists: _Lists) -> None:
    head = 0
    worksheet.set_row(head, 30)
    for index, column in enumerate(sheet.columns):
        kind = "date" if column.is_date else "number" if column.is_number else "text"
        worksheet.set_column(index, index, column.width * 2 + 2, formats[kind])
        worksheet.write_string(
            head, index, column.title, formats["required" if column.is_required else "head"]
        )
        if column.help:
            worksheet.write_comment(head, index, column.help)
        if column.options:
            worksheet.data_validation(
                head + 1, index, head + _ROWS, index,
                {
                    "validate": "list", "source": lists.source(column.options), "error_type": "warning",
                    "error_title": column.title, "error_message": "请从下拉里选一个；没有合适的可以照写，导入时会问。",
                },
            )  # fmt: skip
    for number, row in enumerate(sheet.rows):
        for index, text in enumerate(row):
            if text:
                worksheet.write_string(head + 1 + number, index, text, formats["text"])
    worksheet.freeze_panes(head + 1, 1)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(head)


def _letter(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
