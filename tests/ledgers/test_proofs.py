"""材料 as a ledger: what counts for whom, from where, and what may be typed about it."""

from datetime import date

import pytest

from skillsaid_desktop.domain.entities import Household, HouseholdMember
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import PROOFS_LEDGER, listing
from skillsaid_desktop.ledgers.listing import Among, ListQuery, fetch_rows, list_ids, value_counts
from skillsaid_desktop.schema.types import Held
from skillsaid_desktop.services.files import MB, add_files, list_files, new_file
from skillsaid_desktop.storage import LedgerFile
from tests.factories import enrol, make_class, make_hardship
from tests.files import paper, photo

DAY = date(2025, 11, 20)


@pytest.fixture
def people(ledger_file: LedgerFile) -> dict[str, int]:
    with ledger_file.operation("导入学生名册") as uow:
        class_id = make_class(uow)
        found = {
            name: enrol(uow, name, class_id=class_id, category="脱贫户") for name in ("李大", "李二", "王三")
        }
        found["赵四"] = enrol(uow, "赵四", class_id=class_id)  # no target
        home = Household(head_name="李老", head_name_folded="李老")
        uow.add(home)
        uow.flush()
        for name in ("李大", "李二"):
            member = HouseholdMember(
                household_id=home.id, name=name, name_folded=name, student_id=found[name]
            )
            uow.add(member)
        found["户"] = home.id
        found["低保"] = make_hardship(uow, found["王三"], "低保", date(2024, 1, 1))
    return found


def rows(ledger_file: LedgerFile, **query: object) -> dict[str, dict[str, object]]:
    with ledger_file.reading() as reading:
        ids = list_ids(reading, PROOFS_LEDGER, ListQuery(as_of=DAY, **query))  # type: ignore[arg-type]
        return {row["name"]: row for row in fetch_rows(reading, PROOFS_LEDGER, ids, DAY)}


def type_in(ledger_file: LedgerFile, student_id: int, **values: str) -> None:
    with ledger_file.operation("改材料") as uow:
        listing.write(uow, PROOFS_LEDGER, values, student_id, listing.form_context(record_id=student_id))


def test_targets_stand_there_with_all_that_is_missing(
    ledger_file: LedgerFile, people: dict[str, int]
) -> None:
    found = rows(ledger_file)
    assert list(found) == ["李大", "李二", "王三"]
    assert found["李大"]["missing"] == "身份证、户口簿、认定材料、申请表、资助卡"


def test_a_proof_counts_from_student_category_and_household(
    ledger_file: LedgerFile, people: dict[str, int]
) -> None:
    add_files(ledger_file, "student", people["李大"], [new_file("身份证.jpg", photo(), MB)])
    add_files(ledger_file, "household", people["户"], [new_file("户口本.pdf", paper(), MB)])
    add_files(ledger_file, "hardship_status", people["低保"], [new_file("低保证.pdf", paper("低保"), MB)])
    found = rows(ledger_file)
    assert found["李大"]["missing"] == "认定材料、申请表、资助卡"
    assert (found["李二"]["household_book"], found["李二"]["id_card"]) == ("有", "缺")
    assert found["王三"]["evidence"] == "有"
    assert found["李大"]["files"] == 1
    with ledger_file.reading() as reading:
        files = list_files(reading, "student", people["李二"])
        assert [(one.kind, one.origin) for one in files] == [("户口簿", "户主李老")]
        counts = dict(value_counts(reading, PROOFS_LEDGER, ListQuery(as_of=DAY), "missing"))
    assert (counts["身份证"], counts["户口簿"], counts["资助卡"]) == (2, 1, 3)
    assert list(rows(ledger_file, filters={"missing": Among(("身份证",))})) == ["李二", "王三"]


def test_typing_says_that_the_paper_is_there_and_takes_it_back(
    ledger_file: LedgerFile, people: dict[str, int]
) -> None:
    type_in(ledger_file, people["李大"], id_card="有", aid_card="已交")
    assert rows(ledger_file)["李大"]["missing"] == "户口簿、认定材料、申请表"
    assert rows(ledger_file)["李大"]["id_card"] == "纸质"
    type_in(ledger_file, people["李大"], id_card="")
    assert rows(ledger_file)["李大"]["id_card"] == "缺"
    ledger_file.undo()
    assert rows(ledger_file)["李大"]["id_card"] == "纸质"
    add_files(ledger_file, "student", people["李大"], [new_file("身份证.jpg", photo(), MB)])
    assert rows(ledger_file)["李大"]["id_card"] == "有"
    with pytest.raises(UserError, match="李大的身份证存着文件，不能写成缺"):
        type_in(ledger_file, people["李大"], id_card="缺")


@pytest.mark.parametrize(
    ("text", "value"),
    [("有", "纸质"), ("已交复印件", "纸质"), ("√", "纸质"), ("没交", "缺"), ("×", "缺"), ("下周补", None)],
)
def test_answers_about_papers_are_understood(text: str, value: str | None) -> None:
    parsed = Held().parse(text)
    assert parsed.value == value
    assert bool(parsed.findings) == (value is None or text == "已交复印件")
