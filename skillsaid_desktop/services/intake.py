"""Import of files into a ledger: read, match, preview, apply as one operation (ARCHITECTURE, "Import in four visible steps").

The preview writes nothing; it is the same plan as the import. Rows that wait or are refused go to 待处理.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from skillsaid_desktop.clock import now, today
from skillsaid_desktop.collector import without_collecting
from skillsaid_desktop.domain.entities import ImportedFile
from skillsaid_desktop.domain.months import MonthRule
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers import (
    RawWorkbook,
    SourceTable,
    as_of_day,
    find_tables,
    read_workbook,
    why_no_table,
)
from skillsaid_desktop.importers.sheet_marks import NO_MARKS, SheetMarks, find_marks
from skillsaid_desktop.ledgers import Ledger, ledger_named
from skillsaid_desktop.ledgers.ledger import IntakeContext, Outcome, PlannedRow, SheetFacts
from skillsaid_desktop.ledgers.questions import keep_questions, keep_questions_about
from skillsaid_desktop.progress import Progress, SilentProgress
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.record import Record
from skillsaid_desktop.schema.row_reader import row_reader
from skillsaid_desktop.services.absentees import Absentee, find_absentees
from skillsaid_desktop.services.pending import keep_pending, settle_answered, skip_answered
from skillsaid_desktop.services.returned_sheets import (
    ReturnedSheets,
    columns_of,
    is_facts,
    mark_returned,
    order_of_return,
    why_other_kind,
)
from skillsaid_desktop.services.sheet_facts import read_facts
from skillsaid_desktop.services.source_paths import source_paths
from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.storage.projection import refresh_spans
from skillsaid_desktop.storage.touched import touched_students
from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

_EVERY = 500


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """What the user decides about an import.

    `accepted` and `left_out` name rows by (file, sheet, row): answered with yes, and not to be imported.
    `months` says for a (file, sheet) which month it is, where that was asked.
    """

    sheet: str | None = None
    as_of: date | None = None
    correction: str = ""
    accepted: frozenset[tuple[str, str, int]] = frozenset()
    left_out: frozenset[tuple[str, str, int]] = frozenset()
    months: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceFile:
    """A file as it was read: its tables and the day that its lines say it speaks of."""

    name: str
    digest: str
    tables: tuple[SourceTable, ...]
    as_of: date
    is_as_of_written: bool
    refusal: UserError | None = None  # unreadable, or no table of this kind, where other files have one
    marks: SheetMarks = NO_MARKS  # of sheets that the school sent out


@dataclass(kw_only=True)
class ImportPreview:
    """What an import would do, row by row."""

    ledger: Ledger
    files: tuple[SourceFile, ...]
    options: ImportOptions
    rows: list[PlannedRow] = field(default_factory=list)
    file_issues: list[Issue] = field(default_factory=list)
    absentees: list[Absentee] = field(default_factory=list)
    contexts: list[IntakeContext] = field(default_factory=list)
    last_operation: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """Return rows and how many of them end in which way."""
        ends = Counter(row.outcome for row in self.rows)
        return {"rows": len(self.rows), **{outcome.value: ends[outcome] for outcome in Outcome}}

    @property
    def issues(self) -> list[Issue]:
        """Return all issues: of files first, then row by row."""
        return self.file_issues + [issue for row in self.rows for issue in row.issues]

    @property
    def title(self) -> str:
        """Return what the operation is called, e.g. 导入学生名册 412 人."""
        counts = self.counts
        return f"导入{self.ledger.list_name} {counts['new'] + counts['changed']} {self.ledger.unit}"

    def as_json(self, operation_id: int | None = None) -> dict[str, Any]:
        """Return the document that the terminal prints (PRODUCT)."""
        issues = [
            {
                "severity": each.severity.value, "code": each.code, "file": each.file, "sheet": each.sheet,
                "row": each.row, "column": each.column, "message": each.message,
            }
            for each in self.issues
        ]  # fmt: skip
        return {**self.counts, "issues": issues, "operation": operation_id}


@dataclass(frozen=True)
class ImportResult:
    """What an import did; `operation_id` is None if nothing changed."""

    preview: ImportPreview
    operation_id: int | None

    def as_json(self) -> dict[str, Any]:
        """Return the document that the terminal prints."""
        return self.preview.as_json(self.operation_id)


class _PreviewOnly(Exception):
    """Rolls back the operation in which a preview of several files was tried."""


def read_files(
    kind: str,
    paths: Sequence[Path],
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> ImportPreview:
    """Read files, and those in folders, and find their tables; UserError if none has one of this kind.

    Among several files an unreadable one is told of and left out.
    """
    options, progress = options or ImportOptions(), progress or SilentProgress()
    ledger = ledger_named(kind)
    files = []
    chosen = source_paths(paths)
    for path, name in chosen:
        with without_collecting():
            try:
                workbook = replace(read_workbook(path, progress=progress), file=name)
            except UserError as error:
                if len(chosen) == 1:
                    raise
                files.append(SourceFile(name, "", (), today(), False, error))
                continue
            files.append(_source_file(workbook, ledger, options))
    order = order_of_return([each.marks for each in files], [each.path for each in chosen])
    files = [files[at] for at in order]
    refusals = [each.refusal for each in files if each.refusal]
    if refusals and len(refusals) == len(files):
        raise refusals[0]
    return ImportPreview(ledger=ledger, files=tuple(files), options=options)


def preview_import(
    ledger_file: LedgerFile,
    kind: str,
    paths: Sequence[Path],
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> ImportPreview:
    """Read files and say what importing them would do; writes nothing."""
    progress = progress or SilentProgress()
    preview = read_files(kind, paths, options, progress)
    return plan_import(ledger_file, preview, progress)


def plan_import(
    ledger_file: LedgerFile, preview: ImportPreview, progress: Progress | None = None
) -> ImportPreview:
    """Plan files that were read before, e.g. again after an answer."""
    progress = progress or SilentProgress()
    preview = ImportPreview(ledger=preview.ledger, files=preview.files, options=preview.options)
    if len(preview.files) == 1:
        with without_collecting(), ledger_file.reading() as reading:
            preview.last_operation = _last_operation(reading)
            for _ in _plan_files(reading, preview, progress):
                pass
    else:
        with suppress(_PreviewOnly), without_collecting(), ledger_file.operation("试导入") as uow:
            for planned, context in _plan_files(uow, preview, progress):
                _store(uow, preview.ledger, planned, context)
                _refresh(uow)
            raise _PreviewOnly
    return preview


def apply_import(
    ledger_file: LedgerFile,
    preview: ImportPreview,
    *,
    strict: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Store all new and changed rows as one operation, and keep those that wait or are refused in 待处理.

    Raises UserError with `strict` if any row waits or is refused.
    """
    progress = progress or SilentProgress()
    if strict:
        _refuse_unfinished(preview)
    source = "、".join(each.name for each in preview.files)
    with without_collecting(), ledger_file.operation(preview.title, source=source) as uow:
        if (
            len(preview.files) == 1
            and preview.last_operation
            and preview.last_operation == _last_operation(uow, uow)
        ):
            planned = preview.rows
            _store(uow, preview.ledger, planned, preview.contexts[0])
        else:
            preview = ImportPreview(ledger=preview.ledger, files=preview.files, options=preview.options)
            for planned, context in _plan_files(uow, preview, progress):
                _store(uow, preview.ledger, planned, context)
                if len(preview.files) > 1:
                    _refresh(uow)
            if strict:
                _refuse_unfinished(preview)
            uow.rename(preview.title)
        _keep_files(uow, preview)
        came = mark_returned(uow, preview.rows)
        if came and not any(each.is_stored for each in preview.rows):
            uow.rename(f"收到{preview.ledger.list_name} {came} 份")
    return ImportResult(preview, uow.operation_id if uow.is_recorded else None)


def _refuse_unfinished(preview: ImportPreview) -> None:
    counts = preview.counts
    if counts["waiting"] or counts["invalid"]:
        raise UserError(
            f"有 {counts['waiting']} 行要问、{counts['invalid']} 行不能导入，整份没有导入，台账没有改动。",
            "改好这些行再导入；或者不用 --strict，先导入其余的行。",
        )


def _source_file(workbook: RawWorkbook, ledger: Ledger, options: ImportOptions) -> SourceFile:
    marks = find_marks(workbook)
    tables = tuple(find_tables(workbook, columns_of(ledger, marks), sheet=options.sheet))
    refusal = None
    if not tables:
        refusal = why_other_kind(workbook.file, ledger, marks)
        refusal = refusal or why_no_table(workbook, ledger.importable, ledger.list_name, sheet=options.sheet)
    written = next((day for table in tables if (day := as_of_day(table, workbook.file))), None)
    as_of = options.as_of or written or today()
    return SourceFile(workbook.file, workbook.digest, tables, as_of, written is not None, refusal, marks)


def _plan_files(
    reading: Reading, preview: ImportPreview, progress: Progress
) -> Iterator[tuple[list[PlannedRow], IntakeContext]]:
    """Plan file by file, filling the preview; the caller may store what is yielded before the next is planned."""
    ledger, options = preview.ledger, preview.options
    rule = MonthRule(reading.settings.cutoff_day)
    for source in preview.files:
        records, sheets, issues = _records(reading, source, ledger, options, rule, progress)
        context = IntakeContext(
            as_of=source.as_of,
            source=source.name,
            digest=source.digest,
            correction=options.correction,
            sheets=sheets,
            accepted=frozenset((sheet, row) for file, sheet, row in options.accepted if file == source.name),
        )
        progress.report(0, 0, f"核对 {source.name}")
        planned = ledger.plan(reading, records, context)
        skip_answered(reading, ledger, source.digest, planned)
        preview.rows += planned
        preview.file_issues += issues
        preview.contexts.append(context)
        if ledger.name == "students" and not is_facts(ledger, source.marks):
            preview.absentees += find_absentees(reading, planned, source.as_of)
        yield planned, context


def _records(
    reading: Reading,
    source: SourceFile,
    ledger: Ledger,
    options: ImportOptions,
    rule: MonthRule,
    progress: Progress,
) -> tuple[list[Record], dict[str, SheetFacts], list[Issue]]:
    """Read the rows of a file against the ledger's columns."""
    words = reading.policy.words(source.as_of)
    records: list[Record] = []
    sheets: dict[str, SheetFacts] = {}
    issues: list[Issue] = []
    if source.refusal:
        issues.append(
            Issue(severity=Severity.HINT, code="no table", file=source.name, message=str(source.refusal))
        )
    total = sum(len(table.rows) for table in source.tables)
    returned = ReturnedSheets(reading, source.marks, ledger, rule)
    left_out = {(sheet, row) for file, sheet, row in options.left_out if file == source.name}
    for table in source.tables:
        fields = [each for each in ledger.importable if each.name in table.columns]
        here: list[Record] = []
        read = row_reader(fields, words, source.name, table.sheet)
        for row in table.rows:
            if len(here) % _EVERY == 0:
                progress.report(len(records) + len(here), total, f"读取 {source.name}")
            if left_out and (table.sheet, row.number) in left_out:
                continue
            here.append(read(row.cells, row.number))
        facts, asked = read_facts(_lines(table), source.name, table.sheet, ledger, here, rule)
        facts, asked = returned.meet(table, here, facts, [*table.issues, *asked], source.name)
        if month := options.months.get((source.name, table.sheet)):
            facts = replace(facts, month=month)
            asked = [each for each in asked if each.code != "month"]
        sheets[table.sheet] = facts
        issues += asked
        if not table.rows:
            issues.append(
                Issue(
                    severity=Severity.HINT, code="no rows", file=source.name, sheet=table.sheet,
                    message=f"{table.sheet}：只有表头，下面没有一行，没有可导入的",
                )
            )  # fmt: skip
        records += here
    return records, sheets, issues


def _lines(table: SourceTable) -> list[str]:
    return [str(line) for line in table.lines_above]


def _store(uow: UnitOfWork, ledger: Ledger, planned: list[PlannedRow], context: IntakeContext) -> None:
    ledger.store(uow, planned, context)
    keep_questions(uow, ledger, planned)
    keep_pending(uow, ledger, planned, context)
    if ledger.name == "students":
        settle_answered(uow)


def _refresh(uow: UnitOfWork) -> None:
    """Bring the computed spans up to date, so that the next file of the operation meets them."""
    touched = touched_students(uow)
    if touched:
        refresh_spans(uow, touched)


def _keep_files(uow: UnitOfWork, preview: ImportPreview) -> None:
    """Remember each file with its hash once, and the questions about whole files."""
    known = {
        digest: row_id
        for row_id, digest in uow.rows(
            "SELECT id, digest FROM imported_file WHERE ledger = ?", (preview.ledger.name,)
        )
    }
    changed = [row for row in preview.rows if row.outcome is not Outcome.UNCHANGED]
    # A roster in which nothing differs still says how things stood on its day.
    days = {row[0] for row in uow.rows("SELECT as_of FROM imported_file WHERE ledger = 'students'")}
    for source in preview.files:
        is_roster = preview.ledger.name == "students" and not is_facts(preview.ledger, source.marks)
        is_new_day = is_roster and source.as_of.isoformat() not in days
        if not source.digest or source.digest in known or not (changed or is_new_day):
            continue
        rows = [row for row in preview.rows if row.record.place.file == source.name]
        made = uow.insert_many(
            ImportedFile,
            [
                {
                    "ledger": preview.ledger.name, "name": source.name, "digest": source.digest,
                    "as_of": source.as_of if is_roster else None, "rows": len(rows),
                    "imported_at": now(),
                }
            ],
        )  # fmt: skip
        known[source.digest] = made[0]
    ids = {source.name: known.get(source.digest) for source in preview.files}
    asked = [(ids.get(each.file), each) for each in preview.file_issues if each.severity is Severity.ASK]
    keep_questions_about(uow, "imported_file", asked)


def _last_operation(reading: Reading, uow: UnitOfWork | None = None) -> int:
    """Return the last recorded operation before this one."""
    before = uow.operation_id if uow else 1 << 62
    return int(reading.scalar("SELECT max(id) FROM operation WHERE id < ?", (before,)) or 0)
