"""QUALITY section 2, rows 1 (without matching) and 14: 10,000 students × 30 columns read, checked, stored, journalled.

Run with `pytest tests/bench/test_import_bench.py --benchmark-enable -s`; the ratio is measured in one run. Not a timed test.
"""

import gc
import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from math import log
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from skillsaid_desktop.services.intake import apply_import, preview_import
from tests.factories import document_number, make_ledger

BAR, EXPONENT = 2.5, 1.15
HEADINGS = (
    "姓名", "性别", "证件号码", "民族", "学籍号", "学号", "专业", "班级", "培养层次", "学制", "入学日期", "户籍省", "户籍市",
    "户籍县", "户籍乡镇", "户籍村", "详细地址", "监护人", "监护人关系", "监护人电话", "联系电话", "招生对象", "困难类型",
    "是否住宿", "学籍状态", "毕业学校", "政治面貌", "银行卡号", "开户名", "备注",
)  # fmt: skip
_FAMILY, _GIVEN = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗",
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲琳宇浩欣佳",
)


def roster(path: Path, number: int) -> Path:
    chance = random.Random(20250918)
    with Workbook(path, {"constant_memory": True}) as workbook:
        sheet: Any = workbook.add_worksheet("学籍")
        sheet.write_row(0, 0, HEADINGS)
        for row in range(1, number + 1):
            name = chance.choice(_FAMILY) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2))))
            sex = chance.choice("男女")
            major = chance.choice(("电子商务", "护理", "建筑施工", "机电一体化技术"))
            cells = (
                name, sex, _number(row, sex), "汉族", f"G2025{row:07d}", f"2025{row:06d}", major,
                f"{major[:2]}25{row % 40:02d}", "中级工", "3", "2025-09-01", "江西省", "赣州市", "于都县", "利村乡",
                f"{chance.choice(_GIVEN)}坑村", f"利村乡{row % 300}组", name[0] + chance.choice(_GIVEN), "父亲",
                f"139{row:08d}", f"138{row:08d}", "应届", "脱贫户" if row % 4 == 0 else "", "是", "在读", "于都二中",
                "共青团员", "", name, "",
            )  # fmt: skip
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text)
    return path


def _number(row: int, sex: str) -> str:
    """Return a number that agrees with the sex; birthdays lie in three years, as in a real school."""
    turn, day = divmod(row, 3 * 365)
    return document_number(
        turn * 2 + (1 if sex == "女" else 0), born_on=date(2007, 9, 1) + timedelta(days=day)
    )


def bare(path: Path, database: Path) -> None:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)[1:]
    connection = dbapi2.connect(str(database))
    connection.execute("PRAGMA key = 'bench'")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    marks = ", ".join("?" * len(HEADINGS))
    columns = ", ".join(f"c{number} TEXT" for number in range(len(HEADINGS)))
    connection.execute(f"CREATE TABLE student (id INTEGER PRIMARY KEY AUTOINCREMENT, {columns})")
    names = ", ".join(f"c{number}" for number in range(len(HEADINGS)))
    connection.executemany(f"INSERT INTO student ({names}) VALUES ({marks})", rows)
    connection.commit()
    connection.close()


def timed(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def import_of(path: Path, ledger_path: Path, number: int) -> tuple[float, float]:
    """Return the seconds that preview and import of a roster take, and those of its undo."""
    ledger_file = make_ledger(ledger_path)
    counts: dict[str, int] = {}

    def bring() -> None:
        result = apply_import(ledger_file, preview_import(ledger_file, "students", [path]))
        counts.update(result.preview.counts)

    brought = timed(bring)
    assert counts["new"] == number
    undone = timed(ledger_file.undo)
    with ledger_file.reading() as reading:
        assert reading.scalar("SELECT count(*) FROM student") == 0
    ledger_file.close(backup=False)
    return brought, undone


@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", [10_000])
def test_import_of_a_roster(
    benchmark: Any, tmp_path: Path, number: int, request: pytest.FixtureRequest
) -> None:
    is_measured = bool(request.config.getoption("benchmark_enable"))
    number = number if is_measured else 200
    path = roster(tmp_path / "名册.xlsx", number)
    ours: list[float] = []
    undone: list[float] = []
    theirs: list[float] = []
    for turn in range(3 if is_measured else 1):
        theirs.append(timed(partial(bare, path, tmp_path / f"bare{turn}.db")))
        brought, back = import_of(path, tmp_path / f"账{turn}.skillsaid", number)
        ours.append(brought)
        undone.append(back)
    ratio = median(ours) / median(theirs)
    benchmark.extra_info.update(ratio=round(ratio, 2), bar=BAR, seconds=round(median(ours), 2))
    if is_measured:
        print(
            f"\n{number} rows: {median(ours):.2f} s, bare {median(theirs):.2f} s, ratio {ratio:.2f} (bar {BAR})"
            f"\ntheir undo: {median(undone):.2f} s, beside the import {median(undone) / median(ours):.2f} (bar 1.0)"
        )
    benchmark.pedantic(lambda: None, rounds=1)


@pytest.mark.timeout(600)
def test_growth_of_the_import(benchmark: Any, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Report how the time grows from n to 4n and 16n rows; the start of the reading child is in each."""
    is_measured = bool(request.config.getoption("benchmark_enable"))
    numbers = [each * (1000 if is_measured else 5) for each in (1, 4, 16)]
    seconds: list[float] = []
    for number in numbers:
        path = roster(tmp_path / f"名册{number}.xlsx", number)
        turns = range(3 if is_measured else 1)
        seconds.append(
            median(import_of(path, tmp_path / f"账{number}-{turn}.skillsaid", number)[0] for turn in turns)
        )
    exponents = [log(seconds[2] / seconds[0], 16), log(seconds[2] / seconds[1], 4)]
    benchmark.extra_info.update(exponent=round(exponents[0], 2), last_step=round(exponents[1], 2))
    if is_measured:
        told = ", ".join(f"{number} rows {each:.2f} s" for number, each in zip(numbers, seconds, strict=True))
        print(f"\n{told}: exponent {exponents[0]:.2f}, from 4n to 16n {exponents[1]:.2f} (bar {EXPONENT})")
    benchmark.pedantic(lambda: None, rounds=1)
