"""The grid of 每月监测: who is due, who has not been looked at, and what one cell writes."""

from dataclasses import replace
from datetime import date

import pytest

from skillsaid_desktop.domain.entities import ReportingMonth
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.services.monitoring import (
    Talk,
    class_progress,
    load_grid,
    mark_normal,
    note_talk,
    talk_ground,
    write_note,
)
from skillsaid_desktop.storage import LedgerFile
from tests.factories import enrol, make_class, make_event

MONTH = "2025-11"


@pytest.fixture
def people(ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-20")
    with ledger_file.operation("准备") as uow:
        class_id = make_class(uow, "机器人2401")
        found = {
            name: enrol(uow, name, class_id=class_id, category="脱贫户")
            for name in ("孙嘉", "葛林佳", "王强龙")
        }
        enrol(uow, "朱博", class_id=class_id)
        away = enrol(uow, "李勇", class_id=class_id, category="脱贫户")
        make_event(uow, away, "休学", date(2025, 10, 1))
        found["class"] = class_id
    return found


def test_only_targets_at_school_are_due(ledger_file: LedgerFile, people: dict[str, int]) -> None:
    with ledger_file.reading() as reading:
        progress = class_progress(reading, MONTH)
        grid = load_grid(reading, people["class"], MONTH)
    assert [(each.name, each.done, each.due) for each in progress] == [("机器人2401", 0, 3)]
    assert {row.name for row in grid.missing} == {"孙嘉", "葛林佳", "王强龙"}


def test_one_cell_makes_the_note_and_the_next_changes_it(
    ledger_file: LedgerFile, people: dict[str, int]
) -> None:
    write_note(ledger_file, people["孙嘉"], MONTH, {"study": "编程、数学不及格"}, teacher="黎晓东")
    with ledger_file.reading() as reading:
        row = next(each for each in load_grid(reading, people["class"], MONTH).rows if each.name == "孙嘉")
    assert row.note is not None
    assert (row.note["noted_on"], row.note["noted_by"]) == (date(2025, 11, 20), "黎晓东")
    write_note(
        ledger_file, people["孙嘉"], MONTH, {"difficulty": "较重", "measure": "申请校内临时补助 800 元", "due_on": "2025-12-05"},
        note_id=row.note_id,
    )  # fmt: skip
    with ledger_file.reading() as reading:
        row = next(each for each in load_grid(reading, people["class"], MONTH).rows if each.name == "孙嘉")
    assert row.note is not None
    assert row.notes == 1
    assert (row.note["difficulty"], row.note["study"]) == ("较重", "编程、数学不及格")
    assert (row.note["measure"], row.note["due_on"]) == ("申请校内临时补助 800 元", date(2025, 12, 5))


def test_the_rest_is_marked_normal_by_name_and_once(ledger_file: LedgerFile, people: dict[str, int]) -> None:
    write_note(ledger_file, people["孙嘉"], MONTH, {"difficulty": "一般"})
    rest = [people["葛林佳"], people["王强龙"]]
    mark_normal(ledger_file, [people["孙嘉"], *rest], MONTH, teacher="黎晓东")
    with ledger_file.reading() as reading:
        grid = load_grid(reading, people["class"], MONTH)
    assert grid.missing == ()
    levels = {row.name: row.note and row.note["difficulty"] for row in grid.rows}
    assert levels == {"孙嘉": "一般", "葛林佳": "无", "王强龙": "无"}
    with pytest.raises(UserError):
        mark_normal(ledger_file, rest, MONTH)


def test_difficulty_without_help_is_stored_and_asked(ledger_file: LedgerFile, people: dict[str, int]) -> None:
    write_note(ledger_file, people["孙嘉"], MONTH, {"difficulty": "紧急"})
    with ledger_file.reading() as reading:
        asked = reading.rows("SELECT code FROM open_question WHERE entity = 'monitoring_note'")
    assert asked == [("difficulty without measure",)]


def test_a_talk_is_a_note_of_its_day_and_a_second_one_is_added_to_it(
    ledger_file: LedgerFile, people: dict[str, int]
) -> None:
    one = people["孙嘉"]
    first = Talk(
        on=date(2025, 11, 20), noted_by="丁晓岚", about="life", text="父亲住院，周末打工", form="面谈",
        difficulty="较重", measure="申请临时补助", responsible="丁晓岚", due_on="2025-12-05",
    )  # fmt: skip
    note_talk(ledger_file, one, first)
    again = replace(first, text="补助已申请", measure="联系村里核实", due_on="")
    note_talk(ledger_file, one, again)
    with ledger_file.reading() as reading:
        rows = reading.rows("SELECT life, form, difficulty, month FROM monitoring_note")
        measures = reading.rows("SELECT measure, due_on FROM help_measure ORDER BY id")
        ground = talk_ground(reading, one, date(2025, 11, 21))
    assert rows == [("父亲住院，周末打工；补助已申请", "面谈", "较重", MONTH)]
    assert measures == [("申请临时补助", "2025-12-05"), ("联系村里核实", None)]
    # What holds is proposed, so that a passing talk does not make the difficulty vanish.
    assert ground.difficulty == "较重"
    assert ledger_file.history()[0].name == "记一笔 孙嘉 面谈"
    # Who helps until when, without what: that is no measure.
    note_talk(ledger_file, one, replace(first, about="study", text="成绩稳定", measure=""))
    with ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM help_measure") == 2
    ledger_file.undo()
    ledger_file.undo()
    with ledger_file.reading() as reading:
        assert reading.scalar("SELECT life FROM monitoring_note") == "父亲住院，周末打工"


def test_a_talk_in_a_closed_month_wants_a_reason(ledger_file: LedgerFile, people: dict[str, int]) -> None:
    with ledger_file.operation("封账") as uow:
        uow.add(
            ReportingMonth(
                month="2025-10", from_on=date(2025, 9, 26), to_on=date(2025, 10, 25), state="closed"
            )
        )
    talk = Talk(on=date(2025, 10, 20), noted_by="丁晓岚", about="study", text="缺课较多")
    with pytest.raises(UserError, match="已封账"):
        note_talk(ledger_file, people["孙嘉"], talk)
    note_talk(ledger_file, people["孙嘉"], talk, correction="当时忘了记")
    with ledger_file.reading() as reading:
        assert reading.rows("SELECT month, correction_reason FROM monitoring_note") == [
            ("2025-10", "当时忘了记")
        ]
