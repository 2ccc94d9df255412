"""A new ledger is one file, one line and one migration; everything that a ledger can do comes with it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import skillsaid_desktop
from skillsaid_desktop.storage import migration

REPOSITORY = Path(skillsaid_desktop.__file__).parent.parent
PARTS = REPOSITORY / "tests" / "new_ledger"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Copy the program and add to it what its author would add."""
    root = tmp_path / "program"
    for name in ("skillsaid_desktop", "installer", "tests"):
        shutil.copytree(
            REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "samples", "files")
        )
    shutil.copytree(
        REPOSITORY / "resources", root / "resources"
    )  # Windows makes links for administrators only
    package = root / "skillsaid_desktop"
    shutil.copyfile(PARTS / "entity.txt", package / "domain" / "entities" / "loans.py")
    shutil.copyfile(PARTS / "ledger.txt", package / "ledgers" / "loans.py")
    for file, old, new in (
        (
            package / "domain" / "entities" / "__init__.py",
            "from skillsaid_desktop.domain.entities.months import",
            "from skillsaid_desktop.domain.entities.loans import Loan\n"
            "from skillsaid_desktop.domain.entities.months import",
        ),
        (
            package / "ledgers" / "__init__.py",
            "LEDGERS: tuple[Ledger, ...] = (",
            "from skillsaid_desktop.ledgers.loans import LOANS\n\nLEDGERS: tuple[Ledger, ...] = (LOANS, ",
        ),
    ):
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")
    return root


def run(program: Path, *command: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(program), "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, *command], cwd=program, env=environment, capture_output=True, text=True, timeout=120,
        check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_a_new_ledger_has_everything_from_its_definition(program: Path, tmp_path: Path) -> None:
    following = f"{int(migration.HEAD) + 1:04}"
    run(program, "-m", "installer.write_migration", following, "Loans of things.")
    folder = tmp_path / "school"
    folder.mkdir()
    met = json.loads(run(program, str(PARTS / "drive.py"), str(folder)).splitlines()[-1])
    assert met["errors"] == []
    assert met["navigation"] is True
    assert met["empty"] == "物品借用里还没有记录"
    assert met["form"] == ["焊工面罩"]
    assert met["template"] is True
    assert {met["import"][name] for name in ("new", "invalid")} == {2, 1}
    assert met["rows"] == 3
    assert met["search"] == ["吴宇佳"]
    assert (met["pasted"], met["undone"]) == (3, 0)
    assert any("万用表" in about for about in met["found"])
    assert met["exported"] is True
    assert met["paper"] == "%PDF-"
    assert met["rows_after_undo"] == 1
