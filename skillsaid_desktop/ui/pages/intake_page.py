"""What the pages that take lists in share: long work that ends, is refused or is stopped."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.widgets.bars import FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.steps import Steps


class IntakePage(Page):
    """A page whose filled button waits while a list is read or stored."""

    main_button: Button

    def lay_out_steps(self, steps: Sequence[str], panes: Sequence[QWidget]) -> None:
        """Put the steps into the head, a pane for each below, and in the footer the way back and the filled button."""
        self.steps = Steps(steps)
        self.head.add_act(self.steps)
        self.add_head_line()
        self.stack = QStackedWidget()
        for pane in panes:
            self.stack.addWidget(pane)
        self.set_body(self.stack)
        footer = FooterBar()
        self.set_footer(footer)
        self.back_button = Button(tr("上一步"), self.start_over)
        self.main_button = Button("", self.main_act, kind="main")
        footer.add(self.back_button)
        footer.add(self.main_button)

    def start_over(self) -> None:
        """Go back to the first step; nothing has been written yet."""

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
