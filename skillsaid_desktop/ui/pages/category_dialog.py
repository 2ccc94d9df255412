"""One dated category of a student: which, from when, until when, on what paper."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from skillsaid_desktop.ledgers import HARDSHIP, listing
from skillsaid_desktop.schema.types import Words
from skillsaid_desktop.ui.dialogs.storing_dialog import StoringDialog
from skillsaid_desktop.ui.forms.record_form import FormArea, RecordForm
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import DRAWER_MARGIN

_WHO = ("student_name", "document_number", "class_name")


class CategoryDialog(StoringDialog):
    """Adds a row of the hardship ledger, or changes one."""

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        student: Mapping[str, Any],
        words: Words,
        row: Mapping[str, Any] | None,
    ) -> None:
        super().__init__(parent, tr("身份类别") + f" — {student['name']}")
        self._session, self._student, self._row = session, student, row
        self.stored_as = ""
        fields = [field for field in HARDSHIP.fields if field.typed and field.name not in _WHO]
        self.form = RecordForm(fields, words)
        if row is not None:
            self.form.set_values(row)
        is_known = row is not None
        self.lay_out(
            FormArea(self.form), note=tr("改动可以撤销（Ctrl+Z）"), safe=tr("不改") if is_known else tr("不加"),
            act=tr("改好存下") if is_known else tr("加这一条"), width=480, height=560, margin=DRAWER_MARGIN,
        )  # fmt: skip

    def perform(self) -> None:
        values: dict[str, Any] = {name: editor.text() for name, editor in self.form.editors.items()}
        if self._row is None:
            values = {name: text for name, text in values.items() if text}
        values["student_name"] = self._student["name"]
        values["document_number"] = self._student.get("document_number")
        values["class_name"] = self._student.get("class_name")
        record_id = int(self._row["id"]) if self._row is not None else None
        context = listing.form_context(record_id=record_id, as_of=self._session.as_of)
        act = tr("改身份类别") if self._row is not None else tr("登记身份类别")
        with self._session.ledger_file.operation(f"{act} {self._student['name']}") as uow:
            listing.write(uow, HARDSHIP, values, record_id, context)
        self.stored_as = str(values.get("category", ""))
