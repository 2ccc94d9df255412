"""Rosters of other offices: imported as dated snapshots, compared with the school at once.

Preview and import are the same code in an operation; the preview's is rolled back. What is wrong with rows about
people of other families is kept with the roster and not asked on the desk: only their office can mend it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from skillsaid_desktop.clock import now, today
from skillsaid_desktop.collector import without_collecting
from skillsaid_desktop.domain.matching import Judgement, Likeness
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers import SourceRow, TableStream, as_of_day, files_in, stream_workbook
from skillsaid_desktop.ledgers.roster_matches import (
    find_candidates,
    find_namesakes,
    load_students,
    settled_of,
)
from skillsaid_desktop.ledgers.roster_reader import Person, RosterReader, without_place
from skillsaid_desktop.ledgers.rosters import (
    PERSON_COLUMNS,
    RosterKind,
    RosterWriter,
    StoredRoster,
    list_rosters,
    roster_kind,
)
from skillsaid_desktop.progress import Progress, SilentProgress
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.document_number import county_of
from skillsaid_desktop.services.roster_thinning import thin_rosters
from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.storage.unit_of_work import UnitOfWork, id_conditions

ABOUT_STUDENTS = frozenset({"ID differs in one digit", "name differs", "may be a student"})
"""Codes of the issues that say that a row looks like a student of this school."""

_BATCH = 2_000
_NOT_A_NAME = re.compile(r"[（(\[][^）)\]]*[）)\]]|[0-9]+[年月日.-]*")
_AT = {name: place for place, name in enumerate(PERSON_COLUMNS)}


@dataclass(kw_only=True)
class RosterImport:
    """What importing a roster does or would do; the counts are of rows."""

    kind: RosterKind
    file: str
    office: str = ""
    as_of: date
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    invalid: int = 0
    gone: int = 0  # people of the roster before who stand in this one no more
    former: StoredRoster | None = None
    is_known: bool = False  # the very same file is the current roster already
    issues: list[Issue] = field(default_factory=list)
    operation_id: int | None = None

    @property
    def counts(self) -> dict[str, int]:
        """Return rows and how many of them end in which way."""
        return {
            "rows": self.rows, "new": self.new, "changed": self.changed, "unchanged": self.unchanged,
            "waiting": 0, "invalid": self.invalid,
        }  # fmt: skip


@dataclass(frozen=True)
class RosterResult:
    """The files of one import."""

    files: tuple[RosterImport, ...]
    operation_id: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the document that the terminal prints (PRODUCT)."""
        counts: Counter[str] = Counter()
        for each in self.files:
            counts.update(each.counts)
        issues = [
            {
                "severity": issue.severity.value, "code": issue.code, "file": issue.file, "sheet": issue.sheet,
                "row": issue.row, "column": issue.column, "message": issue.message,
            }
            for each in self.files
            for issue in each.issues
        ]  # fmt: skip
        names = ("rows", "new", "changed", "unchanged", "waiting", "invalid")
        return {**{name: counts[name] for name in names}, "issues": issues, "operation": self.operation_id}


class _PreviewOnly(Exception):
    """Rolls the preview's operation back."""


def preview_roster(
    ledger_file: LedgerFile,
    kind: str,
    paths: Sequence[Path],
    *,
    sheet: str | None = None,
    as_of: date | None = None,
    office: str = "",
    progress: Progress | None = None,
) -> RosterResult:
    """Read rosters and say what importing them would do; nothing is kept."""
    found: list[RosterImport] = []
    with suppress(_PreviewOnly), ledger_file.operation("试导入名册") as uow:
        found = _bring(uow, roster_kind(kind), paths, sheet, as_of, office, progress or SilentProgress())
        raise _PreviewOnly
    return RosterResult(tuple(found))


def import_roster(
    ledger_file: LedgerFile,
    kind: str,
    paths: Sequence[Path],
    *,
    sheet: str | None = None,
    as_of: date | None = None,
    office: str = "",
    strict: bool = False,
    progress: Progress | None = None,
) -> RosterResult:
    """Store rosters as one operation; UserError with `strict` if a row can not be taken."""
    wanted = roster_kind(kind)
    source = "、".join(path.name for path in paths)
    with ledger_file.operation(f"导入{wanted.title}", source=source) as uow:
        found = _bring(uow, wanted, paths, sheet, as_of, office, progress or SilentProgress())
        refused = sum(each.invalid for each in found)
        if strict and refused:
            raise UserError(
                f"有 {refused} 行不能用，整份没有导入，台账没有改动。",
                "请对方改好这些行；或者不用 --strict，先导入其余的行。",
            )
        stored = [each for each in found if not each.is_known]
        people = sum(each.rows - each.invalid for each in stored)
        uow.rename(f"导入{'、'.join(each.office for each in stored)}{wanted.title} {people:,} 人")
    if stored:
        thin_rosters(ledger_file, progress)
    return RosterResult(tuple(found), uow.operation_id if uow.is_recorded else None)


def _bring(
    uow: UnitOfWork,
    kind: RosterKind,
    paths: Sequence[Path],
    sheet: str | None,
    as_of: date | None,
    office: str,
    progress: Progress,
) -> list[RosterImport]:
    found = [each for each in files_in(paths) if each.refusal is None]
    if not found:
        raise UserError("这里没有能读的文件。", "台账没有改动。请检查是不是选错了文件夹。")
    with without_collecting():
        return [_bring_file(uow, kind, each.path, sheet, as_of, office, progress) for each in found]


def _bring_file(
    uow: UnitOfWork,
    kind: RosterKind,
    path: Path,
    sheet: str | None,
    as_of: date | None,
    office: str,
    progress: Progress,
) -> RosterImport:
    stream = stream_workbook(path, progress=progress)
    found = RosterImport(kind=kind, file=stream.file, as_of=as_of or today())
    known = next((each for each in list_rosters(uow, kind.kind) if each.digest == stream.digest), None)
    if known is not None:
        found.is_known, found.office, found.as_of = True, known.office, known.as_of
        found.rows = found.unchanged = known.people
        return found
    writer = RosterWriter(uow)
    written, areas = Counter[str](), Counter[str]()
    lines: list[str] = []
    said = as_of
    for table, rows in TableStream(stream, kind.fields, kind.title, sheet):
        said = said or as_of_day(table, stream.file)
        found.as_of = said or found.as_of
        found.issues += table.issues
        lines += table.lines_above
        reader = RosterReader(kind, uow.policy, found.as_of, stream.file, table.sheet, tuple(table.columns))
        for batch in _batches(reader, rows, found):
            written.update(filter(None, (person[_AT["county"]] for person in batch)))
            areas.update(county_of(key[:6]) for person in batch if (key := person[_AT["number_key"]]))
            writer.add([tuple(person) for person in batch])
            progress.report(writer.people, 0, f"读取 {stream.file}，已有 {writer.people:,} 人")
        said = said or as_of_day(table, stream.file)  # the lines below are read by now
        found.issues += reader.issues
        found.invalid += reader.refused
    found.as_of = said or found.as_of
    found.office = office or _office(kind, stream.file, lines, written, areas)
    counties = _counties(written) or [county for county in areas if county == found.office]
    found.former = next((each for each in list_rosters(uow, kind.kind) if each.office == found.office), None)
    _count_against_former(uow, writer.roster_id, found)
    found.issues += _in_two_households(uow, writer.roster_id, stream.file)
    found.issues += _about_students(uow, writer.roster_id, stream.file)
    found.issues.sort(key=lambda issue: (issue.sheet, issue.row or 0))
    writer.finish(
        kind=kind.kind,
        office=found.office,
        file=stream.file,
        digest=stream.digest,
        as_of=found.as_of,
        counties="、".join(counties),
        problems=[without_place(each) for each in found.issues if each.severity is not Severity.FIXED],
        received_at=now(),
    )
    return found


def _batches(reader: RosterReader, rows: Iterator[SourceRow], found: RosterImport) -> Iterator[list[Person]]:
    """Yield the people of a table, some at a time, household by household; the rows are counted on the way."""
    batch: list[Person] = []
    taken = 0
    for person in reader.people((row.number, row.values) for row in rows):
        batch.append(person)
        if len(batch) >= _BATCH:
            taken += len(batch)
            yield batch
            batch = []
    taken += len(batch)
    if batch:
        yield batch
    found.rows += taken + reader.refused


def _office(
    kind: RosterKind, file: str, lines_above: Sequence[str], written: Counter[str], areas: Counter[str]
) -> str:
    """Return whose roster it is: its counties, a county that file or title names, else the title itself."""
    if written:
        return "、".join(_counties(written)[:3])
    lines = [file, *lines_above]
    for county, _count in areas.most_common(20):
        if any(county in line for line in lines):
            return county
    if kind.kind == "training":
        return "培训实名制系统"
    title = lines_above[0] if lines_above else Path(file).stem
    return _NOT_A_NAME.sub("", title).strip() or Path(file).stem


def _counties(found: Counter[str]) -> list[str]:
    """Return the counties of a roster, the largest first, without those of a few people."""
    most = max(found.values(), default=0)
    return [county for county, count in found.most_common() if count * 20 >= most]


def _count_against_former(uow: UnitOfWork, roster_id: int, found: RosterImport) -> None:
    """Count the rows that are new, changed and unchanged against the roster before, and who is gone."""
    taken = found.rows - found.invalid
    if found.former is None:
        found.new = taken
        return
    parameters = {"new": roster_id, "old": found.former.id}
    [(met, same)] = uow.rows(_MET, parameters)
    found.changed, found.unchanged, found.new = met - same, same, taken - met
    found.gone = int(uow.scalar(_GONE, parameters) or 0)


_ONE = (
    "(o.number_key = n.number_key OR (n.number_key IS NULL AND o.name_folded = n.name_folded"
    " AND o.household_number IS n.household_number))"
)
_MET = (
    "SELECT count(*), sum(same) FROM (SELECT max(o.name = n.name AND o.category IS n.category"
    " AND o.household_number IS n.household_number AND o.is_risk_cleared IS n.is_risk_cleared"
    " AND o.risk_cleared_on IS n.risk_cleared_on) AS same FROM roster_person n JOIN roster_person o"
    f" ON o.roster_id = :old AND {_ONE} WHERE n.roster_id = :new GROUP BY n.number)"
)
_GONE = (
    "SELECT count(*) FROM roster_person n WHERE n.roster_id = :old AND NOT EXISTS"
    f" (SELECT 1 FROM roster_person o WHERE o.roster_id = :new AND {_ONE})"
)


def _in_two_households(uow: UnitOfWork, roster_id: int, file: str) -> list[Issue]:
    """◐ one person in two households of a roster, said at each of the rows."""
    rows = uow.rows(
        "SELECT sheet, row, name, household_number, number_key FROM roster_person"
        " WHERE roster_id = :id AND number_key IN (SELECT number_key FROM roster_person WHERE roster_id = :id"
        " AND number_key IS NOT NULL GROUP BY number_key"
        " HAVING min(household_number) <> max(household_number)) ORDER BY number",
        {"id": roster_id},
    )
    places: dict[str, list[str]] = {}
    for sheet, row, _name, household, key in rows:
        places.setdefault(key, []).append(f"{sheet} 第 {row} 行（户 {household}）")
    return [
        Issue(
            severity=Severity.ASK, code="one person in two households", file=file, sheet=sheet, row=row,
            column="户编号", message=f"{name}　同一个证件号在两户里：{'、'.join(places[key])}",
        )
        for sheet, row, name, _household, key in rows
    ]  # fmt: skip


def _about_students(uow: UnitOfWork, roster_id: int, file: str) -> list[Issue]:
    """Say of the rows that look like a student what differs, and of namesakes that they are other people."""
    students = load_students(uow, today())
    candidates = find_candidates(uow, students, [roster_id])
    said: list[
        tuple[int, Severity, str, str, str]
    ] = []  # number in the roster, severity, code, column, message
    for student_id, found in candidates.items():
        for each in found:
            if each.judgement is not None:
                severity, code, column = _weight(each.likeness, each.judgement)
                why = "；".join(each.judgement.cautions or each.judgement.reasons)
                message = f"{each.side.name}　像是学生{students[student_id].who}：{why}"
                said.append((each.number, severity, code, column, message))
    apart = {
        student_id: student
        for student_id, student in students.items()
        if settled_of(candidates.get(student_id, ())) is None
    }
    for student_id, number, name in find_namesakes(uow, apart, roster_id):
        if all(each.number != number for each in candidates.get(student_id, ())):
            message = f"{name}　和学生{apart[student_id].who}同名，证件号不同，不是同一人"
            said.append((number, Severity.FIXED, "namesake", "姓名", message))
    places = {
        number: (sheet, row)
        for condition in id_conditions({number for number, *_rest in said})
        for number, sheet, row in uow.rows(
            f"SELECT number, sheet, row FROM roster_person WHERE roster_id = ? AND number {condition}",
            (roster_id,),
        )
    }
    return [
        Issue(
            severity=severity, code=code, message=message, file=file,
            sheet=places[number][0], row=places[number][1], column=column,
        )
        for number, severity, code, column, message in said
    ]  # fmt: skip


def _weight(likeness: Likeness, judgement: Judgement) -> tuple[Severity, str, str]:
    """Return how much it weighs that a row looks like a student, as severity, code and column."""
    if judgement.slips:
        return Severity.ASK, "ID differs in one digit", "证件号码"
    if likeness is Likeness.DIFFERS or (judgement.is_number_same and judgement.cautions):
        return Severity.ASK, "name differs", "姓名"
    # Number and name agree: only the comparison asks, for the number is that of another document.
    return (Severity.HINT if judgement.is_number_same else Severity.ASK), "may be a student", "姓名"
