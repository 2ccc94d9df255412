"""QUALITY section 2, rows 2 and 3: a county roster stored with its keys, 10,000 students matched, and how rightly.

Small in the suite; `SKILLSAID_BENCH_ROWS=300000 pytest tests/bench/test_roster_bench.py --benchmark-enable -s` measures
the full size. Times are ratios to a baseline of the same run and never asserted; what the matching finds is.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]

from skillsaid_desktop.domain.entities import StatusChange, Student
from skillsaid_desktop.ledgers.comparison import Outcome, compare_students
from skillsaid_desktop.ledgers.roster_matches import find_candidates, load_students, settled_of
from skillsaid_desktop.services.rosters import import_roster
from skillsaid_desktop.storage import LedgerFile
from tests.bench.roster_people import Pupil, make_county, make_pupils, write_roster
from tests.factories import make_class, make_ledger

ROWS = int(os.environ.get("SKILLSAID_BENCH_ROWS", "3000"))
STUDENTS = max(ROWS // 30, 100)
DAY = date(2025, 11, 26)


def enrol(ledger_file: LedgerFile, pupils: list[Pupil]) -> None:
    """Store the students as a school has them."""
    with ledger_file.operation("学生") as uow:
        class_id = make_class(uow)
        ids = uow.insert_many(
            Student,
            [
                {
                    "name": each.name, "name_folded": each.name, "document_number": each.number, "home_county": "于都县",
                    "home_township": each.town, "home_village": each.village, "guardian_name": each.guardian,
                    "born_on": date(int(each.number[6:10]), int(each.number[10:12]), int(each.number[12:14])),
                }
                for each in pupils
            ],
        )  # fmt: skip
        uow.insert_many(
            StatusChange,
            [
                {"student_id": one, "kind": "入学", "changed_on": date(2024, 9, 1), "class_id": class_id}
                for one in ids
            ],
        )


@pytest.fixture(scope="module", params=[0.01, 0.20])
def matched(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A school and a roster of which a share of the students' rows is spoiled."""
    folder = tmp_path_factory.mktemp("county")
    members = make_county(ROWS)
    pupils = make_pupils(members, STUDENTS)
    path = write_roster(folder / "某县.xlsx", members, {each.row for each in pupils}, request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SKILLSAID_DATA", str(folder / "data"))
        patch.setenv("SKILLSAID_TODAY", DAY.isoformat())
        ledger_file = make_ledger(folder / "账.skillsaid")
        enrol(ledger_file, pupils)
        began = time.perf_counter()
        import_roster(ledger_file, "poverty-roster", [path])
        taken = time.perf_counter() - began
    yield request.param, ledger_file, pupils, path, taken
    ledger_file.close(backup=False)


def test_who_is_found_and_nobody_is_mistaken(matched: Any) -> None:
    share, ledger_file, pupils, _path, _taken = matched
    truth = {each.number: each.row for each in pupils}
    counts: Counter[str] = Counter()
    with ledger_file.reading() as reading:
        [roster_id] = [row[0] for row in reading.rows("SELECT id FROM roster")]
        rows = {
            number: row - 3
            for number, row in reading.rows(
                "SELECT number, row FROM roster_person WHERE roster_id = ?", (roster_id,)
            )
        }
        students = load_students(reading, DAY)
        began = time.perf_counter()
        found = find_candidates(reading, students, [roster_id])
        taken = time.perf_counter() - began
        for student_id, student in students.items():
            right = truth[student.side.number or ""]
            candidates = found.get(student_id, [])
            settled = settled_of(candidates)
            counts["true"] += bool(right)
            if settled is not None:
                counts["automatic"] += 1
                counts["automatic right"] += rows[settled.number] == right
            elif candidates:
                counts["asked"] += 1
                counts["asked right"] += any(rows[each.number] == right for each in candidates)
    precision = counts["automatic right"] / counts["automatic"]
    automatic = counts["automatic right"] / counts["true"]
    reached = (counts["automatic right"] + counts["asked right"]) / counts["true"]
    print(
        f"\n{share:.0%} spoiled, {len(students):,} × {ROWS:,}: automatic precision {precision:.5f}, recall {automatic:.4f},"
        f" found in all {reached:.4f}, asked {counts['asked']} of which {counts['asked right']} right; {taken:.2f} s"
    )
    assert precision == 1.0, "nobody is joined to somebody else"
    assert reached >= 0.995


def test_doubtful_pairs_are_never_accepted_by_the_program(matched: Any) -> None:
    _share, ledger_file, _pupils, _path, _taken = matched
    with ledger_file.reading() as reading:
        compared = compare_students(reading, DAY)
    for entry in compared.of(Outcome.SAME, Outcome.DIFFERS, Outcome.ONLY_IN_POVERTY):
        person = entry.person
        assert person is not None
        assert person.candidate.side.resident_number == entry.student.side.resident_number


def test_a_roster_against_bare_reading_and_writing(matched: Any, tmp_path: Path) -> None:
    _share, _ledger_file, _pupils, path, taken = matched
    began = time.perf_counter()
    rows = [tuple(row) for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows()]
    connection = dbapi2.connect(str(tmp_path / "bare.db"))
    connection.execute("PRAGMA key = 'bench'")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        f"CREATE TABLE person (id INTEGER PRIMARY KEY, {', '.join(f'c{at}' for at in range(19))})"
    )
    marks = ", ".join("?" * 19)
    columns = ", ".join(f"c{at}" for at in range(19))
    connection.executemany(f"INSERT INTO person ({columns}) VALUES ({marks})", rows)
    connection.commit()
    connection.close()
    bare = time.perf_counter() - began
    print(f"\nrow 2, {ROWS:,} people: {taken:.2f} s against {bare:.2f} s, ratio {taken / bare:.2f} (bar 2.0)")
    assert len(rows) == ROWS + 3


MEMORY = """
import sys
from pathlib import Path
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.services.rosters import import_roster
ledger_file = LedgerFile.open(Path(sys.argv[1]), passphrase=sys.argv[2])
import_roster(ledger_file, "poverty-roster", [Path(sys.argv[3])])
# Not ru_maxrss, which a child inherits from the process that started it.
print(next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def test_memory_of_the_import(tmp_path: Path) -> None:
    from tests.factories import PASSPHRASE

    make_ledger(tmp_path / "账.skillsaid").close(backup=False)
    path = write_roster(tmp_path / "某县.xlsx", make_county(ROWS), set(), 0)
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(tmp_path / "账.skillsaid"), PASSPHRASE, str(path)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
        env={**os.environ, "SKILLSAID_CHEAP_KEYS": "1"},
    )  # fmt: skip
    print(f"\nrow 2, memory: {done.stdout.strip()} MB (bar 400 MB at 300,000)")
    assert int(done.stdout) < 400 or ROWS > 300_000
