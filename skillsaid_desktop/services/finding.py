"""查找: what the search over everything finds in the ledgers, group by group, as lines for a list.

Every ledger with search columns is looked through; a new one needs nothing here.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop import ledgers
from skillsaid_desktop.domain.names import matched_span
from skillsaid_desktop.ledgers import STUDENTS, Ledger
from skillsaid_desktop.ledgers.finding import Lookup
from skillsaid_desktop.ledgers.listing import fetch_rows
from skillsaid_desktop.schema import Field, Privacy
from skillsaid_desktop.schema.masking import mask_number, mask_words

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading

MOST_STUDENTS, MOST_OTHERS = 7, 3
"""Lines of one group; the rest is a click away on the ledger's own page."""
_SAID = 3
"""Facts beside a name."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Line:
    """A line of the list: a text and a smaller one beside it, each with the parts that were searched (start, length)."""

    text: str
    about: str = ""
    marks: tuple[Span, ...] = ()
    about_marks: tuple[Span, ...] = ()


@dataclass(frozen=True)
class FoundRecord:
    """A record: where it stands, and its line."""

    ledger: str
    record_id: int
    line: Line


@dataclass(frozen=True)
class FoundGroup:
    """The best records of one ledger, and the ids of all that match."""

    ledger: str
    title: str
    unit: str
    records: tuple[FoundRecord, ...]
    ids: tuple[int, ...]


def find_groups(
    reading: "Reading", text: str, as_of: date, among: Sequence[Ledger] | None = None
) -> Iterator[FoundGroup]:
    """Yield what each ledger holds of a text, the students first; a group may be empty."""
    lookup = Lookup(reading, text, as_of)
    for ledger in sorted(among or ledgers.own_ledgers(), key=lambda each: each.name != STUDENTS.name):
        hits = lookup.find(ledger, MOST_STUDENTS if ledger.name == STUDENTS.name else MOST_OTHERS)
        records = _records(reading, ledger, hits.best, text, as_of) if hits.best else ()
        yield FoundGroup(ledger.name, ledger.title, ledger.unit, records, hits.all)


def find_again(reading: "Reading", records: Sequence[tuple[str, int]], as_of: date) -> list[FoundRecord]:
    """Return the lines of records named by ledger and id, in their order; those that are gone are left out."""
    by_name = {each.name: each for each in ledgers.LEDGERS}
    found: list[FoundRecord] = []
    for name, record_id in records:
        if name in by_name:
            found += _records(reading, by_name[name], [record_id], "", as_of)
    return found


def match_line(text: str, about: str, words: str, term: str) -> Line | None:
    """Return a page, an act or a report as a line if each word of the search is in it; `words` are other names of it."""
    marks = []
    for each in term.split():
        span = matched_span(text, each)
        if span is None and matched_span(words, each) is None:
            return None
        marks += [span] if span is not None else []
    return Line(text, about, tuple(marks))


def _records(
    reading: "Reading", ledger: Ledger, ids: Sequence[int], text: str, as_of: date
) -> tuple[FoundRecord, ...]:
    rows = fetch_rows(reading, ledger, ids, as_of)
    family = _families(reading, [row["id"] for row in rows]) if ledger.name == STUDENTS.name and text else {}
    lines = [_line(ledger, row, text.split(), family.get(row["id"], ())) for row in rows]
    told = Counter((each.text, each.about) for each in lines)
    return tuple(
        FoundRecord(
            ledger.name, row["id"], _told_apart(line, row) if told[line.text, line.about] > 1 else line
        )
        for row, line in zip(rows, lines, strict=True)
    )


def _told_apart(line: Line, row: dict[str, Any]) -> Line:
    """Return the line of one of several people who read the same with the end of the number, as masks show it."""
    number = str(row.get("document_number") or "")
    return replace(line, about=f"{line.about}　尾号 {number[-4:]}") if number else line


def _line(ledger: Ledger, row: dict[str, Any], terms: Sequence[str], family: Sequence[str]) -> Line:
    first, *others = ledger.fields
    title = first.type.format(row.get(first.name))
    said = [_said(each, row) for each in others if each.privacy is not Privacy.NUMBER]
    about = [each for each in said if each][:_SAID]
    for term in terms:
        if not any(matched_span(each, term) for each in (title, *about)):
            about += _why(ledger, row, term, family)
    words = "　".join(dict.fromkeys(about))
    return Line(title, words, _spans(title, terms), _spans(words, terms))


def _said(column: Field, row: dict[str, Any]) -> str:
    value = row.get(column.name)
    return mask_words(column.type.format(value)) if value not in (None, "") else ""


def _why(ledger: Ledger, row: dict[str, Any], term: str, family: Sequence[str]) -> list[str]:
    """Say why a record was found by a word that its line does not show: a number, somebody of the family, a fact."""
    for each in ledger.fields:
        text = each.type.format(row.get(each.name)) if row.get(each.name) not in (None, "") else ""
        if text and text.upper().endswith(term.upper()) and term[:-1].isdigit():
            return [f"{each.title} {mask_number(text) if each.privacy is Privacy.NUMBER else text}"]
    searched = {each.column for each in (*ledger.search, *ledger.found_by) if each.through is None}
    for each in ledger.fields:
        text = _said(each, row)
        if text and each.name in searched and matched_span(text, term):
            return [f"{each.title} {text}"]
    return [each for each in family if matched_span(each.rpartition(" ")[2], term)][:1]


def _families(reading: "Reading", student_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return who lives with these students, each as 户主 黄秀莲 or 家人 黄小军."""
    found: dict[int, list[str]] = {}
    wanted = ",".join(map(str, student_ids))
    for student_id, word, name in reading.rows(
        "SELECT m.student_id, CASE f.relation WHEN '户主' THEN '户主' ELSE '家人' END, f.name FROM household_member m"
        " JOIN household_member f ON f.household_id = m.household_id AND f.id != m.id"
        f" WHERE m.student_id IN ({wanted}) UNION SELECT m.student_id, '户主', h.head_name FROM household_member m"
        f" JOIN household h ON h.id = m.household_id WHERE m.student_id IN ({wanted}) ORDER BY 2 DESC"
    ):
        found.setdefault(student_id, []).append(f"{word} {name}")
    return found


def _spans(text: str, terms: Sequence[str]) -> tuple[Span, ...]:
    return tuple(span for span in (matched_span(text, each) or _tail(text, each) for each in terms) if span)


def _tail(text: str, term: str) -> Span | None:
    """Return where the end of a number stands, of which the mask leaves less in sight than was searched."""
    tails = [term[start:].upper() for start in range(1, len(term) - 1)] if term[:-1].isdigit() else []
    return next(((len(text) - len(tail), len(tail)) for tail in tails if text.endswith(tail)), None)
