"""The desk says in one sentence where the month stands."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from skillsaid_desktop.domain.entities import MonitoringNote
from skillsaid_desktop.services.closing import close_month, explain
from skillsaid_desktop.services.desk import desk
from skillsaid_desktop.storage import LedgerFile
from tests.factories import document_number, enrol, make_class, make_event, make_ledger, make_pairing


@pytest.fixture
def ledger_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LedgerFile]:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-25")
    opened = make_ledger(tmp_path / "台账.skillsaid", first_month="2025-11", contact_weeks=99)
    with opened.operation("导入学生名册") as uow:
        for class_name in ("机电2301", "护理2301"):
            class_id = make_class(uow, class_name)
            for number in range(2):
                name = f"学生{class_name[0]}{number}"
                student = enrol(uow, name, class_id=class_id, category="脱贫户", sex=None, born_on=None)
                make_pairing(uow, student)
                if class_name == "机电2301":
                    uow.add(
                        MonitoringNote(
                            student_id=student,
                            month="2025-11",
                            noted_on=date(2025, 11, 20),
                            noted_by="万小琴",
                        )
                    )
    yield opened
    opened.close(backup=False)


def test_the_sentence_says_when_and_what_is_left(ledger_file: LedgerFile) -> None:
    with ledger_file.reading() as reading:
        found = desk(reading, "2025-11")
    assert found.sentence == "明天（11月26日 周三）报送。封账前还要说明 1 项。"
    assert (found.state, found.step, found.can_close) == ("检查中", 1, False)
    assert found.why_not == "还有 1 项要说明"
    assert found.asking[0].message == "2 人本月没有监测记录：学生护0（护理2301）、学生护1（护理2301）"
    classes, people = found.gatherings[:2]
    assert (classes.done, classes.total, classes.detail) == (1, 2, "护理2301还没有交")
    assert (people.done, people.total, people.detail) == (2, 4, "护理2301 缺 2 人")
    assert [(one.title, one.on, one.left) for one in found.deadlines] == [
        ("统计截止", date(2025, 11, 25), "今天"),
        ("报送进展情况表", date(2025, 11, 26), "明天"),
        ("年度工作总结", date(2025, 12, 10), "15 天"),
    ]
    assert found.recipients == ("市人力资源和社会保障局", "市乡村振兴局")


def test_a_ready_month_says_so_and_a_closed_one_waits_for_its_report(ledger_file: LedgerFile) -> None:
    explain(ledger_file, "2025-11", "30", "护理班在外实习，下月补记")
    with ledger_file.reading() as reading:
        found = desk(reading, "2025-11")
    assert found.sentence == "可以封账了。明天（11月26日 周三）报送。"
    assert found.can_close
    assert [line.explanation for line in found.explained] == ["护理班在外实习，下月补记"]
    close_month(ledger_file, "2025-11")
    with ledger_file.reading() as reading:
        found = desk(reading, "2025-11")
    assert (found.state, found.step, found.can_close) == ("已封账", 3, False)
    assert found.sentence.startswith("2025年11月已封账。")


def test_blocking_checks_and_the_bridge_name_their_people(
    ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ledger_file.operation("登记") as uow:
        student = uow.scalar("SELECT id FROM student WHERE name = '学生机0'")
        make_event(uow, student, "转出", date(2025, 11, 5))
        other = uow.scalar("SELECT id FROM student WHERE name = '学生机1'")
        make_event(uow, other, "复学", date(2025, 11, 12))
    with ledger_file.reading() as reading:
        found = desk(reading, "2025-11")
    assert found.why_not == "还有 1 项必须处理"
    expected = "学生机1（机电2301）没有休学（当时是在读），2025年11月12日却登记了复学"
    assert found.blocking[0].message == expected
    assert [(line.title, line.number) for line in found.bridge] == [
        ("上月末", 4),
        ("转出", -1),
        ("本月末", 3),
    ]
    assert [person.name for person in found.bridge[1].people] == ["学生机0"]
    assert [(line.title, line.done, line.total) for line in found.care] == [("看过", 1, 3)]


def test_a_late_change_of_a_reported_month_is_told_with_its_edit(
    ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    close_month(ledger_file, "2025-11", {"30": "下月补记"})
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-12-18")
    with ledger_file.operation("登记退学") as uow:
        student = uow.scalar("SELECT id FROM student WHERE name = '学生机0'")
        make_event(uow, student, "退学", date(2025, 11, 20))
    with ledger_file.reading() as reading:
        found = desk(reading, "2025-12")
    (line,) = found.drift
    assert line.sentence == "11月在籍帮扶对象学生 4 人，现应为 3 人"
    assert line.detail == "学生机0 2025-11-20 退学，12月18日补登"
    assert line.is_corrected_here
    assert found.why_not == "12月20日起才能封账"
    assert found.bridge[1].number == -1


def test_a_pair_of_namesakes_is_told_once(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("登记学生") as uow:
        for at in (201, 202):
            number = document_number(at, born_on=date(2009, 2, 3))
            enrol(uow, "丁宇鑫", sex=None, born_on=None, document_number=number)
    with ledger_file.reading() as reading:
        (line,) = [one for one in desk(reading, "2025-11").asking if "同名" in one.message]
    assert len(line.issues) == 2
    assert line.message.count("有 2 人同名") == 1


def test_who_has_no_leader_is_named_and_the_county_said_once(ledger_file: LedgerFile) -> None:
    def told() -> str:
        with ledger_file.reading() as reading:
            return next(one.message for one in desk(reading, "2025-11").asking if one.title == "未结对")

    with ledger_file.operation("登记学生") as uow:
        make_pairing(uow, enrol(uow, "谢亮", category="脱贫户"))
        for name in ("王鑫", "单嘉勇"):
            enrol(uow, name, category="脱贫户", home_county="石城县")
    assert told() == "2 人没有校领导结对：王鑫、单嘉勇"
    with ledger_file.operation("登记学生") as uow:
        for name in ("曾诗", "吴宇佳"):
            enrol(uow, name, category="脱贫户", home_county="于都县")
    assert told() == "4 人没有校领导结对，其中对口县 2 人：曾诗、吴宇佳"
    with ledger_file.operation("结对") as uow:
        for (student_id,) in uow.rows("SELECT id FROM student WHERE home_county = '石城县'"):
            make_pairing(uow, student_id)
    assert told() == "2 人没有校领导结对，都是对口县的：曾诗、吴宇佳"
