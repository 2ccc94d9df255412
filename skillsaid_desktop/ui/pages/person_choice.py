"""Choosing whom a row is about: from those who can be meant, or from the whole ledger by a search."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop.schema.masking import mask_number
from skillsaid_desktop.services.answers import Candidate
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.fields import MaskedNumber, SearchField
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label

COLUMNS = (
    Column(title="姓名", width=64),
    Column(title="班级", stretches=True),
    Column(title="身份证号", width=134),
    Column(title="状态", width=60),
)
MOST_ROWS = 5


class PersonChoice(QWidget):
    """A table of people: ↑ ↓ choose, Enter takes; nobody is chosen until a person does it."""

    chosen = Signal()
    taken = Signal()

    def __init__(
        self, find: Callable[[str], Sequence[Candidate]], on_shown: Callable[[Candidate], object]
    ) -> None:
        super().__init__()
        self._find, self._on_shown = find, on_shown
        self.people: list[Candidate] = []
        self._title = Label(role="section", wraps=True)
        self.table = RowTable(COLUMNS, fixed=True)
        self.table.setAccessibleName(tr("是哪一个人"))
        self.table.chosen.connect(lambda _row: self._on_chosen())
        self.table.opened.connect(lambda _row: self.taken.emit())
        self.number = MaskedNumber()
        self._note = Label(role="small", tone="text2")
        facts = QHBoxLayout()
        facts.setSpacing(12)
        facts.addWidget(self.number)
        facts.addStretch(1)
        facts.addWidget(self._note)
        self._facts = QWidget()
        self._facts.setLayout(facts)
        facts.setContentsMargins(0, 0, 0, 0)
        self.search = SearchField(tr("姓名、首字母、尾号"))
        self.search.setMaximumWidth(16_777_215)
        self.search.searched.connect(self.look_for)
        self.search.left_down.connect(lambda: self.table.setFocus(Qt.FocusReason.ShortcutFocusReason))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(6)
        column.addWidget(self._title)
        column.addWidget(self.table)
        column.addWidget(self._facts)
        column.addWidget(self.search)

    def show_people(self, people: Sequence[Candidate]) -> None:
        """Offer these people."""
        self.people = list(people)
        found = len(self.people)
        self._title.setText(
            tr("是哪一个？")
            if found > 1
            else tr("是这个人吗？")
            if found
            else tr("没有同名的，按姓名或尾号找一找")
        )
        hint = tr("不在上面：按姓名、首字母、尾号找") if found else tr("姓名、首字母、尾号")
        self.search.setPlaceholderText(hint)
        self.table.set_rows([self._line(one) for one in self.people])
        self.table.setCurrentIndex(self.table.rootIndex())
        self.table.clearSelection()
        height = self.table.horizontalHeader().sizeHint().height()
        height += self.table.verticalHeader().defaultSectionSize() * min(max(found, 1), MOST_ROWS) + 4
        self.table.setFixedHeight(height)
        always = (
            Qt.ScrollBarPolicy.ScrollBarAsNeeded
            if found > MOST_ROWS
            else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        self.table.setVerticalScrollBarPolicy(always)
        self.table.setVisible(bool(found))
        self._facts.setVisible(bool(found))
        self._on_chosen()

    def _line(self, one: Candidate) -> tuple[Cell, ...]:
        return (
            Cell(one.name), Cell(one.class_name, "text2"), Cell(mask_number(one.number)), Cell(one.state, "text2"),
        )  # fmt: skip

    def look_for(self, text: str) -> None:
        """Offer whom a search finds; a blank one offers the namesakes again."""
        self.show_people(self._find(text))

    @property
    def person(self) -> Candidate | None:
        """The one who is chosen."""
        at = self.table.current_row()
        return self.people[at] if 0 <= at < len(self.people) else None

    def _on_chosen(self) -> None:
        one = self.person
        self.number.set_number(one.number if one else "", (lambda: self._on_shown(one)) if one else None)
        self._note.setText(one.note if one else "")
        self.chosen.emit()
