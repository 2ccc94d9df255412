"""A dialog for one act: what is entered, what follows beside it, and the named button; a refusal stands over the form."""

from datetime import date

from PySide6.QtWidgets import QBoxLayout, QWidget

from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.types import Text
from skillsaid_desktop.services.pairings import closed_month_of
from skillsaid_desktop.ui.dialogs.form_rows import FormRows, scrolled
from skillsaid_desktop.ui.dialogs.storing_dialog import StoringDialog
from skillsaid_desktop.ui.forms.editors import LineEditor
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.text import Line, set_ground

LATE = Field(name="correction", title="为什么现在才登记", type=Text())
NARROW = 640


class ActDialog(StoringDialog):
    """Rows at the left, and where the act has consequences, what follows at the right.

    A page of its own gives the rows, `perform` and, if the day can lie in a closed month, calls `look_at`.
    """

    def __init__(
        self, parent: QWidget | None, session: Session, *, title: str, act: str, safe: str, note: str,
        width: int = 560, height: int = 620, side: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent, title)
        self.session = session
        self.rows = FormRows()
        self.late = LineEditor(LATE)
        self._late_row: QWidget | None = None
        halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        halves.setSpacing(0)
        halves.addWidget(scrolled(self.rows), 1)
        room = parent.width() - 40 if parent is not None else width
        if side is not None:
            is_narrow = min(width, room) < NARROW
            if is_narrow:
                halves.setDirection(QBoxLayout.Direction.TopToBottom)
            set_ground(side, "sunken")
            halves.addWidget(Line(vertical=not is_narrow))
            halves.addWidget(scrolled(side), 1)
        self.lay_out(halves, note=note, safe=safe, act=act, width=width, height=height)

    def end_rows(self) -> None:
        """Put the reason for a late entry under the rows; it shows itself where one is wanted."""
        self._late_row = self.rows.add(tr(LATE.title), self.late)
        self._late_row.hide()
        self.rows.column.addStretch(1)

    def look_at(self, day: date | None) -> None:
        """Ask for the reason if a day lies in a closed month."""
        month = ""
        if day is not None:
            with self.session.ledger_file.reading() as reading:
                month = closed_month_of(reading, day)
        if self._late_row is not None:
            self._late_row.setVisible(bool(month))
        if month:
            self.strip.say("attention", f"{month}已封账。登记会列为更正，已报出的数字不变，请写原因。")
        self.strip.setVisible(bool(month))
