"""The rows of an import with problems: where, what and what to do; filtered by kind with counts."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop.ledgers.ledger import Outcome
from skillsaid_desktop.schema import Issue, Severity
from skillsaid_desktop.schema.masking import mask_words
from skillsaid_desktop.services.import_options import Place
from skillsaid_desktop.services.intake import ImportPreview
from skillsaid_desktop.services.problem_kinds import FIXED, count_kinds, kind_of
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.import_rows import place_of
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.chips import CountChips
from skillsaid_desktop.ui.widgets.marks import SEVERITY_WEIGHTS
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column, Row
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label

COLUMNS = (
    Column(title="", width=34),
    Column(title="位置", width=190),
    Column(title="说明", width=420, stretches=True),
    Column(title="怎么办", width=150, is_link=True),
)
_ALL = ""
_ACTS = {
    Outcome.NEW: "导入，留作疑问",
    Outcome.CHANGED: "导入，留作疑问",
    Outcome.UNCHANGED: "留作疑问",
    Outcome.WAITING: "暂不导入",
    Outcome.INVALID: "暂不导入",
}
_STANDING = (Severity.BLOCK, Severity.ASK)
_MOST = 20_000


class ProblemsPane(QWidget):
    """Shows the issues of an `ImportPreview`; a question that can be answered with yes is a link."""

    accepted = Signal(object)
    sheet_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[tuple[Issue, str, Place | None]] = []
        self._shown: list[int] = []
        self._shows_sheets = False
        self.title = Label(role="section")
        self.note = Label(tone="text2")
        self.chips = CountChips()
        self.chips.chosen.connect(lambda _key: self._fill())
        self.table = RowTable(COLUMNS)
        self.table.clicked_link.connect(lambda row, _column: self._answer(row))
        self.table.opened.connect(self._answer)
        head = QHBoxLayout()
        head.setContentsMargins(PAGE_MARGIN, 6, PAGE_MARGIN - 8, 6)
        head.setSpacing(8)
        for label in (self.title, self.note):
            label.setMinimumHeight(28)
            head.addWidget(label)
        head.addWidget(self.chips, 100)
        head.addStretch(1)
        head.addWidget(Button(tr("导出问题行（带原因）"), self.sheet_wanted.emit, kind="link"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)

    def show_preview(self, preview: ImportPreview) -> None:
        """Show the problems of another preview."""
        self._shows_sheets = (
            len({(file.name, table.sheet) for file in preview.files for table in file.tables}) > 1
        )
        self._lines = [
            (issue, tr("留作疑问") if issue.severity is Severity.ASK else tr("不影响导入"), None)
            for issue in preview.file_issues
        ]
        order = {Outcome.INVALID: 0, Outcome.WAITING: 1}
        touched = [row for row in preview.rows if row.issues]
        for row in sorted(touched, key=lambda one: order.get(one.outcome, 2)):
            for issue in row.issues:
                waits = row.outcome is Outcome.WAITING and issue.waits
                act = _ACTS[row.outcome]
                if waits:
                    act = tr("核对过，照文件的")
                elif issue.severity is Severity.FIXED:
                    act = tr("照改正的读")
                if issue.severity is not Severity.HINT:
                    self._lines.append((issue, act, place_of(row) if waits else None))
        standing = [issue for issue, _act, _place in self._lines if issue.severity is not Severity.FIXED]
        kinds = count_kinds(issue for issue, _act, _place in self._lines)
        self.chips.set_counts(
            [(_ALL, tr("全部"), len(standing)), *((kind, kind, number) for kind, number in kinds.items())]
        )
        self.chips.setVisible(len(kinds) > 1)
        counts = preview.counts
        rows = sum(any(issue.severity in _STANDING for issue in row.issues) for row in preview.rows)
        self.title.setText(f"问题行 {rows:,}")
        noted = sum(
            row.outcome not in order and any(issue.severity in _STANDING for issue in row.issues)
            for row in preview.rows
        )
        told = (("行不能导入", counts["invalid"]), ("行要问", counts["waiting"]), ("行留作疑问", noted))
        said = "，".join(f"{number:,} {words}" for words, number in told if number)
        more = f"，共 {len(standing):,} 处" if len(standing) != rows else ""
        self.note.setText(f"{said}{more}" if rows else tr("没有问题行"))
        self._fill()
        self.setVisible(bool(self._lines))

    def set_low(self, low: bool) -> None:
        """Leave the sentence out where it would cost the table a line."""
        self.note.setVisible(not low)

    def row_count(self) -> int:
        """Return how many lines are shown."""
        return self.table.row_count()

    def _fill(self) -> None:
        key = self.chips.key()
        self._shown = [
            at
            for at, (issue, _act, _place) in enumerate(self._lines)
            if (kind_of(issue) == key if key else kind_of(issue) != FIXED)
        ][:_MOST]
        self.table.set_rows([self._cells(*self._lines[at]) for at in self._shown])

    def _cells(self, issue: Issue, act: str, place: Place | None) -> Row:
        sheet = f"{issue.sheet} " if issue.sheet and self._shows_sheets else ""
        where = f"{sheet}第 {issue.row} 行" if issue.row else sheet or issue.file
        where += f" {issue.column} 列" if issue.column and len(issue.column) <= 2 else ""
        return (
            Cell(weight=SEVERITY_WEIGHTS[issue.severity]), Cell(where), Cell(mask_words(issue.message)),
            Cell(act, "accent" if place else "text2"),
        )  # fmt: skip

    def _answer(self, at: int) -> None:
        place = self._lines[self._shown[at]][2] if 0 <= at < len(self._shown) else None
        if place is not None:
            self.accepted.emit(place)
