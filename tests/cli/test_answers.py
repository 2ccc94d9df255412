"""What the terminal answers: one JSON document and nothing else, refusals on stderr, the same with and without writing."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from skillsaid_desktop.cli import main
from skillsaid_desktop.reports import REPORTS
from tests.factories import PASSPHRASE
from tests.storage.test_salvage import pages_of, spoil

SAMPLES = Path(__file__).parent.parent / "samples"
ROSTER = SAMPLES / "学籍系统导出 2025-09.xlsx"


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the passphrase as a scheduled task does, on a day of November 2025."""
    monkeypatch.setenv("SKILLSAID_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-26")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a ledger that holds the September roster, once; tests get copies."""
    folder = tmp_path_factory.mktemp("imported")
    path = folder / "a.skillsaid"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SKILLSAID_PASSPHRASE", PASSPHRASE)
        patch.setenv("SKILLSAID_DATA", str(folder / "data"))
        patch.setenv("SKILLSAID_TODAY", "2025-11-26")
        school = ["--school", "江西示范技师学院", "--start", "2025-09", "--paired-county", "于都县", "乐安县"]
        assert main(["init", str(path), *school, "--recovery-out", str(folder / "code.txt")]) == 0
        assert main(["import", str(path), "students", str(ROSTER), "--apply"]) == 0
    assert (folder / "code.txt").read_text("utf-8").count("-") == 13
    return path


@pytest.fixture
def ledger(imported: Path, tmp_path: Path) -> Path:
    """Copy the ledger of the September roster."""
    for path in (imported, Path(f"{imported}-keys")):
        shutil.copyfile(path, tmp_path / path.name)
    return tmp_path / imported.name


def answer(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    """Run a command and return its JSON document."""
    capsys.readouterr()
    assert main([str(word) for word in words]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_preview_writes_nothing_and_says_the_same_as_the_import(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    november = SAMPLES / "学籍系统导出 2025-11.xlsx"
    steps = len(answer(capsys, "history", ledger, "--json"))
    preview = answer(capsys, "import", ledger, "students", november, "--json")
    assert len(answer(capsys, "history", ledger, "--json")) == steps
    result = answer(capsys, "import", ledger, "students", november, "--apply", "--json")
    assert isinstance(result["operation"], int)
    assert {**result, "operation": None} == preview
    assert preview["rows"] == sum(
        preview[end] for end in ("new", "changed", "unchanged", "waiting", "invalid")
    )
    again = answer(capsys, "import", ledger, "students", november, "--apply", "--json")
    assert (again["new"], again["changed"], again["operation"]) == (0, 0, None)


def test_figures_checks_close_drift_reopen_report(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = answer(capsys, "figures", ledger, "--month", "2025-09", "--json")
    assert figures["S1"]["people"] == sorted(set(figures["S1"]["people"]))
    assert figures["S1"]["period"] == len(figures["S1"]["people"]) > 0
    assert main(["close", str(ledger), "2025-09"]) == 1
    assert "还不能封账" in capsys.readouterr().err
    codes = {
        issue["code"]
        for issue in answer(capsys, "checks", ledger, "--month", "2025-09", "--json")
        if issue["severity"] == "ask"
    }
    explained = ["--explain", *(f"{code}=已核对" for code in sorted(codes))]
    assert main(["close", str(ledger), "2025-09", *explained]) == 0
    assert answer(capsys, "figures", ledger, "--month", "2025-09", "--json") == figures
    assert answer(capsys, "drift", ledger, "2025-09", "--json") == []
    for report in REPORTS:
        for ending in ("xlsx", "pdf"):
            out = tmp_path / f"{report.name}.{ending}"
            words = ["report", ledger, report.name, "--month", "2025-09", "--format", ending, "--out", out]
            assert main([str(word) for word in words]) == 0
            assert out.stat().st_size > 1000
    assert main(["reopen", str(ledger), "2025-09", "--reason", "漏了人"]) == 0


def test_backup_verify_restore_undo(ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", str(ledger), "--to", str(tmp_path / "优盘")]) == 0
    (backup,) = (tmp_path / "优盘").iterdir()
    assert main(["verify", str(ledger)]) == 0
    assert main(["verify", str(backup)]) == 0
    assert main(["undo", str(ledger)]) == 0
    assert "撤销：导入学生名册 454 人" in capsys.readouterr().out
    assert main(["undo", str(ledger)]) == 1
    back = tmp_path / "回来.skillsaid"
    assert main(["restore", str(backup), "--to", str(back)]) == 0
    assert len(answer(capsys, "students", back, "--as-of", "2025-10-01", "--json")) == 454
    assert answer(capsys, "students", ledger, "--as-of", "2025-10-01", "--json") == []
    assert main(["restore", str(backup), "--to", str(back)]) == 1


def test_refusals_go_to_stderr_and_give_one(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SKILLSAID_PASSPHRASE", "猜的")
    assert main(["history", str(ledger), "--json"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "口令不对" in told.err
    monkeypatch.delenv("SKILLSAID_PASSPHRASE")
    secret = ledger.with_name("口令.txt")
    secret.write_text(PASSPHRASE + "\n", "utf-8")
    assert main(["history", str(ledger), "--passphrase-file", str(secret)]) == 0


def test_chinese_goes_through_a_pipe_of_another_code_page(ledger: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-m", "skillsaid_desktop", "history", str(ledger)],
        capture_output=True, env=environment, check=True,
    )  # fmt: skip
    assert "导入学生名册 454 人" in done.stdout.decode("utf-8")


def words_of(path: Path) -> str:
    """Return all that stands on the first sheet of a workbook."""
    sheet = load_workbook(path).worksheets[0]
    return " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)


def test_a_report_takes_its_own_parameters(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever a report declares is an option of the terminal, and what it lacks is refused by name."""
    blank, one_class = tmp_path / "空表.xlsx", tmp_path / "一个班.xlsx"
    words = ["report", str(ledger), "monitoring", "--month", "2025-09", "--format", "xlsx"]
    assert main([*words, "--style", "空白表", "--class-name", "机电2301", "--out", str(blank)]) == 0
    assert main([*words, "--class-name", "机电2301", "--out", str(one_class)]) == 0
    told = [words_of(path) for path in (blank, one_class)]
    assert all("机电2301" in text and "护理2301" not in text for text in told)
    assert told[0] != told[1]

    capsys.readouterr()
    assert main([*words, "--class-name", "没有这个班", "--out", str(tmp_path / "x.xlsx")]) == 1
    assert "班级里没有“没有这个班”" in capsys.readouterr().err
    words[2] = "register"
    assert main([*words, "--class-name", "机电2301", "--out", str(tmp_path / "x.xlsx")]) == 1
    assert "学生动态台账没有“班级”这一项" in capsys.readouterr().err
    assert main([*words, "--scope", "全部在籍学生", "--out", str(tmp_path / "全部.xlsx")]) == 0
    assert not (tmp_path / "x.xlsx").exists()


def test_every_parameter_of_every_report_is_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["report", "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    for report in REPORTS:
        for field in report.parameters:
            assert f"--{field.name.replace('_', '-')}" in told


def test_a_clock_set_back_is_said_on_stderr_and_refuses_nothing(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(capsys, "history", ledger, "--json")
    monkeypatch.setenv("SKILLSAID_TODAY", "2024-01-03")
    capsys.readouterr()
    assert main(["history", str(ledger), "--json"]) == 0
    told = capsys.readouterr()
    assert len(json.loads(told.out)) > 1
    assert "电脑的时间可能不对：现在是 2024-01-03" in told.err
    assert "2025-11-26" in told.err
    assert main(["undo", str(ledger)]) == 0
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-27")
    capsys.readouterr()
    assert main(["history", str(ledger), "--json"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("damaged_at", [0, 20])
def test_a_damaged_ledger_names_its_newest_backup(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], damaged_at: int
) -> None:
    assert main(["backup", str(ledger), "--to", str(tmp_path / "优盘")]) == 0
    (backup,) = (tmp_path / "优盘").iterdir()
    content = bytearray(ledger.read_bytes())
    content[4096 * damaged_at : 4096 * (damaged_at + 1)] = bytes(4096)
    ledger.write_bytes(content)
    for command in ("history", "verify"):
        capsys.readouterr()
        assert main([command, str(ledger)]) == 1
        told = capsys.readouterr().err
        assert "损坏" in told or "读不出来" in told
        assert "最近的备份是 2025-11-26" in told
        assert "454 名学生" in told
        assert str(backup) in told
    back = tmp_path / "回来.skillsaid"
    assert main(["restore", str(backup), "--to", str(back)]) == 0
    assert main(["verify", str(back)]) == 0


def test_what_is_left_of_a_damaged_ledger_is_salvaged(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(ledger, pages_of(ledger, lambda name: name == "hardship_status"))
    capsys.readouterr()
    assert main(["history", str(ledger)]) == 1
    assert "skillsaid salvage" in capsys.readouterr().err
    saved = tmp_path / "抢救.skillsaid"
    assert main(["salvage", str(ledger), "--to", str(saved)]) == 0
    told = capsys.readouterr().out
    assert "抢救到“抢救.skillsaid”：454 名学生" in told
    assert "没有缺的" in told
    assert main(["verify", str(saved)]) == 0
    assert main(["salvage", str(ledger), "--to", str(saved)]) == 1, "never over a file that is there"
