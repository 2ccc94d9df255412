"""What is wrong with rows of a roster, as a sheet for the office that keeps it."""

from collections.abc import Sequence
from pathlib import Path

from skillsaid_desktop.exporters.entry_sheet import EntryColumn, EntrySheet, write_entry_sheets
from skillsaid_desktop.schema import Issue
from skillsaid_desktop.schema.masking import mask_words


def write_roster_problems(issues: Sequence[Issue], path: Path) -> int:
    """Write one line an issue; numbers are masked, file, sheet and row say where they stand whole."""
    columns = (
        EntryColumn(title="文件", width=18),
        EntryColumn(title="工作表", width=8),
        EntryColumn(title="行号", width=5),
        EntryColumn(title="列", width=8),
        EntryColumn(title="问题", width=40),
    )
    rows = [
        [each.file, each.sheet, str(each.row or ""), each.column,
         mask_words(each.message)]
        for each in issues
    ]  # fmt: skip
    notes = ("导入名册时发现的问题，行号就是原文件里的行号。证件号只显示前后几位。",)
    write_entry_sheets([EntrySheet(name="名册里的问题", columns=columns, rows=rows)], notes, path)
    return len(rows)
