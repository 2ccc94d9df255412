"""A list as it stands on screen as a paper: its columns, rows and order, its words with numbers masked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from skillsaid_desktop.documents import Document, Grade, PageSetup, Table, TableColumn, TableRow
from skillsaid_desktop.reports.letterhead import Letterhead

if TYPE_CHECKING:
    from datetime import date

    from skillsaid_desktop.storage.unit_of_work import Reading

_A4_UPRIGHT = 52
"""Full-width characters that have room across an A4 page."""


def shown_table(
    reading: "Reading",
    *,
    title: str,
    columns: Sequence[TableColumn],
    rows: Sequence[Sequence[str | int]],
    as_of: "date",
    remarks: Sequence[str] = (),
    people: int = 0,
    when_empty: str = "没有符合的行",
) -> Document:
    """Return rows of words, and of numbers in columns of that type, as a paper.

    `people` is how many different persons it names.
    """
    table = Table(
        columns=tuple(columns),
        rows=[TableRow(values=tuple(row)) for row in rows],
        when_empty=when_empty,
        name=title,
        frozen_columns=1,
    )
    is_wide = sum(column.width for column in columns) > _A4_UPRIGHT
    return Letterhead(reading, as_of=as_of).document(
        title=title, blocks=(table,), page=PageSetup(landscape=is_wide), grade=Grade.MASKED, remarks=remarks,
        unit="", people=people, signed=False,
    )  # fmt: skip
