"""The columns of 户 and of its members, with the headings that lists of other offices give them (DOMAIN section 5)."""

from skillsaid_desktop.ledgers.columns import CATEGORY_HEADINGS, NUMBER_HEADINGS, besides
from skillsaid_desktop.schema import Field, Privacy
from skillsaid_desktop.schema.types import Amount, Choice, Date, Flag, IdNumber, Name, Number, Phone, Text

PERSONAL, SENSITIVE, NUMBER = Privacy.PERSONAL, Privacy.SENSITIVE, Privacy.NUMBER

FIELDS: tuple[Field, ...] = (
    Field(name="head_name", title="户主姓名", type=Name(), required=True, width=6, privacy=PERSONAL, aliases=("户主",)),
    Field(name="number", title="户编号", type=Text(), width=9, privacy=SENSITIVE, aliases=("家庭编号", "户号")),
    Field(name="students", title="本校学生", type=Text(), width=9, typed=False),
    Field(name="county", title="县", type=Text(), width=5, privacy=PERSONAL,
          aliases=("户籍县", "县区", "户籍县区", "县市区", "家庭住址县", "户籍地址县")),
    Field(name="township", title="乡镇", type=Text(), width=6, privacy=PERSONAL,
          aliases=("乡", "镇", "户籍乡镇", "家庭住址乡", "户籍地址乡")),
    Field(name="village", title="村", type=Text(), width=5, privacy=PERSONAL,
          aliases=("行政村", "户籍村", "村居", "村名", "家庭住址村", "户籍地址村")),
    Field(name="category", title="身份类别", type=Text(), width=8, privacy=SENSITIVE,
          aliases=besides("身份类别", CATEGORY_HEADINGS), help="几个类别时取政策里排在前面的；原来的写法会留着"),
    Field(name="identified_on", title="识别时间", type=Date(), width=7,
          aliases=("识别日期", "监测对象识别时间", "认定时间", "纳入时间", "纳入监测时间")),
    Field(name="risk_cleared_on", title="消除时间", type=Date(), width=7,
          aliases=("风险消除时间", "风险消除日期", "消除日期")),
    Field(name="size", title="家庭人口", type=Number(), width=4,
          aliases=("家庭人口数", "家庭人口总数", "人口数", "户人口", "户人口数")),
    Field(name="is_risk_cleared", title="风险已消除", type=Flag(), width=5,
          aliases=("风险是否消除", "风险是否已消除", "是否消除风险", "风险消除情况")),
    Field(name="source", title="来源", type=Text(), width=14, typed=False),
    Field(name="has_siblings", title="一户多生", type=Flag(), width=5, typed=False),
    Field(name="members", title="登记成员", type=Number(), width=5, typed=False),
    Field(name="head_document_number", title="户主证件号", type=IdNumber(strict=False), width=11, privacy=NUMBER,
          aliases=("户主身份证号", "户主证件号码", "户主身份证号码")),
    Field(name="village_group", title="组", type=Text(), width=4, privacy=PERSONAL, aliases=("组别", "村民小组", "小组")),
    Field(name="income_fen", title="人均纯收入(元)", type=Amount(), width=7, privacy=SENSITIVE,
          aliases=("年人均纯收入", "家庭人均纯收入", "家庭年人均纯收入", "人均收入")),
    Field(name="main_cause", title="主要致贫原因", type=Choice(vocabulary="cause"), width=8, privacy=SENSITIVE,
          aliases=("致贫原因", "致贫返贫风险", "主要返贫风险", "返贫致贫风险")),
    Field(name="other_causes", title="其他致贫原因", type=Text(), width=9, privacy=SENSITIVE,
          aliases=("次要致贫原因", "其他返贫风险"), help="最多两个，用顿号隔开"),
    Field(name="lifted_year", title="脱贫年度", type=Number(), width=5, aliases=("脱贫年份", "脱贫时间")),
    Field(name="phone", title="联系电话", type=Phone(), width=8, privacy=NUMBER,
          aliases=("电话", "户主电话", "户主联系电话", "手机号", "手机号码")),
    Field(name="helper", title="帮扶责任人", type=Text(), width=6, aliases=("帮扶干部", "帮扶人", "结对帮扶责任人")),
    Field(name="original_wording", title="原始表述", type=Text(), width=8, privacy=SENSITIVE, typed=False),
    Field(name="remark", title="备注", type=Text(), width=10, aliases=("说明",)),
)  # fmt: skip

FORM_ORDER = (
    "head_name", "head_document_number", "number", "phone", "county", "township", "village", "village_group", "size",
    "income_fen", "category", "original_wording", "identified_on", "lifted_year", "is_risk_cleared", "risk_cleared_on",
    "main_cause", "other_causes", "helper", "remark", "source",
)  # fmt: skip
"""The columns of a household in the order in which one fills a paper: who, where, what, why."""

MEMBER_FIELDS: tuple[Field, ...] = (
    Field(name="member_name", title="成员姓名", type=Name(), width=6, privacy=PERSONAL,
          aliases=("姓名", "家庭成员", "家庭成员姓名", "成员", "学生姓名")),
    Field(name="member_number", title="成员证件号", type=IdNumber(strict=False), width=11, privacy=NUMBER,
          aliases=(*NUMBER_HEADINGS, "成员身份证号", "成员证件号码")),
    Field(name="relation", title="与户主关系", type=Choice(vocabulary="relation"), width=6, privacy=PERSONAL,
          aliases=("家庭关系", "关系")),
    Field(name="person_number", title="人员编号", type=Text(), width=9, privacy=SENSITIVE,
          aliases=("人口编号", "人编号")),
    Field(name="health", title="健康状况", type=Text(), width=7, privacy=SENSITIVE),
    Field(name="skill", title="劳动技能", type=Text(), width=7, privacy=PERSONAL, aliases=("劳动能力",)),
    Field(name="education", title="文化程度", type=Text(), width=6, privacy=PERSONAL, aliases=("学历",)),
    Field(name="school_state", title="在校生状况", type=Text(), width=7, privacy=PERSONAL, aliases=("在校状况",)),
)  # fmt: skip

MEMBER_COLUMNS: dict[str, str] = {
    "member_name": "name", "member_number": "document_number", "relation": "relation",
    "person_number": "person_number", "health": "health", "skill": "skill", "education": "education",
    "school_state": "school_state",
}  # fmt: skip
"""Column of a member by the name that an imported row has for it."""

FACTS: tuple[str, ...] = (*(each.name for each in FIELDS if each.typed), "original_wording")
TITLES: dict[str, str] = {each.name: each.title for each in (*FIELDS, *MEMBER_FIELDS)}

SELECT = """
SELECT h.id AS id, h.head_name AS head_name, h.number AS number, h.county AS county, h.township AS township,
  h.village AS village, h.size AS size, h.category AS category, h.identified_on AS identified_on,
  h.is_risk_cleared AS is_risk_cleared, h.risk_cleared_on AS risk_cleared_on,
  (SELECT group_concat(m.name, '、') FROM household_member m JOIN student_span sp ON sp.student_id = m.student_id
    AND sp.from_on <= :as_of AND sp.to_on >= :as_of AND sp.is_enrolled WHERE m.household_id = h.id) AS students,
  h.source AS source,
  (SELECT count(*) > 1 FROM household_member m JOIN student_span sp ON sp.student_id = m.student_id
    AND sp.from_on <= :as_of AND sp.to_on >= :as_of AND sp.is_enrolled WHERE m.household_id = h.id) AS has_siblings,
  (SELECT count(*) FROM household_member m WHERE m.household_id = h.id) AS members,
  h.head_document_number AS head_document_number, h.village_group AS village_group, h.income_fen AS income_fen,
  h.main_cause AS main_cause, h.other_causes AS other_causes, h.lifted_year AS lifted_year, h.phone AS phone,
  h.helper AS helper, h.original_wording AS original_wording, h.remark AS remark,
  h.head_name_folded AS head_name_folded, h.head_name_pinyin AS head_name_pinyin,
  h.head_name_initials AS head_name_initials, h.head_name_sort AS head_name_sort
FROM household h
"""
