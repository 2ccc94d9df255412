"""记一笔: what was said in a talk, jotted down in a few keys; it is kept as a note of its day."""

from datetime import date

from PySide6.QtWidgets import QWidget

from skillsaid_desktop import clock
from skillsaid_desktop.ledgers import MONITORING
from skillsaid_desktop.ledgers.note_plan import HARD_LEVELS
from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.types import Text
from skillsaid_desktop.services.monitoring import ABOUT, Talk, TalkGround, note_talk, talk_ground
from skillsaid_desktop.ui.dialogs.form_rows import FormRows, scrolled
from skillsaid_desktop.ui.dialogs.storing_dialog import StoringDialog
from skillsaid_desktop.ui.forms.editors import DateEditor, FieldEditor, LineEditor, LongEditor
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import ChoiceRow
from skillsaid_desktop.ui.widgets.text import Label

SAID = Field(name="text", title="谈了什么", type=Text())
LATE = Field(name="correction", title="为什么现在才记", type=Text())
HELP = ("measure", "responsible", "due_on")


class TalkDialog(StoringDialog):
    """One talk with one student; the level that holds is proposed, and heavier ones ask for a measure."""

    def __init__(self, parent: QWidget | None, session: Session, student_id: int, name: str) -> None:
        super().__init__(parent, tr("记一笔"))
        self._session, self._student_id = session, student_id
        self.stored_as = ""
        with session.ledger_file.reading() as reading:
            words = reading.policy.words(clock.today())
            self._ground: TalkGround = talk_ground(reading, student_id, clock.today())
        self.said = LongEditor(SAID)
        self.said.area.setFixedHeight(self.said.area.fontMetrics().height() * 4 + 18)
        self.about = ChoiceRow(tuple(ABOUT.values()))
        self.about.choose(ABOUT["study"])
        self.form = ChoiceRow(words.values("form"))
        self.level = ChoiceRow(words.values("difficulty"))
        self.level.choose(self._ground.difficulty)
        self.level.chosen.connect(lambda _level: self._fit())
        self.day = DateEditor(MONITORING.column("noted_on"))
        self.day.set_text(clock.today().isoformat())
        self.day.committed.connect(lambda _text: self._on_day())
        self.noted_by = LineEditor(MONITORING.column("noted_by"))
        self.noted_by.set_text(session.ledger_file.user)
        self.help: dict[str, FieldEditor] = {
            name: DateEditor(MONITORING.column(name))
            if name == "due_on"
            else LineEditor(MONITORING.column(name))
            for name in HELP
        }
        self.late = LineEditor(LATE)
        rows = FormRows()
        self._who = Label(name, role="section2")
        rows.column.addWidget(self._who)
        rows.add(tr("谈了什么"), self.said)
        rows.add(tr("关于"), self.about)
        rows.add(tr("方式"), self.form)
        rows.add(tr("困难等级"), self.level)
        self._level_note = Label(role="small", tone="text3", wraps=True)
        rows.add("", self._level_note)
        for field, editor in self.help.items():
            rows.add(MONITORING.column(field).title, editor)
        rows.add(tr("日期"), self.day)
        rows.add(tr("谁谈的"), self.noted_by)
        self._late_row = rows.add(LATE.title, self.late)
        rows.column.addStretch(1)
        self.lay_out(
            scrolled(rows), note=tr("记在当天的监测里，可以撤销（Ctrl+Z）"), safe=tr("不记"), act=tr("记下"),
            width=520, height=620,
        )  # fmt: skip
        self._fit()
        self.said.setFocus()

    def _on_day(self) -> None:
        with self._session.ledger_file.reading() as reading:
            self._ground = talk_ground(reading, self._student_id, self.day.day() or clock.today())
        self._fit()

    def _fit(self) -> None:
        level = self.level.value()
        is_demanding = level in HARD_LEVELS
        self._level_note.setText(
            f"{level}要写帮助措施，最好写上责任人和时限。"
            if is_demanding
            else tr("不填措施也行；要帮的，写一条。")
        )
        self._late_row.setVisible(self._ground.is_closed)
        if self._ground.is_closed:
            month = self._ground.month
            closed = f"{month[:4]}年{int(month[5:])}月已封账，补记会列为更正，已报出的数字不变。"
            self.strip.say("attention", closed)
        self.strip.setVisible(self._ground.is_closed)

    def talk(self, day: date) -> Talk:
        """Return what stands in the dialog."""
        about = next(name for name, word in ABOUT.items() if word == self.about.value())
        typed = {name: editor.text() for name, editor in self.help.items()}
        return Talk(
            on=day,
            noted_by=self.noted_by.text() or self._session.ledger_file.user,
            about=about,
            text=self.said.text(),
            form=self.form.value(),
            difficulty=self.level.value(),
            **typed,
        )

    def _complain(self) -> bool:
        """Say under a field what it lacks; True if one lacks something."""
        if self.day.day() is None:
            self.day.say(tr("请写成 2025-11-05，也可以写 20251105 或 2025.11.5。"), is_wrong=True)
            return True
        if self.level.value() in HARD_LEVELS and not self.help["measure"].text():
            self.help["measure"].say(f"{self.level.value()}要写帮助措施。", is_wrong=True)
            self.help["measure"].setFocus()
            return True
        return False

    def store(self) -> None:
        if not self._complain():
            super().store()

    def perform(self) -> None:
        talk = self.talk(self.day.day() or clock.today())
        note_talk(self._session.ledger_file, self._student_id, talk, correction=self.late.text())
        self.stored_as = talk.form or tr("谈话")


def talk_with(session: Session, parent: QWidget, student_id: int, name: str) -> bool:
    """Open the dialog for a student; say what was kept."""
    dialog = TalkDialog(parent, session, student_id, name)
    if not session.prompts.run(dialog):
        return False
    session.say(f"已记一笔：{name} {dialog.stored_as}")
    return True
