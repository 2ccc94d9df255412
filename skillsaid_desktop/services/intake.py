"""Import of files into a ledger: read, match, preview, apply as one operation (ARCHITECTURE, "Import in four visible steps").

The preview writes nothing; it is the same plan as the import. Rows that wait or are refused go to 待处理.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from skillsaid_desktop.clock import now
from skillsaid_desktop.collector import without_collecting
from skillsaid_desktop.domain.entities import ImportedFile
from skillsaid_desktop.domain.months import MonthRule
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers import SourceTable
from skillsaid_desktop.ledgers import Ledger, ledger_named
from skillsaid_desktop.ledgers.ledger import IntakeContext, Outcome, PlannedRow, SheetFacts
from skillsaid_desktop.ledgers.questions import keep_questions, keep_questions_about
from skillsaid_desktop.progress import Progress, SilentProgress
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.record import Record
from skillsaid_desktop.schema.row_reader import row_reader
from skillsaid_desktop.services.absentees import Absentee, find_absentees
from skillsaid_desktop.services.departures import store_departures
from skillsaid_desktop.services.extra_columns import ExtraCells
from skillsaid_desktop.services.import_options import ImportOptions
from skillsaid_desktop.services.kept_cells import kept_fields
from skillsaid_desktop.services.layouts import keep_layouts
from skillsaid_desktop.services.pending import keep_pending, mended_rows, settle_answered, skip_answered
from skillsaid_desktop.services.returned_sheets import ReturnedSheets, is_facts, mark_returned
from skillsaid_desktop.services.roster_thinning import thin_rosters
from skillsaid_desktop.services.row_origins import row_origins
from skillsaid_desktop.services.school_registers import keep_registers
from skillsaid_desktop.services.sheet_facts import read_facts
from skillsaid_desktop.services.sources import Source, SourceFile, load_ground, map_again, read_sources
from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.storage.projection import refresh_spans
from skillsaid_desktop.storage.touched import touched_students
from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

__all__ = [
    "ImportOptions", "ImportPreview", "ImportResult", "PlannedFile", "apply_import", "map_import", "open_import",
    "plan_import", "preview_import",
]  # fmt: skip

_EVERY = 500


@dataclass(frozen=True)
class PlannedFile:
    """One file of an import with what its rows would do."""

    source: SourceFile
    rows: list[PlannedRow]
    context: IntakeContext
    extras: ExtraCells


@dataclass(kw_only=True)
class ImportPreview:
    """What an import would do, row by row."""

    ledger: Ledger
    files: tuple[SourceFile, ...]
    options: ImportOptions
    rows: list[PlannedRow] = field(default_factory=list)
    file_issues: list[Issue] = field(default_factory=list)
    absentees: list[Absentee] = field(default_factory=list)
    planned: list[PlannedFile] = field(default_factory=list)
    imported_before: dict[str, date] = field(default_factory=dict)
    is_planned: bool = False
    last_operation: int = 0

    @property
    def readable(self) -> list[SourceFile]:
        """Return the files that have a table."""
        return [each for each in self.files if each.refusal is None]

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
        return f"导入{self.ledger.list_name} {counts['new'] + counts['changed']} {self.ledger.counted}"

    @property
    def is_asking(self) -> bool:
        """Say whether somebody should look at the columns before the rows."""
        return any(each.is_asking for each in self.files)

    @property
    def nothing_to_do(self) -> str:
        """Return the sentence for files that change nothing; "" if there is something to import."""
        counts = self.counts
        if counts["new"] or counts["changed"] or not self.is_planned or self.options.departures:
            return ""
        number = len(self.readable)
        what = "这份文件" if number == 1 else f"这 {number} 份文件"
        days = sorted(set(self.imported_before.values()))
        once = f" {days[-1]} 已经导入过" if len(self.imported_before) == number and days else ""
        rest = counts["waiting"] + counts["invalid"]
        more = f"；其中 {rest} 行还要等您答复或改正" if rest else ""
        return f"{what}{once}{'，' if once else ''}台账和它一样，没有要改的{more}。"

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


def open_import(
    ledger_file: LedgerFile,
    kind: str,
    sources: Sequence[Source],
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> ImportPreview:
    """Read files and folders and map their columns; the rows are not planned yet.

    Raises UserError if none could be read or none has a table of this kind.
    """
    options, progress = options or ImportOptions(), progress or SilentProgress()
    ledger = ledger_named(kind)
    with ledger_file.reading() as reading:
        ground = load_ground(reading, ledger)
    files = read_sources(ledger, sources, options, ground, progress)
    return ImportPreview(ledger=ledger, files=files, options=options)


def preview_import(
    ledger_file: LedgerFile,
    kind: str,
    sources: Sequence[Source],
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> ImportPreview:
    """Read files and say what importing them would do; writes nothing."""
    progress = progress or SilentProgress()
    with without_collecting():
        preview = open_import(ledger_file, kind, sources, options, progress)
        return plan_import(ledger_file, preview, progress)


def map_import(ledger_file: LedgerFile, preview: ImportPreview) -> ImportPreview:
    """Map the columns again as they are chosen now; the rows are not planned."""
    with ledger_file.reading() as reading:
        ground = load_ground(reading, preview.ledger)
    files = tuple(map_again(each, preview.ledger, preview.options, ground) for each in preview.files)
    return ImportPreview(ledger=preview.ledger, files=files, options=preview.options)


def plan_import(
    ledger_file: LedgerFile, preview: ImportPreview, progress: Progress | None = None
) -> ImportPreview:
    """Plan files that were read before, e.g. again after an answer."""
    progress = progress or SilentProgress()
    preview = map_import(ledger_file, preview)
    preview.is_planned = True
    if len(preview.readable) == 1:
        with without_collecting(), ledger_file.reading() as reading:
            preview.last_operation = _last_operation(reading)
            for _ in _plan_files(reading, preview, progress):
                pass
    else:
        with suppress(_PreviewOnly), without_collecting(), ledger_file.operation("试导入") as uow:
            for planned in _plan_files(uow, preview, progress):
                _store(uow, preview.ledger, planned)
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
    source = "、".join(each.name for each in preview.readable)
    with without_collecting(), ledger_file.operation(preview.title, source=source) as uow:
        if (
            preview.is_planned
            and len(preview.readable) == 1
            and preview.last_operation
            and preview.last_operation == _last_operation(uow, uow)
        ):
            _store(uow, preview.ledger, preview.planned[0])
        else:
            preview = ImportPreview(
                ledger=preview.ledger, files=preview.files, options=preview.options, is_planned=True
            )
            for planned in _plan_files(uow, preview, progress):
                _store(uow, preview.ledger, planned)
                if len(preview.readable) > 1:
                    _refresh(uow)
            if strict:
                _refuse_unfinished(preview)
            uow.rename(preview.title)
        _keep_files(uow, preview)
        _keep_choices(uow, preview)
        came = mark_returned(uow, preview.rows)
        if came and not any(each.is_stored for each in preview.rows):
            uow.rename(f"收到{preview.ledger.list_name} {came} 份")
    if preview.ledger.name == "students" and uow.is_recorded:
        thin_rosters(ledger_file, progress)
    return ImportResult(preview, uow.operation_id if uow.is_recorded else None)


def _refuse_unfinished(preview: ImportPreview) -> None:
    counts = preview.counts
    if counts["waiting"] or counts["invalid"]:
        raise UserError(
            f"有 {counts['waiting']} 行要问、{counts['invalid']} 行不能导入，整份没有导入，台账没有改动。",
            "改好这些行再导入；或者不用 --strict，先导入其余的行。",
        )


def _issue_of_refused(source: SourceFile) -> Issue:
    code = "no table" if source.digest else "unreadable"
    return Issue(severity=Severity.HINT, code=code, file=source.name, message=str(source.refusal))


def _plan_files(reading: Reading, preview: ImportPreview, progress: Progress) -> Iterator[PlannedFile]:
    """Plan file by file, filling the preview; the caller may store what is yielded before the next is planned."""
    ledger, options = preview.ledger, preview.options
    rule = MonthRule(reading.settings.cutoff_day)
    preview.imported_before = _imported_before(reading, preview)
    preview.file_issues += [_issue_of_refused(each) for each in preview.files if each.refusal]
    for source in preview.readable:
        records, sheets, issues = _records(reading, source, ledger, options, rule, progress)
        context = IntakeContext(
            as_of=source.as_of,
            source=source.name,
            digest=source.digest,
            correction=options.correction,
            sheets=sheets,
            accepted=frozenset((sheet, row) for file, sheet, row in options.accepted if file == source.name),
            mended=mended_rows(reading, ledger, row_origins(source.tables)),
        )
        progress.report(0, 0, f"核对 {source.name}")
        planned = ledger.plan(reading, records, context)
        if kept := kept_fields(ledger, planned, options):
            records, _, _ = _records(reading, source, ledger, options, rule, progress, kept)
            planned = ledger.plan(reading, records, context)
        extras = ExtraCells(source.tables)
        extras.plan(reading, ledger, planned)
        skip_answered(reading, ledger, source.digest, planned)
        preview.rows += planned
        preview.file_issues += issues
        if ledger.name == "students" and not is_facts(ledger, source.marks):
            preview.absentees += find_absentees(reading, planned, source.as_of)
        done = PlannedFile(source, planned, context, extras)
        preview.planned.append(done)
        yield done


def _records(
    reading: Reading,
    source: SourceFile,
    ledger: Ledger,
    options: ImportOptions,
    rule: MonthRule,
    progress: Progress,
    kept: Mapping[tuple[str, int], frozenset[str]] | None = None,
) -> tuple[list[Record], dict[str, SheetFacts], list[Issue]]:
    """Read the rows of a file against the ledger's columns; `kept` names fields that a row shall not touch."""
    words = reading.policy.words(source.as_of)
    records: list[Record] = []
    sheets: dict[str, SheetFacts] = {}
    issues: list[Issue] = []
    total = sum(len(table.rows) for table in source.tables)
    returned = ReturnedSheets(reading, source.marks, ledger, rule)
    left_out = {(sheet, row) for file, sheet, row in options.left_out if file == source.name}
    people = {(sheet, row): who for (file, sheet, row), who in options.people.items() if file == source.name}
    for at, table in enumerate(source.tables):
        fields = source.fields_of(at, ledger.importable, options.date_order)
        here: list[Record] = []
        read = row_reader(fields, words, source.name, table.sheet)
        rows = [row for row in table.rows if (table.sheet, row.number) not in left_out]
        for start in range(0, len(rows), _EVERY):
            progress.report(len(records) + len(here), total, f"读取 {source.name}")
            some = rows[start : start + _EVERY]
            here += read(tuple(table.columns), [row.number for row in some], [row.values for row in some])
        for record in here if people or kept else ():
            place = (table.sheet, record.place.row or 0)
            if place in people:
                record.values["student_id"] = people[place]
            for name in kept.get(place, ()) if kept else ():
                record.values.pop(name, None)
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


def _store(uow: UnitOfWork, ledger: Ledger, done: PlannedFile) -> None:
    planned, context = done.rows, done.context
    ledger.store(uow, planned, context)
    done.extras.store(uow, ledger, planned, context.source)
    keep_questions(uow, ledger, planned)
    keep_pending(uow, ledger, planned, context, row_origins(done.source.tables))
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
    registers = []
    for source in preview.readable:
        is_roster = preview.ledger.name == "students" and not is_facts(preview.ledger, source.marks)
        is_new_day = is_roster and source.as_of.isoformat() not in days
        if source.digest in known or not (changed or is_new_day):
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
        if is_roster:
            registers.append(source)
    keep_registers(uow, registers, preview.rows)
    ids = {source.name: known.get(source.digest) for source in preview.files}
    asked = [(ids.get(each.file), each) for each in preview.file_issues if each.severity is Severity.ASK]
    keep_questions_about(uow, "imported_file", asked)


def _keep_choices(uow: UnitOfWork, preview: ImportPreview) -> None:
    """Remember the layouts that were confirmed, and record what was decided about those whom a roster lacks."""
    layouts = [layout for each in preview.files for layout in each.layouts]
    kept = keep_layouts(uow, preview.ledger.name, layouts, preview.options.layouts)
    counts = preview.counts
    if preview.options.departures:
        source = "、".join(each.name for each in preview.readable)
        stored = store_departures(uow, preview.options.departures, source, preview.options.correction)
        uow.rename(f"{preview.title}，另登记异动 {stored} 人")
    elif kept and not (counts["new"] or counts["changed"]):
        uow.rename(f"记住{preview.ledger.list_name}的列")


def _imported_before(reading: Reading, preview: ImportPreview) -> dict[str, date]:
    """Return on which day each of these files was imported before, by name."""
    found = {
        digest: datetime.fromisoformat(at).date()
        for digest, at in reading.rows(
            "SELECT digest, max(imported_at) FROM imported_file WHERE ledger = ? GROUP BY digest",
            (preview.ledger.name,),
        )
    }
    return {each.name: found[each.digest] for each in preview.files if each.digest in found}


def _last_operation(reading: Reading, uow: UnitOfWork | None = None) -> int:
    """Return the last recorded operation before this one."""
    before = uow.operation_id if uow else 1 << 62
    return int(reading.scalar("SELECT max(id) FROM operation WHERE id < ?", (before,)) or 0)
