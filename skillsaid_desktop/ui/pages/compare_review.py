"""The right side of 名册比对: two records in equal columns, reasons for and against, four equal answers."""

from collections.abc import Callable, Sequence
from functools import partial
from html import escape

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from skillsaid_desktop.schema.masking import mask_number
from skillsaid_desktop.services.comparison_review import Review, ReviewRow
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.notices import Icon
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

LABEL_WIDTH, MARK_WIDTH = 100, 28
MASK_AGAIN_MS = 60_000
ANSWERS = ("是同一人", "不是同一人", "问村里，先放着", "跳过")


class _PairRow(QWidget):
    """One line of the two records; a differing one has tint and ≠."""

    def __init__(self, row: ReviewRow) -> None:
        super().__init__()
        self.row = row
        self._own, self._other = _cell(), _cell()
        label = Label(row.label, tone="text2")
        label.setFixedWidth(LABEL_WIDTH - MARK_WIDTH)
        mark = Label("≠" if row.differs else "", tone="explain")
        mark.setFixedWidth(MARK_WIDTH)
        mark.setContentsMargins(0, 0, 12, 0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(PAGE_MARGIN, 4, 12, 5)
        layout.setSpacing(0)
        layout.addWidget(label)
        layout.addWidget(mark)
        layout.addWidget(self._own, 1)
        layout.addWidget(self._other, 1)
        self.setMinimumHeight(30)
        self.show_numbers(False)

    def show_numbers(self, shown: bool) -> None:
        """Show numbers whole, with the differing places marked, or masked."""
        row = self.row
        absent = (tr("学校没有登记"), tr("名册没有这一项"))
        for label, text, none in zip((self._own, self._other), (row.own, row.other), absent, strict=True):
            if row.is_number and text:
                label.setText(_number_html(text, row.slips) if shown else escape(mask_number(text)))
            elif row.label == tr("校验位"):
                label.setText(_checked_html(text))
            else:
                label.setText(escape(text) or _grey(none))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.row.differs:
            painter.fillRect(
                PAGE_MARGIN + LABEL_WIDTH - 8, 0, self.width(), self.height(), theme.color("explain_tint")
            )
        painter.setPen(QPen(theme.color("line"), 0))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()


def _cell() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setFont(theme.font("body"))
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def _grey(text: str) -> str:
    return f'<span style="color:{theme.color("text3").name()}">{escape(text)}</span>'


def _number_html(number: str, slips: Sequence[int]) -> str:
    """Return a number in its three parts, with the places that differ bold and underlined."""
    tone = theme.color("explain").name()
    parts = []
    for at, character in enumerate(number):
        gap = " " if len(number) >= 18 and at in (6, 14) else ""
        if at in slips:
            parts.append(f'{gap}<b style="color:{tone}"><u>{escape(character)}</u></b>')
        else:
            parts.append(gap + escape(character))
    return "".join(parts)


def _checked_html(text: str) -> str:
    is_right = text == tr("正确")
    tone = theme.color("good" if is_right else "explain").name()
    return f'<span style="color:{tone}">{"✓" if is_right else "⚠"} {escape(text)}</span>'


class _Sentences(QWidget):
    """A bold heading with sentences under it, each with its mark."""

    def __init__(self, title: str, icon: str, tone: str) -> None:
        super().__init__()
        self._icon, self._tone = icon, tone
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(Label(title, role="bold"))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        self._column.addLayout(self._lines)
        self._column.addStretch(1)

    def set_sentences(self, sentences: Sequence[str]) -> None:
        """Show other sentences; none hides the whole."""
        while self._lines.count():
            item = self._lines.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for sentence in sentences:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(10)
            line.addWidget(Icon(self._icon, self._tone), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Label(f"{sentence}。" if not sentence.endswith("。") else sentence, wraps=True), 1)
            self._lines.addWidget(row)
        self.setVisible(bool(sentences))


class ReviewPane(QWidget):
    """Shows one pair at a time; `answered` carries 0 to 3 in the order of ANSWERS."""

    answered = Signal(int)
    candidate_chosen = Signal(int)

    def __init__(self, on_shown: Callable[[], object]) -> None:
        super().__init__()
        self._on_shown = on_shown
        self._rows: list[_PairRow] = []
        self._is_shown = False
        self.name = Label(role="section2")
        self.place = Label(tone="text2")
        self.show_button = Button(tr("显示证件号"), self.toggle_numbers, icon="eye", kind="link")
        head = QHBoxLayout()
        head.setContentsMargins(PAGE_MARGIN, 8, PAGE_MARGIN, 8)
        head.setSpacing(10)
        head.addWidget(self.name)
        head.addWidget(self.place)
        head.addStretch(1)
        head.addWidget(self.show_button)
        self._tabs = QHBoxLayout()
        self._tabs.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, 4)
        self._tabs.setSpacing(8)
        self._tab_group = QButtonGroup(self)
        self._tab_box = QWidget()
        self._tab_box.setLayout(self._tabs)
        self._titles = [Label(role="bold"), Label(role="bold")]
        self._places = [Label(tone="text2", role="small"), Label(tone="text2", role="small")]
        titles = QWidget()
        set_ground(titles, "sunken")
        line = QHBoxLayout(titles)
        line.setContentsMargins(PAGE_MARGIN + LABEL_WIDTH, 6, 12, 6)
        line.setSpacing(0)
        for title, place in zip(self._titles, self._places, strict=True):
            for label in (title, place):
                label.setWordWrap(True)
                label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(title)
            column.addWidget(place)
            column.addStretch(1)
            line.addLayout(column, 1)
        self._pairs = QVBoxLayout()
        self._pairs.setSpacing(0)
        self.reasons = _Sentences(tr("像同一人的地方"), "checkmark", "good")
        self.cautions = _Sentences(tr("要当心的地方"), "warning", "explain")
        words = QHBoxLayout()
        words.setContentsMargins(PAGE_MARGIN, 14, PAGE_MARGIN, 14)
        words.setSpacing(24)
        words.addWidget(self.reasons, 1)
        words.addWidget(self.cautions, 1)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(titles)
        column.addWidget(Line())
        column.addLayout(self._pairs)
        column.addLayout(words)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._tab_box)
        layout.addWidget(Line())
        layout.addWidget(area, 1)
        layout.addWidget(self._answer_bar())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(MASK_AGAIN_MS)
        self._timer.timeout.connect(self.cover)
        QGuiApplication.instance().applicationStateChanged.connect(self._on_application_state)  # type: ignore[union-attr]

    def _answer_bar(self) -> QWidget:
        self.buttons: list[Button] = []
        row = QHBoxLayout()
        row.setSpacing(8)
        for at, text in enumerate(ANSWERS):
            button = Button(f"{at + 1}　{tr(text)}", partial(self.answered.emit, at))
            button.setMinimumHeight(38)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self.buttons.append(button)
            row.addWidget(button, 1)
        self.consequence = Label(tone="text2", wraps=True)
        self.keys = Label(tr("↑ ↓ 换一条　Ctrl+Z 撤回"), tone="text3", role="small")
        self._below = QHBoxLayout()
        self._below.setSpacing(8)
        self._below.addWidget(self.consequence, 1)
        self._below.addSpacing(8)
        self._below.addWidget(self.keys)
        self.bar = QWidget()
        set_ground(self.bar, "sunken")
        column = QVBoxLayout()
        column.setContentsMargins(PAGE_MARGIN, 10, PAGE_MARGIN, 10)
        column.setSpacing(8)
        column.addLayout(row)
        column.addLayout(self._below)
        outer = QVBoxLayout(self.bar)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(Line())
        outer.addLayout(column)
        return self.bar

    def add_act(self, button: Button) -> None:
        """Put a button at the right end of the bar."""
        self._below.addWidget(button)

    def name_answer(self, at: int, text: str) -> None:
        """Give an answer other words."""
        self.buttons[at].setText(f"{at + 1}　{tr(text)}")

    def set_low(self, low: bool) -> None:
        """Shrink the answers in a low window."""
        for button in self.buttons:
            button.setMinimumHeight(30 if low else 38)

    def show_pair(
        self, name: str, place: str, review: Review, reasons: Sequence[str], cautions: Sequence[str]
    ) -> None:
        """Show another pair; numbers are masked again."""
        self.name.setText(name)
        self.place.setText(place)
        for label, text in zip(self._titles, (review.own_title, review.other_title), strict=True):
            label.setText(text)
        for label, text in zip(self._places, (review.own_place, review.other_place), strict=True):
            label.setText(text)
        for row in self._rows:
            self._pairs.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_PairRow(row) for row in review.rows]
        for pair in self._rows:
            self._pairs.addWidget(pair)
        self.reasons.set_sentences(reasons)
        self.cautions.set_sentences(cautions)
        self.cover()

    def show_candidates(self, titles: Sequence[str], chosen: int) -> None:
        """Offer several people of the rosters as tabs; one alone needs none."""
        for button in self._tab_group.buttons():
            self._tab_group.removeButton(button)
            self._tabs.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._tab_box.setVisible(len(titles) > 1)
        if len(titles) < 2:
            return
        for at, title in enumerate(titles):
            button = QPushButton(title)
            button.setProperty("kind", "choice")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setChecked(at == chosen)
            button.clicked.connect(lambda _checked=False, at=at: self.candidate_chosen.emit(at))
            self._tab_group.addButton(button)
            self._tabs.insertWidget(at, button)

    def show_answers(self, shown: bool, consequence: str) -> None:
        """Show the four answers and what 是同一人 brings about, or only a sentence."""
        for button in self.buttons:
            button.setVisible(shown)
        self.keys.setVisible(shown)
        self.consequence.setText(consequence)

    # Numbers

    def toggle_numbers(self) -> None:
        """Show the numbers of this pair, which is written down, or mask them again."""
        if self._is_shown:
            self.cover()
            return
        self._set_shown(True)
        self._timer.start()
        self._on_shown()

    def cover(self) -> None:
        """Mask the numbers."""
        self._timer.stop()
        self._set_shown(False)

    def _set_shown(self, shown: bool) -> None:
        self._is_shown = shown
        for row in self._rows:
            row.show_numbers(shown)
        self.show_button.setText(tr("遮住证件号") if shown else tr("显示证件号"))

    def _on_application_state(self, state: Qt.ApplicationState) -> None:
        if state != Qt.ApplicationState.ApplicationActive and self._is_shown:
            self.cover()
