"""The household of a student in his drawer: head, place, siblings in school, and the way there."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop.services.household_file import household_of
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.text import Label, Line


class HouseholdBox(QWidget):
    """Shows nothing for a student who belongs to no household."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._household_id: int | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(Label(tr("户"), role="section"))
        head.addStretch(1)
        self.open_button = Button(tr("看这一户"), self.open_household, kind="link")
        head.addWidget(self.open_button)
        column.addLayout(head)
        self.home = Label(wraps=True)
        column.addWidget(self.home)
        self._siblings = QVBoxLayout()
        self._siblings.setSpacing(2)
        column.addLayout(self._siblings)
        column.addWidget(Line())
        self.hide()

    def show_student(self, student_id: int | None) -> None:
        """Show the household of a student."""
        while self._siblings.count():
            item = self._siblings.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        found = None
        if student_id is not None:
            with self._session.ledger_file.reading() as reading:
                found = household_of(reading, student_id, self._session.as_of)
        self._household_id = found.household_id if found else None
        self.setVisible(found is not None)
        if found is None:
            return
        relation = f"（{found.relation}）" if found.relation else ""
        self.home.setText("，".join(filter(None, (f"户主 {found.head_name}{relation}", found.place))))
        for one in found.siblings:
            box = QWidget()
            line = QHBoxLayout(box)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(8)
            line.addWidget(Label(tr("同户在校"), role="small", tone="text2"))
            go = partial(self._session.navigate, "students", {"student": one.student_id})
            line.addWidget(Button(one.name, go, kind="link"))
            state = "" if one.state == "在读" else f"　{one.state}"
            line.addWidget(Label(f"{one.class_name}{state}", role="small", tone="text2"))
            line.addStretch(1)
            self._siblings.addWidget(box)

    def open_household(self) -> None:
        """Go to the household."""
        if self._household_id is not None:
            self._session.navigate("households", {"record": self._household_id})
