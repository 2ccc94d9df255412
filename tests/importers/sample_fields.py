"""Columns for the sample files, also where a ledger does not exist yet: DOMAIN section 5 in short, with its aliases."""

from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.document_number import IdNumber
from skillsaid_desktop.schema.types import Date, Name, Text


def _field(title: str, *aliases: str, required: bool = False) -> Field:
    kinds = {"姓名": Name(), "身份证号": IdNumber()}
    kind = kinds.get(title) or (Date() if title.endswith("日期") else Text(multiline=True))
    return Field(name=title, title=title, type=kind, required=required, aliases=aliases)


NAME = _field("姓名", "学生姓名", "学员姓名", "结对学生", "学生", "成员姓名", required=True)
ID = _field(
    "身份证号", "身份证号码", "公民身份号码", "证件号码", "证件号", "身份证", "身份证件号码", "身份证件号",
    required=True,
)  # fmt: skip
CLASS = _field("班级", "班级名称", "所在班级", "原班级")
CATEGORY = _field(
    "身份类别", "户类型", "脱贫属性", "贫困户属性", "监测对象类别", "困难类型", "类别", "人员类别"
)
HOUSEHOLD = _field("户编号", "家庭编号", "户号")
HEAD = _field("户主姓名", "户主")

ROSTER = (
    NAME, ID, CATEGORY, HOUSEHOLD, HEAD, _field("人员编号"), _field("与户主关系", "家庭关系"), _field("县", "所属县"),
    _field("乡", "乡镇", "乡(镇)"), _field("村", "行政村"), _field("主要致贫原因", "致贫返贫风险"),
    _field("识别日期", "识别时间", "监测时间"), _field("消除日期", "风险消除时间"), _field("联系电话", "电话", "手机"),
)  # fmt: skip
KINDS: dict[str, tuple[Field, ...]] = {
    "于都县脱贫户监测户花名册.xls": ROSTER,
    "乐安县防返贫监测信息.csv": ROSTER,
    "比对结果下载.xls": (NAME, ID, HOUSEHOLD, CATEGORY, HEAD, _field("比对结论", required=True)),
    "结对帮扶.xlsx": (
        _field("校领导", "校领导姓名", required=True), _field("职务", "行政职务"), NAME, ID, CLASS,
        _field("结对日期", "结对时间", required=True), _field("解除日期", "解除时间"), _field("解除原因"),
    ),
    "帮扶记录 2025-秋.xlsx": (
        _field("校领导", required=True), NAME, CLASS, _field("联系日期", required=True), _field("联系方式", required=True),
        _field("谈话内容"), _field("存在困难"), _field("帮扶措施及资金"), _field("效果"),
    ),
    "国助发放 2025秋.xlsx": (
        NAME, ID, CLASS, CATEGORY, _field("银行卡号", "资助卡号"), _field("开户名", "开户姓名"), _field("月份", required=True),
        _field("金额", "发放金额", required=True), _field("发放日期", "发放时间"), _field("签收"),
    ),
    "免学费名单 2025秋.xlsx": (
        NAME, ID, CLASS, _field("性别"), _field("民族"), _field("专业"), _field("标准", "免学费标准", required=True),
        _field("金额", "免除金额", required=True), _field("备注"),
    ),
    "雨露计划到账 2025秋.xlsx": (
        NAME, ID, CLASS, _field("县"), HEAD, HOUSEHOLD, _field("收款人", required=True), _field("与学生关系"),
        _field("卡号后四位"), _field("应补金额"), _field("到账日期", "到账时间"), _field("到账金额"), _field("未到账原因"),
    ),
    "培训班学员 2025.xlsx": (
        NAME, ID, _field("性别"), CATEGORY, _field("乡", "乡镇"), _field("村"), _field("文化程度"), _field("联系电话", "电话"),
        _field("出勤天数", required=True), _field("结业考核", required=True),
    ),
    "技能鉴定成绩 2025-12.xlsx": (
        NAME, ID, CLASS, _field("职业", required=True), _field("等级", required=True), _field("理论成绩", "理论知识"),
        _field("实操成绩", "操作技能"), _field("结果", "评定结果", required=True), _field("证书编号"), _field("发证日期"),
    ),
    "实习安排.xlsx": (
        NAME, ID, CLASS, _field("单位", "实习单位", required=True), _field("统一社会信用代码"), _field("岗位"),
        _field("起止", "实习起止时间", required=True), _field("三方协议编号"), _field("监护人同意书"), _field("报酬"),
    ),
    "就业去向 2025届.xlsx": (
        NAME, ID, CLASS, CATEGORY, _field("去向", "就业去向", required=True), _field("单位", "就业单位"), _field("岗位"),
        _field("专业是否对口"), _field("月薪"), _field("入职日期", "入职时间"), _field("证明材料"), _field("推荐次数"),
    ),
    "校企合作.xlsx": (
        _field("企业", "企业名称", "单位", required=True), _field("类型", "协议类型", required=True), _field("信用代码"),
        _field("起", "签订时间", "日期"), _field("止", "到期时间"), _field("金额"), _field("受助学生"), _field("定向班"),
    ),
    "扶贫工作台账 2025.xlsx": (
        _field("编号"), _field("日期", "时间", required=True), _field("类别", required=True),
        _field("事项", "工作内容", required=True), _field("责任人", required=True),
        _field("完成时限", required=True), _field("佐证材料"),
    ),
    "领导小组.docx": (
        NAME, _field("职务", required=True), _field("组内职务"), _field("分工", "责任分工"),
    ),
}  # fmt: skip
