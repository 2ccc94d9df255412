"""The fitting ways to answer a row of 待处理: who is meant, the same person or not, which day, which word, why so late."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from skillsaid_desktop.clock import today
from skillsaid_desktop.domain.months import MonthRule
from skillsaid_desktop.ledgers import STUDENTS, Ledger, ledger_named
from skillsaid_desktop.ledgers.contact_plan import SEVERAL_CONTACTS
from skillsaid_desktop.ledgers.listing import ListQuery, list_ids
from skillsaid_desktop.ledgers.people import find_namesakes
from skillsaid_desktop.ledgers.reported import MONTH_REPORTED
from skillsaid_desktop.ledgers.school_classes import class_key
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.dates import day_without_year
from skillsaid_desktop.schema.types import Date, Month
from skillsaid_desktop.services.pending import Pending
from skillsaid_desktop.services.record_change import students_of
from skillsaid_desktop.storage.unit_of_work import Reading

MOST_CANDIDATES = 20
_WHOM = frozenset({"学生", "身份证号"})
_DAYS_OF_ROWS = ("changed_on", "noted_on", "contacted_on", "paired_on")
_UNSURE_NUMBER = frozenset({"check digit", "length"})


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody whom a row may be about; `note` says what the ledger has of him already."""

    student_id: int
    name: str
    class_name: str
    number: str
    state: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class SameOrNot:
    """One 学籍号 under two numbers: the same person with a corrected number, or two people."""

    known: Candidate | None
    number_before: str
    number_now: str
    registration_number: str


@dataclass(frozen=True, kw_only=True)
class WholeClass:
    """A row that names a class instead of a person: who is meant, and what the row says happened."""

    class_name: str
    student_ids: tuple[int, ...]
    kind: str
    on: date | None


@dataclass(frozen=True, kw_only=True)
class Ways:
    """How a row can be answered where it stands.

    `asked` are the fields in question, `days` the day that a date without year must mean. `takes_doubtful_number`
    offers 证件号待核, `confirms` says in words what yes does, where a question can be settled so.
    """

    asked: tuple[str, ...] = ()
    days: dict[str, date] = field(default_factory=dict)
    chooses_person: bool = False
    candidates: tuple[Candidate, ...] = ()
    same: SameOrNot | None = None
    takes_doubtful_number: bool = False
    confirms: str = ""
    whole_class: WholeClass | None = None
    needs_reason: bool = False


def ways_to_answer(reading: Reading, pending: Pending) -> Ways:
    """Return the fitting ways to answer a row."""
    ledger = ledger_named(pending.ledger)
    stopping = [each for each in pending.issues if each.waits or each.severity is Severity.BLOCK]
    codes = {each.code for each in stopping}
    asked = () if "ID corrected" in codes else _asked(ledger, stopping)
    whole_class = _whole_class(reading, pending) if "not a person" in codes else None
    chooses = (
        ledger.name != STUDENTS.name
        and "not a person" not in codes
        and any(each.column in _WHOM for each in stopping)
    )
    return Ways(
        asked=asked,
        days=_days(reading, pending, ledger, asked),
        chooses_person=chooses,
        candidates=tuple(namesakes_of(reading, pending)) if chooses else (),
        same=_same_or_not(reading, pending) if "ID corrected" in codes else None,
        takes_doubtful_number=ledger.name == STUDENTS.name and bool(codes) and codes <= _UNSURE_NUMBER,
        confirms=_confirms(ledger, stopping, asked),
        whole_class=whole_class,
        needs_reason=MONTH_REPORTED in codes,
    )


def _confirms(ledger: Ledger, stopping: Sequence[Issue], asked: Sequence[str]) -> str:
    codes = {each.code for each in stopping}
    if ledger.name == "changes" and codes == {"unknown word"} and tuple(asked) == ("remark",):
        return "没有写期限，照样登记"
    if codes == {SEVERAL_CONTACTS} and "分别登记" in stopping[0].message:
        return "核对过，按几次分别登记"
    return ""


def namesakes_of(reading: Reading, pending: Pending) -> list[Candidate]:
    """Return who of the ledger has the name of the row: of its class first, else of the school."""
    name = pending.cells.get("student_name") or ""
    tail = pending.cells.get("number_tail") or ""
    if not name.strip():
        return []
    class_name = pending.cells.get("class_name")
    day = _day_of(reading, pending)
    people = find_namesakes(reading, name, day=day, class_name=class_name, tail=tail)
    return candidates(reading, [each.id for each in people], pending)


def search_people(reading: Reading, text: str, pending: Pending) -> list[Candidate]:
    """Return whom a search of the whole ledger finds, at most twenty; by name, initials, class or tail of a number."""
    if not text.strip():
        return namesakes_of(reading, pending)
    ids = list_ids(reading, STUDENTS, ListQuery(as_of=_day_of(reading, pending), search=text))
    return candidates(reading, ids[:MOST_CANDIDATES], pending)


def candidates(reading: Reading, student_ids: Sequence[int], pending: Pending) -> list[Candidate]:
    """Return these people as they stood on the day of the row."""
    day = _day_of(reading, pending).isoformat()
    month = pending.cells.get("month") if pending.ledger == "monitoring" else None
    found = []
    for one in student_ids:
        rows = reading.rows(
            "SELECT s.name, s.document_number, sp.class_name, sp.state FROM student s LEFT JOIN student_span sp"
            " ON sp.student_id = s.id AND sp.from_on <= ? AND sp.to_on >= ? WHERE s.id = ?",
            (day, day, one),
        )
        note = ""
        if month:
            noted = reading.scalar(
                "SELECT count(*) FROM monitoring_note WHERE student_id = ? AND month = ?", (one, month)
            )
            note = f"本月已有 {noted} 条监测" if noted else "本月还没有监测"
        for name, number, class_name, state in rows:
            found.append(
                Candidate(
                    student_id=one, name=name, class_name=class_name or "", number=number or "",
                    state=state or "还没有入学", note=note,
                )
            )  # fmt: skip
    return found


def _asked(ledger: Ledger, stopping: Sequence[Issue]) -> tuple[str, ...]:
    columns = {each.column for each in stopping}
    return tuple(
        each.name
        for each in ledger.importable
        if (each.title in columns or each.name in columns) and each.name != "student_name"
    )


def _read(raw: str | None) -> date | None:
    value = Date().parse(raw).value if raw else None
    return value if isinstance(value, date) else None


def _day_of(reading: Reading, pending: Pending) -> date:
    """Return the day on which a row looks at people: its own, else the end of its month, else its file's."""
    cells = pending.cells
    own = next((day for name in _DAYS_OF_ROWS if (day := _read(cells.get(name)))), None)
    if own is not None:
        return own
    month: Any = Month().parse(cells["month"]).value if cells.get("month") else None
    if month is not None:
        return MonthRule(reading.settings.cutoff_day).period(month).to_on
    return _read(cells.get("as_of")) or today()


def _days(reading: Reading, pending: Pending, ledger: Ledger, asked: Sequence[str]) -> dict[str, date]:
    """Return the day that each date without a year must mean: in the month of the sheet, else the latest one past."""
    found: dict[str, date] = {}
    rule = MonthRule(reading.settings.cutoff_day)
    month: Any = Month().parse(pending.cells["month"]).value if pending.cells.get("month") else None
    near = rule.period(month).to_on if month else _read(pending.cells.get("as_of")) or today()
    for name in asked:
        if not isinstance(ledger.column(name).type, Date):
            continue
        parts = day_without_year(pending.cells.get(name) or "")
        if parts is None:
            continue
        for year in (near.year, near.year - 1):
            try:
                day = date(year, *parts)
            except ValueError:
                continue
            if day <= near or (month and rule.month_of(day) == month):
                found[name] = day
                break
    return found


def _same_or_not(reading: Reading, pending: Pending) -> SameOrNot:
    registration = pending.cells.get("registration_number") or ""
    now = pending.cells.get("document_number") or ""
    rows = reading.rows("SELECT id FROM student WHERE registration_number = ? LIMIT 1", (registration,))
    known = candidates(reading, [rows[0][0]], pending)[0] if rows else None
    before = known.number if known else ""
    if known is None:
        before = (
            reading.scalar(
                "SELECT json_extract(cells, '$.document_number') FROM pending_row WHERE ledger = 'students'"
                " AND json_extract(cells, '$.registration_number') = ? AND id != ? ORDER BY id DESC LIMIT 1",
                (registration, pending.id),
            )
            or ""
        )
    return SameOrNot(known=known, number_before=before, number_now=now, registration_number=registration)


def _whole_class(reading: Reading, pending: Pending) -> WholeClass | None:
    """Return the class that a row names, if the school has it."""
    texts = [class_key(pending.cells.get(name) or "") for name in ("student_name", "class_name")]
    on = _read(pending.cells.get("changed_on"))
    for class_id, name in reading.rows("SELECT id, name FROM school_class ORDER BY length(name) DESC"):
        if any(text.startswith(class_key(name)) for text in texts if text):
            kind = pending.cells.get("kind") or ""
            parsed = ledger_named("changes").column("kind").type.parse(kind, reading.policy.words(today()))
            people = students_of(reading, class_id=class_id, on=on)
            return WholeClass(class_name=name, student_ids=tuple(people), kind=parsed.value or "", on=on)
    return None
