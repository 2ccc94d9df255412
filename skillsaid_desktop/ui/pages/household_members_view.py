"""The members of a household in its drawer: who, in which relation, our students with their class and categories."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop.ledgers.hardship import CategoryRow
from skillsaid_desktop.schema.masking import mask_number
from skillsaid_desktop.services.household_file import MemberRow
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.marks import STATE_TONES, Tag
from skillsaid_desktop.ui.widgets.notices import Icon
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

ICON_COLUMN = 22


class MembersView(QWidget):
    """A line or more for each member; numbers stay masked, 改… opens the member."""

    student_wanted = Signal(int)
    edit_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        set_ground(self, "surface")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 8, 16, 16)
        self._column.setSpacing(0)

    def set_members(self, members: tuple[MemberRow, ...], category: str = "") -> None:
        """Show these members, the head first; `category` is the household's."""
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if not members:
            self._column.addWidget(Label(tr("还没有登记家庭成员"), tone="text3"))
        for at, member in enumerate(members):
            if at:
                self._column.addWidget(Line())
            self._column.addWidget(self._row(member, category))
        self._column.addStretch(1)

    def _row(self, member: MemberRow, category: str) -> QWidget:
        row = QWidget()
        lines = QVBoxLayout(row)
        lines.setContentsMargins(0, 7, 0, 7)
        lines.setSpacing(3)
        first = QHBoxLayout()
        first.setSpacing(8)
        mark = Icon(
            "hat_graduation" if member.student_id else "person", "accent" if member.student_id else "text3"
        )
        mark.setToolTip(tr("本校学生") if member.student_id else "")
        first.addWidget(mark)
        first.addWidget(Label(member.name))
        first.addWidget(Label(member.relation or tr("关系没有填"), role="small", tone="text2"))
        if member.student_id is not None:
            student_id = member.student_id
            words = member.class_name or tr("本校学生")
            link = Button(words, lambda: self.student_wanted.emit(student_id), kind="link")
            link.setToolTip(tr("打开这名学生"))
            first.addWidget(link)
            if member.state in STATE_TONES:
                first.addWidget(Tag(member.state, STATE_TONES[member.state]))
        first.addStretch(1)
        edit = Button(tr("改…"), lambda: self.edit_wanted.emit(member.id), kind="link")
        edit.setAccessibleName(f"{tr('改')} {member.name}")
        first.addWidget(edit)
        lines.addLayout(first)
        told = "　".join(filter(None, (mask_number(member.number), member.details)))
        notes = [(told, "text2")]
        for each in member.categories:
            notes += [(say_category(each), "text2"), (say_source(each), "text3")]
        if member.is_enrolled and category and not member.categories:
            notes.append((f"没有登记身份类别，户是{category}，请核对", "explain"))
        for text, tone in notes:
            if text:
                label = Label(text, role="small", tone=tone, wraps=True)
                label.setContentsMargins(ICON_COLUMN + 2, 0, 0, 0)
                lines.addWidget(label)
        return row


def say_category(row: CategoryRow) -> str:
    """Return a dated category: 脱贫户　2023-09-01 起."""
    return f"{row.category}　{row.said()}"


def say_source(row: CategoryRow) -> str:
    """Return where a category comes from: the paper, the file, and what stood there."""
    wording = f"名册写作“{row.original_wording}”" if row.original_wording else ""
    return "，".join(filter(None, (row.evidence or row.source, wording)))
