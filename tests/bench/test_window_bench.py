"""Rows 4, 5 and 6 of QUALITY section 2: first paint, the ledger page after unlock, filter and sort.

Each start is a fresh process, measured beside a bare QMainWindow in the same run; the ratio is printed and
kept as extra_info, never asserted. `SKILLSAID_BENCH_ROWS=100000` measures the full size.
"""

import os
import statistics
import subprocess
import sys
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from skillsaid_desktop.domain.entities import StatusChange, Student
from skillsaid_desktop.ledgers import STUDENTS
from skillsaid_desktop.ledgers.listing import Among, ListQuery, list_ids
from skillsaid_desktop.storage import LedgerFile
from tests import factories

ROWS = int(os.environ.get("SKILLSAID_BENCH_ROWS", "2000"))
ROUNDS = int(os.environ.get("SKILLSAID_BENCH_ROUNDS", "1"))
DAY = date(2025, 11, 25)

HEAD = """
import resource, sys
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
app.setOrganizationName("SkillsAidBench")
class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, done)
        return False
def done():
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    sys.stdout.flush()
    import os
    os._exit(0)
painted = Painted()
"""
BARE = (
    HEAD
    + """
window = QMainWindow()
window.resize(1440, 900)
window.installEventFilter(painted)
window.show()
app.exec()
"""
)
UNLOCK = (
    HEAD
    + """
from pathlib import Path
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.shell import Shell
theme.apply(app, "light")
shell = Shell()
shell.resize(1440, 900)
shell.start(Path(sys.argv[1]))
shell.centralWidget().installEventFilter(painted)
shell.show()
app.exec()
"""
)
LEDGER = (
    HEAD
    + """
from pathlib import Path
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.shell import Shell
from skillsaid_desktop.storage import LedgerFile
theme.apply(app, "light")
shell = Shell()
shell.resize(1440, 900)
import skillsaid_desktop.ledgers, skillsaid_desktop.ui.main_window, time
unlocked = time.perf_counter()  # the imports above run while the passphrase is being typed
def done():
    print("%.3f" % (time.perf_counter() - unlocked), end=" ")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    sys.stdout.flush()
    import os
    os._exit(0)
shell.open_ledger(LedgerFile.open(Path(sys.argv[1]), passphrase=sys.argv[2]), "students")
shell.main.page().filters.clear_all()
shell.main.page().table.right.viewport().installEventFilter(painted)
shell.show()
app.exec()
"""
)


@pytest.fixture(scope="module")
def large_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with ROWS students who entered two years ago."""
    path = tmp_path_factory.mktemp("bench") / "大校.skillsaid"
    ledger_file = factories.make_ledger(path)
    with ledger_file.operation("大校") as uow:
        class_ids = [factories.make_class(uow, f"机电23{at:02}") for at in range(40)]
        ids = uow.insert_many(
            Student,
            [
                {
                    "name": f"学生{at}", "name_folded": f"学生{at}", "name_sort": f"xue sheng {at:06}",
                    "name_pinyin": "xue sheng", "name_initials": "xs",
                    "home_county": ("于都县", "兴国县", "乐安县")[at % 3],
                    "document_number": factories.document_number(at),
                }
                for at in range(ROWS)
            ],
        )  # fmt: skip
        uow.insert_many(
            StatusChange,
            [
                {"student_id": one, "kind": "入学", "changed_on": date(2023, 9, 1), "class_id": class_ids[at % 40],
                 "major": "机电", "level": "中级工"}
                for at, one in enumerate(ids)
            ],
        )  # fmt: skip
    ledger_file.close(backup=False)
    return path


def start(script: str, *arguments: str) -> tuple[float, int, float]:
    """Return the seconds from start to the first paint of a fresh process, its peak memory in kB, and the wait
    after unlocking, if the script tells it."""
    began = perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "SKILLSAID_CHEAP_KEYS": "1"},
        capture_output=True, text=True, check=True, timeout=300, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    taken = perf_counter() - began
    words = done.stdout.split()
    return taken, int(words[-1]), float(words[-2]) if len(words) > 1 else taken


def report(name: str, times: list[float], base: list[float], more: str = "") -> None:
    """Print one line of figures."""
    mine, bare = statistics.median(times), statistics.median(base)
    print(f"\n{name}: {mine:.3f} s against {bare:.3f} s, ratio {mine / bare:.2f}{more}")


@pytest.mark.parametrize(("name", "script"), [("row 4, unlock page", UNLOCK), ("row 5, ledger page", LEDGER)])
def test_start_against_a_bare_window(large_ledger: Path, name: str, script: str) -> None:
    runs = [(start(BARE), start(script, str(large_ledger), factories.PASSPHRASE)) for _ in range(ROUNDS)]
    memory = statistics.median(mine[1] / bare[1] for bare, mine in runs)
    wait = statistics.median(mine[2] / bare[0] for bare, mine in runs)
    more = f", from unlocking {wait:.2f}, memory {memory:.2f}"
    report(name, [mine[0] for _, mine in runs], [bare[0] for bare, _ in runs], more)


def test_filter_and_sort_against_bare_sql(large_ledger: Path, qapp: Any) -> None:
    from skillsaid_desktop.ui.models.ledger_model import LedgerModel

    ledger_file = LedgerFile.open(large_ledger, passphrase=factories.PASSPHRASE)
    model = LedgerModel(ledger_file, STUDENTS, DAY)
    filters, sort = {"home_county": Among(("于都县",))}, (("class_name", True), ("name", False))
    query = ListQuery(as_of=DAY, filters=filters, sort=sort)
    times, base = [], []
    for _ in range(ROUNDS):
        began = perf_counter()
        with ledger_file.reading() as reading:
            list_ids(reading, STUDENTS, query)
        base.append(perf_counter() - began)
        model.set_query(filters={}, sort=())
        model.reload()
        began = perf_counter()
        model.set_query(filters=filters, sort=sort)
        model.reload()
        for row in range(min(30, model.rowCount())):
            for column in range(12):
                model.text(row, column)
        times.append(perf_counter() - began)
    ledger_file.close(backup=False)
    report(f"row 6, filter and sort {ROWS:,} rows", times, base)
