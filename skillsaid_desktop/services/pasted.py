"""A table that was copied in a spreadsheet, as a workbook to import."""

import csv
import hashlib
import io

from skillsaid_desktop.clock import now
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers import RawRow, RawSheet, RawWorkbook

SHEET = "粘贴的内容"


def pasted_workbook(text: str, html: str = "") -> RawWorkbook:
    """Return what was copied, cells parted by tabs; UserError if it is no table.

    `html` is the same as a web page, as spreadsheets put it beside the text.
    """
    rows = [
        RawRow(number, row)
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), dialect="excel-tab"), 1)
        if any(cell.strip() for cell in row)
    ]
    if not rows or max(len(row.cells) for row in rows) < 2:
        raise UserError(
            "剪贴板里没有表格。", "台账没有改动。请在表格软件里连表头一起选中、复制，再回到这里粘贴。"
        )
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    # No day in the name: a roster's as-of day is looked for there.
    name = f"粘贴的表格 {now():%H点%M分}"
    return RawWorkbook(file=name, digest=digest, sheets=(RawSheet(name=SHEET, rows=rows),))
