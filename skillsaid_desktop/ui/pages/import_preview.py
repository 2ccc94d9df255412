"""The preview of an import: tabs whose counts add up, what would change, and the rows with problems below."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from skillsaid_desktop.ledgers.ledger import Outcome, PlannedRow
from skillsaid_desktop.schema import Issue, Privacy, Severity
from skillsaid_desktop.schema.masking import mask_number, mask_words
from skillsaid_desktop.services.intake import ImportPreview
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.count_tab import CountTab
from skillsaid_desktop.ui.widgets.marks import SEVERITY_WEIGHTS
from skillsaid_desktop.ui.widgets.notices import Strip
from skillsaid_desktop.ui.widgets.row_table import Cell, Column, Row, RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

Place = tuple[str, str, int]
GONE = "gone"
TABS: tuple[tuple[str, str, str], ...] = (
    (Outcome.NEW, "新增", ""),
    (Outcome.CHANGED, "变动", ""),
    (Outcome.UNCHANGED, "相同", ""),
    (Outcome.WAITING, "要问", "explain"),
    (Outcome.INVALID, "不能导入", "stop"),
    (GONE, "文件里没有", ""),
)
COLUMNS = (
    Column(title="", width=34),
    Column(title="谁", width=190),
    Column(title="项目", width=96),
    Column(title="台账现有", width=150),
    Column(title="文件中", width=170),
    Column(title="导入后", width=200, stretches=True),
    Column(title="文件行号", width=80, right=True),
)
PROBLEM_COLUMNS = (
    Column(title="", width=34),
    Column(title="位置", width=190),
    Column(title="说明", stretches=True),
    Column(title="怎么办", width=150, is_link=True),
)
_SHOWN_NEW = ("class_name", "level", "category")


class PreviewPane(QWidget):
    """Shows an `ImportPreview`; what is unticked is left out."""

    answered = Signal(str, object)
    ticks_changed = Signal()
    problems_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._preview: ImportPreview | None = None
        self._unticked: set[int] = set()
        self._shown: list[int] = []
        self._asked: list[Place | None] = []
        self._group = QButtonGroup(self)
        self.tabs: dict[str, CountTab] = {}
        tabs = QHBoxLayout()
        tabs.setContentsMargins(0, 0, PAGE_MARGIN, 0)
        tabs.setSpacing(0)
        for name, title, weight in TABS:
            tab = CountTab(tr(title), weight)
            tab.clicked.connect(partial(self.open_tab, name))
            self._group.addButton(tab)
            self.tabs[name] = tab
            tabs.addWidget(tab)
            tabs.addWidget(Line(vertical=True))
        tabs.addStretch(1)
        self._sum = Label(tone="text2", role="small")
        tabs.addWidget(self._sum)
        bar = QWidget()
        set_ground(bar, "sunken")
        bar.setLayout(tabs)
        self._closed = Strip(
            "attention", "", link=tr("写原因…"), on_link=lambda: self.answered.emit("correction", None)
        )
        self._closed.hide()
        self.note = Label(tone="text2", wraps=True)
        self.note.setContentsMargins(PAGE_MARGIN, 8, PAGE_MARGIN, 8)
        self.table = RowTable(COLUMNS)
        self.table.ticked.connect(self._on_ticked)
        self.problems = RowTable(PROBLEM_COLUMNS)
        self.problems.clicked_link.connect(lambda row, _column: self._answer(row))
        self.problems.opened.connect(self._answer)
        above = QWidget()
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.note)
        column.addWidget(Line())
        column.addWidget(self.table, 1)
        self.below = QWidget()
        self._problem_title = Label(role="section")
        self._problem_note = Label(tone="text2")
        head = QHBoxLayout()
        head.setContentsMargins(PAGE_MARGIN, 6, PAGE_MARGIN, 6)
        head.setSpacing(8)
        head.addWidget(self._problem_title)
        head.addWidget(self._problem_note, 1)
        head.addWidget(Button(tr("导出问题行（带原因）"), self.problems_wanted.emit, kind="link"))
        lower = QVBoxLayout(self.below)
        lower.setContentsMargins(0, 0, 0, 0)
        lower.setSpacing(0)
        lower.addLayout(head)
        lower.addWidget(self.problems, 1)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(above)
        self.splitter.addWidget(self.below)
        self.splitter.setSizes([400, 220])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(bar)
        layout.addWidget(Line())
        layout.addWidget(self._closed)
        layout.addWidget(self.splitter, 1)

    def show_preview(self, preview: ImportPreview) -> None:
        """Show another preview."""
        self._preview = preview
        self._unticked = set()
        counts = preview.counts
        parts = []
        for name, _title, _weight in TABS:
            number = len(preview.absentees) if name == GONE else counts[name]
            self.tabs[name].set_count(number)
            if name != GONE:
                parts.append(f"{number:,}")
        self.tabs[GONE].setVisible(preview.ledger.name == "students")
        self._sum.setText(f"{' + '.join(parts)} = {counts['rows']:,} 行")
        self._show_problems(preview)
        first = next((name for name in (Outcome.CHANGED, Outcome.NEW, Outcome.WAITING, Outcome.INVALID)
                      if counts[name]), Outcome.UNCHANGED)  # fmt: skip
        self.open_tab(first)

    def open_tab(self, name: str) -> None:
        """Show the rows that end in one way."""
        preview = self._preview
        if preview is None:
            return
        self.tabs[name].setChecked(True)
        if name == GONE:
            self.note.setText(
                f"{len(preview.absentees)} 人在台账里、不在这份文件里。他们留在台账里，导入从不删人；"
                "确实离校的，请登记异动。"
            )
            self._shown = []
            self.table.set_rows(
                [
                    (Cell(), Cell(f"{one.name}（{one.class_name}）"), Cell("状态", "text2"), Cell(one.state, "text2"),
                     Cell("没有这个人", "text3"), Cell("留在台账里，不动"), Cell())
                    for one in preview.absentees
                ]
            )  # fmt: skip
            return
        at = [index for index, row in enumerate(preview.rows) if row.outcome == name]
        rows: list[Row] = []
        self._shown = []
        for index in at:
            for line in self._lines(preview.rows[index], index):
                rows.append(line)
                self._shown.append(index)
        self.table.set_rows(rows)
        self.note.setText(self._words(name, len(at), len(rows)))

    def _words(self, name: str, people: int, lines: int) -> str:
        unit = self._preview.ledger.counted if self._preview is not None else "行"
        return {
            Outcome.NEW: f"新增 {people:,} {unit}。勾掉的不导入。",
            Outcome.CHANGED: f"变动 {people:,} {unit}，{lines:,} 处。勾掉的不改。",
            Outcome.UNCHANGED: f"{people:,} 行和台账一样，不用动。",
            Outcome.WAITING: f"{people:,} 行要等您答复才能导入；不答复的会留在“待处理”。",
            Outcome.INVALID: f"{people:,} 行不能导入，原因在下面；其余的可以先导入。",
        }.get(Outcome(name), "")

    # Rows

    def _lines(self, row: PlannedRow, index: int) -> list[Row]:
        place = Cell(str(row.record.place.row or ""), "text2")
        ticked = index not in self._unticked if row.is_stored else None
        box, who = Cell(ticked=ticked), Cell(row.who)
        if row.outcome is Outcome.CHANGED and row.differences:
            lines: list[Row] = []
            for at, one in enumerate(row.differences):
                before, after = self._value(one.field, one.before), self._value(one.field, one.after)
                tone = "explain" if "新建" in one.effect else "text"
                lines.append(
                    (
                        Cell(ticked=ticked) if not at else Cell(), who if not at else Cell(),
                        Cell(one.title, "text2"), Cell(before or "空", "text2" if before else "text3"),
                        Cell(after or "空", "good" if after else "text3", tint="good" if after else ""),
                        Cell(one.effect or ("补填空白" if not before else "改资料"), tone), place if not at else Cell(),
                    )
                )  # fmt: skip
            return lines
        if row.outcome is Outcome.NEW:
            values = row.record.values
            facts = "　".join(str(values[name]) for name in _SHOWN_NEW if values.get(name))
            changes = "、".join(one.after for one in row.differences if one.after)[:60]
            effect = next((one.effect for one in row.differences if one.effect), "") or facts or changes
            return [(box, who, Cell("新增", "good"), Cell(), Cell(), Cell(effect or "登记到台账"), place)]
        first = next((issue.message for issue in row.issues if issue.severity is not Severity.HINT), "")
        words = {Outcome.UNCHANGED: "不用动", Outcome.WAITING: "等您答复", Outcome.INVALID: "暂不导入"}[
            row.outcome
        ]
        return [
            (
                Cell(),
                who,
                Cell(words, "text2"),
                Cell(),
                Cell(),
                Cell(mask_words(first) or "和台账一样", "text2"),
                place,
            )
        ]

    def _value(self, name: str, text: str) -> str:
        if self._preview is None or not text:
            return text
        try:
            private = self._preview.ledger.column(name).privacy is Privacy.NUMBER
        except StopIteration:
            return text
        return mask_number(text) if private else text

    # Problems

    def _show_problems(self, preview: ImportPreview) -> None:
        rows: list[Row] = []
        self._asked = []
        for issue in preview.file_issues:
            rows.append(self._problem(issue, "留作疑问" if issue.severity is Severity.ASK else "不影响导入"))
            self._asked.append(None)
        order = {Outcome.INVALID: 0, Outcome.WAITING: 1}
        touched = [row for row in preview.rows if any(_counts(issue) for issue in row.issues)]
        for row in sorted(touched, key=lambda one: order.get(one.outcome, 2)):
            place = row.record.place
            for issue in filter(_counts, row.issues):
                waits = row.outcome is Outcome.WAITING and issue.waits
                act = "核对过，照文件的" if waits else "暂不导入" if not row.is_stored else "导入，留作疑问"
                rows.append(self._problem(issue, act, link=waits))
                self._asked.append((place.file, place.sheet, place.row or 0) if waits else None)
        self.problems.set_rows(rows)
        self.below.setVisible(bool(rows))
        counts = preview.counts
        self._problem_title.setText(f"问题行 {len(rows)}")
        self._problem_note.setText(
            f"{counts['invalid']} 行不能导入，{counts['waiting']} 行要问；其余的导入后留作疑问。"
        )
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

    def _problem(self, issue: Issue, act: str, *, link: bool = False) -> Row:
        sheet = f"{issue.sheet} " if issue.sheet and len(self._sheets()) > 1 else ""
        where = f"{sheet}第 {issue.row} 行" if issue.row else sheet or issue.file
        where += f" {issue.column} 列" if issue.column and len(issue.column) <= 2 else ""
        return (
            Cell(weight=SEVERITY_WEIGHTS[issue.severity]), Cell(where), Cell(mask_words(issue.message)),
            Cell(act, "accent" if link else "text2"),
        )  # fmt: skip

    def _sheets(self) -> set[str]:
        files = self._preview.files if self._preview is not None else ()
        return {f"{file.name}/{table.sheet}" for file in files for table in file.tables}

    def _answer(self, at: int) -> None:
        place = self._asked[at] if 0 <= at < len(self._asked) else None
        if place is not None:
            self.answered.emit("accept", place)

    # Ticks

    def _on_ticked(self, at: int) -> None:
        if self._preview is None or not 0 <= at < len(self._shown):
            return
        index = self._shown[at]
        if not self._preview.rows[index].is_stored:
            return
        self._unticked ^= {index}
        lines = self._lines(self._preview.rows[index], index)
        first = self._shown.index(index)
        for offset, line in enumerate(lines):
            self.table.set_row(first + offset, line)
        self.ticks_changed.emit()

    def left_out(self) -> frozenset[Place]:
        """Return the places of the rows that were unticked."""
        if self._preview is None:
            return frozenset()
        places = (self._preview.rows[index].record.place for index in self._unticked)
        return frozenset((place.file, place.sheet, place.row or 0) for place in places)

    def counted_by_end(self) -> tuple[int, int]:
        """Return how many new and changed rows are ticked."""
        rows = self._preview.rows if self._preview is not None else []
        ticked = [row.outcome for at, row in enumerate(rows) if at not in self._unticked]
        return ticked.count(Outcome.NEW), ticked.count(Outcome.CHANGED)

    def counted(self) -> int:
        """Return how many rows would be stored."""
        return sum(self.counted_by_end())


def _counts(issue: Issue) -> bool:
    return issue.severity in (Severity.BLOCK, Severity.ASK)
