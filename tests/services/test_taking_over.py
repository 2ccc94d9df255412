"""Taking over from the poverty register: categories and whole households at once, without overwriting what is there."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from skillsaid_desktop.checks import Inspection
from skillsaid_desktop.checks.households import check_households
from skillsaid_desktop.checks.rosters import check_rosters
from skillsaid_desktop.checks.terms import check_terms
from skillsaid_desktop.ledgers import HARDSHIP, HOUSEHOLDS, listing
from skillsaid_desktop.ledgers.comparison import Answer, Entry, Outcome
from skillsaid_desktop.services.comparison import compare, consequence, give_verdict
from skillsaid_desktop.services.household_file import household_of, load_household
from skillsaid_desktop.services.intake import apply_import, preview_import
from skillsaid_desktop.services.rosters import import_roster
from skillsaid_desktop.services.taking_over import TakingOver, plan_taking_over, take_over
from skillsaid_desktop.storage import LedgerFile
from tests.factories import document_number, make_ledger
from tests.services.test_rosters import SAMPLES, entries, household, roster, school, slipped, today

__all__ = ("school", "today")
DAY = date(2025, 12, 26)


def rows(ledger_file: LedgerFile, sql: str) -> list[tuple[Any, ...]]:
    with ledger_file.reading() as reading:
        return [tuple(row) for row in reading.rows(sql)]


def households(ledger_file: LedgerFile) -> list[tuple[Any, ...]]:
    return rows(ledger_file, "SELECT number, head_name, village, category FROM household ORDER BY id")


def members(ledger_file: LedgerFile) -> list[tuple[Any, ...]]:
    return rows(
        ledger_file,
        "SELECT m.name, m.relation, m.student_id IS NOT NULL FROM household_member m ORDER BY m.household_id,"
        " m.relation = '户主' DESC, m.id",
    )


def planned(ledger_file: LedgerFile, *some: Entry) -> TakingOver:
    with ledger_file.reading() as reading:
        return plan_taking_over(reading, some)


def hand_made(ledger_file: LedgerFile, **facts: str) -> int:
    with ledger_file.operation("新增户") as uow:
        stored = listing.write(uow, HOUSEHOLDS, facts, None, listing.form_context(as_of=DAY))
    assert stored.record_id is not None
    return stored.record_id


@pytest.fixture
def with_family(school: LedgerFile, tmp_path: Path) -> LedgerFile:
    """钟志豪 and 邱梦婷 (her number mistyped) in one household of four, whom the school has not registered."""
    path = roster(
        tmp_path / "于都县名册 2025-10-31.xlsx",
        *household(
            "3607310003", "钟福生",
            {"姓名": "钟志豪", "证件号码": document_number(3), "与户主关系": "之子", "户类型": "一般贫困户"},
            {"姓名": "邱梦婷", "证件号码": slipped(document_number(1)), "与户主关系": "之儿媳"},
            {"姓名": "钟阿婆", "证件号码": "无", "与户主关系": "之母"},
        ),
    )  # fmt: skip
    import_roster(school, "poverty-roster", [path])
    return school


def test_the_household_comes_with_all_its_members(with_family: LedgerFile) -> None:
    entry = entries(with_family)["钟志豪"]
    told = planned(with_family, entry)
    assert told.sentence == "登记 1 人的身份类别，新建 1 户，家庭成员 4 人"
    assert not households(with_family), "a preview writes nothing"
    take_over(with_family, [entry])
    assert households(with_family) == [("3607310003", "钟福生", "大桥村", "脱贫户")]
    assert members(with_family) == [
        ("钟福生", "户主", 0), ("钟志豪", "之子", 1), ("邱梦婷", "之儿媳", 0), ("钟阿婆", "之母", 0)
    ]  # fmt: skip
    [(source,)] = rows(with_family, "SELECT source FROM household")
    assert source == "于都县名册 2025-10-31.xlsx 名册 第 2 行"
    assert with_family.undoable(1)[0].name == "按名册登记 1 人的身份类别，新建 1 户，家庭成员 4 人"


def test_one_undo_takes_everything_back_and_the_same_again_changes_nothing(with_family: LedgerFile) -> None:
    entry = entries(with_family)["钟志豪"]
    assert take_over(with_family, [entry]) is not None
    before = households(with_family), members(with_family)
    assert planned(with_family, entry).is_empty
    assert take_over(with_family, [entry]) is None
    assert (households(with_family), members(with_family)) == before
    with_family.undo()
    assert not households(with_family)
    assert not members(with_family)
    assert not rows(
        with_family, "SELECT 1 FROM hardship_status WHERE category = '脱贫户' AND evidence IS NOT NULL"
    )
    with_family.redo()
    assert (households(with_family), members(with_family)) == before


def test_a_sibling_judged_later_takes_her_place_under_the_schools_number(with_family: LedgerFile) -> None:
    take_over(with_family, [entries(with_family)["钟志豪"]])
    entry = entries(with_family)["邱梦婷"]
    assert entry.person is not None
    with with_family.reading() as reading:
        told = consequence(reading, entry, entry.person)
    assert "补充：户主钟福生（大桥村）" in told.sentence
    assert not told.planned.conflicts, "what stands there is what the same roster wrote"
    give_verdict(with_family, entry.student.id, entry.person, Answer.SAME)
    [(number, student)] = rows(
        with_family, "SELECT document_number, student_id FROM household_member WHERE name = '邱梦婷'"
    )
    assert (number, student) == (document_number(1), entry.student.id)
    assert len(members(with_family)) == 4
    with with_family.reading() as reading:
        found = household_of(reading, entry.student.id, DAY)
    assert found is not None
    assert [one.name for one in found.siblings] == ["钟志豪"]


def test_what_was_typed_by_hand_stays_until_the_roster_is_chosen(with_family: LedgerFile) -> None:
    home = hand_made(
        with_family, head_name="钟福生", number="3607310003", village="下坑村", main_cause="因病"
    )
    entry = entries(with_family)["钟志豪"]
    told = planned(with_family, entry)
    assert [(each.title, each.before, each.after) for each in told.conflicts] == [("村", "下坑村", "大桥村")]
    assert told.sentence == "登记 1 人的身份类别，补充 1 户，家庭成员 3 人", "the head stands there already"
    take_over(with_family, [entry])
    assert households(with_family) == [("3607310003", "钟福生", "下坑村", "脱贫户")], "blanks are filled only"
    entry = entries(with_family)["钟志豪"]
    told = planned(with_family, entry)
    assert told.is_empty
    [conflict] = told.conflicts
    assert conflict.key == (home, None, "village")
    take_over(with_family, [entry], taken=frozenset({conflict.key}))
    assert households(with_family)[0][2] == "大桥村"
    with_family.undo()
    assert households(with_family)[0][2] == "下坑村"


def test_another_head_is_a_choice_and_never_a_second_head(with_family: LedgerFile) -> None:
    """The household of the student stands under his grandfather; the roster has his father as head."""
    home = hand_made(with_family, head_name="钟老太爷", village="大桥村")
    with with_family.operation("加成员") as uow:
        from skillsaid_desktop.ledgers.household_members import MEMBERS

        values = {"member_name": "钟志豪", "member_number": document_number(3), "household_id": str(home)}
        listing.write(uow, MEMBERS, values, None, listing.form_context(as_of=DAY))
    entry = entries(with_family)["钟志豪"]
    told = planned(with_family, entry)
    assert ("户主姓名", "钟老太爷", "钟福生") in [
        (each.title, each.before, each.after) for each in told.conflicts
    ]
    take_over(with_family, [entry])
    heads = [name for name, relation, _ in members(with_family) if relation == "户主"]
    assert heads == ["钟老太爷"]
    assert len(households(with_family)) == 1, "he does not live twice"
    with_family.undo()
    take_over(with_family, [entry], taken=frozenset(each.key for each in told.conflicts))
    heads = [name for name, relation, _ in members(with_family) if relation == "户主"]
    assert heads == ["钟福生"]
    assert households(with_family) == [("3607310003", "钟福生", "大桥村", "脱贫户")]


@pytest.fixture(scope="module")
def counties(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LedgerFile, TakingOver]]:
    """The school of September with both counties' registers, everything taken over that they say of students."""
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("SKILLSAID_DATA", str(tmp_path_factory.mktemp("data")))
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-12-26")
    opened = make_ledger(tmp_path_factory.mktemp("school") / "台账.skillsaid")
    apply_import(opened, preview_import(opened, "students", [SAMPLES / "学籍系统导出 2025-09.xlsx"]))
    for name in ("于都县脱贫户监测户花名册.xls", "乐安县防返贫监测信息.csv"):
        import_roster(opened, "poverty-roster", [SAMPLES / name])
    with opened.reading() as reading:
        found = compare(reading)
        sure = found.of(Outcome.SAME, Outcome.DIFFERS, Outcome.ONLY_IN_POVERTY)
        told = plan_taking_over(reading, sure)
    take_over(opened, sure)
    yield opened, told
    opened.close(backup=False)
    monkeypatch.undo()


def test_both_counties_are_taken_over_as_they_came(counties: tuple[LedgerFile, TakingOver]) -> None:
    ledger_file, told = counties
    assert not told.conflicts
    homes = households(ledger_file)
    assert len(homes) == len(told.homes(new=True)) > 60
    assert len(members(ledger_file)) == told.new_members > 2 * len(homes)
    numbers = Counter(number for number, *_rest in homes)
    assert max(numbers.values()) == 1
    [(income, size, county)] = rows(
        ledger_file, "SELECT count(income_fen), count(size), count(DISTINCT county) FROM household"
    )
    assert income > 20
    assert size > 20
    assert county == 2
    with ledger_file.reading() as reading:
        for (home_id,) in reading.rows("SELECT id FROM household"):
            file = load_household(reading, home_id, DAY)
            assert file is not None
            assert any(each.student_id for each in file.members), "every household has its student"


def test_the_checks_hold_afterwards(
    counties: tuple[LedgerFile, TakingOver], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-12-26")
    ledger_file, _told = counties
    with ledger_file.reading() as reading:
        inspection = Inspection(reading, "2025-12")
        sevens = check_households(inspection)
        nines = check_rosters(inspection)
        tens = check_terms(inspection)
        found = compare(reading)
    assert not [each.message for each in sevens if each.severity.value == "block"], "one head each"
    assert not found.of(Outcome.ONLY_IN_POVERTY)
    assert not [each for each in nines if "学校没有登记为帮扶对象" in each.message]
    cleared = rows(ledger_file, "SELECT count(*) FROM hardship_status WHERE risk_cleared_on IS NOT NULL")[0][
        0
    ]
    assert cleared > 0
    assert all(each.code == "10" for each in tens)


def test_asking_again_of_both_counties_changes_nothing(
    counties: tuple[LedgerFile, TakingOver], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-12-26")
    ledger_file, _told = counties
    with ledger_file.reading() as reading:
        sure = compare(reading).of(Outcome.SAME, Outcome.DIFFERS, Outcome.ONLY_IN_POVERTY)
    again = planned(ledger_file, *sure)
    assert again.is_empty, again.sentence
    assert not again.conflicts, again.conflicts[:5]


def test_a_category_that_had_ended_begins_anew_and_the_old_row_stays(with_family: LedgerFile) -> None:
    student = entries(with_family)["钟志豪"].student.id
    with with_family.operation("登记身份类别") as uow:
        row = {
            "student_name": "钟志豪", "document_number": document_number(3), "category": "脱贫户",
            "from_on": "2024-09-01", "to_on": "2025-11-30",
        }  # fmt: skip
        listing.write(uow, HARDSHIP, row, None, listing.form_context(as_of=DAY))
    entry = entries(with_family)["钟志豪"]
    assert entry.outcome is Outcome.ONLY_IN_POVERTY
    take_over(with_family, [entry])
    sql = f"SELECT from_on, to_on FROM hardship_status WHERE student_id = {student} ORDER BY from_on"
    assert rows(with_family, sql) == [("2024-09-01", "2025-11-30"), ("2025-12-01", None)]
    assert entries(with_family)["钟志豪"].outcome is Outcome.SAME
