"""The right column of 首页: 期限, why the number is what it is, who was seen and helped, what moved in reported months."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop.services.desk import Desk, DeskDeadline, DriftLine
from skillsaid_desktop.services.desk_charts import CareLine
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.charts import BridgeChart, Mark, TargetChart
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

CARE = "该看的看了吗，有困难的帮了吗"
YEAR_OF = "S1 year"
"""What `figure_wanted` says for the twelve months of 在籍帮扶对象."""


class DeskSide(QWidget):
    """Filled from a `Desk`."""

    figure_wanted = Signal(str)
    page_wanted = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        set_ground(self, "sunken")
        self._deadlines = QVBoxLayout()
        self._deadlines.setSpacing(0)
        self._offices = Label(role="small", tone="text2", wraps=True)
        self._bridge_title = Label(role="section", wraps=True)
        self.bridge = BridgeChart()
        self.bridge.activated.connect(self.figure_wanted)
        self.year = Button(tr("近 12 个月"), lambda: self.figure_wanted.emit(YEAR_OF), kind="link")
        self._care_title = Label(CARE, role="section", wraps=True)
        self.care = TargetChart(CARE, one_scale=False)
        self.care.activated.connect(self._on_care)
        self._lines: dict[str, CareLine] = {}
        self._drift_title = Label(tr("已报月份的变动"), role="section")
        self._drift = QVBoxLayout()
        self._drift.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 14, 16, 20)
        layout.setSpacing(4)
        layout.addWidget(Label(tr("期限"), role="section"))
        layout.addLayout(self._deadlines)
        layout.addSpacing(2)
        layout.addWidget(self._offices)
        layout.addSpacing(16)
        head = QHBoxLayout()
        head.addWidget(self._bridge_title, 1)
        head.addWidget(self.year, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head)
        layout.addWidget(self.bridge)
        layout.addSpacing(16)
        layout.addWidget(self._care_title)
        layout.addSpacing(2)
        layout.addWidget(self.care)
        layout.addSpacing(16)
        layout.addWidget(self._drift_title)
        layout.addLayout(self._drift)
        layout.addStretch(1)

    def show_desk(self, desk: Desk) -> None:
        """Show another month."""
        _clear(self._deadlines)
        for one in desk.deadlines[:6]:
            self._deadlines.addWidget(_DeadlineRow(one))
        self._offices.setText(f"报{'、'.join(desk.recipients)}" if desk.recipients else "")
        number = desk.bridge[-1].number if desk.bridge else 0
        self._bridge_title.setText(f"在籍帮扶对象为什么是 {number:,}\u00a0人")
        self.bridge.title = self._bridge_title.text()
        self.bridge.set_marks(
            [
                Mark(
                    label=line.title,
                    value=line.number,
                    text=f"{line.number:,}" if line.is_stock else "",
                    note="" if line.is_stock else _names([person.name for person in line.people]),
                    key=line.code,
                )
                for line in desk.bridge
            ]
        )
        moved = any(line.number for line in desk.bridge)
        for widget in (self._bridge_title, self.year, self.bridge):
            widget.setVisible(moved)
        self._lines = {line.title: line for line in desk.care}
        self.care.set_marks(
            [
                Mark(label=line.title, value=line.done, target=line.total, key=line.title,
                     note=f"差 {line.missing}" if line.missing else "")
                for line in desk.care
            ]
        )  # fmt: skip
        self._care_title.setVisible(bool(desk.care))
        self.care.setVisible(bool(desk.care))
        self._show_drift(desk)

    def _on_care(self, title: str) -> None:
        line = self._lines[title]
        self.page_wanted.emit(line.page, dict(line.params))

    def _show_drift(self, desk: Desk) -> None:
        _clear(self._drift)
        self._drift_title.setVisible(bool(desk.drift))
        for line in desk.drift:
            self._drift.addWidget(_DriftBlock(line))


class _DeadlineRow(QWidget):
    """One day: date, weekday, what, how long still."""

    def __init__(self, one: DeskDeadline) -> None:
        super().__init__()
        role = "bold" if one.is_next else "body"
        row = QHBoxLayout()
        row.setContentsMargins(0, 3, 0, 3)
        row.setSpacing(10)
        row.addWidget(Label(f"{one.on:%m-%d}", role=role))
        row.addWidget(Label(one.weekday, role="small", tone="text2"))
        row.addWidget(Label(one.title, role=role, wraps=True), 1)
        near = one.is_next and one.days_left <= 3
        row.addWidget(Label(one.left, role="bold" if near else "small", tone="explain" if near else "text2"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(Line())


class _DriftBlock(QWidget):
    """A reported month that moved: the sentence, its cause, whether it is in this month's corrections."""

    def __init__(self, line: DriftLine) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 4)
        column.setSpacing(3)
        column.addWidget(Label(line.sentence, wraps=True))
        if line.detail:
            column.addWidget(Label(line.detail, tone="text2", wraps=True))
        if line.is_corrected_here:
            column.addWidget(Label(tr("已列入本月更正"), role="small", tone="text2"))


def _names(names: list[str]) -> str:
    return "、".join(names[:2]) + (f" 等 {len(names)} 人" if len(names) > 2 else "")


def _clear(layout: QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
