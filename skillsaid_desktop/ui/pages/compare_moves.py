"""What the newest rosters say that the ones before did not: newly listed, removed, another category."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from skillsaid_desktop.ledgers.comparison import Comparison, Movement
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column
from skillsaid_desktop.ui.widgets.row_table import RowTable

COLUMNS = (
    Column(title="变化", width=110),
    Column(title="姓名", width=110),
    Column(title="班级", width=120),
    Column(title="名册", width=150),
    Column(title="上一份", width=180),
    Column(title="这一份", stretches=True),
)


class MovesPane(QWidget):
    """A table of movements; Enter or a double click opens the student."""

    student_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._moves: list[Movement] = []
        self.table = RowTable(COLUMNS)
        self.table.opened.connect(lambda at: self.student_wanted.emit(self._moves[at].student.id))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)

    def show_moves(self, found: Comparison, words: Sequence[str]) -> None:
        """Show what moved, under these words for who came, went and changed."""
        moved = (found.newly_listed, found.removed, found.category_changed)
        named = list(zip(words, ("accent", "explain", "explain"), moved, strict=True))
        self._moves = [each for _word, _tone, moves in named for each in moves]
        self.table.set_rows(
            [
                (
                    Cell(word, tone, tag=True), Cell(each.student.side.name), Cell(each.student.class_name or ""),
                    Cell(each.office, "text2"), Cell(each.before or "没有", "text2"), Cell(each.after or "没有了"),
                )
                for word, tone, moves in named
                for each in moves
            ]
        )  # fmt: skip
