"""What a fresh process has loaded when its first window is painted (QUALITY section 2, row 4)."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
START = """
import os, sys
from skillsaid_desktop import app, cli

def painted():
    print(type(app.QApplication.activeWindow() or app.QApplication.topLevelWidgets()[0]).__name__)
    print(*sorted(sys.modules), sep="\\n", flush=True)
    os._exit(0)

app._after_first_paint = painted
cli.main(sys.argv[1:])
"""
LATE = (
    "sqlalchemy", "alembic", "sqlcipher3", "cryptography", "keyring", "openpyxl", "xlsxwriter", "python_calamine",
    "docx", "reportlab", "PIL", "lxml", "pypinyin", "rapidfuzz", "stdnum", "platformdirs", "tomllib", "asyncio", "email",
    "ssl", "socket", "http", "xml", "sqlite3", "subprocess", "dataclasses", "logging.handlers", "PySide6.QtPdf",
    "PySide6.QtPrintSupport", "PySide6.QtNetwork",
)  # fmt: skip
EARLY = ("app", "cli", "collector", "errors", "paths", "ui")
"""What of the program itself the first window may need."""


def loaded_at_first_paint(folder: Path, *words: str) -> set[str]:
    """Start the program in a fresh process and return the modules it has loaded when its window is painted."""
    started = subprocess.run(
        [sys.executable, "-c", START, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), "SKILLSAID_DATA": str(folder), "XDG_CONFIG_HOME": str(folder)},
        capture_output=True, text=True, timeout=120, cwd=folder,
    )  # fmt: skip
    assert started.returncode == 0, started.stderr
    window, *modules = started.stdout.splitlines()
    assert window == "Shell"
    return set(modules)


def test_nothing_heavy_is_loaded_before_the_unlock_page_is_painted(
    template_ledger: Path, tmp_path: Path
) -> None:
    loaded = loaded_at_first_paint(tmp_path, str(template_ledger))
    assert sorted(loaded & set(LATE)) == []
    own = {name.split(".")[1] for name in loaded if name.startswith("skillsaid_desktop.")}
    assert own <= set(EARLY)
