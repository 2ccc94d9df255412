"""The whole note of a student in a month: every field of it, also those that the grid has no room for."""

from PySide6.QtWidgets import QWidget

from skillsaid_desktop import clock
from skillsaid_desktop.ledgers import MONITORING
from skillsaid_desktop.services.monitoring import GridRow, MonitoringGrid, write_note
from skillsaid_desktop.ui.dialogs.storing_dialog import StoringDialog
from skillsaid_desktop.ui.forms.record_form import FormArea, RecordForm
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.removing import remove_records
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import DRAWER_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button

_GIVEN = frozenset({"student_name", "class_name", "document_number", "month"})


class NoteDialog(StoringDialog):
    """What is stored stands in the fields; only what was changed is written, as one step."""

    def __init__(
        self, parent: QWidget | None, session: Session, grid: MonitoringGrid, person: GridRow, correction: str
    ) -> None:
        super().__init__(parent, f"{person.name}　{int(grid.month[5:])}月监测")
        self._session, self._grid, self._person, self._correction = session, grid, person, correction
        with session.ledger_file.reading() as reading:
            words = reading.policy.words(session.as_of)
        fields = [field for field in MONITORING.fields if field.typed and field.name not in _GIVEN]
        self.form = RecordForm(fields, words)
        day = min(max(clock.today(), grid.from_on), grid.to_on)
        fresh = {"noted_on": day, "noted_by": grid.teacher or session.ledger_file.user, "difficulty": "无"}
        self.form.set_values(person.note or fresh)
        self._before = {name: editor.text() for name, editor in self.form.editors.items()}
        self.lay_out(
            FormArea(self.form), note=tr("改动可以撤销（Ctrl+Z）"), safe=tr("不改"), act=tr("改好存下"),
            width=520, height=640, margin=DRAWER_MARGIN,
        )  # fmt: skip
        if person.note_id is not None:
            self.footer.add_left(Button(tr("删除这一条…"), self.remove, kind="link"))

    def remove(self) -> None:
        """Delete the note, after saying what hangs on it; the student counts as not looked at again."""
        month = f"{self._person.name} {int(self._grid.month[5:])}月"
        if self._person.note_id is not None and remove_records(
            self._session, MONITORING, [self._person.note_id], month
        ):
            self.reject()

    def _changed(self) -> dict[str, str]:
        """Return what was typed that is not stored yet."""
        typed = {name: editor.text() for name, editor in self.form.editors.items()}
        is_new = self._person.note_id is None
        return {
            name: text
            for name, text in typed.items()
            if (bool(text) if is_new else text != self._before[name])
        }

    def store(self) -> None:
        if self._changed():
            super().store()
        else:
            self.reject()

    def perform(self) -> None:
        write_note(
            self._session.ledger_file, self._person.student_id, self._grid.month, self._changed(),
            note_id=self._person.note_id, teacher=self._grid.teacher, correction=self._correction,
        )  # fmt: skip
