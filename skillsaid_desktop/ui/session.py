"""What every page is given: the open ledger, and the few things of the window that pages may use."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from skillsaid_desktop import clock
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ui.changes import ChangeSignal
from skillsaid_desktop.ui.prompts import Prompts
from skillsaid_desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from skillsaid_desktop.storage import LedgerFile
    from skillsaid_desktop.ui.file_acts import FileActs


class Session(QObject):
    """The open ledger, prompts, worker, changes, the month in hand, and the way to another page.

    `month` is "YYYY-MM" and holds for all pages; `as_of` is the last day of that month's period that has
    come, or the day chosen on a ledger page.
    """

    month_changed = Signal(str)
    as_of_changed = Signal(object)
    navigated = Signal(str, object)
    said = Signal(str, object)

    def __init__(
        self,
        ledger_file: "LedgerFile",
        *,
        prompts: Prompts,
        tasks: Tasks,
        changes: ChangeSignal,
        month: str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.ledger_file = ledger_file
        self.prompts = prompts
        self.tasks = tasks
        self.changes = changes
        self.month = month
        self.as_of: date = clock.today()

    @cached_property
    def files(self) -> "FileActs":
        """What can be done with files; made with the first pane that shows some."""
        from skillsaid_desktop.ui.file_acts import FileActs

        return FileActs(self)

    def wipe_copies(self) -> str:
        """Wipe the copies of files that were opened; return what is to be said of those still held, or ""."""
        return self.files.close() if "files" in self.__dict__ else ""

    def set_month(self, month: str) -> None:
        """Switch the month of all pages."""
        if month != self.month:
            self.month = month
            self.month_changed.emit(month)

    def set_as_of(self, day: date) -> None:
        """Look at all ledgers as of another day."""
        if day != self.as_of:
            self.as_of = day
            self.as_of_changed.emit(day)

    def navigate(self, page: str, params: Mapping[str, object] | None = None) -> None:
        """Open a page by its name in PAGES, with parameters for its `open_with`."""
        self.navigated.emit(page, dict(params or {}))

    def say(self, text: str, *, undo: bool = True) -> None:
        """Show a toast about what succeeded; `undo` offers to take the last operation back."""
        self.said.emit(text, undo)

    def initiated_by(self, view: object) -> AbstractContextManager[None]:
        """Name the view whose own edit is about to be committed."""
        return self.changes.initiated_by(view)

    def attempt(self, act: Callable[[], object]) -> bool:
        """Do a short act in the window's thread; a UserError is shown and gives False."""
        try:
            act()
        except UserError as error:
            self.prompts.error(error)
            return False
        return True
