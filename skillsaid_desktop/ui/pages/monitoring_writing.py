"""What writes notes from the grid of 每月监测: typed cells, digits, 记为正常, a pasted block, last month's texts."""

from typing import TYPE_CHECKING

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.services.monitoring import mark_normal, write_note
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.models.monitoring_model import AT, LEVELS, NAME_AT, values_of
from skillsaid_desktop.ui.pages.monitoring_paste import paste_into
from skillsaid_desktop.ui.pages.monitoring_table import Target
from skillsaid_desktop.ui.pages.note_dialog import NoteDialog

if TYPE_CHECKING:
    from skillsaid_desktop.ui.pages.monitoring_page import MonitoringPage


class NoteWriting:
    """The acts of the grid that write; in each closed month the first one asks why, once."""

    def __init__(self, page: "MonitoringPage") -> None:
        self._page = page
        self._session = page.session
        self._reasons: dict[str, str] = {}
        """Why a month that is closed was written into, by the month."""
        self._asking: int | None = None
        self.class_of: dict[int, int | None] = {}
        """In which class a student stood whose cell could not be stored."""

    def reason(self) -> str | None:
        """Return why a closed month is written into, asked for once; "" in an open one, None if nobody says."""
        grid = self._page.grid
        if grid is None or not grid.is_closed:
            return ""
        if not self._reasons.get(grid.month):
            self._reasons[grid.month] = self._session.prompts.ask_text(
                tr("这个月已封账"), tr("补记会列为更正，已报出的数字不变。"),
                label=tr("更正原因"), act=tr("记下原因"), safe=tr("先不记"),
            ) or ""  # fmt: skip
        return self._reasons[grid.month] or None

    def store_cell(self, row: int, name: str, text: str) -> None:
        """Store what was typed into a cell; what can not be stored stays there as 待改."""
        grid = self._page.grid
        if grid is None:
            return
        person, reason = grid.rows[row], self.reason()

        def write() -> None:
            with self._session.initiated_by(self._page):
                write_note(
                    self._session.ledger_file, person.student_id, grid.month,
                    values_of(name, text, grid.usual_days), note_id=person.note_id, teacher=grid.teacher, correction=reason or "",
                )  # fmt: skip

        key = self._page.model.key_of(name)
        try:
            write()
        except UserError as error:
            # It stays where it was typed, with the reason; a box in front of the grid would stop the typing.
            self.class_of[person.student_id] = self._page.class_id
            self._page.model.wrong.keep(person.student_id, key, text, error.message)
            self._page.status_changed.emit()
            return
        self._page.model.wrong.forget(person.student_id, key)
        self._after_write()

    def _after_write(self) -> None:
        now = self._page.table.currentIndex()
        row, column = now.row(), now.column()
        self._page.reload()
        if row >= 0:
            self._page.table.go_to(row, column)

    def set_level(self, row: int, level: str) -> None:
        """Take a level from a digit: 无 goes on to the next student, any other asks for words at once."""
        grid, reason = self._page.grid, self.reason()
        if grid is None or reason is None or not 0 <= row < len(grid.rows):
            return
        person = grid.rows[row]
        column = self._page.table.currentIndex().column()

        def write() -> None:
            with self._session.initiated_by(self._page):
                if level == LEVELS[0] and person.note is None:
                    mark_normal(
                        self._session.ledger_file, [person.student_id], grid.month, teacher=grid.teacher,
                        correction=reason,
                    )  # fmt: skip
                elif person.note is None or person.note["difficulty"] != level:
                    write_note(
                        self._session.ledger_file, person.student_id, grid.month, {"difficulty": level},
                        note_id=person.note_id, teacher=grid.teacher, correction=reason,
                    )  # fmt: skip

        if not self._session.attempt(write):
            return
        self._after_write()
        self._asking = person.student_id
        self._page.table.follow(self.where_next(row, column) or (row, column, False))

    def where_next(self, row: int, column: int) -> Target | None:
        """Return where Enter goes after a digit: to what the exception still lacks, else to the next student."""
        grid = self._page.grid
        if grid is None or self._asking is None or grid.rows[row].student_id != self._asking:
            return None
        wanted = [AT[name] for name in grid.rows[row].needs]
        if wanted and wanted[0] != column:
            return row, wanted[0], True
        self._asking = None
        return min(row + 1, len(grid.rows) - 1), NAME_AT, False

    def open_note(self) -> None:
        """Open all fields of the current student's note (F2 on the name)."""
        row = self._page.table.current_row()
        grid, reason = self._page.grid, self.reason()
        if grid is None or reason is None or not 0 <= row < len(grid.rows):
            return
        person = grid.rows[row]
        if self._session.prompts.run(NoteDialog(self._page.window(), self._session, grid, person, reason)):
            self._session.say(f"已存下：{person.name} {int(grid.month[5:])}月监测")

    def mark_rest_normal(self) -> None:
        """Write a normal note for everybody of the class at whom nobody has looked."""
        grid, reason = self._page.grid, self.reason()
        if grid is None or reason is None or not grid.missing:
            return
        ids = [row.student_id for row in grid.missing]
        done = self._session.attempt(
            lambda: mark_normal(
                self._session.ledger_file, ids, grid.month, teacher=grid.teacher, correction=reason
            )
        )
        if done:
            self._session.say(f"{grid.class_name} {len(ids)} 人记为正常")

    def paste(self) -> None:
        """Lay what was copied over the grid from the current cell on (Ctrl+V)."""
        now, grid, reason = self._page.table.currentIndex(), self._page.grid, self.reason()
        if grid is not None and reason is not None and now.isValid():
            self.class_of |= dict.fromkeys((one.student_id for one in grid.rows), self._page.class_id)
            paste_into(self._session, self._page.model, grid, now.row(), now.column(), reason)

    def copy_last_month(self) -> None:
        """Copy last month's texts into the empty cells of the current student."""
        row = self._page.table.current_row()
        grid, reason = self._page.grid, self.reason()
        if grid is None or reason is None or not 0 <= row < len(grid.rows):
            return
        person = grid.rows[row]
        values = person.left_from_last_month
        if not values:
            self._session.say(tr("上月没有可抄的，或者这个月都填了。"), undo=False)
            return
        if self._session.attempt(
            lambda: write_note(
                self._session.ledger_file, person.student_id, grid.month, values,
                note_id=person.note_id, teacher=grid.teacher, correction=reason,
            )
        ):  # fmt: skip
            self._session.say(f"{person.name}：照抄上月 {len(values)} 格")
