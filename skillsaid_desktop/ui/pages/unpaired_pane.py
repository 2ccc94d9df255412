"""Whom nobody helps: 对口贫困县 and 深度贫困村 first; some are ticked and paired with a leader in one step."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop.services.pairings import Unpaired
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.row_table import Cell, Column, RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line

COLUMNS = (
    Column(title="", width=36),
    Column(title="学生", width=92),
    Column(title="班级", width=104),
    Column(title="先帮扶", width=150),
    Column(title="户籍县", width=92),
    Column(title="身份类别", width=160, stretches=True),
)


class UnpairedPane(QWidget):
    """Space ticks a row, Enter pairs the ticked ones, or the one in hand if none is ticked."""

    pair_wanted = Signal()
    chosen_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.students: list[Unpaired] = []
        self._ticked: set[int] = set()
        self.title = Label(role="section2")
        self.facts = Label(tone="text2")
        self.all_button = Button(tr("全选"), self.turn_all, kind="link")
        self.pair_button = Button(tr("结对…"), self.pair_wanted.emit, icon="person_add")
        head = QHBoxLayout()
        head.setContentsMargins(PAGE_MARGIN, 7, PAGE_MARGIN, 7)
        head.setSpacing(10)
        head.addWidget(self.title)
        head.addWidget(self.facts, 1)
        head.addWidget(self.all_button)
        head.addWidget(self.pair_button)
        self.table = RowTable(COLUMNS)
        self.table.ticked.connect(self._on_ticked)
        self.table.opened.connect(lambda _row: self.pair_wanted.emit())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(Line())
        layout.addWidget(self.table, 1)

    def show_students(self, students: Sequence[Unpaired]) -> None:
        """Show others; who was ticked and is still there stays ticked."""
        self.students = list(students)
        self._ticked &= {each.student_id for each in students}
        county = sum(each.is_paired_county for each in students)
        self.title.setText(f"没有结对的 {len(students):,} 人" if students else tr("帮扶对象都有校领导结对"))
        self.facts.setText(f"对口县的 {county:,} 人排在前面" if county else "")
        self._show()

    def chosen(self) -> list[Unpaired]:
        """Return who is ticked, else the one in hand."""
        ticked = [each for each in self.students if each.student_id in self._ticked]
        row = self.table.current_row()
        return ticked or ([self.students[row]] if 0 <= row < len(self.students) else [])

    def turn_all(self) -> None:
        """Tick everybody, or nobody."""
        everybody = {each.student_id for each in self.students}
        self._ticked = set() if self._ticked == everybody else everybody
        self._show()

    def _on_ticked(self, row: int) -> None:
        self._ticked ^= {self.students[row].student_id}
        self._show()

    def _show(self) -> None:
        self.table.set_rows([self._row(each) for each in self.students])
        if self.students and self.table.current_row() < 0:
            self.table.choose(0)
        ticked = len(self._ticked)
        self.all_button.setText(tr("全不选") if ticked and ticked == len(self.students) else tr("全选"))
        self.all_button.setVisible(bool(self.students))
        self.pair_button.setText(f"结对 {ticked} 人…" if ticked else tr("结对…"))
        self.pair_button.setVisible(bool(self.students))
        self.chosen_changed.emit()

    def _row(self, one: Unpaired) -> tuple[Cell, ...]:
        why = [
            words
            for words, holds in (
                ("对口县", one.is_paired_county),
                ("深度贫困村", one.is_deep_poverty_village),
            )
            if holds
        ]
        return (
            Cell(ticked=one.student_id in self._ticked),
            Cell(one.student),
            Cell(one.class_name),
            Cell("、".join(why)),
            Cell(one.county, "text2"),
            Cell(one.category, "text2"),
        )
