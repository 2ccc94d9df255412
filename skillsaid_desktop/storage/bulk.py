"""Many rows at once: past the ORM, with the types and defaults of the mapped table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import chain
from typing import Any, cast

from sqlalchemy import Column, Table
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.orm import DeclarativeBase

Row = Mapping[str, Any]
Target = Table | type[DeclarativeBase]
Convert = Callable[[list[Any]], list[Any]]

_DIALECT = dialect()
_AT_ONCE = 100


def table_of(target: Target) -> Table:
    """Return the table of a mapped class, or the table itself."""
    return target if isinstance(target, Table) else cast(Table, target.__table__)


class _DayTexts(dict[Any, Any]):
    """ISO texts by day, each written once; what is no day stays as it is."""

    def __missing__(self, value: Any) -> Any:
        text = self[value] = value.isoformat() if isinstance(value, date) else value
        return text


def _day_texts(values: list[Any]) -> list[Any]:
    return list(map(_DayTexts().__getitem__, values))


def _each(change: Callable[[Any], Any]) -> Convert:
    return lambda values: [change(value) for value in values]


@cache
def converters(table: Table) -> dict[str, Convert]:
    """Return what turns the Python values of a column into what SQLite stores, where the driver doesn't do it."""
    found: dict[str, Convert] = {}
    for column in table.columns:
        if column.type.python_type is date:
            found[column.name] = _day_texts
        elif column.type.python_type not in (str, int, float, bool, bytes):
            change = column.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
            if change is not None:
                found[column.name] = _each(change)
    return found


@cache
def defaults(table: Table) -> dict[str, Any]:
    """Return the scalar defaults of a table's columns."""
    return {column.name: _default(column) for column in table.columns}


def _default(column: Column[Any]) -> Any:
    return getattr(column.default, "arg", None)


def check_names(table: Table, names: Iterable[str]) -> None:
    """Raise KeyError for a column that the table hasn't got."""
    for name in names:
        if name not in table.columns:
            raise KeyError(f"{table.name} has no column {name!r}")


def insert_rows(cursor: Any, table: Table, rows: Sequence[Row], ids: Sequence[int] | None = None) -> None:
    """Insert rows, a hundred to a statement; missing values get their default.

    SQLite looks up the last id of the table and of its journal once a statement, which costs more than a row.
    A column in which nobody has a value is left out: binding nothing costs as much as binding something.
    """
    given = set[str]().union(*rows)
    check_names(table, given)
    names: list[str] = []
    columns: list[Sequence[Any]] = []
    fixed: list[tuple[str, Any]] = []
    for name, default in defaults(table).items():
        if name == "id" and ids is not None:
            names.append(name)
            columns.append(ids)
        elif name in given:
            values = _column(table, name, rows)
            if values.count(None) < len(values):
                names.append(name)
                columns.append(values)
        elif default is not None:
            fixed.append((name, converters(table).get(name, list)([default])[0]))
    insert_values(cursor, table.name, names, zip(*columns, strict=True), fixed)


def insert_values(
    cursor: Any,
    table: str,
    names: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    fixed: Sequence[tuple[str, Any]] = (),
) -> None:
    """Insert rows of values as SQLite stores them; `fixed` are columns in which every row has the same value."""
    quoted = ", ".join(f'"{name}"' for name in (*(name for name, _ in fixed), *names))
    head = f'INSERT INTO "{table}" ({quoted}) VALUES '
    # ?1, ?2 … are the fixed values, given once for all rows of a statement; each ? after them is the next value.
    one = "(" + ", ".join([*(f"?{number}" for number in range(1, len(fixed) + 1)), *("?" * len(names))]) + ")"
    shared = [value for _, value in fixed]
    flat = list(chain.from_iterable(rows))
    width = len(names)
    for start in range(0, len(flat), _AT_ONCE * width):
        values = flat[start : start + _AT_ONCE * width]
        cursor.execute(head + ", ".join([one] * (len(values) // width)), shared + values)


def value_lists(
    table: Table, names: Sequence[str], rows: Sequence[Row], ids: Sequence[int] | None = None
) -> list[tuple[Any, ...]]:
    """Return the rows as tuples in the order of `names`, converted; missing values get their default."""
    columns: list[Sequence[Any]] = [
        ids if name == "id" and ids is not None else _column(table, name, rows) for name in names
    ]
    return list(zip(*columns, strict=True))


def _column(table: Table, name: str, rows: Sequence[Row]) -> list[Any]:
    default = defaults(table)[name]
    values = [row.get(name, default) for row in rows]
    change = converters(table).get(name)
    return change(values) if change else values
