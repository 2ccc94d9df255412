"""一生一档: whose papers come out, what stands on them, and that a new section is one line."""

from datetime import date
from typing import Any

import pytest

from skillsaid_desktop.documents import Document, Grade, Heading, Paragraph, Part, Signatures, Table
from skillsaid_desktop.domain.entities import Attachment, Household, HouseholdMember, MonitoringNote
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.reports import report_named, student_file
from skillsaid_desktop.reports.report import read_params
from skillsaid_desktop.reports.student_file import Section, Subject
from skillsaid_desktop.services.attention import raise_flag
from skillsaid_desktop.storage import LedgerFile, Reading
from tests.factories import make_contact, make_pairing
from tests.reports.school import NAMES


@pytest.fixture(autouse=True)
def on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-25")


def paper(ledger_file: LedgerFile, **given: Any) -> Document:
    report = report_named("student_file")
    with ledger_file.reading() as reading:
        params = read_params(report, reading, {"as_of": "2025-11-25", **given})
        return report.build(reading, {**params, "grade": given.get("grade", Grade.MASKED)})


def names(document: Document) -> list[str]:
    return [block.name for block in document.blocks if isinstance(block, Part)]


def words(document: Document) -> str:
    told = [block.text for block in document.blocks if isinstance(block, Heading | Paragraph)]
    for table in document.tables:
        for row in table.rows:
            pairs = zip(row.values, table.columns, strict=True)
            told += [
                value if isinstance(value, str) else column.type.format(value) for value, column in pairs
            ]
    return "\n".join(told)


def id_of(ledger_file: LedgerFile, name: str) -> int:
    with ledger_file.reading() as reading:
        return int(reading.scalar("SELECT id FROM student WHERE name = ?", (name,)))


def test_a_class_is_one_paper_with_a_part_and_a_signature_line_for_each(school: LedgerFile) -> None:
    document = paper(school, class_name="机电2301")
    assert sorted(names(document)) == sorted(f"机电2301 {name}" for name in NAMES[1:5])
    assert sum(isinstance(block, Signatures) for block in document.blocks) == 4
    assert document.people == 4
    assert document.file_name == "一生一档 机电2301 4 人 2025-11-25"
    everybody = paper(school, class_name="护理2401", scope="全部学生")
    assert "护理2401 徐宇斌" in names(everybody)


def test_the_students_who_are_handed_over_come_in_their_order_whatever_class_they_are_in(
    school: LedgerFile,
) -> None:
    ids = [id_of(school, "刘婷"), id_of(school, "刘志豪")]
    document = paper(school, students=ids, class_name="机电2301")
    # 刘志豪 has left on that day: his paper is there all the same, without a class.
    assert [name.split()[-1] for name in names(document)] == ["刘婷", "刘志豪"]
    assert "退学" in words(document)


def test_one_student_is_named_and_namesakes_are_told_apart(school: LedgerFile) -> None:
    assert names(paper(school, student="刘婷")) == ["护理2401 刘婷"]
    with school.reading() as reading:
        number = reading.scalar("SELECT document_number FROM student WHERE name = '刘婷'")
    assert names(paper(school, student=number.lower())) == ["护理2401 刘婷"]
    with pytest.raises(UserError, match="台账里没有“马晓峰”"):
        paper(school, student="马晓峰")
    with school.operation("同名") as uow:
        uow.execute("UPDATE student SET name = '刘婷' WHERE name = '曾诗'")
    with pytest.raises(UserError, match="有 2 个“刘婷”"):
        paper(school, student="刘婷")


def test_it_tells_facts_household_categories_timeline_and_monitoring_once_each(school: LedgerFile) -> None:
    one = id_of(school, "李𠅤明")
    with school.operation("登记户") as uow:
        home = Household(head_name="李大山", head_name_folded="李大山", number="3607310001", county="于都县")
        uow.add(home)
        uow.flush()
        for name, relation in (("李大山", "户主"), ("李𠅤明", "之子")):
            member = HouseholdMember(household_id=home.id, name=name, name_folded=name, relation=relation)
            member.student_id = one if relation == "之子" else None
            uow.add(member)
        make_pairing(uow, one, post="党委书记")
        make_contact(
            uow, one, date(2025, 11, 14), situation="学习跟得上", difficulties="缺少生活费", amount_fen=50_000
        )
        uow.add(
            Attachment(
                entity="student", record_id=one, kind="身份证", name="1.jpg", digest="0" * 64,
                added_on=date(2025, 11, 3),
            )
        )  # fmt: skip
    raise_flag(school, [one], "父亲住院")
    document = paper(school, students=[one])
    headings = [block.text for block in document.blocks if isinstance(block, Heading)]
    assert headings == ["基本情况", "家庭", "身份类别", "时间线", "每月监测和帮助", "一对一帮扶", "材料"]
    told = words(document)
    for text in ("李𠅤明", "李大山", "之子", "脱贫不稳定户", "入学", "列入关注：父亲住院"):
        assert text in told
    assert told.count("安排勤工助学岗位，每月200元") == 1
    for text in ("查文彬\n党委书记", "学习跟得上；困难：缺少生活费", "物资或资金 500.00 元"):
        assert told.count(text) == 1
    proofs = [block for block in document.blocks if isinstance(block, Table)][-1]
    assert proofs.rows[0].values == ("身份证", "有", "户口簿", "缺")
    assert "监测：较重" not in told  # the note stands in its own section


def test_a_section_without_anything_to_tell_is_absent_and_a_new_one_is_one_line(
    school: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = id_of(school, "刘婷")
    headings = [block.text for block in paper(school, students=[one]).blocks if isinstance(block, Heading)]
    assert headings == ["基本情况", "身份类别", "时间线", "材料"]

    def certificates(_reading: Reading, subject: Subject) -> list[Paragraph]:
        return [Paragraph(text=f"{subject.values['name']}考了电工证")]

    monkeypatch.setattr(student_file, "SECTIONS", (*student_file.SECTIONS, Section("证书", certificates)))
    told = words(paper(school, students=[one]))
    assert "证书" in told
    assert "刘婷考了电工证" in told


def test_the_masked_paper_shows_no_whole_number_and_the_full_one_does(school: LedgerFile) -> None:
    full = words(paper(school, class_name="机电2301", grade=Grade.FULL))
    masked = words(paper(school, class_name="机电2301"))
    assert "13900000001" in full
    assert "13900000001" not in masked
    assert "3607312008" not in masked
    assert "3607********" in masked


def test_facts_are_names_and_values_without_heading_rows(school: LedgerFile) -> None:
    facts = next(block for block in paper(school, student="刘婷").blocks if isinstance(block, Table))
    assert all(column.headings == () for column in facts.columns)
    assert facts.rows[0].values == ("姓名", "刘婷", "性别", "男")


def test_it_is_as_of_its_day(school: LedgerFile) -> None:
    earlier = paper(school, class_name="机电2301", as_of=date(2025, 11, 1))
    assert "机电2301 刘志豪" in names(earlier)
    assert "机电2301 刘志豪" not in names(paper(school, class_name="机电2301"))


def test_what_came_later_does_not_stand_on_an_earlier_paper(school: LedgerFile) -> None:
    one = id_of(school, "刘婷")
    with school.operation("准备") as uow:
        make_pairing(uow, one, ended_on=date(2025, 11, 20), end_reason="工作调动")
        make_contact(uow, one, date(2025, 11, 10), situation="学习跟得上")
        make_contact(uow, one, date(2025, 11, 18), situation="想早点实习")
        uow.add(
            MonitoringNote(
                student_id=one, month="2025-11", noted_on=date(2025, 11, 19), noted_by="罗建平", difficulty="一般",
                study="迟到两次",
            )
        )  # fmt: skip
    earlier = words(paper(school, students=[one], as_of=date(2025, 11, 12)))
    later = words(paper(school, students=[one]))
    assert "学习跟得上" in earlier
    for text in ("想早点实习", "工作调动", "迟到两次"):
        assert text not in earlier
        assert text in later
