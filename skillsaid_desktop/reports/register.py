"""学生动态台账: who is in school as of a day, with everything a county asks for, by class."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.documents import Document, Grade, PageSetup, PaperSize, Paragraph, Table
from skillsaid_desktop.reports.letterhead import Letterhead, as_day, long_month
from skillsaid_desktop.reports.report import AS_OF, Params, Report, grade_of
from skillsaid_desktop.reports.student_columns import PaperColumn, columns_for, table_rows
from skillsaid_desktop.schema import Date, Field, IdNumber, Name, Number, Phone, Privacy, Text

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

TARGETS = "在籍帮扶对象"
ENROLLED = "全部在籍学生"
EVERYBODY = "全部学生（含已离校）"
_CONDITIONS = {
    TARGETS: "p.is_target = 1 AND p.is_enrolled = 1",
    ENROLLED: "p.is_enrolled = 1",
    EVERYBODY: "1",
}

_COLUMNS = (
    PaperColumn(name="number", headings=("序号",), type=Number(), width=2.4, align="center"),
    PaperColumn(name="name", headings=("姓名",), type=Name(), width=5),
    PaperColumn(name="sex", headings=("性别",), type=Text(), width=2.2, align="center"),
    PaperColumn(name="ethnicity", headings=("民族",), type=Text(), width=2, align="center"),
    PaperColumn(
        name="document_number", headings=("身份证号",), type=IdNumber(), width=9.6,
        privacy=Privacy.NUMBER, align="center", wrap=False,
    ),
    PaperColumn(name="home_county", headings=("户籍所在地", "县"), type=Text(), width=4, privacy=Privacy.PERSONAL),
    PaperColumn(name="home_township", headings=("户籍所在地", "乡镇"), type=Text(), width=4, privacy=Privacy.PERSONAL),
    PaperColumn(name="home_village", headings=("户籍所在地", "村"), type=Text(), width=4, privacy=Privacy.PERSONAL),
    PaperColumn(name="category", headings=("帮扶身份", "类别"), type=Text(), width=7.2, privacy=Privacy.SENSITIVE),
    PaperColumn(name="category_from", headings=("帮扶身份", "起"), type=Date(), width=5.3, privacy=Privacy.SENSITIVE),
    PaperColumn(name="head_name", headings=("户主", "姓名"), type=Name(), width=4, privacy=Privacy.PERSONAL),
    PaperColumn(name="relation_to_head", headings=("户主", "关系"), type=Text(), width=2.2, privacy=Privacy.PERSONAL),
    PaperColumn(name="guardian_name", headings=("监护人", "姓名"), type=Name(), width=4, privacy=Privacy.PERSONAL),
    PaperColumn(
        name="guardian_phone", headings=("监护人", "电话"), type=Phone(), width=5.9,
        privacy=Privacy.NUMBER, align="center", wrap=False,
    ),
    PaperColumn(name="grade", headings=("学籍", "年级"), type=Number(), width=2.4, align="center"),
    PaperColumn(name="class_name", headings=("学籍", "班级"), type=Text(), width=5.2),
    PaperColumn(name="major", headings=("学籍", "专业"), type=Text(), width=8),
    PaperColumn(name="level", headings=("学籍", "层次"), type=Text(), width=4.2),
    PaperColumn(name="entered_on", headings=("学籍", "入学日期"), type=Date(), width=5.3),
    PaperColumn(name="state", headings=("当前\n状态",), type=Text(), width=2.2, align="center"),
    PaperColumn(name="last_change", headings=("最近异动",), type=Text(), width=5.4),
    PaperColumn(name="teacher", headings=("班主任",), type=Name(), width=3.6),
    PaperColumn(name="remark", headings=("备注",), type=Text(), width=4, fills=True, privacy=Privacy.PERSONAL),
)  # fmt: skip

_QUERY = """
SELECT s.id, s.name, s.sex, s.ethnicity, s.document_number, s.home_county, s.home_township, s.home_village,
  p.category,
  (SELECT min(h.from_on) FROM hardship_status h WHERE h.student_id = s.id AND h.start_unknown = 0
     AND h.from_on <= :day AND (h.to_on IS NULL OR h.to_on >= :day)) AS category_from,
  s.head_name, s.relation_to_head, s.guardian_name, s.guardian_phone, p.grade, p.class_name, p.major, p.level,
  (SELECT max(c.changed_on) FROM status_change c WHERE c.student_id = s.id AND c.kind IN ('入学', '转入')
     AND c.changed_on <= :day) AS entered_on,
  p.state,
  (SELECT c.kind || ' ' || c.changed_on FROM status_change c WHERE c.student_id = s.id AND c.is_opening = 0
     AND c.kind NOT IN ('入学') AND c.changed_on <= :day ORDER BY c.changed_on DESC, c.id DESC LIMIT 1) AS last_change,
  (SELECT t.name FROM class_teacher t WHERE t.class_id = p.class_id AND (t.from_on IS NULL OR t.from_on <= :day)
     AND (t.to_on IS NULL OR t.to_on >= :day) ORDER BY t.from_on DESC LIMIT 1) AS teacher,
  s.remark
FROM student_span p JOIN student s ON s.id = p.student_id
WHERE p.from_on <= :day AND p.to_on >= :day AND {condition}
ORDER BY p.grade DESC, p.class_name, s.name_sort, s.id
"""
_KEYS = (
    "id", "name", "sex", "ethnicity", "document_number", "home_county", "home_township", "home_village", "category",
    "category_from", "head_name", "relation_to_head", "guardian_name", "guardian_phone", "grade", "class_name",
    "major", "level", "entered_on", "state", "last_change", "teacher", "remark",
)  # fmt: skip


def _records(reading: "Reading", day: date, scope: str) -> list[dict[str, Any]]:
    rows = reading.rows(_QUERY.format(condition=_CONDITIONS[scope]), {"day": day.isoformat()})
    records = []
    for row in rows:
        record = dict(zip(_KEYS, row, strict=True))
        record["category_from"] = as_day(record["category_from"])
        record["entered_on"] = as_day(record["entered_on"])
        records.append(record)
    return records


def _difference_note(reading: "Reading", day: date, number: int) -> str:
    """Say on the register of a closed month's last day why it shows another number than was reported."""
    rows = reading.rows(
        "SELECT m.month, f.period FROM reporting_month m JOIN frozen_figure f ON f.month_id = m.id AND f.code = 'S1'"
        " WHERE m.to_on = ? AND m.state IN ('closed', 'submitted')",
        (day.isoformat(),),
    )
    if not rows or rows[0][1] is None or int(rows[0][1]) == number:
        return ""
    month, reported = rows[0]
    return (
        f"注：{long_month(month)}封账时在籍帮扶对象 {int(reported)} 人；封账后补登的异动列为下月更正，"
        f"按现在的登记为 {number} 人。"
    )


def _offers(reading: "Reading", name: str) -> Sequence[str]:
    return tuple(_CONDITIONS) if name == "scope" else ()


def _build(reading: "Reading", params: Params) -> Document:
    grade = grade_of(params, REGISTER.grades, REGISTER.title)
    day = as_day(params["as_of"])
    assert day is not None
    scope = str(params.get("scope") or TARGETS)
    head = Letterhead(reading, as_of=day)
    records = _records(reading, day, scope)
    columns = columns_for(_COLUMNS, grade)
    table = Table(
        columns=tuple(column.as_table_column() for column in columns),
        rows=table_rows(columns, records, grade),
        when_empty=f"{day.year}年{day.month}月{day.day}日没有{scope}",
        name="学生动态台账",
        frozen_columns=min(2, len(columns)),
    )
    is_public = grade is Grade.PUBLIC
    note = _difference_note(reading, day, len(records)) if scope == TARGETS and not is_public else ""
    return head.document(
        title=REGISTER.title,
        blocks=(table, Paragraph(text=note, small=True)) if note else (table,),
        page=PageSetup()
        if is_public
        else PageSetup(size=PaperSize.A3, landscape=True, margin_left=12, margin_right=12),
        grade=grade,
        remarks=(f"共 {len(records)} 人", "" if is_public else scope),
        unit="",
        people=len(records),
        signed=not is_public,
    )


REGISTER = Report(
    name="register",
    title="学生动态台账",
    parameters=(AS_OF, Field(name="scope", title="范围", type=Text(), required=True)),
    build=_build,
    offers=_offers,
    grades=tuple(Grade),
)
