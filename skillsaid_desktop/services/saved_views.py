"""Named views of a table (我的班级): what is filtered and searched, in which order, which columns.

They may hold names of people, so they are kept in the encrypted ledger and not on the PC.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.ledgers.listing import Among, Between, Condition, Containing, reader_of
from skillsaid_desktop.storage.settings import storable

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

LONGEST_NAME = 20


@dataclass(frozen=True, kw_only=True)
class SavedView:
    """How a table was narrowed, sorted and laid out; `hidden` are the names of columns."""

    name: str
    search: str = ""
    filters: Mapping[str, Condition] = field(default_factory=dict)
    sort: tuple[tuple[str, bool], ...] = ()
    here_only: bool = False
    hidden: frozenset[str] = frozenset()

    def is_same(self, other: "SavedView") -> bool:
        """Say whether another view shows the same, whatever it is called."""
        return (self.search, dict(self.filters), self.sort, self.here_only, self.hidden) == (
            other.search, dict(other.filters), other.sort, other.here_only, other.hidden,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ViewedTable:
    """A table with views: its name, the names of its columns, and what reads a stored value of one, None for as it is."""

    name: str
    columns: frozenset[str]
    reader: Callable[[str], Callable[[Any], Any] | None] = lambda _column: None


def table_of(ledger: Ledger) -> ViewedTable:
    """Return the table of a ledger."""
    return ViewedTable(
        name=ledger.name,
        columns=frozenset(each.name for each in ledger.fields),
        reader=lambda name: reader_of(ledger.column(name)),
    )


def list_views(reading: "Reading", table: ViewedTable) -> tuple[SavedView, ...]:
    """Return the views of a table in the order they were made; columns that no longer exist are left out."""
    return tuple(_read(table, stored) for stored in _stored(reading, table))


def store_view(uow: "UnitOfWork", table: ViewedTable, view: SavedView) -> None:
    """Keep a view; one of the same name is replaced. Raises UserError for a name that is blank or too long."""
    name = view.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise UserError(f"视图的名字要有 1 到 {LONGEST_NAME} 个字。", "没有存，表格还是现在的样子。")
    written = _written(view) | {"name": name}
    views = _stored(uow, table)
    at = next((at for at, each in enumerate(views) if each["name"] == name), len(views))
    views[at : at + 1] = [written]
    uow.set_setting(_key(table), views)


def remove_view(uow: "UnitOfWork", table: ViewedTable, name: str) -> None:
    """Forget a view; the records stay."""
    uow.set_setting(_key(table), [each for each in _stored(uow, table) if each["name"] != name])


def _key(table: ViewedTable) -> str:
    return f"views/{table.name}"


def _stored(reading: "Reading", table: ViewedTable) -> list[dict[str, Any]]:
    return list(reading.settings.get(_key(table)) or [])


def _written(view: SavedView) -> dict[str, Any]:
    filters: dict[str, Any] = {}
    for name, condition in view.filters.items():
        if isinstance(condition, Among):
            filters[name] = {"among": storable(condition.values)}
        elif isinstance(condition, Between):
            filters[name] = {"between": storable([condition.low, condition.high])}
        else:
            filters[name] = {"containing": condition.text}
    return {
        "search": view.search,
        "filters": filters,
        "sort": [list(each) for each in view.sort],
        "here_only": view.here_only,
        "hidden": sorted(view.hidden),
    }


def _read(table: ViewedTable, stored: Mapping[str, Any]) -> SavedView:
    known = table.columns
    return SavedView(
        name=stored["name"],
        search=stored["search"],
        filters={
            name: _condition(table, name, each) for name, each in stored["filters"].items() if name in known
        },
        sort=tuple((name, bool(down)) for name, down in stored["sort"] if name in known),
        here_only=bool(stored["here_only"]),
        hidden=frozenset(stored["hidden"]) & known,
    )


def _condition(table: ViewedTable, name: str, stored: Mapping[str, Any]) -> Condition:
    if "containing" in stored:
        return Containing(stored["containing"])
    read = table.reader(name) or (lambda value: value)
    values = [None if each is None else read(each) for each in stored.get("among", stored.get("between", ()))]
    return Among(tuple(values)) if "among" in stored else Between(*values)
