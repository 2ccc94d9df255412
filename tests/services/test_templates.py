"""What the school sends out to be filled comes back and imports as it is."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import LEDGERS, Ledger
from skillsaid_desktop.services.intake import apply_import, preview_import
from skillsaid_desktop.services.questions import answer_questions, list_questions
from skillsaid_desktop.services.templates import write_monitoring_sheets, write_template
from skillsaid_desktop.storage import LedgerFile
from tests.factories import document_number, enrol, make_class


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
    assert load_workbook(path).worksheets[0].data_validations.count > 0 or ledger.name == "hardship"


def test_prefilled_sheets_come_back_filled(
    ledger_file: LedgerFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-20")
    with ledger_file.operation("准备") as uow:
        for number, name in enumerate(("机电2301", "护理2401")):
            class_id = make_class(uow, name)
            enrol(
                uow,
                "孙嘉",
                class_id=class_id,
                category="脱贫户",
                document_number=document_number(40 + number),
            )
            enrol(
                uow,
                "王鑫",
                class_id=class_id,
                category="脱贫户",
                document_number=document_number(50 + number),
            )
    path = tmp_path / "11月监测表.xlsx"
    with ledger_file.reading() as reading:
        assert write_monitoring_sheets(reading, "2025-11", path) == 4
    empty = preview_import(ledger_file, "monitoring", [path])
    assert empty.counts["unchanged"] == empty.counts["rows"] == 4
    book = load_workbook(path)
    sheet = book["机电2301"]
    headings = {cell.value: int(cell.column or 0) for cell in sheet[3]}
    for title, text in {"监测日期": "2025-11-12", "监测人": "万小琴", "困难等级": "较重"}.items():
        sheet.cell(4, headings[title], text)
    book.save(path)
    result = apply_import(ledger_file, preview_import(ledger_file, "monitoring", [path]))
    assert (result.preview.counts["new"], result.preview.counts["unchanged"]) == (1, 3)
    with ledger_file.reading() as reading:
        assert reading.rows("SELECT month, noted_on FROM monitoring_note") == [("2025-11", "2025-11-12")]
        questions = list_questions(reading)
    assert [each.code for each in questions] == ["difficulty without measure"]
    with pytest.raises(UserError):
        answer_questions(ledger_file, [questions[0].id], " ")
    answer_questions(ledger_file, [questions[0].id], "已电话补问，措施在填")
    with ledger_file.reading() as reading:
        assert list_questions(reading) == []
