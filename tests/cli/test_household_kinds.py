"""KIND households and hardship from a terminal: template, preview, import, the same file again, checks."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from skillsaid_desktop.cli import main
from skillsaid_desktop.services.templates import write_template
from skillsaid_desktop.storage import LedgerFile
from tests import factories

SON = next(n for at in range(950, 960) if int((n := factories.document_number(at))[16]) % 2)


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLSAID_PASSPHRASE", factories.PASSPHRASE)
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-26")


@pytest.fixture
def ledger(ledger_path: Path) -> Path:
    """A ledger with one student."""
    ledger_file = LedgerFile.open(ledger_path, passphrase=factories.PASSPHRASE)
    with ledger_file.operation("名册") as uow:
        class_id = factories.make_class(uow)
        factories.enrol(uow, "钟建明", class_id=class_id, document_number=SON, sex=None, born_on=None)
    ledger_file.close(backup=False)
    return ledger_path


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> Any:
    capsys.readouterr()
    assert main([*(str(word) for word in words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def fill(ledger: Path, kind: str, path: Path, rows: list[dict[str, str]]) -> Path:
    """Write the template of a kind and fill it in by its headings."""
    ledger_file = LedgerFile.open(ledger, passphrase=factories.PASSPHRASE)
    with ledger_file.reading() as reading:
        write_template(reading, kind, path)
    ledger_file.close(backup=False)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    at = next(number for number, row in enumerate(cells, 1) if row[2])
    heads = {str(text): column for column, text in enumerate(cells[at - 1], 1)}
    for number, values in enumerate(rows, at + 1):
        for title, text in values.items():
            sheet.cell(number, heads[title], text)
    offered = {str(rule.sqref) for rule in sheet.data_validations.dataValidation}
    assert offered
    book.save(path)
    return path


def test_households_go_in_through_their_template(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = {"户主姓名": "钟福生", "户编号": "3607310001", "县": "于都县", "村": "下坑村", "身份类别": "边缘易致贫户",
            "识别时间": "2020-07", "风险已消除": "是", "消除时间": "2025-06-30", "主要致贫原因": "因病"}  # fmt: skip
    rows = [
        {**home, "成员姓名": "钟福生", "与户主关系": "户主", "健康状况": "健康"},
        {**home, "成员姓名": "钟建明", "成员证件号": SON, "与户主关系": "之子"},
    ]
    path = fill(ledger, "households", tmp_path / "户.xlsx", rows)
    preview = run(capsys, "import", ledger, "households", path)
    assert (preview["rows"], preview["new"], preview["issues"]) == (2, 2, [])
    applied = run(capsys, "import", ledger, "households", path, "--apply")
    assert {**applied, "operation": None} == preview
    assert applied["operation"]
    again = run(capsys, "import", ledger, "households", path, "--apply")
    assert (again["unchanged"], again["operation"]) == (2, None)
    assert run(capsys, "history", ledger)[0]["name"] == "导入困难户名册 2 行"


def test_categories_go_in_and_a_cleared_household_is_asked_about(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"学生": "钟建明", "身份证号": SON, "身份类别": "边缘户", "起": "2023-09-01", "认定依据": "县名单"}
    ]
    path = fill(ledger, "hardship", tmp_path / "类别.xlsx", rows)
    applied = run(capsys, "import", ledger, "hardship", path, "--apply")
    assert (applied["new"], applied["issues"]) == (1, [])
    assert run(capsys, "import", ledger, "hardship", path, "--apply")["unchanged"] == 1
    assert [one["category"] for one in run(capsys, "students", ledger, "--as-of", "2025-11-20")] == [
        "边缘易致贫户"
    ]
    home = {"户主姓名": "钟福生", "村": "下坑村", "身份类别": "边缘易致贫户", "消除时间": "2025-06-30", "成员姓名": "钟建明",
            "成员证件号": SON, "与户主关系": "之子"}  # fmt: skip
    households = fill(ledger, "households", tmp_path / "户.xlsx", [home])
    run(capsys, "import", ledger, "households", households, "--apply")
    found = run(capsys, "checks", ledger, "--month", "2025-11")
    assert [each["message"] for each in found if each["code"] == "10"] == [
        "钟建明（机电2301）：户主钟福生的户 2025年6月30日风险已消除，本人的边缘易致贫户还没有写止，"
        "本学期 2025年9月1日开学，请核对"
    ]
