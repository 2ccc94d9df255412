"""每月监测记录表 of a class or a monitor: what was noted, or prefilled or blank for a pen."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from skillsaid_desktop.documents import (
    Block,
    Document,
    Grade,
    PageSetup,
    Paragraph,
    Table,
    TableColumn,
    TableRow,
)
from skillsaid_desktop.reports.letterhead import Letterhead, as_day
from skillsaid_desktop.reports.report import MONTH, Params, Report, grade_of
from skillsaid_desktop.reports.student_columns import PaperColumn, table_rows
from skillsaid_desktop.schema import Date, Field, Name, Number, Text

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

RECORDED = "已填内容"
PREFILLED = "印好名字，手工填写"
BLANK = "空白表"
_STYLES = (RECORDED, PREFILLED, BLANK)
_BLANK_ROWS = 14

_COLUMNS = (
    PaperColumn(name="number", headings=("序号",), type=Number(), width=2.2, align="center"),
    PaperColumn(name="name", headings=("姓名",), type=Name(), width=5),
    PaperColumn(name="noted_on", headings=("监测\n日期",), type=Date(), width=3, align="center"),
    PaperColumn(name="form", headings=("方式",), type=Text(), width=2.2, align="center"),
    PaperColumn(name="attendance", headings=("实到/\n应到",), type=Text(), width=3, align="center"),
    PaperColumn(name="study", headings=("学习情况",), type=Text(), width=6.5, fills=True),
    PaperColumn(name="life", headings=("生活情况",), type=Text(), width=6.5, fills=True),
    PaperColumn(name="health", headings=("心理／健康",), type=Text(), width=5),
    PaperColumn(name="family_event", headings=("家庭变故",), type=Text(), width=5),
    PaperColumn(name="aid", headings=("资助\n到账",), type=Text(), width=2.2, align="center"),
    PaperColumn(name="difficulty", headings=("困难\n等级",), type=Text(), width=2.2, align="center"),
    PaperColumn(name="measure", headings=("帮助措施", "措施"), type=Text(), width=7, fills=True),
    PaperColumn(name="responsible", headings=("帮助措施", "责任人"), type=Name(), width=3.4),
    PaperColumn(name="due_on", headings=("帮助措施", "完成\n时限"), type=Text(), width=3, align="center"),
    PaperColumn(name="result", headings=("帮助措施", "结果"), type=Text(), width=4.5),
    PaperColumn(name="noted_by", headings=("监测人",), type=Name(), width=3.4),
)

_DUE = """
SELECT s.id, s.name, p.class_name, coalesce(k.monitor, (SELECT t.name FROM class_teacher t WHERE t.class_id = p.class_id
    AND (t.from_on IS NULL OR t.from_on <= :day) AND (t.to_on IS NULL OR t.to_on >= :day) LIMIT 1), ''),
  (SELECT count(*) FROM student_span q JOIN student o ON o.id = q.student_id WHERE q.class_id = p.class_id
    AND q.from_on <= :day AND q.to_on >= :day AND q.is_target = 1 AND q.is_enrolled = 1 AND o.name = s.name),
  s.document_number
FROM student_span p JOIN student s ON s.id = p.student_id LEFT JOIN school_class k ON k.id = p.class_id
WHERE p.from_on <= :day AND p.to_on >= :day AND p.is_target = 1 AND p.state IN ('在读', '实习')
ORDER BY p.grade, p.class_name, s.name_sort, s.id
"""
_NOTES = """
SELECT n.student_id, n.noted_on, n.form, n.days_present, n.days_due, n.study, n.life, n.health, n.family_event,
  n.is_aid_received, n.difficulty, n.noted_by, m.measure, m.responsible, m.due_on, m.result
FROM monitoring_note n LEFT JOIN help_measure m ON m.note_id = n.id
WHERE n.month = :month ORDER BY n.noted_on, n.id, m.id
"""


def _students(reading: "Reading", head: Letterhead) -> list[dict[str, Any]]:
    assert head.period is not None
    found = []
    for student_id, name, class_name, monitor, namesakes, number in reading.rows(
        _DUE, {"day": head.period.to_on.isoformat()}
    ):
        # Two of one name in a class: the last four of the number tell them apart, as in the window.
        shown = f"{name}（{number[-4:]}）" if namesakes > 1 and number else name
        found.append({"id": student_id, "name": shown, "class_name": class_name or "", "monitor": monitor})
    return found


def _notes(reading: "Reading", month: str) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in reading.rows(_NOTES, {"month": month}):
        (student_id, noted_on, form, present, due, study, life, health, family, aid, difficulty, noted_by) = (
            row[:12]
        )
        measure, responsible, due_on, result = row[12:]
        due_day, noted_day = as_day(due_on), as_day(noted_on)
        found.setdefault(student_id, []).append(
            {
                "noted_on": f"{noted_day.month:02d}-{noted_day.day:02d}" if noted_day else None,
                "form": form,
                "attendance": None if present is None and due is None else f"{_count(present)}/{_count(due)}",
                "study": study,
                "life": life,
                "health": health,
                "family_event": family,
                "aid": None if aid is None else ("是" if aid else "否"),
                "difficulty": difficulty,
                "noted_by": noted_by,
                "measure": measure,
                "responsible": responsible,
                "due_on": f"{due_day.month:02d}-{due_day.day:02d}" if due_day else None,
                "result": result,
            }
        )
    return found


def _count(value: Any) -> str:
    return "" if value is None else str(value)


def _offers(reading: "Reading", name: str) -> Sequence[str]:
    if name == "style":
        return _STYLES
    if name == "class_name":
        return [
            str(row[0]) for row in reading.rows("SELECT name FROM school_class ORDER BY grade DESC, name")
        ]
    if name == "monitor":
        rows = reading.rows(
            "SELECT monitor FROM school_class WHERE monitor IS NOT NULL"
            " UNION SELECT name FROM class_teacher UNION SELECT noted_by FROM monitoring_note"
        )
        return sorted(str(row[0]) for row in rows if row[0])
    return ()


def _columns() -> tuple[TableColumn, ...]:
    return tuple(column.as_table_column() for column in _COLUMNS)


def _build(reading: "Reading", params: Params) -> Document:
    grade = grade_of(params, MONITORING.grades, MONITORING.title)
    style = str(params.get("style") or RECORDED)
    head = Letterhead(reading, month=str(params["month"]))
    chosen_class, monitor = params.get("class_name"), params.get("monitor")
    students = [] if style == BLANK else _students(reading, head)
    notes = _notes(reading, str(params["month"])) if style == RECORDED else {}
    if chosen_class:
        students = [each for each in students if each["class_name"] == chosen_class]
    if monitor:
        students = [
            each
            for each in students
            if monitor == each["monitor"] or any(n["noted_by"] == monitor for n in notes.get(each["id"], ()))
        ]
    rows = _blank_rows() if style == BLANK else _rows(students, notes, one_class=bool(chosen_class))
    table = Table(
        columns=_columns(),
        rows=rows,
        tall_rows=style != RECORDED,
        when_empty="没有应监测的学生",
        name="每月监测记录表",
        frozen_columns=2,
        text_size=9.0,
    )
    whose = [str(chosen_class) if chosen_class else "", f"监测人：{monitor}" if monitor else ""]
    if style == BLANK and not chosen_class:
        whose = ["班级：＿＿＿＿＿＿　监测人：＿＿＿＿＿＿"]
    blocks: tuple[Block, ...] = (
        table,
        Paragraph(
            text="困难等级填：无、一般、较重、紧急；较重和紧急的要写帮助措施、责任人和完成时限。", small=True
        ),
    )
    return head.document(
        title=MONITORING.title,
        blocks=blocks,
        page=PageSetup(landscape=True, margin_left=12, margin_right=12),
        grade=grade,
        remarks=whose,
        unit="",
        people=len(students),
        mark="" if style == BLANK else None,
    )


def _blank_rows() -> list[TableRow]:
    return [TableRow(values=(index, *(None,) * (len(_COLUMNS) - 1))) for index in range(1, _BLANK_ROWS + 1)]


def _rows(
    students: Sequence[dict[str, Any]], notes: dict[int, list[dict[str, Any]]], *, one_class: bool
) -> list[TableRow]:
    rows: list[TableRow] = []
    for class_name, members in groupby(students, key=lambda each: each["class_name"]):
        group = list(members)
        records = [{"name": each["name"], **note} for each in group for note in notes.get(each["id"]) or [{}]]
        if not one_class:
            done = sum(1 for each in group if each["id"] in notes)
            counted = f"　应监测 {len(group)} 人" + (f"，已监测 {done} 人" if notes else "")
            title = f"{class_name or '没有班级'}{counted}"
            rows.append(TableRow(values=(title, *(None,) * (len(_COLUMNS) - 1)), kind="group"))
        rows.extend(table_rows(_COLUMNS, records, Grade.FULL))
    return rows


MONITORING = Report(
    name="monitoring",
    title="每月监测记录表",
    parameters=(
        MONTH,
        Field(name="class_name", title="班级", type=Text(), help="不选就是全部班级"),
        Field(name="monitor", title="监测人", type=Name(), help="不选就是全部监测人"),
        Field(name="style", title="样式", type=Text(), required=True),
    ),
    build=_build,
    offers=_offers,
    grades=(Grade.FULL, Grade.MASKED),
)
