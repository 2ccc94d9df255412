"""一对一帮扶, the contacts: each talk, call or visit of a leader with a student, with the help promised."""

from skillsaid_desktop.ledgers.columns import BY_STUDENT, STUDENT_CLASS, STUDENT_DOCUMENT, WHO_ELSE
from skillsaid_desktop.ledgers.contact_plan import plan_contacts, store_contacts
from skillsaid_desktop.ledgers.ledger import Ledger, Searched
from skillsaid_desktop.ledgers.pairings import LEADER, STUDENT
from skillsaid_desktop.schema import Field, Privacy
from skillsaid_desktop.schema.types import Amount, Choice, Date, Text

FIELDS: tuple[Field, ...] = (
    STUDENT,
    STUDENT_CLASS,
    LEADER,
    Field(name="contacted_on", title="日期", type=Date(whole_day=True), required=True, width=7,
          aliases=("联系日期", "联系时间", "谈话日期", "谈话时间", "帮扶日期", "帮扶时间", "走访日期")),
    Field(name="form", title="方式", type=Choice(vocabulary="form"), required=True, width=5,
          aliases=("联系方式", "谈话方式", "帮扶方式", "帮扶形式")),
    Field(name="place", title="地点", type=Text(), width=7, aliases=("联系地点", "谈话地点", "帮扶地点")),
    Field(name="situation", title="学习/生活/思想情况", type=Text(), width=14, privacy=Privacy.PERSONAL,
          aliases=("谈话内容", "联系内容", "帮扶内容", "学习生活思想情况", "学习、生活、思想情况", "情况记录")),
    Field(name="difficulties", title="困难问题", type=Text(), width=9, privacy=Privacy.SENSITIVE,
          aliases=("存在困难", "存在问题", "困难和问题", "存在困难问题", "困难")),
    Field(name="measure", title="帮扶措施", type=Text(), width=12,
          aliases=("帮助措施", "帮扶措施及资金", "措施", "解决措施")),
    Field(name="amount_fen", title="物资或资金(元)", type=Amount(), width=7,
          aliases=("物资资金", "资金", "慰问金", "帮扶资金", "资助金额", "金额")),
    Field(name="responsible", title="责任人", type=Text(), width=6, help="措施由谁去办；没写就是校领导本人"),
    Field(name="due_on", title="完成时限", type=Date(), width=7),
    Field(name="result", title="落实结果", type=Text(), width=8),
    Field(name="effect", title="成效", type=Text(), width=8, aliases=("效果", "帮扶成效", "帮扶效果")),
    Field(name="next_plan", title="下次计划", type=Text(), width=9, aliases=("下步计划", "下一步计划", "下步打算")),
    STUDENT_DOCUMENT,
    Field(name="source", title="来源", type=Text(), width=12, typed=False),
)  # fmt: skip

SELECT = """
SELECT c.id AS id, s.name AS student_name, sp.class_name AS class_name, s.document_number AS document_number,
  c.leader AS leader, c.contacted_on AS contacted_on, c.form AS form, c.place AS place, c.situation AS situation,
  c.difficulties AS difficulties, m.measure AS measure, c.amount_fen AS amount_fen, m.responsible AS responsible,
  m.due_on AS due_on, m.result AS result, c.effect AS effect, c.next_plan AS next_plan, c.source AS source,
  s.id AS student_id, sp.class_id AS class_id, s.name_sort AS name_sort
FROM contact c
JOIN student s ON s.id = c.student_id
LEFT JOIN help_measure m ON m.id = (SELECT min(h.id) FROM help_measure h WHERE h.contact_id = c.id)
LEFT JOIN student_span sp ON sp.student_id = s.id AND sp.from_on <= c.contacted_on AND sp.to_on >= c.contacted_on
"""

CONTACTS = Ledger(
    name="contacts",
    title="帮扶记录",
    entity="contact",
    fields=FIELDS,
    extra_fields=WHO_ELSE,
    select=SELECT,
    search=(
        *BY_STUDENT,
        Searched("leader"),
        Searched("measure"),
    ),
    default_sort=(("contacted_on", True), ("leader", False), ("student_name", False)),
    sort_by={"student_name": "name_sort"},
    plan=plan_contacts,
    store=store_contacts,
    list_name="帮扶记录",
    unit="次",
    row_unit="次",
)
