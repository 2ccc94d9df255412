"""A small school with everything that the reports show."""

from datetime import date

from skillsaid_desktop.domain.entities import ClassTeacher, HelpMeasure, MonitoringNote
from skillsaid_desktop.storage import LedgerFile
from tests import factories

NAMES = ("刘志豪", "曾诗", "李𠅤明", "钟𬭎", "古丽·阿依", "刘婷", "王英雪", "赖斌超")


def fill_school(ledger_file: LedgerFile) -> None:
    """Enrol eight targets and one who is none; in November one leaves, one is on leave, one is newly recognised."""
    with ledger_file.operation("准备学校") as uow:
        uow.set_setting("preparer", "丁晓岚")
        uow.set_setting("phone", "0797-6000000")
        first = factories.make_class(uow, "机电2301", monitor="陈老师")
        second = factories.make_class(uow, "护理2401", grade=2024, major="护理", level="高级工")
        uow.add(ClassTeacher(class_id=first, name="陈老师", from_on=date(2023, 9, 1)))
        students = []
        for index, name in enumerate(NAMES):
            is_first = index < 5
            students.append(
                factories.enrol(
                    uow,
                    name,
                    class_id=first if is_first else second,
                    on=date(2023 if is_first else 2024, 9, 1),
                    category="脱贫户" if index % 2 else "脱贫不稳定户",
                    major="机电" if is_first else "护理",
                    level="中级工" if is_first else "高级工",
                    home_county="于都县",
                    home_township="贡江镇",
                    home_village="上坝村",
                    phone="13800000000",
                    guardian_name="刘大山",
                    guardian_phone="13900000001",
                )
            )
        other = factories.enrol(uow, "徐宇斌", class_id=second, on=date(2024, 9, 1))
        factories.make_event(
            uow,
            students[0],
            "退学",
            date(2025, 11, 5),
            reason="随父母外出务工",
            approval_number="教〔2025〕12号",
        )
        factories.make_event(uow, students[1], "休学", date(2025, 11, 10), reason="因病")
        factories.make_hardship(uow, other, "防止返贫致贫对象", date(2025, 11, 12))
        note = MonitoringNote(
            student_id=students[2],
            month="2025-11",
            noted_on=date(2025, 11, 6),
            noted_by="陈老师",
            form="面谈",
            days_due=20,
            days_present=19,
            study="成绩中等，实训课积极，愿意参加明年技能大赛选拔。",
            life="住校，和同学相处好",
            difficulty="较重",
            is_aid_received=True,
        )
        uow.add(note)
        uow.flush()
        uow.add(
            HelpMeasure(
                note_id=note.id,
                measure="安排勤工助学岗位，每月200元",
                responsible="陈老师",
                due_on=date(2025, 11, 20),
            )
        )
