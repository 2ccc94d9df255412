"""Paste, fill down, and one value for many rows, on the page of any ledger: one operation, one undo."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers.clipboard import read_cells
from skillsaid_desktop.progress import Progress, SilentProgress
from skillsaid_desktop.schema import Privacy
from skillsaid_desktop.schema.masking import is_masked, mask_words
from skillsaid_desktop.services.cell_edits import PlannedEdits, RowEdit, plan_edits, store_edits
from skillsaid_desktop.ui.dialogs.cells_dialog import CellsDialog, OneValueDialog
from skillsaid_desktop.ui.i18n import count, tr
from skillsaid_desktop.ui.models.cell_block import spread

if TYPE_CHECKING:
    from skillsaid_desktop.ui.pages.ledger_page import LedgerPage

PREVIEW_OVER = 20
"""Cells above which a preview is shown first (DESIGN section 6, Table)."""
_NO_BLOCK: Sequence[str] = ()


class BlockWriting:
    """The acts that write many cells of a ledger page's table at once."""

    def __init__(self, page: "LedgerPage") -> None:
        self._page = page

    # The three acts

    def paste(self) -> None:
        """Lay what was copied over the chosen cells."""
        page, table = self._page, self._page.table
        try:
            block = read_cells(QGuiApplication.clipboard().text())
        except UserError as error:
            page.session.prompts.error(error)
            return
        rows, columns = table.chosen_rows(), table.chosen_columns()
        if not rows or not columns:
            return
        laid = spread(
            block, rows=rows, columns=columns, shown=table.shown_columns(), row_count=len(page.model.ids)
        )
        notes = []
        if laid.rows_over:
            notes.append(
                f"剪贴板比这里多 {laid.rows_over} 行，下面没有行了，多出的没有粘贴；要加新的记录，请用“导入”里的“从剪贴板”。"
            )
        if laid.columns_over:
            notes.append(f"剪贴板比这里多 {laid.columns_over} 列，右边没有列了，多出的没有粘贴。")
        self._write(tr("粘贴"), laid.cells, notes)

    def fill_down(self) -> None:
        """Give the chosen rows what stands in the first of them; one row takes it from the row above."""
        page, table = self._page, self._page.table
        rows, columns = table.chosen_rows(), table.chosen_columns()
        if rows and len(rows) == 1:
            rows = [rows[0] - 1, rows[0]]
        if not columns or len(rows) < 2 or rows[0] < 0:
            page.session.say(tr("请选中几行再向下填充：第一行的值会填到下面各行。"), undo=False)
            return
        source = page.model.row_values(rows[0])
        texts = {
            at: page.ledger.fields[at].type.format(source.get(page.ledger.fields[at].name)) for at in columns
        }
        self._write(tr("向下填充"), {(row, at): texts[at] for row in rows[1:] for at in columns}, _NO_BLOCK)

    def change_chosen(self, column: int = -1) -> None:
        """Ask for one value of one column for all chosen rows."""
        page = self._page
        rows = page.table.chosen_rows()
        fields = [field for field in page.ledger.fields if field.typed]
        if not rows or not fields:
            return
        with page.session.ledger_file.reading() as reading:
            words = reading.policy.words(page.session.as_of)
        dialog = OneValueDialog(page.window(), page.ledger, fields, words, len(rows))
        if column >= 0:
            dialog.choose(page.ledger.fields[column].name)
        if page.session.prompts.run(dialog):
            at, value = page.model.column_of(dialog.field.name), dialog.value()
            self._write(tr("改"), {(row, at): value for row in rows}, _NO_BLOCK, always_shown=True)

    # Planning, showing, storing

    def _write(
        self,
        act: str,
        cells: Mapping[tuple[int, int], str],
        notes: Sequence[str],
        *,
        always_shown: bool = False,
    ) -> None:
        """Plan the cells; show what they would do where that is much or not all of it fits; store."""
        page = self._page
        fields = page.ledger.fields
        computed, masked = set(), set()
        values: dict[int, dict[str, str]] = {}
        for (row, column), text in cells.items():
            field = fields[column]
            if not field.typed:
                computed.add(field.title)
            elif field.privacy is Privacy.NUMBER and is_masked(text):
                masked.add(field.title)
            elif row < len(page.model.ids):
                values.setdefault(page.model.ids[row], {})[field.name] = text
        if computed:
            notes = [*notes, f"{'、'.join(sorted(computed))}是算出来的，不能填，跳过了。"]
        if masked:
            notes = [*notes, f"{'、'.join(sorted(masked))}是遮住的号码，不能粘贴，跳过了。"]
        if not values:
            page.session.say(notes[-1] if notes else tr("没有可以填的格子。"), undo=False)
            return
        edits = [RowEdit(one, texts) for one, texts in values.items()]
        size = sum(len(each.values) for each in edits)
        shown = always_shown or size > PREVIEW_OVER or bool(notes)

        def decide(planned: PlannedEdits, correction: str = "") -> None:
            if planned.asks_reason and not correction:
                reason = self._ask_reason(act, planned)
                if reason:
                    self._plan(edits, reason, size, lambda again: decide(again, reason))
                    return
            if not planned.stored and not planned.refused:
                page.session.say(tr("这些格子和台账一样，没有改动。"), undo=False)
            elif not shown or self._is_agreed(act, planned, notes):
                self._store(act, edits, planned, correction)

        self._plan(edits, "", size, decide)

    def _plan(
        self, edits: Sequence[RowEdit], correction: str, size: int, then: Callable[[PlannedEdits], None]
    ) -> None:
        session, ledger = self._page.session, self._page.ledger

        def work(progress: Progress) -> PlannedEdits:
            with session.ledger_file.reading() as reading:
                return plan_edits(
                    reading, ledger, edits, as_of=session.as_of, correction=correction, progress=progress
                )

        if size <= PREVIEW_OVER:
            then(work(SilentProgress()))
        else:
            session.tasks.run(tr("正在核对"), work, done=then)

    def _ask_reason(self, act: str, planned: PlannedEdits) -> str | None:
        first = next(each for each in planned.refused if each.asks_reason)
        number = sum(each.asks_reason for each in planned.refused)
        more = f"这样的有 {number} 行。" if number > 1 else ""
        return self._page.session.prompts.ask_text(
            f"{act}：有的行落在已封账的月份", f"{first.refusal}。{more}报出的数字不变。",
            label=tr("更正原因"), act=tr("存为更正"), safe=tr("这些行先不改"),
        )  # fmt: skip

    def _is_agreed(self, act: str, planned: PlannedEdits, notes: Sequence[str]) -> bool:
        page = self._page
        dialog = CellsDialog(page.window(), page.ledger, planned, act=act, notes=notes)
        return page.session.prompts.run(dialog)

    def _store(self, act: str, edits: Sequence[RowEdit], planned: PlannedEdits, correction: str) -> None:
        session, ledger = self._page.session, self._page.ledger
        if not planned.stored:
            self._keep(planned)
            return

        def work(progress: Progress) -> PlannedEdits:
            with session.ledger_file.operation(self._name(act, planned)) as uow:
                return store_edits(
                    uow, ledger, edits, as_of=session.as_of, correction=correction, progress=progress
                )

        def done(stored: PlannedEdits) -> None:
            self._keep(stored)
            waiting = (
                f"；{count(len(stored.refused), ledger.unit)}存不了，留在格子里待改（F8）"
                if stored.refused
                else ""
            )
            session.say(f"已{self._name(act, stored)}{waiting}")

        if sum(len(each.values) for each in edits) <= PREVIEW_OVER:
            done(work(SilentProgress()))
        else:
            session.tasks.run(tr("正在写进台账"), work, done=done)

    def _name(self, act: str, planned: PlannedEdits) -> str:
        """Return the name of the operation: 粘贴联系电话 12 人, 向下填充 3 人 6 格."""
        titles = {one.title for each in planned.stored for one in each.differences}
        stored = planned.stored
        who = stored[0].who if len(stored) == 1 else count(len(stored), self._page.ledger.unit)
        if len(titles) == 1:
            return f"{act}{titles.pop()} {who}"
        return f"{act} {who} {planned.cells:,} 格"

    def _keep(self, planned: PlannedEdits) -> None:
        """Leave what could not be stored in its cells, with the reason; let go of cells that now are as stored."""
        wrong = self._page.model.wrong
        for each in planned.rows:
            differing = {one.field for one in each.differences} if each.refusal else set()
            for name, text in each.edit.values.items():
                if name in differing:
                    wrong.keep(each.edit.record_id, name, text, mask_words(each.refusal))
                else:
                    wrong.forget(each.edit.record_id, name)
