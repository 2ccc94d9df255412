"""问题表: the rows that were not imported, as they stood, with the reason in the last column; mended, it is imported again.

From an import it has the user's own columns, headings and lines above. From 待处理, which keeps rows by field,
it has the ledger's.
"""

from collections.abc import Sequence
from pathlib import Path

from skillsaid_desktop.exporters.raw_rows import RawRows, write_raw_rows
from skillsaid_desktop.importers import Layout, RawSheet, SourceTable
from skillsaid_desktop.importers.layout import EXTRA, REASON, REASON_HEADING
from skillsaid_desktop.ledgers import Ledger
from skillsaid_desktop.ledgers.ledger import Outcome, PlannedRow
from skillsaid_desktop.schema import RawValue, Severity
from skillsaid_desktop.services.intake import ImportPreview
from skillsaid_desktop.services.pending import Pending
from skillsaid_desktop.services.row_origins import Origin, origins_of, reason_with_origins
from skillsaid_desktop.storage.ledger_file import LedgerFile

_NOTES = (
    "这些行没有导入，原因在最后一列。",
    "在原来的格子里改好，存盘，再导入这份文件就行；最后一列不会被读入，也请不要改它：程序靠它认出是哪一行。",
    "不用改的行可以整行删掉，行的次序也可以变。",
)


PURPOSE = "退回改正"
"""What a problem sheet is usually saved for."""


def record_problem_sheet(
    ledger_file: LedgerFile, ledger: Ledger, count: int, path: Path, purpose: str = PURPOSE
) -> None:
    """Record that rows went out with whole numbers, what for, and which columns they have (QUALITY section 3, 8)."""
    title = f"导出问题表（上报版）{ledger.title} {count} 行，用途：{purpose.strip()}"
    with ledger_file.operation(title, source=f"Excel：{path.name}") as uow:
        uow.log_note(f"{path.name}；列：{'、'.join(each.title for each in ledger.importable)}")


def write_problem_sheet(preview: ImportPreview, path: Path) -> int:
    """Write the rows of an import that wait or are refused in the layout they came in; return how many."""
    by_table: dict[tuple[str, str], list[PlannedRow]] = {}
    for row in preview.rows:
        if row.outcome in (Outcome.WAITING, Outcome.INVALID) and row.record.place.row:
            by_table.setdefault((row.record.place.file, row.record.place.sheet), []).append(row)
    sheets = []
    for source in preview.files:
        raw = {each.name: each for each in source.workbook.sheets} if source.workbook else {}
        for table, layout in zip(source.tables, source.layouts, strict=True):
            if rows := by_table.get((source.name, table.sheet)):
                sheets.append(_as_it_stood(preview.ledger, raw[table.sheet], table, layout, rows))
    write_raw_rows(sheets or [_of_fields(preview.ledger, [])], _NOTES, path)
    return sum(len(each.rows) for each in sheets)


def write_pending(ledger: Ledger, rows: Sequence[Pending], path: Path) -> int:
    """Write rows of 待处理 with the reason in the last column, to be mended and imported again."""
    write_raw_rows([_of_fields(ledger, rows)], _NOTES, path)
    return len(rows)


def _as_it_stood(
    ledger: Ledger, raw: RawSheet, table: SourceTable, layout: Layout, rows: Sequence[PlannedRow]
) -> RawRows:
    wanted = {row.record.place.row for row in rows}
    stood = {row.number: list(row.cells) for row in raw.rows if row.number in wanted}
    told = {row.number: row.cells for row in table.rows if row.number in wanted}
    places = {each.field: each.at for each in layout.columns if each.field in table.columns}
    last = layout.heading_rows[-1] if layout.has_headings else 1
    above: dict[int, Sequence[RawValue]] = {}
    merges: list[tuple[int, int, int, int]] = []
    if layout.has_headings:
        above = {row.number - 1: list(row.cells) for row in raw.rows if row.number <= last}
        merges = [
            (top - 1, left, bottom - 1, right) for top, left, bottom, right in raw.merges if bottom <= last
        ]
    else:
        titles = {
            each.at: ledger.column(each.field).title if each.field else each.heading
            for each in layout.columns
        }
        above = {0: [titles.get(at, "") for at in range(max(titles, default=0) + 1)]}
    reason_at = next((each.at for each in layout.columns if each.field == REASON), None)
    lines, reasons = [], []
    for row in rows:
        number = row.record.place.row or 0
        cells = stood.get(number, [])
        for name, at in places.items():
            cells += [""] * (at + 1 - len(cells))
            if cells[at] in ("", None):
                cells[at] = told[number].get(name, "")  # what merged cells say of this row too
        place = row.record.place
        origins: list[Origin] = [(place.file, place.sheet, number)]
        if reason_at is not None and reason_at < len(cells):
            # A problem sheet once more: whether it is imported or not, a row that waits is found by one of both.
            origins = [*origins_of(cells[reason_at]), *origins]
            cells = cells[:reason_at]
        lines.append(cells)
        reasons.append(reason_with_origins(_reason(row), origins))
    if reason_at is not None:
        above = {at: cells[:reason_at] for at, cells in above.items()}
        merges = [each for each in merges if each[3] < reason_at]
    return RawRows(
        name=table.sheet,
        above=above,
        headings=frozenset(number - 1 for number in layout.heading_rows) or frozenset({0}),
        headed_at=layout.heading_rows[0] - 1 if layout.has_headings else 0,
        first=last,
        rows=lines,
        last_heading=REASON_HEADING,
        last_column=reasons,
        merges=merges,
    )


def _reason(row: PlannedRow) -> str:
    return "；".join(one.message for one in row.issues if one.waits or one.severity is Severity.BLOCK)


def _of_fields(ledger: Ledger, rows: Sequence[Pending]) -> RawRows:
    """Return rows of 待处理 under the ledger's headings, with the extra columns that were kept."""
    used = [each for each in ledger.importable if any(each.name in row.cells for row in rows)]
    extras = sorted({name for row in rows for name in row.cells if name.startswith(EXTRA)})
    heads = [*(each.title for each in used), *(name.removeprefix(EXTRA) for name in extras)]
    names = [*(each.name for each in used), *extras]
    return RawRows(
        name=ledger.list_name or ledger.title,
        above={0: heads},
        headings=frozenset({0}),
        headed_at=0,
        first=1,
        rows=[[row.cells.get(name, "") for name in names] for row in rows],
        last_heading=REASON_HEADING,
        last_column=[reason_with_origins(row.reason, [(row.file, row.sheet, row.row)]) for row in rows],
    )
