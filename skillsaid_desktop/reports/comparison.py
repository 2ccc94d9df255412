"""比对差异清单: what the school's ledger and another office's roster say differently, for the office to settle."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.documents import Block, Document, Grade, Heading, PageSetup, Paragraph, Table
from skillsaid_desktop.domain.spans import is_same_county
from skillsaid_desktop.ledgers.comparison import (
    Comparison,
    Entry,
    Movement,
    Outcome,
    compare_students,
)
from skillsaid_desktop.ledgers.rosters import current_rosters
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

_PARTS = (
    (Outcome.PROBABLE, "一、可能是同一人，请核实"),
    (Outcome.DIFFERS, "二、同一人，两边登记的内容不同"),
    (Outcome.ONLY_IN_POVERTY, "三、名册有，学校没有登记为帮扶对象"),
    (Outcome.ONLY_IN_SCHOOL, "四、学校登记为帮扶对象，名册没有"),
)
_WHY = {
    Outcome.ONLY_IN_POVERTY: "证件号和姓名都对得上，学校没有登记",
    Outcome.ONLY_IN_SCHOOL: "按证件号、姓名、户都没有找到",
}
_MOVES = "五、比上一份名册的变化"


def _record(entry: Entry) -> dict[str, Any]:
    side, person = entry.student.side, entry.person
    told = list(entry.differing)
    if person is not None:
        judgement = person.judgement
        told = list(dict.fromkeys([*(judgement.cautions if judgement else ()), *told]))
        if entry.outcome is Outcome.PROBABLE and judgement:
            told += [f"依据：{'，'.join(judgement.reasons)}"]
    in_roster = ""
    if person is not None:
        other = person.candidate.side
        in_roster = "，".join(part for part in (other.name, person.facts.wording) if part)
        in_roster += f"（{person.facts.sheet} 第 {person.facts.row} 行）"
    return {
        "name": side.name,
        "document_number": side.number,
        "class_name": entry.student.class_name,
        "home": "".join(part for part in (side.county, side.township, side.village) if part),
        "at_school": entry.student.category or "没有登记",
        "in_roster": in_roster or "没有",
        "what": "；".join(told) or _WHY.get(entry.outcome, ""),
    }


def _moved(word: str, moves: Iterable[Movement]) -> list[dict[str, Any]]:
    return [
        {
            "name": each.student.side.name,
            "document_number": each.student.side.number,
            "class_name": each.student.class_name,
            "home": each.student.side.county,
            "at_school": each.student.category or "没有登记",
            "in_roster": each.after or "没有",
            "what": f"{word}：上一份{each.before or '没有'}，这一份{each.after or '没有'}",
        }
        for each in moves
    ]


def _is_of(entry: Entry, office: str, found: Comparison) -> bool:
    """Say whether an entry is for this office to settle: its roster's people, its county's students."""
    if entry.person is not None:
        return any(each.roster.office == office for each in entry.people)
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
    return tuple(roster.office for roster in current_rosters(reading)) if name == "office" else ()


def _build(reading: "Reading", params: Params) -> Document:
    grade = grade_of(params, COMPARISON.grades, COMPARISON.title)
    day = as_day(params["as_of"])
    assert day is not None
    office = str(params.get("office") or "")
    found = compare_students(reading, day)
    rosters = [each for each in found.rosters if not office or each.office == office]
    head = Letterhead(reading, as_of=day)
    blocks: list[Block] = []
    people = 0
    if not rosters:
        blocks.append(Paragraph(text="还没有导入名册，没有可比对的内容。"))
    for outcome, title in _PARTS if rosters else ():
        records = [
            _record(entry) for entry in found.of(outcome) if not office or _is_of(entry, office, found)
        ]
        people += len(records)
        blocks.append(Heading(text=f"{title}（{len(records)} 人）"))
        blocks.append(_table(records, grade, title.partition("、")[2][:20]))
    moves = [
        record
        for word, moved in (
            ("新列入", found.newly_listed), ("移出", found.removed), ("类别变了", found.category_changed)
        )
        for record in _moved(word, [each for each in moved if not office or each.office == office])
    ]  # fmt: skip
    if moves:
        blocks.append(Heading(text=f"{_MOVES}（{len(moves)} 人）"))
        blocks.append(_table(moves, grade, _MOVES.partition("、")[2]))
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
    parameters=(AS_OF, Field(name="office", title="谁的名册", type=Text())),
    build=_build,
    offers=_offers,
    grades=(Grade.FULL, Grade.MASKED),
    group="比对",
)
