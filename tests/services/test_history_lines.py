"""What a step changed, as 操作记录 tells it: the first lines, and how many there are in all."""

from datetime import date

import pytest

from skillsaid_desktop.services.closing import close_month
from skillsaid_desktop.services.history import change_lines
from skillsaid_desktop.storage import LedgerFile
from tests.factories import enrol, make_hardship

DAY = date(2025, 9, 26)


def test_only_the_first_rows_of_a_large_step_are_told_and_all_are_counted(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("导入学生名册 30 人") as uow:
        for number in range(30):
            enrol(uow, f"学生{number}")
    (row,) = ledger_file.history(limit=1)
    lines, total = change_lines(ledger_file, row, DAY, 4)
    assert total == 60  # each with his entry
    assert [line.who for line in lines] == ["学生0", "学生0", "学生1", "学生1"]
    assert len(change_lines(ledger_file, row, DAY, 1000)[0]) == 60


def test_the_numbers_that_a_closing_keeps_are_told_in_one_line(
    ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", DAY.isoformat())
    with ledger_file.operation("名册") as uow:
        student_id = enrol(uow, sex=None, born_on=None)
        make_hardship(uow, student_id, "脱贫户", date(2023, 9, 1))
    close_month(ledger_file, "2025-09", dict.fromkeys(("11", "30", "31"), "已核实"))
    (row,) = ledger_file.history(limit=1)
    lines, total = change_lines(ledger_file, row, DAY, 1)
    assert lines[0].what == "封存的数字"
    assert len(lines) == 2
    assert total == len(change_lines(ledger_file, row, DAY, 1000)[0]) - 1
