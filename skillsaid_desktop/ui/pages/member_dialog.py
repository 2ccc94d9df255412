"""One member of a household: a new one is stored by its act, a known one field by field as in the drawer."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from skillsaid_desktop.ledgers import listing
from skillsaid_desktop.ledgers.household_members import MEMBERS
from skillsaid_desktop.schema import Field
from skillsaid_desktop.ui.dialogs.record_dialog import RecordDialog
from skillsaid_desktop.ui.forms.field_writing import write_field
from skillsaid_desktop.ui.forms.record_form import FormArea, RecordForm
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.removing import remove_records
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import DRAWER_MARGIN, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.dialog import Dialog


class MemberDialog(Dialog):
    """Changes a member; each field is stored when it is left."""

    def __init__(self, parent: QWidget | None, session: Session, row: Mapping[str, Any], home: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{tr('家庭成员')} — {home}")
        self._session, self._id, self._name = session, int(row["id"]), str(row["member_name"])
        with session.ledger_file.reading() as reading:
            words = reading.policy.words(session.as_of)
        self.form = RecordForm(MEMBERS.fields, words, store=self._store, on_shown=self._log_shown)
        self.form.set_values(row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(FormArea(self.form), 1)
        footer = FooterBar(tr("改完就存，可以撤销（Ctrl+Z）"), margin=DRAWER_MARGIN)
        self.remove = Button(tr("删除这名成员…"), self._remove, kind="danger")
        self.close_button = Button(tr("关上"), self.accept, kind="main")
        footer.add(self.remove)
        footer.add(self.close_button)
        layout.addWidget(footer)
        room = parent.height() - 40 if parent is not None else 460
        self.resize(520, min(460, room))

    def _store(self, field: Field, text: str) -> None:
        write_field(self._session, MEMBERS, self._id, field, text, self._name)

    def _log_shown(self, field: Field) -> None:
        with self._session.ledger_file.operation(f"显示{field.title} {self._name}") as uow:
            uow.log_note(tr("在窗口里显示"))

    def _remove(self) -> None:
        if remove_records(self._session, MEMBERS, [self._id], self._name):
            self.accept()


def add_member(session: Session, parent: QWidget, household_id: int, home: str) -> None:
    """Open the form of a new member of a household."""
    with session.ledger_file.reading() as reading:
        words = reading.policy.words(session.as_of)
    fields = [field for field in MEMBERS.fields if field.typed]
    store = partial(_store_new, session, household_id, home)
    dialog = RecordDialog(parent, tr("加家庭成员"), MEMBERS, fields, words, store)
    if session.prompts.run(dialog):
        session.say(f"已加进{home}的户：{dialog.stored_as}")


def edit_member(session: Session, parent: QWidget, member_id: int, home: str) -> None:
    """Open the form of a member."""
    with session.ledger_file.reading() as reading:
        rows = listing.fetch_rows(reading, MEMBERS, [member_id], session.as_of)
    if rows:
        session.prompts.run(MemberDialog(parent, session, rows[0], home))


def _store_new(session: Session, household_id: int, home: str, values: Mapping[str, str]) -> str:
    context = listing.form_context(as_of=session.as_of)
    with session.ledger_file.operation(f"加家庭成员 {values.get('member_name', '')}（{home}的户）") as uow:
        planned = listing.write(uow, MEMBERS, {**values, "household_id": str(household_id)}, None, context)
    return planned.who
