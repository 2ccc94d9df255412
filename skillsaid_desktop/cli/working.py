"""Commands about what is in a ledger: imports, figures, checks, closing, reports."""

import argparse
import sys

from skillsaid_desktop.cli.opened import Opened, Shown, print_json
from skillsaid_desktop.errors import UserError


def import_files(options: argparse.Namespace) -> int:
    """Preview or apply an import."""
    from skillsaid_desktop.ledgers.rosters import ROSTER_KINDS

    if any(options.kind == kind.name for kind in ROSTER_KINDS):
        return _import_roster(options)
    from skillsaid_desktop.services.import_options import ALL_FIELDS, Prefer
    from skillsaid_desktop.services.intake import ImportOptions, apply_import, preview_import
    from skillsaid_desktop.services.problem_sheet import record_problem_sheet, write_problem_sheet

    chosen = ImportOptions(
        sheet=options.sheet, as_of=options.as_of, correction=options.correction, date_order=options.dates,
        prefer={ALL_FIELDS: Prefer(options.prefer)},
    )  # fmt: skip
    with Opened(options) as ledger_file:
        preview = preview_import(ledger_file, options.kind, options.files, chosen, Shown())
        result = None
        # Before the import: a strict one that is refused leaves the problem sheet to mend.
        written = write_problem_sheet(preview, options.report) if options.report else 0
        try:
            if options.apply:
                result = apply_import(ledger_file, preview, strict=options.strict, progress=Shown())
                preview = result.preview
        finally:
            if options.report:
                record_problem_sheet(ledger_file, preview.ledger, written, options.report)
    if options.json:
        print_json(preview.as_json(result.operation_id if result else None))
        return 0
    for file in preview.files:
        if file.refusal:
            print(f"没有读：{file.name}　{file.refusal}")
    for issue in preview.issues:
        # A column that was not taken by its heading is told: nobody else is asked here.
        if issue.severity.value in ("block", "ask") or issue.code == "column guessed":
            place = f"{issue.sheet} 第 {issue.row} 行" if issue.row else issue.sheet
            print(f"{issue.file} {place}：{issue.message}")
    counts = preview.counts
    print(
        f"共 {counts['rows']} 行：新增 {counts['new']}，变动 {counts['changed']}，没有变化 {counts['unchanged']}，"
        f"要问 {counts['waiting']}，不能导入 {counts['invalid']}。"
    )
    if result is None:
        print("这是预览，什么也没有写入；加 --apply 才导入。")
    elif result.operation_id is None:
        print(preview.nothing_to_do or "没有要改的，台账没有改动。")
    else:
        print(f"已完成：{preview.title}（第 {result.operation_id} 步，可以撤销）")
    return 0


def _import_roster(options: argparse.Namespace) -> int:
    """Preview or apply the import of another office's roster."""
    from skillsaid_desktop.services.rosters import import_roster, preview_roster

    chosen = {"sheet": options.sheet, "as_of": options.as_of, "progress": Shown()}
    with Opened(options) as ledger_file:
        if options.apply:
            result = import_roster(ledger_file, options.kind, options.files, strict=options.strict, **chosen)
        else:
            result = preview_roster(ledger_file, options.kind, options.files, **chosen)
    if options.json:
        print_json(result.as_json())
        return 0
    for each in result.files:
        for issue in each.issues:
            if issue.severity.value in ("block", "ask"):
                place = f"{issue.sheet} 第 {issue.row} 行" if issue.row else issue.sheet
                print(f"{issue.file} {place}：{issue.message}")
        print(
            f"{each.file}：{each.office}，截至 {each.as_of}，共 {each.rows} 行：新增 {each.new}，变动 {each.changed}，"
            f"没有变化 {each.unchanged}，不能用 {each.invalid}，比上一份少 {each.gone}。"
        )
    if not options.apply:
        print("这是预览，什么也没有写入；加 --apply 才导入。")
    elif result.operation_id is None:
        print("没有要改的，台账没有改动。")
    return 0


def print_comparison(options: argparse.Namespace) -> int:
    """Print how the school's students stand in the rosters of other offices."""
    from skillsaid_desktop.ledgers.comparison import OUTCOME_WORDS, Outcome
    from skillsaid_desktop.services import comparison

    with Opened(options) as ledger_file, ledger_file.reading() as reading:
        found = comparison.compare(reading, options.kind)
    document = comparison.as_json(found)
    if options.json:
        print_json(document)
        return 0
    if not found.rosters:
        raise UserError(
            "还没有名册可比。", "先导入：skillsaid import LEDGER poverty-roster 名册文件 --apply。"
        )
    for roster in found.rosters:
        print(f"{roster.office}　{roster.file}　截至 {roster.as_of}　{roster.people:,} 人")
    words = OUTCOME_WORDS[found.kind]
    for outcome, word in words.items():
        for one in document[outcome.value] if outcome is not Outcome.SAME else ():
            why = "；".join(one.get("cautions") or one["reasons"])
            print(f"{word}　{one['name']}（{one['class'] or '没有班级'}）　{why}")
    print("，".join(f"{word} {len(found.of(outcome))}" for outcome, word in words.items()))
    return 0


def print_pending(options: argparse.Namespace) -> int:
    """Print the rows that wait for an answer."""
    from skillsaid_desktop.services.pending import list_pending

    with Opened(options) as ledger_file, ledger_file.reading() as reading:
        rows = list_pending(reading)
    if options.json:
        print_json([row.as_json() for row in rows])
        return 0
    for row in rows:
        word = "要问" if row.outcome == "waiting" else "不能导入"
        print(f"{row.file} {row.sheet} 第 {row.row} 行  {word}  {row.reason}")
    print(f"共 {len(rows)} 行等着处理")
    return 0


def import_opening_figures(options: argparse.Namespace) -> int:
    """Store 期初累计 from a file."""
    from skillsaid_desktop.services.opening import import_opening

    with Opened(options) as ledger_file:
        count = import_opening(ledger_file, options.file)
    print(f"已存期初累计 {count} 项")
    return 0


def print_checks(options: argparse.Namespace) -> int:
    """Print what stands before a closing."""
    from skillsaid_desktop import clock
    from skillsaid_desktop.checks import TITLES
    from skillsaid_desktop.services.closing import checked_issues
    from skillsaid_desktop.services.months import list_months, month_in_hand

    with Opened(options) as ledger_file, ledger_file.reading() as reading:
        month = options.month or month_in_hand(list_months(reading, clock.today())).month
        checked = checked_issues(reading, month)
    if options.json:
        print_json(
            [
                {
                    "severity": one.issue.severity.value,
                    "code": one.issue.code,
                    "title": TITLES.get(one.issue.code, ""),
                    "message": one.issue.message,
                    "entity": one.issue.entity,
                    "record": one.issue.record_id,
                    "explanation": one.explanation,
                }
                for one in checked
            ]
        )
        return 0
    marks = {"block": "●", "ask": "◐", "hint": "○", "fixed": "✓"}
    for one in checked:
        kept = f"（已说明：{one.explanation}）" if one.explanation else ""
        title = TITLES.get(one.issue.code, "")
        print(f"{marks[one.issue.severity.value]} {one.issue.code} {title}  {one.issue.message}{kept}")
    standing = [one for one in checked if one.stands]
    stop = sum(one.issue.severity.value == "block" for one in standing)
    print(f"{month}：必须处理 {stop} 项，须说明 {len(standing) - stop} 项")
    return 0


def close(options: argparse.Namespace) -> int:
    """Close a month."""
    from skillsaid_desktop.services.closing import close_month

    explanations = {}
    for text in options.explain:
        code, sign, reason = text.partition("=")
        if not sign or not reason.strip():
            raise UserError(f"说明“{text}”看不懂，没有封账。", "请写成 检查编号=理由，例如 6=已核对原件。")
        explanations[code.strip()] = reason.strip()
    with Opened(options) as ledger_file:
        closed = close_month(ledger_file, options.month, explanations)
    print(f"{closed.month} 已封账，统计截止日 {closed.counted_to}，指标 {closed.figures} 项")
    return 0


def reopen(options: argparse.Namespace) -> int:
    """Reopen a month and those after it."""
    from skillsaid_desktop.services.closing import reopen_month

    with Opened(options) as ledger_file:
        months = reopen_month(ledger_file, options.month, options.reason)
    print(f"已重新打开：{'、'.join(months)}")
    return 0


def print_drift(options: argparse.Namespace) -> int:
    """Print what has moved in a closed month."""
    from skillsaid_desktop.services.closing import drift

    with Opened(options) as ledger_file, ledger_file.reading() as reading:
        rows = drift(reading, options.month)
    if options.json:
        print_json([row.as_json() for row in rows])
        return 0
    for row in rows:
        people = "、".join(f"{'+' if one.is_added else '−'}{one.name}" for one in row.people)
        print(f"{row.code} {row.name}：报出 {_count(row.reported)}，现应为 {_count(row.now)}  {people}")
    if not rows:
        print(f"{options.month} 没有变动")
    return 0


def _count(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def write_report(options: argparse.Namespace) -> int:
    """Write a report as a file."""
    from skillsaid_desktop.documents import Grade
    from skillsaid_desktop.reports import REPORTS, report_named
    from skillsaid_desktop.services.export import export_report

    report = report_named(options.report)
    titles = {field.name: field.title for each in REPORTS for field in each.parameters}
    params = {name: value for name in titles if (value := getattr(options, name)) is not None}
    taken = {field.name for field in report.parameters} | {"month", "as_of"}
    if unknown := [titles[name] for name in params if name not in taken]:
        own = "、".join(field.title for field in report.parameters)
        raise UserError(f"{report.title}没有“{'、'.join(unknown)}”这一项，没有导出。", f"可以写：{own}。")
    with Opened(options) as ledger_file:
        export = export_report(
            ledger_file,
            options.report,
            params,
            format=options.format,
            path=options.out,
            grade=Grade(options.grade),
            purpose="终端导出",
        )
    for issue in export.issues:
        print(issue.message, file=sys.stderr)
    print(options.out)
    return 0


def print_students(options: argparse.Namespace) -> int:
    """Print the students as of a day."""
    from skillsaid_desktop.ledgers import LEDGERS
    from skillsaid_desktop.ledgers.listing import ListQuery, fetch_rows, list_ids

    ledger = next(one for one in LEDGERS if one.name == "students")
    with Opened(options) as ledger_file, ledger_file.reading() as reading:
        ids = list_ids(reading, ledger, ListQuery(as_of=options.as_of))
        rows = [row for row in fetch_rows(reading, ledger, ids, options.as_of) if row["current_state"]]
    if options.json:
        print_json([{name: value for name, value in row.items() if name != "id"} for row in rows])
        return 0
    shown = ("name", "class_name", "level", "current_state", "category")
    for row in rows:
        print("\t".join(ledger.column(name).type.format(row[name]) for name in shown))
    print(f"共 {len(rows)} 人")
    return 0


def print_figures(options: argparse.Namespace) -> int:
    """Print the figures of a month."""
    from skillsaid_desktop.figures.compute import compute_figures

    with Opened(options) as ledger_file, ledger_file.reading() as reading:
        figures = compute_figures(reading, options.month, options.live)
    if options.json:
        print_json({code: figure.as_json() for code, figure in figures.items()})
        return 0
    for code, figure in figures.items():
        form = figure.as_json()
        numbers = "\t".join(_figure_text(form[name]) for name in ("period", "year", "since_start"))
        print(f"{code}\t{numbers}\t{figure.name}")
    return 0


def _figure_text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.1%}" if isinstance(value, float) else str(value)
