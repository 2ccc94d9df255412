"""Many rows at once: executemany past the ORM, with the types and defaults of the mapped table."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, cast

from sqlalchemy import Column, Table
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.orm import DeclarativeBase

Target = Table | type[DeclarativeBase]
Convert = Callable[[Any], Any] | None

_DIALECT = dialect()


def table_of(target: Target) -> Table:
    """Return the table of a mapped class, or the table itself."""
    return target if isinstance(target, Table) else cast(Table, target.__table__)


def _date_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@cache
def converters(table: Table) -> dict[str, Convert]:
    """Return what turns a Python value of each column into what SQLite stores, None where nothing is to be done."""
    found: dict[str, Convert] = {}
    for column in table.columns:
        if column.type.python_type is date:
            found[column.name] = _date_text
        elif column.type.python_type in (str, int, float, bool, bytes):
            found[column.name] = None  # the driver does it
        else:
            found[column.name] = cast(Convert, column.type.dialect_impl(_DIALECT).bind_processor(_DIALECT))
    return found


@cache
def defaults(table: Table) -> dict[str, Any]:
    """Return the scalar defaults of a table's columns."""
    return {column.name: _default(column) for column in table.columns}


def _default(column: Column[Any]) -> Any:
    return getattr(column.default, "arg", None)


def check_names(table: Table, names: Sequence[str]) -> None:
    """Raise KeyError for a column that the table hasn't got."""
    for name in names:
        if name not in table.columns:
            raise KeyError(f"{table.name} has no column {name!r}")


def value_lists(
    table: Table, names: Sequence[str], rows: Sequence[Mapping[str, Any]], ids: Sequence[int] | None = None
) -> list[tuple[Any, ...]]:
    """Return the rows as tuples in the order of `names`, converted; missing values get their default."""
    convert, default = converters(table), defaults(table)
    columns: list[list[Any]] = []
    given = set[str]().union(*rows)
    for name in names:
        if name == "id" and ids is not None:
            columns.append(list(ids))
            continue
        if name not in given:
            values: list[Any] = [default[name]] * len(rows)
        else:
            values = [row.get(name, default[name]) for row in rows]
        change = convert[name]
        columns.append([change(value) for value in values] if change else values)
    return list(zip(*columns, strict=True))
