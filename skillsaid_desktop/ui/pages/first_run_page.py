"""建一本新台账: one page, three sections; nothing is written before the last button."""

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from skillsaid_desktop import clock
from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.recovery_sheet import RecoverySheet
from skillsaid_desktop.ui.pages.start_work import StartWork, raise_again
from skillsaid_desktop.ui.pages.unlock_page import LEAST_LETTERS, passphrase_field
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.text import ElidedLabel, Label, Line, set_ground

if TYPE_CHECKING:
    from skillsaid_desktop.ui.prompts import Prompts

WIDTH = 780
SIDE = 168
LABEL = 88
CUTOFFS: tuple[tuple[str, int | None], ...] = (
    ("25 日", 25), ("20 日", 20), ("月末（自然月）", None),
)  # fmt: skip
MONTHS_BACK = 15


class FirstRunPage(QWidget):
    """School, passphrase, recovery code; 建立台账 waits until two groups of the code were typed back."""

    opened = Signal(object)
    other_wanted = Signal(str)

    def __init__(self, prompts: "Prompts") -> None:
        super().__init__()
        set_ground(self, "surface")
        self.prompts = prompts
        self.folder = ledger_folder()
        self._work: StartWork | None = None
        self.school = QLineEdit()
        self.school.setPlaceholderText(tr("和公章上的一样，例如 江西示范技师学院"))
        self.counties = QLineEdit()
        self.counties.setPlaceholderText(tr("可不填；几个县用顿号隔开，例如 于都县、乐安县"))
        self.policy = QComboBox()
        self.policy.addItem("江西省", "jiangxi")
        self.cutoff = QComboBox()
        for words, day in CUTOFFS:
            self.cutoff.addItem(words, day)
        self.first_month = QComboBox()
        self.passphrase = passphrase_field(tr("口令"))
        self.again = passphrase_field(tr("再输一次"))
        self.sheet = RecoverySheet(prompts)
        self.create_button = Button(tr("建立台账"), self.create_ledger, kind="main")
        self._why = Label(tone="text2")
        self._long = Label(role="body", tone="text2")
        self._same = Label(role="body", tone="text2")
        self._period = Label(tone="text2")
        self._place = ElidedLabel(role="small")
        self._place.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._place.setMinimumWidth(120)
        self._fill_months()
        self._lay_out()
        for field in (self.school, self.counties, self.passphrase, self.again):
            field.textChanged.connect(self._check)
        self.cutoff.currentIndexChanged.connect(self._check)
        self.first_month.currentIndexChanged.connect(self._check)
        self.sheet.changed.connect(self._check)
        self._check()

    def showEvent(self, event: QShowEvent) -> None:
        if not self.sheet.code:
            from skillsaid_desktop.storage import new_recovery_code

            self.sheet.set_code(new_recovery_code())
        self.school.setFocus()
        super().showEvent(event)

    def _fill_months(self) -> None:
        day = clock.today()
        months = [_add(day, -back) for back in range(MONTHS_BACK)]
        for month in months:
            self.first_month.addItem(f"{month[:4]}年{int(month[5:])}月", month)
        start = f"{day.year if day.month >= 9 else day.year - 1}-09"
        self.first_month.setCurrentIndex(max(0, self.first_month.findData(start)))

    # Laying out

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(0, 40, 0, 24)
        column.setSpacing(0)
        column.addWidget(Label(tr("建一本新台账"), role="first"))
        column.addSpacing(6)
        column.addWidget(Label(tr("三步，大约五分钟。所有内容只存在这台电脑里，程序不联网。"), tone="text2"))
        column.addSpacing(20)
        school = [
            (tr("学校全称"), self.school, None),
            (tr("对口贫困县"), self.counties, None),
            (tr("所在地"), self.policy, Label(tr("决定用哪一套资助政策"), tone="text2")),
            (tr("每月截止日"), self.cutoff, self._period),
            (tr("第一个月"), self.first_month, Label(tr("之前的只作历史，不进月报"), tone="text2")),
        ]
        column.addLayout(self._section(tr("一　学校"), tr("以后在“设置”里可改"), self._form(school, 150)))
        words = Label(
            tr("台账在这台电脑上加密保存。没有口令和恢复码，谁也打不开。"), tone="text2", wraps=True
        )
        keys = [
            (tr("口令"), self.passphrase, self._long),
            (tr("再输一次"), self.again, self._same),
            ("", words, None),
        ]
        column.addLayout(self._section(tr("二　口令"), tr("每次打开都要输入"), self._form(keys, 300)))
        column.addLayout(self._section(tr("三　恢复码"), tr("忘了口令，只能靠它"), self.sheet))
        column.addWidget(Line())
        column.addSpacing(16)
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addWidget(Button(tr("打开已有的台账…"), lambda: self.other_wanted.emit("open"), kind="link"))
        row.addWidget(Button(tr("从备份恢复…"), lambda: self.other_wanted.emit("restore"), kind="link"))
        row.addWidget(Button(tr("先看看示范学校"), lambda: self.other_wanted.emit("demo"), kind="link"))
        row.addStretch(1)
        row.addWidget(self._why)
        row.addWidget(self.create_button)
        column.addLayout(row)
        column.addStretch(1)
        box = QWidget()
        box.setLayout(column)
        box.setMaximumWidth(WIDTH)
        middle = QHBoxLayout()
        middle.setContentsMargins(20, 0, 20, 0)
        middle.addStretch(1)
        middle.addWidget(box, 100)
        middle.addStretch(1)
        inner = QWidget()
        set_ground(inner, "surface")
        inner.setLayout(middle)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )  # it is narrower than any window
        scroll.setWidget(inner)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 12, 4)
        foot.setSpacing(12)
        foot.addWidget(self._place)
        foot.addWidget(Button(tr("换个位置…"), self.choose_folder, kind="link"))
        foot.addStretch(1)
        foot.addWidget(Label(tr("本机，不联网"), role="small", tone="text2"))
        bar = QWidget()
        set_ground(bar, "window")
        bar.setLayout(foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addWidget(Line())
        layout.addWidget(bar)

    def _section(self, title: str, note: str, body: Any) -> QVBoxLayout:
        side = QVBoxLayout()
        side.setSpacing(4)
        side.addWidget(Label(title, role="section2"))
        side.addWidget(Label(note, role="small", tone="text2", wraps=True))
        side.addStretch(1)
        holder = QWidget()
        holder.setLayout(side)
        side.setContentsMargins(0, 2, 12, 0)
        holder.setFixedWidth(SIDE)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(holder)
        if isinstance(body, QWidget):
            row.addWidget(body, 1)
        else:
            row.addLayout(body, 1)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(Line())
        column.addSpacing(18)
        column.addLayout(row)
        column.addSpacing(18)
        return column

    def _form(self, rows: list[tuple[str, QWidget, Label | None]], width: int) -> QVBoxLayout:
        form = QVBoxLayout()
        form.setSpacing(10)
        for words, field, note in rows:
            row = QHBoxLayout()
            row.setSpacing(10)
            label = Label(words)
            label.setMinimumWidth(LABEL)
            label.setBuddy(field)
            if words:
                field.setAccessibleName(words)
            row.addWidget(label)
            if note is None:
                row.addWidget(field, 1)
            else:
                field.setMinimumWidth(width)
                row.addWidget(field)
                row.addWidget(note)
                row.addStretch(1)
            form.addLayout(row)
        return form

    # What was entered

    @property
    def path(self) -> Path:
        """Where the ledger will lie."""
        name = re.sub(r'[\\/:*?"<>|]', "", self.school.text().strip()) or "台账"
        return self.folder / f"{name}.skillsaid"

    def settings(self) -> dict[str, object]:
        """Return what was entered, as settings of the ledger."""
        counties = [each for each in re.split(r"[、，,；;\s]+", self.counties.text()) if each]
        return {
            "school_name": self.school.text().strip(),
            "cutoff_day": self.cutoff.currentData(),
            "first_month": self.first_month.currentData(),
            "paired_counties": [[county, None, None] for county in counties],
        }

    def choose_folder(self) -> None:
        """Choose where the ledger lies."""
        folder = self.prompts.choose_folder(tr("台账存在哪里"))
        if folder is not None:
            self.folder = folder
            self._check()

    def _check(self) -> None:
        day = self.cutoff.currentData()
        self._period.setText(
            tr("11月就是 11月1日至 11月30日") if day is None else f"11月就是 10月{day + 1}日至 11月{day}日"
        )
        length, same = len(self.passphrase.text()), self.passphrase.text() == self.again.text()
        enough = length >= LEAST_LETTERS
        self._long.setText(f"✓ 够长，{length} 位" if enough else f"至少 {LEAST_LETTERS} 位")
        self._long.set_tone("good" if enough else "text2")
        typed = bool(self.again.text())
        self._same.setText((tr("✓ 两次一样") if same else tr("两次不一样")) if typed else "")
        self._same.set_tone("good" if same else "stop")
        self.sheet.school = self.school.text().strip()
        self._place.setText(tr("保存在：") + str(self.path))
        missing = ""
        if not self.school.text().strip():
            missing = tr("先写学校全称")
        elif not enough or not same:
            missing = tr("填完第二步的口令")
        elif not self.sheet.is_proved:
            missing = tr("填完第三步就可以建立")
        self._why.setText(missing)
        self.create_button.setEnabled(not missing and self._work is None)

    def create_ledger(self) -> None:
        """Make the ledger and open it."""
        path, settings, policy_name = self.path, self.settings(), str(self.policy.currentData())
        passphrase, code = self.passphrase.text(), self.sheet.code

        def work() -> Any:
            from skillsaid_desktop.policy.policy import default_policy_text
            from skillsaid_desktop.storage import LedgerFile

            ledger_file, _code = LedgerFile.create(
                path,
                passphrase=passphrase,
                settings=settings,
                policy_text=default_policy_text(policy_name),
                policy_name=policy_name,
                recovery_code=code,
            )
            return ledger_file

        self._work = StartWork(work, self)
        self._work.succeeded.connect(self._on_made)
        self._work.refused.connect(self._on_refused)
        self._work.broken.connect(self._on_broken)
        self._work.start()
        self.create_button.setEnabled(False)
        self._why.setText(tr("正在建立……"))

    def _end(self) -> None:
        if self._work is not None:
            self._work.wait()
            self._work = None
        self._check()

    def _on_made(self, ledger_file: object) -> None:
        self._end()
        self.passphrase.clear()
        self.again.clear()
        self.sheet.set_code("-".join(["····"] * 14))
        self.opened.emit(ledger_file)

    def _on_refused(self, error: UserError) -> None:
        self._end()
        self.prompts.error(error)

    def _on_broken(self, error: Exception) -> None:
        self._end()
        raise_again(error)


def ledger_folder() -> Path:
    """Return where ledgers lie unless another place is chosen."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents or str(Path.home())) / "技能帮扶台账"


def _add(day: date, months: int) -> str:
    at = day.year * 12 + day.month - 1 + months
    return f"{at // 12}-{at % 12 + 1:02}"
