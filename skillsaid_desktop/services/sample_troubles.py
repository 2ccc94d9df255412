"""The troubles of the sample school: lists as offices write them, with every kind of problem once.

They are imported like any list, so that 待处理 and the questions on the desk have something to show.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from skillsaid_desktop import clock
from skillsaid_desktop.documents import Document, Table, TableColumn, TableRow
from skillsaid_desktop.domain.months import Period
from skillsaid_desktop.exporters import EXPORTERS
from skillsaid_desktop.schema import Text
from skillsaid_desktop.services.intake import apply_import, preview_import
from skillsaid_desktop.services.pairings import pairings_on
from skillsaid_desktop.services.sample_people import resident_number
from skillsaid_desktop.storage import LedgerFile, Reading

_ROSTER = (
    "姓名", "身份证号", "性别", "出生日期", "专业", "班级", "年级", "培养层次", "入学日期", "身份类别",
)  # fmt: skip
_CHANGES = ("学生", "身份证号", "班级", "异动类别", "异动日期", "异动原因", "经办人")
_PAIRINGS = ("校领导", "职务", "学生", "身份证号", "结对日期", "解除日期", "解除原因")
_CONTACTS = ("校领导", "学生", "身份证号", "日期", "方式", "谈话内容", "困难问题", "帮扶措施")


def bring_troubles(ledger_file: LedgerFile, folder: Path, period: Period) -> None:
    """Write the lists into `folder` and import them in the last days of the month in hand."""
    day = period.to_on - timedelta(days=1)  # no earlier than what is in the journal already
    with ledger_file.reading() as reading:
        roster, changes = _roster_rows(reading, period), _change_rows(reading, period)
        pairings, contacts = _pairing_rows(reading, period), _contact_rows(reading, period)
    with clock.pretending(day):
        for kind, title, headings, rows in (
            ("students", f"新增学生名册（示例）{period.month}", _ROSTER, roster),
            ("changes", f"异动登记（示例）{period.month}", _CHANGES, changes),
            ("pairings", f"结对名单（示例）{period.month}", _PAIRINGS, pairings),
            ("contacts", f"帮扶记录（示例）{period.month}", _CONTACTS, contacts),
        ):
            path = folder / f"{title}.xlsx"
            EXPORTERS["xlsx"].write(_list(title, headings, rows), path)
            apply_import(ledger_file, preview_import(ledger_file, kind, [path]))


def _list(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Document:
    return Document(
        title=title,
        file_name=title,
        blocks=[
            Table(
                columns=tuple(TableColumn(headings=(one,), type=Text(), width=9) for one in headings),
                rows=[TableRow(values=tuple(row)) for row in rows],
            )
        ],
    )


def _roster_rows(reading: Reading, period: Period) -> list[tuple[str, ...]]:
    """Return new students: a plain one, and one for each thing that can be wrong with a number."""
    grade = str(period.to_on.year - (period.to_on.month < 9))
    name, number, born, sex = reading.rows(
        "SELECT s.name, s.document_number, s.born_on, s.sex FROM student s JOIN student_span p "
        "ON p.student_id = s.id WHERE p.grade = ? AND p.is_enrolled AND p.to_on = '9999-12-31' "
        "ORDER BY s.id LIMIT 1",
        (grade,),
    )[0]
    birthday = date.fromisoformat(born)
    entered = (period.from_on + timedelta(days=10)).isoformat()
    studies = ("电子商务", f"电商{grade[2:]}01", f"{grade}级", "中级工", entered)
    good = resident_number("360731", birthday, 902)
    return [
        ("温示例", resident_number("360731", birthday, 911), "男", birthday.isoformat(), *studies, "脱贫户"),
        (
            "廖示例",
            resident_number("369901", birthday, 904),
            "女",
            birthday.isoformat(),
            *studies,
            "",
        ),  # area code
        (
            "黄示例",
            resident_number("361025", birthday, 913),
            "女",
            birthday.isoformat(),
            *studies,
            "边缘易致贫户",
        ),  # sex
        (
            "曾示例",
            resident_number("360121", date(birthday.year - 16, 3, 8), 906),
            "女",
            "",
            *studies,
            "",
        ),  # over 30
        (
            name,
            resident_number("360735", birthday, 921 if sex == "男" else 922),
            sex,
            born,
            *studies,
            "",
        ),  # same name
        ("郭示例", good[:-1] + ("1" if good[-1] != "1" else "2"), "女", "", *studies, "低保"),  # check digit
        ("徐示例", good[:6] + good[8:17], "女", "", *studies, ""),  # 15 digits
        ("区示例", number, "男", "", *studies, ""),  # somebody else's number
    ]


def _change_rows(reading: Reading, period: Period) -> list[tuple[str, ...]]:
    """Return changes: a plain one, and one for each thing that can be wrong with a change."""
    people = reading.rows(
        "SELECT s.name, s.document_number, p.class_name FROM student s JOIN student_span p "
        "ON p.student_id = s.id AND p.from_on <= :day AND p.to_on >= :day "
        "WHERE p.state = '在读' AND NOT p.is_target ORDER BY s.id DESC LIMIT 5",
        {"day": period.to_on.isoformat()},
    )
    first, second, third, fourth, fifth = people
    day = (period.from_on + timedelta(days=12)).isoformat()
    late = (period.from_on - timedelta(days=9)).isoformat()
    by = "经办示例"
    return [
        (*first, "休学", day, "因病", by),
        (*second, "自动离校", day, "联系不上", by),
        (*third, "复学", day, "返校", by),
        (*fourth, "退学", "11月中旬", "外出务工", by),
        (*fifth, "转出", late, "随父母迁居", by),
        (f"{first[2]}全班", "", first[2], "岗位实习", day, "统一安排", by),
        ("示例无此人", "", "护理2501", "退学", day, "外出务工", by),
    ]


def _pairing_rows(reading: Reading, period: Period) -> list[tuple[str, ...]]:
    """Return pairings: of a leader who has left, a student who has a leader, one with a month for a day, one who left."""
    found = pairings_on(reading, period.to_on)
    leaver, other, third = (
        load.pairings[0] for load in sorted(found.leaders, key=lambda one: one.leader.name)[-3:]
    )
    without = found.unpaired[0]
    month = f"{period.to_on:%Y.%m}"
    left = reading.rows(
        "SELECT s.name, s.document_number FROM student s JOIN student_span p ON p.student_id = s.id"
        " AND p.to_on = '9999-12-31' WHERE p.state = '退学' ORDER BY p.from_on DESC, s.id LIMIT 1"
    )[0]
    return [
        (leaver.leader, leaver.post, leaver.student, leaver.document_number, leaver.paired_on.isoformat(), "",
         f"{period.to_on.year}年{period.to_on.month}月退休"),
        (other.leader, other.post, third.student, third.document_number, month, "", ""),
        (third.leader, third.post, without.student, without.document_number, month, "", ""),
        (third.leader, third.post, *left, (period.from_on - timedelta(days=60)).isoformat(), "", ""),
    ]  # fmt: skip


def _contact_rows(reading: Reading, period: Period) -> list[tuple[str, ...]]:
    """Return contacts: a plain one, two in one cell, one with a month for a day, one of another leader."""
    loads = sorted(pairings_on(reading, period.to_on).leaders, key=lambda one: one.leader.name)
    first, second, third = (load.pairings[-1] for load in loads[:3])
    days = [(period.from_on + timedelta(days=number)).isoformat() for number in (4, 11)]
    said = ("情绪稳定，学习跟得上", "无", "")
    return [
        (first.leader, first.student, first.document_number, days[0], "面谈", *said),
        (second.leader, second.student, second.document_number, "\n".join(days), "面谈\n电话", *said),
        (third.leader, third.student, third.document_number, f"{period.to_on.month}月份", "电话", *said),
        (first.leader, third.student, third.document_number, days[1], "家访", "奶奶住院，家里缺人手", "缺少生活费", "联系勤工岗"),
    ]  # fmt: skip
