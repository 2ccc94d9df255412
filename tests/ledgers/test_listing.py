"""Lists in SQL: what the search box finds, what filters leave, how names are sorted, how one row is written."""

from datetime import date
from typing import Any

import pytest

from skillsaid_desktop.domain.names import fold_name, pinyin_keys
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import LEDGERS, STUDENTS
from skillsaid_desktop.ledgers.listing import (
    Among,
    Between,
    ListQuery,
    count_rows,
    fetch_rows,
    list_ids,
    value_counts,
    write,
)
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.storage.unit_of_work import UnitOfWork
from tests.factories import document_number, enrol, make_class, make_event

DAY = date(2025, 11, 25)


def _named(uow: UnitOfWork, name: str, **values: Any) -> int:
    keys = pinyin_keys(name)
    return enrol(
        uow, name, name_folded=fold_name(name), name_pinyin=keys.pinyin, name_initials=keys.initials,
        name_sort=keys.sort, **values,
    )  # fmt: skip


@pytest.fixture
def people(ledger_file: LedgerFile) -> dict[str, int]:
    with ledger_file.operation("准备") as uow:
        one, two = make_class(uow, "机电2301"), make_class(uow, "护理2401", grade=2024)
        found = {
            "钟建明": _named(uow, "钟建明", class_id=one, category="脱贫户", bank_card="6217001234567890123"),
            "单嘉勇": _named(uow, "单嘉勇", class_id=one, phone="13803884952"),
            "刘婷": _named(uow, "刘婷", class_id=two, category="低保"),
            "阿依古丽·买买提": _named(uow, "阿依古丽·买买提", class_id=two),
        }
        make_event(uow, found["刘婷"], "休学", date(2025, 11, 1))
    return found


def found(ledger_file: LedgerFile, text: str) -> set[str]:
    with ledger_file.reading() as reading:
        ids = list_ids(reading, STUDENTS, ListQuery(as_of=DAY, search=text))
        return {row["name"] for row in fetch_rows(reading, STUDENTS, ids, DAY)}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("建明", {"钟建明"}),
        ("zhongjian", {"钟建明"}),
        ("zjm", {"钟建明"}),
        ("shanjiayong", {"单嘉勇"}),
        ("护理", {"刘婷", "阿依古丽·买买提"}),
        ("90123", {"钟建明"}),
        ("4952", {"单嘉勇"}),
        ("机电 zjm", {"钟建明"}),
        ("阿依古丽•买", {"阿依古丽·买买提"}),
        ("100%", set()),
    ],
)
def test_search_finds(ledger_file: LedgerFile, people: dict[str, int], text: str, who: set[str]) -> None:
    assert found(ledger_file, text) == who


def test_filters_count_and_sort_by_pinyin(ledger_file: LedgerFile, people: dict[str, int]) -> None:
    with ledger_file.reading() as reading:
        query = ListQuery(as_of=DAY, sort=(("name", False),))
        ids = list_ids(reading, STUDENTS, query)
        names = [row["name"] for row in fetch_rows(reading, STUDENTS, ids, DAY)]
        assert names == ["阿依古丽·买买提", "刘婷", "单嘉勇", "钟建明"]
        counts = value_counts(reading, STUDENTS, query, "current_state")
        assert counts == [("在读", 3), ("休学", 1)]
        away = ListQuery(as_of=DAY, filters={"current_state": Among(("休学", "实习"))})
        assert list_ids(reading, STUDENTS, away) == [people["刘婷"]]
        assert dict(value_counts(reading, STUDENTS, away, "current_state")) == {"在读": 3, "休学": 1}
        before = ListQuery(as_of=date(2025, 10, 31), filters={"current_state": Among(("休学",))})
        assert count_rows(reading, STUDENTS, before) == 0
        poor = ListQuery(as_of=DAY, filters={"is_target": Among((True,))})
        assert list_ids(reading, STUDENTS, poor) == [people["钟建明"]]
        blank = ListQuery(as_of=DAY, filters={"category": Among((None,))})
        assert count_rows(reading, STUDENTS, blank) == 2
        entered = ListQuery(as_of=DAY, filters={"entered_on": Between(date(2023, 9, 1), date(2023, 9, 1))})
        assert count_rows(reading, STUDENTS, entered) == 4


def test_a_cell_is_written_through_the_ledger(ledger_file: LedgerFile, people: dict[str, int]) -> None:
    with ledger_file.operation("改电话") as uow:
        planned = write(uow, STUDENTS, {"phone": "13900001111"}, people["刘婷"])
    assert [(each.title, each.after) for each in planned.differences] == [("联系电话", "13900001111")]
    with ledger_file.reading() as reading:
        row = fetch_rows(reading, STUDENTS, [people["刘婷"]], DAY)[0]
    assert (row["phone"], row["class_name"]) == ("13900001111", "护理2401")


def test_class_and_state_are_not_typed_over(ledger_file: LedgerFile, people: dict[str, int]) -> None:
    with pytest.raises(UserError, match="登记异动"), ledger_file.operation("改班级") as uow:
        write(uow, STUDENTS, {"class_name": "机电2302"}, people["刘婷"])


def test_a_new_student_comes_with_class_entry_and_category(ledger_file: LedgerFile) -> None:
    values = {
        "name": "王 平", "document_number": document_number(77), "class_name": "建筑2501", "major": "建筑施工",
        "level": "中级", "entered_on": "2025.9", "category": "建档立卡、低保",
    }  # fmt: skip
    with ledger_file.operation("新增学生") as uow:
        planned = write(uow, STUDENTS, values)
    with ledger_file.reading() as reading:
        assert planned.record_id is not None
        row = fetch_rows(reading, STUDENTS, [planned.record_id], DAY)[0]
    assert (row["name"], row["level"], row["class_name"], row["grade"]) == (
        "王平",
        "中级工",
        "建筑2501",
        2025,
    )
    assert (row["entered_on"], row["category"], row["is_target"]) == (date(2025, 9, 1), "脱贫户、低保", True)


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda each: each.name)
def test_each_ledger_lists_sorts_and_counts_all_its_columns(
    ledger_file: LedgerFile, people: dict[str, int], ledger: object
) -> None:
    from skillsaid_desktop.ledgers import Ledger

    assert isinstance(ledger, Ledger)
    with ledger_file.reading() as reading:
        for column in ledger.fields:
            query = ListQuery(as_of=DAY, search="机", sort=((column.name, True),))
            ids = list_ids(reading, ledger, query)
            assert len(fetch_rows(reading, ledger, ids, DAY)) == len(ids)
            value_counts(reading, ledger, query, column.name)


def test_names_of_ledgers_and_columns_are_unique() -> None:
    assert len({each.name for each in LEDGERS}) == len(LEDGERS)
    for ledger in LEDGERS:
        names = [each.name for each in (*ledger.fields, *ledger.extra_fields)]
        assert len(names) == len(set(names))
