"""设置—政策与期限: the rules in force, each with the document it comes from; read only."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label


class PolicyTab(QWidget):
    """Categories above, deadlines and offices below."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.title = Label(tone="text2", wraps=True)
        self.title.setContentsMargins(PAGE_MARGIN, 10, PAGE_MARGIN, 10)
        self.categories = RowTable(
            (
                Column(title="身份类别", width=190),
                Column(title="算不算帮扶对象", width=110),
                Column(title="从", width=96),
                Column(title="到", width=96),
                Column(title="出自", stretches=True),
            )
        )
        self.deadlines = RowTable(
            (
                Column(title="期限和收件单位", width=190),
                Column(title="哪一天", width=110),
                Column(title="从", width=96),
                Column(title="到", width=96),
                Column(title="出自", stretches=True),
            )
        )
        splitter = QSplitter()
        splitter.setOrientation(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.categories)
        splitter.addWidget(self.deadlines)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.title)
        layout.addWidget(splitter, 1)

    def reload(self) -> None:
        """Read the policy in force."""
        with self.session.ledger_file.reading() as reading:
            policy = reading.policy
        self.title.setText(
            f"{policy.title}（{policy.version}）。建台账时抄进台账，程序升级不会改动它；封了账的月份不会因此变动。"
        )
        self.categories.set_rows(
            [
                (
                    Cell(one.name), Cell("帮扶对象" if one.is_target else "不算", "text" if one.is_target else "text3"),
                    Cell(_day(one.target_from or one.official_from), "text2"),
                    Cell(_day(one.target_to or one.official_to), "text2"), _source(one.source),
                )
                for one in policy.categories
            ]
        )  # fmt: skip
        rows = [
            (
                Cell(one.title), Cell(f"{one.month}月{one.day}日" if one.month else f"每月 {one.day} 日"),
                Cell(_day(one.from_on), "text2"), Cell(_day(one.to_on), "text2"), _source(one.source),
            )
            for one in policy.deadlines
        ]  # fmt: skip
        rows += [
            (
                Cell(one.name), Cell(tr("收月报")), Cell(_day(one.from_on), "text2"),
                Cell(_day(one.to_on), "text2"), _source(one.source),
            )
            for one in policy.recipients
        ]  # fmt: skip
        self.deadlines.set_rows(rows)


def _source(document: str) -> Cell:
    return Cell(document, "text2") if document else Cell(tr("没有找到规定，先按通行做法"), "text3")


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
