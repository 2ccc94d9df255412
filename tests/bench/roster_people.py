"""An invented county: households with twins, siblings and namesakes, its roster with errors, and the school's students."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]

from skillsaid_desktop.schema.document_number import check_digit

HEADINGS = (
    "序号", "乡（镇）", "行政村", "组别", "户编号", "户主\n姓名", "人员编号", "姓名", "性别", "证件类型", "证件号码",
    "与户主\n关系", "健康状况", "在校生状况", "主要致贫原因", "贫困户属性", "识别时间", "脱贫时间", "联系电话",
)  # fmt: skip
_FAMILIES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪"
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲琳宇浩欣佳子怡轩涵俊志博思雨晨雪梅春花国华建新海波峰云"
_SOUNDS = {
    "佳": "嘉",
    "明": "铭",
    "文": "雯",
    "建": "健",
    "峰": "锋",
    "晨": "辰",
    "雨": "宇",
    "怡": "仪",
    "志": "智",
    "静": "婧",
}
_RARE = "䶮𠅤㛃峯堃"


@dataclass(slots=True)
class Member:
    """A person as the truth has it."""

    household: int
    town: str
    village: str
    name: str
    number: str
    relation: str
    head: str
    is_child: bool


@dataclass(slots=True)
class Pupil:
    """A student of the school; `row` is his row in the roster counted from 1, 0 if he is not in it."""

    name: str
    number: str
    town: str
    village: str
    guardian: str
    row: int


def _number(chance: random.Random, born: date, given: set[str]) -> str:
    while True:
        body = f"360731{born:%Y%m%d}{chance.randint(1, 998):03d}"
        number = body + check_digit(body)
        if number not in given:
            given.add(number)
            return number


def make_county(people: int, seed: int = 20251126) -> list[Member]:
    """Return the members of households until there are `people`; one birth in fifty brings twins."""
    chance = random.Random(seed)
    towns = [f"{chance.choice(_GIVEN)}{chance.choice(_GIVEN)}镇" for _ in range(24)]
    villages = {
        town: [f"{chance.choice(_GIVEN)}{chance.choice(_GIVEN)}村" for _ in range(20)] for town in towns
    }
    given: set[str] = set()
    members: list[Member] = []
    household = 0
    while len(members) < people:
        household += 1
        town = chance.choice(towns)
        village = chance.choice(villages[town])
        family = chance.choice(_FAMILIES)
        head = _name(chance, family)

        def add(name: str, born: date, man: str, woman: str, is_child: bool = False) -> None:
            number = _number(chance, born, given)
            relation = man if int(number[16]) % 2 else woman
            members.append(Member(household, town, village, name, number, relation, head, is_child))  # noqa: B023

        add(head, date(1955, 1, 1) + timedelta(chance.randint(0, 10_000)), "户主", "户主")
        add(
            _name(chance, chance.choice(_FAMILIES)),
            date(1957, 1, 1) + timedelta(chance.randint(0, 10_000)),
            "配偶",
            "配偶",
        )
        for _ in range(chance.randint(0, 2)):
            add(
                _name(chance, family),
                date(1930, 1, 1) + timedelta(chance.randint(0, 24_000)),
                "之父",
                "之母",
            )
        for _ in range(chance.randint(0, 2)):
            born = date(2005, 1, 1) + timedelta(chance.randint(0, 2_500))
            name = _name(chance, family)
            add(name, born, "之子", "之女", True)
            if chance.random() < 0.02:
                add(name[:-1] + chance.choice(_GIVEN), born, "之子", "之女", True)
    return members[:people]


def _name(chance: random.Random, family: str) -> str:
    given = "".join(chance.choice(_GIVEN) for _ in range(1 if chance.random() < 0.3 else 2))
    return family + (given[:-1] + chance.choice(_RARE) if chance.random() < 0.01 else given)


def make_pupils(members: list[Member], count: int, seed: int = 7) -> list[Pupil]:
    """Return students of whom half stand in the roster; the others have names that do, and numbers that do not."""
    chance = random.Random(seed)
    children = [(row, each) for row, each in enumerate(members, 1) if each.is_child]
    chosen = chance.sample(children, min(count // 2, len(children)))
    pupils = [Pupil(each.name, each.number, each.town, each.village, each.head, row) for row, each in chosen]
    given = {each.number for each in members}
    while len(pupils) < count:
        namesake = chance.choice(children)[1]
        born = date(2005, 1, 1) + timedelta(chance.randint(0, 2_500))
        elsewhere = chance.choice(members)
        pupils.append(
            Pupil(namesake.name, _number(chance, born, given), elsewhere.town, elsewhere.village, "某某", 0)
        )
    return pupils


def write_roster(path: Path, members: list[Member], dirty: set[int], share: float, seed: int = 11) -> Path:
    """Write the county's roster; of the rows in `dirty` this share carries an error."""
    chance = random.Random(seed)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("脱贫户")
        sheet.write_string(0, 0, "某县脱贫户家庭成员花名册")
        sheet.write_string(1, 0, "填报单位：某县　数据截止：2025年9月30日")
        sheet.write_row(2, 0, HEADINGS)
        before, order = 0, 0
        for row, each in enumerate(members, 1):
            order = order + 1 if each.household == before else 1
            before = each.household
            name, number = each.name, each.number
            if row in dirty and chance.random() < share:
                name, number = _spoil(chance, name, number)
            household = f"360731{each.household:08d}"
            cells = (
                str(row), each.town, each.village, f"第{each.household % 12}组", household, each.head,
                f"{household}{order:02d}", name, "男" if int(each.number[16]) % 2 else "女", "居民身份证", number,
                each.relation, "健康", "" if each.is_child else "非在校生", "缺技术" if order == 1 else "",
                ("脱贫户", "一般脱贫户", "低保贫困户")[each.household % 3], ("2017年12月", "20171231", "2016.12")[row % 3],
                "20171231", f"139{row:08d}" if order == 1 else "",
            )  # fmt: skip
            for column, text in enumerate(cells):
                sheet.write_string(row + 2, column, text)
    return path


def _spoil(chance: random.Random, name: str, number: str) -> tuple[str, str]:
    """Return a name and a number as somebody typed them who was in a hurry."""
    match chance.randrange(10):
        case 0 | 1:
            at = chance.randrange(6, 17)
            number = number[:at] + str((int(number[at]) + chance.randint(1, 9)) % 10) + number[at + 1 :]
        case 2:
            at = chance.randrange(6, 16)
            number = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        case 3:
            number = chance.choice(("无", ""))
        case 4:
            number = f"{number}{chance.randint(11, 44)}"
        case 5 | 6:
            name = "".join(_SOUNDS.get(character, character) for character in name)
        case 7:
            name = " ".join(name)
        case 8:
            number = "".join(chr(ord(character) + 0xFEE0) for character in number)
        case _:
            name = name[:-1] + "?"
    return name, number
