"""学籍异动 typed and edited by hand: the same rules as on import."""

from datetime import date

import pytest

from skillsaid_desktop.domain.entities import ReportingMonth
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import CHANGES
from skillsaid_desktop.ledgers.listing import fetch_rows, form_context, write
from skillsaid_desktop.storage import LedgerFile
from tests.factories import enrol, make_class, make_event


@pytest.fixture
def change_id(ledger_file: LedgerFile) -> int:
    with ledger_file.operation("准备") as uow:
        student_id = enrol(uow, "王鑫", class_id=make_class(uow))
        return make_event(uow, student_id, "休学", date(2025, 10, 20), reason="因病")


def edit(ledger_file: LedgerFile, change_id: int, correction: str = "", **values: str) -> None:
    with ledger_file.operation("改异动") as uow:
        write(uow, CHANGES, values, change_id, form_context(record_id=change_id, correction=correction))


def test_an_edit_moves_the_day_and_keeps_the_rest(ledger_file: LedgerFile, change_id: int) -> None:
    edit(ledger_file, change_id, changed_on="2025-10-22")
    with ledger_file.reading() as reading:
        row = fetch_rows(reading, CHANGES, [change_id], date(2025, 11, 1))[0]
        assert reading.rows("SELECT from_on, state FROM student_span ORDER BY from_on")[1] == (
            "2025-10-22",
            "休学",
        )
    assert (row["kind"], row["reason"], row["month"]) == ("休学", "因病", "2025-10")


def test_an_edit_that_could_not_have_happened_is_refused(ledger_file: LedgerFile, change_id: int) -> None:
    with pytest.raises(UserError, match="才入学"):
        edit(ledger_file, change_id, changed_on="2022-10-22")
    with pytest.raises(UserError, match="没有休学"):
        edit(ledger_file, change_id, kind="复学")


def test_a_closed_month_wants_a_reason_for_facts_and_none_for_words(
    ledger_file: LedgerFile, change_id: int
) -> None:
    with ledger_file.operation("封账") as uow:
        uow.insert_many(
            ReportingMonth,
            [
                {
                    "month": "2025-10",
                    "state": "closed",
                    "from_on": date(2025, 9, 26),
                    "to_on": date(2025, 10, 25),
                }
            ],
        )
    edit(ledger_file, change_id, reason="因病住院", approval_number="〔2025〕37号")
    with pytest.raises(UserError, match="10月已封账"):
        edit(ledger_file, change_id, changed_on="2025-11-03")
    edit(ledger_file, change_id, "日期登错了", changed_on="2025-11-03")
    with ledger_file.reading() as reading:
        row = fetch_rows(reading, CHANGES, [change_id], date(2025, 11, 4))[0]
    assert (row["changed_on"], row["month"], row["correction_reason"]) == (
        date(2025, 11, 3),
        "2025-11",
        "日期登错了",
    )
    assert row["reason"] == "因病住院"


def test_a_day_after_today_is_stored_and_asked(
    ledger_file: LedgerFile, change_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-10-25")
    edit(ledger_file, change_id, changed_on="2025-10-28")
    with ledger_file.reading() as reading:
        assert reading.rows("SELECT code, record_id FROM open_question") == [("date after today", change_id)]
