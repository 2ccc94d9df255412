"""学生台账: a person and what held for him on a day. State, class, major, level and category come from events."""

from skillsaid_desktop.ledgers.columns import (
    BY_CLASS,
    CATEGORY_FROM_HEADINGS,
    CATEGORY_HEADINGS,
    CATEGORY_TO_HEADINGS,
    CLASS_HEADINGS,
    LEVEL_HEADINGS,
    MAJOR_HEADINGS,
    NAME_HEADINGS,
    NUMBER_HEADINGS,
    REGISTRATION_HEADINGS,
    STUDENT_NUMBER_HEADINGS,
    besides,
)
from skillsaid_desktop.ledgers.enrolment import store_students
from skillsaid_desktop.ledgers.ledger import Ledger, Searched, Through
from skillsaid_desktop.ledgers.roster import plan_students
from skillsaid_desktop.schema import Field, Privacy
from skillsaid_desktop.schema.types import BankCard, Choice, Date, Flag, IdNumber, Name, Number, Phone, Text

PERSONAL, SENSITIVE, NUMBER = Privacy.PERSONAL, Privacy.SENSITIVE, Privacy.NUMBER

_HOME = {
    "home_province": ("户籍省", ("户籍所在省", "户籍地址省", "家庭住址省", "户籍所在省份", "省", "省份")),
    "home_city": ("户籍市", ("户籍所在市", "户籍地址市", "家庭住址市", "市", "设区市")),
    "home_county": ("户籍县", ("户籍所在县", "户籍地址县", "家庭住址县", "县", "县区", "户籍县区")),
    "home_township": ("户籍乡镇", ("户籍乡", "户籍所在乡镇", "户籍所在乡", "户籍地址乡", "家庭住址乡", "乡", "乡镇")),
    "home_village": ("户籍村", ("户籍所在村", "户籍地址村组", "户籍地址村", "家庭住址村组", "村组", "村")),
}  # fmt: skip

FIELDS: tuple[Field, ...] = (
    Field(name="name", title="姓名", type=Name(), required=True, width=6, aliases=besides("姓名", NAME_HEADINGS)),
    Field(name="class_name", title="班级", type=Text(), required=True, width=8,
          aliases=besides("班级", CLASS_HEADINGS), help="没有的班级会新建；以后换班用“登记异动”"),
    Field(name="document_number", title="身份证号", type=IdNumber(), required=True, width=11, privacy=NUMBER,
          aliases=besides("身份证号", NUMBER_HEADINGS)),
    Field(name="category", title="身份类别", type=Text(), width=9, privacy=SENSITIVE,
          aliases=besides("身份类别", CATEGORY_HEADINGS), help="几个类别用顿号隔开；原来的写法会留着"),
    Field(name="current_state", title="当前状态", type=Choice(vocabulary="state"), width=6, typed=False),
    Field(name="level", title="培养层次", type=Choice(vocabulary="level"), required=True, width=7,
          aliases=besides("培养层次", LEVEL_HEADINGS)),
    Field(name="home_county", title="户籍县", type=Text(), width=6, aliases=_HOME["home_county"][1], privacy=PERSONAL),
    Field(name="phone", title="联系电话", type=Phone(), width=8, privacy=NUMBER,
          aliases=("学生电话", "手机号", "手机号码", "本人电话")),
    Field(name="entered_on", title="入学日期", type=Date(), required=True, width=7, aliases=("入学年月", "入学时间")),
    Field(name="class_teacher", title="班主任", type=Text(), width=6, aliases=("班主任姓名",)),
    Field(name="last_change", title="最近异动", type=Text(), width=10, typed=False),
    Field(name="is_target", title="帮扶对象", type=Flag(), width=5, privacy=SENSITIVE, typed=False),
    Field(name="is_flagged", title="关注", type=Flag(), width=4, privacy=SENSITIVE, typed=False),
    Field(name="flagged_for", title="关注原因", type=Text(), width=12, privacy=SENSITIVE, typed=False),
    Field(name="sex", title="性别", type=Choice(vocabulary="sex"), width=4),
    Field(name="born_on", title="出生日期", type=Date(), width=7, privacy=PERSONAL, aliases=("出生年月",)),
    Field(name="ethnicity", title="民族", type=Text(), width=5),
    Field(name="political_status", title="政治面貌", type=Text(), width=6),
    Field(name="registration_number", title="学籍号", type=Text(), width=9, privacy=PERSONAL,
          aliases=besides("学籍号", REGISTRATION_HEADINGS)),
    Field(name="student_number", title="学号", type=Text(), width=7, privacy=PERSONAL,
          aliases=besides("学号", STUDENT_NUMBER_HEADINGS)),
    Field(name="major", title="专业", type=Text(), required=True, width=10, aliases=besides("专业", MAJOR_HEADINGS)),
    Field(name="grade", title="年级", type=Text(), width=5, aliases=("入学年份", "级", "届别")),
    Field(name="years_of_study", title="学制(年)", type=Number(), width=5, aliases=("学制",)),
    Field(name="entry_kind", title="入学方式", type=Choice(vocabulary="entry_kind"), width=5),
    Field(name="enrolment_preference", title="招生优惠", type=Choice(vocabulary="enrolment_preference"), width=9,
          aliases=("班型",)),
    Field(name="expected_graduation_on", title="预计毕业日期", type=Date(), width=7, aliases=("预计毕业时间",)),
    Field(name="applicant_kind", title="招生对象", type=Choice(vocabulary="applicant_kind"), width=5,
          aliases=("应/往届", "应往届")),
    Field(name="previous_school", title="毕业学校", type=Text(), width=10),
    Field(name="is_boarding", title="是否住宿", type=Flag(), width=4),
    Field(name="former_name", title="曾用名", type=Text(), width=6, privacy=PERSONAL),
    Field(name="document_kind", title="证件类型", type=Choice(vocabulary="document_kind"), width=7,
          aliases=("身份证件类型",)),
    Field(name="guardian_name", title="监护人姓名", type=Text(), width=6, privacy=PERSONAL,
          aliases=("监护人", "家长", "家长姓名")),
    Field(name="guardian_relation", title="监护人关系", type=Text(), width=6, privacy=PERSONAL, aliases=("家长关系",)),
    Field(name="guardian_phone", title="监护人电话", type=Phone(), width=8, privacy=NUMBER,
          aliases=("家长电话", "监护人联系电话", "家长联系电话")),
    *(Field(name=name, title=_HOME[name][0], type=Text(), width=7, privacy=PERSONAL, aliases=_HOME[name][1])
      for name in ("home_province", "home_city", "home_township", "home_village")),
    Field(name="address", title="详细地址", type=Text(), width=14, privacy=PERSONAL),
    Field(name="current_address", title="现住址", type=Text(), width=14, privacy=PERSONAL),
    Field(name="bank_card", title="银行卡号", type=BankCard(), width=12, privacy=NUMBER,
          aliases=("资助卡号", "银行账号", "卡号")),
    Field(name="account_name", title="开户名", type=Text(), width=6, privacy=PERSONAL),
    Field(name="household_number", title="户编号", type=Text(), width=9, privacy=SENSITIVE,
          aliases=("家庭编号", "户号")),
    Field(name="person_number", title="人员编号", type=Text(), width=9, privacy=SENSITIVE,
          aliases=("人口编号", "人编号")),
    Field(name="relation_to_head", title="与户主关系", type=Choice(vocabulary="relation"), width=6, privacy=PERSONAL,
          aliases=("家庭关系",)),
    Field(name="head_name", title="户主姓名", type=Text(), width=6, privacy=PERSONAL, aliases=("户主",)),
    Field(name="head_document_number", title="户主证件号", type=Text(), width=11, privacy=NUMBER,
          aliases=("户主身份证号", "户主证件号码")),
    Field(name="category_from", title="类别起始日期", type=Date(), width=7, privacy=SENSITIVE,
          aliases=besides("类别起始日期", CATEGORY_FROM_HEADINGS)),
    Field(name="category_to", title="类别终止日期", type=Date(), width=7, privacy=SENSITIVE,
          aliases=besides("类别终止日期", CATEGORY_TO_HEADINGS)),
    Field(name="is_paired_county", title="对口贫困县", type=Flag(), width=5, privacy=SENSITIVE,
          help="不填时按学校的对口县名单推出来"),
    Field(name="is_deep_poverty_village", title="深度贫困村", type=Flag(), width=5, privacy=SENSITIVE),
    Field(name="remark", title="备注", type=Text(), width=12, aliases=("说明",)),
)  # fmt: skip

STATE = Field(
    name="state", title="学籍状态", type=Choice(vocabulary="state"), width=6,
    aliases=("当前状态", "在校状态", "在校生状况"),
    help="名册里的状态；新生按它登记期初，老生不同时登记一条异动",
)  # fmt: skip

SELECT = """
SELECT s.id AS id, s.name AS name, sp.class_name AS class_name, s.document_number AS document_number,
  sp.category AS category, sp.state AS current_state, sp.level AS level, s.home_county AS home_county,
  s.phone AS phone,
  (SELECT max(e.changed_on) FROM status_change e WHERE e.student_id = s.id AND e.kind IN ('入学', '转入'))
    AS entered_on,
  (SELECT t.name FROM class_teacher t WHERE t.class_id = sp.class_id
    AND (t.from_on IS NULL OR t.from_on <= :as_of) AND (t.to_on IS NULL OR t.to_on >= :as_of)
    ORDER BY t.from_on DESC LIMIT 1) AS class_teacher,
  (SELECT c.changed_on || ' ' || c.kind FROM status_change c WHERE c.student_id = s.id AND c.changed_on <= :as_of
    AND NOT c.is_opening AND c.kind NOT IN ('入学', '转入') ORDER BY c.changed_on DESC, c.id DESC LIMIT 1)
    AS last_change,
  nullif(EXISTS (SELECT 1 FROM attention_flag a WHERE a.student_id = s.id AND a.cleared_on IS NULL), 0)
    AS is_flagged,
  (SELECT group_concat(a.reason, '；') FROM attention_flag a WHERE a.student_id = s.id AND a.cleared_on IS NULL)
    AS flagged_for,
  coalesce(sp.is_target, 0) AS is_target, s.sex AS sex, s.born_on AS born_on, s.ethnicity AS ethnicity,
  s.political_status AS political_status, s.registration_number AS registration_number,
  s.student_number AS student_number, sp.major AS major, sp.grade AS grade, s.years_of_study AS years_of_study,
  (SELECT e.kind FROM status_change e WHERE e.student_id = s.id AND e.kind IN ('入学', '转入')
    ORDER BY e.changed_on DESC LIMIT 1) AS entry_kind,
  s.enrolment_preference AS enrolment_preference, s.expected_graduation_on AS expected_graduation_on,
  s.applicant_kind AS applicant_kind, s.previous_school AS previous_school, s.is_boarding AS is_boarding,
  s.former_name AS former_name, s.document_kind AS document_kind, s.guardian_name AS guardian_name,
  s.guardian_relation AS guardian_relation, s.guardian_phone AS guardian_phone,
  s.home_province AS home_province, s.home_city AS home_city, s.home_township AS home_township,
  s.home_village AS home_village, s.address AS address, s.current_address AS current_address,
  s.bank_card AS bank_card, s.account_name AS account_name, s.household_number AS household_number,
  s.person_number AS person_number, s.relation_to_head AS relation_to_head, s.head_name AS head_name,
  s.head_document_number AS head_document_number,
  (SELECT min(h.from_on) FROM hardship_status h WHERE h.student_id = s.id AND h.from_on <= :as_of
    AND (h.to_on IS NULL OR h.to_on >= :as_of)) AS category_from,
  (SELECT max(h.to_on) FROM hardship_status h WHERE h.student_id = s.id AND h.from_on <= :as_of
    AND (h.to_on IS NULL OR h.to_on >= :as_of)) AS category_to,
  coalesce(s.is_paired_county, sp.is_paired_county) AS is_paired_county,
  s.is_deep_poverty_village AS is_deep_poverty_village, s.remark AS remark,
  s.name_folded AS name_folded, s.name_pinyin AS name_pinyin, s.name_initials AS name_initials,
  s.name_sort AS name_sort, sp.class_id AS class_id, sp.is_enrolled AS is_enrolled
FROM student s
LEFT JOIN student_span sp ON sp.student_id = s.id AND sp.from_on <= :as_of AND sp.to_on >= :as_of
"""

_HOMES = "FROM {} CROSS JOIN household_member m ON m.household_id = {} WHERE m.student_id IS NOT NULL"
"""From a person of a household to its students; the order of the join is that of the looking."""
FAMILY = Through(
    "(SELECT m.student_id, f.name_folded, f.name_pinyin, f.name_initials, f.document_number, NULL AS number "
    + _HOMES.format("household_member f", "f.household_id")
    + " UNION ALL SELECT m.student_id, f.head_name_folded, f.head_name_pinyin, f.head_name_initials,"
    " f.head_document_number, f.number " + _HOMES.format("household f", "f.id") + ")",
    "student_id",
    "id",
)
"""Everybody in the household of a student, and its number."""

STUDENTS = Ledger(
    name="students",
    title="学生台账",
    entity="student",
    fields=FIELDS,
    extra_fields=(STATE,),
    select=SELECT,
    search=(
        Searched("name_folded"),
        Searched("name_pinyin", "reading"),
        Searched("name_initials", "initials"),
        BY_CLASS,
        Searched("document_number", "tail"),
        Searched("bank_card", "tail"),
        Searched("student_number", "tail"),
        Searched("registration_number", "tail"),
        Searched("phone", "tail"),
    ),
    found_by=(
        Searched("head_name"),
        Searched("household_number", "tail"),
        Searched("name_folded", through=FAMILY),
        Searched("name_pinyin", "reading", through=FAMILY),
        Searched("name_initials", "initials", through=FAMILY),
        Searched("document_number", "tail", through=FAMILY),
        Searched("number", "tail", through=FAMILY),
    ),
    default_sort=(("class_name", False), ("name", False)),
    sort_by={"name": "name_sort"},
    several=frozenset({"category"}),
    here="is_enrolled",
    plan=plan_students,
    store=store_students,
    list_name="学生名册",
    unit="人",
)
