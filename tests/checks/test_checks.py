"""Each check names the person and both values, and points at the record to mend."""

from datetime import date
from typing import Any

import pytest

from skillsaid_desktop.checks import CHECKS, Inspection, find_issues
from skillsaid_desktop.clock import now
from skillsaid_desktop.domain.entities import OpenQuestion
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.services.closing import checked_issues
from skillsaid_desktop.storage import LedgerFile
from tests.factories import document_number, enrol, make_class, make_event, make_student

MONTH = "2025-11"


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-25")


def issues(ledger_file: LedgerFile, code: str) -> list[Issue]:
    with ledger_file.reading() as reading:
        return [issue for issue in find_issues(Inspection(reading, MONTH)) if issue.code == code]


def test_codes_are_unique_and_an_empty_ledger_has_no_issue(ledger_file: LedgerFile) -> None:
    assert len({check.code for check in CHECKS}) == len(CHECKS)
    with ledger_file.reading() as reading:
        assert find_issues(Inspection(reading, MONTH)) == []


def test_a_wrong_number_blocks_and_a_pending_one_asks(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("名册") as uow:
        class_id = make_class(uow)
        plain: dict[str, Any] = {"class_id": class_id, "sex": None, "born_on": None}
        wrong = enrol(uow, "郭兰雨", document_number="361121200911187887", **plain)
        enrol(uow, "余强", document_number="361121200911187888", document_pending=True, **plain)
        enrol(uow, "廖玲", document_number="369901200801010013", **plain)
        pending = enrol(uow, "徐博嘉", **plain)
        uow.execute(
            "UPDATE student SET document_number = NULL, document_pending = 1 WHERE id = ?", (pending,)
        )
    found = {issue.message.split("（")[0]: issue for issue in issues(ledger_file, "1")}
    assert found["郭兰雨"].severity is Severity.BLOCK
    assert (found["郭兰雨"].entity, found["郭兰雨"].record_id) == ("student", wrong)
    assert "校验位" in found["郭兰雨"].message
    assert found["余强"].severity is Severity.ASK
    assert found["徐博嘉"].message == "徐博嘉（机电2301）证件号待核，请尽快补录"


def test_doubles_by_number_block_and_by_name_and_birth_ask(ledger_file: LedgerFile) -> None:
    number = document_number(7)
    with ledger_file.operation("名册") as uow:
        plain: dict[str, Any] = {"class_id": make_class(uow), "sex": None, "born_on": None}
        enrol(uow, "钟鹏志", document_number=number, **plain)
        enrol(uow, "区亮嘉", document_number=f"{number}41", document_kind="残疾人证", **plain)
        enrol(uow, "丁宇鑫", document_number=document_number(8), **plain)
        enrol(uow, "丁宇鑫", document_number=document_number(9), **plain)
    found = issues(ledger_file, "2")
    assert [issue.severity for issue in found] == [Severity.BLOCK, Severity.ASK, Severity.ASK]
    assert "钟鹏志（机电2301）" in found[0].message
    assert "区亮嘉（机电2301）" in found[0].message
    assert f"尾号 {number[-4:]}" in found[0].message


def test_sex_birth_relation_and_age_are_held_against_the_number(ledger_file: LedgerFile) -> None:
    number = document_number(20)
    sex = "男" if int(number[16]) % 2 else "女"
    other = {"男": "女", "女": "男"}[sex]
    with ledger_file.operation("名册") as uow:
        enrol(uow, "黄勇嘉", document_number=number, sex=other, born_on=date(2008, 6, 1))
        enrol(
            uow,
            "曾蓉雨",
            document_number=document_number(21, born_on=date(1994, 1, 5)),
            sex=None,
            born_on=None,
        )
        enrol(
            uow,
            "小朋友",
            document_number=document_number(22, born_on=date(2012, 1, 5)),
            sex=None,
            born_on=None,
        )
        enrol(
            uow,
            "李婷",
            document_number=document_number(23),
            sex=None,
            born_on=None,
            relation_to_head={"男": "之女", "女": "之子"}["男" if int(document_number(23)[16]) % 2 else "女"],
        )
    said = [issue.message for issue in issues(ledger_file, "3")]
    assert f"黄勇嘉：性别填的是{other}，身份证号里是{sex}" in said
    assert "黄勇嘉：出生日期填的是 2008-06-01，身份证号里是 2008-06-20" in said
    assert any(message.startswith("李婷：与户主关系是之") for message in said)
    assert sorted(issue.message for issue in issues(ledger_file, "6")) == [
        "小朋友 13 岁，未满 14 周岁，属儿童敏感信息",
        "曾蓉雨 31 岁，超过 30 岁，请核对",
    ]


def test_impossible_changes_point_at_the_change(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("名册") as uow:
        plain: dict[str, Any] = {"class_id": make_class(uow), "sex": None, "born_on": None}
        student = enrol(uow, "余强", **plain)
        change = make_event(uow, student, "复学", date(2025, 11, 12))
        nobody = make_student(uow, "没入学", sex=None, born_on=None)
    found = {(issue.entity, issue.record_id): issue for issue in issues(ledger_file, "35")}
    assert (
        found["status_change", change].message
        == "余强（机电2301）没有休学（当时是在读），2025年11月12日却登记了复学"
    )
    assert found["student", nobody].message == "没入学没有入学记录，请补登入学日期"


def test_people_who_left_long_ago_keep_no_month_open(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("名册") as uow:
        student = enrol(uow, "老生", document_number="361121200911187887", sex=None, born_on=None)
        make_event(uow, student, "毕业", date(2025, 6, 30))
        make_event(uow, student, "休学", date(2025, 7, 30))
    with ledger_file.reading() as reading:
        assert find_issues(Inspection(reading, MONTH)) == []
        assert {issue.code for issue in find_issues(Inspection(reading, "2025-07"))} >= {"1", "35"}


def test_open_questions_stay_until_they_are_answered(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("导入") as uow:
        student = enrol(uow, "曾蓉雨", document_number=document_number(31, born_on=date(1990, 1, 5)),
                        sex=None, born_on=None)  # fmt: skip
        for code, message in (("age", "35 岁"), ("left the school", "李芳娜 11月5日已转出")):
            uow.add(
                OpenQuestion(
                    code=code, message=message, entity="student", record_id=student, file="12月.xlsx",
                    sheet="护理2301", row=15, asked_at=now(),
                )
            )  # fmt: skip
    (question,) = issues(ledger_file, "0")
    assert (question.file, question.sheet, question.row) == ("12月.xlsx", "护理2301", 15)
    assert len(issues(ledger_file, "6")) == 1  # the check asks, not the import a second time
    with ledger_file.operation("答复") as uow:
        uow.execute("UPDATE open_question SET answer = '社会生源，已核', answered_at = '2025-11-24 10:00:00'")
    with ledger_file.reading() as reading:
        checked = checked_issues(reading, MONTH)
    assert [(one.issue.code, one.explanation) for one in checked] == [("6", "社会生源，已核")]
