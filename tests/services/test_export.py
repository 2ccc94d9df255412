"""Papers leave the ledger with a purpose, and their leaving is on record."""

from datetime import date
from pathlib import Path

import pytest

from skillsaid_desktop.documents import Grade
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import LEDGERS
from skillsaid_desktop.ledgers.listing import ListQuery
from skillsaid_desktop.services.export import export_listing, export_report, preview_document, report_document
from skillsaid_desktop.storage import LedgerFile
from tests.reports.school import fill_school


@pytest.fixture
def school(ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch) -> LedgerFile:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-25")
    fill_school(ledger_file)
    return ledger_file


def test_a_full_export_needs_a_purpose_and_is_on_record(school: LedgerFile, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    with pytest.raises(UserError, match="要写用途"):
        export_report(school, "register", {"month": "2025-11"}, "xlsx", path)
    assert not path.exists()
    exported = export_report(school, "register", {"month": "2025-11"}, "xlsx", path, purpose="报乡村振兴局")
    assert exported.people == 8
    entry = school.history(limit=1)[0]
    assert entry.name == "导出学生动态台账（上报版） 8 人，用途：报乡村振兴局"
    assert entry.user == "王老师"
    assert "身份证号" in str(entry.note)


def test_masked_and_public_exports_are_on_record_too(school: LedgerFile, tmp_path: Path) -> None:
    for grade, word in ((Grade.MASKED, "校内版"), (Grade.PUBLIC, "公示版")):
        export_report(school, "register", {"month": "2025-11"}, "pdf", tmp_path / "a.pdf", grade)
        assert word in school.history(limit=1)[0].name


def test_a_table_of_numbers_needs_no_purpose(school: LedgerFile, tmp_path: Path) -> None:
    export_report(school, "progress", {"month": "2025-11"}, "pdf", tmp_path / "a.pdf")
    assert "技能脱贫行动进展情况表" in school.history(limit=1)[0].name


def test_the_preview_is_the_paper_and_leaves_no_trace(school: LedgerFile, tmp_path: Path) -> None:
    before = school.history(limit=1)[0].id
    preview = preview_document(report_document(school, "progress", {"month": "2025-11"}))
    assert preview.content.startswith(b"%PDF")
    assert "S1" in {spot.ref for spot in preview.spots}
    assert school.history(limit=1)[0].id == before


def test_a_refused_file_is_not_on_record(school: LedgerFile, tmp_path: Path) -> None:
    before = school.history(limit=1)[0].id
    with pytest.raises(UserError, match="找不到"):
        export_report(school, "progress", {"month": "2025-11"}, "pdf", tmp_path / "没有" / "a.pdf")
    assert school.history(limit=1)[0].id == before


def test_an_unknown_format_is_refused(school: LedgerFile, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="可以存成"):
        export_report(school, "progress", {"month": "2025-11"}, "odt", tmp_path / "a.odt")


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda ledger: ledger.name)
@pytest.mark.parametrize("ending", ["xlsx", "pdf"])
def test_what_is_on_screen_is_exported(
    school: LedgerFile, tmp_path: Path, ledger: object, ending: str
) -> None:
    from skillsaid_desktop.ledgers.ledger import Ledger

    assert isinstance(ledger, Ledger)
    path = tmp_path / f"{ledger.name}.{ending}"
    exported = export_listing(
        school, ledger, ListQuery(as_of=date(2025, 11, 25)), path, filters="状态：在读", purpose="核对"
    )
    assert path.stat().st_size > 1000
    assert exported.issues == []
