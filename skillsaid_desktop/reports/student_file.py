"""一生一档: what the school knows of one student, of some or of a class; each student is a paper of his own.

A new ledger joins with one line in `SECTIONS`; a section that has nothing to tell of a student is left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.documents import (
    Block,
    Document,
    Grade,
    Heading,
    PageSetup,
    Paragraph,
    Part,
    Table,
    TableColumn,
    TableRow,
)
from skillsaid_desktop.domain.proofs import PROOFS
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import HOUSEHOLDS, STUDENTS
from skillsaid_desktop.ledgers.hardship import load_categories
from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.ledgers.listing import fetch_rows
from skillsaid_desktop.ledgers.proofs import proof_states
from skillsaid_desktop.ledgers.timeline import kind_named, load_timeline
from skillsaid_desktop.reports.letterhead import Letterhead, long_day
from skillsaid_desktop.reports.report import AS_OF, Params, Report, grade_of
from skillsaid_desktop.reports.student_columns import PaperColumn, table_rows
from skillsaid_desktop.schema import Date, Field, FieldType, Flag, IdNumber, Name, Privacy, Text
from skillsaid_desktop.schema.masking import mask_number
from skillsaid_desktop.schema.types import Amount

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

TARGETS, EVERYBODY = "帮扶对象", "全部学生"
STUDENT_IDS = "students"


@dataclass(frozen=True)
class Subject:
    """Whose paper it is: his row of the ledger as of a day, and what may stand on the paper."""

    id: int
    values: dict[str, Any]
    day: date
    grade: Grade

    def text(self, ledger: Ledger, values: dict[str, Any], name: str) -> str:
        """Return a value as it may stand on the paper: numbers masked unless it is the full one."""
        field = ledger.column(name)
        text = field.type.format(values.get(name))
        is_masked = field.privacy is Privacy.NUMBER and self.grade is not Grade.FULL
        return mask_number(text) if is_masked else text


@dataclass(frozen=True)
class Section:
    """A section of the paper; `covers` are kinds of the timeline that it tells in full, so that they stand once."""

    title: str
    build: Callable[["Reading", Subject], Sequence[Block]]
    covers: frozenset[str] = frozenset()


_CORE = frozenset(
    {"name", "sex", "born_on", "document_number", "class_name", "major", "level", "current_state"}
)
"""Facts that stand on the paper even where they are blank."""
_FACTS = (
    "name", "sex", "document_number", "born_on", "ethnicity", "political_status", "former_name", "phone",
    "registration_number", "student_number", "class_name", "major", "level", "years_of_study", "entered_on",
    "entry_kind", "current_state", "last_change", "class_teacher", "is_boarding", "expected_graduation_on",
    "enrolment_preference", "applicant_kind", "previous_school", "guardian_name", "guardian_relation",
    "guardian_phone", "current_address", "is_paired_county", "is_deep_poverty_village", "bank_card", "account_name",
    "remark",
)  # fmt: skip
_HOME = ("home_province", "home_city", "home_county", "home_township", "home_village", "address")
_HOUSEHOLD = (
    "head_name", "head_document_number", "number", "phone", "size", "income_fen", "category", "identified_on",
    "lifted_year", "is_risk_cleared", "risk_cleared_on", "main_cause", "other_causes", "helper",
)  # fmt: skip
_PLACE = ("county", "township", "village", "village_group")
_OWN_HOUSEHOLD = ("household_number", "head_name", "head_document_number", "relation_to_head")


def _facts(reading: "Reading", subject: Subject) -> list[Block]:
    values = subject.values
    pairs = []
    for name in _FACTS:
        text = subject.text(STUDENTS, values, name)
        if text or name in _CORE:
            pairs.append((STUDENTS.column(name).title, text))
        if name == "student_number":
            pairs.append(("户籍地", "".join(values.get(each) or "" for each in _HOME)))
    return [_pairs([each for each in pairs if each[1] or each[0] != "户籍地"])]


def _household(reading: "Reading", subject: Subject) -> list[Block]:
    household_id = reading.scalar(
        "SELECT household_id FROM household_member WHERE student_id = ? ORDER BY household_id", (subject.id,)
    )
    rows = fetch_rows(reading, HOUSEHOLDS, [household_id], subject.day) if household_id else []
    if not rows:
        told = [
            (STUDENTS.column(name).title, subject.text(STUDENTS, subject.values, name))
            for name in _OWN_HOUSEHOLD
        ]
        return [_pairs([each for each in told if each[1]])] if any(text for _title, text in told) else []
    values = rows[0]
    pairs = [(HOUSEHOLDS.column(name).title, subject.text(HOUSEHOLDS, values, name)) for name in _HOUSEHOLD]
    pairs.append(("住址", "".join(values.get(each) or "" for each in _PLACE)))
    members = [
        dict(zip(("name", "relation", "document_number", "health", "skill", "education", "school_state"), row, strict=True))
        for row in reading.rows(
            "SELECT name, relation, document_number, health, skill, education, school_state FROM household_member"
            " WHERE household_id = ? ORDER BY coalesce(relation, '') != '户主', id",
            (household_id,),
        )
    ]  # fmt: skip
    return [_pairs([each for each in pairs if each[1]]), _table("家庭成员", _MEMBERS, members, subject.grade)]


def _categories(reading: "Reading", subject: Subject) -> list[Block]:
    records = [
        {
            "category": each.category,
            "from_on": None if each.start_unknown else each.from_on,
            "to_on": each.to_on,
            "evidence": "；".join(
                filter(None, ("起始日期未知" if each.start_unknown else "", each.evidence, each.source))
            ),
            "original_wording": each.original_wording,
            "is_target": each.is_target,
        }
        for each in sorted(
            (
                each
                for each in load_categories(reading, subject.id, subject.day)
                if each.from_on <= subject.day
            ),
            key=lambda each: (each.from_on, each.id),
        )
    ]
    return [_table("身份类别", _CATEGORIES, records, subject.grade)] if records else []


def _timeline(reading: "Reading", subject: Subject) -> list[Block]:
    covered = frozenset().union(*(section.covers for section in SECTIONS))
    entries = [
        each
        for each in reversed(load_timeline(reading, subject.id, subject.day))
        if kind_named(each.kind).on_paper
        and each.kind not in covered
        and (each.is_ahead or each.on <= subject.day)
    ]
    records = [
        {
            "on": each.on,
            "kind": kind_named(each.kind).title,
            "text": f"{each.text}（还没到日期）" if each.is_ahead else each.text,
            "detail": each.detail,
        }
        for each in entries
    ]
    return [_table("时间线", _ENTRIES, records, subject.grade)] if records else []


def _monitoring(reading: "Reading", subject: Subject) -> list[Block]:
    rows = reading.rows(
        "SELECT n.id, n.month, n.noted_on, n.noted_by, n.form, n.days_present, n.days_due, n.lessons_absent,"
        " n.courses_failed, n.study, n.life, n.health, n.family_event, n.remark, n.difficulty, m.measure,"
        " m.responsible, m.due_on, m.result FROM monitoring_note n LEFT JOIN help_measure m ON m.note_id = n.id"
        " WHERE n.student_id = ? AND n.noted_on <= ? ORDER BY n.month, n.noted_on, n.id, m.id",
        (subject.id, subject.day.isoformat()),
    )
    records: list[dict[str, Any]] = []
    noted: set[int] = set()
    for row in rows:
        (note_id, month, noted_on, by, form, present, due, absent, failed, study, life, health, family, remark, level,
         measure, responsible, due_on, result) = row  # fmt: skip
        help_given = "；".join(
            filter(
                None,
                (
                    measure,
                    f"责任人 {responsible}" if responsible else "",
                    f"{due_on} 前" if due_on else "",
                    f"结果：{result}" if result else "",
                ),
            )
        )
        if note_id in noted:
            records.append({"help": help_given})
            continue
        noted.add(note_id)
        seen = (("学习", study), ("生活", life), ("心理、健康", health), ("家庭", family), ("备注", remark))
        counted = (
            f"出勤 {present} / {due} 天" if due is not None and present is not None else "",
            f"旷课 {absent} 节" if absent else "",
            f"不及格 {failed} 门" if failed else "",
        )
        told = "；".join(
            filter(None, ("，".join(filter(None, counted)), *(f"{k}：{v}" for k, v in seen if v)))
        )
        records.append(
            {"month": month, "on": date.fromisoformat(noted_on), "by": "\n".join(filter(None, (by, form))),
             "told": told, "level": level, "help": help_given}
        )  # fmt: skip
    return [_table("每月监测和帮助", _NOTES, records, subject.grade)] if records else []


def _pairing(reading: "Reading", subject: Subject) -> list[Block]:
    pairings = [
        {"leader": f"{leader}\n{post}" if post else leader, "paired_on": date.fromisoformat(paired_on),
         "ended_on": date.fromisoformat(ended_on) if ended_on else None, "end_reason": end_reason}
        for leader, post, paired_on, ended_on, end_reason in reading.rows(
            "SELECT leader, post, paired_on, CASE WHEN ended_on <= :day THEN ended_on END,"
            " CASE WHEN ended_on <= :day THEN end_reason END FROM pairing"
            " WHERE student_id = :id AND paired_on <= :day ORDER BY paired_on, id",
            {"id": subject.id, "day": subject.day.isoformat()},
        )
    ]  # fmt: skip
    contacts = []
    for on, leader, form, place, situation, difficulties, measure, fen, effect, plan in reading.rows(
        "SELECT c.contacted_on, c.leader, c.form, c.place, c.situation, c.difficulties, m.measure, c.amount_fen,"
        " c.effect, c.next_plan FROM contact c"
        " LEFT JOIN help_measure m ON m.id = (SELECT min(h.id) FROM help_measure h WHERE h.contact_id = c.id)"
        " WHERE c.student_id = ? AND c.contacted_on <= ? ORDER BY c.contacted_on, c.id",
        (subject.id, subject.day.isoformat()),
    ):
        trouble = f"困难：{difficulties}" if difficulties not in (None, "", "无") else ""
        money = f"物资或资金 {Amount().format(fen)} 元" if fen else ""
        then = f"下次：{plan}" if plan else ""
        contacts.append(
            {"on": date.fromisoformat(on), "leader": "\n".join(filter(None, (leader, form, place))),
             "told": "；".join(filter(None, (situation, trouble))),
             "help": "；".join(filter(None, (measure, money, effect, then)))}
        )  # fmt: skip
    told = [_table("结对", _PAIRINGS, pairings, subject.grade)] if pairings else []
    return [*told, _table("帮扶记录", _CONTACTS, contacts, subject.grade)] if contacts else list(told)


def _proofs(reading: "Reading", subject: Subject) -> list[Block]:
    """Tell which proofs are there; for who is no target and has no file there is nothing to tell."""
    others = reading.rows(
        "SELECT kind, count(*) FROM attachment WHERE entity = 'student' AND record_id = ? GROUP BY kind",
        (subject.id,),
    )
    if not others and not subject.values.get("is_target"):
        return []
    pairs = list(proof_states(reading, subject.id).items())
    pairs += [(kind, f"{number} 份") for kind, number in others if kind not in PROOFS]
    return [_pairs(pairs)]


SECTIONS: tuple[Section, ...] = (
    Section("基本情况", _facts),
    Section("家庭", _household),
    Section("身份类别", _categories, covers=frozenset({"category"})),
    Section("时间线", _timeline),
    Section("每月监测和帮助", _monitoring, covers=frozenset({"note", "measure"})),
    Section("一对一帮扶", _pairing, covers=frozenset({"pairing", "contact"})),
    Section("材料", _proofs),
)
"""What the paper tells, in its order."""


def _column(
    name: str, heading: str, type: FieldType, width: float, *, fills: bool = False, is_number: bool = False
) -> PaperColumn:
    privacy = Privacy.NUMBER if is_number else Privacy.PLAIN
    return PaperColumn(
        name=name,
        headings=(heading,),
        type=type,
        width=width,
        fills=fills,
        privacy=privacy,
        wrap=not is_number,
    )


_MEMBERS = (
    _column("name", "姓名", Name(), 4),
    _column("relation", "与户主关系", Text(), 4),
    _column("document_number", "证件号", IdNumber(strict=False), 9, is_number=True),
    _column("health", "健康状况", Text(), 5),
    _column("skill", "劳动技能", Text(), 5),
    _column("education", "文化程度", Text(), 4),
    _column("school_state", "在校生状况", Text(), 5),
)
_CATEGORIES = (
    _column("category", "身份类别", Text(), 8),
    _column("from_on", "起", Date(), 5.4),
    _column("to_on", "止", Date(), 5.4),
    _column("is_target", "帮扶对象", Flag(), 5.2),
    _column("original_wording", "名册原来写作", Text(), 7),
    _column("evidence", "依据和来源", Text(), 8, fills=True),
)
_ENTRIES = (
    _column("on", "日期", Date(), 5.4),
    _column("kind", "类别", Text(), 4),
    _column("text", "事项", Text(), 12, fills=True),
    _column("detail", "说明", Text(), 14, fills=True),
)
_NOTES = (
    _column("month", "月份", Text(), 4.4),
    _column("on", "日期", Date(), 5.4),
    _column("by", "监测人\n方式", Text(), 4),
    _column("told", "情况", Text(), 14, fills=True),
    _column("level", "困难\n等级", Text(), 2.4),
    _column("help", "帮助措施", Text(), 11, fills=True),
)
_PAIRINGS = (
    _column("leader", "校领导\n职务", Text(), 6, fills=True),
    _column("paired_on", "结对日期", Date(), 5.4),
    _column("ended_on", "解除日期", Date(), 5.4),
    _column("end_reason", "解除原因", Text(), 10, fills=True),
)
_CONTACTS = (
    _column("on", "日期", Date(), 5.4),
    _column("leader", "校领导\n方式", Text(), 4.4),
    _column("told", "情况", Text(), 14, fills=True),
    _column("help", "帮扶和成效", Text(), 13, fills=True),
)


def _pairs(pairs: Sequence[tuple[str, str]]) -> Table:
    """Return facts as names and values, two beside each other."""
    columns = [
        TableColumn(headings=(), type=Text(), width=6.6, names=True),
        TableColumn(headings=(), type=Text(), width=11, fills=True),
    ] * 2
    rows = []
    for at in range(0, len(pairs), 2):
        left, right = pairs[at], pairs[at + 1] if at + 1 < len(pairs) else ("", "")
        rows.append(TableRow(values=(left[0], left[1] or None, right[0] or None, right[1] or None)))
    return Table(columns=tuple(columns), rows=rows)


def _table(
    about: str, columns: Sequence[PaperColumn], records: Sequence[dict[str, Any]], grade: Grade
) -> Table:
    return Table(
        columns=tuple(column.as_table_column() for column in columns),
        rows=table_rows(columns, records, grade),
        when_empty=f"没有{about}",
    )


def student_part(reading: "Reading", subject: Subject) -> list[Block]:
    """Return one student's paper."""
    values = subject.values
    where = "　".join(str(each) for each in (values.get("class_name"), values.get("current_state")) if each)
    name = " ".join(str(each) for each in (values.get("class_name"), values["name"]) if each)
    blocks: list[Block] = [
        Part(
            title=STUDENT_FILE.title,
            name=name,
            subtitle=f"{values['name']}　{where}　截至{long_day(subject.day)}",
        )
    ]
    for section in SECTIONS:
        if told := section.build(reading, subject):
            blocks += [Heading(text=section.title), *told]
    return blocks


def _chosen(reading: "Reading", params: Params, day: date) -> list[int]:
    """Return whose papers are wanted: those handed over, the one who was named, or a class."""
    if handed := params.get(STUDENT_IDS):
        return list(handed)
    if params.get("student"):
        return [_named(reading, str(params["student"]).strip(), day)]
    targets = "AND p.is_target" if params.get("scope") != EVERYBODY else ""
    rows = reading.rows(
        "SELECT s.id FROM student s JOIN student_span p ON p.student_id = s.id AND p.from_on <= :day AND p.to_on >= :day"
        f" WHERE p.is_enrolled {targets} AND p.class_name = :class_name ORDER BY s.name_sort, s.id",
        {"day": day.isoformat(), "class_name": params.get("class_name")},
    )
    return [row[0] for row in rows]


def _named(reading: "Reading", text: str, day: date) -> int:
    rows = reading.rows(
        "SELECT s.id, s.name, s.document_number, p.class_name FROM student s LEFT JOIN student_span p"
        " ON p.student_id = s.id AND p.from_on <= :day AND p.to_on >= :day"
        " WHERE :text IN (s.name, s.document_number, s.student_number, s.registration_number) ORDER BY s.id",
        {"day": day.isoformat(), "text": text.upper() if text[:-1].isdigit() else text},
    )
    if len(rows) == 1:
        return int(rows[0][0])
    if not rows:
        raise UserError(f"台账里没有“{text}”。", "写姓名、学号、学籍号或证件号。")
    told = "、".join(f"{row[3] or '没有班级'} {row[1]}（{mask_number(row[2] or '')}）" for row in rows)
    raise UserError(f"有 {len(rows)} 个“{text}”：{told}。", "写学号或证件号，就知道是哪一个。")


def _offers(reading: "Reading", name: str) -> Sequence[str]:
    if name == "scope":
        return (TARGETS, EVERYBODY)
    if name == "class_name":
        rows = reading.rows("SELECT name FROM school_class ORDER BY grade DESC, name")
        return [str(row[0]) for row in rows]
    return ()


def _build(reading: "Reading", params: Params) -> Document:
    grade = grade_of(params, STUDENT_FILE.grades, STUDENT_FILE.title)
    day: date = params["as_of"]
    head = Letterhead(reading, as_of=day)
    rows = fetch_rows(reading, STUDENTS, _chosen(reading, params, day), day)
    blocks: list[Block] = []
    for values in rows:
        blocks += student_part(reading, Subject(int(values["id"]), values, day, grade))
        blocks.append(head.signatures())
    paper = head.document(
        title=STUDENT_FILE.title,
        blocks=blocks or [Paragraph(text="这个班这一天没有符合的学生。")],
        page=PageSetup(),
        grade=grade,
        unit="",
        people=len(rows),
        signed=False,
    )
    return replace(paper, file_name=f"{STUDENT_FILE.title} {_whose(rows, params)} {day.isoformat()}")


def _whose(rows: Sequence[dict[str, Any]], params: Params) -> str:
    if len(rows) == 1:
        return str(rows[0]["name"])
    classes = {row.get("class_name") for row in rows}
    return f"{classes.pop() if len(classes) == 1 else ''} {len(rows)} 人".strip()


STUDENT_FILE = Report(
    name="student_file",
    title="一生一档",
    parameters=(
        Field(name="class_name", title="班级", type=Text(), required=True),
        Field(name="scope", title="范围", type=Text(), required=True),
        Field(name="student", title="学生", type=Text(), help="姓名、学号或证件号；写了就只出这一个人的"),
        AS_OF,
    ),
    build=_build,
    offers=_offers,
    grades=(Grade.FULL, Grade.MASKED),
    group="学生",
    record_parameter=STUDENT_IDS,
)
