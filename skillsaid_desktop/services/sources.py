"""The files of an import, read and mapped: tables of rows that still know sheet and cell, and the day they speak of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from skillsaid_desktop.clock import today
from skillsaid_desktop.collector import without_collecting
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers import (
    Chosen,
    FoundFile,
    KnownWords,
    Layout,
    RawWorkbook,
    SourceTable,
    as_of_day,
    files_in,
    map_tables,
    read_workbook,
    why_no_table,
)
from skillsaid_desktop.importers.date_habits import DateHabit, date_habits, with_habits
from skillsaid_desktop.importers.sheet_marks import NO_MARKS, SheetMarks, find_marks
from skillsaid_desktop.ledgers import Ledger
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.schema import Field
from skillsaid_desktop.services.import_options import ImportOptions
from skillsaid_desktop.services.layouts import load_known_words, load_layouts
from skillsaid_desktop.services.returned_sheets import columns_of, order_of_return, why_other_kind
from skillsaid_desktop.storage.unit_of_work import Reading

Source = Path | RawWorkbook
"""What can be imported: a file, or what was read already (the clipboard)."""


@dataclass(frozen=True)
class Ground:
    """What mapping needs from the ledger."""

    remembered: Mapping[str, Chosen] = field(default_factory=dict)
    known: KnownWords = field(default_factory=KnownWords)


@dataclass(frozen=True)
class SourceFile:
    """A file as it was read: its tables and the day that it speaks of.

    `layouts` and `habits` belong to the tables, one by one; `workbook` are the rows as they stood.
    """

    name: str
    digest: str
    tables: tuple[SourceTable, ...]
    as_of: date
    refusal: UserError | None = None  # not read, or no table of this kind, where other files have one
    workbook: RawWorkbook | None = None
    marks: SheetMarks = NO_MARKS  # of sheets that the school sent out
    layouts: tuple[Layout, ...] = ()
    habits: tuple[tuple[DateHabit, ...], ...] = ()
    chosen: Mapping[str, Chosen] = field(default_factory=dict)

    @property
    def is_asking(self) -> bool:
        """Say whether somebody should look at the columns or say how days are written."""
        return any(each.is_asking for each in self.layouts) or bool(self.open_habits)

    @property
    def open_habits(self) -> tuple[tuple[Layout, DateHabit], ...]:
        """Return the columns of days about which nobody has said how they are to be read."""
        return tuple(
            (layout, habit)
            for layout, habits in zip(self.layouts, self.habits, strict=True)
            for habit in habits
            if any(key not in self.choice(layout) for key in habit.questions)
        )

    def choice(self, layout: Layout) -> Chosen:
        """Return what was chosen or remembered for a layout."""
        return self.chosen.get(layout.fingerprint, {})

    def fields_of(self, at: int, fields: Sequence[Field], usual_order: str = "") -> list[Field]:
        """Return the fields that a table has, with its days read as its column writes them."""
        table = self.tables[at]
        present = [each for each in fields if each.name in table.columns]
        if not self.habits or not self.habits[at]:
            return present
        return with_habits(present, self.habits[at], self.choice(self.layouts[at]), usual_order)


def load_ground(reading: Reading, ledger: Ledger) -> Ground:
    """Read what mapping needs from the ledger."""
    return Ground(load_layouts(reading, ledger.name), load_known_words(reading))


def read_sources(
    ledger: Ledger, sources: Sequence[Source], options: ImportOptions, ground: Ground, progress: Progress
) -> tuple[SourceFile, ...]:
    """Read files and folders and map their tables; those that were read stand first.

    One of several that is unreadable or has no table of this kind carries its refusal; if all do, the first one's
    UserError is raised.
    """
    found: list[FoundFile | RawWorkbook] = [each for each in sources if isinstance(each, RawWorkbook)]
    found += files_in([each for each in sources if isinstance(each, Path)])
    files = []
    for one in found:
        refusal = one.refusal if isinstance(one, FoundFile) else None
        name = one.name if isinstance(one, FoundFile) else one.file
        if refusal is None:
            try:
                with without_collecting():
                    files.append(map_source(_workbook(one, progress), ledger, options, ground))
                continue
            except UserError as error:
                refusal = error
        files.append(SourceFile(name, "", (), today(), refusal))
    if all(each.refusal for each in files):
        tried = [
            each.refusal
            for each, one in zip(files, found, strict=True)
            if not (isinstance(one, FoundFile) and one.refusal)
        ]
        raise next(filter(None, [*tried, *(each.refusal for each in files)]))
    paths = [one.path if isinstance(one, FoundFile) else None for one in found]
    files = [files[at] for at in order_of_return([each.marks for each in files], paths)]
    return tuple(sorted(files, key=lambda each: each.refusal is not None))


def _workbook(found: "FoundFile | RawWorkbook", progress: Progress) -> RawWorkbook:
    if isinstance(found, RawWorkbook):
        return found
    # Rows are known by the name of their file: each class folder may hold a 监测表.xlsx.
    return replace(read_workbook(found.path, progress=progress), file=found.name)


def map_source(workbook: RawWorkbook, ledger: Ledger, options: ImportOptions, ground: Ground) -> SourceFile:
    """Map the tables of a workbook, as chosen, remembered or proposed."""
    marks = find_marks(workbook)
    mapped = map_tables(
        workbook, columns_of(ledger, marks), sheet=options.sheet, known=ground.known, chosen=options.layouts,
        remembered=ground.remembered,
    )  # fmt: skip
    tables = tuple(each.table for each in mapped)
    refusal = None
    if not tables:
        refusal = why_other_kind(workbook.file, ledger, marks)
        refusal = refusal or why_no_table(workbook, ledger.importable, ledger.list_name, sheet=options.sheet)
    written = next((day for table in tables if (day := as_of_day(table, workbook.file))), None)
    return SourceFile(
        name=workbook.file,
        digest=workbook.digest,
        tables=tables,
        as_of=options.as_of or written or today(),
        refusal=refusal,
        workbook=workbook,
        marks=marks,
        layouts=tuple(each.layout for each in mapped),
        habits=tuple(date_habits(table, ledger.importable) for table in tables),
        chosen={**ground.remembered, **options.layouts},
    )


def map_again(source: SourceFile, ledger: Ledger, options: ImportOptions, ground: Ground) -> SourceFile:
    """Return a file with the columns that are chosen now; the same one if nothing is chosen otherwise."""
    if source.workbook is None or source.chosen == {**ground.remembered, **options.layouts}:
        return source if options.as_of in (None, source.as_of) else replace(source, as_of=options.as_of)
    return map_source(source.workbook, ledger, options, ground)
