"""Whom nobody helps: 对口贫困县 and 深度贫困村 first; some are ticked and paired with a leader in one step."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop.services.pairings import Unpaired
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.list_bar import ListBar
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line

COLUMNS = (
    Column(title="", width=36),
    Column(title="学生", width=92, is_name=True),
    Column(title="班级", width=104),
    Column(title="先帮扶", width=150),
    Column(title="户籍县", width=92),
    Column(title="身份类别", width=160, stretches=True),
)


class UnpairedPane(QWidget):
    """Space ticks a row, Enter pairs the ticked ones, or the one in hand if none is ticked."""

    pair_wanted = Signal()
    chosen_changed = Signal()

    def __init__(self, session: Session) -> None:
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
        self.table = RowTable(COLUMNS, name="unpaired")
        self.bar = ListBar(
            session, self.table, title=lambda: tr("没有结对的帮扶对象"), unit=tr("人"), hint=tr("姓名、首字母、班级"),
            chips=(tr("先帮扶"), tr("户籍县"), tr("班级")),
        )  # fmt: skip
        self.table.arrangement_changed.connect(self._show_acts)
        self.table.selection_changed.connect(self.chosen_changed)
        self.table.ticked.connect(self._on_ticked)
        self.table.opened.connect(lambda _row: self.pair_wanted.emit())
        self.table.row_acts = lambda: (
            (tr("勾选") + "\tSpace", self.table.tick_chosen), (tr("结对…") + "\tEnter", self.pair_wanted.emit),
        )  # fmt: skip
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.bar)
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
        """Return who is ticked, else who is chosen."""
        ticked = [each for each in self.students if each.student_id in self._ticked]
        return ticked or [self.students[row] for row in self.table.chosen_rows()]

    def turn_all(self) -> None:
        """Tick everybody in sight, or none of them."""
        everybody = self._in_sight()
        self._ticked = self._ticked - everybody if everybody <= self._ticked else self._ticked | everybody
        self._show()

    def _in_sight(self) -> set[int]:
        return {self.students[row].student_id for row in self.table.shown_rows()}

    def _on_ticked(self, row: int) -> None:
        self._ticked ^= {self.students[row].student_id}
        self.table.set_row(row, self._row(self.students[row]))
        self._show_acts()

    def _show(self) -> None:
        self.table.set_rows([self._row(each) for each in self.students])
        self.table.choose_first()
        self.bar.reload()
        self._show_acts()

    def _show_acts(self) -> None:
        ticked, in_sight = len(self._ticked), self._in_sight()
        self.all_button.setText(tr("全不选") if in_sight and in_sight <= self._ticked else tr("全选"))
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
