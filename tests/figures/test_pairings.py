"""Block M: leaders by name, students, contacts as acts; months that an older program closed keep what they reported."""

from datetime import date

import pytest

from skillsaid_desktop.documents import Cell
from skillsaid_desktop.domain.entities import FrozenFigure, FrozenPerson, Pairing
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.reports import report_named
from skillsaid_desktop.services.closing import close_month, drift
from skillsaid_desktop.storage import LedgerFile
from tests.factories import enrol, make_contact, make_event, make_pairing

SEPTEMBER, OCTOBER, NOVEMBER = "2025-09", "2025-10", "2025-11"
EXPLAINED = dict.fromkeys(("0", "2", "3", "6", "30", "31", "33"), "已核实")


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-12-01")


@pytest.fixture
def school(ledger_file: LedgerFile) -> LedgerFile:
    """Five students: two paired with one leader, one with another until October, one who left, one with nobody."""
    with ledger_file.operation("登记") as uow:
        first, second, third, left, alone = (
            enrol(uow, name, category="脱贫户", home_county="于都县")
            for name in ("黄雪红", "谢亮", "仇怡丽", "李芳娜", "钟建明")
        )
        none = enrol(uow, "不是对象")
        make_event(uow, left, "转出", date(2025, 11, 5))
        for student, leader in ((first, "查文彬"), (second, "查文彬"), (left, "帅长庚"), (none, "仇海燕")):
            make_pairing(uow, student, leader)
        make_pairing(uow, third, "单国强", ended_on=date(2025, 10, 31))
        for student, day in (
            (first, date(2025, 9, 12)), (first, date(2025, 11, 3)), (first, date(2025, 11, 25)),
            (first, date(2025, 11, 26)), (second, date(2025, 10, 26)), (none, date(2025, 11, 3)), (alone, date(2025, 11, 4)),
            (left, date(2025, 11, 6)),
        ):  # fmt: skip
            make_contact(uow, student, day)
    return ledger_file


def test_the_figures_of_a_month_and_the_people_behind_them(school: LedgerFile) -> None:
    with school.reading() as reading:
        found = {code: one.as_json() for code, one in compute_figures(reading, NOVEMBER).items()}
        numbers = dict(reading.rows("SELECT name, document_number FROM student"))
        october = compute_figures(reading, OCTOBER)
    first, second, alone = (numbers[name] for name in ("黄雪红", "谢亮", "钟建明"))
    assert (found["M1"]["period"], found["M1"]["people"]) == (1, ["查文彬"])
    assert found["M2"]["people"] == sorted([first, second])
    assert found["M3"]["people"] == sorted([first, first, second, alone, numbers["李芳娜"]])
    assert (found["M3"]["period"], found["M3"]["records"], found["M3"]["year"]) == (5, 5, 6)
    assert found["M4"]["people"] == sorted([first, second, alone, numbers["李芳娜"]])
    assert (found["M4"]["period"], found["M4"]["year"], found["M4"]["since_start"]) == (4, 4, 4)
    assert found["M5"]["people"] == sorted([numbers["仇怡丽"], alone])
    assert sorted(one.name for one in october["M1"].people) == ["单国强", "帅长庚", "查文彬"]
    assert [one.note for one in october["M1"].people if one.name == "查文彬"] == ["结对 2 人"]


def test_a_closed_month_keeps_its_leaders_and_names_the_one_who_came_late(school: LedgerFile) -> None:
    close_month(school, SEPTEMBER, EXPLAINED)
    with school.operation("补登结对") as uow:
        student = uow.scalar("SELECT id FROM student WHERE name = '钟建明'")
        uow.insert_many(
            Pairing,
            [{"student_id": student, "leader": "解慧兰", "paired_on": date(2025, 9, 20),
              "correction_reason": "名单后来才发"}],
        )  # fmt: skip
        make_contact(uow, uow.scalar("SELECT id FROM student WHERE name = '黄雪红'"), date(2025, 9, 13))
    with school.reading() as reading:
        assert compute_figures(reading, SEPTEMBER)["M1"].as_json()["people"] == ["单国强", "帅长庚", "查文彬"]
        rows = {row.code: row for row in drift(reading, SEPTEMBER)}
    assert (rows["M1"].reported, rows["M1"].now) == (3, 4)
    late = rows["M1"].people[0]
    assert (late.name, late.reason, late.is_added) == ("解慧兰", "名单后来才发", True)
    assert (rows["M3"].reported, rows["M3"].now, rows["M3"].people[0].name) == (1, 2, "黄雪红")
    assert rows["M5"].people[0].name == "钟建明"


def test_a_month_closed_before_there_was_block_m_stays_and_does_not_hide_its_contacts(
    school: LedgerFile,
) -> None:
    close_month(school, SEPTEMBER, EXPLAINED)
    with school.operation("像旧程序封的一样") as uow:
        ids = "SELECT id FROM frozen_figure WHERE code LIKE 'M%'"
        people = [row[0] for row in uow.rows(f"SELECT id FROM frozen_person WHERE figure_id IN ({ids})")]
        figures = [row[0] for row in uow.rows(ids)]
        uow.delete_many(FrozenPerson, people)
        uow.delete_many(FrozenFigure, figures)
    with school.reading() as reading:
        september = compute_figures(reading, SEPTEMBER)
        assert "M3" not in september
        assert september["S1"].period == 5
        october = compute_figures(reading, OCTOBER)
        assert (october["M3"].period, october["M3"].year, october["M4"].year) == (0, 1, 1)
        assert not any(row.code.startswith("M") for row in drift(reading, SEPTEMBER))
        report = report_named("progress")
        paper = report.build(reading, {"month": SEPTEMBER})
    shown = {half[3].ref: half[3].value for row in paper.tables[0].rows for half in (row.values[:6], row.values[6:])
             if isinstance(half[3], Cell)}  # fmt: skip
    assert shown["S1"] == 5
    assert shown["M1"] is None, "what was not reported is blank, not nought"
