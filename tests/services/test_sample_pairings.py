"""The sample school's one-to-one help: whole months of talks, somebody overdue, a leader who left, rows that wait."""

from pathlib import Path

import pytest

from skillsaid_desktop.checks import Inspection
from skillsaid_desktop.checks.pairings import check_pairings
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.services.pairings import overdue_contacts, pairings_on
from skillsaid_desktop.services.pending import list_pending
from skillsaid_desktop.services.sample_school import make_sample_school
from skillsaid_desktop.storage import LedgerFile


def test_the_sample_school_has_leaders_with_a_trouble_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = make_sample_school(tmp_path / "示例")
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-25")
    opened = LedgerFile.open(sample.path, passphrase=sample.passphrase)
    try:
        with opened.reading() as reading:
            inspection = Inspection(reading, sample.month_in_hand)
            found = pairings_on(reading, inspection.day)
            figures = compute_figures(reading, sample.last_closed_month)
            assert len(found.leaders) == 6
            assert figures["M1"].period == 6
            assert figures["M3"].period is not None
            assert figures["M3"].period > 30
            assert [load.has_left for load in found.leaders].count(True) == 1
            assert overdue_contacts(reading, inspection.day)
            assert any(not each.is_enrolled for each in found.pairings)
            handed = reading.scalar("SELECT count(*) FROM pairing WHERE end_reason = '工作调动'")
            assert handed
            assert {each.ledger for each in list_pending(reading)} >= {"contacts"}
            told = " ".join(each.message for each in check_pairings(inspection))
            talks = reading.rows(
                "SELECT c.form, c.place, c.difficulties, m.measure, m.result FROM contact c"
                " LEFT JOIN help_measure m ON m.contact_id = c.id"
            )
        assert {place for form, place, *_ in talks if form == "家访" and place} == {"学生家里"}
        assert not any(place for form, place, *_ in talks if form in ("电话", "微信"))
        assert not any(measure for *_, trouble, measure, _result in talks if trouble == "无")
        assert {result for *_, measure, result in talks if measure == "请专业老师结对补课"} == {
            "补课四次，及格", None,
        }  # fmt: skip
        days = [each.at.date() for each in sorted(opened.history(limit=1000), key=lambda each: each.id)]
        assert days == sorted(days)
        for words in ("没有校领导结对", "天没有联系", "退休", "还没有解除"):
            assert words in told
    finally:
        opened.close(backup=False)
