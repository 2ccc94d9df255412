"""One dated category of a student: which, from when, until when, on what paper."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import HARDSHIP, listing
from skillsaid_desktop.schema.types import Words
from skillsaid_desktop.ui.forms.record_form import FormArea, RecordForm
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import DRAWER_MARGIN, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.notices import Strip

_WHO = ("student_name", "document_number", "class_name")


class CategoryDialog(QDialog):
    """Adds a row of the hardship ledger, or changes one."""

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        student: Mapping[str, Any],
        words: Words,
        row: Mapping[str, Any] | None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("身份类别") + f" — {student['name']}")
        self._session, self._student, self._row = session, student, row
        self.stored_as = ""
        fields = [field for field in HARDSHIP.fields if field.typed and field.name not in _WHO]
        self.form = RecordForm(fields, words)
        if row is not None:
            self.form.set_values(row)
        self.strip = Strip("stopped", "")
        self.strip.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.strip)
        layout.addWidget(FormArea(self.form), 1)
        footer = FooterBar(tr("改动可以撤销（Ctrl+Z）"), margin=DRAWER_MARGIN)
        footer.add(Button(tr("不改") if row is not None else tr("不加"), self.reject))
        self.act = Button(tr("改好存下") if row is not None else tr("加这一条"), self.store, kind="main")
        self.act.setDefault(True)
        footer.add(self.act)
        layout.addWidget(footer)
        room = parent.height() - 40 if parent is not None else 560
        self.resize(480, min(560, room))

    def store(self) -> None:
        """Store the row; a refusal is shown over the form."""
        values: dict[str, Any] = {name: editor.text() for name, editor in self.form.editors.items()}
        if self._row is None:
            values = {name: text for name, text in values.items() if text}
        values["student_name"] = self._student["name"]
        values["document_number"] = self._student.get("document_number")
        values["class_name"] = self._student.get("class_name")
        record_id = int(self._row["id"]) if self._row is not None else None
        context = listing.form_context(record_id=record_id, as_of=self._session.as_of)
        act = tr("改身份类别") if self._row is not None else tr("登记身份类别")
        try:
            with self._session.ledger_file.operation(f"{act} {self._student['name']}") as uow:
                listing.write(uow, HARDSHIP, values, record_id, context)
        except UserError as error:
            self.strip.say("stopped", str(error))
            self.strip.show()
            return
        self.stored_as = str(values.get("category", ""))
        self.accept()
