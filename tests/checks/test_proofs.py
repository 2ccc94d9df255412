"""Check 11: a question for each target student who lacks proofs, one line on the desk, a hint for who has none yet."""

from datetime import date

import pytest

from skillsaid_desktop.documents import Grade
from skillsaid_desktop.ledgers import PROOFS_LEDGER, listing
from skillsaid_desktop.reports.missing_proofs import MISSING_PROOFS
from skillsaid_desktop.schema import Severity
from skillsaid_desktop.services.closing import checked_issues, explain, run_checks
from skillsaid_desktop.services.desk import desk
from skillsaid_desktop.services.files import MB, add_files, new_file
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui.pages.check_places import place_of
from tests.factories import enrol, make_class
from tests.files import paper, photo

MONTH = "2025-11"


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-20")


@pytest.fixture
def people(ledger_file: LedgerFile) -> list[int]:
    """Two targets of one class, one of another, and somebody who is none."""
    with ledger_file.operation("导入学生名册") as uow:
        one, two = make_class(uow, "机电2301"), make_class(uow, "护理2401")
        found = [
            enrol(uow, name, class_id=class_id, category="脱贫户")
            for name, class_id in (("甲", one), ("乙", one), ("丙", two))
        ]
        enrol(uow, "丁", class_id=one)
    return found


def about_proofs(ledger_file: LedgerFile) -> list[tuple[str, str]]:
    with ledger_file.reading() as reading:
        return [
            (issue.severity.value, issue.message)
            for issue in run_checks(reading, MONTH)
            if issue.code == "11"
        ]


def test_a_school_that_keeps_no_proof_yet_gets_one_hint(ledger_file: LedgerFile, people: list[int]) -> None:
    ((severity, message),) = about_proofs(ledger_file)
    assert severity == Severity.HINT.value
    assert message.startswith("3 名帮扶对象的身份证、户口簿")
    add_files(ledger_file, "student", people[0], [new_file("合影.jpg", photo(), MB)])
    assert len(about_proofs(ledger_file)) == 1, "a photo is no proof"


def test_from_the_first_proof_on_each_student_is_asked_about_in_one_line(
    ledger_file: LedgerFile, people: list[int]
) -> None:
    whole = [new_file(f"{kind}.pdf", paper(str(at)), MB) for at, kind in enumerate(
        ("身份证", "户口簿", "认定材料", "申请表", "资助卡"))]  # fmt: skip
    add_files(ledger_file, "student", people[0], whole)
    with ledger_file.operation("改材料") as uow:
        values = {"id_card": "有", "household_book": "有", "evidence": "有"}
        context = listing.form_context(record_id=people[1])
        listing.write(uow, PROOFS_LEDGER, values, people[1], context)
    assert about_proofs(ledger_file) == [
        ("ask", "丙（护理2401）缺身份证、户口簿、认定材料、申请表、资助卡"),
        ("ask", "乙（机电2301）缺申请表、资助卡"),
    ]
    with ledger_file.reading() as reading:
        (line,) = [each for each in desk(reading, MONTH).asking if each.code == "11"]
    place = place_of(line)
    assert place is not None
    assert (place.page, place.act) == ("proofs", "看材料")
    explain(ledger_file, MONTH, "11", "正在收，12月补齐")
    with ledger_file.reading() as reading:
        stand = [each for each in checked_issues(reading, MONTH) if each.issue.code == "11" and each.stands]
    assert stand == []


def test_the_list_for_class_teachers_names_class_by_class_what_is_missing(
    ledger_file: LedgerFile, people: list[int]
) -> None:
    add_files(ledger_file, "student", people[0], [new_file("身份证.jpg", photo(), MB)])
    with ledger_file.reading() as reading:
        params = {"as_of": date(2025, 11, 20), "grade": Grade.MASKED}
        document = MISSING_PROOFS.build(reading, params)
        chosen = MISSING_PROOFS.build(reading, {**params, "class_name": "机电2301"})
    rows = [row.values for row in document.tables[0].rows]
    assert rows[0][0] == "护理2401　1 人"
    assert rows[2][0] == "机电2301　2 人"
    assert rows[3][:4] == (1, "甲", None, "缺")
    assert document.people == 3
    assert [row.values[1] for row in chosen.tables[0].rows] == ["甲", "乙"]
