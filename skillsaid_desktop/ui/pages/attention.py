"""关注: flagging students and clearing their flags, each with a reason, and the box of a student's open flags."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop.services.attention import OpenFlag, clear_flags, load_open_flags, raise_flag
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.flow import empty_layout
from skillsaid_desktop.ui.widgets.text import Label, Line


def flag_students(session: Session, student_ids: Sequence[int], who: str) -> None:
    """Ask why, and flag these students as one step."""
    if not student_ids:
        return
    reason = session.prompts.ask_text(
        f"列入关注：{who}", tr("名字旁边会有“关注”，学生台账里可以只看关注的。不关注了，也写一句为什么。"),
        label=tr("为什么关注"), act=tr("列入关注"), safe=tr("不列"),
    )  # fmt: skip
    if reason is not None and session.attempt(lambda: raise_flag(session.ledger_file, student_ids, reason)):
        session.say(f"已列入关注：{who}")


def unflag(session: Session, flag_ids: Sequence[int], who: str, reasons: str) -> None:
    """Ask why no longer, and clear these flags as one step."""
    reason = session.prompts.ask_text(
        f"取消关注：{who}", f"原来关注的是：{reasons}。时间线里两句都留着。",
        label=tr("为什么不再关注"), act=tr("取消关注"), safe=tr("继续关注"),
    )  # fmt: skip
    if reason is not None and session.attempt(lambda: clear_flags(session.ledger_file, flag_ids, reason)):
        session.say(f"已取消关注：{who}")


def unflag_students(session: Session, student_ids: Sequence[int], who: str) -> None:
    """Clear all open flags of these students, after the question why."""
    with session.ledger_file.reading() as reading:
        flags = [flag for one in student_ids for flag in load_open_flags(reading, one)]
    if not flags:
        session.say(f"{who}没有列入关注。", undo=False)
        return
    unflag(session, [flag.id for flag in flags], who, "；".join(dict.fromkeys(flag.reason for flag in flags)))


class AttentionBox(QWidget):
    """The open flags of a student, each with its reason, who raised it and when."""

    raise_asked = Signal()
    clear_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(Label(tr("关注"), role="section"))
        head.addStretch(1)
        self.raise_button = Button(tr("列入关注…"), self.raise_asked.emit, kind="link")
        head.addWidget(self.raise_button)
        column.addLayout(head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        column.addLayout(self._rows)
        column.addWidget(Line())

    def show_flags(self, flags: Sequence[OpenFlag]) -> None:
        """Show these flags."""
        empty_layout(self._rows)
        if not flags:
            self._rows.addWidget(Label(tr("没有列入关注"), tone="text3"))
        for flag in flags:
            box = QWidget()
            line = QHBoxLayout(box)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(8)
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(Label(flag.reason, wraps=True))
            since = f"{flag.raised_by}，{flag.raised_on.isoformat()}"
            words.addWidget(Label(since, role="small", tone="text2"))
            line.addLayout(words, 1)
            line.addWidget(Button(tr("取消关注…"), partial(self.clear_asked.emit, flag), kind="link"))
            self._rows.addWidget(box)
