"""One student at a glance: who he is, how it is now, and what happened month by month."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from skillsaid_desktop.clock import today
from skillsaid_desktop.follow_ups import FollowUp, follow_ups_of
from skillsaid_desktop.ledgers import STUDENTS
from skillsaid_desktop.ledgers.hardship import CategoryRow, load_categories, say_begun
from skillsaid_desktop.ledgers.listing import fetch_rows
from skillsaid_desktop.ledgers.timeline import TimelineEntry, load_timeline
from skillsaid_desktop.schema import Severity
from skillsaid_desktop.schema.document_number import age_on
from skillsaid_desktop.services.attention import OpenFlag, load_open_flags
from skillsaid_desktop.services.extra_columns import extra_facts
from skillsaid_desktop.storage.unit_of_work import Reading


@dataclass(frozen=True)
class Answer:
    """One of the facts that answer "how is it now": its label and its line."""

    label: str
    text: str


@dataclass(frozen=True)
class StudentFile:
    """Everything the drawer shows."""

    student_id: int
    values: dict[str, Any]
    age: int | None
    answers: tuple[Answer, ...]
    categories: tuple[CategoryRow, ...]
    timeline: tuple[TimelineEntry, ...]
    flags: tuple[OpenFlag, ...] = ()
    extra_facts: tuple[tuple[str, str], ...] = ()  # columns of a roster that no ledger knows: heading, value

    @property
    def ahead(self) -> tuple[TimelineEntry, ...]:
        """Return what is due, soonest first."""
        return tuple(sorted((each for each in self.timeline if each.is_ahead), key=lambda each: each.on))

    @property
    def past(self) -> tuple[TimelineEntry, ...]:
        """Return what happened, latest first."""
        return tuple(each for each in self.timeline if not each.is_ahead)


def load_student(reading: Reading, student_id: int, as_of: date | None = None) -> StudentFile | None:
    """Return a student's file as of a day, None if he is gone."""
    day = as_of or today()
    rows = fetch_rows(reading, STUDENTS, [student_id], day)
    if not rows:
        return None
    values = rows[0]
    born = values.get("born_on")
    happened = [each for each in load_timeline(reading, student_id, day) if not each.is_ahead]
    # What comes next is derived as it is for the desk, so that both say the same.
    ahead = [_ahead(each) for each in follow_ups_of(reading, student_id)]
    told = [(label, answer(reading, student_id, values, day)) for label, answer in ANSWERS]
    return StudentFile(
        student_id=student_id,
        values=values,
        age=age_on(born, day) if born else None,
        answers=tuple(Answer(label, text) for label, text in told if text),
        categories=tuple(load_categories(reading, student_id, day)),
        timeline=tuple(sorted((*happened, *ahead), key=lambda each: each.on, reverse=True)),
        flags=tuple(load_open_flags(reading, student_id)),
        extra_facts=tuple(extra_facts(reading, "student", student_id)),
    )


_AHEAD_AS = {"unseen": "note", "category": "category", "waiting": "question", "contact": "contact"}


def _ahead(one: FollowUp) -> TimelineEntry:
    """Return a follow-up as what comes next."""
    return TimelineEntry(
        _AHEAD_AS.get(one.kind, "measure"), one.due_on, one.text, f"责任人 {one.responsible}，{one.left(today())}",
        is_ahead=True, is_attention=one.severity is Severity.ASK, place=one.place,
    )  # fmt: skip


Tell = Callable[[Reading, int, Mapping[str, Any], date], str]


def _family(reading: Reading, student_id: int, values: Mapping[str, Any], day: date) -> str:
    head, relation = values.get("head_name"), values.get("relation_to_head")
    homes = reading.rows(
        "SELECT h.head_name, m.relation FROM household_member m JOIN household h ON h.id = m.household_id"
        " WHERE m.student_id = ? ORDER BY h.id LIMIT 1",
        (student_id,),
    )
    if homes:
        head, relation = homes[0][0], homes[0][1] or relation
    home = "".join(values.get(name) or "" for name in ("home_county", "home_township"))
    guardian = values.get("guardian_name")
    household = f"户主 {head}" + (f"（{relation}）" if relation else "") if head else ""
    household = household or (
        f"监护人 {guardian}（{values.get('guardian_relation') or '关系没有填'}）" if guardian else ""
    )
    return "，".join(part for part in (household, home) if part) or "家庭还没有填"


def _standing(reading: Reading, student_id: int, values: Mapping[str, Any], day: date) -> str:
    state = values.get("current_state") or "还没有入学"
    entered = values.get("entered_on")
    since = reading.scalar(
        "SELECT max(changed_on) FROM status_change WHERE student_id = ? AND changed_on <= ?",
        (student_id, day.isoformat()),
    )
    if since is None:
        return str(state)
    return f"{state}，{values.get('last_change') or (f'{entered} 入学' if entered else '')}"


def _identity(reading: Reading, student_id: int, values: Mapping[str, Any], day: date) -> str:
    category = values.get("category") or "没有身份类别"
    start = values.get("category_from")
    if not start:
        return str(category)
    is_unknown = reading.scalar(
        "SELECT start_unknown FROM hardship_status WHERE student_id = ? AND category = ? AND from_on = ?",
        (student_id, category, start.isoformat()),
    )
    return f"{category}，{say_begun(start, is_unknown=bool(is_unknown))}"


def _watched(reading: Reading, student_id: int, values: Mapping[str, Any], day: date) -> str:
    notes = reading.rows(
        "SELECT month, difficulty FROM monitoring_note WHERE student_id = ? ORDER BY month DESC, noted_on DESC, id DESC",
        (student_id,),
    )
    seen: dict[str, str] = {}
    for month, difficulty in notes:
        seen.setdefault(month, difficulty)
    told = [f"{int(month[5:])}月 {level}" for month, level in list(seen.items())[:2]]
    return "，".join(told) or "还没有监测"


def _paired(reading: Reading, student_id: int, values: Mapping[str, Any], day: date) -> str:
    rows = reading.rows(
        "SELECT leader, post, paired_on FROM pairing WHERE student_id = :id AND paired_on <= :day"
        " AND (ended_on IS NULL OR ended_on >= :day) ORDER BY paired_on, id",
        {"id": student_id, "day": day.isoformat()},
    )
    told = [f"{leader}{f'（{post}）' if post else ''}，{on} 起" for leader, post, on in rows]
    return "；".join(told) or ("还没有结对" if values.get("is_target") else "")


def _attention(reading: Reading, student_id: int, values: Mapping[str, Any], day: date) -> str:
    return "；".join(
        f"{each.reason}（{each.raised_by} {each.raised_on.month}月{each.raised_on.day}日）"
        for each in load_open_flags(reading, student_id)
    )


ANSWERS: tuple[tuple[str, Tell], ...] = (
    ("关注", _attention),
    ("家庭", _family),
    ("学籍", _standing),
    ("身份", _identity),
    ("结对", _paired),
    ("监测", _watched),
)
"""What answers "how is it now", each with its label; a line that has nothing to say is left out."""
