"""QUALITY section 2, row 8: all figures of a month, 10,000 students, ten years of history; growth at n, 4n, 16n."""

import math
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from skillsaid_desktop.domain.entities import (
    HardshipStatus,
    MonitoringNote,
    SchoolClass,
    StatusChange,
    Student,
)
from skillsaid_desktop.domain.months import MonthRule, months_between
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.services.closing import run_checks
from skillsaid_desktop.services.desk import desk
from skillsaid_desktop.storage import LedgerFile, UnitOfWork
from skillsaid_desktop.storage.projection import refresh_spans
from tests.factories import document_number, make_ledger

FIRST, LAST = "2016-01", "2025-11"
_DAY = timedelta(days=1)


def fill(uow: UnitOfWork, students: int, seed: int = 7) -> None:
    """Write ten intakes with their changes, a fifth of them targets, each noted month by month."""
    random = Random(seed)
    years = range(2016, 2026)
    classes = uow.insert_many(
        SchoolClass, [{"name": f"班{year}{number}", "grade": year} for year in years for number in range(20)]
    )
    ids = uow.insert_many(
        Student,
        [
            {"name": f"生{number}", "name_folded": f"生{number}", "name_sort": f"s{number:06}",
             "document_number": document_number(number), "home_county": random.choice(("于都县", "石城县")),
             "applicant_kind": random.choice(("应届", "往届"))}
            for number in range(students)
        ],
    )  # fmt: skip
    changes: list[dict[str, object]] = []
    hardships: list[dict[str, object]] = []
    notes: list[dict[str, object]] = []
    months = months_between(FIRST, LAST)
    rule = MonthRule(25)
    for number, student_id in enumerate(ids):
        year = years[number % len(years)]
        entered = date(year, 9, 1)
        left = min(date(year + 3, 6, 30), date(2025, 11, 20))
        common = {"class_id": None, "major": None, "level": None}
        level = random.choice(("中级工", "高级工"))
        changes.append(
            {"student_id": student_id, "kind": "入学", "changed_on": entered, "major": "机电", "level": level,
             "class_id": classes[number % len(classes)]}
        )  # fmt: skip
        day = entered
        for kind in ("休学", "复学", "转班", "岗位实习", "实习结束"):
            day += timedelta(days=random.randrange(30, 190))
            if day < left:
                changes.append({"student_id": student_id, "kind": kind, "changed_on": day, **common})
        if year < 2023:
            changes.append({"student_id": student_id, "kind": "毕业", "changed_on": left, **common})
        if number % 5 == 0:
            hardships.append({"student_id": student_id, "category": "脱贫户", "from_on": entered})
            for month in months:
                end = rule.period(month).to_on
                if entered <= end <= left:
                    notes.append(
                        {"student_id": student_id, "month": month, "noted_on": end, "noted_by": "班主任",
                         "difficulty": random.choice(("无", "无", "一般", "较重"))}
                    )  # fmt: skip
    uow.insert_many(StatusChange, changes)
    uow.insert_many(HardshipStatus, hardships)
    uow.insert_many(MonitoringNote, notes)


def ledger_of(path: Path, students: int) -> LedgerFile:
    ledger_file = make_ledger(path, first_month=FIRST)
    with ledger_file.operation("名册") as uow:
        fill(uow, students)
    return ledger_file


def seconds(work: Callable[[], object]) -> float:
    """Return the best of three, in processor time: others may be at work on this machine."""
    best = math.inf
    for _ in range(3):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


@pytest.mark.timeout(900)
def test_figures_of_a_month(benchmark: Any, tmp_path: Path) -> None:
    """Report seconds at n, 4n and 16n, and the exponent of their growth; no month is closed, the dearest case."""
    base = 625 if benchmark.enabled else 5
    found: dict[str, list[float]] = {}
    for students in (base, 4 * base, 16 * base):
        ledger_file = ledger_of(tmp_path / f"{students}.skillsaid", students)
        with ledger_file.reading() as reading:
            works: dict[str, Callable[[], object]] = {
                "figures, ten years": lambda r=reading: compute_figures(r, LAST),  # type: ignore[misc]
                "checks": lambda r=reading: run_checks(r, LAST),  # type: ignore[misc]
                "desk": lambda r=reading: desk(r, LAST),  # type: ignore[misc]
            }
            for name, work in works.items():
                found.setdefault(name, []).append(seconds(work))
        with ledger_file.operation("重算") as uow:
            found.setdefault("spans of all", []).append(seconds(lambda u=uow: refresh_spans(u, None)))  # type: ignore[misc]
        ledger_file.close(backup=False)
    for name, times in found.items():
        exponent = math.log(times[-1] / times[0]) / math.log(16)
        benchmark.extra_info[name] = {"seconds": round(times[-1], 3), "exponent": round(exponent, 2)}
        print(f"\n{name}: {' / '.join(f'{one:.3f}' for one in times)} s, exponent {exponent:.2f}")
    benchmark.pedantic(lambda: None, rounds=1)
