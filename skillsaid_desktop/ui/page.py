"""What all pages have in common: head, strip, body, footer; being stale; status, help, export and print."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QMenu, QVBoxLayout, QWidget

from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import FooterBar, PageHead
from skillsaid_desktop.ui.widgets.notices import Strip
from skillsaid_desktop.ui.widgets.text import Line, set_ground


class Page(QWidget):
    """A page of the window; see the package's docstring for how one is made."""

    title: str = ""
    entities: frozenset[str] = frozenset()
    """Tables whose change makes the page stale; empty means any change."""
    follows_month: bool = False
    """Whether another 统计月 makes it stale."""
    help_text: str = ""
    """F1: what the page is for, the first three things to do, the keys; half a screen."""

    status_changed = Signal()
    find_wanted = Signal()
    """Ctrl+F on a page without a search field of its own."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._is_stale = True
        self.is_painted = False
        set_ground(self, "surface")
        self.head = PageHead(self.title)
        self.strip = Strip("information", "")
        self.strip.hide()
        self.footer: FooterBar | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self.head_column: QBoxLayout = self._layout
        """Where the head stands, first, unless it shares the command bar's row."""
        self._layout.addWidget(self.head)
        self._layout.addWidget(self.strip)
        self._body_at = self._layout.count()

    # What a page fills in

    def reload(self) -> None:
        """Read what is shown anew from the ledger; called when the page is shown and stale."""

    def open_with(self, params: Mapping[str, object]) -> None:
        """Take the parameters of `session.navigate`; called after the page is shown and read."""

    def status(self) -> tuple[str, ...]:
        """Return the left parts of the status line: rows shown, selection, sum."""
        return ()

    def set_room(self, width: int, height: int) -> None:
        """Lay out for a window of this size (DESIGN section 8)."""

    def can_leave(self) -> bool:
        """Tell whether the page may be left; a page that stores at once always may."""
        return True

    def waiting_cells(self) -> int:
        """Return how many typed cells could not be stored and wait to be mended (待改)."""
        return 0

    def main_act(self) -> None:
        """Do the page's main button (Ctrl+Enter)."""

    def new_record(self) -> None:
        """Start a new record (Ctrl+N)."""

    def fill_more(self, menu: QMenu) -> None:
        """Put the acts that have no button in the head into a menu (更多)."""

    def find_here(self) -> None:
        """Put the cursor into the page's search field (Ctrl+F); into that of the window where a page has none."""
        self.find_wanted.emit()

    def export(self) -> None:
        """Export what is on screen (Ctrl+E)."""

    def print_out(self) -> None:
        """Print what is on screen (Ctrl+P)."""

    def import_file(self) -> None:
        """Import into this page (Ctrl+I)."""

    def next_problem(self, step: int) -> None:
        """Go to the next problem (F8, step 1) or the previous one (Shift+F8, step -1)."""

    def toggle_numbers(self) -> None:
        """Show the numbers of the record in sight, or mask them again (Ctrl+Shift+H)."""

    # What pages call

    def set_body(self, body: QWidget) -> None:
        """Put the page's content under head and strip."""
        self._layout.addWidget(body, 1)

    def add_under_head(self, widget: QWidget) -> None:
        """Put a row (filters, tabs) between strip and body."""
        self._layout.insertWidget(self._body_at, widget)
        self._body_at += 1

    def set_footer(self, footer: FooterBar) -> None:
        """Put the bar for what commits at the bottom; call it after `set_body`."""
        self.footer = footer
        self._layout.addWidget(footer)

    def add_head_line(self) -> None:
        """Draw the line under the head, for pages whose body is no table."""
        self.add_under_head(Line())

    # What the window calls

    def lend_head(self) -> PageHead:
        """Give the head away, to stand in the command bar's row of a low window."""
        if self.head_column.indexOf(self.head) >= 0:
            self.head_column.removeWidget(self.head)
            self._body_at -= self.head_column is self._layout
        return self.head

    def take_head_back(self) -> None:
        """Put the head over the page again."""
        if self.head_column.indexOf(self.head) < 0:
            self.head_column.insertWidget(0, self.head)
            self._body_at += self.head_column is self._layout
            self.head.show()

    def mark_stale(self) -> None:
        """Reload now if in sight, else when shown next."""
        self._is_stale = True
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Reload if stale."""
        if self._is_stale:
            self._is_stale = False
            self.reload()
            self.status_changed.emit()

    def concerns(self, entities: frozenset[str]) -> bool:
        """Tell whether a change of these tables touches what is shown."""
        return not self.entities or bool(self.entities & entities)

    def showEvent(self, event: QShowEvent) -> None:
        self.refresh()
        super().showEvent(event)
