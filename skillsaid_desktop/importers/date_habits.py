"""How a column writes its days where that can not be seen from one cell: found by the others, else asked once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from skillsaid_desktop.importers.layout import DATES, Chosen
from skillsaid_desktop.importers.tables import SourceTable
from skillsaid_desktop.schema import Date, Field
from skillsaid_desktop.schema.date_order import common_orders, needs_order, needs_year, orders_of
from skillsaid_desktop.schema.dates import plain_day

YEAR = "#year"
"""Behind a field name in a chosen layout: the year of its days without one; it is not remembered."""
_EXAMPLES = 3


@dataclass(frozen=True, kw_only=True)
class DateHabit:
    """What the days of one column leave open. `orders` are possible; one alone needs no answer."""

    field: str
    title: str
    letter: str
    orders: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    without_year: tuple[str, ...] = ()
    count_without_year: int = 0

    @property
    def is_asking(self) -> bool:
        """Say whether somebody must decide on the order."""
        return len(self.orders) > 1

    @property
    def questions(self) -> tuple[str, ...]:
        """Return the keys under which a chosen layout answers what is open; "" leaves it open on purpose."""
        order = (DATES + self.field,) if self.is_asking else ()
        return (*order, DATES + self.field + YEAR) if self.count_without_year else order

    def example(self, order: str) -> str:
        """Return what the first days are in an order, e.g. 03/04/2025 = 2025-04-03."""
        days = ((text, orders_of(text).get(order)) for text in self.examples)
        return "，".join(f"{text} = {day}" for text, day in days if day)


def date_habits(table: SourceTable, fields: Sequence[Field]) -> tuple[DateHabit, ...]:
    """Return what is open about the days of a table, column by column."""
    found = []
    for column in fields:
        if column.name not in table.columns or not isinstance(column.type, Date):
            continue
        # What begins with four digits shows its year, and with it the order.
        texts = [
            plain_day(cell)
            for cell in table.values_of(column.name)
            if isinstance(cell, str) and 3 <= len(cell) <= 20 and not cell[:4].isdigit()
        ]
        open_order = [text for text in texts if needs_order(text) and orders_of(text)]
        open_year = [text for text in texts if needs_year(text)]
        if open_order or open_year:
            # First those that can be read in more ways: they show what is asked.
            shown = sorted(dict.fromkeys(open_order), key=lambda text: -len(orders_of(text)))
            found.append(
                DateHabit(
                    field=column.name, title=column.title, letter=table.columns[column.name],
                    orders=common_orders(open_order), examples=tuple(shown[:_EXAMPLES]),
                    without_year=tuple(dict.fromkeys(open_year))[:_EXAMPLES],
                    count_without_year=len(open_year),
                )
            )  # fmt: skip
    return tuple(found)


def with_habits(
    fields: Sequence[Field], habits: Sequence[DateHabit], chosen: Chosen, usual_order: str = ""
) -> list[Field]:
    """Return the fields with their days read as was chosen, or as the whole column shows."""
    by_name: Mapping[str, DateHabit] = {each.field: each for each in habits}
    read = []
    for column in fields:
        habit = by_name.get(column.name)
        if habit is not None and isinstance(column.type, Date):
            order = chosen.get(DATES + column.name) or (usual_order if usual_order in habit.orders else "")
            order = order or (habit.orders[0] if len(habit.orders) == 1 else "")
            year = chosen.get(DATES + column.name + YEAR, "")
            if order or year:
                column = replace(column, type=column.type.written(order, int(year) if year else None))
        read.append(column)
    return read


def remembered_part(chosen: Chosen) -> dict[str, str]:
    """Return what of a chosen layout holds for the next file too."""
    return {
        key: name
        for key, name in chosen.items()
        if not key.endswith(YEAR) and (name or not key.startswith(DATES))
    }
