"""口袋卡: for each leader a card to cut out, with his students, their telephones, how things are and the last talk."""

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from skillsaid_desktop.documents import (
    Card,
    Cards,
    Document,
    Grade,
    PageSetup,
    Paragraph,
    Table,
    TableColumn,
    TableRow,
)
from skillsaid_desktop.ledgers.pairing_standing import PairingStanding, active_pairings
from skillsaid_desktop.reports.letterhead import Letterhead
from skillsaid_desktop.reports.pairings import known_leader_names, leader_order
from skillsaid_desktop.reports.report import AS_OF, Params, Report, grade_of
from skillsaid_desktop.schema import Field, Name, Text
from skillsaid_desktop.schema.masking import mask_number

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

MOST = 12
"""Students on one card; more begin another."""
_SAID = 22
"""Characters of what was said last: two lines of the card."""

_COLUMNS = (
    TableColumn(headings=("学生",), type=Text(), width=6),
    TableColumn(headings=("电话",), type=Text(), width=10.4),
    TableColumn(headings=("上次联系和近况",), type=Text(), width=9, fills=True),
)


def _row(reading: "Reading", one: PairingStanding, grade: Grade, day: date) -> TableRow:
    guardian, phone = reading.rows(
        "SELECT guardian_name, guardian_phone FROM student WHERE id = ?", (one.student_id,)
    )[0]

    def shown(text: str | None) -> str:
        return (text or "") if grade is Grade.FULL else mask_number(text or "")

    family = f"{guardian or '监护人'} {shown(phone)}" if phone else ""
    numbers = "\n".join(each for each in (shown(one.student_phone), family) if each) or "没有填"
    last = f"{_short(one.last_on, day)}" if one.last_on else "还没有联系过"
    late = "　逾期" if one.is_overdue else ""
    said = one.last_said if len(one.last_said) <= _SAID else f"{one.last_said[: _SAID - 1]}…"
    return TableRow(
        values=(f"{one.student}\n{one.class_name}".strip(), numbers, f"{last}{late}\n{said}".strip()),
        about=one.student,
    )


def _short(on: date, day: date) -> str:
    return f"{on.month}月{on.day}日" if on.year == day.year else f"{on.year}年{on.month}月{on.day}日"


def _build(reading: "Reading", params: Params) -> Document:
    grade = grade_of(params, POCKET_CARDS.grades, POCKET_CARDS.title)
    day: date = params["as_of"]
    weeks = reading.settings.contact_weeks
    active = active_pairings(reading, day, leader=params.get("leader") or None)
    pairings = sorted(
        (each for each in active if each.is_enrolled), key=lambda each: leader_order(each.leader)
    )
    cards: list[Card] = []
    for leader, group in groupby(pairings, key=lambda each: each.leader):
        own = list(group)
        number = -(-len(own) // MOST)
        each_holds = -(-len(own) // number)
        for at in range(number):
            some = own[at * each_holds : (at + 1) * each_holds]
            of = f"（{at + 1}/{number}）" if number > 1 else ""
            facts = f"{len(own)} 名学生　截至{_short(day, day)}　{weeks} 周内联系一次"
            table = Table(
                columns=_COLUMNS,
                rows=[_row(reading, each, grade, day) for each in some],
                text_size=8.0,
                name="口袋卡",
            )
            cards.append(Card(title=f"{leader}　{some[-1].post}{of}".strip(), subtitle=facts, table=table))
    head = Letterhead(reading, as_of=day)
    return head.document(
        title=POCKET_CARDS.title,
        blocks=[Cards(cards=cards)] if cards else [Paragraph(text="这一天没有结对学生。")],
        page=PageSetup(margin_left=10, margin_right=10, margin_top=14, margin_bottom=14),
        grade=grade,
        remarks=("沿虚线剪开，每位校领导一张",),
        unit="",
        people=len({each.student_id for each in pairings}),
        signed=False,
    )


POCKET_CARDS = Report(
    name="pocket_cards",
    title="口袋卡",
    parameters=(AS_OF, Field(name="leader", title="校领导", type=Name(), help="不选就是全部校领导")),
    build=_build,
    offers=known_leader_names,
    grades=(Grade.FULL, Grade.MASKED),
    group="帮扶",
)
