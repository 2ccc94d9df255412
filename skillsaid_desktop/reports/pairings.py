"""一对一帮扶台账: leader by leader the students, since when, how often spoken to, and whom nobody helps."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.documents import Block, Document, Grade, PageSetup, Paragraph, Table, TableRow
from skillsaid_desktop.domain.names import pinyin_keys
from skillsaid_desktop.ledgers.pairing_standing import unpaired_students
from skillsaid_desktop.reports.letterhead import Letterhead, as_day
from skillsaid_desktop.reports.report import AS_OF, Params, Report, grade_of
from skillsaid_desktop.reports.student_columns import PaperColumn, columns_for, table_rows
from skillsaid_desktop.schema import Date, Field, IdNumber, Name, Number, Privacy, Text

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

ACTIVE, EVERY = "结对中的", "全部，含已解除的"

_COLUMNS = (
    PaperColumn(name="number", headings=("序号",), type=Number(), width=2.2, align="center"),
    PaperColumn(name="name", headings=("学生",), type=Name(), width=4.4),
    PaperColumn(
        name="document_number", headings=("身份证号",), type=IdNumber(), width=10.4, privacy=Privacy.NUMBER
    ),
    PaperColumn(name="class_name", headings=("班级",), type=Text(), width=5.5),
    PaperColumn(name="category", headings=("身份类别",), type=Text(), width=7.2),
    PaperColumn(name="home", headings=("户籍",), type=Text(), width=7, fills=True),
    PaperColumn(name="paired_on", headings=("结对日期",), type=Date(), width=5.4, align="center"),
    PaperColumn(name="ended_on", headings=("解除日期",), type=Date(), width=5.4, align="center"),
    PaperColumn(name="end_reason", headings=("解除原因",), type=Text(), width=5, fills=True),
    PaperColumn(name="contacts", headings=("帮扶\n次数",), type=Number(), width=2.4, align="center"),
    PaperColumn(name="last_on", headings=("最近一次",), type=Date(), width=5.4, align="center"),
)
_OF_ENDS = frozenset({"ended_on", "end_reason"})

_ROWS = """
SELECT p.leader, p.post, p.phone, s.name, s.document_number, sp.class_name, sp.category,
  coalesce(s.home_county, '') || coalesce(s.home_township, '') || coalesce(s.home_village, ''),
  p.paired_on, p.ended_on, p.end_reason, s.id,
  (SELECT count(*) FROM contact c WHERE c.student_id = p.student_id AND c.leader = p.leader
    AND c.contacted_on BETWEEN p.paired_on AND min(:day, coalesce(p.ended_on, :day))),
  (SELECT max(c.contacted_on) FROM contact c WHERE c.student_id = p.student_id AND c.leader = p.leader
    AND c.contacted_on BETWEEN p.paired_on AND min(:day, coalesce(p.ended_on, :day)))
FROM pairing p JOIN student s ON s.id = p.student_id
LEFT JOIN student_span sp ON sp.student_id = s.id AND sp.from_on <= :day AND sp.to_on >= :day
WHERE p.paired_on <= :day AND (:leader IS NULL OR p.leader = :leader)
  AND (:every OR p.ended_on IS NULL OR p.ended_on >= :day)
ORDER BY p.ended_on IS NOT NULL AND p.ended_on < :day, sp.grade, sp.class_name, s.name_sort, p.id
"""
_KEYS = (
    "leader", "post", "phone", "name", "document_number", "class_name", "category", "home", "paired_on", "ended_on",
    "end_reason", "student_id", "contacts", "last_on",
)  # fmt: skip


def known_leader_names(reading: "Reading", name: str) -> Sequence[str]:
    """Return what a form offers for a leader."""
    if name != "leader":
        return ()
    names = [str(row[0]) for row in reading.rows("SELECT DISTINCT leader FROM pairing")]
    return sorted(names, key=leader_order)


def leader_order(leader: str) -> str:
    """Return the key by which papers order leaders: the sound of the name."""
    return pinyin_keys(leader).sort


def _offers(reading: "Reading", name: str) -> Sequence[str]:
    return (ACTIVE, EVERY) if name == "scope" else known_leader_names(reading, name)


def _records(reading: "Reading", day: date, leader: str | None, *, every: bool) -> list[dict[str, Any]]:
    rows = reading.rows(_ROWS, {"day": day.isoformat(), "leader": leader, "every": int(every)})
    records = [dict(zip(_KEYS, row, strict=True)) for row in rows]
    records.sort(key=lambda each: leader_order(each["leader"]))
    for record in records:
        for name in ("paired_on", "ended_on", "last_on"):
            record[name] = as_day(record[name])
    return records


def _rows(columns: Sequence[PaperColumn], records: Sequence[dict[str, Any]], grade: Grade) -> list[TableRow]:
    """Return the students under a line for each leader, numbered through."""
    rows: list[TableRow] = []
    numbered = iter(table_rows(columns, records, grade))
    for leader, group in groupby(records, key=lambda each: each["leader"]):
        own = list(group)
        last = own[-1]
        students = len({each["student_id"] for each in own})
        told = (
            leader,
            last["post"],
            last["phone"],
            f"{students} 名学生，帮扶 {sum(each['contacts'] for each in own)} 次",
        )
        line = "　".join(each for each in told if each)
        rows.append(TableRow(values=(line, *(None,) * (len(columns) - 1)), kind="group"))
        rows += [next(numbered) for _each in own]
    return rows


def _build(reading: "Reading", params: Params) -> Document:
    grade = grade_of(params, PAIRINGS.grades, PAIRINGS.title)
    day: date = params["as_of"]
    leader = params.get("leader") or None
    every = params.get("scope") == EVERY
    head = Letterhead(reading, as_of=day)
    records = _records(reading, day, leader, every=every)
    columns = [each for each in columns_for(_COLUMNS, grade) if every or each.name not in _OF_ENDS]
    table = Table(
        columns=tuple(each.as_table_column() for each in columns),
        rows=_rows(columns, records, grade),
        when_empty="没有结对",
        name=PAIRINGS.title,
        frozen_columns=2,
        text_size=9.0,
    )
    leaders = len({record["leader"] for record in records})
    students = len({record["student_id"] for record in records})
    told = f"校领导 {leaders} 人，结对学生 {students} 人，帮扶 {sum(record['contacts'] for record in records)} 次。"
    blocks: list[Block] = [table]
    if leader is None:
        unpaired = unpaired_students(reading, day)
        county = sum(each.is_paired_county for each in unpaired)
        told += f"在籍帮扶对象中没有结对的 {len(unpaired)} 人" if unpaired else "在籍帮扶对象都有校领导结对"
        told += f"，其中对口贫困县 {county} 人。" if county else "。"
    blocks.append(Paragraph(text=told, small=True))
    return head.document(
        title=PAIRINGS.title,
        blocks=blocks,
        page=PageSetup(margin_left=12, margin_right=12),
        grade=grade,
        remarks=(leader or "",),
        unit="人、次",
        people=students,
    )


PAIRINGS = Report(
    name="pairings",
    title="一对一帮扶台账",
    parameters=(
        AS_OF,
        Field(name="leader", title="校领导", type=Name(), help="不选就是全部校领导"),
        Field(name="scope", title="范围", type=Text(), required=True),
    ),
    build=_build,
    offers=_offers,
    grades=(Grade.FULL, Grade.MASKED),
    group="帮扶",
)
