"""Many cells at once go the way of one: planned, stored row by row, refused rows left whole."""

from datetime import date

import pytest

from skillsaid_desktop.ledgers import CHANGES, LEDGERS, STUDENTS, listing
from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.ledgers.listing import ListQuery
from skillsaid_desktop.services.cell_edits import RowEdit, plan_edits, store_edits
from skillsaid_desktop.storage import LedgerFile
from tests.factories import document_number

AS_OF = date(2025, 11, 20)


@pytest.fixture
def school(ledger_file: LedgerFile) -> LedgerFile:
    with ledger_file.operation("导入") as uow:
        for at, name in enumerate(("曾诗", "吴宇佳", "邹斌")):
            values = {
                "name": name, "class_name": "机电2301", "document_number": document_number(at + 1),
                "level": "中级工", "major": "机电一体化", "entered_on": "2023-09-01", "phone": f"1587976000{at}",
                "category": "脱贫户", "category_from": "2023-09-01", "home_county": "于都县",
            }  # fmt: skip
            listing.write(uow, STUDENTS, values, None, listing.form_context(as_of=AS_OF))
        values = {
            "student_name": "曾诗",
            "class_name": "机电2301",
            "kind": "休学",
            "changed_on": "2025-11-03",
        }
        listing.write(uow, CHANGES, values, None, listing.form_context(as_of=AS_OF))
    return ledger_file


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda ledger: ledger.name)
def test_a_row_pasted_over_itself_changes_nothing(school: LedgerFile, ledger: Ledger) -> None:
    with school.reading() as reading:
        ids = listing.list_ids(reading, ledger, ListQuery(as_of=AS_OF))
        edits = [
            RowEdit(row["id"], {each.name: each.type.format(row.get(each.name))})
            for row in listing.fetch_rows(reading, ledger, ids, AS_OF)
            for each in ledger.fields
            if each.typed
        ]
        planned = plan_edits(reading, ledger, edits, as_of=AS_OF)
    assert [each for each in planned.rows if each.differences] == []


def test_each_row_meets_what_the_one_before_it_wrote(school: LedgerFile) -> None:
    with school.reading() as reading:
        ids = listing.list_ids(reading, STUDENTS, ListQuery(as_of=AS_OF))
    number = document_number(77)
    edits = [RowEdit(one, {"document_number": number, "remark": "补录"}) for one in ids]
    with school.operation("粘贴") as uow:
        stored = store_edits(uow, STUDENTS, edits, as_of=AS_OF)
    assert [each.is_stored for each in stored.rows] == [True, False, False]
    assert "在台账里是吴宇佳的" in stored.rows[1].refusal
    with school.reading() as reading:
        kept = reading.rows("SELECT document_number, remark FROM student ORDER BY remark IS NULL")
    assert [row[0] == number for row in kept] == [True, False, False]
    assert [row[1] for row in kept] == ["补录", None, None]


def test_edits_of_a_record_that_is_gone_are_left_out(school: LedgerFile) -> None:
    with school.reading() as reading:
        planned = plan_edits(reading, STUDENTS, [RowEdit(987_654, {"remark": "x"})], as_of=AS_OF)
    assert planned.rows == ()
