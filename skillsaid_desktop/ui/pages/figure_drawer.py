"""The people behind a number of a report: the list, the difference to last month, twelve months."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from skillsaid_desktop.domain.months import add_months
from skillsaid_desktop.figures import FIGURES, FigureResult, PersonRef, Unit
from skillsaid_desktop.figures.compute import compute_figures
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import IconButton
from skillsaid_desktop.ui.widgets.charts import Mark, MonthsChart
from skillsaid_desktop.ui.widgets.regions import Region, set_region
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

TABS = ("名单", "和上月比", "近 12 个月")
YEAR = 2
_UNITS = {Unit.PEOPLE: " 人", Unit.ACTS: " 次", Unit.RATIO: ""}
_BY_CODE = {figure.code: figure for figure in FIGURES}


class FigureDrawer(QWidget):
    """Opened by a figure; Enter on a person opens the student."""

    closed = Signal()
    month_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        set_region(self, Region.DRAWER)
        set_ground(self, "surface")
        self.session = session
        self.codes: tuple[str, ...] = ()
        self.people: tuple[PersonRef, ...] = ()
        self._month = ""
        self._compared: list[tuple[PersonRef, bool]] = []
        self.title = Label(role="section2", wraps=True)
        self.definition = Label(tone="text2", wraps=True)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(IconButton("dismiss", tr("关上　Esc"), self.closed.emit))
        top = QVBoxLayout()
        top.setContentsMargins(16, 10, 10, 8)
        top.setSpacing(4)
        top.addLayout(head)
        top.addWidget(self.definition)
        tabs = QHBoxLayout()
        tabs.setContentsMargins(16, 0, 16, 0)
        tabs.setSpacing(20)
        self._group = QButtonGroup(self)
        self.tabs: list[QPushButton] = []
        for at, words in enumerate(TABS):
            button = QPushButton(tr(words))
            button.setProperty("kind", "tab")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, at=at: self.open_tab(at))
            self._group.addButton(button)
            self.tabs.append(button)
            tabs.addWidget(button)
        tabs.addStretch(1)
        columns = (
            Column(title="", width=40, right=True),
            Column(title="姓名", width=84),
            Column(title="班级", width=96),
            Column(title="说明", stretches=True),
        )
        self.table = RowTable(columns)
        self.table.opened.connect(lambda row: self._open(self.people[row]))
        self.difference = RowTable(columns)
        self.difference.opened.connect(lambda row: self._open(self._compared[row][0]))
        self.chart = MonthsChart(tr("近 12 个月"))
        self.chart.activated.connect(self.month_wanted)
        self._waiting = Label(tr("正在算这 12 个月……"), tone="text2")
        year = QWidget()
        column = QVBoxLayout(year)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self._waiting)
        column.addWidget(self.chart)
        column.addStretch(1)
        self.stack = QStackedWidget()
        for widget in (self.table, self.difference, year):
            self.stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addLayout(tabs)
        layout.addWidget(Line())
        layout.addWidget(self.stack, 1)
        self.foot = Label(role="small", tone="text2", wraps=True)
        self.foot.setContentsMargins(16, 8, 16, 8)
        layout.addWidget(Line())
        layout.addWidget(self.foot)

    def show_figure(self, ref: str, month: str) -> None:
        """Show the people behind one figure, or several that stand in one cell (CO1 CO2)."""
        self.codes = tuple(code for code in ref.split() if code in _BY_CODE)
        self._month = month
        if not self.codes:
            return
        with self.session.ledger_file.reading() as reading:
            now = compute_figures(reading, month)
            before = compute_figures(reading, add_months(month, -1))
        self.people = self._people(now)
        number = self._said(self._value(now))
        names = "、".join(_BY_CODE[code].name for code in self.codes)
        unit = _UNITS[_BY_CODE[self.codes[0]].unit]
        self.title.setText(f"{names}　{number}{unit}")
        self.definition.setText(" ".join(_BY_CODE[code].definition for code in self.codes))
        self.table.set_rows(
            [
                (Cell(str(at), "text3"), Cell(one.name), Cell(one.class_name), Cell(one.note, "text2"))
                for at, one in enumerate(self.people, 1)
            ]
        )
        self._compare(self._people(before))
        self.tabs[0].setText(f"名单 {len(self.people):,}")
        self.tabs[1].setText(f"和上月比 {len(self._compared):,}")
        agreed = unit == _UNITS[Unit.PEOPLE] and len({one.student_id for one in self.people}) == self._value(
            now
        )
        self.foot.setText(tr("名单人数与表中数字一致") if agreed else tr("双击或按 Enter 打开这个学生"))
        self.open_tab(0)

    def _people(self, figures: Mapping[str, FigureResult]) -> tuple[PersonRef, ...]:
        return tuple(one for code in self.codes if code in figures for one in figures[code].people)

    def _value(self, figures: Mapping[str, FigureResult]) -> float | None:
        values: Sequence[float | None] = [figures[code].period for code in self.codes if code in figures]
        known = [value for value in values if value is not None]
        return sum(known) if known else None

    def _said(self, value: float | None) -> str:
        if value is None:
            return "—"
        return f"{value:.1%}" if _BY_CODE[self.codes[0]].unit is Unit.RATIO else f"{value:,.0f}"

    def _compare(self, before: Sequence[PersonRef]) -> None:
        was, now = {one.key for one in before}, {one.key for one in self.people}
        self._compared = [(one, True) for one in self.people if one.key not in was]
        self._compared += [(one, False) for one in before if one.key not in now]
        self.difference.set_rows(
            [
                (
                    Cell("+" if added else "−", "good" if added else "stop", bold=True), Cell(one.name),
                    Cell(one.class_name), Cell(tr("本月多出") if added else tr("上月有，本月没有"), "text2"),
                )
                for one, added in self._compared
            ]
        )  # fmt: skip

    def open_tab(self, at: int) -> None:
        """Show one of the three tabs; twelve months are computed when asked for."""
        self.tabs[at].setChecked(True)
        self.stack.setCurrentIndex(at)
        if at == YEAR:
            self._show_year()

    def _show_year(self) -> None:
        """Compute the figure of twelve months beside the window, and show it."""
        ledger_file, month, codes = self.session.ledger_file, self._month, self.codes
        self._waiting.show()
        self.chart.set_marks(())

        def work(progress: Progress) -> list[tuple[str, float | None]]:
            with ledger_file.reading() as reading:
                first = reading.settings.first_month or month
                months = [one for back in range(11, -1, -1) if (one := add_months(month, -back)) >= first]
                found = []
                for at, one in enumerate(months):
                    progress.report(at, len(months), one)
                    found.append((one, self._value(compute_figures(reading, one))))
            return found

        def show(values: list[tuple[str, float | None]]) -> None:
            if (month, codes) == (self._month, self.codes):
                self._waiting.hide()
                self.chart.set_marks(
                    [
                        Mark(label=str(int(one[5:])), value=value or 0, text=self._said(value), key=one)
                        for one, value in values
                    ]
                )

        self.session.tasks.run(tr("正在算 12 个月"), work, done=show, is_quiet=True)

    def _open(self, person: PersonRef) -> None:
        if person.student_id:
            self.session.navigate("students", {"student": person.student_id})
        else:
            self.session.navigate("pairings", {"leader": person.name})
