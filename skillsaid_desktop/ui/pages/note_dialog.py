"""The whole note of a student in a month: every field of it, also those that the grid has no room for."""

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from skillsaid_desktop import clock
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import MONITORING
from skillsaid_desktop.services.monitoring import GridRow, MonitoringGrid, write_note
from skillsaid_desktop.ui.forms.record_form import FormArea, RecordForm
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.removing import remove_records
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import DRAWER_MARGIN, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.notices import Strip

_GIVEN = frozenset({"student_name", "class_name", "document_number", "month"})


class NoteDialog(QDialog):
    """What is stored stands in the fields; only what was changed is written, as one step."""

    def __init__(
        self, parent: QWidget | None, session: Session, grid: MonitoringGrid, person: GridRow, correction: str
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{person.name}　{int(grid.month[5:])}月监测")
        self._session, self._grid, self._person, self._correction = session, grid, person, correction
        with session.ledger_file.reading() as reading:
            words = reading.policy.words(session.as_of)
        fields = [field for field in MONITORING.fields if field.typed and field.name not in _GIVEN]
        self.form = RecordForm(fields, words)
        day = min(max(clock.today(), grid.from_on), grid.to_on)
        fresh = {"noted_on": day, "noted_by": grid.teacher or session.ledger_file.user, "difficulty": "无"}
        self.form.set_values(person.note or fresh)
        self._before = {name: editor.text() for name, editor in self.form.editors.items()}
        self.strip = Strip("stopped", "")
        self.strip.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.strip)
        layout.addWidget(FormArea(self.form), 1)
        footer = FooterBar(tr("改动可以撤销（Ctrl+Z）"), margin=DRAWER_MARGIN)
        if person.note_id is not None:
            footer.add_left(Button(tr("删除这一条…"), self.remove, kind="link"))
        footer.add(Button(tr("不改"), self.reject))
        self.act = Button(tr("改好存下"), self.store, kind="main")
        self.act.setDefault(True)
        footer.add(self.act)
        layout.addWidget(footer)
        room = parent.height() - 40 if parent is not None else 640
        self.resize(520, min(640, room))

    def remove(self) -> None:
        """Delete the note, after saying what hangs on it; the student counts as not looked at again."""
        month = f"{self._person.name} {int(self._grid.month[5:])}月"
        if self._person.note_id is not None and remove_records(
            self._session, MONITORING, [self._person.note_id], month
        ):
            self.reject()

    def store(self) -> None:
        """Store what was changed; a refusal is shown over the form."""
        typed = {name: editor.text() for name, editor in self.form.editors.items()}
        note_id = self._person.note_id
        values = {
            name: text
            for name, text in typed.items()
            if (text != self._before[name] if note_id is not None else bool(text))
        }
        if not values:
            self.reject()
            return
        try:
            write_note(
                self._session.ledger_file, self._person.student_id, self._grid.month, values,
                note_id=note_id, teacher=self._grid.teacher, correction=self._correction,
            )  # fmt: skip
        except UserError as error:
            self.strip.say("stopped", str(error))
            self.strip.show()
            return
        self.accept()
