"""Papers out of the ledger: report or list on screen, written safely, and on record who took what out and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.documents import Document, Grade
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.exporters import EXPORTERS
from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.ledgers.listing import ListQuery
from skillsaid_desktop.reports import report_named
from skillsaid_desktop.reports.listing_document import listing_document
from skillsaid_desktop.reports.report import GRADE_TITLES, read_params
from skillsaid_desktop.schema import Number
from skillsaid_desktop.schema.issue import Issue

if TYPE_CHECKING:
    from skillsaid_desktop.exporters.pdf import Pdf
    from skillsaid_desktop.storage import LedgerFile


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A file that was written: where, what it holds, and what could not be shown as it should."""

    path: Path
    title: str
    people: int
    issues: list[Issue]


def report_document(
    ledger_file: "LedgerFile", report_name: str, params: Mapping[str, Any], grade: Grade = Grade.FULL
) -> Document:
    """Return a report as a paper; parameters may be texts, absent ones come from the month."""
    report = report_named(report_name)
    with ledger_file.reading() as reading:
        return report.build(reading, {**read_params(report, reading, params), "grade": grade})


def preview_document(document: Document) -> "Pdf":
    """Return any paper as it prints."""
    from skillsaid_desktop.exporters.pdf import render_pdf

    return render_pdf(document)


def export_report(
    ledger_file: "LedgerFile",
    report_name: str,
    params: Mapping[str, Any],
    format: str,
    path: Path,
    grade: Grade = Grade.FULL,
    purpose: str = "",
) -> Exported:
    """Write a report to `path` and record it, or raise UserError; the old file stays until the new one is whole.

    A full paper that names people asks for its purpose (DOMAIN section 10).
    """
    report = report_named(report_name)
    document = report_document(ledger_file, report_name, params, grade)
    return export_document(
        ledger_file, document, path, format=format, purpose=purpose, names_people=report.names_people
    )


def export_listing(
    ledger_file: "LedgerFile",
    ledger: Ledger,
    query: ListQuery,
    path: Path,
    *,
    ids: Sequence[int] | None = None,
    columns: Sequence[str] = (),
    filters: str = "",
    grade: Grade = Grade.MASKED,
    purpose: str = "",
) -> Exported:
    """Write the rows of a ledger as they stand on screen, and record it."""
    with ledger_file.reading() as reading:
        document = listing_document(
            reading, ledger, query, ids=ids, columns=columns, filters=filters, grade=grade
        )
    return export_document(ledger_file, document, path, purpose=purpose)


def export_document(
    ledger_file: "LedgerFile",
    document: Document,
    path: Path,
    *,
    format: str = "",
    purpose: str = "",
    names_people: bool = True,
) -> Exported:
    """Write a paper and record who took out what; without a purpose full personal data stay where they are.

    The format follows from the ending of `path` unless it is given.
    """
    format = format or path.suffix.removeprefix(".").lower()
    exporter = EXPORTERS.get(format)
    if exporter is None:
        raise UserError(f"不能存成“{format}”。", f"可以存成：{'、'.join(EXPORTERS)}。")
    _ask_purpose(document, purpose, names_people=names_people)
    issues = exporter.write(document, path)
    _record(ledger_file, document, f"导出{document.title}", f"{exporter.title}：{path.name}", purpose)
    return Exported(path=path, title=document.title, people=document.people, issues=issues)


def record_printing(ledger_file: "LedgerFile", document: Document, purpose: str = "") -> None:
    """Record that a paper went to the printer."""
    _record(ledger_file, document, f"打印{document.title}", "打印", purpose)


def _ask_purpose(document: Document, purpose: str, *, names_people: bool) -> None:
    if names_people and document.people and document.grade is Grade.FULL and not purpose.strip():
        raise UserError(
            f"{document.title}（上报版）有 {document.people} 人的完整资料，要写用途才能导出。",
            "写明用途，例如“报县乡村振兴局”；或改出校内版，号码会遮住。",
        )


def _record(ledger_file: "LedgerFile", document: Document, act: str, how: str, purpose: str) -> None:
    grade = GRADE_TITLES[document.grade]
    people = f" {document.people} 人" if document.people else ""
    why = f"，用途：{purpose.strip()}" if purpose.strip() else ""
    with ledger_file.operation(f"{act}（{grade}）{people}{why}", source=how) as uow:
        columns = f"；列：{'、'.join(_column_titles(document))}" if document.people else ""
        uow.log_note(f"{how}{columns}")


def _column_titles(document: Document) -> list[str]:
    titles: dict[str, None] = {}
    for table in document.tables:
        for column in table.columns:
            if not isinstance(column.type, Number):
                titles["·".join(heading.replace("\n", "") for heading in column.headings)] = None
        naming = [at for at, column in enumerate(table.columns) if column.names]
        if naming:
            titles.update({str(row.values[at] or ""): None for row in table.rows for at in naming})
    titles.pop("", None)
    return list(titles)
