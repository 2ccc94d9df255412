"""The drawer at the right of a ledger's table: the chosen record, saved field by field."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop.ledgers import listing
from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.schema import Field
from skillsaid_desktop.ui.forms.field_writing import write_field
from skillsaid_desktop.ui.forms.record_form import FormArea, RecordForm
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import IconButton
from skillsaid_desktop.ui.widgets.regions import Region, set_region
from skillsaid_desktop.ui.widgets.text import FactsLabel, Label, Line, set_ground


class RecordDrawer(QWidget):
    """Shows one record; `stepped` asks for the previous or next one."""

    closed = Signal()
    stepped = Signal(int)
    stored = Signal(int, str)  # record, field

    def __init__(self, session: Session, ledger: Ledger) -> None:
        super().__init__()
        set_region(self, Region.DRAWER)
        set_ground(self, "surface")
        self.session, self.ledger = session, ledger
        self.record_id: int | None = None
        self.values: dict[str, Any] = {}
        self.title = Label(role="title")
        self.facts = FactsLabel()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(self._head())
        self._form: RecordForm | None = None
        self._area: QWidget | None = None
        self._is_built = False

    def build(self) -> None:
        """Make the parts under the head, once: a form of fifty fields waits until a record is looked at."""
        if not self._is_built:
            self._is_built = True
            self.add_parts(self._column)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(16, 11, 12, 4)
        head.setSpacing(6)
        head.addWidget(self.title)
        head.addWidget(self.facts, 1)
        for icon, tip, act in (
            ("chevron_up", tr("上一个（Alt+↑）"), lambda: self.stepped.emit(-1)),
            ("chevron_down", tr("下一个（Alt+↓）"), lambda: self.stepped.emit(1)),
            ("dismiss", tr("关上（Esc）"), self.closed.emit),
        ):
            button = IconButton(icon, tip, act)
            button.setFixedWidth(26)
            head.addWidget(button)
        return head

    # What a drawer of its own may change

    def add_parts(self, column: QVBoxLayout) -> None:
        """Put the parts under the head."""
        column.addWidget(Line())
        self.add_form(column)

    def form_fields(self) -> tuple[Field, ...]:
        """Return the fields of the form."""
        return self.ledger.fields

    def show_more(self) -> None:
        """Show what stands beside the form; called with `record_id` and `values` set."""

    def facts_of(self, values: dict[str, Any]) -> str:
        """Return the line beside the title."""
        names = [field for field in self.ledger.fields[1:4] if field.privacy.value != "number"]
        return "　".join(filter(None, (field.type.format(values.get(field.name)) for field in names)))

    # Form

    def add_form(self, column: QVBoxLayout) -> None:
        """Put the form at the end of a column."""
        with self.session.ledger_file.reading() as reading:
            words = reading.policy.words(self.session.as_of)
        self._form = RecordForm(self.form_fields(), words, store=self._store, on_shown=self._log_shown)
        self._area = FormArea(self._form)
        column.addWidget(self._area, 1)

    @property
    def form(self) -> RecordForm:
        """Return the form."""
        if self._form is None:
            raise RuntimeError("the drawer has no form")
        return self._form

    def show_record(self, record_id: int | None) -> None:
        """Show a record; None shows nothing."""
        self.build()
        rows: list[dict[str, Any]] = []
        if record_id is not None:
            with self.session.ledger_file.reading() as reading:
                rows = listing.fetch_rows(reading, self.ledger, [record_id], self.session.as_of)
        self.record_id = record_id if rows else None
        self.values = rows[0] if rows else {}
        first = self.ledger.fields[0]
        self.title.setText(first.type.format(self.values.get(first.name)) if rows else tr("没有选中"))
        self.facts.setText(self.facts_of(self.values) if rows else "")
        self.form.setEnabled(bool(rows))
        self.form.set_values(self.values)
        self.show_more()

    def _store(self, field: Field, text: str) -> None:
        if self.record_id is None:
            return
        one = self.record_id
        write_field(self.session, self.ledger, one, field, text, self.title.text())
        self.stored.emit(one, field.name)

    def toggle_numbers(self) -> None:
        """Show the numbers of the record, or mask them again (Ctrl+Shift+H)."""
        self.form.toggle_numbers()

    def _log_shown(self, field: Field) -> None:
        with self.session.ledger_file.operation(f"显示{field.title} {self.title.text()}") as uow:
            uow.log_note(tr("在窗口里显示"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in (
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
        ):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
            return
        super().keyPressEvent(event)
