"""帮扶记录卡: one card a student, with what his leader did so far and room for the talks to come."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.documents import (
    Block,
    Document,
    Grade,
    PageSetup,
    Paragraph,
    Part,
    Signatures,
    Table,
    TableColumn,
    TableRow,
)
from skillsaid_desktop.ledgers import CONTACTS
from skillsaid_desktop.ledgers.listing import fetch_rows
from skillsaid_desktop.ledgers.pairing_standing import PairingStanding, active_pairings
from skillsaid_desktop.reports.letterhead import Letterhead, long_day
from skillsaid_desktop.reports.pairings import known_leader_names, leader_order
from skillsaid_desktop.reports.report import AS_OF, Params, Report, grade_of
from skillsaid_desktop.schema import Field, Name, Text
from skillsaid_desktop.schema.masking import mask_number
from skillsaid_desktop.schema.types import Amount

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

STUDENT_IDS = "students"
_LEAST_LINES = 8
"""Lines of a card in all, so that the next talks have room on the paper."""
_BLANK = 3

_COLUMNS = (
    TableColumn(headings=("日期",), type=Text(), width=3.6, align="center"),
    TableColumn(headings=("方式\n地点",), type=Text(), width=3.6, align="center"),
    TableColumn(headings=("学习、生活、思想情况",), type=Text(), width=9, fills=True),
    TableColumn(headings=("困难问题",), type=Text(), width=6),
    TableColumn(headings=("帮扶措施、物资或资金",), type=Text(), width=8, fills=True),
    TableColumn(headings=("成效",), type=Text(), width=4.5),
    TableColumn(headings=("学生\n签字",), type=Text(), width=3.6),
)

_FACTS = """
SELECT s.sex, s.document_number, s.phone, s.guardian_name, s.guardian_relation, s.guardian_phone, sp.category,
  coalesce(s.home_county, '') || coalesce(s.home_township, '') || coalesce(s.home_village, ''), sp.major, sp.level
FROM student s LEFT JOIN student_span sp ON sp.student_id = s.id AND sp.from_on <= :day AND sp.to_on >= :day
WHERE s.id = :id
"""


def _facts(reading: "Reading", one: PairingStanding, day: date, grade: Grade) -> Table:
    sex, number, phone, guardian, relation, guardian_phone, category, home, major, level = reading.rows(
        _FACTS, {"id": one.student_id, "day": day.isoformat()}
    )[0]

    def shown(text: str | None) -> str:
        return (text or "") if grade is Grade.FULL else mask_number(text or "")

    family = " ".join(each for each in (guardian, f"（{relation}）" if relation else "") if each)
    pairs = (
        ("姓名", one.student),
        ("性别", sex),
        ("班级", one.class_name),
        ("专业、层次", "　".join(each for each in (major, level) if each)),
        ("身份证号", shown(number)),
        ("身份类别", category),
        ("联系电话", shown(phone)),
        ("监护人", f"{family} {shown(guardian_phone)}".strip()),
        ("户籍", home),
        ("结对日期", long_day(one.paired_on)),
        ("校领导", f"{one.leader} {one.post}".strip()),
        ("校领导电话", one.phone),
    )
    columns = (
        TableColumn(headings=(), type=Text(), width=5, names=True),
        TableColumn(headings=(), type=Text(), width=11, fills=True),
    )
    rows = [
        TableRow(values=(*pairs[at], *pairs[at + 1]), about=one.student) for at in range(0, len(pairs), 2)
    ]
    return Table(columns=columns * 2, rows=rows)


def _contacts(reading: "Reading", one: PairingStanding, day: date) -> Table:
    ids = [
        row[0]
        for row in reading.rows(
            "SELECT id FROM contact WHERE student_id = ? AND leader = ? AND contacted_on <= ? ORDER BY contacted_on, id",
            (one.student_id, one.leader, day.isoformat()),
        )
    ]
    rows = [_row(each) for each in fetch_rows(reading, CONTACTS, ids, day)]
    blank = TableRow(values=(None,) * len(_COLUMNS))
    rows += [blank] * max(_BLANK, _LEAST_LINES - len(rows))
    return Table(columns=_COLUMNS, rows=rows, tall_rows=True, text_size=9.0)


def _row(contact: dict[str, Any]) -> TableRow:
    money = f"{Amount().format(contact['amount_fen'])} 元" if contact["amount_fen"] else ""
    promised = [contact["measure"], money, f"结果：{contact['result']}" if contact["result"] else ""]
    how = "\n".join(each for each in (contact["form"], contact["place"]) if each)
    return TableRow(
        values=(
            f"{contact['contacted_on']:%m-%d}", how or None, contact["situation"], contact["difficulties"],
            "；".join(each for each in promised if each) or None, contact["effect"], None,
        ),
        about=contact["student_name"],
    )  # fmt: skip


def _build(reading: "Reading", params: Params) -> Document:
    grade = grade_of(params, CONTACT_CARDS.grades, CONTACT_CARDS.title)
    day: date = params["as_of"]
    pairings = active_pairings(reading, day, leader=params.get("leader") or None)
    if handed := params.get(STUDENT_IDS):
        pairings = [each for each in pairings if each.student_id in handed]
    pairings = sorted(
        (each for each in pairings if each.is_enrolled), key=lambda each: leader_order(each.leader)
    )
    head = Letterhead(reading, as_of=day)
    blocks: list[Block] = []
    for one in pairings:
        where = f"{one.class_name}　" if one.class_name else ""
        blocks.append(
            Part(
                title=CONTACT_CARDS.title, name=f"{one.class_name} {one.student}".strip(),
                subtitle=f"{where}{one.student}　校领导 {one.leader}　截至{long_day(day)}",
            )
        )  # fmt: skip
        blocks.append(_facts(reading, one, day, grade))
        blocks.append(_contacts(reading, one, day))
        blocks.append(Signatures(entries=(("校领导签字", ""), ("班主任签字", ""), ("日期", ""))))
    paper = head.document(
        title=CONTACT_CARDS.title,
        blocks=blocks or [Paragraph(text="这一天没有在校的结对学生。")],
        page=PageSetup(),
        grade=grade,
        unit="",
        people=len({each.student_id for each in pairings}),
        signed=False,
    )
    whose = pairings[0].student if len(pairings) == 1 else params.get("leader") or ""
    return replace(
        paper, file_name=" ".join(each for each in (CONTACT_CARDS.title, whose, day.isoformat()) if each)
    )


CONTACT_CARDS = Report(
    name="contact_cards",
    title="帮扶记录卡",
    parameters=(AS_OF, Field(name="leader", title="校领导", type=Name(), help="不选就是全部校领导")),
    build=_build,
    offers=known_leader_names,
    grades=(Grade.FULL, Grade.MASKED),
    group="帮扶",
    record_parameter=STUDENT_IDS,
)
