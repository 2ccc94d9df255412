"""问题表: the rows that were not imported, as they stood, with the reason in the last column."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from skillsaid_desktop.exporters.entry_sheet import EntryColumn, EntrySheet, write_entry_sheets
from skillsaid_desktop.ledgers import Ledger
from skillsaid_desktop.ledgers.ledger import Outcome
from skillsaid_desktop.schema import Severity
from skillsaid_desktop.services.intake import ImportPreview
from skillsaid_desktop.services.pending import Pending


def write_problem_sheet(preview: ImportPreview, path: Path) -> int:
    """Write the rows of an import that wait or are refused, as they stood, with the reason in the last column."""
    rows = [each for each in preview.rows if each.outcome in (Outcome.WAITING, Outcome.INVALID)]
    lines = []
    for each in rows:
        reasons = [one.message for one in each.issues if one.waits or one.severity is Severity.BLOCK]
        place = each.record.place
        lines.append((place.file, place.sheet, place.row, each.record.raw, "；".join(reasons)))
    return _write_rows(preview.ledger, lines, path)


def write_pending(ledger: Ledger, rows: Sequence[Pending], path: Path) -> int:
    """Write rows of 待处理 with the reason in the last column, to be mended and imported again."""
    lines = [(each.file, each.sheet, each.row, each.cells, each.reason) for each in rows]
    return _write_rows(ledger, lines, path)


def _write_rows(
    ledger: Ledger, lines: Sequence[tuple[str, str, int | None, Mapping[str, str], str]], path: Path
) -> int:
    used = [each for each in ledger.importable if any(each.name in line[3] for line in lines)]
    columns = (
        *(EntryColumn(title=each.title, width=each.width, is_required=each.required) for each in used),
        EntryColumn(title="文件", width=12),
        EntryColumn(title="工作表", width=7),
        EntryColumn(title="行号", width=4),
        EntryColumn(title="原因", width=30),
    )
    rows = [
        [*(cells.get(each.name, "") for each in used), file, sheet, str(row or ""), reason]
        for file, sheet, row, cells, reason in lines
    ]
    notes = ("这些行没有导入，原因在最后一列。改好以后可以直接导入这份文件，后四列不会被读入。",)
    write_entry_sheets([EntrySheet(name="问题行", columns=columns, rows=rows)], notes, path)
    return len(rows)
