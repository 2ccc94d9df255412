"""One 学籍号 under two numbers: two equal answers, and what each of them does (是同一人, 不是同一人)."""

import html
from collections.abc import Callable
from difflib import SequenceMatcher

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from skillsaid_desktop.schema.masking import mask_number
from skillsaid_desktop.services.answers import SameOrNot
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.fields import MaskedNumber
from skillsaid_desktop.ui.widgets.text import Label


class SameOrNotChoice(QWidget):
    """Both numbers, one 显示 for the pair, the digits that differ bold and underlined; two equal buttons."""

    answered = Signal(bool)

    def __init__(self, asked: SameOrNot, name: str, on_shown: Callable[[], object]) -> None:
        super().__init__()
        self._asked = asked
        known = asked.known
        where = f"{known.name}　{known.class_name}　{known.state}" if known else tr("台账里还没有这个人")
        self.before = MaskedNumber()
        self.now = Label()
        self.now.setTextFormat(Qt.TextFormat.RichText)
        self.now.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.before.shown_changed.connect(self._show_now)
        self.before.set_number(asked.number_before, on_shown)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, (title, part) in enumerate(
            (
                (tr("台账里"), Label(where, wraps=True)),
                (tr("学籍号"), Label(asked.registration_number + tr("（没有变）"), wraps=True)),
                (tr("原证件号"), self.before),
                (tr("现证件号"), self.now),
            )
        ):
            label = Label(title, tone="text2")
            label.setMinimumHeight(24)
            label.setFixedWidth(72)
            grid.addWidget(label, row, 0)
            grid.addWidget(part, row, 1)
        self.yes = Button(tr("是同一人，改成现证件号"), lambda: self.answered.emit(True))
        self.no = Button(tr("不是同一人，另外登记"), lambda: self.answered.emit(False))
        mended = f"{name}的证件号改过来，以前的登记都跟着。" if known else f"按现证件号登记{name}。"
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(6)
        column.addWidget(Label(tr("是同一个人改正了证件号吗？"), role="section"))
        column.addLayout(grid)
        column.addSpacing(4)
        column.addWidget(self.yes)
        column.addWidget(Label(mended, role="small", tone="text2", wraps=True))
        column.addWidget(self.no)
        column.addWidget(
            Label(
                tr("再登记一名学生，学籍号先空着，等问清楚再填。"),
                role="small",
                tone="text2",
                wraps=True,
            )
        )

    def _show_now(self, shown: bool) -> None:
        if not shown:
            self.now.setText(html.escape(mask_number(self._asked.number_now)))
            return
        self.now.setText(mark_differences(self._asked.number_before, self._asked.number_now))


def mark_differences(before: str, now: str) -> str:
    """Return `now` as rich text, the characters that `before` has not got there bold and underlined."""
    parts = []
    for kind, _a, _b, start, end in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        text = html.escape(now[start:end])
        parts.append(text if kind == "equal" or not text else f"<b><u>{text}</u></b>")
    return "".join(parts)
