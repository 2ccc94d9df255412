"""Sheets that class teachers send back: whose rows they are, which month they mean, and that they came.

Matched by the hidden marks first, then by name and last four digits among the students of the sheet, then by the
usual rules. What can be read stands above what is hidden: a name that disagrees with its mark is asked about.
"""

import json
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from skillsaid_desktop.clock import now
from skillsaid_desktop.domain.entities import SentSheet
from skillsaid_desktop.domain.months import MonthRule, Period
from skillsaid_desktop.domain.names import fold_name
from skillsaid_desktop.domain.sheet_marks import RowMark
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers.sheet_marks import SheetMarks
from skillsaid_desktop.importers.tables import SourceTable
from skillsaid_desktop.ledgers import Ledger, ledger_named
from skillsaid_desktop.ledgers.columns import NUMBER_TAIL
from skillsaid_desktop.ledgers.ledger import Outcome, PlannedRow, SheetFacts, issue_at
from skillsaid_desktop.schema import Field, Issue, Severity
from skillsaid_desktop.schema.record import Record
from skillsaid_desktop.services.class_sheets import KINDS, PURPOSES
from skillsaid_desktop.services.monitoring import class_teachers
from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

_OURS = frozenset({"后四位", "上月"})
"""Headings of a sheet that are there to be read by people."""
_MONTH_AND_DAY = re.compile(r"(\d{1,2})\s*[月./\-]\s*(\d{1,2})\s*[日号]?")
_WHO = frozenset({"student_name", "name", "number_tail", "class_name", "document_number", "month"})


@dataclass(frozen=True)
class _Sent:
    """A sheet as it was sent."""

    id: int
    key: str
    month: str
    class_id: int
    class_name: str
    student_ids: tuple[int, ...]


@dataclass(frozen=True)
class _Student:
    """A student of a sheet, as rows are compared with him."""

    id: int
    name: str
    number: str

    def fits(self, name: str, tail: str) -> bool:
        """Tell whether a written name and the last digits, if there are any, are his."""
        return fold_name(self.name) == fold_name(name) and (not tail or self.number.endswith(tail))


def columns_of(ledger: Ledger, marks: SheetMarks) -> tuple[Field, ...]:
    """Return the columns by which a table is found: a sheet of missing facts needs nothing but the name."""
    if not is_facts(ledger, marks):
        return ledger.importable
    return (*(replace(each, required=each.name == "name") for each in ledger.importable), NUMBER_TAIL)


def is_facts(ledger: Ledger, marks: SheetMarks) -> bool:
    """Tell whether a file completes facts of students; it is no roster then."""
    return ledger.name == "students" and marks.purpose == "facts"


def why_other_kind(file: str, ledger: Ledger, marks: SheetMarks) -> UserError | None:
    """Return the sentence for a sheet of ours that is imported as another kind."""
    if not marks or KINDS[marks.purpose] == ledger.name:
        return None
    right = ledger_named(KINDS[marks.purpose])
    return UserError(
        f"“{file}”是发给班主任的“{PURPOSES[marks.purpose]}”表，不是{ledger.list_name}。",
        f"台账没有改动。请在“清单”里选“{right.list_name}”再导入。",
    )


def order_of_return(marks: Sequence[SheetMarks], paths: Sequence[Path | None]) -> list[int]:
    """Return in which order files are read: one sheet that came back twice by the time of its files, the later last."""

    def changed_at(at: int) -> float:
        path = paths[at]
        return path.stat().st_mtime if path is not None else 0.0

    order = list(range(len(paths)))
    twice: dict[frozenset[str], list[int]] = {}
    for at, one in enumerate(marks):
        if one:
            twice.setdefault(one.keys, []).append(at)
    for places in twice.values():
        if len(places) > 1:
            by_time = sorted(places, key=changed_at)
            for place, at in zip(places, by_time, strict=True):
                order[place] = at
    return order


class ReturnedSheets:
    """The sheets of one file, met with what was sent; without marks it changes nothing."""

    def __init__(self, reading: Reading, marks: SheetMarks, ledger: Ledger, rule: MonthRule) -> None:
        self._marks, self._ledger, self._rule, self._reading = marks, ledger, rule, reading
        self._sent: dict[str, _Sent] = {}
        self._students: dict[int, _Student] = {}
        if marks and KINDS[marks.purpose] == ledger.name:
            self._sent = _load_sent(reading, marks.keys)
            wanted = {each for one in self._sent.values() for each in one.student_ids}
            wanted |= {mark.student_id for mark in marks.rows.values() if mark.key in self._sent}
            self._students = _load_students(reading, wanted)

    def meet(
        self,
        table: SourceTable,
        records: Sequence[Record],
        facts: SheetFacts,
        issues: Sequence[Issue],
        file: str,
    ) -> tuple[SheetFacts, list[Issue]]:
        """Say of each row whose it is; return what holds for the sheet, and the issues that are left."""
        key = self._marks.sheets.get(table.sheet)
        if key is None:
            return facts, list(issues)
        sent = self._sent.get(key)
        if sent is None:
            strange = f"{table.sheet}：表号 {key} 不在这本台账里（也许发表那一步撤销了），按姓名和班级核对"
            hint = Issue(
                severity=Severity.HINT,
                code="unknown sheet key",
                file=file,
                sheet=table.sheet,
                message=strange,
            )
            return facts, [*issues, hint]
        tails = {row.number: str(row.cells.get("number_tail") or "").strip().upper() for row in table.rows}
        marks = [self._marks.rows.get((table.sheet, record.place.row or 0)) for record in records]
        counts = Counter(marks)
        for record, mark in zip(records, marks, strict=True):
            tail = tails.get(record.place.row or 0, "")
            self._meet_row(record, mark, sent, tail, is_copied=counts[mark] > 1)
        left = [each for each in (self._without_ours(one, table) for one in issues) if each is not None]
        if self._ledger.name != "monitoring":
            return facts, left
        return self._month(records, facts, left, sent, file, table.sheet)

    def _meet_row(
        self, record: Record, mark: RowMark | None, sent: _Sent, tail: str, *, is_copied: bool
    ) -> None:
        """Say whose row it is: a row of blanks too, so that it is told by name."""
        name_column = "name" if self._ledger.name == "students" else "student_name"
        written: str = record.values.get(name_column) or ""
        marked = self._students.get(mark.student_id) if mark and mark.key in self._sent else None
        record.sent_key = mark.key if mark and marked else sent.key
        if marked is not None and (marked.fits(written, "") if written else not is_copied):
            found: _Student | None = marked
        else:
            found = self._by_what_is_read(record, written, tail, sent, None if is_copied else marked)
        if found is None:
            if self._ledger.name == "students":
                record.issues.append(
                    issue_at(
                        record, Severity.BLOCK, "not in the register",
                        f"{written or '这一行'}：对不上台账里的学生；新学生请先导入学生名册", column="姓名",
                    )
                )  # fmt: skip
            return
        record.values[name_column] = found.name
        record.values["student_id"] = found.id
        if found.number:
            # What waits in 待处理 keeps the number, since the mark says nothing without its sheet.
            record.raw = {**record.raw, "document_number": found.number}

    def _by_what_is_read(
        self, record: Record, written: str, tail: str, sent: _Sent, marked: _Student | None
    ) -> _Student | None:
        """Return whom name and last digits mean where the mark is gone or speaks of another."""
        if not written:
            return None
        of_sheet = [self._students[each] for each in sent.student_ids if each in self._students]
        named = [each for each in of_sheet if each.fits(written, tail)]
        if not named and self._ledger.name == "students":
            named = [each for each in _namesakes(self._reading, written) if each.fits(written, tail)]
        if len(named) == 1:
            if marked is not None:
                record.issues.append(
                    issue_at(
                        record, Severity.ASK, "row moved",
                        f"{named[0].name}：这一行原来是{marked.name}的，姓名被挪动过，按{named[0].name}收下，请核对",
                    )
                )  # fmt: skip
            return named[0]
        if not named and marked is not None and tail and marked.number.endswith(tail):
            record.issues.append(
                issue_at(
                    record, Severity.ASK, "name differs",
                    f"{marked.name}：交回的表里写成{written}，后四位对得上，按{marked.name}收下，请核对",
                )
            )  # fmt: skip
            return marked
        return None

    def _without_ours(self, issue: Issue, table: SourceTable) -> Issue | None:
        """Leave out what is odd only because the sheet is made so."""
        if issue.code == "hidden columns":
            return None
        if issue.code != "unknown column":
            return issue
        added = [each for each in table.unknown_columns if each not in _OURS]
        return replace(issue, message=f"这些列不认识，没有读：{'、'.join(added)}") if added else None

    def _month(
        self,
        records: Sequence[Record],
        facts: SheetFacts,
        issues: list[Issue],
        sent: _Sent,
        file: str,
        sheet: str,
    ) -> tuple[SheetFacts, list[Issue]]:
        """Let the 表号 say month and class; ask if the days that the teacher wrote lie in another month."""
        issues = [each for each in issues if each.code != "month"]
        period = self._rule.period(sent.month)
        for record in records:
            _complete_year(record, period)
        days: list[date] = [each.values["noted_on"] for each in records if each.values.get("noted_on")]
        usual = Counter(self._rule.month_of(day) for day in days).most_common(1)
        other = tuple(month for month, _ in usual if month != sent.month)
        if other:
            issues.append(
                Issue(
                    severity=Severity.ASK, code="month", file=file, sheet=sheet,
                    message=f"{sent.class_name}：这是 {sent.month} 的表，里面的日期多在 {other[0]}；按 {sent.month} 收下，请核对",
                )
            )  # fmt: skip
        teacher = class_teachers(self._reading, period.to_on.isoformat()).get(sent.class_id)
        facts = replace(
            facts,
            month=sent.month,
            class_name=sent.class_name,
            noted_by=facts.noted_by or teacher,
            other_months=other,
        )
        for record in records:
            # Whoever has been known by the mark needs no class; he may have moved since.
            if "student_id" in record.values:
                record.values["class_name"] = _class_on(
                    self._reading, record.values["student_id"], period.to_on
                )
        return facts, issues


def mark_returned(uow: UnitOfWork, rows: Sequence[PlannedRow]) -> int:
    """Keep that sheets came back, within the operation that imports them; return how many came that were out.

    A sheet in which nothing is filled did not come back; the same rows once more change nothing.
    """
    filled: dict[str, list[PlannedRow]] = {}
    for row in rows:
        if row.record.sent_key and any(name not in _WHO for name in row.record.raw):
            filled.setdefault(row.record.sent_key, []).append(row)
    if not filled:
        return 0
    marks = ",".join("?" * len(filled))
    news = []
    out = 0
    for sheet_id, key, month, purpose, returned_at in uow.rows(
        f"SELECT id, key, month, purpose, returned_at FROM sent_sheet WHERE key IN ({marks})", list(filled)
    ):
        here = filled[key]
        if purpose == "monitoring":
            here = [each for each in here if each.record.values.get("month") in (month, None)]
        if not here or (returned_at and all(each.outcome is Outcome.UNCHANGED for each in here)):
            continue
        out += not returned_at
        news.append({"id": sheet_id, "returned_at": now(), "returned_file": here[-1].record.place.file})
    uow.update_many(SentSheet, news)
    return out


def _load_sent(reading: Reading, keys: frozenset[str]) -> dict[str, _Sent]:
    rows = reading.rows(
        "SELECT s.id, s.key, s.month, s.class_id, c.name, s.student_ids FROM sent_sheet s"
        f" JOIN school_class c ON c.id = s.class_id WHERE s.key IN ({','.join('?' * len(keys))})",
        sorted(keys),
    )
    return {
        key: _Sent(sheet_id, key, month, class_id, class_name, tuple(json.loads(ids)))
        for sheet_id, key, month, class_id, class_name, ids in rows
    }


def _load_students(reading: Reading, ids: set[int]) -> dict[int, _Student]:
    rows = reading.rows(
        f"SELECT id, name, document_number FROM student WHERE id IN ({','.join('?' * len(ids))})", sorted(ids)
    )
    return {row[0]: _Student(row[0], row[1], row[2] or "") for row in rows}


def _complete_year(record: Record, period: Period) -> None:
    """Give a day without year the year in which it lies in the period of its sheet; the change is said."""
    title = "监测日期"
    asked = [each for each in record.issues if each.code == "date without year" and each.column == title]
    found = _MONTH_AND_DAY.fullmatch(record.raw.get("noted_on", "").strip())
    if not asked or found is None:
        return
    for year in {period.from_on.year, period.to_on.year}:
        with suppress(ValueError):
            day = date(year, int(found[1]), int(found[2]))
            if period.holds(day):
                record.values["noted_on"] = day
                record.issues.remove(asked[0])
                said = f"{title}：“{found[0]}”没有写年份，按表上的月份是 {day}"
                record.issues.append(
                    issue_at(record, Severity.FIXED, "year of the sheet", said, column=title)
                )


def _namesakes(reading: Reading, name: str) -> list[_Student]:
    rows = reading.rows(
        "SELECT id, name, document_number FROM student WHERE name_folded = ?", (fold_name(name),)
    )
    return [_Student(row[0], row[1], row[2] or "") for row in rows]


def _class_on(reading: Reading, student_id: int, day: date) -> str | None:
    name = reading.scalar(
        "SELECT class_name FROM student_span WHERE student_id = ? AND from_on <= ? AND to_on >= ?",
        (student_id, day.isoformat(), day.isoformat()),
    )
    return None if name is None else str(name)
