"""登记异动: at the left what you enter, at the right what follows from it, before anything is stored."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop import clock
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ledgers import CHANGES, STUDENTS
from skillsaid_desktop.ledgers.listing import fetch_rows
from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.types import Text
from skillsaid_desktop.services.record_change import (
    ChangePreview,
    possible_kinds,
    preview_change,
    record_change,
)
from skillsaid_desktop.ui.command_bar import month_title
from skillsaid_desktop.ui.dialogs.form_rows import FormRows, scrolled
from skillsaid_desktop.ui.forms.editors import DateEditor, FieldEditor, LineEditor, make_editor
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button, ChoiceRow
from skillsaid_desktop.ui.widgets.dialog import Dialog
from skillsaid_desktop.ui.widgets.notices import Strip
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

WRITE_A_DAY = "请写成 2025-11-05，也可以写 20251105"
WEEKDAYS = "一二三四五六日"
OTHER_KINDS = "其他…"
USUAL_KINDS = (
    "休学", "退学", "转出", "岗位实习", "复学", "恢复学籍", "实习结束", "参军保留学籍", "毕业", "结业", "转班",
    "转专业", "留级", "升入高级工班",
)  # fmt: skip
DETAILS = ("reason", "approval_number", "approved_on", "handled_by", "evidence", "remark")
BY_KIND: dict[str, tuple[str, ...]] = {
    "转班": ("class_after",),
    "留级": ("class_after",),
    "降级": ("class_after",),
    "跳级": ("class_after",),
    "转专业": ("major_after", "class_after"),
    "升入高级工班": ("level_after", "class_after", "major_after"),
    "升入预备技师班": ("level_after", "class_after", "major_after"),
    "转出": ("other_school",),
}
CORRECTION = Field(name="correction", title="为什么现在才登记", type=Text())


class ChangeDialog(Dialog):
    """One change for one student or for many; kind and day may be proposed."""

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        student_ids: Sequence[int],
        *,
        kind: str = "",
        on: date | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("登记异动"))
        self._session = session
        self._ids = list(student_ids)
        self.preview: ChangePreview | None = None
        self.stored = 0
        self._all_kinds = False
        with session.ledger_file.reading() as reading:
            self._people = fetch_rows(reading, STUDENTS, self._ids, session.as_of)
            self._words = reading.policy.words(session.as_of)
        self.editors: dict[str, FieldEditor] = {}
        self._rows: dict[str, QWidget] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(150)
        self._timer.timeout.connect(self.show_consequences)
        self._lay_out()
        if on is not None:
            self.day.set_text(on.isoformat())
        self._all_kinds = bool(kind) and kind not in USUAL_KINDS
        self._offer_kinds()
        self.kinds.choose(kind)
        self._fit_kind()
        self.show_consequences()
        self.kinds.setFocus()

    def _lay_out(self) -> None:
        self.kinds = ChoiceRow()
        self.kinds.chosen.connect(lambda _kind: self._on_kind())
        day = DateEditor(CHANGES.column("changed_on"))
        day.set_text(min(clock.today(), self._session.as_of).isoformat())
        day.edited.connect(self._timer.start)
        day.committed.connect(lambda _text: self._on_day())
        self.day = day
        form = FormRows()
        form.add(tr("学生"), self._who())
        self.kind_note = Label(role="small", tone="text3", wraps=True)
        kinds = QWidget()
        column = QVBoxLayout(kinds)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.kinds)
        column.addWidget(self.kind_note)
        form.add(tr("异动类别"), kinds)
        form.add(tr("异动日期"), day)
        correction = LineEditor(CORRECTION)
        self.editors["correction"] = correction
        names = dict.fromkeys(name for names in BY_KIND.values() for name in names)
        for name in ("correction", *names, *DETAILS):
            field = CORRECTION if name == "correction" else CHANGES.column(name)
            editor = correction if name == "correction" else make_editor(field, self._words)
            editor.edited.connect(self._timer.start)
            editor.committed.connect(lambda _text: self._timer.start())
            self.editors[name] = editor
            self._rows[name] = form.add(field.title, editor)
        form.column.addStretch(1)
        self._right = QVBoxLayout()
        self._right.setContentsMargins(20, 16, 20, 16)
        self._right.setSpacing(6)
        right = QWidget()
        right.setLayout(self._right)
        set_ground(right, "sunken")
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._halves.setSpacing(0)
        self._halves.addWidget(scrolled(form), 2)
        self._halves.addWidget(Line(vertical=True))
        self._halves.addWidget(scrolled(right), 3)
        footer = FooterBar(tr("登记后可以撤销（Ctrl+Z）"))
        self.cancel = Button(tr("不登记"), self.reject)
        self.act = Button(tr("登记异动"), self.store, kind="main")
        self.act.setDefault(True)
        footer.add(self.cancel)
        footer.add(self.act)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._halves, 1)
        layout.addWidget(footer)
        parent = self.parentWidget()
        width, height = (parent.width(), parent.height()) if parent is not None else (1440, 900)
        if width < 961:
            self._halves.setDirection(QBoxLayout.Direction.TopToBottom)
        self.resize(min(964, width - 40), min(620, height - 40))

    def _who(self) -> QWidget:
        box = QWidget()
        line = QHBoxLayout(box)
        line.setContentsMargins(0, 5, 0, 5)
        line.setSpacing(8)
        if len(self._people) == 1:
            one = self._people[0]
            line.addWidget(Label(str(one["name"]), role="bold"))
            facts = (one.get("class_name"), one.get("current_state"), one.get("category"))
            line.addWidget(Label("　".join(str(f) for f in facts if f), tone="text2", wraps=True), 1)
        else:
            names = "、".join(str(p["name"]) for p in self._people[:4])
            line.addWidget(Label(f"{len(self._people)} 人", role="bold"))
            more = "等" if len(self._people) > 4 else ""
            line.addWidget(Label(names + more, tone="text2", wraps=True), 1)
        return box

    # What is entered

    def _offer_kinds(self) -> None:
        on = self.day.day() or self._session.as_of
        with self._session.ledger_file.reading() as reading:
            kinds = possible_kinds(reading, self._ids, on)
        usual = [kind for kind in USUAL_KINDS if kind in kinds]
        if usual and not self._all_kinds:
            kinds = [*usual, OTHER_KINDS] if len(usual) < len(kinds) else usual
        self.kinds.set_values(kinds)
        states = "、".join(sorted({str(p.get("current_state") or "") for p in self._people}))
        self.kind_note.setText(
            f"只列出“{states}”可以办的类别" if kinds else "这些学生没有共同可以办的类别，请分开登记。"
        )

    def details(self) -> dict[str, Any]:
        """Return what is entered besides kind and day, by field of the ledger."""
        found: dict[str, Any] = {}
        for name in (*BY_KIND.get(self.kinds.value(), ()), *DETAILS):
            editor = self.editors[name]
            if editor.text():
                found[name] = editor.day() if isinstance(editor, DateEditor) else editor.text()
        return found

    def _on_kind(self) -> None:
        if self.kinds.value() == OTHER_KINDS:
            self._all_kinds = True
            self._offer_kinds()
        self._fit_kind()
        self.show_consequences()

    def _on_day(self) -> None:
        self._offer_kinds()
        self.show_consequences()

    def _fit_kind(self) -> None:
        wanted = BY_KIND.get(self.kinds.value(), ())
        for name in dict.fromkeys(each for names in BY_KIND.values() for each in names):
            self._rows[name].setVisible(name in wanted)

    # What follows

    def show_consequences(self) -> None:
        """Compute and show what storing would do."""
        self._timer.stop()
        self._clear_right()
        kind, day = self.kinds.value(), self.day.day()
        self.preview = None
        more = f" {len(self._ids)} 人" if len(self._ids) > 1 else ""
        self.act.setText(f"登记{kind}{more}" if kind else tr("登记异动"))
        if not kind or day is None:
            self._rows["correction"].setVisible(False)
            if day is None:
                self.day.say(WRITE_A_DAY)
            self._say_first(tr("先选异动类别") if day is not None else tr("异动日期还看不出是哪一天"))
            return
        correction = self.editors["correction"].text()
        with self._session.ledger_file.reading() as reading:
            preview = preview_change(reading, self._ids, kind, day, self.details(), correction)
        self.preview = preview
        self._show_day(preview)
        self._show_state(preview)
        self._show_figures(preview)
        for one in preview.problems[:4]:
            self._right.addWidget(Strip("stopped", one.problem))
        for text in [question for one in preview.students for question in one.questions][:4]:
            self._right.addWidget(Strip("attention", text))
        self._right.addStretch(1)
        left_out, possible = len(preview.problems), len(preview.possible)
        if left_out and possible:
            self.act.setText(f"登记{kind} {possible} 人，不含 {left_out} 人")
        self.act.setEnabled(bool(possible) and not preview.needs_reason and not self._say_unread_days())

    def _say_unread_days(self) -> bool:
        """Say under a date of the details that can not be read how to write it, and tell whether there is one."""
        unread = False
        for name, editor in self.editors.items():
            if isinstance(editor, DateEditor) and not self._rows[name].isHidden():
                is_wrong = bool(editor.text()) and editor.day() is None
                editor.say(WRITE_A_DAY if is_wrong else "")
                unread = unread or is_wrong
        return unread

    def _show_day(self, preview: ChangePreview) -> None:
        day = preview.on
        month = month_title(preview.month)
        words = f"属 {month}统计期，尚未封账"
        if preview.is_month_closed:
            words = f"{month}已封账，会列为{month_title(preview.counted_month)}的更正"
        self.day.say(f"周{WEEKDAYS[day.weekday()]}，{words}")
        self._rows["correction"].setVisible(preview.is_month_closed)
        if preview.is_month_closed:
            self.editors["correction"].say(tr("要写原因才能登记") if preview.needs_reason else "")

    def _show_state(self, preview: ChangePreview) -> None:
        self._right.addWidget(Label(tr("登记后"), role="section"))
        counts: dict[tuple[str, str], int] = {}
        for one in preview.possible:
            key = (one.state_before, one.state_after)
            counts[key] = counts.get(key, 0) + 1
        for (before, after), number in counts.items():
            label = tr("状态") if len(self._ids) == 1 else f"{number} 人"
            self._fact(label, before, after if after != before else "", since=preview.on)
        unmoved = (one for one in preview.possible if one.state_before == one.state_after)
        effects = list(dict.fromkeys(one.effect for one in unmoved if one.effect))
        for effect in effects[:2]:
            self._fact(tr("登记为"), effect, "")
        self._right.addSpacing(10)

    def _show_figures(self, preview: ChangePreview) -> None:
        if not preview.figures:
            return
        self._right.addWidget(Label(f"{int(preview.counted_month[5:])}月报表", role="section"))
        for move in preview.figures:
            same = move.after == move.before
            self._fact(move.name, f"{move.before:,} 人", "" if same else f"{move.after:,} 人", same=same)
        added = len(preview.possible)
        targets = sum(one.is_target for one in preview.possible)
        about = f"（帮扶对象 {targets} 人）" if 0 < targets < added else ""
        self._fact(tr("异动月报表"), f"增加 {added} 行：{preview.kind}{about}", "")
        self._right.addSpacing(10)

    def _fact(
        self, label: str, before: str, after: str, *, same: bool = False, since: date | None = None
    ) -> None:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 2, 0, 2)
        line.setSpacing(8)
        name = Label(label, tone="text2")
        name.setMinimumWidth(120)
        line.addWidget(name)
        line.addWidget(Label(before, wraps=not after), 0 if after or same else 1)
        if after:
            line.addWidget(Label("→", tone="text3"))
            line.addWidget(Label(after, role="bold"))
            if since is not None:
                line.addWidget(Label(f"自 {since.isoformat()}", tone="text2"))
        if same:
            line.addWidget(Label(tr("不变"), tone="text2"))
        if after or same:
            line.addStretch(1)
        self._right.addWidget(row)
        self._right.addWidget(Line())

    def _say_first(self, text: str) -> None:
        self._right.addWidget(Label(tr("登记后"), role="section"))
        self._right.addWidget(Label(text, tone="text2", wraps=True))
        self._right.addStretch(1)
        self.act.setEnabled(False)

    def _clear_right(self) -> None:
        while self._right.count():
            item = self._right.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def store(self) -> None:
        """Store the change; a refusal is shown at the right and nothing is lost."""
        day = self.day.day()
        if day is None or not self.kinds.value():
            return
        correction = self.editors["correction"].text()
        # Whom it can not be done for is named at the right, and the button says that they are left out.
        left_out = len(self.preview.problems) if self.preview is not None else 0
        try:
            record_change(
                self._session.ledger_file,
                self._ids,
                self.kinds.value(),
                day,
                self.details(),
                correction=correction,
                only_possible=left_out > 0,
            )
            self.stored = len(self._ids) - left_out
        except UserError as error:
            self._clear_right()
            self._right.addWidget(Strip("stopped", str(error)))
            self._right.addStretch(1)
            return
        self.accept()


def record_for(
    session: Session, parent: QWidget, student_ids: Sequence[int], *, kind: str = "", on: date | None = None
) -> bool:
    """Open the dialog for these students, with a kind and a day proposed; say what was stored."""
    if not student_ids:
        return False
    dialog = ChangeDialog(parent, session, student_ids, kind=kind, on=on)
    if not session.prompts.run(dialog) or not dialog.stored:
        return False
    kind = dialog.kinds.value()
    who = f"{dialog.stored} 人"
    if len(student_ids) == 1:
        with session.ledger_file.reading() as reading:
            who = str(fetch_rows(reading, STUDENTS, student_ids, session.as_of)[0]["name"])
    session.say(f"已登记：{who} {kind}")
    return True
