"""A row read against its columns: values, what was noticed, and where it stood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from skillsaid_desktop.schema.field import Field
from skillsaid_desktop.schema.field_type import Finding, Precision, RawValue, Words
from skillsaid_desktop.schema.issue import Issue, Severity
from skillsaid_desktop.schema.texts import is_blank, raw_text


class Place(NamedTuple):
    """Where a row stood: file, sheet, and row as the spreadsheet shows it; empty for a form."""

    file: str = ""
    sheet: str = ""
    row: int | None = None


@dataclass(slots=True, kw_only=True)
class Record:
    """One row. `values` holds every column that the source had, None for blank; `raw` what stood there,
    `sent_key` the 表号 of the sheet on which the row came back.

    `precisions` names the dates of which only a month or a year was written, `notes` what stood beside a
    value, such as 大 in 刘婷（大）. `met_by` says by what the ledger knows whom the row is about (证件号,
    学籍号, 学号, 姓名+班级; "" for nobody), `candidates` are the ids between which the row can not choose.
    """

    values: dict[str, Any]
    issues: list[Issue] = field(default_factory=list)
    place: Place = field(default_factory=Place)
    raw: Mapping[str, str] = field(default_factory=dict)
    sent_key: str = ""
    precisions: dict[str, Precision] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    met_by: str = ""
    candidates: tuple[int, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Say whether something stops this row."""
        return any(issue.severity is Severity.BLOCK for issue in self.issues)


def parse_record(
    fields: Sequence[Field],
    cells: Mapping[str, RawValue],
    words: Words | None,
    file: str = "",
    sheet: str = "",
    row: int | None = None,
) -> Record:
    """Read the cells of one row. Columns that the source lacks are absent from `values`.

    In a column that is not required a bad value is left out and asked about; only a number that says who
    the row is about still refuses it.
    """
    raw: dict[str, str] = {}
    record = Record(values={}, place=Place(file, sheet, row), raw=raw)
    for column in fields:
        if column.name not in cells or not column.typed:
            continue
        cell = cells[column.name]
        if cell is None or cell == "":
            record.values[column.name] = None
        else:
            text = raw_text(cell)
            parsed = column.type.parse(cell, words)
            record.values[column.name] = parsed.value
            raw[column.name] = text
            if parsed.findings:
                record.issues.extend(_issue(column, finding, record.place) for finding in parsed.findings)
            if parsed.precision != "day":
                record.precisions[column.name] = parsed.precision
            if parsed.note:
                record.notes[column.name] = parsed.note
    return record


def missing_issues(fields: Sequence[Field], record: Record) -> list[Issue]:
    """Return a refusal for each required column that the row leaves blank and has no finding for."""
    asked = {issue.column for issue in record.issues}
    return [
        Issue(
            severity=Severity.BLOCK,
            code="missing",
            message=f"缺少{column.title}",
            file=record.place.file,
            sheet=record.place.sheet,
            row=record.place.row,
            column=column.title,
        )
        for column in fields
        if column.required
        and column.typed
        and record.values.get(column.name) is None
        and is_blank(record.raw.get(column.name))
        and column.title not in asked
    ]


def read_values(fields: Sequence[Field], values: Mapping[str, Any], words: Words | None) -> Record:
    """Read what a form holds: texts are parsed, values of the right kind pass through their text.

    A text that can not be read is refused: whoever typed it is there to mend it, so it is never stored as a blank.
    """
    cells: dict[str, RawValue] = {}
    for column in fields:
        if column.name in values:
            value = values[column.name]
            cells[column.name] = (
                value if value is None or isinstance(value, str) else column.type.format(value)
            )
    record = parse_record(fields, cells, words)
    unread = {
        column.title
        for column in fields
        if record.raw.get(column.name) and record.values.get(column.name) is None
    }
    record.issues = [
        replace(issue, severity=Severity.BLOCK)
        if issue.severity is Severity.ASK and issue.column in unread
        else issue
        for issue in record.issues
    ]
    return record


def _issue(column: Field, finding: Finding, place: Place) -> Issue:
    severity, waits = finding.severity, finding.waits
    if not column.required:
        waits = False
        if severity is Severity.BLOCK and not column.type.always_blocks:
            severity = Severity.ASK
    elif severity is Severity.BLOCK and not column.type.always_blocks and finding.code not in _REFUSES:
        severity = Severity.ASK
    said = finding.message
    return Issue(
        severity=severity,
        code=finding.code,
        message=said if said.startswith(column.title) else f"{column.title}：{said}",
        file=place.file,
        sheet=place.sheet,
        row=place.row,
        column=column.title,
        waits=waits,
    )


_REFUSES = frozenset({"text", "date", "missing", "length", "check digit", "15 digits", "spoiled number"})
