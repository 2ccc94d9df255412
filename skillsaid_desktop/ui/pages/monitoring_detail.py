"""Under the grid: the whole text of this month beside the two before, and how the difficulty went."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from skillsaid_desktop.domain.months import add_months
from skillsaid_desktop.services.monitoring import GridRow
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.marks import DIFFICULTY_TONES, Tag
from skillsaid_desktop.ui.widgets.text import Label, Line

LINES = (
    ("学习", "study"),
    ("生活", "life"),
    ("心理、健康", "health"),
    ("家庭变故", "family_event"),
    ("措施", "measure"),
)


class _Month(QWidget):
    """One month's note in lines."""

    def __init__(self) -> None:
        super().__init__()
        self.title = Label(role="bold")
        self.level = Tag("", "text3")
        self.facts = Label(role="small", tone="text2")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.level)
        head.addWidget(self.facts)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        self._values: dict[str, Label] = {}
        self._rows: dict[str, QWidget] = {}
        for words, name in LINES:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            label = Label(words, tone="text3")
            label.setMinimumWidth(84)
            self._values[name] = Label(wraps=True)
            line.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(self._values[name], 1)
            self._rows[name] = row
            column.addWidget(row)
        column.addStretch(1)

    def show_note(self, title: str, note: dict[str, Any] | None) -> None:
        """Show a note, or that there is none."""
        self.title.setText(title)
        level = str((note or {}).get("difficulty") or "")
        self.level.setVisible(bool(level))
        self.level.set_text(level, DIFFICULTY_TONES.get(level, "text3"))
        on = (note or {}).get("noted_on")
        self.facts.setText(
            f"{on.month}月{on.day}日 {note.get('noted_by') or ''} {note.get('form') or ''}".strip()
            if note and on
            else tr("没有记录")
        )
        for _words, name in LINES:
            text = str((note or {}).get(name) or "")
            if name == "measure" and text and note:
                text += f"　责任人 {note['responsible']}" if note.get("responsible") else ""
                text += f"，{note['due_on']:%m-%d} 前" if note.get("due_on") else ""
                text += f"。结果：{note['result']}" if note.get("result") else ""
            self._values[name].setText(text)
            self._rows[name].setVisible(bool(text))


class MonitoringDetail(QWidget):
    """This month and the two before of one student, side by side."""

    note_wanted = Signal()
    copy_wanted = Signal()
    student_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._student = 0
        self._months = (_Month(), _Month(), _Month())
        self._levels = Label(tone="text2", wraps=True)
        months = QHBoxLayout()
        months.setSpacing(32)
        for month in self._months:
            months.addWidget(month, 1)
        self._foot = QWidget()
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(PAGE_MARGIN, 2, PAGE_MARGIN, 4)
        row.setSpacing(16)
        row.addWidget(self._levels, 1)
        for title, act in self.acts():
            row.addWidget(Button(title.replace("\t", "　"), act, kind="link"))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(PAGE_MARGIN, 10, PAGE_MARGIN, 8)
        column.setSpacing(6)
        column.addLayout(months, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addWidget(Line())
        layout.addWidget(self._foot)
        self.setMinimumHeight(96)

    def acts(self) -> list[tuple[str, Callable[[], object]]]:
        """Return what can be done with the student in hand, each with its key."""
        return [
            (tr("全部项目…") + "\tF2", self.note_wanted.emit),
            (tr("照抄上月到空格") + "\tCtrl+D", self.copy_wanted.emit),
            (tr("打开时间线"), lambda: self.student_wanted.emit(self._student)),
        ]

    def show_person(self, person: GridRow | None, month: str) -> None:
        """Show another student."""
        self.setVisible(person is not None)
        if person is None:
            return
        self._student = person.student_id
        for back, (shown, note) in enumerate(
            zip(self._months, (person.note, person.last, person.before_last), strict=True)
        ):
            at = f"{int(add_months(month, -back)[5:])}月"
            shown.show_note(at if back else f"{person.name}　{at}", note)
        levels = "　".join(f"{int(each[5:])}月 {level}" for each, level in person.levels)
        self._levels.setText(f"困难等级　{levels}" if levels else tr("还没有记过困难等级"))

    def set_narrow(self, narrow: bool) -> None:
        """Leave the month before the last out where three have no room beside each other."""
        self._months[-1].setVisible(not narrow)

    def set_low(self, low: bool) -> None:
        """Fold to the head lines in a low window."""
        self.setMaximumHeight(104 if low else 16_777_215)
