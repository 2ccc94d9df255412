"""对人: by what the rows of a file met somebody, and whom a row means that could be several."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from skillsaid_desktop.services.import_options import Place
from skillsaid_desktop.services.matches import Choice
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.import_columns import QuietCombo
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line

COLUMNS = (
    Column(title="文件行号", width=90, right=True),
    Column(title="表里写的", width=200),
    Column(title="是谁", width=380, stretches=True),
    Column(title="文件", width=220),
)
_WHO_AT = 2


class PeoplePane(QWidget):
    """Shows by which key rows met somebody; each row with several candidates has a drop-down of them."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choices: list[Choice] = []
        self.people: dict[Place, int] = {}
        self.sum = Label(wraps=True)
        self.sum.setContentsMargins(PAGE_MARGIN, 12, PAGE_MARGIN, 4)
        self.note = Label(tone="text2", wraps=True)
        self.note.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, 12)
        self.table = RowTable(COLUMNS, fixed=True)
        self.table.verticalHeader().setDefaultSectionSize(
            max(36, self.table.verticalHeader().defaultSectionSize() + 6)
        )
        self.combos: list[QuietCombo] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.sum)
        layout.addWidget(self.note)
        layout.addWidget(Line())
        layout.addWidget(self.table, 1)
        self._filler = QWidget()
        layout.addWidget(self._filler, 1)

    def show_matches(
        self, counts: Mapping[str, int], choices: list[Choice], people: Mapping[Place, int]
    ) -> None:
        """Show how the rows found their people, and the rows that can not choose; `people` was chosen before."""
        self.choices, self.people = choices, dict(people)
        parts = "，".join(f"{key} {number:,} 行" for key, number in counts.items())
        self.sum.setText(f"认人：{parts}；合计 {sum(counts.values()):,} 行。")
        self.table.set_rows(
            [
                (Cell(str(each.place[2]), "text2"), Cell(each.said), Cell(), Cell(each.place[0], "text2"))
                for each in choices
            ]
        )
        self.combos = []
        for at, each in enumerate(choices):
            combo = QuietCombo()
            combo.setAccessibleName(f"第 {each.place[2]} 行 {each.said} 是谁")
            combo.addItem(tr("还没有定，留到待处理"), 0)
            for one in each.candidates:
                combo.addItem(one.words, one.student_id)
            combo.setCurrentIndex(max(0, combo.findData(self.people.get(each.place, 0))))
            combo.activated.connect(
                lambda index, at=at, combo=combo: self.choose(at, int(combo.itemData(index)))
            )
            self.table.setIndexWidget(self.table.rows_model.index(at, _WHO_AT), combo)
            self.combos.append(combo)
        self.table.setVisible(bool(choices))
        self._filler.setVisible(not choices)
        self._show_note()

    def choose(self, at: int, student_id: int) -> None:
        """Say whom a row means; 0 leaves it open."""
        place = self.choices[at].place
        if student_id:
            self.people[place] = student_id
        else:
            self.people.pop(place, None)
        self.combos[at].setCurrentIndex(max(0, self.combos[at].findData(student_id)))
        self._show_note()
        self.changed.emit()

    def _show_note(self) -> None:
        left = sum(each.place not in self.people for each in self.choices)
        if not self.choices:
            self.note.setText(tr("没有分不清的人，不用选。"))
        elif left:
            self.note.setText(
                f"下面 {len(self.choices)} 行有几个可能的人，请选是谁。还有 {left} 行没选，没选的留到待处理。"
            )
        else:
            self.note.setText(tr("都选好了。"))
