"""待办清单: what each person still has to do, one page a person, with room to write what was done."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from skillsaid_desktop import clock
from skillsaid_desktop.documents import Block, Document, Grade, Heading, PageSetup, Paragraph, Table
from skillsaid_desktop.follow_ups import TITLES, FollowUp, by_person, list_follow_ups
from skillsaid_desktop.reports.letterhead import Letterhead
from skillsaid_desktop.reports.report import Params, Report, grade_of
from skillsaid_desktop.reports.student_columns import PaperColumn, table_rows
from skillsaid_desktop.schema import Field, Name, Number, Text

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

_COLUMNS = (
    PaperColumn(name="number", headings=("序号",), type=Number(), width=2.2, align="center"),
    PaperColumn(name="due_on", headings=("期限",), type=Text(), width=6, align="center"),
    PaperColumn(name="name", headings=("学生",), type=Name(), width=4.5),
    PaperColumn(name="class_name", headings=("班级",), type=Text(), width=5.5),
    PaperColumn(name="text", headings=("什么事",), type=Text(), width=14, fills=True),
    PaperColumn(name="done", headings=("办理情况（日期、结果）",), type=Text(), width=11),
)


def _record(one: FollowUp) -> dict[str, Any]:
    day = clock.today()
    past = " 逾期" if one.due_on < day else ""
    return {
        "due_on": f"{one.due_on.isoformat()[5 if one.due_on.year == day.year else 0 :]}{past}",
        "name": one.who,
        "class_name": one.class_name,
        "text": one.text,
    }


def _offers(reading: "Reading", name: str) -> Sequence[str]:
    if name == "responsible":
        return [load.responsible for load in by_person(list_follow_ups(reading), clock.today())]
    return tuple(TITLES.values()) if name == "kind" else ()


def _build(reading: "Reading", params: Params) -> Document:
    grade = grade_of(params, FOLLOW_UPS.grades, FOLLOW_UPS.title)
    day = clock.today()
    who, kind = params.get("responsible"), params.get("kind")
    found = [
        one
        for one in list_follow_ups(reading)
        if who in (None, one.responsible) and kind in (None, TITLES[one.kind])
    ]
    blocks: list[Block] = []
    for load in by_person(found, day):
        past = load.overdue(day)
        words = f"{load.responsible}　{len(load.follow_ups)} 件" + (f"，{past} 件逾期" if past else "")
        records = [_record(one) for one in load.follow_ups]
        blocks += [
            Heading(text=words, starts_page=True),
            Table(
                columns=tuple(column.as_table_column() for column in _COLUMNS),
                rows=table_rows(_COLUMNS, records, grade),
                tall_rows=True,
                name=load.responsible,
            ),
        ]
    if not blocks:
        blocks.append(Paragraph(text="没有待办。"))
    people = {one.student_id for one in found if one.student_id is not None}
    return Letterhead(reading, as_of=day).document(
        title=FOLLOW_UPS.title,
        blocks=blocks,
        page=PageSetup(margin_left=12, margin_right=12),
        grade=grade,
        remarks=(str(who) if who else "", str(kind) if kind else ""),
        unit="",
        people=len(people),
        signed=False,
    )


FOLLOW_UPS = Report(
    name="follow_ups",
    title="待办清单",
    parameters=(
        Field(name="responsible", title="责任人", type=Text(), help="不选就是每人一页"),
        Field(name="kind", title="哪一类", type=Text(), help="不选就是全部"),
    ),
    build=_build,
    offers=_offers,
    grades=(Grade.FULL, Grade.MASKED),
    group="帮扶",
)
