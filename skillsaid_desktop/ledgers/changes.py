"""学籍异动: dated events that change a student's state, class, major or level, or whether he is a target."""

from skillsaid_desktop.ledgers.change_plan import plan_changes, store_changes
from skillsaid_desktop.ledgers.columns import (
    BY_STUDENT,
    CATEGORY_HEADINGS,
    NUMBER_TAIL,
    STUDENT_CLASS,
    STUDENT_DOCUMENT,
    STUDENT_NAME,
    STUDENT_NUMBER,
    STUDENT_REGISTRATION,
    besides,
)
from skillsaid_desktop.ledgers.ledger import Ledger, Searched
from skillsaid_desktop.schema import Field, Privacy
from skillsaid_desktop.schema.types import Choice, Date, Flag, Month, Text

FIELDS: tuple[Field, ...] = (
    STUDENT_NAME,
    STUDENT_CLASS,
    STUDENT_DOCUMENT,
    Field(name="kind", title="异动类别", type=Choice(vocabulary="change_kind"), required=True, width=8,
          aliases=("变动情况",)),
    Field(name="changed_on", title="异动日期", type=Date(whole_day=True), required=True, width=7,
          aliases=("变动日期",)),
    Field(name="reason", title="异动原因", type=Text(), width=10, aliases=("变动原因",), privacy=Privacy.PERSONAL),
    Field(name="class_before", title="原班级", type=Text(), width=8),
    Field(name="class_after", title="新班级", type=Text(), width=8),
    Field(name="major_before", title="原专业", type=Text(), width=9),
    Field(name="major_after", title="新专业", type=Text(), width=9),
    Field(name="level_before", title="原层次", type=Choice(vocabulary="level"), width=7),
    Field(name="level_after", title="新层次", type=Choice(vocabulary="level"), width=7),
    Field(name="approval_number", title="批准文号", type=Text(), width=11, aliases=("审批文号", "登记号")),
    Field(name="approved_on", title="批准日期", type=Date(), width=7),
    Field(name="other_school", title="去向/来源学校", type=Text(), width=11, aliases=("去向学校", "来源学校")),
    Field(name="system_on", title="系统办理日期", type=Date(), width=7),
    Field(name="month", title="报送月份", type=Month(), width=6, typed=False),
    Field(name="handled_by", title="经办人", type=Text(), width=6),
    Field(name="evidence", title="佐证", type=Text(), width=9),
    Field(name="remark", title="备注", type=Text(), width=11, aliases=("说明",)),
    Field(name="is_opening", title="期初", type=Flag(), width=4, typed=False),
    Field(name="is_inferred", title="名册推定", type=Flag(), width=5, typed=False),
    Field(name="correction_reason", title="更正原因", type=Text(), width=10, typed=False),
)  # fmt: skip

EXTRA: tuple[Field, ...] = (
    STUDENT_REGISTRATION,
    STUDENT_NUMBER,
    NUMBER_TAIL,
    Field(name="before_after", title="变动前 → 变动后", type=Text(), width=14,
          aliases=("变动前→变动后", "变动前后", "原班级→新班级", "原专业→新专业", "原层次→新层次")),
    Field(name="category", title="身份类别", type=Text(), width=9, privacy=Privacy.SENSITIVE,
          aliases=besides("身份类别", CATEGORY_HEADINGS)),
)  # fmt: skip

SELECT = """
SELECT c.id AS id, s.name AS student_name, sp.class_name AS class_name, s.document_number AS document_number,
  c.kind AS kind, c.changed_on AS changed_on, c.reason AS reason, c.class_before AS class_before,
  k.name AS class_after, c.major_before AS major_before, c.major AS major_after, c.level_before AS level_before,
  c.level AS level_after, c.approval_number AS approval_number, c.approved_on AS approved_on,
  c.other_school AS other_school, c.system_on AS system_on,
  CASE WHEN m.month IS NOT NULL THEN m.month
    WHEN cut.day = 0 OR CAST(substr(c.changed_on, 9, 2) AS INTEGER) <= cut.day THEN substr(c.changed_on, 1, 7)
    ELSE strftime('%Y-%m', substr(c.changed_on, 1, 7) || '-01', '+1 month') END AS month,
  c.handled_by AS handled_by, c.evidence AS evidence, c.remark AS remark, c.is_opening AS is_opening,
  c.is_inferred AS is_inferred, c.correction_reason AS correction_reason,
  s.id AS student_id, sp.class_id AS class_id, s.name_sort AS name_sort
FROM status_change c
JOIN student s ON s.id = c.student_id
LEFT JOIN (SELECT CASE count(*) WHEN 0 THEN 25 ELSE CAST(max(value) AS INTEGER) END AS day,
  max(value) AS raw FROM setting WHERE key = 'cutoff_day') cut
LEFT JOIN reporting_month m ON c.changed_on BETWEEN m.from_on AND m.to_on
LEFT JOIN school_class k ON k.id = c.class_id
LEFT JOIN student_span sp ON sp.student_id = s.id AND sp.from_on <= c.changed_on AND sp.to_on >= c.changed_on
"""

CHANGES = Ledger(
    name="changes",
    title="学籍异动",
    entity="status_change",
    fields=FIELDS,
    extra_fields=EXTRA,
    select=SELECT,
    search=(*BY_STUDENT, Searched("kind")),
    default_sort=(("changed_on", True), ("student_name", False)),
    sort_by={"student_name": "name_sort"},
    plan=plan_changes,
    store=store_changes,
    list_name="异动登记",
    unit="条",
)
