"""导入名册: another office's roster, looked at before it is kept, in three steps on one page."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers import files_in
from skillsaid_desktop.ledgers.rosters import ROSTER_KINDS, sheet_in
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.schema import Date, Issue, Severity
from skillsaid_desktop.schema.masking import mask_words
from skillsaid_desktop.services.roster_problems import write_roster_problems
from skillsaid_desktop.services.rosters import (
    ABOUT_STUDENTS,
    RosterImport,
    RosterResult,
    import_roster,
    preview_roster,
)
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.import_page import PATTERN
from skillsaid_desktop.ui.pages.intake_page import IntakePage
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.count_tab import CountTab
from skillsaid_desktop.ui.widgets.drop_area import DropArea
from skillsaid_desktop.ui.widgets.fields import mark_wrong
from skillsaid_desktop.ui.widgets.marks import SEVERITY_WEIGHTS
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

STEPS = ("选文件", "预览", "导入")
COLUMNS = (
    Column(title="", width=34),
    Column(title="位置", width=190),
    Column(title="说明", stretches=True),
)
_GROUPS = (
    ("students", "和本校学生有关", "explain"),
    ("refused", "不能用的行", "stop"),
    ("rest", "名册自己的疑问", ""),
)


class RosterImportPage(IntakePage):
    """Nothing is kept before the last button; that is one step to undo."""

    title = "导入名册"
    entities = frozenset({"setting"})
    help_text = (
        "把县里或别的单位发来的名册原样导进来，和学校的学生比对。\n"
        "1　选文件（可以一次选几份），看是哪个县的、截至哪一天。\n"
        "2　和本校学生有关的行先看一眼；名册自己的毛病可以导出来告诉对方。\n"
        "3　点“导入”。名册只用来比对，不改台账里的学生；Ctrl+Z 一步撤销。"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.files: list[Path] = []
        self.result: RosterResult | None = None
        self._group = "students"
        self.lay_out_steps(STEPS, (self._choose_pane(), self._preview_pane()))
        self._show_step(0)

    def _choose_pane(self) -> QWidget:
        self.kind = QComboBox()
        for kind in ROSTER_KINDS:
            self.kind.addItem(tr(kind.title), kind.name)
        self.kind.setMinimumWidth(220)
        self.kind.setAccessibleName(tr("名册"))
        row = QHBoxLayout()
        row.setSpacing(12)
        label = Label(tr("名册"))
        label.setMinimumWidth(72)
        row.addWidget(label)
        row.addWidget(self.kind)
        row.addStretch(1)
        self.drop = DropArea(
            tr("把文件或文件夹拖到这里，可以一次拖几个"),
            (Button(tr("选文件…"), self.choose_files, icon="document"),),
        )
        self.drop.dropped.connect(self.set_files)
        form = QVBoxLayout()
        form.setContentsMargins(PAGE_MARGIN, 20, PAGE_MARGIN, 20)
        form.setSpacing(12)
        form.addLayout(row)
        form.addSpacing(4)
        form.addWidget(self.drop, 1)
        note = tr(
            "一个县一份或几份都行，几个工作表、合计行、重复的表头会自己认。名册只用来比对，不会改动台账里的学生。"
        )
        form.addWidget(Label(note, tone="text2", wraps=True))
        box = QWidget()
        box.setLayout(form)
        box.setMaximumWidth(820)
        return box

    def _preview_pane(self) -> QWidget:
        self.office, self.as_of = QLineEdit(), QLineEdit()
        self.office.setAccessibleName(tr("谁的名册"))
        self.as_of.setAccessibleName(tr("截至"))
        self.summary = Label(wraps=True)
        grid = QGridLayout()
        grid.setContentsMargins(PAGE_MARGIN, 14, PAGE_MARGIN, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        self._office_label, self._as_of_label = Label(tr("谁的名册")), Label(tr("截至"))
        grid.addWidget(self._office_label, 0, 0)
        grid.addWidget(self.office, 0, 1)
        grid.addWidget(self._as_of_label, 0, 2)
        grid.addWidget(self.as_of, 0, 3)
        grid.addWidget(self.summary, 1, 0, 1, 5)
        grid.setColumnStretch(4, 1)
        self.office.setMinimumWidth(200)
        self.as_of.setMinimumWidth(120)
        bar = QHBoxLayout()
        bar.setContentsMargins(0, 0, PAGE_MARGIN, 0)
        bar.setSpacing(0)
        group = QButtonGroup(self)
        self.tabs: dict[str, CountTab] = {}
        for name, title, weight in _GROUPS:
            tab = CountTab(tr(title), weight)
            tab.clicked.connect(lambda _checked=False, name=name: self.show_group(name))
            group.addButton(tab)
            self.tabs[name] = tab
            bar.addWidget(tab)
            bar.addWidget(Line(vertical=True))
        bar.addStretch(1)
        self.export_button = Button(tr("导出这些行（带原因）"), self.export, kind="link")
        bar.addWidget(self.export_button)
        tabs = QWidget()
        set_ground(tabs, "sunken")
        tabs.setLayout(bar)
        self.table = RowTable(COLUMNS)
        self.nothing = Label(tr("这一类没有行。"), tone="text2")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.below = QStackedWidget()
        self.below.addWidget(self.table)
        self.below.addWidget(self.nothing)
        pane = QWidget()
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(grid)
        for widget in (Line(), tabs, Line()):
            column.addWidget(widget)
        column.addWidget(self.below, 1)
        return pane

    # Choosing

    def open_with(self, params: Mapping[str, object]) -> None:
        """`kind`: the roster's kind; `files`: paths to look at right away."""
        self.start_over()
        self.kind.setCurrentIndex(max(0, self.kind.findData(params.get("kind"))))
        files = params.get("files")
        if isinstance(files, list | tuple) and files:
            self.set_files([Path(str(file)) for file in files])
            self.look()

    def choose_files(self) -> None:
        """Ask for files."""
        chosen = self.session.prompts.open_files(tr("选名册文件"), tr(PATTERN))
        if chosen:
            self.set_files(chosen)

    def import_file(self) -> None:
        """Choose files (Ctrl+I)."""
        self.choose_files()

    def set_files(self, files: Sequence[Path]) -> None:
        """Take these files, and those in these folders."""
        found: list[Path] = []
        if self.session.attempt(
            lambda: found.extend(each.path for each in files_in(files) if not each.refusal)
        ):
            self.files = found
            self.drop.show_files([file.name for file in found])
            self._show_footer()

    def look(self) -> None:
        """Read the files and show what they hold; nothing is kept."""
        kind, files = str(self.kind.currentData()), list(self.files)

        def work(progress: Progress) -> RosterResult:
            return preview_roster(self.session.ledger_file, kind, files, progress=progress)

        self.run_long(tr("正在读取和比对"), work, self._on_preview)

    def _on_preview(self, result: RosterResult) -> None:
        self.set_busy(False)
        self.result = result
        first = result.files[0]
        is_one = len(result.files) == 1
        for widget in (self._office_label, self.office, self._as_of_label, self.as_of):
            widget.setVisible(is_one)
        self.office.setText(first.office)
        self.as_of.setText(first.as_of.isoformat())
        mark_wrong(self.as_of, False)
        self.summary.setText("\n".join(_told(each) for each in result.files))
        for name, tab in self.tabs.items():
            tab.set_count(len(self.issues(name)))
        self._show_step(1)
        self.show_group(next((name for name, tab in self.tabs.items() if tab.count), "students"))

    # Preview

    def issues(self, group: str) -> list[Issue]:
        """Return the issues of one tab."""
        found = [issue for each in (self.result.files if self.result else ()) for issue in each.issues]
        return [issue for issue in found if issue.row and _group_of(issue) == group]

    def show_group(self, name: str) -> None:
        """Show the rows of one tab, all of them: what narrowed another tab says nothing here."""
        if name != self._group:
            self.table.clear_filters()
        self._group = name
        self.tabs[name].setChecked(True)
        several = self.result is not None and len(self.result.files) > 1
        rows = [
            (
                Cell(weight=SEVERITY_WEIGHTS[issue.severity]),
                Cell(f"{_place(issue)}　{issue.file}" if several else _place(issue), "text2"),
                Cell(mask_words(issue.message)),
            )
            for issue in self.issues(name)
        ]
        self.table.set_rows(rows)
        self.below.setCurrentIndex(0 if rows else 1)
        self.export_button.setVisible(bool(rows))

    def export(self) -> None:
        """Write the rows in sight with their reasons, for the office that keeps the roster."""
        found = self.issues(self._group)
        issues = [found[at] for at in self.table.shown_rows()]
        if not issues:
            self.session.say(tr("这里一行也没有，没有导出。"), undo=False)
            return
        title = next(title for name, title, _weight in _GROUPS if name == self._group)
        name = f"{Path(issues[0].file).stem} {title}.xlsx"
        path = self.session.prompts.save_file(tr("导出问题行"), name, "Excel (*.xlsx)")
        if path is not None and self.session.attempt(lambda: write_roster_problems(issues, path)):
            self.session.say(f"存好了：{path.name}", undo=False)

    # Importing

    def apply(self) -> None:
        """Keep the rosters, as one step."""
        kind, files = str(self.kind.currentData()), list(self.files)
        office, as_of = "", None
        if len(files) == 1:
            office = self.office.text().strip()
            days: list[date] = []
            if not self.session.attempt(lambda: days.append(self._day())):
                return
            as_of = days[0]

        def work(progress: Progress) -> RosterResult:
            return import_roster(
                self.session.ledger_file, kind, files, as_of=as_of, office=office, progress=progress
            )

        self.run_long(tr("正在导入名册"), work, self._on_applied)

    def _day(self) -> date:
        text = self.as_of.text().strip()
        day: date | None = Date().parse(text).value
        mark_wrong(self.as_of, day is None)
        if day is None:
            raise UserError(
                f"“{text}”看不懂是哪一天。", "请写成 2025-09-30，也可以写 20250930 或 2025.9.30。"
            )
        return day

    def _on_applied(self, result: RosterResult) -> None:
        self.set_busy(False)
        people = sum(each.rows - each.invalid for each in result.files)
        self.start_over()
        self.session.navigate("compare", {"kind": result.files[0].kind.kind})
        if result.operation_id is None:
            self.session.say(tr("这份名册已经导入过，台账没有改动。"), undo=False)
        else:
            self.session.say(f"已导入{'、'.join(each.office for each in result.files)}的名册 {people:,} 人。")

    # Steps

    def main_act(self) -> None:
        """Do what the filled button says."""
        if self.stack.currentIndex() == 1:
            self.apply()
        elif self.files:
            self.look()
        else:
            self.choose_files()

    def start_over(self) -> None:
        """Forget the files; nothing was kept."""
        self.result = None
        self.files = []
        self.drop.show_files([])
        self.strip.hide()
        self._show_step(0)

    def _show_step(self, step: int) -> None:
        self.stack.setCurrentIndex(step)
        self.steps.set_step(step)
        self.head.set_facts("、".join(file.name for file in self.files) if step else "")
        self._show_footer()
        self.status_changed.emit()

    def _show_footer(self) -> None:
        if self.footer is None:
            return
        is_preview = self.stack.currentIndex() == 1 and self.result is not None
        self.back_button.setVisible(is_preview)
        if not is_preview:
            self.footer.sentence.setText(tr("下一步只是预览，不会改动台账。"))
            self.main_button.setText(tr("看看里面有谁") if self.files else tr("选文件…"))
            self.main_button.setEnabled(True)
            return
        assert self.result is not None
        new = [each for each in self.result.files if not each.is_known]
        people = sum(each.rows - each.invalid for each in new)
        self.footer.sentence.setText(tr("这一步只是预览，名册还没有留下。导入后可以一步撤销。"))
        self.main_button.setText(f"导入名册 {people:,} 人" if new else tr("这份已经导入过"))
        self.main_button.setEnabled(bool(new))

    def status(self) -> tuple[str, ...]:
        if self.result is not None:
            return (tr("预览：没有改动台账"), f"{sum(each.rows for each in self.result.files):,} 行")
        return ()


def _group_of(issue: Issue) -> str:
    if issue.severity is Severity.BLOCK:
        return "refused"
    if issue.code in ABOUT_STUDENTS:
        return "students"
    return "rest" if issue.severity is Severity.ASK else ""


def _place(issue: Issue) -> str:
    return f"{sheet_in(issue.file, issue.sheet)}第 {issue.row:,} 行"


def _told(found: RosterImport) -> str:
    """Say in a sentence what is in a roster and what changed since the one before."""
    if found.is_known:
        return f"{found.file}：这份名册已经导入过（{found.office}，截至 {found.as_of}），不用再导。"
    taken = found.rows - found.invalid
    words = f"{found.office}，截至 {found.as_of}：共 {found.rows:,} 行，{taken:,} 人可以用来比对"
    words += f"，{found.invalid:,} 行不能用" if found.invalid else ""
    if found.former is None:
        return f"{words}。这是第一份{found.office}的名册。"
    return (
        f"{words}。和 {found.former.as_of} 的那份比：新列入 {found.new:,}，有变动 {found.changed:,}，"
        f"没有变化 {found.unchanged:,}，不在了 {found.gone:,}。"
    )
