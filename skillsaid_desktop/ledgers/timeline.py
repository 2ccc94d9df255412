"""What happened to a student, from every ledger that knows of something: one tuple of sources, one timeline.

A new ledger joins with one line in `TIMELINE`; drawer, 一生一档 and the choice of kinds follow from it.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.ledgers.hardship import load_categories
from skillsaid_desktop.ledgers.note_plan import HARD_LEVELS
from skillsaid_desktop.ledgers.register import TITLES
from skillsaid_desktop.schema.types import Amount

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading


@dataclass(frozen=True)
class EntryKind:
    """A kind of entry: its name, its word, the drawing beside it, and whether it stands on 一生一档."""

    name: str
    title: str
    icon: str
    on_paper: bool = True


@dataclass(frozen=True)
class Place:
    """Where something is mended: a page of the window with its parameters, and what the way there is called."""

    page: str
    params: Mapping[str, object]
    act: str


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened or is due: day, one sentence, one small line; `record_id` leads to it.

    `place` is where something that is still to be done is done.
    """

    kind: str
    on: date
    text: str
    detail: str = ""
    entity: str = ""
    record_id: int | None = None
    is_ahead: bool = False
    is_attention: bool = False
    place: Place | None = None


Load = Callable[["Reading", int, date], Iterable[TimelineEntry]]


@dataclass(frozen=True)
class TimelineSource:
    """Where entries come from: `load` returns those of a student, as looked at on a day, in any order."""

    load: Load
    kinds: tuple[EntryKind, ...]


def load_timeline(reading: "Reading", student_id: int, day: date) -> list[TimelineEntry]:
    """Return all entries of a student, latest first."""
    found = [entry for source in TIMELINE for entry in source.load(reading, student_id, day)]
    return sorted(found, key=lambda each: each.on, reverse=True)


def kind_named(name: str) -> EntryKind:
    """Return a kind of entry by its name; KeyError if no source has it."""
    for kind in all_kinds():
        if kind.name == name:
            return kind
    raise KeyError(name)


def all_kinds() -> list[EntryKind]:
    """Return the kinds of all sources, in the order in which they are offered."""
    return [kind for source in TIMELINE for kind in source.kinds]


def _changes(reading: "Reading", student_id: int, day: date) -> Iterable[TimelineEntry]:
    rows = reading.rows(
        "SELECT c.id, c.kind, c.changed_on, c.is_opening, c.is_inferred, c.reason, c.approval_number,"
        " c.class_before, k.name, c.major_before, c.major, c.level_before, c.level, c.other_school, c.source,"
        " c.correction_reason FROM status_change c LEFT JOIN school_class k ON k.id = c.class_id"
        " WHERE c.student_id = ? ORDER BY c.id",
        (student_id,),
    )
    for row in rows:
        (change_id, kind, on, opening, inferred, reason, number, class_before, class_name, major_before, major,
         level_before, level, school, source, correction) = row  # fmt: skip
        moves = [
            f"{before} → {after}" if before else str(after)
            for before, after in ((class_before, class_name), (major_before, major), (level_before, level))
            if after
        ]
        mark = "（期初）" if opening else "（名册推定）" if inferred else ""
        late = f"更正：{correction}" if correction else ""
        detail = _joined(("，".join(moves), school, reason, number, late, source))
        yield TimelineEntry(
            "change", date.fromisoformat(on), f"{kind}{mark}", detail, "status_change", change_id,
            is_attention=bool(correction),
        )  # fmt: skip


def _categories(reading: "Reading", student_id: int, day: date) -> Iterable[TimelineEntry]:
    for row in load_categories(reading, student_id, day):
        mark = "（起始日期未知）" if row.start_unknown else ""
        wording = f"名册写作“{row.original_wording}”" if row.original_wording else row.evidence
        begun = f"身份类别：{row.category}{mark}"
        yield TimelineEntry("category", row.from_on, begun, wording, "hardship_status", row.id)
        if row.to_on is not None:
            ended = f"身份类别到此为止：{row.category}"
            yield TimelineEntry("category", row.to_on, ended, "", "hardship_status", row.id)


_NOTED = ("学习：", "生活：", "心理、健康：", "家庭变故：", "")
"""What each text of a note is about; a remark says so itself."""


def _notes(reading: "Reading", student_id: int, day: date) -> Iterable[TimelineEntry]:
    rows = reading.rows(
        "SELECT id, noted_on, noted_by, form, difficulty, days_due, days_present, courses_failed, study, life, health,"
        " family_event, remark, correction_reason FROM monitoring_note WHERE student_id = ? ORDER BY id",
        (student_id,),
    )
    for row in rows:
        note_id, on, by, form, level, due, present, failed, *texts, correction = row
        attended = f"出勤 {present} / {due}" if due is not None and present is not None else ""
        lacking = f"不及格 {failed} 门" if failed else ""
        who = " ".join(part for part in (by, form) if part)
        late = f"更正：{correction}" if correction else ""
        told = (f"{about}{text}" for about, text in zip(_NOTED, texts, strict=True) if text)
        detail = _joined(("，".join(part for part in (attended, lacking) if part), *told, who, late))
        yield TimelineEntry(
            "note", date.fromisoformat(on), f"监测：{level}", detail, "monitoring_note", note_id,
            is_attention=level in HARD_LEVELS,
        )  # fmt: skip


def _measures(reading: "Reading", student_id: int, day: date) -> Iterable[TimelineEntry]:
    rows = reading.rows(
        "SELECT m.id, coalesce(n.noted_on, c.contacted_on), m.measure, coalesce(m.responsible, c.leader), m.due_on,"
        " m.result, m.completed_on FROM help_measure m LEFT JOIN monitoring_note n ON n.id = m.note_id"
        " LEFT JOIN contact c ON c.id = m.contact_id"
        " WHERE m.note_id IN (SELECT id FROM monitoring_note WHERE student_id = :id)"
        " OR m.contact_id IN (SELECT id FROM contact WHERE student_id = :id) ORDER BY m.id",
        {"id": student_id},
    )
    for measure_id, noted_on, measure, responsible, due_on, result, completed_on in rows:
        who = f"责任人 {responsible}" if responsible else ""
        is_open = not result and not completed_on
        on = date.fromisoformat((due_on if is_open else completed_on) or noted_on)
        text = measure if is_open else f"{measure}：{result or '已完成'}"
        is_late = is_open and due_on is not None and on < day
        yield TimelineEntry(
            "measure", on, text, "，".join(part for part in (who, "逾期" if is_late else "") if part),
            "help_measure", measure_id, is_ahead=is_open and due_on is not None, is_attention=is_late,
        )  # fmt: skip


def _pairings(reading: "Reading", student_id: int, day: date) -> Iterable[TimelineEntry]:
    rows = reading.rows(
        "SELECT id, leader, post, paired_on, ended_on, end_reason, source FROM pairing WHERE student_id = ?"
        " ORDER BY paired_on, id",
        (student_id,),
    )
    for pairing_id, leader, post, paired_on, ended_on, reason, source in rows:
        who = f"{leader}（{post}）" if post else leader
        begun = date.fromisoformat(paired_on)
        yield TimelineEntry("pairing", begun, f"和{who}结对", source or "", "pairing", pairing_id)
        if ended_on is not None:
            ended = date.fromisoformat(ended_on)
            yield TimelineEntry(
                "pairing", ended, f"和{leader}的结对解除", reason or "", "pairing", pairing_id
            )


def _contacts(reading: "Reading", student_id: int, day: date) -> Iterable[TimelineEntry]:
    rows = reading.rows(
        "SELECT id, contacted_on, leader, form, situation, difficulties, amount_fen, effect, next_plan FROM contact"
        " WHERE student_id = ? ORDER BY id",
        (student_id,),
    )
    for contact_id, on, leader, form, situation, difficulties, fen, effect, plan in rows:
        trouble = f"困难：{difficulties}" if difficulties not in (None, "", "无") else ""
        money = f"给了 {Amount().format(fen)} 元" if fen else ""
        detail = _joined((situation, trouble, money, effect, f"下次：{plan}" if plan else ""))
        yield TimelineEntry(
            "contact", date.fromisoformat(on), f"{leader}{form or '联系'}", detail, "contact", contact_id
        )


def _flags(reading: "Reading", student_id: int, day: date) -> Iterable[TimelineEntry]:
    rows = reading.rows(
        "SELECT id, reason, raised_on, raised_by, cleared_on, cleared_by, cleared_reason FROM attention_flag"
        " WHERE student_id = ? ORDER BY id",
        (student_id,),
    )
    for flag_id, reason, raised_on, raised_by, cleared_on, cleared_by, why in rows:
        yield TimelineEntry(
            "flag", date.fromisoformat(raised_on), f"列入关注：{reason}", raised_by, "attention_flag", flag_id,
            is_attention=cleared_on is None,
        )  # fmt: skip
        if cleared_on is not None:
            detail = _joined((f"原来关注的是：{reason}", cleared_by))
            cleared = date.fromisoformat(cleared_on)
            yield TimelineEntry("flag", cleared, f"不再关注：{why}", detail, "attention_flag", flag_id)


def _files(reading: "Reading", student_id: int, day: date) -> Iterable[TimelineEntry]:
    rows = reading.rows(
        "SELECT added_on, group_concat(DISTINCT kind) FROM attachment WHERE entity = 'student' AND record_id = ?"
        " GROUP BY added_on ORDER BY added_on",
        (student_id,),
    )
    for added_on, kinds in rows:
        text = f"归入材料：{'、'.join(sorted(kinds.split(',')))}"
        yield TimelineEntry("file", date.fromisoformat(added_on), text, "", "student", student_id)


def _edits(reading: "Reading", student_id: int, day: date) -> Iterable[TimelineEntry]:
    """Return what was done to the student's own columns, one entry an operation; numbers are not repeated."""
    rows = reading.rows(
        "SELECT o.name, o.at, o.source, c.before, c.after FROM change c JOIN operation o ON o.id = c.operation_id"
        " WHERE c.entity = 'student' AND c.record_id = ? AND c.before IS NOT NULL AND c.after IS NOT NULL"
        " AND o.undone_by_id IS NULL AND o.undoes_id IS NULL ORDER BY c.id",
        (student_id,),
    )
    for name, at, source, before, after in rows:
        old: dict[str, Any] = json.loads(before)
        new: dict[str, Any] = json.loads(after)
        changed = [title for each, title in TITLES.items() if old.get(each) != new.get(each)]
        if changed:
            detail = f"{name}（{source}）" if source and source not in name else name
            moment = datetime.fromisoformat(at).date()
            yield TimelineEntry("import", moment, f"改了{'、'.join(changed)}", detail)


def _questions(reading: "Reading", student_id: int, day: date) -> Iterable[TimelineEntry]:
    rows = reading.rows(
        "SELECT id, message, asked_at, file, row FROM open_question"
        " WHERE entity = 'student' AND record_id = ? AND answer IS NULL ORDER BY id",
        (student_id,),
    )
    for question_id, message, at, file, row in rows:
        place = f"{file} 第 {row} 行" if row else file
        yield TimelineEntry(
            "question", datetime.fromisoformat(at).date(), message, place, "open_question", question_id,
            is_attention=True,
        )  # fmt: skip


def _joined(parts: Sequence[str | None]) -> str:
    return "；".join(part for part in parts if part)


TIMELINE: tuple[TimelineSource, ...] = (
    TimelineSource(_changes, (EntryKind("change", "异动", icon="person_swap"),)),
    TimelineSource(_categories, (EntryKind("category", "身份类别", icon="home_person"),)),
    TimelineSource(_notes, (EntryKind("note", "监测", icon="clipboard_text_edit"),)),
    TimelineSource(_pairings, (EntryKind("pairing", "结对", icon="people_community"),)),
    TimelineSource(_contacts, (EntryKind("contact", "帮扶记录", icon="people_community"),)),
    TimelineSource(_measures, (EntryKind("measure", "帮助措施", icon="clock"),)),
    TimelineSource(_flags, (EntryKind("flag", "关注", icon="flag"),)),
    TimelineSource(_files, (EntryKind("file", "材料", icon="attach", on_paper=False),)),
    TimelineSource(_edits, (EntryKind("import", "改资料", icon="edit", on_paper=False),)),
    TimelineSource(_questions, (EntryKind("question", "疑问", icon="question_circle", on_paper=False),)),
)
"""Every source of entries, in the order in which their kinds are offered."""
