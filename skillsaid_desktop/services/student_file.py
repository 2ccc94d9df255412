"""One student at a glance: who he is, how it is now, what happened month by month, and who edited what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from skillsaid_desktop.clock import today
from skillsaid_desktop.follow_ups import FollowUp, Place, follow_ups_of
from skillsaid_desktop.ledgers import STUDENTS
from skillsaid_desktop.ledgers.listing import fetch_rows
from skillsaid_desktop.ledgers.register import TITLES
from skillsaid_desktop.schema import Severity
from skillsaid_desktop.schema.document_number import age_on
from skillsaid_desktop.services.extra_columns import extra_facts
from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.storage.unit_of_work import Reading

EntryKind = Literal["change", "category", "note", "measure", "import", "question"]


@dataclass(frozen=True)
class Answer:
    """One of the four facts that answer "how is it now": its label and its line."""

    label: str
    text: str


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened or is due: day, one sentence, one small line; `record_id` leads to it.

    `place` is where something that is still to be done is done.
    """

    kind: EntryKind
    on: date
    text: str
    detail: str = ""
    entity: str = ""
    record_id: int | None = None
    is_ahead: bool = False
    is_attention: bool = False
    place: Place | None = None


@dataclass(frozen=True)
class CategoryRow:
    """One dated category, as the drawer edits it."""

    id: int
    category: str
    from_on: date
    to_on: date | None
    start_unknown: bool
    evidence: str
    original_wording: str
    is_target: bool
    source: str = ""


@dataclass(frozen=True)
class StudentFile:
    """Everything the drawer shows."""

    student_id: int
    values: dict[str, Any]
    age: int | None
    answers: tuple[Answer, ...]
    categories: tuple[CategoryRow, ...]
    timeline: tuple[TimelineEntry, ...]
    extra_facts: tuple[tuple[str, str], ...] = ()  # columns of a roster that no ledger knows: heading, value

    @property
    def ahead(self) -> tuple[TimelineEntry, ...]:
        """Return what is due, soonest first."""
        return tuple(sorted((each for each in self.timeline if each.is_ahead), key=lambda each: each.on))

    @property
    def past(self) -> tuple[TimelineEntry, ...]:
        """Return what happened, latest first."""
        return tuple(each for each in self.timeline if not each.is_ahead)


@dataclass(frozen=True)
class Edit:
    """One edit of a student or of what belongs to him."""

    operation_id: int
    operation: str
    user: str
    at: datetime
    title: str
    before: str
    after: str


def load_student(reading: Reading, student_id: int, as_of: date | None = None) -> StudentFile | None:
    """Return a student's file as of a day, None if he is gone."""
    day = as_of or today()
    rows = fetch_rows(reading, STUDENTS, [student_id], day)
    if not rows:
        return None
    values = rows[0]
    categories = load_categories(reading, student_id, day)
    timeline = [
        *_changes(reading, student_id), *_category_entries(categories), *_questions(reading, student_id),
        *(each for each in _notes(reading, student_id, day) if not each.is_ahead),
        *(_ahead(each) for each in follow_ups_of(reading, student_id)),
    ]  # fmt: skip
    timeline.sort(key=lambda each: each.on, reverse=True)
    born = values.get("born_on")
    return StudentFile(
        student_id=student_id,
        values=values,
        age=age_on(born, day) if born else None,
        answers=_answers(reading, student_id, values, day),
        categories=tuple(categories),
        timeline=tuple(timeline),
        extra_facts=tuple(extra_facts(reading, "student", student_id)),
    )


def list_edits(ledger_file: LedgerFile, student_id: int, limit: int = 200) -> list[Edit]:
    """Return the edits of a student and of his changes, categories and notes, newest first."""
    with ledger_file.reading() as reading:
        rows = reading.rows(
            'SELECT o.id, o.name, o."user", o.at, c.entity, c.before, c.after FROM change c'
            " JOIN operation o ON o.id = c.operation_id"
            " WHERE (c.entity = 'student' AND c.record_id = :id)"
            " OR (c.entity IN ('status_change', 'hardship_status', 'monitoring_note')"
            " AND json_extract(coalesce(c.after, c.before), '$.student_id') = :id)"
            " ORDER BY c.id DESC LIMIT :limit",
            {"id": student_id, "limit": limit},
        )
    edits = []
    for operation_id, name, user, at, entity, before, after in rows:
        for title, old, new in _said(entity, before, after):
            edits.append(Edit(operation_id, name, user, datetime.fromisoformat(at), title, old, new))
    return edits


_ENTITIES = {"status_change": "异动", "hardship_status": "身份类别", "monitoring_note": "监测"}
_SHOWN = {
    "status_change": ("kind", "changed_on"),
    "hardship_status": ("category", "from_on", "to_on"),
    "monitoring_note": ("month", "difficulty"),
}


def _said(entity: str, before: str | None, after: str | None) -> list[tuple[str, str, str]]:
    import json

    old: dict[str, Any] = json.loads(before) if before else {}
    new: dict[str, Any] = json.loads(after) if after else {}
    if entity in _SHOWN:
        texts = [
            " ".join(str(side[name]) for name in _SHOWN[entity] if side.get(name)) for side in (old, new)
        ]
        return [(_ENTITIES[entity], texts[0], texts[1])]
    if not old or not new:
        return [("学生", str(old.get("name") or ""), str(new.get("name") or ""))]
    return [
        (TITLES[name], _text(old.get(name)), _text(new.get(name)))
        for name in new
        if name in TITLES and old.get(name) != new.get(name)
    ]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _answers(reading: Reading, student_id: int, values: dict[str, Any], day: date) -> tuple[Answer, ...]:
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
    family = "，".join(part for part in (household, home) if part) or "家庭还没有填"
    entered = values.get("entered_on")
    state = values.get("current_state") or "还没有入学"
    since = reading.scalar(
        "SELECT max(changed_on) FROM status_change WHERE student_id = ? AND changed_on <= ?",
        (student_id, day.isoformat()),
    )
    standing = f"{state}，{values.get('last_change') or (f'{entered} 入学' if entered else '')}"
    if since is None:
        standing = state
    category = values.get("category") or "没有身份类别"
    start = values.get("category_from")
    identity = f"{category}，{start} 起" if start else category
    notes = reading.rows(
        "SELECT month, difficulty FROM monitoring_note WHERE student_id = ? ORDER BY month DESC, noted_on DESC",
        (student_id,),
    )
    seen: dict[str, str] = {}
    for month, difficulty in notes:
        seen.setdefault(month, difficulty)
    watched = "，".join(f"{int(month[5:])}月 {level}" for month, level in list(seen.items())[:2])
    return (
        Answer("家庭", family), Answer("学籍", standing), Answer("身份", identity),
        Answer("监测", watched or "还没有监测"),
    )  # fmt: skip


def load_categories(reading: Reading, student_id: int, day: date) -> list[CategoryRow]:
    """Return the dated categories of a student, newest first."""
    rows = reading.rows(
        "SELECT id, category, from_on, to_on, start_unknown, evidence, original_wording, source FROM hardship_status"
        " WHERE student_id = ? ORDER BY from_on DESC, id DESC",
        (student_id,),
    )
    return [
        CategoryRow(
            row[0], row[1], date.fromisoformat(row[2]), _day(row[3]), bool(row[4]), row[5] or "", row[6] or "",
            reading.policy.is_target(row[1], day), row[7] or "",
        )
        for row in rows
    ]  # fmt: skip


def _changes(reading: Reading, student_id: int) -> list[TimelineEntry]:
    rows = reading.rows(
        "SELECT c.id, c.kind, c.changed_on, c.is_opening, c.is_inferred, c.reason, c.approval_number,"
        " c.class_before, k.name, c.major_before, c.major, c.level_before, c.level, c.other_school, c.source,"
        " c.correction_reason FROM status_change c LEFT JOIN school_class k ON k.id = c.class_id"
        " WHERE c.student_id = ?",
        (student_id,),
    )
    found = []
    for row in rows:
        (change_id, kind, on, opening, inferred, reason, number, class_before, class_name, major_before, major,
         level_before, level, school, source, correction) = row  # fmt: skip
        moves = [
            f"{before} → {after}" if before else str(after)
            for before, after in ((class_before, class_name), (major_before, major), (level_before, level))
            if after
        ]
        mark = "（期初）" if opening else "（名册推定）" if inferred else ""
        detail = "；".join(
            part
            for part in (
                "，".join(moves),
                school,
                reason,
                number,
                f"更正：{correction}" if correction else "",
                source,
            )
            if part
        )
        found.append(
            TimelineEntry(
                "change", date.fromisoformat(on), f"{kind}{mark}", detail, "status_change", change_id,
                is_attention=bool(correction),
            )
        )  # fmt: skip
    return found


def _category_entries(categories: Sequence[CategoryRow]) -> list[TimelineEntry]:
    found = []
    for row in categories:
        mark = "（起始日期未知）" if row.start_unknown else ""
        wording = f"名册写作“{row.original_wording}”" if row.original_wording else row.evidence
        found.append(
            TimelineEntry(
                "category", row.from_on, f"身份类别：{row.category}{mark}", wording, "hardship_status", row.id
            )
        )
        if row.to_on is not None:
            found.append(
                TimelineEntry(
                    "category", row.to_on, f"身份类别到此为止：{row.category}", "", "hardship_status", row.id
                )
            )
    return found


def _notes(reading: Reading, student_id: int, day: date) -> list[TimelineEntry]:
    rows = reading.rows(
        "SELECT n.id, n.noted_on, n.noted_by, n.difficulty, n.days_due, n.days_present, n.courses_failed, n.study,"
        " n.life, m.id, m.measure, m.responsible, m.due_on, m.result, m.completed_on FROM monitoring_note n"
        " LEFT JOIN help_measure m ON m.note_id = n.id WHERE n.student_id = ? ORDER BY n.id, m.id",
        (student_id,),
    )
    found, seen = [], set()
    for row in rows:
        (note_id, on, by, level, due, present, failed, study, life, measure_id, measure, responsible, due_on,
         result, completed) = row  # fmt: skip
        if note_id not in seen:
            seen.add(note_id)
            attended = f"出勤 {present} / {due}" if due is not None and present is not None else ""
            lacking = f"不及格 {failed} 门" if failed else ""
            detail = "，".join(part for part in (attended, lacking, study, life, by) if part)
            found.append(
                TimelineEntry("note", date.fromisoformat(on), f"监测：{level}", detail, "monitoring_note", note_id,
                              is_attention=level in ("较重", "紧急"))
            )  # fmt: skip
        if measure_id is None:
            continue
        is_open = not result and not completed
        on_day = _day(due_on) if is_open and due_on else _day(completed) or date.fromisoformat(on)
        assert on_day is not None
        who = f"责任人 {responsible}" if responsible else ""
        found.append(
            TimelineEntry(
                "measure", on_day, measure if is_open else f"{measure}：{result or '已完成'}", who, "help_measure",
                measure_id, is_ahead=is_open and due_on is not None, is_attention=is_open and on_day < day,
            )
        )  # fmt: skip
    return found


_AHEAD_AS: dict[str, EntryKind] = {"unseen": "note", "category": "category", "waiting": "question"}


def _ahead(one: FollowUp) -> TimelineEntry:
    """Return a follow-up as what comes next."""
    return TimelineEntry(
        _AHEAD_AS.get(one.kind, "measure"), one.due_on, one.text, f"责任人 {one.responsible}，{one.left(today())}",
        is_ahead=True, is_attention=one.severity is Severity.ASK, place=one.place,
    )  # fmt: skip


def _questions(reading: Reading, student_id: int) -> list[TimelineEntry]:
    rows = reading.rows(
        "SELECT id, message, asked_at, file, row FROM open_question"
        " WHERE entity = 'student' AND record_id = ? AND answer IS NULL",
        (student_id,),
    )
    return [
        TimelineEntry(
            "question", datetime.fromisoformat(at).date(), message, f"{file} 第 {row} 行" if row else file,
            "open_question", question_id, is_attention=True,
        )
        for question_id, message, at, file, row in rows
    ]  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
