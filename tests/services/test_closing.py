"""Closing a month, as the coordinator meets it: refused, explained, frozen, drifted, reopened."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from skillsaid_desktop.checks.months import bridge_difference
from skillsaid_desktop.documents import Grade
from skillsaid_desktop.domain.entities import HelpMeasure, MonitoringNote
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.figures.frozen import frozen_results
from skillsaid_desktop.reports import report_named
from skillsaid_desktop.reports.report import read_params
from skillsaid_desktop.schema import Severity
from skillsaid_desktop.services.closing import (
    checked_issues,
    close_month,
    digest_of,
    drift,
    explain,
    reopen_month,
    run_checks,
)
from skillsaid_desktop.storage import LedgerFile
from tests.factories import enrol, make_class, make_event, make_hardship, make_ledger, make_pairing

OCTOBER, NOVEMBER = "2025-10", "2025-11"


@pytest.fixture
def ledger_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LedgerFile]:
    on(monkeypatch, date(2025, 10, 24))
    opened = make_ledger(tmp_path / "台账.skillsaid", first_month=OCTOBER, contact_weeks=99)
    with opened.operation("导入学生名册 3 人") as uow:
        class_id = make_class(uow, "机电2301")
        for name in ("温英蓉", "李芳娜", "王鑫"):
            make_pairing(uow, enrol(uow, name, class_id=class_id, category="脱贫户", sex=None, born_on=None))
        enrol(uow, "朱博", class_id=class_id, sex=None, born_on=None)
    yield opened
    opened.close(backup=False)


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", day.isoformat())


def monitor_all(ledger_file: LedgerFile, month: str, day: date) -> None:
    with ledger_file.operation("填监测") as uow:
        for person in compute_figures(uow, month, True)["T1"].people:
            uow.add(
                MonitoringNote(student_id=person.student_id, month=month, noted_on=day, noted_by="万小琴")
            )


def close(ledger_file: LedgerFile, month: str, day: date) -> None:
    monitor_all(ledger_file, month, day)
    close_month(ledger_file, month)


def count(ledger_file: LedgerFile, month: str, code: str, live: bool = False) -> float | None:
    with ledger_file.reading() as reading:
        return compute_figures(reading, month, live)[code].period


def id_of(ledger_file: LedgerFile, name: str) -> int:
    with ledger_file.reading() as reading:
        return int(reading.scalar("SELECT id FROM student WHERE name = ?", (name,)))


def test_closing_asks_for_an_explanation_of_who_was_not_looked_at(ledger_file: LedgerFile) -> None:
    with pytest.raises(UserError, match=r"有 3 项要说明，检查编号 30（监测）"):
        close_month(ledger_file, OCTOBER)
    with ledger_file.reading() as reading:
        assert reading.rows("SELECT * FROM reporting_month") == []
    closed = close_month(ledger_file, OCTOBER, {"30": "班主任出差，11月补记"})
    assert len(closed.digest) == 64
    assert closed.counted_to == date(2025, 10, 24)
    with ledger_file.reading() as reading:
        asked = [one for one in checked_issues(reading, OCTOBER) if one.issue.severity is Severity.ASK]
        kept = {one.explanation for one in asked}
    assert kept == {"班主任出差，11月补记"}


def test_the_seal_of_a_closed_month_fits_what_was_frozen(ledger_file: LedgerFile) -> None:
    closed = close_month(ledger_file, OCTOBER, {"30": "班主任出差"})
    with ledger_file.reading() as reading:
        frozen = frozen_results(reading, OCTOBER)
        stored = reading.scalar("SELECT digest FROM reporting_month WHERE month = ?", (OCTOBER,))
    assert frozen is not None
    assert digest_of(OCTOBER, closed.counted_to, frozen) == closed.digest == stored
    without_one = {code: figure for code, figure in frozen.items() if code != "S1"}
    assert digest_of(OCTOBER, closed.counted_to, without_one) != stored


def test_an_explanation_of_one_record_is_given_once(ledger_file: LedgerFile) -> None:
    with ledger_file.operation("改学生") as uow:
        sex = uow.scalar("SELECT substr(document_number, 17, 1) % 2 FROM student WHERE name = '朱博'")
        uow.execute("UPDATE student SET sex = ? WHERE name = '朱博'", ("女" if sex else "男",))
    monitor_all(ledger_file, OCTOBER, date(2025, 10, 20))
    with pytest.raises(UserError, match="性别和出生日期"):
        close_month(ledger_file, OCTOBER)
    explain(ledger_file, OCTOBER, "3", "户口簿为准，原件已核对")
    close_month(ledger_file, OCTOBER)
    with ledger_file.reading() as reading:
        (sexed,) = [one for one in checked_issues(reading, NOVEMBER) if one.issue.code == "3"]
    assert sexed.explanation == "户口簿为准，原件已核对"
    assert not sexed.stands


def test_a_blocking_check_can_not_be_explained_away(ledger_file: LedgerFile) -> None:
    monitor_all(ledger_file, OCTOBER, date(2025, 10, 20))
    with ledger_file.operation("登记复学") as uow:
        make_event(uow, id_of(ledger_file, "王鑫"), "复学", date(2025, 10, 12))
    with pytest.raises(UserError, match="王鑫（机电2301）没有休学"):
        close_month(ledger_file, OCTOBER, {"35": "就这样"})
    with pytest.raises(UserError, match="没有编号为 99 的检查"):
        close_month(ledger_file, OCTOBER, {"99": "x"})


def test_months_close_in_order_and_not_before_the_twentieth(
    ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match="2025年10月还没有封账"):
        close_month(ledger_file, NOVEMBER)
    with pytest.raises(UserError, match="不在台账里"):
        close_month(ledger_file, "2025-09")
    on(monkeypatch, date(2025, 10, 19))
    with pytest.raises(UserError, match="从10月20日起才能封账"):
        close_month(ledger_file, OCTOBER)
    on(monkeypatch, date(2025, 10, 24))
    close(ledger_file, OCTOBER, date(2025, 10, 20))
    with pytest.raises(UserError, match="已经封账"):
        close_month(ledger_file, OCTOBER)


def test_a_late_change_is_drift_and_a_correction_and_never_another_number(
    ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(ledger_file, OCTOBER, date(2025, 10, 20))
    on(monkeypatch, date(2025, 11, 24))
    with ledger_file.reading() as reading:
        before = {code: one.as_json() for code, one in compute_figures(reading, OCTOBER).items()}
        assert drift(reading, OCTOBER) == []
    with ledger_file.operation("登记退学 温英蓉") as uow:
        make_event(
            uow, id_of(ledger_file, "温英蓉"), "退学", date(2025, 10, 20), correction_reason="班主任补报"
        )
    with ledger_file.reading() as reading:
        assert {code: one.as_json() for code, one in compute_figures(reading, OCTOBER).items()} == before
        rows = {row.code: row for row in drift(reading, OCTOBER)}
        november = compute_figures(reading, NOVEMBER)
        issues = [issue for issue in run_checks(reading, NOVEMBER) if issue.code == "33"]
    assert (rows["S1"].reported, rows["S1"].now) == (3, 2)
    (person,) = rows["S1"].people
    assert (person.name, person.is_added, person.reason) == ("温英蓉", False, "班主任补报")
    assert person.causes[0].operation == "登记退学 温英蓉"
    assert person.causes[0].what == "2025-10-20 退学"
    assert [one.name for one in november["CX-"].people] == ["温英蓉"]
    assert (november["C0"].period, november["S1"].period, november["CO3"].period) == (3, 2, 0)
    assert bridge_difference(november) == {}
    assert issues == []  # the correction's reason explains it


def test_the_list_of_changes_says_since_when_and_why_a_number_was_corrected(
    ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(ledger_file, OCTOBER, date(2025, 10, 20))
    on(monkeypatch, date(2025, 11, 24))
    with ledger_file.operation("登记退学 温英蓉") as uow:
        make_event(
            uow, id_of(ledger_file, "温英蓉"), "退学", date(2025, 10, 20),
            reason="外出务工", correction_reason="班主任补报",
        )  # fmt: skip
    report = report_named("changes")
    with ledger_file.reading() as reading:
        paper = report.build(
            reading, {**read_params(report, reading, {"month": NOVEMBER}), "grade": Grade.FULL}
        )
    (row,) = [row for row in paper.tables[-1].rows if "温英蓉" in row.values]
    assert {"更正（减少）", date(2025, 10, 20), "退学，外出务工"} <= set(row.values)


def test_drift_without_a_reason_must_be_explained(
    ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(ledger_file, OCTOBER, date(2025, 10, 20))
    on(monkeypatch, date(2025, 11, 24))
    with ledger_file.operation("登记退学 温英蓉") as uow:
        make_event(uow, id_of(ledger_file, "温英蓉"), "退学", date(2025, 10, 20))
    with ledger_file.reading() as reading:
        (issue,) = [issue for issue in run_checks(reading, NOVEMBER) if issue.code == "33"]
    assert issue.message == "2025年10月已报在籍帮扶对象学生 3，现应为 2：温英蓉，没有写更正原因"


def test_what_comes_after_an_early_closing_goes_to_the_next_month(
    ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, date(2025, 10, 22))
    with ledger_file.operation("登记转出") as uow:
        make_event(uow, id_of(ledger_file, "李芳娜"), "转出", date(2025, 10, 24))
    close(ledger_file, OCTOBER, date(2025, 10, 20))
    assert count(ledger_file, OCTOBER, "S1") == 3
    assert count(ledger_file, OCTOBER, "CO4") == 0
    with ledger_file.reading() as reading:
        november = compute_figures(reading, NOVEMBER)
    assert [one.name for one in november["CX-"].people] == ["李芳娜"]
    assert november["S1"].period == 2
    assert bridge_difference(november) == {}


def test_a_category_written_late_is_a_correction_too(
    ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(ledger_file, OCTOBER, date(2025, 10, 20))
    on(monkeypatch, date(2025, 11, 24))
    with ledger_file.operation("登记身份类别") as uow:
        make_hardship(
            uow, id_of(ledger_file, "朱博"), "脱贫不稳定户", date(2025, 9, 1), correction_reason="县里补推"
        )
    with ledger_file.reading() as reading:
        november = compute_figures(reading, NOVEMBER)
    assert [one.name for one in november["CX+"].people] == ["朱博"]
    assert bridge_difference(november) == {}


def test_reopening_takes_the_later_months_with_it_and_undo_brings_all_back(
    ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(ledger_file, OCTOBER, date(2025, 10, 20))
    on(monkeypatch, date(2025, 11, 24))
    close(ledger_file, NOVEMBER, date(2025, 11, 20))
    with ledger_file.reading() as reading:
        frozen = compute_figures(reading, OCTOBER)
    with pytest.raises(UserError, match="写明原因"):
        reopen_month(ledger_file, OCTOBER, "  ")
    assert reopen_month(ledger_file, OCTOBER, "漏报一个班") == [OCTOBER, NOVEMBER]
    with ledger_file.reading() as reading:
        assert (
            reading.rows("SELECT state, reopened_reason FROM reporting_month")
            == [("reopened", "漏报一个班")] * 2
        )
        assert reading.scalar("SELECT count(*) FROM frozen_person") == 0
        with pytest.raises(UserError, match="没有封账"):
            drift(reading, OCTOBER)
    ledger_file.undo()
    with ledger_file.reading() as reading:
        assert compute_figures(reading, OCTOBER) == frozen
        assert drift(reading, OCTOBER) == []


def test_difficulty_needs_a_measure_and_a_measure_a_result(
    ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, date(2025, 11, 24))
    with ledger_file.operation("填监测") as uow:
        note = MonitoringNote(
            student_id=id_of(ledger_file, "王鑫"),
            month=OCTOBER,
            noted_on=date(2025, 10, 20),
            noted_by="万小琴",
            difficulty="较重",
        )
        uow.add(note)
    with ledger_file.reading() as reading:
        said = [issue.message for issue in run_checks(reading, OCTOBER) if issue.code == "30"]
    assert "王鑫（机电2301）困难等级较重，没有帮助措施" in said
    with ledger_file.operation("填措施") as uow:
        note_id = uow.scalar("SELECT id FROM monitoring_note")
        uow.add(HelpMeasure(note_id=note_id, measure="申请临时困难补助", due_on=date(2025, 11, 12)))
    with ledger_file.reading() as reading:
        said = [issue.message for issue in run_checks(reading, NOVEMBER) if issue.code == "30"]
    assert "王鑫（机电2301）的措施“申请临时困难补助”11月12日到期，还没有结果" in said
