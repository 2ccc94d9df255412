"""The preview of an import: tabs whose counts add up, what would change field by field, and the problems below."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from skillsaid_desktop.ledgers.ledger import Outcome, PlannedRow
from skillsaid_desktop.services.import_options import Cell as CellKey
from skillsaid_desktop.services.import_options import Departure, Place, Prefer
from skillsaid_desktop.services.intake import ImportPreview
from skillsaid_desktop.services.kept_cells import can_keep, is_kept
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.import_gone import GonePane
from skillsaid_desktop.ui.pages.import_problems import ProblemsPane
from skillsaid_desktop.ui.pages.import_rows import (
    AFTER,
    BEFORE,
    COLUMNS,
    PreviewLine,
    cell_of,
    changed_cells,
    place_of,
    whole_cells,
)
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.chips import CountChips
from skillsaid_desktop.ui.widgets.count_tab import CountTab
from skillsaid_desktop.ui.widgets.flow import FlowLayout
from skillsaid_desktop.ui.widgets.notices import Strip
from skillsaid_desktop.ui.widgets.row_cells import Row
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

GONE = "gone"
TABS: tuple[tuple[str, str, str], ...] = (
    (Outcome.NEW, "新增", ""),
    (Outcome.CHANGED, "变动", ""),
    (Outcome.UNCHANGED, "相同", ""),
    (Outcome.WAITING, "要问", "explain"),
    (Outcome.INVALID, "不能导入", "stop"),
    (GONE, "文件里没有", ""),
)
_CHIPS = 7
NARROW, LOW = 1180, 700
"""Below this width and this height there is less room (DESIGN section 8)."""
_RULES = ((Prefer.FILE, "都用文件的"), (Prefer.LEDGER, "都留台账的"), (Prefer.BLANKS, "只补空白"))


class PreviewPane(QWidget):
    """Shows an `ImportPreview`. What is unticked is left out: a new row whole, of a changed one the field.

    Ticks are kept by place, so that they outlive an answer that plans the rows anew.
    """

    answered = Signal(str, object)
    ticks_changed = Signal()
    problems_wanted = Signal()

    def __init__(self, problem_of: Callable[[Departure], str]) -> None:
        super().__init__()
        self._preview: ImportPreview | None = None
        self._left_out: set[Place] = set()
        self._kept: set[CellKey] = set()
        self._lines: list[PreviewLine] = []
        self._tab = str(Outcome.NEW)
        self._group = QButtonGroup(self)
        self.tabs: dict[str, CountTab] = {}
        bar = QWidget()
        set_ground(bar, "sunken")
        tabs = FlowLayout(bar, gap=0)
        for name, title, weight in TABS:
            tab = CountTab(tr(title), weight)
            tab.clicked.connect(partial(self.open_tab, name))
            self._group.addButton(tab)
            self.tabs[name] = tab
            tabs.addWidget(tab)
        self.sum = Label(tone="text2", role="small")
        self.sum.setContentsMargins(16, 0, PAGE_MARGIN, 0)
        self.sum.setMinimumHeight(40)
        tabs.addWidget(self.sum)
        self._closed = Strip("attention", "")
        self._closed.hide()
        self.nothing = Strip("information", "")
        self.nothing.hide()
        self.note = Label(tone="text2")
        self.note.setMinimumHeight(28)
        self.chips = CountChips()
        self.chips.chosen.connect(lambda _key: self._fill())
        self.rules = QWidget()
        rules = QHBoxLayout(self.rules)
        rules.setContentsMargins(0, 0, 0, 0)
        rules.setSpacing(4)
        for rule, words in _RULES:
            rules.addWidget(Button(tr(words), partial(self.apply_rule, rule), kind="link"))
        self.table = RowTable(COLUMNS)
        self.table.ticked.connect(self._on_ticked)
        self.gone = GonePane(problem_of)
        self.gone.changed.connect(self.ticks_changed)
        self.problem_pane = ProblemsPane()
        self.problem_pane.accepted.connect(lambda place: self.answered.emit("accept", place))
        self.problem_pane.sheet_wanted.connect(self.problems_wanted)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self._above())
        self.splitter.addWidget(self.problem_pane)
        self.splitter.setSizes([400, 220])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (bar, Line(), self.nothing, self._closed):
            layout.addWidget(part)
        layout.addWidget(self.splitter, 1)

    @property
    def problems(self) -> RowTable:
        """The table of problems."""
        return self.problem_pane.table

    def _above(self) -> QWidget:
        head = QHBoxLayout()
        head.setContentsMargins(PAGE_MARGIN, 6, PAGE_MARGIN - 8, 6)
        head.setSpacing(12)
        head.addWidget(self.note)
        head.addWidget(self.chips, 100)
        head.addWidget(self.rules)
        head.addStretch(1)
        rows = QWidget()
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Line())
        column.addWidget(self.table, 1)
        self._above_stack = QStackedWidget()
        self._above_stack.addWidget(rows)
        self._above_stack.addWidget(self.gone)
        return self._above_stack

    def show_preview(self, preview: ImportPreview, proposed: dict[int, str]) -> None:
        """Show another preview; `proposed` is what probably became of those whom the file lacks."""
        before = self._preview
        self._preview = preview
        if before is None or [one.digest for one in before.files] != [one.digest for one in preview.files]:
            self.forget_ticks()
        counts = preview.counts
        parts = []
        for name, _title, _weight in TABS:
            number = len(preview.absentees) if name == GONE else counts[name]
            self.tabs[name].set_count(number)
            if name != GONE:
                parts.append(f"{number:,}")
        self.tabs[GONE].setVisible(preview.ledger.name == "students")
        self.sum.setText(f"{' + '.join(parts)} = {counts['rows']:,} 行")
        self.sum.setMinimumWidth(self.sum.sizeHint().width())
        self.gone.show_people(preview.absentees, proposed, max(one.as_of for one in preview.files))
        self.problem_pane.show_preview(preview)
        self._show_strips(preview)
        first = next((name for name in (Outcome.CHANGED, Outcome.NEW, Outcome.WAITING, Outcome.INVALID)
                      if counts[name]), Outcome.UNCHANGED)  # fmt: skip
        self.open_tab(first)

    def set_room(self, width: int, height: int) -> None:
        """Lay out for a window of this size: narrow columns leave the words of the last one room."""
        is_narrow = width < NARROW
        for at, column in enumerate(COLUMNS):
            if not column.stretches:
                shrinks = is_narrow and at and not column.right
                self.table.setColumnWidth(at, int(column.width * 0.76) if shrinks else column.width)
        self.problem_pane.set_low(height < LOW)

    def forget_ticks(self) -> None:
        """Tick everything again."""
        self._left_out, self._kept = set(), set()
        self.gone.clear()

    def _show_strips(self, preview: ImportPreview) -> None:
        sentence = preview.nothing_to_do
        self.nothing.setVisible(bool(sentence))
        self.nothing.say("information", sentence)
        late = sum(
            any(issue.waits and "封账" in issue.message for issue in row.issues)
            for row in preview.rows
            if row.outcome is Outcome.WAITING
        )
        self._closed.setVisible(bool(late))
        if late:
            self._closed.say(
                "attention",
                f"{late} 行的日期在已封账的月份。写明原因后列为本月更正，已报出的数字不变。",
                link=tr("写原因…"),
                on_link=lambda: self.answered.emit("correction", None),
            )

    # The rows of one tab

    def open_tab(self, name: str) -> None:
        """Show the rows that end in one way."""
        preview = self._preview
        if preview is None:
            return
        if name != self._tab:
            self.table.clear_filters()
        self._tab = str(name)
        self.tabs[name].setChecked(True)
        self._above_stack.setCurrentIndex(int(name == GONE))
        if name == GONE:
            return
        self._show_chips(preview)
        self._fill()

    def _show_chips(self, preview: ImportPreview) -> None:
        is_changed = self._tab == Outcome.CHANGED
        self.chips.setVisible(is_changed)
        self.rules.setVisible(is_changed)
        if not is_changed:
            return
        counts: dict[str, int] = {}
        for row in preview.rows:
            if row.outcome is Outcome.CHANGED:
                for one in row.differences:
                    counts[one.title] = counts.get(one.title, 0) + 1
        usual = sorted(counts.items(), key=lambda pair: -pair[1])
        chips = [("", tr("全部"), sum(counts.values()))]
        chips += [(title, title, number) for title, number in usual[:_CHIPS]]
        rest = usual[_CHIPS:]
        if rest:
            chips.append(("\0", tr("其余"), sum(number for _title, number in rest)))
        self._rest = {title for title, _number in rest}
        self.chips.set_counts(chips)

    def _fill(self) -> None:
        preview = self._preview
        if preview is None:
            return
        is_compared = self._tab == Outcome.CHANGED
        key = self.chips.key() if is_compared else ""
        for column in (BEFORE, AFTER):  # elsewhere both are empty, and the reason wants their room
            self.table.leave_out(column, not is_compared)
        self._lines = []
        people = 0
        for at, row in enumerate(preview.rows):
            if row.outcome != self._tab:
                continue
            lines = self._lines_of(at, row, key)
            people += bool(lines)
            self._lines += lines
        self.table.set_rows([self._cells(at) for at in range(len(self._lines))])
        self.note.setText(self._words(people, len(self._lines)))

    def _lines_of(self, at: int, row: PlannedRow, key: str) -> list[PreviewLine]:
        if row.outcome is not Outcome.CHANGED or not row.differences:
            return [PreviewLine(at)] if not key else []
        return [
            PreviewLine(at, index)
            for index, one in enumerate(row.differences)
            if not key or one.title == key or (key == "\0" and one.title in self._rest)
        ]

    def _words(self, people: int, lines: int) -> str:
        unit = self._preview.ledger.counted if self._preview is not None else "行"
        return {
            Outcome.NEW: f"新增 {people:,} {unit}。勾掉的不导入。",
            Outcome.CHANGED: f"{people:,} {unit}，{lines:,} 处。勾掉的不改。",
            Outcome.UNCHANGED: f"{people:,} 行和台账一样，不用动。",
            Outcome.WAITING: f"{people:,} 行要等您答复才能导入；不答复的会留在“待处理”。",
            Outcome.INVALID: f"{people:,} 行不能导入，原因在下面；其余的可以先导入。",
        }[Outcome(self._tab)]

    def _cells(self, at: int) -> Row:
        assert self._preview is not None
        line = self._lines[at]
        row = self._preview.rows[line.row]
        if line.difference is None:
            return whole_cells(row, ticked=place_of(row) not in self._left_out if row.is_stored else None)
        one = row.differences[line.difference]
        is_first = at == 0 or self._lines[at - 1].row != line.row
        return changed_cells(
            self._preview.ledger, row, one, is_first=is_first, ticked=self._is_ticked(row, line.difference)
        )

    # Ticks

    def _is_ticked(self, row: PlannedRow, index: int) -> bool:
        return place_of(row) not in self._left_out and cell_of(row, row.differences[index]) not in self._kept

    def _on_ticked(self, at: int) -> None:
        preview = self._preview
        if preview is None or not 0 <= at < len(self._lines):
            return
        line = self._lines[at]
        row = preview.rows[line.row]
        if not row.is_stored:
            return
        one = row.differences[line.difference] if line.difference is not None else None
        if one is None or not can_keep(preview.ledger, one):
            self._left_out ^= {place_of(row)}  # who somebody is stays or changes with the whole row
        elif place_of(row) in self._left_out:
            self._left_out.remove(place_of(row))
        else:
            self._kept ^= {cell_of(row, one)}
        for other in range(
            max(0, at - len(row.differences)), min(len(self._lines), at + len(row.differences) + 1)
        ):
            if self._lines[other].row == line.row:
                self.table.set_row(other, self._cells(other))
        self.ticks_changed.emit()

    def apply_rule(self, rule: Prefer) -> None:
        """Tick the lines that are shown by a rule: the file's, the ledger's, or only where the ledger has nothing."""
        preview = self._preview
        if preview is None:
            return
        for at in self.table.shown_rows():
            line = self._lines[at]
            if line.difference is None:
                continue
            row = preview.rows[line.row]
            one = row.differences[line.difference]
            if not can_keep(preview.ledger, one):
                continue
            self._left_out.discard(place_of(row))
            cell = cell_of(row, one)
            (self._kept.add if is_kept(one, rule) else self._kept.discard)(cell)
        self.table.set_rows([self._cells(at) for at in range(len(self._lines))])
        self.ticks_changed.emit()

    def left_out(self) -> frozenset[Place]:
        """Return the places of the rows that were unticked."""
        return frozenset(self._left_out)

    def kept(self) -> frozenset[CellKey]:
        """Return the single cells that were unticked."""
        return frozenset(self._kept)

    def departures(self) -> tuple[Departure, ...]:
        """Return the changes for those whom the file lacks."""
        return tuple(self.gone.departures.values())

    def counted_by_end(self) -> tuple[int, int]:
        """Return how many new and changed rows are ticked."""
        new = changed = 0
        for row in self._preview.rows if self._preview is not None else ():
            if not row.is_stored or place_of(row) in self._left_out:
                continue
            if row.outcome is Outcome.NEW:
                new += 1
            elif not row.differences or any(cell_of(row, one) not in self._kept for one in row.differences):
                changed += 1
        return new, changed

    def counted(self) -> int:
        """Return how many rows would be stored."""
        return sum(self.counted_by_end())
