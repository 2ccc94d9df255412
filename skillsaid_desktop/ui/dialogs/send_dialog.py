"""发预填表: which sheets for which classes, where to, and what for; nothing is written before its button."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from skillsaid_desktop.services.class_sheets import FILE_WORDS, PURPOSES, SheetPlan, plan_sheets
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button, ChoiceRow
from skillsaid_desktop.ui.widgets.dialog import Dialog
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column, Row
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label

COLUMNS = (
    Column(title="", width=36),
    Column(title="班级", stretches=True),
    Column(title="班主任", width=110),
    Column(title="要填的人", width=84, right=True),
)
LABEL_WIDTH = 56
NOTES = {
    "monitoring": "只列还没有记的学生，带上月的困难等级。都记完的班不在下面。",
    "proofs": "只列缺身份证、户口簿、认定材料、申请表、资助卡的学生，有的画斜线，收到的选“已交”。",
    "facts": "只列缺电话、监护人、卡号、户籍等的学生，有的格子画斜线。",
}


class SendDialog(Dialog):
    """Choose purpose, classes, folder and reason; `accepted` leaves them for the page to send."""

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        *,
        purpose: str = "monitoring",
        class_ids: Sequence[int] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("发预填表"))
        self._session = session
        self._wanted = None if class_ids is None else set(class_ids)
        self._plans: list[SheetPlan] = []
        self._ticked: set[int] = set()
        month = session.month
        self._month_said = f"{month[:4]}年{int(month[5:])}月"
        self.purposes = ChoiceRow(tuple(PURPOSES.values()))
        self.purposes.chosen.connect(lambda _title: self._load())
        self.note = Label(tone="text2", wraps=True)
        self.table = RowTable(COLUMNS)
        self.table.ticked.connect(self._on_ticked)
        self.table.arrangement_changed.connect(lambda: self._show_sum())
        self.all_button = Button(tr("全选"), self._turn_all, kind="link")
        self.folder = QLineEdit(_last_folder())
        self.folder.setAccessibleName(tr("存到"))
        self.reason = QLineEdit()
        self.reason.setAccessibleName(tr("用途"))
        self.folder.textChanged.connect(lambda _text: self._show_sum())
        self.reason.textChanged.connect(lambda _text: self._show_sum())
        self._lay_out()
        self.purposes.choose(PURPOSES[purpose])

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(Label(f"{self._month_said}发给班主任的表", role="section2"), 1)
        head.addWidget(self.all_button)
        place = QHBoxLayout()
        place.setSpacing(8)
        place.addWidget(self.folder, 1)
        place.addWidget(Button(tr("选文件夹…"), self.choose_folder, icon="folder_open"))
        column = QVBoxLayout()
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.purposes)
        column.addWidget(self.note)
        column.addWidget(self.table, 1)
        column.addLayout(_labelled(tr("存到"), place))
        why = QHBoxLayout()
        why.addWidget(self.reason, 1)
        column.addLayout(_labelled(tr("用途"), why))
        column.addWidget(
            Label(
                tr(
                    "里面有学生的个人信息（号码只有后四位），请一班一份单独发给班主任，不要发到群里。用途会写进操作记录。"
                ),
                tone="text2",
                wraps=True,
            )
        )
        self.footer = FooterBar()
        self.footer.add(Button(tr("不发"), self.reject))
        self.act = Button(tr("存成文件夹"), self.accept, kind="main")
        self.act.setDefault(True)
        self.footer.add(self.act)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(column, 1)
        layout.addWidget(self.footer)
        self.table.setFocus()
        parent = self.parentWidget()
        self.resize(600, min(640, parent.height() - 40 if parent is not None else 640))

    # What was chosen

    @property
    def purpose(self) -> str:
        """Return monitoring, facts or proofs."""
        titles = {title: name for name, title in PURPOSES.items()}
        return titles.get(self.purposes.value(), "monitoring")

    @property
    def class_ids(self) -> list[int]:
        """Return the ticked classes."""
        return [one.class_id for one in self._plans if one.class_id in self._ticked]

    def target(self) -> Path:
        """Return the folder in which the new one is made."""
        return Path(self.folder.text().strip())

    def choose_folder(self) -> None:
        """Ask for a folder."""
        chosen = self._session.prompts.choose_folder(tr("预填表存到哪里"))
        if chosen is not None:
            self.folder.setText(str(chosen))

    def remember_folder(self) -> None:
        """Offer this folder next time."""
        QSettings().setValue("sheets_folder", self.folder.text().strip())

    # Showing

    def _load(self) -> None:
        with self._session.ledger_file.reading() as reading:
            self._plans = plan_sheets(reading, self._session.month, self.purpose)
        offered = {one.class_id for one in self._plans}
        self._ticked = offered if self._wanted is None else offered & self._wanted
        self.note.setText(NOTES[self.purpose])
        about = "监测" if self.purpose == "monitoring" else FILE_WORDS[self.purpose]
        self.reason.setText(f"班主任填写{int(self._session.month[5:])}月{about}")
        self._show_rows()

    def _show_rows(self) -> None:
        self.table.set_rows([self._row(one) for one in self._plans])
        self.table.choose_first()
        self._show_sum()

    def _row(self, one: SheetPlan) -> Row:
        return (
            Cell(ticked=one.class_id in self._ticked), Cell(one.class_name),
            Cell(one.teacher or tr("没有登记"), "text2" if one.teacher else "text3"), Cell(str(one.people)),
        )  # fmt: skip

    def _on_ticked(self, at: int) -> None:
        self._ticked ^= {self._plans[at].class_id}
        self.table.set_row(at, self._row(self._plans[at]))
        self._show_sum()

    def _turn_all(self) -> None:
        in_sight = self._in_sight()
        self._ticked = self._ticked - in_sight if in_sight <= self._ticked else self._ticked | in_sight
        self._show_rows()

    def _in_sight(self) -> set[int]:
        return {self._plans[at].class_id for at in self.table.shown_rows()}

    def _show_sum(self) -> None:
        chosen = [one for one in self._plans if one.class_id in self._ticked]
        in_sight = self._in_sight()
        self.all_button.setText(tr("全不选") if in_sight and in_sight <= self._ticked else tr("全选"))
        self.all_button.setVisible(bool(self._plans))
        words = f"{len(chosen)} 个班，{sum(one.people for one in chosen)} 人，每班一份"
        if not self._plans:
            words = tr("没有要填的，不用发")
        elif not chosen:
            words = tr("还没有选班")
        elif not self.folder.text().strip():
            words = tr("还没有选存到哪里")
        elif not self.reason.text().strip():
            words = tr("请写用途")
        self.footer.sentence.setText(words)
        self.act.setEnabled(bool(chosen and self.folder.text().strip() and self.reason.text().strip()))


def _labelled(title: str, field: QHBoxLayout) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    label = Label(title, tone="text2")
    label.setMinimumWidth(LABEL_WIDTH)
    row.addWidget(label)
    row.addLayout(field, 1)
    return row


def _last_folder() -> str:
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return str(QSettings().value("sheets_folder", documents))
