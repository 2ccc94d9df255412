"""What the school sends out to be filled comes back and imports as it is."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from skillsaid_desktop.ledgers import LEDGERS, Ledger
from skillsaid_desktop.services.intake import preview_import
from skillsaid_desktop.services.templates import write_template
from skillsaid_desktop.storage import LedgerFile


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda each: each.name)
def test_a_template_carries_every_column_and_is_read_as_its_own_kind(
    ledger_file: LedgerFile, tmp_path: Path, ledger: Ledger
) -> None:
    path = tmp_path / "模板.xlsx"
    with ledger_file.reading() as reading:
        write_template(reading, ledger.name, path)
    preview = preview_import(ledger_file, ledger.name, [path])
    assert preview.counts["rows"] == 0
    assert set(preview.files[0].tables[0].columns) == {each.name for each in ledger.importable}
    assert load_workbook(path).worksheets[0].data_validations.count > 0 or ledger.name in (
        "hardship",
        "pairings",
    )
