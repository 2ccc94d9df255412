"""Which month returned sheets mean, where they say two or another than the one in hand; asked before anything is stored."""

from dataclasses import replace

from skillsaid_desktop.services.intake import ImportOptions, ImportPreview
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.prompts import Prompts

LEAVE_OUT = "leave out"
Sheet = tuple[str, str]
"""File and sheet."""


def ask_months(prompts: Prompts, preview: ImportPreview, expected: str) -> ImportOptions | None:
    """Ask about the sheets in doubt, once for those of one doubt; return options with the answers, None without any.

    `expected` is the month in hand, "" for none.
    """
    months: dict[Sheet, str] = dict(preview.options.months)
    left_out = set(preview.options.left_out)
    for offered, sheets in _in_doubt(preview, expected).items():
        acts = [(month, f"按{_said(month)}收下") for month in offered]
        answer = prompts.choose(
            _title(sheets, offered, expected),
            tr("按哪个月收下？不清楚就先不导入，问过班主任再说。"),
            (*acts, (LEAVE_OUT, tr("先不导入"))),
            safe=tr("先看预览"),
        )
        if answer == LEAVE_OUT:
            places = (row.record.place for row in preview.rows)
            left_out |= {
                (one.file, one.sheet, one.row or 0) for one in places if (one.file, one.sheet) in sheets
            }
        elif answer:
            months.update(dict.fromkeys(sheets, answer))
    if months == preview.options.months and left_out == preview.options.left_out:
        return None
    return replace(preview.options, months=months, left_out=frozenset(left_out))


def _in_doubt(preview: ImportPreview, expected: str) -> dict[tuple[str, ...], list[Sheet]]:
    """Return the sheets in which something is filled, by the months that something speaks for, the likeliest first."""
    filled = {
        (row.record.place.file, row.record.place.sheet)
        for row in preview.rows
        if not any(issue.code == "empty" for issue in row.issues)
    }
    found: dict[tuple[str, ...], list[Sheet]] = {}
    for context in (each.context for each in preview.planned):
        for sheet, facts in context.sheets.items():
            if facts.month is None or (context.source, sheet) not in filled:
                continue
            others = (*facts.other_months, *((expected,) if expected else ()))
            offered = tuple(dict.fromkeys((facts.month, *others)))
            if len(offered) > 1:
                found.setdefault(offered, []).append((context.source, sheet))
    return found


def _title(sheets: list[Sheet], offered: tuple[str, ...], expected: str) -> str:
    file = f"“{sheets[0][0]}”" + (f"等 {len(sheets)} 张表" if len(sheets) > 1 else "")
    if offered[1:] == (expected,):
        return f"{file}是{_said(offered[0])}的，正在办的是{_said(expected)}"
    return f"{file}里说的月份不一样：{'、'.join(_said(each) for each in offered)}"


def _said(month: str) -> str:
    return f"{month[:4]}年{int(month[5:])}月"
