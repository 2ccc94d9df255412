"""The lines of 首页: one thing that others still owe, one check with its acts."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from skillsaid_desktop.follow_ups import Load
from skillsaid_desktop.schema.masking import mask_words
from skillsaid_desktop.services.desk import Gathering
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.marks import WeightMark
from skillsaid_desktop.ui.widgets.text import ElidedLabel, Label, Line

Act = tuple[str, Callable[[], object]]
"""What an act is called, and what it does."""
TITLE_WIDTH = 104
CHECK_WIDTH = 86
BAR_WIDTH = 112
NARROW = 600
"""Below this width the bar gives half of its own to what is missing."""


class GatheringRow(QWidget):
    """A line of 收齐: what, how far, who is missing, the one act."""

    def __init__(self, one: Gathering, on_act: Callable[[], object]) -> None:
        super().__init__()
        self.act: Button | None = None
        row = QHBoxLayout()
        row.setContentsMargins(0, 3, 0, 3)
        row.setSpacing(12)
        tone = "text2" if one.is_done else "text"
        title = Label(one.title, tone=tone)
        title.setMinimumWidth(TITLE_WIDTH)
        bar = self._bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setRange(0, max(one.total, 1))
        bar.setValue(one.done if one.total else 1)
        bar.setFixedWidth(BAR_WIDTH)
        bar.setAccessibleName(f"{one.title} {one.done} / {one.total} {one.unit}")
        number = Label(f"{one.done:,} / {one.total:,} {one.unit}", tone=tone)
        number.setMinimumWidth(92)
        row.addWidget(title)
        row.addWidget(bar)
        row.addWidget(number)
        if one.is_done:
            row.addWidget(WeightMark("good"))
            row.addWidget(Label(tr("收齐了"), tone="text2"), 1)
        else:
            row.addWidget(ElidedLabel(one.detail), 1)
            self.act = Button(one.act, on_act, kind="link")
            row.addWidget(self.act)
        _with_line(self, row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._bar.setFixedWidth(BAR_WIDTH if self.width() >= NARROW else BAR_WIDTH // 2)


class CheckRow(QWidget):
    """A line of the checks: weight, kind, sentence, acts."""

    def __init__(self, weight: str, title: str, words: str, acts: Sequence[Act]) -> None:
        super().__init__()
        row = QHBoxLayout()
        row.setContentsMargins(0, 3, 0, 3)
        row.setSpacing(8)
        row.addWidget(WeightMark(weight))
        kind = Label(title, tone="text2")
        kind.setMinimumWidth(CHECK_WIDTH)
        row.addWidget(kind)
        sentence = Label(words, tone="text2" if weight == "good" else "text", wraps=True)
        row.addWidget(sentence, 1)
        row.addSpacing(8)
        self.acts = [Button(text, act, kind="link") for text, act in acts]
        for button in self.acts:
            row.addWidget(button)
        _with_line(self, row)


class PersonRow(CheckRow):
    """A line of 待办: who, how much he has in hand and what is most urgent, the way to it."""

    def __init__(self, load: Load, day: date, on_act: Callable[[], object]) -> None:
        past, first = load.overdue(day), load.follow_ups[0]
        words = f"{len(load.follow_ups)} 件" + (f"，{past} 件逾期" if past else "")
        words += f"；最急：{first.who} {first.text}（{first.left(day)}）"
        weight = "explain" if past else "hint"
        super().__init__(weight, load.responsible, mask_words(words), [(tr("去看"), on_act)])


def _with_line(widget: QWidget, row: QHBoxLayout) -> None:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addLayout(row)
    column.addWidget(Line())
    widget.setMinimumHeight(29)
