"""A small filled school for the reports."""

import pytest

from skillsaid_desktop.storage import LedgerFile
from tests.reports.school import fill_school


@pytest.fixture
def school(ledger_file: LedgerFile, monkeypatch: pytest.MonkeyPatch) -> LedgerFile:
    """Return a ledger of eight targets on 25 November 2025."""
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-25")
    fill_school(ledger_file)
    return ledger_file
