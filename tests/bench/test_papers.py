"""QUALITY section 2, rows 9 and 10: papers against the bare libraries, measured in one run.

`pytest tests/bench --benchmark-enable -s` measures 10,000 rows and prints ratio and growth; without it a short list
shows that the bench still runs. Ratios are reported, never asserted.
"""

import math
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from skillsaid_desktop.exporters.pdf import render_pdf
from skillsaid_desktop.exporters.xlsx import write_xlsx
from tests.bench.papers import bare_canvas, bare_workbook, drawn_strings, long_list


def _best(work: Callable[[], object], rounds: int = 3) -> float:
    times = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def _report(benchmark: Any, what: str, ours: float, bare: float, growth: list[float]) -> None:
    steps = [math.log(later / earlier, 4) for earlier, later in pairwise(growth)]
    benchmark.extra_info.update(ratio=round(ours / bare, 2), growth=[round(step, 2) for step in steps])
    print(
        f"{what}: {ours:.2f} s, bare {bare:.2f} s, ratio {ours / bare:.2f}, growth {benchmark.extra_info['growth']}"
    )


def test_styled_workbook_of_10000_by_30(benchmark: Any, tmp_path: Path) -> None:
    rows = 10_000 if benchmark.enabled else 20
    document = long_list(rows, 30)
    ours, bare = tmp_path / "ours.xlsx", tmp_path / "bare.xlsx"
    benchmark.pedantic(lambda: write_xlsx(document, ours), rounds=1)
    bare_workbook(document, bare)
    assert ours.stat().st_size > 0
    if benchmark.enabled:
        growth = [
            _best(lambda few=few: write_xlsx(few, ours))  # type: ignore[misc]
            for few in (long_list(rows // 16, 30), long_list(rows // 4, 30), document)
        ]
        _report(benchmark, "xlsx", growth[-1], _best(lambda: bare_workbook(document, bare)), growth)


def test_wrapped_pdf_list_of_10000_by_12(benchmark: Any) -> None:
    rows = 10_000 if benchmark.enabled else 20
    document = long_list(rows, 12)
    strings = drawn_strings(document)
    pdf = benchmark.pedantic(lambda: render_pdf(document), rounds=1)
    assert pdf.pages == len(strings)
    assert bare_canvas(strings).startswith(b"%PDF")
    if benchmark.enabled:
        growth = [
            _best(lambda few=few: render_pdf(few))  # type: ignore[misc]
            for few in (long_list(rows // 16, 12), long_list(rows // 4, 12), document)
        ]
        _report(benchmark, "pdf", growth[-1], _best(lambda: bare_canvas(strings)), growth)
