"""Which row of a sheet is the heading of a ledger's columns, and which column holds what (DOMAIN section 5)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from skillsaid_desktop.importers.workbook import Merge, RawRow, RawSheet
from skillsaid_desktop.schema import Field, RawValue
from skillsaid_desktop.schema.texts import to_half_width

LAST_HEADING_ROW = 40
_MOST_LEVELS = 3
_WORSE = 1_000  # the lower of two headings alone says less than both together
_BRACKETS = re.compile(r"[(\[【〔][^)\]】〕]*[)\]】〕]")
_ORNAMENT = re.compile(r"[\s*::。.★☆“”\"'﹡]+")
_SERIAL = frozenset({"序号", "编号", "行号", "NO", "NO."})
_FACT = re.compile(r"^[^:：]{2,12}[:：]\s*\S")
"""填报单位：于都县…: a line above a table, no heading."""
_PERSON = re.compile(r"监护人|家长|父|母|户主|联系人|班主任|责任人|帮扶|紧急")
_GENERIC = frozenset(
    {"姓名", "电话", "联系电话", "手机号", "手机号码", "关系", "身份证号", "身份证号码", "证件号码", "号码", "性别", "单位"}
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Headings:
    """What the heading rows say. Columns count from 0; `twice` are those that claim a field already taken.

    `raw` are the cells as they stand, for a quick look at whether a row may repeat them.
    """

    rows: tuple[int, ...]
    columns: Mapping[str, int]
    titles: Mapping[int, str]
    unknown: Mapping[int, str]
    twice: Mapping[str, tuple[int, ...]]
    serial: int | None
    raw: frozenset[str]


class HeadingWords:
    """The titles and aliases of a ledger's columns, folded for comparison."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields: dict[str, tuple[str, int]] = {}
        typed = [each for each in fields if each.typed]
        for each in typed:
            self._fields.setdefault(fold_heading(each.title), (each.name, 0))
        for each in typed:
            for rank, alias in enumerate(each.aliases, 1):
                self._fields.setdefault(fold_heading(alias), (each.name, rank))
        self.required = frozenset(each.name for each in typed if each.required)

    def find(self, heading: str) -> tuple[str, int] | None:
        """Return the field that a heading means and how directly: 0 by its title, then in the order of its aliases."""
        return self._fields.get(fold_heading(heading))

    def fits(self, names: frozenset[str]) -> bool:
        """Say whether these fields make a sheet one of this kind: more than half of the required ones."""
        needed = max(len(self.required) // 2 + 1, 1)
        return len(names & self.required) >= needed and len(names) >= min(2, len(self._fields))


def fold_heading(text: str) -> str:
    """Return a heading without blanks, line breaks, width, brackets with units or notes, and a leading 是否."""
    plain = _ORNAMENT.sub("", to_half_width(text)).upper()
    bare = _BRACKETS.sub("", plain)
    folded = bare or plain
    return folded[2:] if folded.startswith("是否") and len(folded) > 2 else folded


def find_headings(sheet: RawSheet, words: HeadingWords) -> Headings | None:
    """Return the heading rows that name most columns of this kind, None if no row does.

    Of equals one row goes before two: the upper one is a line of notes then.
    """
    fitting = [option for option in heading_options(sheet, words) if words.fits(frozenset(option.columns))]
    best = max(fitting, key=lambda option: (len(option.columns), -len(option.rows)), default=None)
    return best and down_to_the_data(best, sheet)


def down_to_the_data(headings: Headings, sheet: RawSheet) -> Headings:
    """Add the rows into which heading cells are merged down, such as the days of an attendance grid."""
    mapped = set(headings.columns.values())
    first, last = headings.rows[0], headings.rows[-1]
    lowest = max(
        (bottom for top, left, bottom, _ in sheet.merges if first <= top <= last and left in mapped),
        default=last,
    )
    if not last < lowest <= last + _MOST_LEVELS:
        return headings
    return replace(headings, rows=(*headings.rows, *range(last + 1, lowest + 1)))


def nearest_headings(sheet: RawSheet, words: HeadingWords) -> frozenset[str]:
    """Return the fields that the best row names, enough or not."""
    return max(
        (frozenset(option.columns) for option in heading_options(sheet, words)), key=len, default=frozenset()
    )


def heading_options(sheet: RawSheet, words: HeadingWords) -> Iterator[Headings]:
    """Return each row, and each pair of rows, that could be the heading, with what it would say."""
    candidates = [row for row in sheet.rows[: LAST_HEADING_ROW + 1] if row.number <= LAST_HEADING_ROW]
    merges = [each for each in sheet.merges if each[0] == each[2] <= LAST_HEADING_ROW]
    for index, row in enumerate(candidates):
        texts = _texts(row)
        if len(texts) < 2:
            continue
        yield _single(row, texts, words)
        if index + 1 < len(candidates) and candidates[index + 1].number == row.number + 1:
            double = _double(row, candidates[index + 1], merges, words)
            if double:
                yield double


def _texts(row: RawRow) -> dict[int, str]:
    return {
        column: cell.strip()
        for column, cell in enumerate(row.cells)
        if isinstance(cell, str) and cell.strip()
    }


def _single(row: RawRow, texts: Mapping[int, str], words: HeadingWords) -> Headings:
    readings = {column: (text,) for column, text in texts.items()}
    return _map((row.number,), readings, words, frozenset(texts.values()))


def _double(upper: RawRow, lower: RawRow, merges: Sequence[Merge], words: HeadingWords) -> Headings | None:
    """Join two heading rows; None where the upper one spans nothing."""
    above, below = _texts(upper), _texts(lower)
    if any(_FACT.match(text) for text in above.values()):
        return None
    spanned = dict(above)
    width = max([*above, *below], default=-1) + 1
    for row, first, _, last in merges:
        if row == upper.number and first in above:
            for column in range(first, min(last + 1, width)):
                spanned[column] = above[first]
    if len(spanned) == len(above):
        label = ""
        for column in range(width):
            label = above.get(column, label)
            if column not in above and column in below and label:
                spanned[column] = label
    if len(spanned) == len(above):
        return None
    readings: dict[int, tuple[str, ...]] = {}
    for column in sorted(spanned.keys() | below.keys()):
        top, bottom = spanned.get(column, ""), below.get(column, "")
        if top and bottom:
            alone = () if _PERSON.search(top) and fold_heading(bottom) in _GENERIC else (bottom,)
            readings[column] = (top + bottom, *alone)
        else:
            readings[column] = (top or bottom,)
    raw = frozenset(above.values()) | frozenset(below.values())
    return _map((upper.number, lower.number), readings, words, raw)


def _map(
    rows: tuple[int, ...], readings: Mapping[int, tuple[str, ...]], words: HeadingWords, raw: frozenset[str]
) -> Headings:
    """Give each field the column that names it most directly, the first of equals."""
    claims: dict[str, list[tuple[int, int]]] = {}
    unknown: dict[int, str] = {}
    serial = None
    for column, texts in readings.items():
        found = next(
            (
                (match[0], match[1] + _WORSE * depth)
                for depth, text in enumerate(texts)
                if (match := words.find(text))
            ),
            None,
        )
        if found:
            claims.setdefault(found[0], []).append((found[1], column))
        elif serial is None and fold_heading(texts[-1]) in _SERIAL:
            serial = column
        else:
            unknown[column] = texts[0]
    columns: dict[str, int] = {}
    twice: dict[str, tuple[int, ...]] = {}
    for name, claimed in claims.items():
        rank, columns[name] = min(claimed)
        equals = tuple(column for each, column in claimed if each == rank)
        if len(equals) > 1:
            twice[name] = equals
        unknown.update({column: readings[column][0] for each, column in claimed if each > rank})
    titles = {column: texts[0] for column, texts in readings.items()}
    return Headings(
        rows=rows, columns=columns, titles=titles, unknown=unknown, twice=twice, serial=serial, raw=raw
    )


def is_repeated(headings: Headings, cells: Sequence[RawValue]) -> bool:
    """Say whether a row repeats the heading, as on each printed page."""
    if headings.raw.isdisjoint(cells):
        return False
    texts = {
        column: fold_heading(cell) for column, cell in enumerate(cells) if isinstance(cell, str) and cell
    }
    if len(texts) < 2:
        return False
    same = sum(
        1
        for column, text in texts.items()
        if column in headings.titles and fold_heading(headings.titles[column]).endswith(text)
    )
    return same >= 2 and same * 2 > len(texts)
