"""Leaders and their load, who has nobody, and the acts of one-to-one help, each one step of undo."""

from datetime import date

import pytest

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.services.pairings import (
    Leader,
    end_pairings,
    hand_over,
    known_leaders,
    overdue_contacts,
    pair_students,
    pairings_on,
    plan_hand_over,
    record_contact,
)
from skillsaid_desktop.storage import LedgerFile
from tests.factories import enrol, make_class, make_contact, make_event, make_pairing

TODAY = date(2025, 11, 24)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", TODAY.isoformat())


@pytest.fixture
def school(ledger_file: LedgerFile) -> LedgerFile:
    """查文彬 has two students (one overdue), 单国强 four of two classes (one has left, one is helped by 查文彬, too)."""
    with ledger_file.operation("准备") as uow:
        one, other = make_class(uow, "机电2301"), make_class(uow, "护理2401", grade=2024)
        ids = {
            name: enrol(uow, name, class_id=class_id, category="脱贫户", home_county=county)
            for name, class_id, county in (
                ("黄雪红", one, ""), ("谢亮", one, ""), ("仇怡丽", one, ""), ("陈文国", one, ""), ("肖伟", other, ""),
                ("李芳娜", other, ""), ("没人管", one, ""), ("对口县的", other, "于都县"),
            )
        }  # fmt: skip
        enrol(uow, "不是对象", class_id=one)
        uow.execute("UPDATE student SET is_deep_poverty_village = 1 WHERE name = '肖伟'")
        make_event(uow, ids["李芳娜"], "转出", date(2025, 11, 5))
        for name in ("黄雪红", "谢亮"):
            make_pairing(uow, ids[name], "查文彬", post="党委书记", phone="13300791001")
        for name in ("黄雪红", "仇怡丽", "陈文国", "李芳娜"):
            make_pairing(uow, ids[name], "单国强", post="院长")
        make_contact(uow, ids["谢亮"], date(2025, 11, 12))
        make_contact(uow, ids["谢亮"], date(2025, 12, 12))
        make_contact(uow, ids["仇怡丽"], date(2025, 11, 3), "单国强")
        make_contact(uow, ids["陈文国"], date(2025, 11, 3), "查文彬")
    return ledger_file


def test_leaders_with_their_load_and_those_whom_nobody_helps(school: LedgerFile) -> None:
    with school.reading() as reading:
        found = pairings_on(reading, TODAY)
    assert [(each.leader.name, len(each.pairings), each.overdue, each.waiting_for_end) for each in found.leaders] == [
        ("单国强", 4, 2, 1), ("查文彬", 2, 1, 0),
    ]  # fmt: skip
    assert found.leaders[1].leader == Leader(name="查文彬", post="党委书记", phone="13300791001")
    assert [each.student for each in found.unpaired] == ["对口县的", "肖伟", "没人管"]
    assert found.leaders[1].last_on == date(2025, 11, 12), "what is dated after that day does not count"


def test_overdue_contacts_longest_first_and_none_of_who_has_left(school: LedgerFile) -> None:
    with school.reading() as reading:
        found = [(each.leader, each.student, each.days) for each in overdue_contacts(reading, TODAY)]
        assert overdue_contacts(reading, date(2025, 9, 20)) == []
    assert sorted(found) == [("单国强", "陈文国", 84), ("单国强", "黄雪红", 84), ("查文彬", "黄雪红", 84)]
    with school.operation("改解除原因") as uow:
        uow.execute("UPDATE pairing SET end_reason = '已调离' WHERE leader = '单国强'")
    with school.reading() as reading:
        assert [each.leader for each in overdue_contacts(reading, TODAY)] == ["查文彬"]
        assert [each.name for each in known_leaders(reading, in_office=True)] == ["查文彬"]


def test_one_pairing_that_says_so_is_enough_for_a_leader_to_have_left(school: LedgerFile) -> None:
    with school.operation("写解除原因") as uow:
        uow.execute(
            "UPDATE pairing SET end_reason = '2025年11月退休' WHERE id ="
            " (SELECT min(id) FROM pairing WHERE leader = '单国强')"
        )
    with school.reading() as reading:
        assert [each.name for each in known_leaders(reading, in_office=True)] == ["查文彬"], (
            "the others of the same day say nothing, and nobody is to be paired with him"
        )
        assert [each.name for each in known_leaders(reading)] == ["单国强", "查文彬"]


def test_several_students_are_paired_in_one_step(school: LedgerFile) -> None:
    with school.reading() as reading:
        ids = [each.student_id for each in pairings_on(reading, TODAY).unpaired]
    leader = Leader(name="解慧兰", post="副院长", phone="13300791003")
    pair_students(school, ids, leader, TODAY)
    with school.reading() as reading:
        found = pairings_on(reading, TODAY)
    assert found.unpaired == ()
    assert {(each.leader, each.post, each.phone) for each in found.pairings if each.student_id in ids} == {
        ("解慧兰", "副院长", "13300791003")
    }
    with pytest.raises(UserError, match="已经和解慧兰结对"):
        pair_students(school, ids[:1], leader, TODAY)
    school.undo()
    with school.reading() as reading:
        assert len(pairings_on(reading, TODAY).unpaired) == 3


def test_handing_over_says_before_what_it_does_and_is_one_step(school: LedgerFile) -> None:
    before = len(school.history())
    with school.reading() as reading:
        plan = plan_hand_over(reading, "单国强", ["查文彬", "仇海燕"], date(2025, 11, 20))
        assert plan_hand_over(reading, "单国强", [], date(2025, 11, 20)).stranded
    assert sorted((each.student, to) for each, to in plan.moved) == [
        ("仇怡丽", "仇海燕"),
        ("陈文国", "仇海燕"),
    ]
    assert sorted(each.student for each in plan.ended) == ["李芳娜", "黄雪红"]
    successors = [Leader(name="查文彬", post="党委书记"), Leader(name="仇海燕", post="副院长")]
    done = hand_over(school, "单国强", successors, date(2025, 11, 20), "工作调动")
    assert done == plan
    assert [each.name for each in school.history()[: len(school.history()) - before]] == [
        "移交 单国强 的结对 4 对"
    ]
    with school.reading() as reading:
        rows = reading.rows("SELECT DISTINCT ended_on, end_reason FROM pairing WHERE leader = '单国强'")
        assert rows == [("2025-11-19", "工作调动")]
        found = {
            each.leader.name: sorted(one.student for one in each.pairings)
            for each in pairings_on(reading, TODAY).leaders
        }
    assert found == {"查文彬": ["谢亮", "黄雪红"], "仇海燕": ["仇怡丽", "陈文国"]}
    school.undo()
    with school.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM pairing WHERE ended_on IS NULL") == 6


def test_handing_over_without_reason_or_successor_writes_nothing(school: LedgerFile) -> None:
    with pytest.raises(UserError, match="移交原因"):
        hand_over(school, "单国强", [Leader(name="仇海燕")], TODAY, " ")
    with pytest.raises(UserError, match="2 个学生还没有写移交给谁"):
        hand_over(school, "单国强", [], TODAY, "退休")
    with pytest.raises(UserError, match="没有结对学生"):
        hand_over(school, "无此人", [Leader(name="仇海燕")], TODAY, "退休")


def test_a_contact_is_recorded_for_the_pairing_at_hand(school: LedgerFile) -> None:
    with school.reading() as reading:
        (pairing,) = [each for each in overdue_contacts(reading, TODAY) if each.leader == "查文彬"]
    record_contact(school, pairing, {"contacted_on": "2025-11-23", "form": "面谈", "measure": "联系勤工岗"})
    assert school.history(limit=1)[0].name == "记一笔 查文彬 黄雪红"
    with school.reading() as reading:
        assert "查文彬" not in [each.leader for each in overdue_contacts(reading, TODAY)]
    with pytest.raises(UserError, match="日期"):
        record_contact(school, pairing, {"contacted_on": "11月某天", "form": "面谈"})


def test_pairings_end_with_a_day_and_a_reason(school: LedgerFile) -> None:
    with school.reading() as reading:
        (gone,) = [each for each in pairings_on(reading, TODAY).pairings if each.student == "李芳娜"]
    with pytest.raises(UserError, match="解除原因"):
        end_pairings(school, [gone.id], TODAY, "")
    with pytest.raises(UserError, match="早于结对日期"):
        end_pairings(school, [gone.id], date(2025, 8, 1), "转出")
    end_pairings(school, [gone.id], date(2025, 11, 5), "转出")
    with school.reading() as reading:
        assert "李芳娜" not in [each.student for each in pairings_on(reading, TODAY).pairings]


def test_the_last_contact_is_the_newest_of_the_last_day(school: LedgerFile) -> None:
    def of(name: str) -> tuple[date | None, str, int]:
        with school.reading() as reading:
            one = next(each for each in pairings_on(reading, TODAY).pairings if each.student == name)
            return one.last_on, one.last_said, one.contacts

    assert of("黄雪红") == (None, "", 0)
    with school.operation("记一笔") as uow:
        student_id = uow.scalar("SELECT id FROM student WHERE name = '谢亮'")
        make_contact(uow, student_id, date(2025, 11, 20), difficulties="生活费紧", situation="学习正常")
        make_contact(uow, student_id, date(2025, 11, 20), difficulties="无", situation="已领到补助")
        make_contact(uow, student_id, date(2025, 11, 14), difficulties="想家")
    assert of("谢亮") == (date(2025, 11, 20), "已领到补助", 4)
