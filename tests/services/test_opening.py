"""期初累计 is added as typed, and a wrong file changes nothing."""

from pathlib import Path

import pytest

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.services.opening import import_opening
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.storage.unit_of_work import Reading

GOOD = "指标,本年累计,启动以来,来源\nE1,12,340,2025年8月进展情况表\nCO1,3,，\n".replace("，", "97")


def typed(reading: Reading) -> list[tuple[str, int | None, str]]:
    """Return what stands in the ledger."""
    rows = reading.rows("SELECT code, year, source FROM opening_figure ORDER BY code")
    return [(code, year, source or "") for code, year, source in rows]


def test_typed_numbers_are_added_in_their_year_and_since_the_start(
    ledger_file: LedgerFile, tmp_path: Path
) -> None:
    path = tmp_path / "期初.csv"
    path.write_bytes(GOOD.encode("gb18030"))
    assert import_opening(ledger_file, path) == 2
    assert import_opening(ledger_file, path) == 0
    with ledger_file.reading() as reading:
        assert typed(reading) == [("CO1", 3, ""), ("E1", 12, "2025年8月进展情况表")]
        first = compute_figures(reading, "2025-12")["E1"]
        later = compute_figures(reading, "2026-01")["E1"]
    assert (first.period, first.year, first.since_start) == (0, 12, 340)
    assert (later.year, later.since_start) == (0, 340)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("指标,本年累计\nS1,3\n", "第 2 行：“S1”不是流量指标的代码"),
        ("指标,本年累计\nE1,三\n", "应是不小于 0 的整数"),
        ("指标,本年累计,启动以来\nE1,9,3\n", "比启动以来 3 还多"),
        ("指标,本年累计\nE1,1\nE1,2\n", "第 3 行：E1 写了两遍"),
        ("随便写的\n", "没有找到表头"),
    ],
)
def test_a_wrong_file_is_refused_whole(ledger_file: LedgerFile, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "期初.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(UserError, match=said):
        import_opening(ledger_file, path)
    with ledger_file.reading() as reading:
        assert typed(reading) == []
