"""The tables of a workbook for one kind of ledger: headings found, rows told from titles, totals and signatures."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers.headings import (
    Headings,
    HeadingWords,
    find_headings,
    is_repeated,
    nearest_headings,
)
from skillsaid_desktop.importers.workbook import RawSheet, RawWorkbook, column_letter
from skillsaid_desktop.schema import Field, Issue, Month, RawValue, Severity
from skillsaid_desktop.schema.texts import to_half_width

_TOTAL = re.compile(r"^.{0,12}?(合\s*计|小\s*计|总\s*计|共\s*计|累\s*计)\s*(\d+\s*[人户名条]?)?([::].*)?$")
_END = re.compile(r"^[\s—\-(]*(以下空白|以下无正文|以下为空|本表结束|完)[\s—\-)]*$")
_SIGNATURE = re.compile(
    r"(制表|填表|填报|复核|审核|审批|登记|经办|负责|校长|院长|班主任|签字|签名|盖章|打印时间|填报日期|联系电话)"
    r"[^::]{0,10}[::]"
)
_LEGEND = re.compile(r"^\s*(注|说明|备注|附注|填表说明|图例|提示|注意)\s*\d*\s*[::、.]")
_FEW = 3
_LONG = 400


class SourceRow(NamedTuple):
    """A data row; `number` as the spreadsheet shows it, cells by field name."""

    number: int
    cells: dict[str, RawValue]


@dataclass(kw_only=True)
class SourceTable:
    """A sheet's table. `columns` gives the letter of each field's column; `skipped` the rows left out and why."""

    sheet: str
    heading_rows: tuple[int, ...]
    columns: dict[str, str]
    unknown_columns: tuple[str, ...] = ()
    missing_columns: tuple[str, ...] = ()
    lines_above: tuple[str, ...] = ()
    lines_below: tuple[str, ...] = ()
    rows: list[SourceRow] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def values_of(self, name: str) -> list[RawValue]:
        """Return the cells of one field, row by row."""
        return [row.cells.get(name, "") for row in self.rows]


def find_tables(
    workbook: RawWorkbook, fields: Sequence[Field], *, sheet: str | None = None
) -> list[SourceTable]:
    """Return the table of each sheet that has a heading row of this kind; `sheet` names the only one to look at."""
    words = HeadingWords(fields)
    tables = []
    for each in workbook.sheets:
        if sheet is not None and each.name != sheet:
            continue
        headings = find_headings(each, words)
        if headings is not None:
            tables.append(read_table(workbook.file, each, headings, fields))
    return tables


def why_no_table(
    workbook: RawWorkbook, fields: Sequence[Field], title: str, *, sheet: str | None = None
) -> UserError:
    """Return the sentence for a file in which no sheet has a heading row of this kind."""
    names = [each.name for each in workbook.sheets]
    if sheet is not None and sheet not in names:
        return UserError(
            f"“{workbook.file}”里没有叫“{sheet}”的工作表。",
            f"台账没有改动。里面的工作表是：{'、'.join(names[:20])}。",
        )
    words = HeadingWords(fields)
    named = max(
        (nearest_headings(each, words) for each in workbook.sheets if sheet is None or each.name == sheet),
        key=len,
        default=frozenset[str](),
    )
    missing = "、".join(
        each.title for each in fields if each.required and each.typed and each.name not in named
    )
    return UserError(
        f"“{workbook.file}”里没有找到“{title}”的表头" + (f"，缺这些列：{missing}。" if named else "。"),
        "台账没有改动。请检查是不是选错了名单；也可以下载导入模板，把内容贴进去再导入。",
    )


def read_table(file: str, sheet: RawSheet, headings: Headings, fields: Sequence[Field]) -> SourceTable:
    """Return the rows under these headings, with what was left out and why."""
    above = [row for row in sheet.rows if row.number < headings.rows[0]]
    table = SourceTable(
        sheet=sheet.name,
        heading_rows=headings.rows,
        columns={name: column_letter(column) for name, column in headings.columns.items()},
        unknown_columns=tuple(" ".join(text.split()) for text in headings.unknown.values()),
        missing_columns=tuple(
            each.title for each in fields if each.typed and each.name not in headings.columns
        ),
        lines_above=tuple(_line(row.cells) for row in above),
        issues=_issues(file, sheet, headings, fields),
    )
    spread = _spread(sheet, headings)
    places = list(headings.columns.items())
    last = headings.rows[-1]
    below = []
    for number, cells in sheet.rows:
        if number <= last:
            continue
        why = _why_skipped(cells, headings)
        if why:
            table.skipped.append((number, why))
            below.append(_line(cells))
            continue
        width = len(cells)
        values = {name: cells[column] if column < width else "" for name, column in places}
        if number in spread:
            for name, value in spread[number].items():
                if values[name] in ("", None):
                    values[name] = value
        table.rows.append(SourceRow(number, values))
    table.lines_below = tuple(below[-20:])
    return table


def _line(cells: Sequence[RawValue]) -> str:
    return " ".join(str(cell).strip() for cell in cells if cell is not None and cell != "")


def _spread(sheet: RawSheet, headings: Headings) -> dict[int, dict[str, RawValue]]:
    """Return what vertically merged cells say of each further row they cover."""
    names = {column: name for name, column in headings.columns.items()}
    tall = [
        merge
        for merge in sheet.merges
        if merge[2] > merge[0] > headings.rows[-1] and merge[1] in names and merge[2] - merge[0] <= 100_000
    ]
    if not tall:
        return {}
    by_number = {row.number: row.cells for row in sheet.rows}
    spread: dict[int, dict[str, RawValue]] = {}
    for first, column, last, _ in tall:
        cells = by_number.get(first, ())
        value = cells[column] if column < len(cells) else ""
        if value not in ("", None):
            for number in range(first + 1, last + 1):
                if number in by_number:
                    spread.setdefault(number, {})[names[column]] = value
    return spread


def _why_skipped(cells: Sequence[RawValue], headings: Headings) -> str:
    """Return why a row is no data row; "" for a data row."""
    filled = [(column, cell) for column, cell in enumerate(cells) if cell is not None and cell != ""]
    texts: list[tuple[int, str]] = []
    for column, cell in filled:
        if isinstance(cell, str) and (text := cell.strip()):
            texts.append((column, to_half_width(text) if len(text) < _LONG else text))
            if len(texts) == 2:
                break
    if not texts:
        return (
            "空行"
            if all(column == headings.serial or isinstance(cell, str) for column, cell in filled)
            else ""
        )
    for _, text in texts:
        if "计" in text and len(text) <= 40 and _TOTAL.match(text):
            return "合计行"
    column, first = texts[0]
    if len(filled) <= _FEW:
        if len(first) <= 40 and _END.match(first):
            return "以下空白"
        if _SIGNATURE.search(first):
            return "签字行"
        if _LEGEND.match(first):
            return "说明"
        if len(filled) == 1 and column == headings.serial:
            return "空行"
        if len(filled) == 1 and column not in headings.columns.values() and len(first) > 4:
            return "说明"
    return "重复的表头" if is_repeated(headings, cells) else ""


def _issues(file: str, sheet: RawSheet, headings: Headings, fields: Sequence[Field]) -> list[Issue]:
    titles = {each.name: each.title for each in fields}
    issues = []

    def say(severity: Severity, code: str, message: str, column: str = "") -> None:
        issues.append(
            Issue(severity=severity, code=code, message=message, file=file, sheet=sheet.name, column=column)
        )

    for name, columns in headings.twice.items():
        letters = "、".join(column_letter(column) for column in columns)
        first = column_letter(columns[0])
        say(
            Severity.ASK,
            "heading twice",
            f"“{titles[name]}”有几列：{letters}；按 {first} 列收下，请核对",
            titles[name],
        )
    # A month may as well stand in the lines above or in the file's name.
    missing = [
        each.title
        for each in fields
        if each.required
        and each.typed
        and each.name not in headings.columns
        and not isinstance(each.type, Month)
    ]
    if missing:
        say(Severity.HINT, "missing column", f"表里没有这些列：{'、'.join(missing)}")
    if headings.unknown:
        unknown = "、".join(" ".join(text.split())[:20] for text in headings.unknown.values())
        say(Severity.HINT, "unknown column", f"这些列不认识，没有读：{unknown}")
    if sheet.hidden_rows:
        say(Severity.HINT, "hidden rows", f"有 {len(sheet.hidden_rows)} 行被隐藏或筛掉，也读了")
    if sheet.hidden_columns:
        say(Severity.HINT, "hidden columns", f"隐藏的列也读了：{'、'.join(sheet.hidden_columns[:20])}")
    if sheet.formulas_without_value:
        say(
            Severity.HINT,
            "formula without value",
            f"有 {len(sheet.formulas_without_value)} 格公式没有结果（如 {sheet.formulas_without_value[0]}），"
            "按空白处理；请用 Excel 或 WPS 打开、保存一次再导入",
        )
    return issues
