"""比对差异清单: what the school's ledger and another office's roster say differently, for the office to settle."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.documents import Block, Document, Grade, Heading, PageSetup, Paragraph, Table
from skillsaid_desktop.domain.spans import is_same_county
from skillsaid_desktop.ledgers.comparison import (
    KIND_TITLES,
    Comparison,
    Entry,
    Movement,
    Outcome,
)
from skillsaid_desktop.ledgers.comparisons import compare_rosters
from skillsaid_desktop.ledgers.roster_matches import Student
from skillsaid_desktop.ledgers.rosters import current_rosters, list_rosters, sheet_in
from skillsaid_desktop.ledgers.school_register import OFFICE, SCHOOL
from skillsaid_desktop.reports.letterhead import Letterhead, as_day, long_day
from skillsaid_desktop.reports.report import AS_OF, Params, Report, grade_of
from skillsaid_desktop.reports.student_columns import PaperColumn, columns_for, table_rows
from skillsaid_desktop.schema import Field, IdNumber, Name, Number, Privacy, Text

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

_COLUMNS = (
    PaperColumn(name="number", headings=("序号",), type=Number(), width=2.2, align="center"),
    PaperColumn(name="name", headings=("姓名",), type=Name(), width=4.6),
    PaperColumn(
        name="document_number", headings=("身份证号",), type=IdNumber(), width=9.6,
        privacy=Privacy.NUMBER, align="center", wrap=False,
    ),
    PaperColumn(name="class_name", headings=("班级",), type=Text(), width=5.4),
    PaperColumn(name="home", headings=("户籍",), type=Text(), width=7, privacy=Privacy.PERSONAL),
    PaperColumn(name="at_school", headings=("学校登记",), type=Text(), width=6, privacy=Privacy.SENSITIVE),
    PaperColumn(name="in_roster", headings=("名册登记",), type=Text(), width=9, privacy=Privacy.SENSITIVE),
    PaperColumn(name="what", headings=("差异和依据",), type=Text(), width=18, fills=True, privacy=Privacy.SENSITIVE),
    PaperColumn(name="answer", headings=("核实结果",), type=Text(), width=5),
)  # fmt: skip

_PARTS = {
    "poverty": (
        (Outcome.PROBABLE, "可能是同一人，请核实"),
        (Outcome.DIFFERS, "同一人，两边登记的内容不同"),
        (Outcome.ONLY_IN_POVERTY, "名册有，学校没有登记为帮扶对象"),
        (Outcome.ONLY_IN_SCHOOL, "学校登记为帮扶对象，名册没有"),
    ),
    "training": (
        (Outcome.PROBABLE, "可能是同一人，请核实"),
        (Outcome.DIFFERS, "同一人，两边登记的内容不同"),
        (Outcome.SAME, "在培训名册里的在籍学生"),
    ),
    "school": (
        (Outcome.DIFFERS, "同一人，台账和学籍名册不同"),
        (Outcome.ONLY_IN_REGISTER, "学籍名册有，台账没有"),
        (Outcome.ONLY_IN_SCHOOL, "台账在籍，学籍名册没有"),
    ),
}
_ORDER = "一二三四五"
_SAID = ("class_name", "state", "training", "school")
"""What rosters besides the poverty registers say of a person."""
_WHY = {
    Outcome.ONLY_IN_POVERTY: "证件号和姓名都对得上，学校没有登记",
    Outcome.ONLY_IN_REGISTER: "按证件号、学籍号都没有找到",
    Outcome.ONLY_IN_SCHOOL: "按证件号、姓名、户都没有找到",
}
_MOVES = "比上一份名册的变化"
_MOVED = {"school": ("新进名册", "不在名册了", "有变动")}


def _record(entry: Entry, kind: str) -> dict[str, Any]:
    side, person = entry.student.side, entry.person
    told = list(entry.differing)
    if person is not None:
        judgement = person.judgement
        told = list(dict.fromkeys([*(judgement.cautions if judgement else ()), *told]))
        if entry.outcome is Outcome.PROBABLE and judgement:
            told += [f"依据：{'，'.join(judgement.reasons)}"]
    in_roster = ""
    if person is not None:
        other, details = person.candidate.side, person.facts.details
        says = [person.facts.wording, *(str(details[name]) for name in _SAID if details.get(name))]
        in_roster = "，".join(part for part in (other.name, *says) if part)
        in_roster += f"（{sheet_in(person.roster.file, person.facts.sheet)}第 {person.facts.row} 行）"
    return {
        "name": side.name,
        "document_number": side.number,
        "class_name": entry.student.class_name,
        "home": "".join(part for part in (side.county, side.township, side.village) if part),
        "at_school": _at_school(entry.student, kind),
        "in_roster": in_roster or "没有",
        "what": "；".join(told) or _WHY.get(entry.outcome, ""),
    }


def _at_school(student: Student, kind: str) -> str:
    """Say what the school has of a student that such a roster speaks of."""
    if student.id < 0:
        return "没有"
    if kind == "poverty":
        return student.category or "没有登记"
    return student.class_name or "在籍"


def _moved(word: str, moves: Iterable[Movement], kind: str) -> list[dict[str, Any]]:
    return [
        {
            "name": each.student.side.name,
            "document_number": each.student.side.number,
            "class_name": each.student.class_name,
            "home": each.student.side.county,
            "at_school": _at_school(each.student, kind),
            "in_roster": each.after or "没有",
            "what": f"{word}：上一份{each.before or '没有'}，这一份{each.after or '没有'}",
        }
        for each in moves
    ]


def _is_of(entry: Entry, office: str, found: Comparison) -> bool:
    """Say whether an entry is for this office to settle: its roster's people, its county's students."""
    if entry.person is not None:
        return any(each.roster.office == office for each in entry.people)
    if found.kind == SCHOOL:
        return office == OFFICE
    counties = [county for roster in found.rosters if roster.office == office for county in roster.counties]
    return any(is_same_county(county, entry.student.side.county or "") for county in counties)


def _table(records: Sequence[dict[str, Any]], grade: Grade, name: str) -> Table:
    columns = columns_for(_COLUMNS, grade)
    return Table(
        columns=tuple(column.as_table_column() for column in columns),
        rows=table_rows(columns, records, grade),
        when_empty="没有",
        name=name,
    )


def _offers(reading: "Reading", name: str) -> Sequence[str]:
    rosters = list_rosters(reading)
    if name == "roster":
        there = [title for kind, title in KIND_TITLES.items() if any(each.kind == kind for each in rosters)]
        return tuple(there or KIND_TITLES.values())
    if name == "office":
        return tuple(
            dict.fromkeys(each.office for kind in KIND_TITLES for each in current_rosters(reading, kind))
        )
    return ()


def _build(reading: "Reading", params: Params) -> Document:
    grade = grade_of(params, COMPARISON.grades, COMPARISON.title)
    day = as_day(params["as_of"])
    assert day is not None
    office = str(params.get("office") or "")
    kind = next((kind for kind, title in KIND_TITLES.items() if title == params.get("roster")), "poverty")
    found = compare_rosters(reading, day, kind)
    rosters = [each for each in found.rosters if not office or each.office == office]
    head = Letterhead(reading, as_of=day)
    blocks: list[Block] = []
    people = 0
    if not rosters:
        name = KIND_TITLES[kind]
        blocks.append(Paragraph(text=f"{office or '这里'}没有{name}，没有可比对的内容。"))
    parts = _PARTS[kind]
    for number, (outcome, title) in zip(_ORDER, parts if rosters else (), strict=False):
        records = [
            _record(entry, kind) for entry in found.of(outcome) if not office or _is_of(entry, office, found)
        ]
        people += len(records)
        blocks.append(Heading(text=f"{number}、{title}（{len(records)} 人）"))
        blocks.append(_table(records, grade, title[:20]))
    came, went, changed = _MOVED.get(kind, ("新列入", "移出", "类别变了"))
    moves = [
        record
        for word, moved in (
            (came, found.newly_listed),
            (went, found.removed),
            (changed, found.category_changed),
        )
        for record in _moved(word, [each for each in moved if not office or each.office == office], kind)
    ]
    if moves:
        blocks.append(Heading(text=f"{_ORDER[len(parts)]}、{_MOVES}（{len(moves)} 人）"))
        blocks.append(_table(moves, grade, _MOVES))
    compared = "；".join(
        f"{each.office}名册 {each.people:,} 人，截至{long_day(each.as_of)}" for each in rosters
    )
    return head.document(
        title=COMPARISON.title,
        blocks=blocks,
        page=PageSetup(landscape=True),
        grade=grade,
        remarks=(f"对照：{compared}" if compared else "",),
        unit="",
        people=people,
    )


COMPARISON = Report(
    name="comparison",
    title="比对差异清单",
    parameters=(
        AS_OF,
        Field(name="roster", title="和什么比", type=Text(), required=True),
        Field(name="office", title="谁的名册", type=Text()),
    ),
    build=_build,
    offers=_offers,
    grades=(Grade.FULL, Grade.MASKED),
    group="比对",
)
