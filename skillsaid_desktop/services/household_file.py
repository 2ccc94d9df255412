"""One household at a glance: who belongs to it, whose category holds from when to when, and what happened."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from skillsaid_desktop.ledgers import HOUSEHOLDS
from skillsaid_desktop.ledgers.hardship import CategoryRow, load_categories
from skillsaid_desktop.ledgers.household_columns import TITLES
from skillsaid_desktop.ledgers.listing import fetch_rows
from skillsaid_desktop.ledgers.timeline import TimelineEntry
from skillsaid_desktop.services.student_file import Answer
from skillsaid_desktop.storage.unit_of_work import Reading


@dataclass(frozen=True, kw_only=True)
class MemberRow:
    """A member; of a student of the school also class, state and dated categories."""

    id: int
    name: str
    relation: str
    number: str
    details: str
    student_id: int | None = None
    class_name: str = ""
    state: str = ""
    is_enrolled: bool = False
    categories: tuple[CategoryRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HouseholdFile:
    """Everything that the drawer of a household shows."""

    household_id: int
    values: dict[str, Any]
    answers: tuple[Answer, ...]
    members: tuple[MemberRow, ...]
    timeline: tuple[TimelineEntry, ...]

    @property
    def past(self) -> tuple[TimelineEntry, ...]:
        """Return what happened, latest first."""
        return self.timeline


@dataclass(frozen=True)
class Sibling:
    """Another student of the same household."""

    student_id: int
    name: str
    class_name: str
    state: str


@dataclass(frozen=True, kw_only=True)
class StudentHousehold:
    """The household of a student, as his drawer shows it."""

    household_id: int
    head_name: str
    relation: str
    place: str
    number: str
    siblings: tuple[Sibling, ...] = ()


def load_household(reading: Reading, household_id: int, as_of: date) -> HouseholdFile | None:
    """Return a household's file as of a day, None if it is gone."""
    rows = fetch_rows(reading, HOUSEHOLDS, [household_id], as_of)
    if not rows:
        return None
    values = rows[0]
    members = _members(reading, household_id, as_of)
    timeline = [
        *_stages(values),
        *(entry for member in members for entry in _category_entries(member)),
        *_moves(reading, household_id),
        *_edits(reading, household_id),
        *_questions(reading, household_id),
    ]
    timeline.sort(key=lambda each: each.on, reverse=True)
    return HouseholdFile(
        household_id=household_id,
        values=values,
        answers=_answers(values, members),
        members=tuple(members),
        timeline=tuple(timeline),
    )


def household_of(reading: Reading, student_id: int, as_of: date) -> StudentHousehold | None:
    """Return the household of a student with his siblings in school on a day, None if he is in none."""
    rows = reading.rows(
        "SELECT h.id, h.head_name, m.relation, h.county, h.township, h.village, h.number FROM household_member m"
        " JOIN household h ON h.id = m.household_id WHERE m.student_id = ? ORDER BY h.id LIMIT 1",
        (student_id,),
    )
    if not rows:
        return None
    household_id, head, relation, county, township, village, number = rows[0]
    siblings = reading.rows(
        "SELECT s.id, s.name, p.class_name, p.state FROM household_member m JOIN student s ON s.id = m.student_id"
        " JOIN student_span p ON p.student_id = s.id AND p.from_on <= :day AND p.to_on >= :day AND p.is_enrolled"
        " WHERE m.household_id = :home AND s.id != :self ORDER BY m.id",
        {"home": household_id, "self": student_id, "day": as_of.isoformat()},
    )
    return StudentHousehold(
        household_id=household_id,
        head_name=head,
        relation=relation or "",
        place="".join(part for part in (county, township, village) if part),
        number=number or "",
        siblings=tuple(Sibling(row[0], row[1], row[2] or "", row[3]) for row in siblings),
    )


def _answers(values: dict[str, Any], members: list[MemberRow]) -> tuple[Answer, ...]:
    place = "".join(values.get(name) or "" for name in ("county", "township", "village", "village_group"))
    kind = values.get("category") or "没有身份类别"
    if values.get("identified_on"):
        kind += f"，{values['identified_on']} 起"
    if values.get("is_risk_cleared"):
        cleared = values.get("risk_cleared_on")
        kind += f"，风险已消除（{cleared}）" if cleared else "，风险已消除"
    elif values.get("lifted_year"):
        kind += f"，{values['lifted_year']} 年脱贫"
    ours = sum(each.is_enrolled for each in members)
    people = (
        f"家庭人口 {values['size']} 人，登记 {len(members)} 人"
        if values.get("size")
        else f"登记 {len(members)} 人"
    )
    people += f"，本校在籍 {ours} 人" if ours else "，没有本校在籍学生"
    causes = [values.get("main_cause"), *(values.get("other_causes") or "").split("、")]
    why = "、".join(each for each in causes if each)
    return (
        Answer("住址", place or "没有填"),
        Answer("类别", kind),
        Answer("人口", people),
        Answer("原因", why or "致贫原因没有填"),
    )


def _members(reading: Reading, household_id: int, as_of: date) -> list[MemberRow]:
    found = []
    for row in reading.rows(
        "SELECT m.id, m.name, m.relation, m.document_number, m.health, m.skill, m.education, m.school_state,"
        " m.student_id, p.class_name, p.state, p.is_enrolled FROM household_member m LEFT JOIN student_span p"
        " ON p.student_id = m.student_id AND p.from_on <= :day AND p.to_on >= :day WHERE m.household_id = :home"
        " ORDER BY coalesce(m.relation, '') != '户主', m.id",
        {"home": household_id, "day": as_of.isoformat()},
    ):
        (member_id, name, relation, number, health, skill, education, school, student_id, class_name, state,
         enrolled) = row  # fmt: skip
        found.append(
            MemberRow(
                id=member_id, name=name, relation=relation or "", number=number or "",
                details="，".join(each for each in (health, skill, education, school) if each),
                student_id=student_id, class_name=class_name or "", state=state or "",
                is_enrolled=bool(enrolled),
                categories=tuple(load_categories(reading, student_id, as_of)) if student_id else (),
            )
        )  # fmt: skip
    return found


def _stages(values: dict[str, Any]) -> list[TimelineEntry]:
    found = []
    kind = values.get("category") or "困难户"
    if values.get("identified_on"):
        wording = values.get("original_wording")
        found.append(
            TimelineEntry("category", values["identified_on"], f"识别为{kind}", f"名册写作“{wording}”" if wording else "")
        )  # fmt: skip
    if values.get("risk_cleared_on"):
        found.append(TimelineEntry("category", values["risk_cleared_on"], "风险消除", is_attention=True))
    return found


def _category_entries(member: MemberRow) -> list[TimelineEntry]:
    found = []
    for row in member.categories:
        mark = "（起始日期未知）" if row.start_unknown else ""
        wording = f"名册写作“{row.original_wording}”" if row.original_wording else row.evidence
        found.append(TimelineEntry("category", row.from_on, f"{member.name}：{row.category}{mark}", wording))
        if row.to_on is not None:
            found.append(TimelineEntry("category", row.to_on, f"{member.name}：{row.category}到此为止"))
    return found


def _moves(reading: Reading, household_id: int) -> list[TimelineEntry]:
    return [
        TimelineEntry("change", date.fromisoformat(on), f"{name}：{kind}", "，".join(filter(None, (school_class, reason))))
        for name, kind, on, school_class, reason in reading.rows(
            "SELECT m.name, c.kind, c.changed_on, k.name, c.reason FROM household_member m"
            " JOIN status_change c ON c.student_id = m.student_id LEFT JOIN school_class k ON k.id = c.class_id"
            " WHERE m.household_id = ?",
            (household_id,),
        )
    ]  # fmt: skip


def _edits(reading: Reading, household_id: int) -> list[TimelineEntry]:
    """Return what was done to the household's own columns, one entry an operation."""
    found = []
    for name, at, source, before, after in reading.rows(
        "SELECT o.name, o.at, o.source, c.before, c.after FROM change c JOIN operation o ON o.id = c.operation_id"
        " WHERE c.entity = 'household' AND c.record_id = ? AND o.undone_by_id IS NULL ORDER BY c.id DESC LIMIT 60",
        (household_id,),
    ):
        old: dict[str, Any] = json.loads(before) if before else {}
        new: dict[str, Any] = json.loads(after) if after else {}
        if old:
            changed = [TITLES[each] for each in TITLES if each in new and old.get(each) != new.get(each)]
            text = f"改了{'、'.join(changed)}" if changed else ""
        else:
            text = "登记这一户"
        if text:
            detail = f"{name}（{source}）" if source and source not in name else name
            found.append(TimelineEntry("import", datetime.fromisoformat(at).date(), text, detail))
    return found


def _questions(reading: Reading, household_id: int) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            "question", datetime.fromisoformat(at).date(), message, f"{file} 第 {row} 行" if row else file,
            is_attention=True,
        )
        for message, at, file, row in reading.rows(
            "SELECT message, asked_at, file, row FROM open_question"
            " WHERE entity = 'household' AND record_id = ? AND answered_at IS NULL",
            (household_id,),
        )
    ]  # fmt: skip
