"""The counts of a ledger page's status line: how many rows there are in all, and how those in sight split."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.ledgers.listing import ListQuery, count_rows
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.reading_beside import ReadingBeside
from skillsaid_desktop.ui.session import Session

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

Split = Callable[["Reading", ListQuery, Sequence[int]], str]
"""Says how the rows of a query, by their ids, split; it may be asked in another thread."""

AT_ONCE = 5_000
"""Rows that are counted sooner than another thread would begin."""


class RowCounts(QObject):
    """Counts when the status line asks, once for each reading of the page; beside the window where rows are many."""

    arrived = Signal()

    def __init__(self, session: Session, ledger: Ledger, split: Split) -> None:
        super().__init__()
        self._session, self._ledger, self._split = session, ledger, split
        self.total: int | None = None
        """How many rows the page could show; None while they are being counted."""
        self.split = ""
        self._is_of_all = True
        self._wanted: tuple[ListQuery, Sequence[int]] | None = None
        self._beside = ReadingBeside(session.tasks, self)
        self._beside.arrived.connect(self._take)

    def forget(self) -> None:
        """Count all rows anew with the next reading: the ledger has changed."""
        self.total = None

    def want(self, query: ListQuery, ids: Sequence[int]) -> None:
        """Take these rows as those in sight; they are counted when the status line is written."""
        # Those here on that day, or everybody where those gone are in sight, too.
        is_of_all = not query.here_only or query.only is not None
        if is_of_all is not self._is_of_all:
            self.total = None
        self._is_of_all = is_of_all
        self._wanted = (query, list(ids))
        self.split = ""
        self._beside.drop()  # its answer would be told of these rows

    def bring(self) -> None:
        """Count what is wanted, or begin to; `arrived` tells what comes later."""
        if self._wanted is None:
            return
        (query, ids), self._wanted = self._wanted, None
        whole = ListQuery(as_of=query.as_of, here_only=not self._is_of_all)
        ledger_file, ledger, split, known = self._session.ledger_file, self._ledger, self._split, self.total

        def count() -> tuple[int, str]:
            with ledger_file.reading() as reading:
                total = count_rows(reading, ledger, whole) if known is None else known
                return total, split(reading, query, ids)

        if max(len(ids), known or 0) <= AT_ONCE:
            self.total, self.split = count()
        else:
            self._beside.ask(tr("正在数行数"), lambda _progress: count(), is_quiet=True)

    def _take(self, counted: tuple[int, str]) -> None:
        self.total, self.split = counted
        self.arrived.emit()
