"""Under the pairings: the last talks of one leader with one student, newest first."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from skillsaid_desktop.schema.masking import mask_words
from skillsaid_desktop.schema.types import Amount
from skillsaid_desktop.services.pairings import PairingStanding
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

LABEL = 84


class PairingDetail(QWidget):
    """What was said, promised and given; and the ways to the student and to his card."""

    student_wanted = Signal()
    card_wanted = Signal()
    all_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_ground(self, "surface")
        self.title = Label(role="section")
        self.facts = Label(tone="text2", wraps=True)
        self.all_button = Button(tr("全部帮扶记录"), self.all_wanted.emit, kind="link")
        head = QHBoxLayout()
        head.setContentsMargins(PAGE_MARGIN, 8, PAGE_MARGIN, 4)
        head.setSpacing(12)
        head.addWidget(self.title)
        head.addWidget(self.facts, 1)
        for button in (
            self.all_button,
            Button(tr("打印帮扶记录卡"), self.card_wanted.emit, kind="link"),
            Button(tr("打开学生"), self.student_wanted.emit, kind="link"),
        ):
            head.addWidget(button)
        inner = QWidget()
        set_ground(inner, "surface")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(PAGE_MARGIN, 2, PAGE_MARGIN, 10)
        self._column.setSpacing(4)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(Line())
        layout.addLayout(head)
        layout.addWidget(scroll, 1)
        self.setMinimumHeight(110)

    def show_pairing(self, pairing: PairingStanding, contacts: Sequence[Mapping[str, Any]]) -> None:
        """Show another pairing with its last contacts."""
        self.title.setText(f"{pairing.leader} 和 {pairing.student}")
        phone = (
            f"学生电话 {mask_words(pairing.student_phone)}" if pairing.student_phone else tr("学生电话没有填")
        )
        number = f"联系过 {pairing.contacts} 次" if pairing.contacts else tr("还没有联系过")
        self.facts.setText(f"{pairing.paired_on} 结对　{number}　{phone}")
        self.all_button.setVisible(bool(contacts))
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for at, contact in enumerate(contacts):
            if at:
                self._column.addSpacing(4)
            self._add(contact)
        if not contacts:
            self._column.addWidget(Label(tr("还没有帮扶记录。按 Ctrl+Enter 记一笔。"), tone="text3"))
        self._column.addStretch(1)

    def _add(self, contact: Mapping[str, Any]) -> None:
        on = contact["contacted_on"]
        head = " ".join(
            str(each) for each in (f"{on.month}月{on.day}日", contact["form"], contact["place"]) if each
        )
        self._column.addWidget(Label(head, role="bold"))
        money = f"{Amount().format(contact['amount_fen'])} 元" if contact["amount_fen"] else ""
        promised = [str(contact["measure"] or ""), money]
        promised += [f"责任人 {contact['responsible']}"] if contact["responsible"] else []
        promised += [f"{contact['due_on']:%m-%d} 前"] if contact["due_on"] else []
        promised += [f"结果：{contact['result']}"] if contact["result"] else []
        for words, text in (
            ("情况", contact["situation"]),
            ("困难", contact["difficulties"]),
            ("帮扶", "，".join(each for each in promised if each)),
            ("成效", contact["effect"]),
            ("下次计划", contact["next_plan"]),
        ):
            if text:
                row = QWidget()
                line = QHBoxLayout(row)
                line.setContentsMargins(0, 0, 0, 0)
                label = Label(tr(words), tone="text3")
                label.setMinimumWidth(LABEL)
                line.addWidget(label)
                line.addWidget(Label(str(text), wraps=True), 1)
                self._column.addWidget(row)
