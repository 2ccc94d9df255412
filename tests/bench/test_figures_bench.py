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
    Contact,
    HardshipStatus,
    MonitoringNote,
    Pairing,
    SchoolClass,
    StatusChange,
    Student,
)
from skillsaid_desktop.domain.months import MonthRule, months_between
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.follow_ups import list_follow_ups
from skillsaid_desktop.services.closing import close_month, run_checks
from skillsaid_desktop.services.desk import desk
from skillsaid_desktop.services.pairings import pairings_on
from skillsaid_desktop.storage import LedgerFile, UnitOfWork
from skillsaid_desktop.storage.projection import refresh_spans
from tests.factories import document_number, enrol, make_event, make_ledger

FIRST, LAST = "2016-01", "2025-11"
DAY = date(2025, 11, 25)
EXPLAINED = dict.fromkeys(("3", "6", "10", "11", "30", "31", "33"), "已核实")
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
    targets = [one["student_id"] for one in hardships]
    pairs = [{"student_id": one, "leader": f"领导{at % 100}"} for at, one in enumerate(targets) if at % 5]
    uow.insert_many(Pairing, [{**one, "paired_on": date(2025, 9, 1)} for one in pairs])
    days = [date(2025, 9, 10), date(2025, 10, 20)]
    uow.insert_many(Contact, [{**one, "contacted_on": day, "form": "面谈"} for one in pairs for day in days])


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
    """Report seconds at n, 4n and 16n, and the exponent of their growth; no month is closed: all are computed."""
    base = 625 if benchmark.enabled else 5
    found: dict[str, list[float]] = {}
    for students in (base, 4 * base, 16 * base):
        ledger_file = ledger_of(tmp_path / f"{students}.skillsaid", students)
        with ledger_file.reading() as reading:
            works: dict[str, Callable[[], object]] = {
                "figures, ten years": lambda r=reading: compute_figures(r, LAST),  # type: ignore[misc]
                "checks": lambda r=reading: run_checks(r, LAST),  # type: ignore[misc]
                "desk": lambda r=reading: desk(r, LAST),  # type: ignore[misc]
                "follow-ups": lambda r=reading: list_follow_ups(r),  # type: ignore[misc]
                "pairings": lambda r=reading: pairings_on(r, DAY),  # type: ignore[misc]
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


@pytest.mark.timeout(900)
def test_the_desk_over_the_years(benchmark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Report the desk's first and second reading with n and 4n closed months, each of which a late edit has moved."""
    students, base = (200, 12) if benchmark.enabled else (5, 2)
    rule, found = MonthRule(25), dict[str, list[float]]()
    for number in (base, 4 * base):
        months = months_between(FIRST, LAST)[: number + 1]
        monkeypatch.setenv("SKILLSAID_TODAY", rule.period(months[0]).to_on.isoformat())
        ledger_file = make_ledger(tmp_path / f"{number}.skillsaid", first_month=FIRST)
        with ledger_file.operation("名册") as uow:
            ids = [enrol(uow, f"生{at}", on=date(2015, 9, 1), category="脱贫户") for at in range(students)]
        for at, month in enumerate(months):
            last = rule.period(month).to_on
            monkeypatch.setenv("SKILLSAID_TODAY", last.isoformat())
            with ledger_file.operation("监测") as uow:
                notes = [
                    {"student_id": one, "month": month, "noted_on": last, "noted_by": "班主任"} for one in ids
                ]
                uow.insert_many(MonitoringNote, notes)
                kind = ("休学", "复学")[at // students % 2]
                make_event(uow, ids[at % students], kind, last - timedelta(days=40), correction_reason="补报")
            if month != months[-1]:
                close_month(ledger_file, month, EXPLAINED)
        with ledger_file.reading() as reading:
            for name in ("first reading", "next reading"):
                begun = time.process_time()
                desk(reading, months[-1])
                found.setdefault(name, []).append(time.process_time() - begun)
        ledger_file.close(backup=False)
    for name, times in found.items():
        exponent = math.log(times[-1] / times[0]) / math.log(4)
        benchmark.extra_info[name] = {"seconds": round(times[-1], 3), "exponent": round(exponent, 2)}
        print(f"\n{name}: {' / '.join(f'{one:.3f}' for one in times)} s, exponent {exponent:.2f}")
    benchmark.pedantic(lambda: None, rounds=1)
