"""The form of one record, made from a ledger's fields; each field is stored when it is left, one undo step each."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.field import Privacy
from skillsaid_desktop.schema.types import Words
from skillsaid_desktop.ui.forms.editors import FieldEditor, make_editor
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.fields import MaskedNumber
from skillsaid_desktop.ui.widgets.notices import Icon
from skillsaid_desktop.ui.widgets.text import Label, set_ground

LABEL_WIDTH = 84


class RecordForm(QWidget):
    """Labels left, fields right. `store(field, text)` raises UserError when a value can't be kept."""

    def __init__(
        self,
        fields: Sequence[Field],
        words: Words | None,
        *,
        store: Callable[[Field, str], object] | None = None,
        on_shown: Callable[[Field], object] | None = None,
    ) -> None:
        super().__init__()
        set_ground(self, "surface")
        self.editors: dict[str, FieldEditor] = {}
        self._masks: dict[str, tuple[MaskedNumber, FieldEditor, Field]] = {}
        self._plain: dict[str, tuple[Label, Field]] = {}
        self._ticks: dict[str, Icon] = {}
        self._store = store
        self._on_shown = on_shown
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 12, 16, 16)
        self.column.setSpacing(8)
        for field in fields:
            self.column.addLayout(self._row(field, words))
        self.column.addStretch(1)

    def _row(self, field: Field, words: Words | None) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        title = field.title + ("（必填）" if field.required and self._store is None else "")
        label = Label(title, tone="text2", wraps=True)
        label.setFixedWidth(LABEL_WIDTH if self._store is not None else 120)
        label.setMinimumHeight(30)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        if not field.typed:
            value = Label(wraps=True)
            value.setMinimumHeight(30)
            self._plain[field.name] = (value, field)
            row.addWidget(value, 1)
            return row
        editor = make_editor(field, words)
        if field.help and self._store is None:
            editor.say(field.help)
        self.editors[field.name] = editor
        if self._store is not None:
            editor.committed.connect(lambda text, field=field: self._commit(field, text))
        part: QWidget = editor
        if field.privacy is Privacy.NUMBER and self._store is not None:
            part = mask = MaskedNumber(editor=editor)
            mask.setMinimumHeight(30)
            self._masks[field.name] = (mask, editor, field)
        row.addWidget(part, 1)
        tick = Icon("checkmark", "good")
        policy = tick.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        tick.setSizePolicy(policy)
        tick.hide()
        self._ticks[field.name] = tick
        row.addWidget(tick)
        return row

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show a record; its numbers are masked until 显示, then they can be changed."""
        for name, (label, field) in self._plain.items():
            label.setText(field.type.format(values.get(name)) or "—")
        for name, editor in self.editors.items():
            if not (editor.part.hasFocus() and editor.note()):
                editor.set_text(editor.field.type.format(values.get(name)))
                editor.say("")
        for mask, _editor, field in self._masks.values():
            text = field.type.format(values.get(field.name))
            mask.set_number(text, partial(self._show_number, field))

    def toggle_numbers(self) -> None:
        """Show all numbers of the record, or mask them again."""
        masks = [mask for mask, _editor, _field in self._masks.values() if mask.has_number]
        cover = any(mask.is_shown for mask in masks)
        for mask in masks:
            if mask.is_shown == cover:
                mask.toggle()

    def _show_number(self, field: Field) -> None:
        if self._on_shown is not None:
            self._on_shown(field)

    def values(self) -> dict[str, str]:
        """Return what is typed, by field name, blanks left out."""
        return {name: editor.text() for name, editor in self.editors.items() if editor.text()}

    def _commit(self, field: Field, text: str) -> None:
        if self._store is None:
            return
        editor = self.editors[field.name]
        try:
            self._store(field, text)
        except UserError as error:
            editor.say(error.message, is_wrong=True)
            return
        editor.say("")
        tick = self._ticks[field.name]
        tick.show()
        QTimer.singleShot(1000, tick, tick.hide)


class FormArea(QScrollArea):
    """A form that scrolls when there is no room."""

    def __init__(self, form: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(form)
        self.setAccessibleName(tr("资料"))
