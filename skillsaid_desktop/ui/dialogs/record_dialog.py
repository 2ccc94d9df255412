"""新增: the form of a new record; nothing is stored until its named act."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QWidget

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.types import Words
from skillsaid_desktop.ui.dialogs.storing_dialog import StoringDialog
from skillsaid_desktop.ui.forms.record_form import FormArea, RecordForm
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.bars import DRAWER_MARGIN


class RecordDialog(StoringDialog):
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
        super().__init__(parent, f"{title} — {ledger.title}")
        self._store = store
        self.stored_as = ""
        ordered = [f for f in fields if f.required] + [f for f in fields if not f.required]
        self.form = RecordForm(ordered, words)
        act = tr("新增") + ledger.title.removesuffix("台账")
        self.lay_out(
            FormArea(self.form),
            note=tr("新增后可以撤销（Ctrl+Z）"),
            safe=tr("不新增"),
            act=act,
            width=560,
            height=640,
            margin=DRAWER_MARGIN,
        )

    def perform(self) -> None:
        missing = [e.field.title for e in self.form.editors.values() if e.field.required and not e.text()]
        if missing:
            raise UserError(f"还没有填：{'、'.join(missing)}。")
        self.stored_as = self._store(self.form.values())
