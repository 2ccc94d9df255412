"""记一笔: one talk, call or visit of a leader with a student; day and form are there already, the rest is a few lines."""

from PySide6.QtWidgets import QWidget

from skillsaid_desktop import clock
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import CONTACTS
from skillsaid_desktop.schema import Field
from skillsaid_desktop.services.pairings import PairingStanding, record_contact
from skillsaid_desktop.ui.dialogs.act_dialog import ActDialog
from skillsaid_desktop.ui.forms.editors import DateEditor, FieldEditor, LongEditor, make_editor
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import ChoiceRow
from skillsaid_desktop.ui.widgets.text import Label

LINES = (
    "place", "situation", "difficulties", "measure", "responsible", "due_on", "amount_fen", "effect", "next_plan",
)  # fmt: skip
OF_MEASURE = ("responsible", "due_on")
SHORT = {"situation": "谈了什么"}


class ContactDialog(ActDialog):
    """What stands in the dialog goes through the ledger's own plan, so a list and this form know the same rules."""

    def __init__(self, parent: QWidget | None, session: Session, pairing: PairingStanding) -> None:
        super().__init__(
            parent,
            session,
            title=tr("记一笔"),
            act=tr("记下"),
            safe=tr("不记"),
            note=tr("记下后可以撤销（Ctrl+Z）"),
        )
        self.pairing = pairing
        with session.ledger_file.reading() as reading:
            words = reading.policy.words(clock.today())
        self.rows.column.addWidget(Label(f"{pairing.leader} 和 {pairing.who}", role="section2"))
        last = (
            f"上次联系 {pairing.last_on}，{pairing.days} 天前" if pairing.last_on else "结对以来还没有联系过"
        )
        said = f"：{pairing.last_said}" if pairing.last_said else ""
        self.rows.column.addWidget(Label(f"{last}{said}", role="small", tone="text2", wraps=True))
        self.day = DateEditor(CONTACTS.column("contacted_on"))
        self.day.set_text(clock.today().isoformat())
        self.day.committed.connect(lambda _text: self.look_at(self.day.day()))
        self.form = ChoiceRow(words.values("form"))
        self.form.choose(words.values("form")[0])
        self.rows.add(tr("日期"), self.day)
        self.rows.add(tr("方式"), self.form)
        self.editors: dict[str, FieldEditor] = {}
        self._of_measure: list[QWidget] = []
        for name in LINES:
            field = CONTACTS.column(name)
            editor = _long(field) if name == "situation" else make_editor(field, words)
            self.editors[name] = editor
            row = self.rows.add(tr(SHORT.get(name, field.title)), editor)
            if name in OF_MEASURE:
                self._of_measure.append(row)
        self.editors["measure"].edited.connect(self._fit)
        self.end_rows()
        self._fit()
        self.look_at(self.day.day())
        self.editors["situation"].setFocus()

    def _fit(self) -> None:
        for row in self._of_measure:
            row.setVisible(bool(self.editors["measure"].text()))

    def perform(self) -> None:
        if self.day.day() is None:
            raise UserError("还没有写是哪天联系的。", "请写成 2025-11-05，也可以写 20251105 或 2025.11.5。")
        values = {name: text for name, editor in self.editors.items() if (text := editor.text())}
        if not self.editors["measure"].text():
            values = {name: text for name, text in values.items() if name not in OF_MEASURE}
        record_contact(
            self.session.ledger_file, self.pairing,
            {"contacted_on": self.day.text(), "form": self.form.value(), **values}, self.late.text(),
        )  # fmt: skip


def _long(field: Field) -> LongEditor:
    """Return an editor with room for four lines: what was said is the heart of the matter."""
    editor = LongEditor(field)
    editor.area.setFixedHeight(editor.area.fontMetrics().height() * 4 + 18)
    return editor


def record_for(session: Session, parent: QWidget, pairing: PairingStanding) -> bool:
    """Open the dialog for a pairing; say what was kept."""
    dialog = ContactDialog(parent, session, pairing)
    if not session.prompts.run(dialog):
        return False
    session.say(f"已记一笔：{pairing.leader} {pairing.student} {dialog.form.value()}")
    return True
