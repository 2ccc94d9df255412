"""What is on screen as a paper: a ledger's chosen columns and rows, as they stand in the window."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.documents import Cell as TableCell
from skillsaid_desktop.documents import Document, Grade, PageSetup, PaperSize, Table, TableRow
from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.ledgers.listing import ListQuery, fetch_rows, list_ids
from skillsaid_desktop.reports.letterhead import Letterhead
from skillsaid_desktop.reports.student_columns import PaperColumn, table_rows
from skillsaid_desktop.schema import Field, IdNumber, Number, Phone, Privacy
from skillsaid_desktop.schema.types import Text

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

_A4_UPRIGHT, _A4_ACROSS = 52.0, 78.0  # full-width characters side by side at 9 to 10 points
PUBLIC_FIELDS = frozenset({"name", "student_name", "class_name", "grade", "major"})


def listing_document(
    reading: "Reading",
    ledger: Ledger,
    query: ListQuery,
    *,
    ids: Sequence[int] | None = None,
    columns: Sequence[str] = (),
    filters: str = "",
    grade: Grade = Grade.FULL,
    title: str = "",
) -> Document:
    """Return the rows that a table shows as a paper; `columns` are names of fields in order, all if empty.

    `ids` are the rows in their order, where some were chosen. `filters` says in words what the list was narrowed
    to, and stands in the second line.
    """
    chosen = [ledger.column(name) for name in columns] if columns else list(ledger.fields)
    if grade is Grade.PUBLIC:
        chosen = [field for field in chosen if field.name in PUBLIC_FIELDS]
    as_of = query.as_of
    if ids is None:
        ids = list_ids(reading, ledger, query)
    records: list[Mapping[str, Any]] = list(fetch_rows(reading, ledger, ids, as_of))
    paper = (_RUNNING_NUMBER, *(_column(field) for field in chosen))
    head = Letterhead(reading, as_of=as_of)
    name = title or ledger.list_name or ledger.title
    table = Table(
        columns=tuple(column.as_table_column() for column in paper),
        rows=[*table_rows(paper, records, grade), *_total(ledger, chosen, records)],
        when_empty="没有符合的行",
        name=name,
        frozen_columns=2,
    )
    return head.document(
        title=name,
        blocks=(table,),
        page=_page(paper),
        grade=grade,
        remarks=(f"共 {len(records)} {ledger.unit}", filters),
        unit="",
        people=_people(records),
        signed=False,
    )


def _total(ledger: Ledger, fields: Sequence[Field], records: Sequence[Mapping[str, Any]]) -> list[TableRow]:
    """Return the totals row of a ledger that has one, as it stands under the table on screen."""
    summed = [field.name for field in fields if field.name in ledger.summed]
    if not summed or not records:
        return []
    sums = {name: sum(record[name] or 0 for record in records) for name in summed}
    first = next((at for at, field in enumerate(fields) if field.name not in sums), None)
    values: list[Any] = [None, *(sums.get(field.name) for field in fields)]
    if first is not None:
        values[first + 1] = TableCell(value="合计", type=Text())
    return [TableRow(values=tuple(values), kind="total")]


_RUNNING_NUMBER = PaperColumn(name="number", headings=("序号",), type=Number(), width=2.6, align="center")


def _column(field: Field) -> PaperColumn:
    is_number = isinstance(field.type, IdNumber | Phone) or field.privacy is Privacy.NUMBER
    return PaperColumn(
        name=field.name,
        headings=(field.title,),
        type=field.type,
        width=float(field.width),
        privacy=field.privacy,
        wrap=not is_number,
    )


def _page(columns: Sequence[PaperColumn]) -> PageSetup:
    width = sum(column.width + 0.6 for column in columns)
    if width <= _A4_UPRIGHT:
        return PageSetup()
    if width <= _A4_ACROSS:
        return PageSetup(landscape=True)
    return PageSetup(size=PaperSize.A3, landscape=True, margin_left=12, margin_right=12)


def _people(records: Sequence[Mapping[str, Any]]) -> int:
    """Return how many different persons are named."""
    persons = set()
    for record in records:
        name = record.get("student_name") or record.get("name") or record.get("head_name")
        number = record.get("document_number") or record.get("head_document_number")
        persons.add((number or "", "" if number else name, "" if number else record.get("class_name")))
    return len(persons)
