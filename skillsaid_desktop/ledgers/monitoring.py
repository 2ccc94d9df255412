"""每月监测: what a class teacher saw of each target student in a month, with difficulty and help."""

from skillsaid_desktop.ledgers.columns import (
    BY_STUDENT,
    NUMBER_TAIL,
    STUDENT_CLASS,
    STUDENT_DOCUMENT,
    STUDENT_NAME,
    STUDENT_NUMBER,
    STUDENT_REGISTRATION,
)
from skillsaid_desktop.ledgers.ledger import Ledger, Searched
from skillsaid_desktop.ledgers.note_plan import plan_notes, store_notes
from skillsaid_desktop.schema import Field, Privacy
from skillsaid_desktop.schema.types import Choice, Date, Flag, Month, Number, Text

FIELDS: tuple[Field, ...] = (
    STUDENT_NAME,
    STUDENT_CLASS,
    STUDENT_DOCUMENT,
    Field(name="month", title="月份", type=Month(), required=True, width=6, aliases=("统计月份", "监测月份")),
    Field(name="noted_on", title="监测日期", type=Date(whole_day=True), required=True, width=7, aliases=("谈话日期",)),
    Field(name="noted_by", title="监测人", type=Text(), required=True, width=6, aliases=("谈话人",)),
    Field(name="form", title="方式", type=Choice(vocabulary="form"), width=5, aliases=("谈话方式", "监测方式")),
    Field(name="days_due", title="应出勤", type=Number(), width=5, aliases=("应到", "应出勤天数")),
    Field(name="days_present", title="实出勤", type=Number(), width=5, aliases=("实到", "实出勤天数")),
    Field(name="lessons_absent", title="旷课(节)", type=Number(), width=5, aliases=("旷课",)),
    Field(name="courses_failed", title="不及格门数", type=Number(), width=5, aliases=("不及格",)),
    Field(name="study", title="学习情况", type=Text(), width=10, privacy=Privacy.PERSONAL),
    Field(name="life", title="生活情况", type=Text(), width=10, privacy=Privacy.PERSONAL),
    Field(name="health", title="心理/健康", type=Text(), width=8, privacy=Privacy.SENSITIVE,
          aliases=("身心状况", "心理健康")),
    Field(name="family_event", title="家庭变故", type=Text(), width=9, privacy=Privacy.SENSITIVE),
    Field(name="is_aid_received", title="资助是否到账", type=Flag(), width=5,
          aliases=("助学金到账", "资助到账", "助学金是否到账")),
    Field(name="difficulty", title="困难等级", type=Choice(vocabulary="difficulty", announces=True), required=True,
          width=5, privacy=Privacy.SENSITIVE),
    Field(name="measure", title="帮助措施", type=Text(), width=13, aliases=("帮扶措施",)),
    Field(name="responsible", title="责任人", type=Text(), width=6),
    Field(name="due_on", title="完成时限", type=Date(), width=7),
    Field(name="result", title="结果", type=Text(), width=9, aliases=("落实结果",)),
    Field(name="remark", title="备注", type=Text(), width=10, aliases=("说明",)),
)  # fmt: skip

SELECT = """
SELECT n.id AS id, s.name AS student_name, sp.class_name AS class_name, s.document_number AS document_number,
  n.month AS month, n.noted_on AS noted_on, n.noted_by AS noted_by, n.form AS form, n.days_due AS days_due,
  n.days_present AS days_present, n.lessons_absent AS lessons_absent, n.courses_failed AS courses_failed,
  n.study AS study, n.life AS life, n.health AS health, n.family_event AS family_event,
  n.is_aid_received AS is_aid_received, n.difficulty AS difficulty,
  (SELECT group_concat(m.measure, '；') FROM help_measure m WHERE m.note_id = n.id) AS measure,
  (SELECT m.responsible FROM help_measure m WHERE m.note_id = n.id ORDER BY m.id LIMIT 1) AS responsible,
  (SELECT m.due_on FROM help_measure m WHERE m.note_id = n.id ORDER BY m.id LIMIT 1) AS due_on,
  (SELECT m.result FROM help_measure m WHERE m.note_id = n.id ORDER BY m.id LIMIT 1) AS result,
  n.remark AS remark, s.id AS student_id, sp.class_id AS class_id, s.name_sort AS name_sort
FROM monitoring_note n
JOIN student s ON s.id = n.student_id
LEFT JOIN student_span sp ON sp.student_id = s.id AND sp.from_on <= n.noted_on AND sp.to_on >= n.noted_on
"""

MONITORING = Ledger(
    name="monitoring",
    title="每月监测",
    entity="monitoring_note",
    fields=FIELDS,
    extra_fields=(STUDENT_REGISTRATION, STUDENT_NUMBER, NUMBER_TAIL),
    select=SELECT,
    search=(*BY_STUDENT, Searched("noted_by")),
    default_sort=(("month", True), ("class_name", False), ("student_name", False)),
    sort_by={"student_name": "name_sort"},
    plan=plan_notes,
    store=store_notes,
    list_name="班主任监测表",
    unit="条",
)
