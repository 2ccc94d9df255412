"""Search over everything (Ctrl+K) while somebody types, with a school's worth of people in the ledgers.

Measured: until the students stand in the list, and until all ledgers are through, beside the bare SQL of the same
answer by one plain look through each ledger's listing; how it grows; how late the window is for a key that comes while
it goes on. Ratios are printed, never asserted. `SKILLSAID_BENCH_ROWS=100000` measures the full size.
"""

import math
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random
from time import perf_counter, sleep, thread_time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from skillsaid_desktop.domain.entities import (
    HardshipStatus,
    Household,
    HouseholdMember,
    MonitoringNote,
    StatusChange,
    Student,
)
from skillsaid_desktop.domain.names import pinyin_keys
from skillsaid_desktop.ledgers import LEDGERS
from skillsaid_desktop.ledgers.listing import ListQuery, list_ids
from skillsaid_desktop.services.finding import find_groups
from skillsaid_desktop.storage import LedgerFile
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.shell import Shell
from tests import factories

ROWS = int(os.environ.get("SKILLSAID_BENCH_ROWS", "2000"))
ROUNDS = 3
DAY = date(2025, 11, 25)
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高钟曾查单覃仇区解"
GIVEN = "建国明华强伟芳秀英娜敏静丽艳霞超勇杰军洋磊涛鹏飞鑫宇佳欣怡婷雪梅玲红燕萍桂兰凤洁"
SOUGHT = ("zj", "zjm", "建明", "3024", "机电2301", "休学", "没有这个人")


def make_school(path: Path, rows: int) -> None:
    """Make a ledger of so many students, each with a category, an entry, a note and a household of two students."""
    random = Random(5)

    def named(prefix: str = "") -> dict[str, str]:
        name = random.choice(SURNAMES) + "".join(random.choices(GIVEN, k=random.choice((1, 2, 2))))
        keys = pinyin_keys(name)
        return {f"{prefix}name": name, f"{prefix}name_folded": name, f"{prefix}name_pinyin": keys.pinyin,
                f"{prefix}name_initials": keys.initials}  # fmt: skip

    ledger_file = factories.make_ledger(path)
    with ledger_file.operation("大校") as uow:
        classes = [factories.make_class(uow, f"机电23{at:02}") for at in range(60)]
        ids = uow.insert_many(
            Student,
            [
                {**named(), "name_sort": f"{at:06}", "document_number": factories.document_number(at),
                 "phone": f"1{random.randrange(10**10):010}", "bank_card": f"62{random.randrange(10**17):017}",
                 "student_number": f"2023{at:06}", "address": "江西省赣州市于都县罗坳镇大桥村", "head_name": "黄秀莲"}
                for at in range(rows)
            ],
        )  # fmt: skip
        uow.insert_many(
            StatusChange,
            [
                {"student_id": one, "kind": "入学", "changed_on": date(2023, 9, 1), "class_id": classes[at % 60],
                 "major": "机电", "level": "中级工"}
                for at, one in enumerate(ids)
            ],
        )  # fmt: skip
        uow.insert_many(
            HardshipStatus,
            [{"student_id": one, "category": "脱贫户", "from_on": date(2023, 9, 1)} for one in ids],
        )
        uow.insert_many(
            MonitoringNote,
            [
                {"student_id": one, "month": "2025-10", "noted_on": date(2025, 10, 10), "noted_by": "陈老师",
                 "study": "成绩中等，实训课积极，愿意参加明年技能大赛选拔"}
                for one in ids
            ],
        )  # fmt: skip
        homes = uow.insert_many(
            Household,
            [{**named("head_"), "number": f"3607310{at:09}", "village": "大桥村"} for at in range(rows // 2)],
        )
        uow.insert_many(
            HouseholdMember,
            [
                {
                    "household_id": homes[at // 2 % len(homes)],
                    "student_id": one,
                    **named(),
                    "relation": "之子",
                }
                for at, one in enumerate(ids)
            ],
        )
    ledger_file.close(backup=False)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("finding") / "大校.skillsaid"
    make_school(path, ROWS)
    return path


def best(work: Callable[[], object]) -> float:
    """Return the seconds of the quickest of some rounds."""
    times = []
    for _ in range(ROUNDS):
        began = perf_counter()
        work()
        times.append(perf_counter() - began)
    return min(times)


def measured(ledger_file: LedgerFile, text: str) -> tuple[float, float, float]:
    """Return the seconds until the students are found, until all is found, and of the bare SQL."""
    with ledger_file.reading() as reading:
        first = best(lambda: next(find_groups(reading, text, DAY)))
        whole = best(lambda: list(find_groups(reading, text, DAY)))
        query = ListQuery(as_of=DAY, search=text)
        bare = best(lambda: [list_ids(reading, ledger, query) for ledger in LEDGERS])
    return first, whole, bare


def test_looking_against_the_bare_sql(large: Path) -> None:
    ledger_file = LedgerFile.open(large, passphrase=factories.PASSPHRASE)
    print(f"\nsearch over all ledgers, {ROWS:,} students")
    for text in SOUGHT:
        first, whole, bare = measured(ledger_file, text)
        print(
            f"  {text}: students {first * 1000:.0f} ms, all {whole * 1000:.0f} ms, bare {bare * 1000:.0f} ms,"
            f" ratio {whole / bare:.2f}"
        )
    ledger_file.close(backup=False)


def test_looking_grows_no_faster_than_the_rows(tmp_path: Path) -> None:
    sizes = [max(250, ROWS // 16), max(1000, ROWS // 4), max(4000, ROWS)]
    taken = []
    for size in sizes:
        path = tmp_path / f"{size}.skillsaid"
        make_school(path, size)
        ledger_file = LedgerFile.open(path, passphrase=factories.PASSPHRASE)
        taken.append(measured(ledger_file, "zjm")[1])
        ledger_file.close(backup=False)
    exponent = math.log(taken[-1] / taken[0]) / math.log(sizes[-1] / sizes[0])
    told = ", ".join(f"{size:,}: {one * 1000:.0f} ms" for size, one in zip(sizes, taken, strict=True))
    print(f"\nsearch over all ledgers, {told}; exponent {exponent:.2f} (bar 1.15)")


@pytest.fixture
def shell(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """The program's frame, closed without a backup."""
    monkeypatch.setenv("SKILLSAID_TODAY", DAY.isoformat())
    theme.apply(qapp, "light")
    made = Shell()
    yield made
    made.close_ledger(backup=False)
    made.close()


def test_keys_while_it_looks(large: Path, shell: Shell) -> None:
    """Each letter of a name at an office's pace; what the window's thread needs for it, and what the list costs."""
    shell.resize(1440, 900)
    shell.open_ledger(LedgerFile.open(large, passphrase=factories.PASSPHRASE), "students")
    shell.show()
    QApplication.processEvents()
    assert shell.main is not None
    assert shell.session is not None
    settled = perf_counter() + 1  # the status line counts its rows after the first paint
    while perf_counter() < settled or not shell.session.tasks.is_at_rest():
        QApplication.processEvents()
    field, finder = shell.main.bar.field, shell.main.finder
    field.setFocus(Qt.FocusReason.ShortcutFocusReason)
    keys, frames = [], []
    for letter in "zhongjianming" * 2:
        began = thread_time()
        QTest.keyClicks(field, letter)
        keys.append((thread_time() - began) * 1000)
        until = perf_counter() + 0.15
        while perf_counter() < until:
            began = thread_time()
            QApplication.processEvents()
            frames.append((thread_time() - began) * 1000)
            sleep(0.002)
    while finder.is_looking:
        QApplication.processEvents()
    print(
        f"\nkeys into the search, {ROWS:,} students: a key {max(keys):.1f} ms at most; between them the window is"
        f" busy {max(frames):.1f} ms at most, {sorted(frames)[int(len(frames) * 0.99)]:.1f} ms in 99%"
    )
