"""A block from a spreadsheet into the grid of 每月监测: one step, students whose cells can not be stored keep them as 待改."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers.clipboard import read_cells
from skillsaid_desktop.services.monitoring import GridRow, MonitoringGrid, write_notes
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.models.cell_block import spread
from skillsaid_desktop.ui.models.monitoring_model import FIELDS, MonitoringModel, values_of

if TYPE_CHECKING:
    from skillsaid_desktop.ui.session import Session

Cells = dict[str, str]
"""Texts of one student by the name of the grid's column."""


def paste_into(
    session: "Session", model: MonitoringModel, grid: MonitoringGrid, row: int, column: int, reason: str
) -> None:
    """Lay what was copied over the grid from a cell on; shown words that nobody types (姓名, 上月) are passed over."""
    try:
        block = read_cells(QGuiApplication.clipboard().text())
    except UserError as error:
        session.prompts.error(error)
        return
    columns = range(len(FIELDS))
    laid = spread(block, rows=[row], columns=[column], shown=columns, row_count=len(grid.rows))
    pasted: dict[int, Cells] = {}
    for (at, across), text in laid.cells.items():
        if name := FIELDS[across][0]:
            pasted.setdefault(at, {})[name] = text
    if not pasted:
        session.say(tr("这些格子不能填。请停在出勤、学习情况这些格子上再粘贴。"), undo=False)
        return
    rows: list[tuple[GridRow, Cells]] = [
        (grid.rows[at], cells)
        for at, cells in sorted(pasted.items())
        if grid.rows[at].note is not None or any(map(str.strip, cells.values()))
    ]
    refused = write_notes(
        session.ledger_file,
        grid,
        [(person, _values(cells, grid)) for person, cells in rows],
        correction=reason,
    )
    for person, cells in rows:
        for name, text in cells.items():
            if person.student_id in refused:
                model.wrong.keep(person.student_id, model.key_of(name), text, refused[person.student_id])
            else:
                model.wrong.forget(person.student_id, model.key_of(name))
    left = f"；{len(refused)} 人存不了，留在格子里待改（F8）" if refused else ""
    over = f"；下面没有人了，多出的 {laid.rows_over} 行没有粘贴" if laid.rows_over else ""
    session.say(f"已粘贴 {len(rows) - len(refused)} 人{left}{over}", undo=len(refused) < len(rows))


def _values(cells: Cells, grid: MonitoringGrid) -> Cells:
    values: Cells = {}
    for name, text in cells.items():
        values |= values_of(name, text, grid.usual_days)
    return values
