"""新增: the form of a new record; nothing is stored until its named act."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.types import Words
from skillsaid_desktop.ui.forms.record_form import FormArea, RecordForm
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.bars import DRAWER_MARGIN, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.notices import Strip


class RecordDialog(QDialog):
    """Required fields first; `store` raises UserError, which is shown over the form."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        ledger: Ledger,
        fields: Sequence[Field],
        words: Words | None,
        store: Callable[[Mapping[str, str]], str],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{title} — {ledger.title}")
        self._store = store
        self.stored_as = ""
        ordered = [f for f in fields if f.required] + [f for f in fields if not f.required]
        self.form = RecordForm(ordered, words)
        self.strip = Strip("stopped", "")
        self.strip.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.strip)
        layout.addWidget(FormArea(self.form), 1)
        footer = FooterBar(tr("新增后可以撤销（Ctrl+Z）"), margin=DRAWER_MARGIN)
        self.cancel = Button(tr("不新增"), self.reject)
        self.act = Button(tr("新增") + ledger.title.removesuffix("台账"), self._on_act, kind="main")
        self.act.setDefault(True)
        footer.add(self.cancel)
        footer.add(self.act)
        layout.addWidget(footer)
        room = parent.height() - 40 if parent is not None else 640
        self.resize(560, min(640, room))

    def _on_act(self) -> None:
        values = self.form.values()
        missing = [e.field.title for e in self.form.editors.values() if e.field.required and not e.text()]
        if missing:
            self.strip.say("stopped", f"还没有填：{'、'.join(missing)}。")
            self.strip.show()
            return
        try:
            self.stored_as = self._store(values)
        except UserError as error:
            self.strip.say("stopped", str(error))
            self.strip.show()
            return
        self.accept()
