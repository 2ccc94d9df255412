"""What the pages that take lists in share: long work that ends, is refused or is stopped."""

from collections.abc import Callable
from typing import Any

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.widgets.buttons import Button


class IntakePage(Page):
    """A page whose filled button waits while a list is read or stored."""

    main_button: Button

    def run_long(self, name: str, work: Callable[[Progress], object], done: Callable[[Any], object]) -> None:
        """Start the work; `done` gets what it returns and lets the button go again with `set_busy(False)`."""
        self.set_busy(True)
        self.session.tasks.run(name, work, done=done, refused=self.on_refused, cancelled=self._on_stopped)

    def set_busy(self, busy: bool) -> None:
        """Stop or release the filled button."""
        self.main_button.setEnabled(not busy)
        self.strip.hide()

    def on_refused(self, error: UserError) -> None:
        """Say on the page why it was refused."""
        self.set_busy(False)
        self.strip.say("stopped", str(error))
        self.strip.show()
        self.status_changed.emit()

    def _on_stopped(self) -> None:
        self.set_busy(False)
        self.session.say(tr("停下了，台账没有改动。"), undo=False)
