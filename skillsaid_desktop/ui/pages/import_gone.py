"""文件里没有: who is in the ledger and not in the roster; ticked, a change is recorded for them with the import."""

from collections.abc import Callable, Mapping
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from skillsaid_desktop.schema import Date
from skillsaid_desktop.services.absentees import Absentee
from skillsaid_desktop.services.departures import LEAVING
from skillsaid_desktop.services.import_options import Departure
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.fields import mark_wrong
from skillsaid_desktop.ui.widgets.flow import FlowLayout
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column, Row
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line

COLUMNS = (
    Column(title="", width=34),
    Column(title="姓名", width=130),
    Column(title="班级", width=140),
    Column(title="台账状态", width=90),
    Column(title="导入时", width=300, stretches=True),
    Column(title="", width=130, is_link=True),
)


class GonePane(QWidget):
    """The people whom a roster lacks. They stay unless somebody ticks them; each has a kind and a day.

    `problem_of` says why a change can not be recorded, "" if it can.
    """

    changed = Signal()

    def __init__(self, problem_of: Callable[[Departure], str]) -> None:
        super().__init__()
        self._problem_of = problem_of
        self.problems: dict[int, str] = {}
        self._people: list[Absentee] = []
        self._proposed: dict[int, str] = {}
        self._as_of = date.min
        self.departures: dict[int, Departure] = {}
        self.note = Label(tone="text2", wraps=True)
        self.note.setContentsMargins(PAGE_MARGIN, 8, PAGE_MARGIN, 4)
        self.kind = QComboBox()
        self.kind.setAccessibleName(tr("登记什么异动"))
        self.kind.addItem(tr("到期的毕业，其余退学"), "")
        for kind in LEAVING:
            self.kind.addItem(kind, kind)
        self.day = QLineEdit()
        self.day.setAccessibleName(tr("异动日期"))
        self.day.setFixedWidth(120)
        bar = QWidget()
        flow = FlowLayout(bar, gap=8)
        for part in (
            Label(tr("给勾选的人登记")), self.kind, Label(tr("日期")), self.day,
            Button(tr("全部勾选"), self.tick_all), Button(tr("全部不勾"), self.untick_all),
        ):  # fmt: skip
            if isinstance(part, Label):
                part.setMinimumHeight(30)
            flow.addWidget(part)
        holder = QVBoxLayout()
        holder.setContentsMargins(PAGE_MARGIN, 2, PAGE_MARGIN, 8)
        holder.addWidget(bar)
        self.table = RowTable(COLUMNS)
        self.table.ticked.connect(self.toggle)
        self.table.clicked_link.connect(lambda row, _column: self.apply_to(row))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.note)
        layout.addLayout(holder)
        layout.addWidget(Line())
        layout.addWidget(self.table, 1)

    def show_people(self, people: list[Absentee], proposed: Mapping[int, str], as_of: date) -> None:
        """Show other people; those who were ticked before stay so."""
        self._people, self._proposed = people, dict(proposed)
        known = {one.student_id for one in people}
        self.departures = {one: each for one, each in self.departures.items() if one in known}
        if as_of != self._as_of:
            self._as_of = as_of
            self.day.setText(as_of.isoformat())
        self.note.setText(
            f"{len(people):,} 人在台账里、不在这份文件里。他们留在台账里，导入从不删人。"
            "确实离校的，勾上，导入时一起登记异动；勾好以后还可以改类别和日期。"
        )
        self._fill()

    def clear(self) -> None:
        """Forget who was ticked."""
        self.departures = {}
        self._as_of = date.min

    def toggle(self, at: int) -> None:
        """Tick somebody with the kind and day above, or leave him alone."""
        if not 0 <= at < len(self._people):
            return
        one = self._people[at]
        if one.student_id in self.departures:
            del self.departures[one.student_id]
        elif (day := self._chosen_day()) is not None:
            self._put(one, day)
        self._show(at)

    def apply_to(self, at: int) -> None:
        """Give somebody who is ticked the kind and day above."""
        if (day := self._chosen_day()) is not None:
            self._put(self._people[at], day)
            self._show(at)

    def tick_all(self) -> None:
        """Tick everybody in sight, with the kind and day above."""
        if (day := self._chosen_day()) is not None:
            for at in self.table.shown_rows():
                self._put(self._people[at], day)
            self._fill()
            self.changed.emit()

    def untick_all(self) -> None:
        """Leave everybody in sight alone."""
        for at in self.table.shown_rows():
            self.departures.pop(self._people[at].student_id, None)
        self._fill()
        self.changed.emit()

    def _put(self, one: Absentee, day: date) -> None:
        kind = str(self.kind.currentData()) or self._proposed.get(one.student_id, LEAVING[0])
        departure = Departure(student_id=one.student_id, kind=kind, on=day)
        self.departures[one.student_id] = departure
        self.problems[one.student_id] = self._problem_of(departure)

    def _chosen_day(self) -> date | None:
        day: date | None = Date(whole_day=True).parse(self.day.text()).value
        mark_wrong(self.day, day is None)
        return day

    def _show(self, at: int) -> None:
        self.table.set_row(at, self._cells(self._people[at]))
        self.changed.emit()

    def _fill(self) -> None:
        self.table.set_rows([self._cells(one) for one in self._people])

    def _cells(self, one: Absentee) -> Row:
        chosen = self.departures.get(one.student_id)
        words = f"登记“{chosen.kind}”，日期 {chosen.on}" if chosen else tr("留在台账里，不动")
        if chosen and (problem := self.problems.get(one.student_id)):
            return (
                Cell(ticked=True), Cell(one.name), Cell(one.class_name, "text2"), Cell(one.state, "text2"),
                Cell(problem, weight="stop"), Cell(tr("照上面的改"), "accent"),
            )  # fmt: skip
        return (
            Cell(ticked=chosen is not None), Cell(one.name), Cell(one.class_name, "text2"), Cell(one.state, "text2"),
            Cell(words, "text" if chosen else "text3"), Cell(tr("照上面的改") if chosen else "", "accent"),
        )  # fmt: skip
