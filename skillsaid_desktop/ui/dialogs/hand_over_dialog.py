"""移交: all students of a leader who leaves go to others in one act; what follows stands beside it before the button."""

from datetime import timedelta

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop import clock
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import PAIRINGS
from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.types import Date, Text
from skillsaid_desktop.services.pairings import (
    HandOver,
    Leader,
    hand_over,
    known_leaders,
    pairings_on,
    plan_hand_over,
)
from skillsaid_desktop.ui.dialogs.act_dialog import ActDialog
from skillsaid_desktop.ui.forms.editors import DateEditor, LineEditor
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import Button, ChoiceRow
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column, Row
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label

FROM = Field(name="from_on", title="从哪天起", type=Date())
WHY = Field(name="reason", title="原因", type=Text())
REASONS = ("工作调动", "退休", "分工调整")
COLUMNS = (
    Column(title="", width=36),
    Column(title="移交给", width=90),
    Column(title="职务", stretches=True),
    Column(title="现有学生", width=76, right=True),
)


class HandOverDialog(ActDialog):
    """Day, reason and successors at the left; at the right who goes to whom, recomputed with each change."""

    def __init__(self, parent: QWidget | None, session: Session, leader: Leader) -> None:
        self._side = QWidget()
        self._right = QVBoxLayout(self._side)
        self._right.setContentsMargins(20, 16, 20, 16)
        self._right.setSpacing(6)
        super().__init__(
            parent, session, title=tr("移交"), act=tr("移交"), safe=tr("不移交"),
            note=tr("一步完成，可以一步撤销（Ctrl+Z）"), width=964, height=640, side=self._side,
        )  # fmt: skip
        self.leader = leader
        self.plan: HandOver | None = None
        with session.ledger_file.reading() as reading:
            self._others = [
                each for each in known_leaders(reading, in_office=True) if each.name != leader.name
            ]
            self._loads = {
                each.leader.name: len(each.pairings) for each in pairings_on(reading, clock.today()).leaders
            }
        self._ticked: set[str] = set()
        who = f"{leader.name}（{leader.post}）" if leader.post else leader.name
        self.rows.column.addWidget(Label(f"移交{who}的全部学生", role="section2"))
        self.day = DateEditor(FROM)
        self.day.set_text(clock.today().isoformat())
        self.day.edited.connect(self.look)
        self.day.committed.connect(lambda _text: self.look())
        self.usual = ChoiceRow(REASONS)
        self.reason = LineEditor(WHY)
        self.usual.chosen.connect(self._on_usual)
        self.reason.edited.connect(self.look)
        self.table = RowTable(COLUMNS)
        self.table.ticked.connect(self._on_ticked)
        self.table.setMinimumHeight(160)
        self.name, self.post = LineEditor(PAIRINGS.column("leader")), LineEditor(PAIRINGS.column("post"))
        self.name.line.setPlaceholderText(tr("姓名"))
        self.post.line.setPlaceholderText(tr("职务"))
        self.rows.add(tr(FROM.title), self.day)
        self.rows.add(tr(WHY.title), self.usual)
        self.rows.add("", self.reason)
        self.rows.column.addWidget(self.table, 1)
        more = QWidget()
        line = QHBoxLayout(more)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.name, 2)
        line.addWidget(self.post, 3)
        line.addWidget(Button(tr("加上"), self.add_leader, icon="add"))
        self.rows.add(tr("另加一位"), more)
        self.end_rows()
        self._show_leaders()
        self.look()
        self.table.setFocus()

    # What is entered

    def add_leader(self) -> None:
        """Put a leader on the list who has had no student yet, ticked."""
        name = self.name.text()
        if not name or name == self.leader.name:
            return
        if all(each.name != name for each in self._others):
            self._others.append(Leader(name=name, post=self.post.text()))
        self._ticked.add(name)
        self.name.set_text("")
        self.post.set_text("")
        self._show_leaders()
        self.look()

    def tick(self, name: str) -> None:
        """Take a leader as successor, or take him back."""
        self._on_ticked(next(at for at, each in enumerate(self._others) if each.name == name))

    def _on_ticked(self, at: int) -> None:
        self._ticked ^= {self._others[at].name}
        self.table.set_row(at, self._row(self._others[at]))
        self.look()

    def _on_usual(self, reason: str) -> None:
        self.reason.set_text(reason)
        self.look()

    def successors(self) -> list[Leader]:
        """Return the ticked leaders, in the order of the list."""
        return [each for each in self._others if each.name in self._ticked]

    def _show_leaders(self) -> None:
        self.table.set_rows([self._row(each) for each in self._others])
        self.table.choose_first()

    def _row(self, one: Leader) -> Row:
        return (
            Cell(ticked=one.name in self._ticked), Cell(one.name), Cell(one.post, "text2"),
            Cell(str(self._loads.get(one.name, 0)), "text2"),
        )  # fmt: skip

    # What follows

    def look(self) -> None:
        """Say anew what handing over would do."""
        day = self.day.day()
        self.look_at(day - timedelta(days=1) if day is not None else None)
        while self._right.count():
            item = self._right.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.plan = None
        if day is not None:
            with self.session.ledger_file.reading() as reading:
                self.plan = plan_hand_over(
                    reading, self.leader.name, [each.name for each in self.successors()], day
                )
            self._tell(self.plan)
        else:
            self._say(tr("先写从哪天起。"), tone="text2")
        self._right.addStretch(1)
        can = self.plan is not None and bool(self.plan.number) and not self.plan.stranded
        self.act.setEnabled(can and bool(self.reason.text()))
        self.act.setText(self._act_words())
        self.footer.sentence.setText(self._why_not() or tr("一步完成，可以一步撤销（Ctrl+Z）"))

    def _act_words(self) -> str:
        if self.plan is not None and self.plan.moved:
            return f"移交 {len(self.plan.moved)} 人"
        if self.plan is not None and self.plan.ended and not self.plan.stranded:
            return f"解除 {len(self.plan.ended)} 对"
        return tr("移交")

    def _why_not(self) -> str:
        if self.plan is None:
            return tr("先写从哪天起")
        if self.plan.stranded:
            return f"还有 {len(self.plan.stranded)} 人没有写移交给谁"
        if not self.plan.number:
            return f"{self.leader.name}在这一天没有结对学生"
        return "" if self.reason.text() else tr("还没有写原因")

    def _tell(self, plan: HandOver) -> None:
        last = plan.from_on - timedelta(days=1)
        self._say(tr("移交以后"), role="section")
        why = f"，解除原因写“{self.reason.text()}”" if self.reason.text() else ""
        if plan.number:
            self._say(f"{plan.leader}的 {plan.number} 对结对到 {last.month}月{last.day}日为止{why}。")
        for leader in self.successors():
            own = [each for each, name in plan.moved if name == leader.name]
            before = self._loads.get(leader.name, 0)
            self._say(f"{leader.name}　{before} → {before + len(own)} 名学生", role="bold")
            names = "、".join(each.who for each in own) or tr("没有分到学生")
            self._say(names, tone="text2")
        if plan.ended:
            told = "、".join(
                f"{each.student}（{f'已{each.state}' if not each.is_enrolled else '另有校领导结对'}）"
                for each in plan.ended
            )
            self._say(f"只解除、不移交的 {len(plan.ended)} 人", role="bold")
            self._say(told, tone="text2")
        if plan.stranded:
            self._say(f"等着移交的 {len(plan.stranded)} 人", role="bold", tone="explain")
            self._say("、".join(each.who for each in plan.stranded), tone="text2")
            self._say(tr("在左边勾一位或几位校领导，学生会分得差不多，同班的尽量在一起。"), tone="text2")
        self._say(tr("以前的帮扶记录都留着，记在原来的校领导名下。"), tone="text2")

    def _say(self, text: str, *, role: str = "body", tone: str = "text") -> None:
        self._right.addWidget(Label(text, role=role, tone=tone, wraps=True))

    def perform(self) -> None:
        if self.plan is None:
            raise UserError("还没有写从哪天起。")
        hand_over(
            self.session.ledger_file, self.leader.name, self.successors(), self.plan.from_on, self.reason.text(),
            self.late.text(),
        )  # fmt: skip
