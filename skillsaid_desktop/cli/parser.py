"""The words of the terminal (PRODUCT.md): commands, arguments, help."""

import argparse
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from skillsaid_desktop import __version__
from skillsaid_desktop.cli import keeping, working

Command = Callable[[argparse.Namespace], int]


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; the registries' names stand in its help, so a new ledger appears by itself."""
    from skillsaid_desktop.exporters import EXPORTERS
    from skillsaid_desktop.ledgers import LEDGERS
    from skillsaid_desktop.ledgers.comparison import OUTCOME_WORDS
    from skillsaid_desktop.ledgers.rosters import ROSTER_KINDS
    from skillsaid_desktop.reports import REPORTS

    parser = argparse.ArgumentParser(prog="skillsaid", description="技能帮扶台账：不带参数打开窗口")
    parser.add_argument("--version", action="version", version=f"skillsaid {__version__}")
    parser.add_argument("--selftest", metavar="OUT.json", help="自检，结果写成 JSON")
    commands = parser.add_subparsers(dest="command", metavar="命令", required=True)

    def add(name: str, run: Command, about: str, *, ledger: bool = True, as_json: bool = False) -> Any:
        one = commands.add_parser(name, help=about, description=about)
        one.set_defaults(run=run)
        if ledger:
            one.add_argument("ledger", type=Path, metavar="LEDGER", help="台账文件")
        one.add_argument("--passphrase-file", type=Path, metavar="FILE", help="口令在这个文件的第一行")
        if as_json:
            one.add_argument("--json", action="store_true", help="只输出一份 JSON")
        return one

    one = add("demo", keeping.make_demo, "做一所虚构的示例学校，导出它最后封账的月份", ledger=False)
    one.add_argument("folder", type=Path, metavar="DIR")

    one = add("init", keeping.make_ledger, "建一本新台账，恢复码只显示这一次")
    one.add_argument("--school", required=True, metavar="名称")
    one.add_argument("--policy", default="jiangxi")
    one.add_argument("--cutoff-day", type=_cutoff_day, default=25, metavar="25|month-end")
    one.add_argument("--start", type=_month, metavar="YYYY-MM", help="台账的第一个统计月，默认本月")
    one.add_argument("--paired-county", nargs="+", action="extend", default=[], metavar="县")
    one.add_argument("--recovery-out", type=Path, metavar="FILE")

    kinds = [ledger.name for ledger in LEDGERS] + [kind.name for kind in ROSTER_KINDS]
    one = add("import", working.import_files, "导入名单：不加 --apply 只预览，什么也不写", as_json=True)
    one.add_argument("kind", choices=kinds, metavar="KIND", help=" ".join(kinds))
    one.add_argument("files", type=Path, nargs="+", metavar="FILE", help="文件，或放名单的文件夹")
    one.add_argument("--sheet", metavar="NAME", help="只读这一张工作表；不写就由程序认")
    one.add_argument("--as-of", type=_day, metavar="DATE", help="名单说的是哪一天；不写就照文件里写的")
    one.add_argument("--apply", action="store_true", help="导入；不加只预览")
    one.add_argument("--strict", action="store_true", help="有一行没定或不收，整份就不收")
    one.add_argument("--correction", default="", metavar="理由", help="补登到已封账月份的理由")
    one.add_argument("--report", type=Path, metavar="PROBLEMS.xlsx", help="把有问题的行写成一张表")
    one.add_argument(
        "--prefer", choices=["file", "ledger", "blanks"], default="file",
        help="名单和台账不一样时：用文件的、留台账的、只补空白",
    )  # fmt: skip
    one.add_argument(
        "--dates", choices=["ymd", "dmy", "mdy"], default="",
        help="03/04/2025、25.9.1 这样的日期按什么次序读；不写就留到待处理",
    )  # fmt: skip

    add("pending", working.print_pending, "等着处理的行", as_json=True)
    one = add("compare", working.print_comparison, "名册比对：学生和最新的名册逐个对", as_json=True)
    one.add_argument("--kind", choices=list(OUTCOME_WORDS), default="poverty")
    one = add("students", working.print_students, "某一天的学生动态台账", as_json=True)
    one.add_argument("--as-of", type=_day, required=True, metavar="YYYY-MM-DD")
    one = add("opening", working.import_opening_figures, "期初累计：从文件读入流量指标的期初数")
    one.add_argument("file", type=Path, metavar="FILE")
    one = add("figures", working.print_figures, "一个月的指标和名单", as_json=True)
    one.add_argument("--month", type=_month, required=True, metavar="YYYY-MM")
    one.add_argument("--live", action="store_true", help="已封账的月份也按现在的台账重算")
    one = add("checks", working.print_checks, "封账前检查", as_json=True)
    one.add_argument("--month", type=_month, metavar="YYYY-MM", help="默认最早没封账的月份")
    one = add("close", working.close, "封账；还有必须处理的就不封")
    one.add_argument("month", type=_month, metavar="YYYY-MM")
    one.add_argument("--explain", nargs="+", action="extend", default=[], metavar="CODE=理由")
    one = add("reopen", working.reopen, "重新打开已封账的月份，后面的月份一起打开")
    one.add_argument("month", type=_month, metavar="YYYY-MM")
    one.add_argument("--reason", required=True, metavar="理由")
    one = add("drift", working.print_drift, "已封账月份现在会差在哪里", as_json=True)
    one.add_argument("month", type=_month, metavar="YYYY-MM")
    names = [report.name for report in REPORTS]
    one = add("report", working.write_report, "出一张报表")
    one.add_argument("report", choices=names, metavar="REPORT", help="、".join(names))
    one.add_argument("--month", type=_month, metavar="YYYY-MM")
    one.add_argument("--as-of", type=_day, metavar="YYYY-MM-DD")
    for name, (title, takers) in _report_options().items():
        one.add_argument(f"--{name.replace('_', '-')}", metavar=title, help=f"{title}（{'、'.join(takers)}）")
    one.add_argument("--grade", choices=["full", "masked", "public"], default="full")
    one.add_argument("--format", choices=list(EXPORTERS), required=True)
    one.add_argument("--out", type=Path, required=True, metavar="FILE")
    add("history", keeping.print_history, "操作记录，新的在前", as_json=True)
    add("undo", keeping.undo, "撤销最近一步")
    one = add("backup", keeping.make_backup, "做一份核对过的备份")
    one.add_argument("--to", type=Path, required=True, metavar="DIR")
    one = add("verify", keeping.verify, "核对台账或备份是否完好", ledger=False)
    one.add_argument("ledger", type=Path, metavar="LEDGER|BACKUP")
    one = add("restore", keeping.restore, "从备份恢复", ledger=False)
    one.add_argument("backup", type=Path, metavar="BACKUP")
    one.add_argument("--to", type=Path, required=True, metavar="LEDGER")
    one = add("salvage", keeping.salvage, "从损坏的台账里抢救还能读的，存成一本新的", ledger=False)
    one.add_argument("damaged", type=Path, metavar="DAMAGED")
    one.add_argument("--to", type=Path, required=True, metavar="LEDGER")
    return parser


def _report_options() -> dict[str, tuple[str, list[str]]]:
    """Return what reports take besides month and day: by name the title, and the reports that take it."""
    from skillsaid_desktop.reports import REPORTS

    found: dict[str, tuple[str, list[str]]] = {}
    for report in REPORTS:
        for field in report.parameters:
            if field.name not in ("month", "as_of"):
                found.setdefault(field.name, (field.title, []))[1].append(report.title)
    return found


def _month(text: str) -> str:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise argparse.ArgumentTypeError(f"“{text}”不是月份，请写成 2025-11")
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2025-11-05") from None


def _cutoff_day(text: str) -> int | None:
    if text == "month-end":
        return None
    if not text.isdigit() or not 1 <= int(text) <= 28:
        raise argparse.ArgumentTypeError("请写 1 到 28 之间的日子，或 month-end")
    return int(text)
