"""结对 and 解除: which leader helps whom from which day, and until which day with which reason."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from skillsaid_desktop import clock
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import PAIRINGS
from skillsaid_desktop.services.pairings import (
    Leader,
    PairingStanding,
    Unpaired,
    end_pairings,
    known_leaders,
    pair_students,
    pairings_on,
)
from skillsaid_desktop.ui.dialogs.act_dialog import ActDialog
from skillsaid_desktop.ui.forms.editors import DateEditor, LineEditor
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import ChoiceRow
from skillsaid_desktop.ui.widgets.text import Label

END_REASONS = ("学生离校", "学年结束", "分工调整")
_NAMED = 12


def names_of(students: Sequence[Unpaired | PairingStanding]) -> str:
    """Return whom an act is about, the first dozen by name."""
    shown = "、".join(
        f"{each.student}（{each.class_name}）" if each.class_name else each.student
        for each in students[:_NAMED]
    )
    return shown if len(students) <= _NAMED else f"{shown} 等 {len(students)} 人"


class PairDialog(ActDialog):
    """A leader who is known is one click; a new one is typed with office and telephone."""

    def __init__(self, parent: QWidget | None, session: Session, students: Sequence[Unpaired]) -> None:
        super().__init__(
            parent, session, title=tr("结对"), act=f"结对 {len(students)} 人", safe=tr("不结对"),
            note=tr("结对后可以撤销（Ctrl+Z）"), height=520,
        )  # fmt: skip
        self.students = list(students)
        with session.ledger_file.reading() as reading:
            self._leaders = {each.name: each for each in known_leaders(reading, in_office=True)}
            self._loads = {
                each.leader.name: len(each.pairings) for each in pairings_on(reading, clock.today()).leaders
            }
        self.rows.column.addWidget(Label(f"给 {len(students)} 名学生结对", role="section2"))
        self.rows.column.addWidget(Label(names_of(students), tone="text2", wraps=True))
        self.choices = ChoiceRow(tuple(self._leaders))
        self.choices.chosen.connect(self._on_chosen)
        if self._leaders:
            self.rows.add(tr("已有的"), self.choices)
        self.leader = LineEditor(PAIRINGS.column("leader"))
        self.post = LineEditor(PAIRINGS.column("post"))
        self.phone = LineEditor(PAIRINGS.column("phone"))
        self.leader.edited.connect(self._fit)
        self.leader.committed.connect(lambda _text: self._fill_known())
        self.day = DateEditor(PAIRINGS.column("paired_on"))
        self.day.set_text(clock.today().isoformat())
        self.day.committed.connect(lambda _text: self.look_at(self.day.day()))
        for editor in (self.leader, self.post, self.phone, self.day):
            self.rows.add(tr(editor.field.title), editor)
        self.end_rows()
        self._fit()
        self.look_at(self.day.day())
        self.leader.setFocus()

    def _on_chosen(self, name: str) -> None:
        leader = self._leaders[name]
        self.leader.set_text(leader.name)
        self.post.set_text(leader.post)
        self.phone.set_text(leader.phone)
        self._fit()

    def _fill_known(self) -> None:
        """Fill in what is known of a leader whose name was typed."""
        if self.leader.text() in self._leaders and not self.post.text() and not self.phone.text():
            self._on_chosen(self.leader.text())
        self._fit()

    def _fit(self) -> None:
        name = self.leader.text()
        number = len(self.students)
        now = self._loads.get(name, 0)
        note = f"现有 {now} 名学生，结对后 {now + number} 名" if now else tr("还没有结对学生") if name else ""
        self.leader.say(note)

    def perform(self) -> None:
        day = self.day.day()
        if day is None:
            raise UserError("还没有写结对日期。", "请写成 2025-11-05，也可以写 20251105 或 2025.11.5。")
        self._fill_known()
        leader = Leader(name=self.leader.text(), post=self.post.text(), phone=self.phone.text())
        ids = [each.student_id for each in self.students]
        pair_students(self.session.ledger_file, ids, leader, day, self.late.text())


class EndDialog(ActDialog):
    """The last day of pairings, and why they end."""

    def __init__(self, parent: QWidget | None, session: Session, pairings: Sequence[PairingStanding]) -> None:
        super().__init__(
            parent, session, title=tr("解除结对"), act=f"解除 {len(pairings)} 对", safe=tr("不解除"),
            note=tr("帮扶记录都留着，可以撤销（Ctrl+Z）"), height=400,
        )  # fmt: skip
        self.pairings = list(pairings)
        leaders = "、".join(dict.fromkeys(each.leader for each in pairings))
        self.rows.column.addWidget(Label(f"解除{leaders}的 {len(pairings)} 对结对", role="section2"))
        self.rows.column.addWidget(Label(names_of(pairings), tone="text2", wraps=True))
        self.day = DateEditor(PAIRINGS.column("ended_on"))
        self.day.set_text(clock.today().isoformat())
        self.day.committed.connect(lambda _text: self.look_at(self.day.day()))
        self.day.say(tr("这一天还算在结对"))
        self.usual = ChoiceRow(END_REASONS)
        self.reason = LineEditor(PAIRINGS.column("end_reason"))
        self.usual.chosen.connect(self.reason.set_text)
        self.rows.add(tr("解除日期"), self.day)
        self.rows.add(tr("解除原因"), self.usual)
        self.rows.add("", self.reason)
        if all(not each.is_enrolled for each in pairings):
            self.usual.choose(END_REASONS[0])
        self.end_rows()
        self.reason.setFocus()

    def perform(self) -> None:
        day = self.day.day()
        if day is None:
            raise UserError("还没有写解除日期。", "请写成 2025-11-05，也可以写 20251105 或 2025.11.5。")
        ids = [each.id for each in self.pairings]
        end_pairings(self.session.ledger_file, ids, day, self.reason.text(), self.late.text())
