"""The frame of every dialog that stores something: body, footer with the named act, refusals over the body."""

from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.dialog import Dialog
from skillsaid_desktop.ui.widgets.notices import Strip


class StoringDialog(Dialog):
    """One of its own calls `lay_out` when its parts are made, and gives `perform`."""

    def __init__(self, parent: QWidget | None, title: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.strip = Strip("stopped", "")
        self.strip.hide()

    def lay_out(
        self, body: QWidget | QLayout, *, note: str, safe: str, act: str, width: int, height: int,
        margin: int = PAGE_MARGIN,
    ) -> None:  # fmt: skip
        """Put body and footer in place; `safe` gives up, `act` stores. Sizes in pixels, less in a small window.

        `margin` is where the body's own content starts, so that the footer's does, too.
        """
        self.footer = FooterBar(note, margin=margin)
        self.cancel = Button(safe, self.reject)
        self.act = Button(act, self.store, kind="main")
        self.act.setDefault(True)
        self.footer.add(self.cancel)
        self.footer.add(self.act)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.strip)
        if isinstance(body, QWidget):
            layout.addWidget(body, 1)
        else:
            layout.addLayout(body, 1)
        layout.addWidget(self.footer)
        parent = self.parentWidget()
        if parent is not None:
            width, height = min(width, parent.width() - 40), min(height, parent.height() - 40)
        self.resize(width, height)

    def perform(self) -> None:
        """Do the act; UserError leaves the dialog open with its sentence."""
        raise NotImplementedError

    def store(self) -> None:
        """Do the act and close; what was typed stays where it was if it can not be done."""
        try:
            self.perform()
        except UserError as error:
            self.strip.say("stopped", str(error))
            self.strip.show()
            return
        self.accept()
