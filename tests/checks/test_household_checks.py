"""Checks 4, 7, 8 and 10 by example: the person, both values, and the record to mend."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from skillsaid_desktop.checks import Inspection, find_issues
from skillsaid_desktop.domain.entities import Household, HouseholdMember
from skillsaid_desktop.domain.months import term_began_on
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.services.closing import checked_issues, explain
from skillsaid_desktop.services.intake import apply_import, preview_import
from skillsaid_desktop.services.questions import list_questions
from skillsaid_desktop.storage import LedgerFile, UnitOfWork
from tests.factories import document_number, enrol, make_class, make_event, make_hardship

MONTH = "2025-11"
PLAIN: dict[str, Any] = {"sex": None, "born_on": None}


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-25")


def issues(ledger_file: LedgerFile, code: str, month: str = MONTH) -> list[Issue]:
    with ledger_file.reading() as reading:
        return [issue for issue in find_issues(Inspection(reading, month)) if issue.code == code]


def home(uow: UnitOfWork, head: str, *members: tuple[str, str | None, int | None], **values: Any) -> int:
    """Add a household with members (name, relation, student)."""
    household = Household(head_name=head, head_name_folded=head, **values)
    uow.add(household)
    uow.flush()
    for name, relation, student_id in members:
        number = uow.scalar("SELECT document_number FROM student WHERE id = ?", (student_id,))
        uow.add(
            HouseholdMember(household_id=household.id, name=name, name_folded=name, relation=relation,
                            student_id=student_id, document_number=number)
        )  # fmt: skip
    uow.flush()
    return household.id


def test_a_household_has_exactly_one_head(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("户") as uow:
        class_id = make_class(uow)
        here, gone = (enrol(uow, name, class_id=class_id, **PLAIN) for name in ("钟建明", "老学生"))
        make_event(uow, gone, "毕业", date(2025, 6, 30))
        none = home(uow, "钟福生", ("钟建明", "之子", here), village="下坑村")
        two = home(uow, "刘大", ("刘大", "户主", None), ("刘二", "户主", None))
        home(uow, "旧户", ("老学生", "之子", gone))
        home(uow, "张三", ("张三", "户主", None), ("李四", "配偶", None))
        other = home(uow, "王五", ("王六", "户主", None))
    found = {issue.record_id: issue for issue in issues(ledger_file, "7")}
    assert set(found) == {none, two, other}
    assert found[none].message == "户主钟福生（下坑村）的户成员里没有户主，应当正好有一个"
    assert found[two].message == "户主刘大的户有 2 个户主：刘大、刘二，应当正好有一个"
    assert {found[none].severity, found[two].severity} == {Severity.BLOCK}
    assert (found[none].entity, found[other].severity) == ("household", Severity.ASK)


def test_one_person_in_two_households_is_asked_once_and_explained_once(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("户") as uow:
        student = enrol(uow, "钟建明", class_id=make_class(uow), **PLAIN)
        first = home(uow, "钟福生", ("钟福生", "户主", None), ("钟建明", "之子", student), village="下坑村")
        home(uow, "刘大", ("刘大", "户主", None), ("钟建明", "之孙子", student), village="龙桥村")
    (issue,) = issues(ledger_file, "7")
    assert issue.message == "钟建明在户主钟福生（下坑村）的户里，又在户主刘大（龙桥村）的户里，请核对"
    assert (issue.severity, issue.record_id) == (Severity.ASK, first)
    explain(ledger_file, MONTH, "7", "过继，两边都认", [issue])
    with ledger_file.reading() as reading:
        for month in (MONTH, "2025-12"):
            assert [(one.issue.code, one.explanation) for one in checked_issues(reading, month)] == [
                ("7", "过继，两边都认")
            ]


def test_a_cleaned_name_is_told_with_before_and_after(ledger_file: LedgerFile, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["姓名", "身份证号", "专业", "班级", "培养层次", "入学日期"])
    for at, name in enumerate(("钟 建明", "阿依古丽•买买提", "刘䶮")):
        sheet.append([name, document_number(500 + at), "机电", "机电2301", "中级工", "2023-09-01"])
    path = tmp_path / "名册 2025-11-20.xlsx"
    book.save(path)
    apply_import(ledger_file, preview_import(ledger_file, "students", [path]))
    found = issues(ledger_file, "4")
    assert [(issue.severity, issue.entity) for issue in found] == [(Severity.ASK, "student")] * 2
    assert "“钟 建明” → “钟建明”" in found[0].message
    assert "“阿依古丽•买买提” → “阿依古丽·买买提”" in found[1].message
    with ledger_file.reading() as reading:
        assert list_questions(reading) == []  # nobody has to answer what was mended
    apply_import(ledger_file, preview_import(ledger_file, "students", [path]))
    assert len(issues(ledger_file, "4")) == 2
    with ledger_file.operation("改名") as uow:
        uow.execute("UPDATE student SET name = '钟　建明' WHERE name = '钟建明'")
    assert "钟　建明（机电2301）　姓名里的空格已去掉：“钟　建明” → “钟建明”" in [
        issue.message for issue in issues(ledger_file, "4")
    ]


def test_numbers_that_a_spreadsheet_spoiled_block_wherever_they_are_kept(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("户") as uow:
        class_id = make_class(uow)
        student = enrol(uow, "钟建明", class_id=class_id, head_document_number="3.60731E+17", **PLAIN)
        card = enrol(uow, "李婷", class_id=class_id, bank_card="6.21799E+18", **PLAIN)
        enrol(uow, "王鑫", class_id=class_id, head_document_number=document_number(77), **PLAIN)
        at = home(
            uow,
            "刘大",
            ("刘大", "户主", None),
            ("刘二", "之子", None),
            head_document_number="360731197001013000",
        )
        uow.execute("UPDATE household_member SET document_number = '360731197001011000' WHERE name = '刘二'")
    found = issues(ledger_file, "8")
    assert {issue.severity for issue in found} == {Severity.BLOCK}
    assert [(issue.entity, issue.record_id) for issue in found] == [
        ("student", student), ("student", card), ("household", at), ("household", at),
    ]  # fmt: skip
    assert found[0].message.startswith("钟建明（机电2301）的户主证件号是 3.60731E+17，被表格软件改成了数字")


def test_the_term_begins_in_september_and_march() -> None:
    assert term_began_on(date(2025, 11, 25)) == date(2025, 9, 1)
    assert term_began_on(date(2026, 2, 10)) == date(2025, 9, 1)
    assert term_began_on(date(2026, 8, 25)) == date(2026, 3, 1)


def test_a_category_that_was_over_before_the_term_is_asked_about(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("名册") as uow:
        class_id = make_class(uow)

        def student(name: str) -> int:
            return enrol(uow, name, class_id=class_id, **PLAIN)

        start = date(2023, 9, 1)
        ended = make_hardship(uow, student("已止"), "脱贫户", start, to_on=date(2025, 8, 31))
        cleared = make_hardship(
            uow, student("消除"), "边缘易致贫户", start, risk_cleared_on=date(2025, 6, 30)
        )
        make_hardship(uow, student("本学期才止"), "脱贫户", start, to_on=date(2025, 10, 31))
        changed = student("换了类别")
        make_hardship(uow, changed, "建档立卡贫困户", start, to_on=date(2024, 12, 31))
        make_hardship(uow, changed, "脱贫户", date(2025, 1, 1))
        make_hardship(uow, student("低保"), "低保", start, to_on=date(2025, 1, 31))
        member = student("户里消除")
        open_row = make_hardship(uow, member, "边缘易致贫户", start)
        home(uow, "钟福生", ("钟福生", "户主", None), ("户里消除", "之子", member), category="边缘易致贫户",
             is_risk_cleared=True, risk_cleared_on=date(2025, 6, 30))  # fmt: skip
    found = {issue.record_id: issue for issue in issues(ledger_file, "10")}
    assert set(found) == {ended, cleared, open_row}
    assert (
        found[ended].message
        == "已止（机电2301）的脱贫户 2025年8月31日到此为止，本学期 2025年9月1日开学，请核对这学期还算不算帮扶对象"
    )
    assert "2025年6月30日风险已消除" in found[cleared].message
    assert "户主钟福生的户 2025年6月30日风险已消除，本人的边缘易致贫户还没有写止" in found[open_row].message
    assert {issue.severity for issue in found.values()} == {Severity.ASK}
    explain(ledger_file, MONTH, "10", "县里已经核过", list(found.values()))
    with ledger_file.reading() as reading:
        later = [one.explanation for one in checked_issues(reading, "2025-12") if one.issue.code == "10"]
        assert None not in later
