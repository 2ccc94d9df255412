"""一对一帮扶, the pairings: which leader helps which student, from when to when."""

from dataclasses import replace

from skillsaid_desktop.ledgers.columns import (
    BY_STUDENT,
    STUDENT_CLASS,
    STUDENT_DOCUMENT,
    STUDENT_NAME,
    WHO_ELSE,
)
from skillsaid_desktop.ledgers.ledger import Ledger, Searched
from skillsaid_desktop.ledgers.pairing_plan import plan_pairings, store_pairings
from skillsaid_desktop.schema import Field, Privacy
from skillsaid_desktop.schema.types import Date, Name, Number, Phone, Text

LEADER = Field(
    name="leader", title="校领导", type=Name(), required=True, width=6,
    aliases=("校领导姓名", "领导姓名", "帮扶领导", "结对领导", "帮扶校领导", "联系领导", "帮扶人", "帮扶责任人"),
)  # fmt: skip
STUDENT = replace(
    STUDENT_NAME, aliases=(*STUDENT_NAME.aliases, "结对学生", "帮扶学生", "受帮扶学生", "结对学生姓名")
)

FIELDS: tuple[Field, ...] = (
    STUDENT,
    STUDENT_CLASS,
    LEADER,
    Field(name="post", title="职务", type=Text(), width=7, aliases=("行政职务", "领导职务", "校领导职务")),
    Field(name="phone", title="电话", type=Phone(), width=8, privacy=Privacy.PERSONAL,
          aliases=("办公电话", "领导电话", "校领导电话", "帮扶人电话"), help="校领导的电话"),
    Field(name="paired_on", title="结对日期", type=Date(), required=True, width=7,
          aliases=("结对时间", "结对年月", "帮扶开始日期", "开始帮扶时间")),
    Field(name="ended_on", title="解除日期", type=Date(), width=7,
          aliases=("解除时间", "结束日期", "结束时间", "帮扶结束日期")),
    Field(name="end_reason", title="解除原因", type=Text(), width=10, aliases=("结束原因",)),
    STUDENT_DOCUMENT,
    Field(name="standing", title="状态", type=Text(), width=5, typed=False),
    Field(name="contacts", title="联系次数", type=Number(), width=5, typed=False),
    Field(name="last_on", title="最近联系", type=Date(), width=7, typed=False),
    Field(name="source", title="来源", type=Text(), width=12, typed=False),
)  # fmt: skip

SELECT = """
SELECT p.id AS id, s.name AS student_name, sp.class_name AS class_name, s.document_number AS document_number,
  p.leader AS leader, p.post AS post, p.phone AS phone, p.paired_on AS paired_on, p.ended_on AS ended_on,
  p.end_reason AS end_reason, p.source AS source,
  CASE WHEN p.paired_on > :as_of THEN '还没开始' WHEN p.ended_on < :as_of THEN '已解除' ELSE '结对中' END AS standing,
  (SELECT count(*) FROM contact c WHERE c.student_id = p.student_id AND c.leader = p.leader
    AND c.contacted_on BETWEEN p.paired_on AND min(:as_of, coalesce(p.ended_on, :as_of))) AS contacts,
  (SELECT max(c.contacted_on) FROM contact c WHERE c.student_id = p.student_id AND c.leader = p.leader
    AND c.contacted_on BETWEEN p.paired_on AND min(:as_of, coalesce(p.ended_on, :as_of))) AS last_on,
  s.id AS student_id, sp.class_id AS class_id, s.name_sort AS name_sort
FROM pairing p
JOIN student s ON s.id = p.student_id
LEFT JOIN student_span sp ON sp.student_id = s.id AND sp.from_on <= :as_of AND sp.to_on >= :as_of
"""

PAIRINGS = Ledger(
    name="pairings",
    title="结对名单",
    entity="pairing",
    fields=FIELDS,
    extra_fields=WHO_ELSE,
    select=SELECT,
    search=(
        *BY_STUDENT,
        Searched("leader"),
    ),
    default_sort=(("leader", False), ("class_name", False), ("student_name", False)),
    sort_by={"student_name": "name_sort"},
    plan=plan_pairings,
    store=store_pairings,
    list_name="结对名单",
    unit="对",
    row_unit="对",
)
