"""A sheet for a class teacher: names filled in and locked, cells to fill, drop-downs, a hidden mark in each row.

The protection has no password: it keeps a hand from slipping, not a teacher from working. XlsxWriter writes it, so
that data validation, print set-up and protection are as Excel, WPS and LibreOffice all read them.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from skillsaid_desktop.exporters.target import replace_file

_KEY_SHEET = "表号"
_MOST_IN_LINE = 250
"""Characters that a drop-down takes in line; it then survives when the sheet is copied into another workbook."""
_WHO = (("序号", 4), ("姓名", 9), ("", 0), ("后四位", 6))
_MARK_AT = 2
_PAGE = 130
"""Characters across a landscape A4 page; fewer columns are drawn wider to fill it."""
_CHARACTER = 1.75  # a Chinese character of a note, in the same measure
_ROW = 32
_FONT = "宋体"
_LOCKED, _OPEN, _REQUIRED, _KNOWN = "#F2F3F5", "#FFFFFF", "#FFF6DD", "#FFFFFF"
_HEAD, _REQUIRED_HEAD, _LINE = "#E3EAF3", "#FBE3B0", "#8A929C"
_HATCHED = 14  # thin diagonal lines: what needs no filling, on a black and white print too


@dataclass(frozen=True, kw_only=True)
class SheetColumn:
    """A column to fill. `prompt` shows when a cell is entered; `from_on` and `to_on` are the days that a date may have.

    A `shown` column is filled in already and locked.
    """

    title: str
    width: int
    kind: Literal["text", "date", "number"] = "text"
    options: tuple[str, ...] = ()
    is_required: bool = False
    prompt: str = ""
    from_on: date | None = None
    to_on: date | None = None
    most: int = 999
    shown: bool = False


@dataclass(frozen=True, kw_only=True)
class SheetPerson:
    """A student's row: `texts` for the columns in their order, None for a cell that needs no filling."""

    name: str
    number_tail: str
    mark: str
    texts: tuple[str | None, ...]


@dataclass(frozen=True, kw_only=True)
class ClassSheet:
    """One workbook for one class. `key` is the 表号, `spare_rows` the open rows for students who are not in the list.

    `warn` (asked, words, wanted): the column `wanted` turns red while it is empty and `asked` says one of `words`.
    """

    name: str
    key: str
    title: str
    line: str
    notes: Sequence[str]
    columns: Sequence[SheetColumn]
    people: Sequence[SheetPerson]
    signature: str
    spare_rows: int = 0
    warn: tuple[str, tuple[str, ...], str] | None = None


def write_class_sheet(sheet: ClassSheet, path: Path) -> None:
    """Write the workbook; UserError that names the file if it can not be written."""
    stream = io.BytesIO()
    with Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as workbook:
        _Writer(workbook, sheet).write()
    content = stream.getvalue()
    replace_file(path, lambda target: target.write(content))


class _Writer:
    def __init__(self, workbook: Any, sheet: ClassSheet) -> None:
        self.workbook, self.sheet = workbook, sheet
        self.out = workbook.add_worksheet(sheet.name[:31])
        self.last = len(_WHO) + len(sheet.columns) - 1
        self.head = 2 + bool(sheet.notes)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def write(self) -> None:
        self._write_lines()
        self._write_head()
        first = self.head + 1
        for at, person in enumerate(self.sheet.people):
            self._write_person(first + at, at + 1, person)
        end = first + len(self.sheet.people)
        signed = end + self.sheet.spare_rows
        for row in range(end, signed):
            self._write_spare(row)
        self._write_rules(first, signed - 1)
        self.out.set_row(signed, 30)
        self.out.merge_range(
            signed, 0, signed, self.last, self.sheet.signature, self._format(valign="vcenter")
        )
        self._set_up_page(signed)
        key = self.workbook.add_worksheet(_KEY_SHEET)
        key.write_string(0, 0, self.sheet.key)
        key.protect()
        key.very_hidden()

    def _format(self, **facts: Any) -> Any:
        key = tuple(sorted(facts.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format({"font_name": _FONT, "font_size": 10, **facts})
        return self._formats[key]

    def _cell(self, **facts: Any) -> Any:
        return self._format(border=1, border_color=_LINE, valign="vcenter", text_wrap=True, **facts)

    def _write_lines(self) -> None:
        sheet = self.sheet
        self.out.set_row(0, 32)
        title = self._format(bold=True, font_size=16, align="center", valign="vcenter")
        self.out.merge_range(0, 0, 0, self.last, sheet.title, title)
        self.out.set_row(1, 20)
        self.out.merge_range(1, 0, 1, self.last, sheet.line, self._format(valign="vcenter"))
        if sheet.notes:
            across = sum(width for _, width in _WHO) + sum(self._width(each) for each in sheet.columns)
            lines = sum(-(-len(each) * _CHARACTER // across) for each in sheet.notes)
            self.out.set_row(2, 13 * lines + 6)
            note = self._format(font_size=9, font_color="#4A525C", valign="vcenter", text_wrap=True)
            self.out.merge_range(2, 0, 2, self.last, "\n".join(sheet.notes), note)

    def _width(self, column: SheetColumn) -> float:
        """Return the width of a column on this sheet: few columns share out the page."""
        taken = sum(each.width for each in self.sheet.columns)
        room = _PAGE - sum(width for _, width in _WHO)
        return column.width * max(1.0, room / taken)

    def _write_head(self) -> None:
        self.out.set_row(self.head, 42)
        head = {"bold": True, "align": "center"}
        for at, (title, width) in enumerate(_WHO):
            self.out.set_column(at, at, width, None, {"hidden": at == _MARK_AT})
            self.out.write_string(self.head, at, title, self._cell(bg_color=_HEAD, **head))
        for at, column in enumerate(self.sheet.columns, len(_WHO)):
            self.out.set_column(at, at, self._width(column))
            ground = _REQUIRED_HEAD if column.is_required else _HEAD
            self.out.write_string(self.head, at, column.title, self._cell(bg_color=ground, **head))

    def _write_person(self, row: int, number: int, person: SheetPerson) -> None:
        self.out.set_row(row, _ROW)
        self.out.write_number(
            row, 0, number, self._cell(bg_color=_LOCKED, align="center", font_color="#4A525C")
        )
        self.out.write_string(
            row,
            1,
            person.name,
            self._cell(bg_color=_LOCKED, bold=True, font_size=11 if len(person.name) < 5 else 9),
        )
        self.out.write_string(row, _MARK_AT, person.mark, self._format(num_format="@"))
        tail = self._cell(bg_color=_LOCKED, align="center", num_format="@")
        self.out.write_string(row, 3, person.number_tail, tail)
        for at, (column, text) in enumerate(zip(self.sheet.columns, person.texts, strict=True), len(_WHO)):
            self._write_entry(row, at, column, text)

    def _write_entry(self, row: int, at: int, column: SheetColumn, text: str | None) -> None:
        if text is None:
            self.out.write_blank(
                row, at, None, self._cell(pattern=_HATCHED, fg_color="#C9CED6", bg_color=_KNOWN)
            )
        elif column.shown:
            self.out.write_string(row, at, text, self._cell(bg_color=_LOCKED, align="center"))
        else:
            self._write_open(row, at, column, text)

    def _write_open(self, row: int, at: int, column: SheetColumn, text: str = "") -> None:
        form = self._cell(
            locked=False,
            num_format={"text": "@", "date": "yyyy-mm-dd", "number": "0"}[column.kind],
            bg_color=_REQUIRED if column.is_required else _OPEN,
            align="left" if column.kind == "text" and not column.options else "center",
        )
        if text:
            self.out.write_string(row, at, text, form)
        else:
            self.out.write_blank(row, at, None, form)

    def _write_spare(self, row: int) -> None:
        self.out.set_row(row, _ROW)
        for at in (0, 1, 3):
            self.out.write_blank(row, at, None, self._cell(locked=False, num_format="@"))
        for at, column in enumerate(self.sheet.columns, len(_WHO)):
            if column.shown:
                self.out.write_blank(row, at, None, self._cell(bg_color=_LOCKED))
            else:
                self._write_open(row, at, column)

    def _write_rules(self, first: int, last: int) -> None:
        for at, column in enumerate(self.sheet.columns, len(_WHO)):
            rule = _rule(column)
            if rule and not column.shown:
                self.out.data_validation(first, at, last, at, rule)
        if self.sheet.warn is None:
            return
        asked, words, wanted = self.sheet.warn
        titles = [column.title for column in self.sheet.columns]
        asked_at, wanted_at = (len(_WHO) + titles.index(each) for each in (asked, wanted))
        said = ",".join(f'${_letter(asked_at)}{first + 1}="{word}"' for word in words)
        formula = f'=AND(OR({said}),${_letter(wanted_at)}{first + 1}="")'
        form = self.workbook.add_format({"bg_color": "#F6C7B6"})
        self.out.conditional_format(
            first, wanted_at, last, wanted_at, {"type": "formula", "criteria": formula, "format": form}
        )

    def _set_up_page(self, last_row: int) -> None:
        out = self.out
        out.protect(
            "",
            {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True},
        )
        out.freeze_panes(self.head + 1, len(_WHO))
        out.set_selection(self.head + 1, len(_WHO) + sum(each.shown for each in self.sheet.columns),
                          self.head + 1, len(_WHO) + sum(each.shown for each in self.sheet.columns))  # fmt: skip
        out.set_landscape()
        out.set_paper(9)
        out.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        out.center_horizontally()
        out.fit_to_pages(1, 0)
        out.repeat_rows(self.head)
        out.print_area(0, 0, last_row, self.last)
        out.set_footer(f"&L&9表号 {self.sheet.key}&R&9第 &P 页 共 &N 页")
        out.hide_gridlines(2)
        out.ignore_errors({"number_stored_as_text": f"A1:{_letter(self.last)}{last_row + 1}"})


def _rule(column: SheetColumn) -> dict[str, Any] | None:
    """Return the data validation of a column."""
    shown = {"input_title": column.title, "input_message": column.prompt} if column.prompt else {}
    if column.options and len(",".join(column.options)) <= _MOST_IN_LINE:
        return {
            "validate": "list", "source": list(column.options), "error_title": column.title,
            "error_message": f"请从下拉里选一个：{'、'.join(column.options)}"[:250], "error_type": "warning", **shown,
        }  # fmt: skip
    if column.from_on and column.to_on:
        return {
            "validate": "date", "criteria": "between", "minimum": column.from_on, "maximum": column.to_on,
            "error_title": column.title,
            "error_message": f"请写成 {column.to_on.isoformat()} 这样的日期，在 {column.from_on} 至 {column.to_on} 之间。",
            "error_type": "stop", **shown,
        }  # fmt: skip
    if column.kind == "number":
        return {
            "validate": "integer", "criteria": "between", "minimum": 0, "maximum": column.most,
            "error_title": column.title, "error_message": f"请填 0 到 {column.most} 的整数。", "error_type": "stop",
            **shown,
        }  # fmt: skip
    return {"validate": "any", **shown} if shown else None


def _letter(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
