"""Two records side by side: a student and somebody in a roster, row by row, with what differs marked."""

from dataclasses import dataclass
from datetime import date

from skillsaid_desktop.domain.matching import Side
from skillsaid_desktop.ledgers.comparison import Entry, Possible
from skillsaid_desktop.ledgers.rosters import TRAINING, StoredRoster, sheet_in
from skillsaid_desktop.schema.document_number import born_on, check_digit, check_digit_holds, sex_of
from skillsaid_desktop.storage.unit_of_work import Reading


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One line of the review. `is_number`: both cells are document numbers, masked until shown; `slips` from 0."""

    label: str
    own: str
    other: str
    differs: bool = False
    is_number: bool = False
    slips: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """What the page shows of a pair: the heads of both columns and the rows between them."""

    own_title: str
    own_place: str
    other_title: str
    other_place: str
    rows: tuple[ReviewRow, ...]


def review_pair(reading: Reading, entry: Entry, possible: Possible | None) -> Review:
    """Return a student beside a person of a roster; without one the right column says that the roster lacks him."""
    student = entry.student
    own = student.side
    place = f"学籍号 …{student.registration_number[-9:]}" if student.registration_number else "没有学籍号"
    entered = reading.scalar(
        "SELECT min(changed_on) FROM status_change WHERE student_id = ? AND kind IN ('入学', '转入')",
        (student.id,),
    )
    school = f"{student.class_name or '没有班级'}，{entered or '入学日期不明'} 入学"
    if possible is None:
        rows = [
            _row("姓名", own.name, "", False),
            ReviewRow("证件号", own.number or "", "", is_number=True),
            _row("家庭住址", _address(own), "", False),
            _row("身份类别", student.category or "", "", False),
            _row("班级", school, "", False),
        ]
        return Review("学校台账", place, "名册里没有这个学生", f"{own.county or '本县'}的名册", tuple(rows))
    other, facts, roster = possible.candidate.side, possible.facts, possible.roster
    slips = possible.judgement.slips if possible.judgement else ()
    own_number, other_number = own.resident_number, other.resident_number
    siblings, members = _siblings(reading, entry), _members(reading, possible)
    rows = [
        _row("姓名", own.name, other.name, own.folded != other.folded),
        ReviewRow(
            "证件号",
            own.number or "",
            other.number or "",
            own.number != other.number,
            is_number=True,
            slips=slips,
        ),
    ]
    if own_number and other_number and own_number != other_number:
        rows.append(_row("校验位", _checked(own_number), _checked(other_number), True))
    rows += [
        _row("出生日期", _day(own), _day(other), bool(_day(other)) and _day(own) != _day(other)),
        _row("性别", own.sex or sex_of(own.number) or "", _sex(possible), _differs(own.sex, _sex(possible))),
        _row("家庭住址", _address(own), _address(other, facts.village_group), _lives_elsewhere(own, other)),
        _row("户主", _head(own), _head(other, facts.relation), _differs(own.head_name, other.head_name)),
        ReviewRow(
            "户主证件号", own.head_number or "", other.head_number or "",
            _differs(own.head_number, other.head_number), is_number=True,
        ),
        _row("户编号", own.household_number or "", other.household_number or "",
             _differs(own.household_number, other.household_number)),
        _row("监护人", own.guardian or "", "", False),
        _row("同户其他人", siblings, members, False),
        _row("身份类别", student.category or "", _category(possible), _category_differs(entry, possible)),
        _row("班级", school, "", False),
    ]  # fmt: skip
    trained = "，".join(
        str(facts.details[name]) for name in ("training", "school") if facts.details.get(name)
    )
    if trained and roster.kind == TRAINING.kind:
        rows.append(_row("培训", "", trained, False))
    if facts.conclusion:
        rows.append(_row("比对结论", "", facts.conclusion, False))
    township = f"{other.township}　" if other.township else ""
    return Review(
        "学校台账", place, roster.file,
        f"{township}{sheet_in(roster.file, facts.sheet)}第 {facts.row:,} 行，截至 {roster.as_of}", tuple(rows),
    )  # fmt: skip


_REGISTER = (("class_name", "班级"), ("major", "专业"), ("level", "培养层次"), ("state", "学籍状态"))


def review_register(reading: Reading, entry: Entry, roster: StoredRoster, day: date) -> Review:
    """Return a student beside the school register, which may lack him; so may the ledger."""
    student, possible = entry.student, entry.person
    own: dict[str, str | None] = {}
    for span in reading.rows(
        "SELECT class_name, major, level, state FROM student_span WHERE student_id = ? AND from_on <= ? AND to_on >= ?",
        (student.id, day.isoformat(), day.isoformat()),
    ):
        own = dict(zip((name for name, _title in _REGISTER), span, strict=True))
    is_known = student.id > 0
    other = possible.facts.details if possible else {}
    told = possible.candidate.side if possible else None
    name, number = (student.side.name, student.side.number or "") if is_known else ("", "")
    registration = (student.registration_number or "") if is_known else ""
    rows = [
        _row("姓名", name, told.name if told else "", bool(told) and _differs(name, told.name if told else "")),
        ReviewRow(
            "证件号", number, (told.number or "") if told else "", _differs(number, told.number if told else ""),
            is_number=True,
        ),
        _row("学籍号", registration, other.get("registration_number") or "",
             _differs(registration, other.get("registration_number"))),
        *(
            _row(title, own.get(name) or "", other.get(name) or "", _differs(own.get(name), other.get(name)))
            for name, title in _REGISTER
        ),
    ]  # fmt: skip
    own_place = f"截至 {day}" if is_known else "台账里没有这个人"
    place = (
        f"{sheet_in(roster.file, possible.facts.sheet)}第 {possible.facts.row:,} 行，"
        if possible
        else "名册里没有这个学生，"
    )
    return Review("学生台账", own_place, roster.file, f"{place}截至 {roster.as_of}", tuple(rows))


def _row(label: str, own: str, other: str, differs: bool) -> ReviewRow:
    return ReviewRow(label, own, other, differs)


def _differs(own: str | None, other: str | None) -> bool:
    return bool(own and other and own != other)


def _checked(number: str) -> str:
    if not check_digit_holds(number):
        return f"不正确，应为 {check_digit(number)}"
    return "正确"


def _day(side: Side) -> str:
    born = born_on(side.number)
    text = side.born
    if born is None and len(text) == 8:
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return born.isoformat() if born else ""


def _sex(possible: Possible) -> str:
    return str(possible.facts.details.get("sex") or sex_of(possible.candidate.side.number) or "")


def _address(side: Side, group: str | None = None) -> str:
    return " ".join(part for part in (side.county, side.township, side.village, group) if part)


def _lives_elsewhere(own: Side, other: Side) -> bool:
    return _differs(own.township, other.township) or _differs(own.village, other.village)


def _head(side: Side, relation: str | None = None) -> str:
    if not side.head_name:
        return ""
    return f"{side.head_name}（{relation}）" if relation else side.head_name


def _category(possible: Possible) -> str:
    facts = possible.facts
    words = [facts.wording] if facts.wording else []
    if facts.category and facts.category != facts.wording:
        words = [f"{facts.wording}（即{facts.category}）"]
    if facts.identified_on:
        words.append(f"{_month(facts.identified_on)}识别")
    if facts.is_risk_cleared:
        words.append(f"风险已于 {facts.risk_cleared_on} 消除" if facts.risk_cleared_on else "风险已消除")
    return "，".join(words)


def _month(day: date) -> str:
    return f"{day.year}年{day.month}月" if day.day in (1, 31) else day.isoformat()


def _category_differs(entry: Entry, possible: Possible) -> bool:
    category = possible.facts.category
    return bool(category) and category not in (entry.student.category or "").split("、")


def _siblings(reading: Reading, entry: Entry) -> str:
    """Return the other students of the household, as far as the school's own columns tell."""
    own = entry.student.side
    rows = reading.rows(
        "SELECT s.name, sp.class_name FROM student s LEFT JOIN student_span sp ON sp.student_id = s.id"
        " AND sp.to_on = (SELECT max(to_on) FROM student_span WHERE student_id = s.id)"
        " WHERE s.id <> :id AND (s.household_number = :household OR s.head_document_number = :head"
        " OR (s.guardian_name = :guardian AND s.home_village = :village AND s.home_township = :township))"
        " ORDER BY s.name_sort LIMIT 6",
        {"id": entry.student.id, "household": own.household_number, "head": own.head_number, "guardian": own.guardian,
         "village": own.village, "township": own.township},
    )  # fmt: skip
    return "、".join(f"{name}（{class_name}）" if class_name else name for name, class_name in rows)


def _members(reading: Reading, possible: Possible) -> str:
    side = possible.candidate.side
    if not side.household_number:
        return ""
    rows = reading.rows(
        "SELECT name, relation FROM roster_person WHERE roster_id = ? AND household_number = ? AND number <> ?"
        " ORDER BY number LIMIT 8",
        (possible.roster.id, side.household_number, possible.candidate.number),
    )
    return "、".join(f"{name}（{relation}）" if relation else name for name, relation in rows)
