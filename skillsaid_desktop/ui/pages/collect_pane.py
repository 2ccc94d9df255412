"""收发表: what went out to the class teachers, what came back, and who is still missing."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.services.class_sheets import KINDS, PURPOSES, SentFolder, send_sheets
from skillsaid_desktop.services.sheet_progress import (
    ANSWERS,
    DONE,
    NOT_SENT,
    OUT,
    PARTLY,
    SheetState,
    sheet_progress,
)
from skillsaid_desktop.ui.dialogs.send_dialog import SendDialog
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.chips import CountChips
from skillsaid_desktop.ui.widgets.notices import EmptyPage
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column, Row
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

COLUMNS = (
    Column(title="班级", width=124),
    Column(title="班主任", width=86),
    Column(title="发出", width=76),
    Column(title="交回", width=76),
    Column(title="已填 / 应填", width=92, right=True),
    Column(title="情况", width=76),
    Column(title="还差谁", width=240, stretches=True),
)
TONES = {OUT: "stop", PARTLY: "explain", DONE: "good", NOT_SENT: "text3"}
ALL = "全部"
_COMPLETE = {
    "monitoring": "这个月没有要看的学生。", "facts": "帮扶对象的资料都齐了。", "proofs": "帮扶对象的材料都齐了。",
}  # fmt: skip
"""Purpose -> why there is nothing to send."""


class CollectPane(QWidget):
    """A line for each class, by purpose and by how it has answered."""

    fill_wanted = Signal(int)
    counted = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.states: list[SheetState] = []
        self._shown: list[SheetState] = []
        self.purposes, self.answers = CountChips(), CountChips()
        self.purposes.set_counts([(name, title, 0) for name, title in PURPOSES.items()])
        self.purposes.chosen.connect(lambda _title: self.reload())
        self.answers.chosen.connect(lambda _answer: self._show_rows())
        filters = QHBoxLayout()
        filters.setContentsMargins(PAGE_MARGIN, 6, PAGE_MARGIN, 6)
        filters.setSpacing(8)
        filters.addWidget(self.purposes)
        filters.addWidget(Line(vertical=True))
        filters.addWidget(self.answers, 1)
        self.table = RowTable(COLUMNS)
        self.table.chosen.connect(lambda _row: self._show_chosen())
        self.table.opened.connect(lambda _row: self.fill())
        self.words = Label(tone="text2", wraps=True)
        self.folder_button = Button(tr("打开文件夹"), self.open_folder, icon="folder_open")
        self.fill_button = Button(tr("去填写"), self.fill, icon="edit")
        self.again_button = Button(tr("再发一次…"), self.send_again, icon="arrow_export")
        foot = QHBoxLayout()
        foot.setContentsMargins(PAGE_MARGIN, 8, PAGE_MARGIN, 8)
        foot.setSpacing(8)
        foot.addWidget(self.words, 1)
        for button in (self.folder_button, self.fill_button, self.again_button):
            foot.addWidget(button)
        self._foot = QWidget()
        set_ground(self._foot, "sunken")
        self._foot.setLayout(foot)
        self.empty = EmptyPage()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(filters)
        layout.addWidget(Line())
        layout.addWidget(self.stack, 1)
        layout.addWidget(Line())
        layout.addWidget(self._foot)

    @property
    def purpose(self) -> str:
        """Return what the shown sheets are for: monitoring, facts or proofs."""
        return self.purposes.key()

    @property
    def kind(self) -> str:
        """Return the KIND under which the shown sheets are imported."""
        return KINDS[self.purpose]

    # Reading

    def reload(self) -> None:
        """Read the month anew."""
        with self._session.ledger_file.reading() as reading:
            found = {each: sheet_progress(reading, self._session.month, each) for each in PURPOSES}
        open_classes = {each: sum(one.answer != DONE for one in states) for each, states in found.items()}
        self.purposes.set_counts([(each, title, open_classes[each]) for each, title in PURPOSES.items()])
        self.states = found[self.purpose]
        self.counted.emit(sum(one.answer == OUT for one in found["monitoring"]))
        counts = {each: sum(one.answer == each for one in self.states) for each in ANSWERS}
        offered = [ALL, *(each for each in ANSWERS if counts[each])]
        counts[ALL] = len(self.states)
        self.answers.set_counts([(each, each, counts[each]) for each in offered])
        self._show_rows()

    def show_answer(self, answer: str) -> None:
        """Narrow to the classes that answered so, if there are any."""
        self.answers.choose(answer)

    def _show_rows(self) -> None:
        self._shown = [one for one in self.states if self.answers.key() in (ALL, one.answer)]
        self.stack.setCurrentIndex(0 if self._shown else 1)
        if not self._shown:
            self.empty.say(
                tr("没有要发的表"),
                tr(_COMPLETE[self.purpose]),
            )
        self.table.set_rows([_row(one) for one in self._shown])
        self.table.choose_first()
        self._show_chosen()

    def chosen(self) -> SheetState | None:
        """Return the chosen class."""
        at = self.table.current_row()
        return self._shown[at] if 0 <= at < len(self._shown) else None

    def _show_chosen(self) -> None:
        one = self.chosen()
        self._foot.setVisible(one is not None)
        if one is None:
            return
        self.words.setText(_sentence(one))
        self.folder_button.setVisible(bool(one.file))
        self.fill_button.setVisible(self.purpose == "monitoring")
        self.again_button.setText(tr("再发一次…") if one.sent_at else tr("发这个班…"))
        self.again_button.setVisible(one.answer != DONE and one.class_id is not None)

    # Acts

    def fill(self) -> None:
        """Open the chosen class for filling in by hand."""
        one = self.chosen()
        if one is not None and one.class_id is not None and self.purpose == "monitoring":
            self.fill_wanted.emit(one.class_id)

    def open_folder(self) -> None:
        """Show the folder in which the sheet of the chosen class was written."""
        one = self.chosen()
        if one is not None and one.file:
            self._session.attempt(lambda: _open(Path(one.file).parent))

    def send_again(self) -> None:
        """Send the chosen class its sheet once more: who is missing, under the same 表号."""
        one = self.chosen()
        if one is not None and one.class_id is not None:
            self.send([one.class_id])

    def send(self, class_ids: list[int] | None = None) -> bool:
        """Ask which classes, where to and what for, and write the sheets; False if it was given up."""
        dialog = SendDialog(self.window(), self._session, purpose=self.purpose, class_ids=class_ids)
        if not self._session.prompts.run(dialog):
            return False
        dialog.remember_folder()
        month, purpose, chosen = self._session.month, dialog.purpose, dialog.class_ids
        target, reason = dialog.target(), dialog.reason.text()

        def work(progress: Progress) -> SentFolder:
            return send_sheets(
                self._session.ledger_file, month, purpose, target, reason=reason, class_ids=chosen,
                progress=progress,
            )  # fmt: skip

        self.purposes.choose(purpose)
        self._session.tasks.run(
            tr("正在做预填表"), work, done=self._on_sent, refused=self._session.prompts.error
        )
        return True

    def _on_sent(self, sent: SentFolder) -> None:
        self._session.say(
            f"做好了：{len(sent.files)} 个班 {sent.people} 人，在“{sent.folder.name}”里，一班一份。"
        )
        self.reload()


def _row(one: SheetState) -> Row:
    names = "、".join(one.missing[:6]) + (f" 等 {len(one.missing)} 人" if len(one.missing) > 6 else "")
    is_done = one.answer == DONE
    return (
        Cell(one.class_name, bold=one.answer == OUT),
        Cell(one.teacher or "没有登记", "text2" if one.teacher else "text3"),
        Cell(_on(one.sent_at), "text2"),
        Cell(_on(one.returned_at) if one.returned_at else "—" if one.sent_at else "", "text2" if one.returned_at else "text3"),
        Cell(f"{one.done} / {one.due}", "text2" if is_done else "accent", bold=not is_done),
        Cell(one.answer, TONES[one.answer], tag=True),
        Cell(names, "text2"),
    )  # fmt: skip


def _on(moment: datetime | None) -> str:
    return f"{moment:%m-%d}" if moment else ""


def _sentence(one: SheetState) -> str:
    who = f"{one.class_name}（{one.teacher}）" if one.teacher else one.class_name
    parts = []
    if one.sent_at:
        parts.append(f"{one.sent_at.month}月{one.sent_at.day}日发出")
    if one.returned_at:
        parts.append(f"{one.returned_at.month}月{one.returned_at.day}日交回“{one.returned_file}”")
    elif one.done:
        parts.append("班主任自己的表或在这里填的" if not one.sent_at else "没有交回这份表，是另外填的")
    else:
        parts.append("还没有交" if one.sent_at else "没有发过表")
    if one.missing and one.done:
        parts.append(f"还差 {'、'.join(one.missing)}")
    return f"{who}：{'，'.join(parts)}。"


def _open(folder: Path) -> None:
    if not folder.is_dir() or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        raise UserError(f"打不开“{folder}”。", "文件夹可能移走了，或者 U 盘没有插。可以再发一次。")
