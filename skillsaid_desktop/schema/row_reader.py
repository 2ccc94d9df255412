"""Many rows read against their columns: a text that stands in a column again is not read again.

Half of a roster's cells repeat (班级, 专业, 民族, 县 …), so each column remembers what it made of them, and rows are
read column by column.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from skillsaid_desktop.schema.field import Field
from skillsaid_desktop.schema.field_type import RawValue, Words
from skillsaid_desktop.schema.record import Place, Record, parse_record
from skillsaid_desktop.schema.texts import raw_text

_MOST = 4096
"""Texts that a column remembers; one with more different ones (numbers, telephones) is read straight."""


class _Odd(NamedTuple):
    """A cell of which there is more to say than its value."""

    cell: RawValue


class _Column(dict[RawValue, Any]):
    """A column by what its cells hold: the value of a text, or that the cell is odd. Blank is None."""

    def __init__(self, field: Field, words: Words | None) -> None:
        super().__init__({"": None, None: None})
        self.field = field
        self._words = words
        self._parse = field.type.parse
        self.has_odd = False
        self._is_various: bool | None = None

    def read(self, cells: Sequence[RawValue]) -> tuple[list[Any], Sequence[str]]:
        """Return the value of each cell and the text in it; `has_odd` says whether an `_Odd` is among the values."""
        if set(map(type, cells)) != {str}:
            return list(map(self.__getitem__, cells)), [
                cell if type(cell) is str else raw_text(cell) for cell in cells
            ]
        texts = cast(Sequence[str], cells)
        if self._is_various is None:
            self._is_various = len(set(texts)) > len(texts) // 2
        if self._is_various:
            filled = [text for text in texts if text] if "" in texts else texts
            if filled and self.field.type.are_values(filled):
                return list(texts) if filled is texts else [text or None for text in texts], texts
        return list(map(self.__getitem__, texts)), texts

    def __missing__(self, cell: RawValue) -> Any:
        parsed = self._parse(cell, self._words)
        if parsed.findings or parsed.note or parsed.precision != "day":
            self.has_odd = True
            return _Odd(cell)
        # 1 and True are one key; only texts are remembered.
        if type(cell) is str and len(self) < _MOST:
            self[cell] = parsed.value
        return parsed.value


class RowTexts(Mapping[str, str]):
    """What stood in the cells of a row, blank ones left out: made when somebody asks, for few rows are asked about."""

    __slots__ = ("_made", "_names", "_texts")

    def __init__(self, names: Sequence[str], texts: Sequence[str]) -> None:
        self._names = names
        self._texts = texts
        self._made: dict[str, str] | None = None

    def _all(self) -> dict[str, str]:
        if self._made is None:
            self._made = {name: text for name, text in zip(self._names, self._texts, strict=True) if text}
        return self._made

    def __getitem__(self, name: str) -> str:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def row_reader(
    fields: Sequence[Field], words: Words | None, file: str, sheet: str
) -> Callable[[Sequence[str], Sequence[int | None], Sequence[Sequence[RawValue]]], list[Record]]:
    """Return what reads some rows of a table, each exactly as `parse_record` does.

    It takes the names of the fields that each row's cells are of, the number of each row, and the rows.
    """
    columns = [_Column(each, words) for each in fields if each.typed]
    names = [each.field.name for each in columns]

    def read(
        order: Sequence[str], numbers: Sequence[int | None], rows: Sequence[Sequence[RawValue]]
    ) -> list[Record]:
        if not rows:
            return []
        by_name = dict(zip(order, zip(*rows, strict=True), strict=True))
        values: list[list[Any]] = []
        texts: list[Sequence[str]] = []
        odd: list[tuple[_Column, list[Any]]] = []
        for column, name in zip(columns, names, strict=True):
            found, said = column.read(by_name[name])
            values.append(found)
            texts.append(said)
            if column.has_odd:
                odd.append((column, found))
        records = [
            Record(
                values=dict(zip(names, own, strict=True)),
                place=Place(file, sheet, number),
                raw=RowTexts(names, said),
            )
            for number, own, said in zip(
                numbers, zip(*values, strict=True), zip(*texts, strict=True), strict=True
            )
        ]
        for column, found in odd:
            column.has_odd = False
            for record, value in zip(records, found, strict=True):
                if type(value) is _Odd:
                    _read_odd(record, column.field, value.cell, words)
        return records

    return read


def _read_odd(record: Record, field: Field, cell: RawValue, words: Words | None) -> None:
    place = record.place
    one = parse_record((field,), {field.name: cell}, words, place.file, place.sheet, place.row)
    record.values.update(one.values)
    record.issues.extend(one.issues)
    record.precisions.update(one.precisions)
    record.notes.update(one.notes)
