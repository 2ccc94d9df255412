"""Columns that several ledgers share: who a row is about, with the headings other offices give it (DOMAIN section 5)."""

from skillsaid_desktop.ledgers.ledger import Searched, Through
from skillsaid_desktop.schema import Field, Privacy
from skillsaid_desktop.schema.types import IdNumber, Name, Text

NAME_HEADINGS = ("姓名", "学生姓名", "学员姓名", "学生")
NUMBER_HEADINGS = (
    "身份证号", "身份证号码", "公民身份号码", "证件号码", "证件号", "身份证", "身份证件号码",
)  # fmt: skip
REGISTRATION_HEADINGS = ("学籍号", "电子注册学籍号", "全国学籍号")
STUDENT_NUMBER_HEADINGS = ("学号", "校内学号")
CLASS_HEADINGS = ("班级", "班级名称", "所在班级")
MAJOR_HEADINGS = ("专业", "所学专业", "修读专业", "专业名称")
LEVEL_HEADINGS = ("培养层次", "层次", "培养等级")
CATEGORY_HEADINGS = ("身份类别", "户类型", "脱贫属性", "贫困户属性", "监测对象类别", "困难类型")
CATEGORY_FROM_HEADINGS = ("类别起始日期", "识别时间", "认定时间")
CATEGORY_TO_HEADINGS = ("类别终止日期", "退出时间")


def besides(title: str, headings: tuple[str, ...]) -> tuple[str, ...]:
    """Return the headings other than the title itself."""
    return tuple(each for each in headings if each != title)


STUDENT_NAME = Field(
    name="student_name", title="学生", type=Name(), required=True, width=6,
    aliases=besides("学生", NAME_HEADINGS), help="写姓名；同名时写上证件号、学籍号或班级",
)  # fmt: skip
STUDENT_DOCUMENT = Field(
    name="document_number", title="身份证号", type=IdNumber(), width=11,
    aliases=besides("身份证号", NUMBER_HEADINGS), privacy=Privacy.NUMBER,
)  # fmt: skip
STUDENT_CLASS = Field(
    name="class_name", title="班级", type=Text(), width=8, aliases=besides("班级", CLASS_HEADINGS)
)
STUDENT_REGISTRATION = Field(
    name="registration_number", title="学籍号", type=Text(), width=9, privacy=Privacy.PERSONAL,
    aliases=besides("学籍号", REGISTRATION_HEADINGS),
)  # fmt: skip
STUDENT_NUMBER = Field(
    name="student_number", title="学号", type=Text(), width=7, privacy=Privacy.PERSONAL,
    aliases=besides("学号", STUDENT_NUMBER_HEADINGS),
)  # fmt: skip
NUMBER_TAIL = Field(
    name="number_tail", title="身份证后四位", type=Text(), width=5, privacy=Privacy.PERSONAL,
    aliases=("证件号后四位", "后四位", "身份证号后四位"),
)  # fmt: skip

BY_CLASS = Searched("name", through=Through("school_class", "id", "class_id"))
_STUDENT = Through("student", "id", "student_id")
BY_STUDENT = (
    Searched("name_folded", through=_STUDENT),
    Searched("name_pinyin", "reading", through=_STUDENT),
    Searched("name_initials", "initials", through=_STUDENT),
    Searched("document_number", "tail", through=_STUDENT),
    BY_CLASS,
)
"""How a record of a student is found: by what he is found by, and by his class on the record's day."""

WHO = (STUDENT_NAME, STUDENT_DOCUMENT, STUDENT_CLASS)
WHO_ELSE = (STUDENT_REGISTRATION, STUDENT_NUMBER, NUMBER_TAIL)
