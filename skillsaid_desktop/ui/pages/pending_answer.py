"""The answering side of 待处理: the fitting way to answer on top, then the row as it stood, cell by cell."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from skillsaid_desktop.ledgers import ledger_named
from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.field import Privacy
from skillsaid_desktop.schema.masking import mask_words
from skillsaid_desktop.schema.types import Choice, Flag, Text, Words
from skillsaid_desktop.services.answers import Candidate, Ways, WholeClass
from skillsaid_desktop.services.pending import Pending
from skillsaid_desktop.services.questions import Question
from skillsaid_desktop.ui.forms.editors import ChoiceEditor, FieldEditor, LineEditor, make_editor
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.person_choice import PersonChoice
from skillsaid_desktop.ui.pages.same_or_not import SameOrNotChoice
from skillsaid_desktop.ui.widgets.buttons import Button, ChoiceRow
from skillsaid_desktop.ui.widgets.fields import MaskedNumber
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

_FIRST = ("student_name", "name", "document_number", "class_name", "kind", "changed_on", "noted_on", "month")
_WEEKDAYS = "一二三四五六日"
REASON = Field(name="correction", title="更正原因", type=Text())
USUAL_ANSWERS: Mapping[str, tuple[str, ...]] = {
    "same name and birth date": ("不是同一人，证件都核对过", "是同一人，重复的一条已另行处理"),
    "name differs": ("是这个人，表上的名字写错了", "改过名，户口簿核对无误"),
    "other class": ("台账里的班级是对的", "已登记转班"),
}
"""What is usually answered to a question, by its code; offered to be taken with one key."""
_ANSWERS = ("原件核对无误", "已经改好")


class AnswerPanel(QWidget):
    """Answers one row, or one question about a row that was stored.

    `number_shown` is called with whom each time a number is shown.
    """

    answered_same = Signal(bool)
    class_wanted = Signal(object)  # WholeClass

    def __init__(self, number_shown: Callable[[str, str], object]) -> None:
        super().__init__()
        self._number_shown = number_shown
        set_ground(self, "surface")
        self.setMinimumWidth(388)
        self._title = Label(role="section2", wraps=True)
        self._why = Label(wraps=True)
        self._place = Label(role="small", tone="text2", wraps=True)
        self.answer = QLineEdit()
        self.answer.setPlaceholderText(tr("例如：户口簿核对无误"))
        self.answer.setAccessibleName(tr("核对结果"))
        self.usual = ChoiceRow()
        self.usual.chosen.connect(self.answer.setText)
        self.person: PersonChoice | None = None
        self.same: SameOrNotChoice | None = None
        self.reason: FieldEditor | None = None
        self._ways = Ways()
        self._form = QVBoxLayout()
        self._form.setContentsMargins(16, 12, 16, 16)
        self._form.setSpacing(6)
        self._fields: dict[str, FieldEditor] = {}
        self._masks: dict[str, MaskedNumber] = {}
        self._before: dict[str, str] = {}
        self._first: QWidget | None = None
        self._lay_out()

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(16, 14, 16, 12)
        head.setSpacing(6)
        for widget in (self._title, self._why, self._place):
            head.addWidget(widget)
        inner = QWidget()
        inner.setLayout(self._form)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        # Another row's form stands only after the events in hand; then its answer must be in sight.
        self._to_top = QTimer(self)
        self._to_top.setSingleShot(True)
        self._to_top.setInterval(0)
        self._to_top.timeout.connect(lambda: scroll.verticalScrollBar().setValue(0))
        self.store_button = Button(tr("存进台账"), kind="main")
        self.confirm_button = Button("")
        self.drop_button = Button(tr("不要这一行…"))
        self.open_button = Button(tr("看这个人"))
        self._why_not = Label(role="small", tone="text2", wraps=True)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in (self.store_button, self.confirm_button, self.open_button):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.drop_button)
        whole = QVBoxLayout()
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(6)
        whole.addWidget(self._why_not)
        whole.addLayout(foot)
        bar = QWidget()
        set_ground(bar, "sunken")
        bar.setLayout(whole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(Line())
        layout.addWidget(scroll, 1)
        layout.addWidget(Line())
        layout.addWidget(bar)

    # A row that was not stored

    def show_row(
        self,
        row: Pending | None,
        ways: Ways | None = None,
        words: Words | None = None,
        find: Callable[[str], Sequence[Candidate]] | None = None,
    ) -> None:
        """Show a row that was not stored, with the ways to answer it; `find` searches the people of the ledger."""
        self._clear()
        self.setEnabled(row is not None)
        self._ways = ways or Ways()
        if row is None:
            self._say("", "", "")
            return
        state = "等您答复" if row.outcome == "waiting" else "没有导入"
        who = row.who or "（没有姓名）"
        why = row.reason.removeprefix(row.who).lstrip("：　 ")
        self._say(f"{who}　{state}", mask_words(why), f"{row.file}　{row.sheet} 第 {row.row} 行")
        self._add_ways(row, self._ways, find)
        ledger = ledger_named(row.ledger)
        fields = [one for one in ledger.importable if one.name in row.cells or one.required]
        asked = [one for one in ledger.importable if one.name in self._ways.asked]
        key = [one for one in fields if one not in asked and one.name in _FIRST]
        self._add("有疑问的格子", asked, row, words)
        self._add("这一行写着", key, row, words)
        self._add("其余", [one for one in fields if one not in asked and one not in key], row, words)
        self._form.addStretch(1)
        self._show_buttons(row, self._ways)
        self._fit()

    def _add_ways(self, row: Pending, ways: Ways, find: Callable[[str], Sequence[Candidate]] | None) -> None:
        if ways.chooses_person and find is not None:
            self.person = PersonChoice(find, lambda one: self._number_shown("身份证号", one.name))
            self.person.show_people(ways.candidates)
            self.person.chosen.connect(self._fit)
            self.person.taken.connect(self.store_button.click)
            self._put(self.person, self.person.table if ways.candidates else self.person.search)
        if ways.same is not None:
            self.same = SameOrNotChoice(ways.same, row.who, lambda: self._number_shown("证件号", row.who))
            self.same.answered.connect(self.answered_same)
            self._put(self.same, self.same.yes)
        if ways.whole_class is not None:
            self._add_class(ways.whole_class)
        if ways.needs_reason:
            self.ask_reason()

    def _add_class(self, found: WholeClass) -> None:
        many = len(found.student_ids)
        button = Button(f"登记{found.class_name} {many} 人…", icon="person_swap")
        button.clicked.connect(lambda _checked=False: self.class_wanted.emit(found))
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(6)
        words = f"这一行写的是一个班。{found.class_name}那天在籍 {many} 人，可以一起登记。"
        column.addWidget(Label(words, tone="text2", wraps=True))
        column.addWidget(button)
        self._put(box, button)

    def ask_reason(self) -> FieldEditor:
        """Put the field for the reason of a correction on top, if it isn't there, and return it."""
        if self.reason is None:
            editor = LineEditor(REASON)
            editor.say(tr("这一天所在的月份已经封账。写明原因，存下后列为更正，报出的数字不变。"))
            editor.line.textChanged.connect(lambda _text: self._fit())
            self.reason = editor
            self._form.insertWidget(0, self._titled(REASON.title, editor))
            self._first = self._first or editor
        return self.reason

    def _show_buttons(self, row: Pending, ways: Ways) -> None:
        self.store_button.setText(tr("存进台账"))
        self.store_button.setVisible(ways.same is None and ways.whole_class is None)
        confirm = ""
        if ways.takes_doubtful_number:
            confirm = tr("照样登记，证件号待核")
        elif ways.confirms:
            confirm = tr(ways.confirms)
        self.confirm_button.setText(confirm)
        self.confirm_button.setVisible(bool(confirm))
        self.open_button.setVisible(False)
        self.drop_button.setVisible(True)

    def _add(self, title: str, fields: Sequence[Field], row: Pending, words: Words | None) -> None:
        if not fields:
            return
        self._form.addWidget(Label(tr(title), role="small", tone="text3"))
        for one in fields:
            raw = str(row.cells.get(one.name, "") or "")
            editor = make_editor(one, words)
            is_word = isinstance(editor, ChoiceEditor)
            is_asked = one.name in self._ways.asked
            known = not is_word or not raw or not is_asked
            # A cell of several lines is one word in a list of words.
            shown = raw.replace("\n", "、") if is_word else raw
            editor.set_text(shown if known else "")
            if not known:
                editor.say(f"名单上写的是“{raw}”，请选一个")
            editor.edited.connect(self._fit)
            part: QWidget = editor
            if one.privacy is Privacy.NUMBER and not isinstance(one.type, Choice | Flag):
                mask = MaskedNumber(editor=editor)
                mask.setMinimumHeight(30)
                mask.set_number(raw, partial(self._number_shown, one.title, row.who))
                editor.edited.connect(lambda mask=mask, editor=editor: mask.hold(editor.text()))
                self._masks[one.name] = mask
                part = mask
            elif one.name in self._ways.days:
                part = self._with_day(one, editor)
            self._form.addWidget(self._titled(one.title, part))
            self._fields[one.name] = editor
            self._before[one.name] = editor.text()
            if is_asked and self._first is None:
                self._first = part

    def _with_day(self, field: Field, editor: FieldEditor) -> QWidget:
        day = self._ways.days[field.name]

        def take() -> None:
            editor.set_text(day.isoformat())
            self._fit()
            self.store_button.setFocus(Qt.FocusReason.OtherFocusReason)

        button = Button(f"是 {day.isoformat()}（周{_WEEKDAYS[day.weekday()]}）", take, kind="link")
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(editor)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        box.setFocusProxy(button)
        return box

    def _titled(self, title: str, part: QWidget) -> QWidget:
        label = Label(title, tone="text2", wraps=True)
        label.setFixedWidth(88)
        label.setMinimumHeight(30)
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(part, 1)
        return row

    def _put(self, part: QWidget, first: QWidget) -> None:
        self._form.addWidget(part)
        self._first = self._first or first

    def _fit(self) -> None:
        """Say beside the button what is still missing; a button that can do nothing is grey."""
        lacking = ""
        if self.person is not None and self.person.person is None and not self.values():
            lacking = tr("先选是哪一个人，或改好下面的格子")
        elif self.reason is not None and not self.reason.text():
            lacking = tr("先写更正原因")
        self.store_button.setEnabled(not lacking)
        self._why_not.setText(lacking)
        self._why_not.setVisible(bool(lacking) and self.store_button.isVisibleTo(self))

    # A question about a row that was stored

    def show_question(self, one: Question | None) -> None:
        """Show a question about a row that was stored."""
        self._clear()
        self._ways = Ways()
        self.setEnabled(one is not None)
        if one is None:
            self._say("", "", "")
            return
        where = f"{one.file}　{one.sheet} 第 {one.row} 行" if one.row else one.file
        self._say(tr("请核对"), mask_words(one.message), where)
        self.store_button.setText(tr("记下核对结果"))
        self.store_button.setEnabled(True)
        self._why_not.hide()
        for button, shown in (
            (self.store_button, True), (self.confirm_button, False), (self.open_button, one.student_id is not None),
            (self.drop_button, False),
        ):  # fmt: skip
            button.setVisible(shown)
        self._form.addWidget(
            Label(tr("这一行已经存进台账。资料要改的，先点“看这个人”改好。"), tone="text2", wraps=True)
        )
        self._form.addWidget(Label(tr("核对结果"), tone="text2"))
        self.usual.set_values(USUAL_ANSWERS.get(one.code, _ANSWERS))
        for kept in (self.usual, self.answer):
            self._form.addWidget(kept)
            kept.show()
        self._first = self.answer
        self._form.addStretch(1)

    def _say(self, title: str, why: str, place: str) -> None:
        self._title.setText(title)
        self._why.setText(why)
        self._place.setText(place)

    # What was answered

    def values(self) -> dict[str, str]:
        """Return what was changed."""
        return {
            name: editor.text()
            for name, editor in self._fields.items()
            if editor.text() != self._before[name]
        }

    @property
    def student_id(self) -> int | None:
        """The person chosen, if the row asks for one."""
        one = self.person.person if self.person is not None else None
        return one.student_id if one is not None else None

    @property
    def correction(self) -> str:
        """The reason for touching a closed month."""
        return self.reason.text() if self.reason is not None else ""

    def field(self, name: str) -> FieldEditor:
        """Return the editor of a field."""
        return self._fields[name]

    def number_field(self, name: str) -> MaskedNumber:
        """Return the mask over a number's editor."""
        return self._masks[name]

    def focus_first(self) -> None:
        """Put the cursor where the answer is given."""
        if self._first is not None:
            self._first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def toggle_numbers(self) -> None:
        """Show the numbers of the row, or mask them again (Ctrl+Shift+H)."""
        masks = list(self._masks.values())
        if self.same is not None:
            masks.insert(0, self.same.before)
        if self.person is not None and self.person.person is not None:
            masks = [self.person.number]
        cover = any(mask.is_shown for mask in masks)
        for mask in masks:
            if mask.has_number and mask.is_shown == cover:
                mask.toggle()

    def _clear(self) -> None:
        self._to_top.start()
        self._fields, self._before, self._masks = {}, {}, {}
        self.person, self.same, self.reason, self._first = None, None, None, None
        while self._form.count():
            item = self._form.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget in (self.answer, self.usual):
                widget.hide()
                widget.setParent(self)
            elif widget is not None:
                widget.hide()
                widget.deleteLater()
