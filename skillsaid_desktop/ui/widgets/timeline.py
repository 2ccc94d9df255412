"""The timeline: what comes next above, then months downwards; date, icon on a line, sentence, small second line."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop.ledgers.timeline import TimelineEntry, all_kinds, kind_named
from skillsaid_desktop.ui import icons, theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.chips import CountChips
from skillsaid_desktop.ui.widgets.flow import empty_layout
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

LONG = 30
ALL = ""
"""The key of every kind."""


class _Spot(QWidget):
    """An icon on the thin line that joins the entries."""

    def __init__(self, icon: str, tone: str, *, is_last: bool) -> None:
        super().__init__()
        self._icon, self._tone, self._is_last = icon, tone, is_last
        self.setFixedWidth(28)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._is_last:
            painter.fillRect(QRect(13, 22, 1, self.height() - 22), theme.color("line2"))
        icons.paint(painter, QRect(6, 3, 15, 15), self._icon, self._tone or "text2")
        painter.end()


class Timeline(QWidget):
    """Shows entries; `set_entries` replaces them all. Over thirty of them, one kind can be looked at alone."""

    place_wanted = Signal(object)
    """The Place of something that is still to be done."""

    def __init__(self) -> None:
        super().__init__()
        set_ground(self, "surface")
        self._coming: Sequence[TimelineEntry] = ()
        self._past: Sequence[TimelineEntry] = ()
        self.kinds = CountChips()
        self.kinds.chosen.connect(lambda _kind: self._fill())
        self.kinds.hide()
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 10, 16, 16)
        whole.setSpacing(4)
        whole.addWidget(self.kinds)
        whole.addLayout(self._column, 1)

    def set_entries(self, coming: Sequence[TimelineEntry], past: Sequence[TimelineEntry]) -> None:
        """Show what comes next and what has happened, newest first."""
        self._coming, self._past = coming, past
        counts = Counter(entry.kind for entry in (*coming, *past))
        total = sum(counts.values())
        offered = [
            (kind.name, tr(kind.title), counts[kind.name]) for kind in all_kinds() if counts[kind.name]
        ]
        is_long = total > LONG and len(offered) > 1
        self.kinds.setVisible(is_long)
        self.kinds.set_counts([(ALL, tr("全部"), total), *offered] if is_long else [])
        if is_long:
            self.kinds.choose(ALL)
        else:
            self._fill()

    def _fill(self) -> None:
        kind = self.kinds.key()
        coming, past = (
            [entry for entry in entries if kind in (ALL, entry.kind)]
            for entries in (self._coming, self._past)
        )
        empty_layout(self._column)
        if coming:
            self._add_heading(tr("接下来"))
            self._add_all(coming)
        month: tuple[int, int] | None = None
        group: list[TimelineEntry] = []
        for entry in [*past, None]:
            now = (entry.on.year, entry.on.month) if entry is not None else None
            if now != month and group:
                if self._column.count():
                    self._column.addSpacing(6)
                    self._column.addWidget(Line())
                self._add_heading(_month_words(group[0].on))
                self._add_all(group)
                group = []
            month = now
            if entry is not None:
                group.append(entry)
        if not coming and not past:
            self._column.addWidget(Label(tr("还没有记录"), tone="text3"))
        self._column.addStretch(1)

    def _add_heading(self, text: str) -> None:
        label = Label(text, role="small", tone="text3")
        label.setContentsMargins(0, 8, 0, 4)
        self._column.addWidget(label)

    def _add_all(self, entries: Sequence[TimelineEntry]) -> None:
        for at, entry in enumerate(entries):
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(6)
            day = Label(entry.on.strftime("%m-%d"), tone="text2")
            day.setMinimumWidth(44)
            line.addWidget(day, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(
                _Spot(
                    kind_named(entry.kind).icon,
                    "explain" if entry.is_attention else "",
                    is_last=at == len(entries) - 1,
                )
            )
            words = QVBoxLayout()
            words.setContentsMargins(0, 0, 0, 10)
            words.setSpacing(2)
            words.addWidget(Label(entry.text, wraps=True))
            if entry.detail:
                words.addWidget(Label(entry.detail, role="small", tone="text2", wraps=True))
            line.addLayout(words, 1)
            if entry.place is not None:
                act = Button(tr(entry.place.act), partial(self.place_wanted.emit, entry.place), kind="link")
                line.addWidget(act, 0, Qt.AlignmentFlag.AlignTop)
            self._column.addWidget(row)


def _month_words(day: date) -> str:
    return f"{day.year}年{day.month}月"
