"""The tables of a workbook for one kind of ledger: headings found, rows told from titles, totals and signatures."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
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
from skillsaid_desktop.importers.row_source import column_letter
from skillsaid_desktop.importers.workbook import RawRow, RawSheet, RawWorkbook
from skillsaid_desktop.schema import Field, Issue, Month, RawValue, Severity
from skillsaid_desktop.schema.texts import to_half_width

_TOTAL = re.compile(r"^.{0,12}?(合\s*计|小\s*计|总\s*计|共\s*计|累\s*计)\s*(\d+\s*[人户名条]?)?([::].*)?$")
_COUNT = re.compile(r"^共\s*\d+\s*[条人户名行页]")
_PAGE = re.compile(r"^[—\-\s]*第?\s*\d+\s*页?[\s,/、]*(共\s*\d+\s*页)?[—\-\s]*$")
_GROUP = re.compile(r"^([一二三四五六七八九十]{1,3}\s*[、.]|[(][一二三四五六七八九十]{1,3}[)])\s*\S")
_END = re.compile(r"^[\s—\-(]*(以下空白|以下无正文|以下为空|本表结束|完)[\s—\-)]*$")
_SIGNATURE = re.compile(
    r"(制表|填表|填报|复核|审核|审批|登记|经办|负责|校长|院长|班主任|签字|签名|盖章|打印时间|填报日期|联系电话)"
    r"[^::]{0,10}[::]"
)
_LEGEND = re.compile(r"^\s*(注|说明|备注|附注|填表说明|图例|提示|注意)\s*\d*\s*[::、.]")
_FEW = 3
_LONG = 400


class SourceRow(NamedTuple):
    """A data row; `number` as the spreadsheet shows it, `names` the fields that its values are of."""

    number: int
    names: tuple[str, ...]
    values: tuple[RawValue, ...]

    @property
    def cells(self) -> dict[str, RawValue]:
        """The cells by field name."""
        return dict(zip(self.names, self.values, strict=True))


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
        if not self.rows or name not in self.rows[0].names:
            return [""] * len(self.rows)
        at = self.rows[0].names.index(name)
        return [row.values[at] for row in self.rows]


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
    reader = TableReader(file, sheet, headings, fields)
    reader.table.rows = list(reader.read(sheet.rows))
    return reader.table


class TableReader:
    """Reads the rows under a sheet's headings, as many at a time as there are.

    The sheet needs its rows only down to the headings. `table` grows as rows are read, but holds none.
    """

    def __init__(self, file: str, sheet: RawSheet, headings: Headings, fields: Sequence[Field]) -> None:
        above = [row for row in sheet.rows if row.number < headings.rows[0]]
        self.table = SourceTable(
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
        self._headings = headings
        self._wide = _wide_rows(sheet, headings)
        self._titles = frozenset(line for row in above if (line := _line(row.cells)))
        self._spread = _Spread(sheet, headings)
        self._below: deque[str] = deque(maxlen=20)

    def read(self, rows: Iterable[RawRow]) -> Iterator[SourceRow]:
        """Yield the data rows among these, which follow those read before."""
        headings, skipped = self._headings, self.table.skipped
        names, columns = tuple(headings.columns), tuple(headings.columns.values())
        width, last = max(columns) + 1, headings.rows[-1]
        wide, titles, spread = self._wide, self._titles, self._spread
        for number, cells in rows:
            if number <= last:
                continue
            why = _why_skipped(cells, headings, is_wide=number in wide, titles=titles)
            if why:
                skipped.append((number, why))
                self._below.append(_line(cells))
                continue
            whole = cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))]
            values = tuple(map(whole.__getitem__, columns))
            if told := spread.of(number, cells):
                values = tuple(
                    told.get(name, value) if value is None or value == "" else value
                    for name, value in zip(names, values, strict=True)
                )
            yield SourceRow(number, names, values)
        self.table.lines_below = tuple(self._below)


class _Spread:
    """What vertically merged cells say of each further row they cover; rows are asked for in order."""

    def __init__(self, sheet: RawSheet, headings: Headings) -> None:
        names = {column: name for name, column in headings.columns.items()}
        tall = [
            merge
            for merge in sheet.merges
            if merge[2] > merge[0] > headings.rows[-1]
            and merge[1] in names
            and merge[2] - merge[0] <= 100_000
        ]
        self._tall = sorted(((first, column, last) for first, column, last, _ in tall), reverse=True)
        self._names = names
        self._open: dict[str, tuple[int, RawValue]] = {}

    def of(self, number: int, cells: Sequence[RawValue]) -> dict[str, RawValue]:
        """Return what merged cells above say of this row, by field."""
        if not self._tall and not self._open:
            return {}
        self._open = {name: (last, value) for name, (last, value) in self._open.items() if last >= number}
        told = {name: value for name, (_last, value) in self._open.items()}
        while self._tall and self._tall[-1][0] <= number:
            first, column, last = self._tall.pop()
            value = cells[column] if column < len(cells) else ""
            if first == number and value not in ("", None):
                self._open[self._names[column]] = (last, value)
        return told


def _line(cells: Sequence[RawValue]) -> str:
    return " ".join(str(cell).strip() for cell in cells if cell is not None and cell != "")


def _wide_rows(sheet: RawSheet, headings: Headings) -> frozenset[int]:
    """Return the rows below the headings in which one cell is merged over half of the table or more."""
    width = max(len(headings.titles) // 2, 3)
    return frozenset(
        top
        for top, left, bottom, right in sheet.merges
        if top == bottom > headings.rows[-1] and right - left + 1 >= width
    )


def _why_skipped(
    cells: Sequence[RawValue], headings: Headings, *, is_wide: bool, titles: frozenset[str]
) -> str:
    """Return why a row is no data row; "" for a data row.

    `is_wide`: a cell of it is merged over most of the table; `titles`: the lines above the headings.
    """
    filled = 0
    texts: list[tuple[int, str]] = []
    for column, cell in enumerate(cells):
        if cell is None or cell == "":
            continue
        filled += 1
        if len(texts) < 2 and isinstance(cell, str) and (text := cell.strip()):
            texts.append((column, text))
        if filled > _FEW and len(texts) == 2:
            break  # more of it says nothing more
    if not texts:
        return "空行" if _is_bare(cells, headings) else ""
    for _, text in texts:
        if "计" in text and len(text) <= 40 and _TOTAL.match(to_half_width(text)):
            return "合计行"
    if filled <= _FEW:
        column, first = texts[0]
        if len(first) < _LONG:
            first = to_half_width(first)
        if _COUNT.match(first):
            return "合计行"
        if titles and _line(cells) in titles:
            return "重复的标题"
        if filled == 1 and "页" in first and _PAGE.match(first):
            return "页码"
        if filled == 1 and (is_wide or _GROUP.match(first)):
            return "分组标题"
        if len(first) <= 40 and _END.match(first):
            return "以下空白"
        if _SIGNATURE.search(first):
            return "签字行"
        if _LEGEND.match(first):
            return "说明"
        if filled == 1 and column == headings.serial:
            return "空行"
        if filled == 1 and column not in headings.columns.values() and len(first) > 4:
            return "说明"
    return "重复的表头" if is_repeated(headings, cells) else ""


def _is_bare(cells: Sequence[RawValue], headings: Headings) -> bool:
    """Say whether a row without any text holds nothing but blanks and its serial number."""
    return all(
        column == headings.serial or isinstance(cell, str)
        for column, cell in enumerate(cells)
        if cell is not None and cell != ""
    )


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
