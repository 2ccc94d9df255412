"""The county rosters of the sample school: two months of 于都县, invented, with one of each thing that a comparison finds."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from skillsaid_desktop import clock
from skillsaid_desktop.documents import Document, Table, TableColumn, TableRow
from skillsaid_desktop.domain.months import Period
from skillsaid_desktop.exporters import EXPORTERS
from skillsaid_desktop.schema import Text
from skillsaid_desktop.services.rosters import import_roster
from skillsaid_desktop.services.sample_people import resident_number
from skillsaid_desktop.storage import LedgerFile, Reading

COUNTY = "于都县"
_HEADINGS = (
    "乡镇", "行政村", "户编号", "户主姓名", "人员编号", "姓名", "证件号码", "与户主关系", "健康状况", "户类型", "识别时间",
    "风险是否已消除", "风险消除时间",
)  # fmt: skip
_SOUNDS = {"佳": "嘉", "明": "铭", "文": "雯", "建": "健", "峰": "锋", "晨": "辰", "雨": "宇", "怡": "仪", "志": "智",
           "静": "婧", "伟": "玮", "芳": "方", "军": "钧", "杰": "洁", "磊": "蕾", "燕": "艳", "霞": "遐"}  # fmt: skip
_OTHERS = 240
Person = dict[str, str]


def bring_rosters(ledger_file: LedgerFile, folder: Path, period: Period, words: Mapping[str, Any]) -> None:
    """Write the rosters of the last two months into `folder` and import them in the month in hand."""
    with ledger_file.reading() as reading:
        families, unlisted = _families(reading), _unlisted(reading)
    chance = random.Random("名册")
    others = [_stranger(at, words, chance) for at in range(_OTHERS)]
    for at, day in enumerate((period.from_on - timedelta(days=26), period.to_on - timedelta(days=4))):
        people = [dict(person) for person in families]
        _spoil(people, is_newer=at == 1)
        people += [unlisted] if unlisted and at == 1 else []
        path = folder / f"{COUNTY}脱贫户监测户花名册（示例）{day:%Y-%m-%d}.xlsx"
        EXPORTERS["xlsx"].write(_list(path.stem, [*people, *others]), path)
        with clock.pretending(period.to_on - timedelta(days=1)):
            import_roster(ledger_file, "poverty-roster", [path])


def _families(reading: Reading) -> list[Person]:
    """Return the members of the county's households as the ledger has them."""
    rows = reading.rows(
        "SELECT h.township, h.village, h.number, h.head_name, m.name, m.document_number, m.relation, m.health,"
        " h.category, h.identified_on, h.is_risk_cleared, h.risk_cleared_on, m.student_id FROM household h"
        " JOIN household_member m ON m.household_id = h.id WHERE h.county = ? ORDER BY h.number, m.id",
        (COUNTY,),
    )
    people = []
    for at, row in enumerate(rows):
        (
            township,
            village,
            number,
            head,
            name,
            own,
            relation,
            health,
            category,
            since,
            cleared,
            day,
            student,
        ) = row
        people.append(
            {
                "乡镇": township, "行政村": village, "户编号": number, "户主姓名": head, "人员编号": f"{number}{at % 90 + 10}",
                "姓名": name, "证件号码": own or "无", "与户主关系": relation or "", "健康状况": health or "",
                "户类型": category or "", "识别时间": (since or "")[:7],
                "风险是否已消除": "" if cleared is None else ("是" if cleared else "否"), "风险消除时间": day or "",
                "学生": "是" if student else "",
            }
        )  # fmt: skip
    return people


def _unlisted(reading: Reading) -> Person | None:
    """Return somebody whom the school has not registered: the county has put his family on the list this month."""
    rows = reading.rows(
        "SELECT s.name, s.document_number, s.home_township, s.home_village, s.guardian_name, s.sex FROM student s"
        " JOIN student_span p ON p.student_id = s.id AND p.to_on = '9999-12-31' WHERE s.home_county = ?"
        " AND p.is_enrolled AND NOT p.is_target AND s.document_number IS NOT NULL ORDER BY s.id LIMIT 1",
        (COUNTY,),
    )
    if not rows:
        return None
    name, number, township, village, guardian, sex = rows[0]
    return {
        "乡镇": township, "行政村": village, "户编号": "36073199999001", "户主姓名": guardian or "户主示",
        "人员编号": "3607319999900102", "姓名": name, "证件号码": number, "与户主关系": "之女" if sex == "女" else "之子",
        "健康状况": "健康", "户类型": "突发严重困难户", "识别时间": "2025-10", "风险是否已消除": "否", "风险消除时间": "",
    }  # fmt: skip


def _spoil(people: list[Person], *, is_newer: bool) -> None:
    """Plant what a comparison finds: slips, a certificate, names by sound, somebody missing, another category."""
    students = [at for at, person in enumerate(people) if person["学生"] and len(person["证件号码"]) == 18]
    for at, place in zip(students[2:4], (15, 11), strict=True):
        number = people[at]["证件号码"]
        people[at]["证件号码"] = number[:place] + str((int(number[place]) + 5) % 10) + number[place + 1 :]
    people[students[5]]["证件号码"] += "44"
    sounding = [
        at for at in students[6:] if any(character in _SOUNDS for character in people[at]["姓名"][1:])
    ]
    for at in sounding[:2]:
        name = people[at]["姓名"]
        people[at]["姓名"] = name[0] + "".join(_SOUNDS.get(character, character) for character in name[1:])
    if is_newer:
        changed = next(
            at for at in students[8:] if people[at]["户类型"] == "脱贫户" and at not in sounding[:2]
        )
        people[changed]["户类型"], people[changed]["识别时间"] = "脱贫不稳定户", "2025-10"
        del people[students[-1]]


def _stranger(at: int, words: Mapping[str, Any], chance: random.Random) -> Person:
    """Return somebody of a family without students of this school."""
    name = chance.choice(words["surnames"].split()) + chance.choice(words["boys"].split())
    born = date(1952 + at % 40, 1 + at % 12, 1 + at % 27)
    return {
        "乡镇": "示例镇", "行政村": chance.choice(words["villages"]), "户编号": f"360731{88_000_000 + at}", "户主姓名": name,
        "人员编号": f"360731{88_000_000 + at}01", "姓名": name, "证件号码": resident_number("360731", born, 101 + at * 2),
        "与户主关系": "户主", "健康状况": "健康", "户类型": ("脱贫户", "一般脱贫户", "边缘易致贫户")[at % 3],
        "识别时间": "2016-12",
        "风险是否已消除": "", "风险消除时间": "",
    }  # fmt: skip


def _list(title: str, people: Sequence[Person]) -> Document:
    return Document(
        title=title,
        file_name=title,
        blocks=[
            Table(
                columns=tuple(TableColumn(headings=(one,), type=Text(), width=9) for one in _HEADINGS),
                rows=[TableRow(values=tuple(person.get(one, "") for one in _HEADINGS)) for person in people],
            )
        ],
    )
