"""The terminal's contract: words, exit status, and one JSON document on stdout."""

import errno
import io
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from skillsaid_desktop.cli import main
from tests import factories

SAMPLES = Path(__file__).parent.parent / "samples"
ROSTER = SAMPLES / "学籍系统导出 2025-09.xlsx"
CHANGES = SAMPLES / "异动登记 2025-11.xlsx"


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLSAID_PASSPHRASE", factories.PASSPHRASE)
    monkeypatch.setenv("SKILLSAID_TODAY", "2025-11-26")


def run(*words: str | Path) -> int:
    return main([str(word) for word in words])


def read_json(capsys: pytest.CaptureFixture[str], *words: str | Path) -> Any:
    capsys.readouterr()
    assert run(*words, "--json") == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "台账.skillsaid"
    counties = ("乐安县", "于都县", "兴国县", "宁都县", "永新县", "莲花县", "赣县区")
    assert (
        run("init", path, "--school", "江西示范技师学院", "--start", "2025-09", "--paired-county", *counties)
        == 0
    )
    return path


def test_a_month_from_the_terminal(ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    preview = read_json(capsys, "import", ledger, "students", ROSTER)
    assert preview["operation"] is None
    assert preview["rows"] == 460
    assert preview["rows"] == sum(
        preview[end] for end in ("new", "changed", "unchanged", "waiting", "invalid")
    )
    assert read_json(capsys, "students", ledger, "--as-of", "2025-09-25") == []

    applied = read_json(capsys, "import", ledger, "students", ROSTER, "--apply")
    assert applied["operation"]
    assert {**applied, "operation": None} == preview
    assert len(read_json(capsys, "students", ledger, "--as-of", "2025-09-25")) == applied["new"]
    again = read_json(capsys, "import", ledger, "students", ROSTER, "--apply")
    assert (again["new"], again["changed"], again["operation"]) == (0, 0, None)

    pending = read_json(capsys, "pending", ledger)
    assert len(pending) == applied["waiting"] + applied["invalid"]
    assert {"file", "sheet", "row", "issues"} <= set(pending[0])

    figures = read_json(capsys, "figures", ledger, "--month", "2025-09")
    assert figures["S1"]["period"] == len(figures["S1"]["people"]) > 100
    assert figures["S1"]["people"] == sorted(figures["S1"]["people"])
    assert figures["T3"]["period"] == 0

    checks = read_json(capsys, "checks", ledger, "--month", "2025-09")
    assert not [one for one in checks if one["severity"] == "block"]
    codes = {one["code"] for one in checks if one["severity"] == "ask"}
    assert run("close", ledger, "2025-09") == 1
    assert "要说明" in capsys.readouterr().err
    explanations = [word for code in sorted(codes) for word in ("--explain", f"{code}=已核对原件")]
    assert run("close", ledger, "2025-09", *explanations) == 0
    assert run("close", ledger, "2025-09") == 1

    out = tmp_path / "异动月报.xlsx"
    assert run("report", ledger, "changes", "--month", "2025-09", "--format", "xlsx", "--out", out) == 0
    assert out.stat().st_size > 4000
    assert read_json(capsys, "drift", ledger, "2025-09") == []
    assert run("reopen", ledger, "2025-09", "--reason", "漏了一名学生") == 0
    before = len(read_json(capsys, "history", ledger))
    assert run("undo", ledger) == 0
    assert len(read_json(capsys, "history", ledger)) == before + 1


def test_strict_refuses_the_whole_file(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", ledger, "students", ROSTER, "--apply", "--strict") == 1
    assert "整份没有导入" in capsys.readouterr().err
    assert read_json(capsys, "students", ledger, "--as-of", "2025-11-25") == []
    assert read_json(capsys, "pending", ledger) == []


def test_problem_rows_come_back_as_a_workbook(ledger: Path, tmp_path: Path) -> None:
    report = tmp_path / "问题表.xlsx"
    assert run("import", ledger, "students", ROSTER, "--apply", "--strict", "--report", report) == 1
    assert report.is_file()


def test_backup_verify_and_restore(ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("import", ledger, "students", ROSTER, "--apply")
    assert run("backup", ledger, "--to", tmp_path / "优盘") == 0
    backup = next((tmp_path / "优盘").glob("*.skillsaid-backup"))
    assert run("verify", backup) == 0
    assert run("verify", ledger) == 0
    restored = tmp_path / "新电脑" / "台账.skillsaid"
    assert run("restore", backup, "--to", restored) == 0
    assert read_json(capsys, "figures", restored, "--month", "2025-09") == read_json(
        capsys, "figures", ledger, "--month", "2025-09"
    )


def test_opening_figures_are_added_as_typed(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from skillsaid_desktop.documents import Document, Table, TableColumn, TableRow
    from skillsaid_desktop.exporters import EXPORTERS
    from skillsaid_desktop.schema import Text

    headings = ("编号", "本年累计", "启动以来", "来源")
    columns = tuple(TableColumn(headings=(one,), type=Text()) for one in headings)
    rows = [TableRow(values=("E1", "12", "230", "2025年8月报表"))]
    file = tmp_path / "期初累计.xlsx"
    paper = Document(title="期初累计", file_name="期初累计", blocks=[Table(columns=columns, rows=rows)])
    EXPORTERS["xlsx"].write(paper, file)
    before = read_json(capsys, "figures", ledger, "--month", "2025-09")["E1"]
    assert run("opening", ledger, file) == 0
    after = read_json(capsys, "figures", ledger, "--month", "2025-09")["E1"]
    assert (after["year"] - before["year"], after["since_start"] - before["since_start"]) == (12, 230)


@pytest.mark.parametrize(
    "words", [["figures"], ["import", "x.skillsaid", "grades", "a.xlsx"], ["close", "x", "11月"]]
)
def test_wrong_usage_is_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2


def test_a_wrong_passphrase_is_refused_with_a_reason(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SKILLSAID_PASSPHRASE", "不是这个口令")
    assert run("pending", ledger) == 1
    assert "口令" in capsys.readouterr().err


def test_the_recovery_code_is_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = tmp_path / "恢复码.txt"
    assert run("init", tmp_path / "甲.skillsaid", "--school", "甲校", "--recovery-out", code) == 0
    assert len(code.read_text("utf-8").replace("-", "").strip()) >= 52
    assert code.read_text("utf-8").strip() not in capsys.readouterr().out
    assert run("init", tmp_path / "乙.skillsaid", "--school", "乙校", "--recovery-out", code) == 1
    assert not (tmp_path / "乙.skillsaid").exists()


def test_help_lists_what_the_registries_hold(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["import", "--help"])
    shown = capsys.readouterr().out
    assert all(kind in shown for kind in ("students", "classes", "hardship", "changes", "monitoring"))


def test_a_folder_is_imported_and_what_was_not_read_is_said(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "名册"
    folder.mkdir()
    shutil.copyfile(ROSTER, folder / ROSTER.name)
    (folder / "~$名册.xlsx").write_bytes(b"x")
    (folder / "空.csv").write_bytes(b"")
    assert read_json(capsys, "import", ledger, "students", folder)["rows"] == 460
    assert run("import", ledger, "students", folder, "--apply") == 0
    said = capsys.readouterr().out
    assert "没有读：空.csv" in said
    assert "没有读：~$名册.xlsx" in said


def test_the_terminal_chooses_whose_values_hold_and_how_days_are_read(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", ledger, "students", ROSTER, "--apply") == 0
    later = SAMPLES / "学籍系统导出 2025-11.xlsx"
    assert read_json(capsys, "import", ledger, "students", later, "--prefer", "ledger")["changed"] == 0
    assert read_json(capsys, "import", ledger, "students", later, "--prefer", "blanks")["changed"] == 0
    assert read_json(capsys, "import", ledger, "students", later)["changed"] > 0

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(("姓名", "身份证号", "异动类别", "异动日期"))
    sheet.append(("曾诗", "360731200812203868", "休学", "03/11/2025"))
    path = tmp_path / "异动" / "异动.xlsx"
    path.parent.mkdir()
    book.save(path)
    assert read_json(capsys, "import", ledger, "changes", path)["waiting"] == 1
    assert read_json(capsys, "import", ledger, "changes", path.parent, "--dates", "dmy")["new"] == 1


def test_the_same_file_again_is_said_in_one_sentence(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", ledger, "students", ROSTER, "--apply") == 0
    capsys.readouterr()
    assert run("import", ledger, "students", ROSTER, "--apply") == 0
    told = capsys.readouterr().out
    assert "这份文件 2025-11-26 已经导入过，台账和它一样，没有要改的；其中 6 行还要等您答复或改正。" in told


def test_a_folder_of_class_sheets_comes_in_as_one_operation(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("import", ledger, "students", ROSTER, "--apply")
    sheets = ROSTER.parent / "班主任监测表"
    capsys.readouterr()
    applied = read_json(capsys, "import", ledger, "monitoring", sheets, "--apply")
    assert applied["new"] > 0
    assert applied["rows"] == sum(
        applied[name] for name in ("new", "changed", "unchanged", "waiting", "invalid")
    )
    again = read_json(capsys, "import", ledger, "monitoring", sheets, "--apply")
    assert (again["new"], again["changed"], again["operation"]) == (0, 0, None)


class _WindowsPipe(io.FileIO):
    """A pipe that says what Windows says when nobody reads it any more."""

    def write(self, content: Any, /) -> int:
        try:
            return super().write(content) or 0
        except BrokenPipeError:
            raise OSError(errno.EINVAL, "Invalid argument") from None


@pytest.mark.parametrize("kind", [io.FileIO, _WindowsPipe])
def test_who_reads_only_the_beginning_of_an_answer_gets_no_complaint(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, kind: type[io.FileIO]
) -> None:
    assert run("import", ledger, "students", ROSTER, "--apply") == 0
    reading, writing = os.pipe()
    os.close(reading)
    with io.TextIOWrapper(io.BufferedWriter(kind(writing, "w"))) as unread, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", unread)
        # A long answer: what is larger than its buffer Python forgets when writing fails.
        assert run("students", ledger, "--as-of", "2025-09-25", "--json") == 0


def test_the_program_without_a_console_does_its_work(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", None)
        patch.setattr(sys, "stderr", None)
        assert run("import", ledger, "students", ROSTER, "--apply") == 0
        assert run("backup", ledger, "--to", ledger.parent / "备份") == 0
    assert list((ledger.parent / "备份").iterdir())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_passphrase_file_is_read_as_notepad_wrote_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    ledger = tmp_path / "台账.skillsaid"
    monkeypatch.setenv("SKILLSAID_PASSPHRASE", "口令 天地玄黄")
    assert run("init", ledger, "--school", "学校", "--start", "2025-09") == 0
    monkeypatch.delenv("SKILLSAID_PASSPHRASE")
    (tmp_path / "口令.txt").write_bytes("口令 天地玄黄\r\n".encode(encoding))
    assert run("verify", ledger, "--passphrase-file", tmp_path / "口令.txt") == 0
