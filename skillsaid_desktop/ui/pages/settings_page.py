"""设置: the school and its papers, policy and deadlines, backup, passphrase and recovery code, appearance."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.progress import Progress
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.page import Page
from skillsaid_desktop.ui.pages.recovery_sheet import RecoverySheet
from skillsaid_desktop.ui.pages.unlock_page import LEAST_LETTERS, passphrase_field
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN, FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.row_table import Cell, Column, RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line, set_ground

WIDTH = 860
SIDE = 168
LABEL = 88
SCHOOL_FIELDS = (
    ("school_name", "学校全称", "和公章上的一样，印在每张报表上"),
    ("unit_head", "单位负责人", ""),
    ("reviewer", "审核人", ""),
    ("preparer", "填表人", ""),
    ("phone", "联系电话", "报表上的联系电话"),
)
SCHEMES = (("system", "跟随系统"), ("light", "浅色"), ("dark", "深色"))


class SettingsPage(Page):
    """One scrolled page of sections; school facts are stored together, everything else by its own button."""

    title = tr("设置")
    entities = frozenset({"setting", "policy_text"})
    help_text = tr(
        "这里改学校名称、报表上的签名、对口贫困县，看政策与期限，做备份，换口令和恢复码。\n\n"
        "1. 学校的内容改好后点“存下改动”，可以撤销。\n"
        "2. “现在备份”做一份核对过的备份；存到优盘点“备份到…”。\n"
        "3. 换了恢复码，旧的那张纸就作废，请重新打印。"
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.add_head_line()
        self.fields = {name: QLineEdit() for name, _title, _note in SCHOOL_FIELDS}
        self.counties = QLineEdit()
        self.counties.setPlaceholderText(tr("几个县用顿号隔开，例如 于都县、乐安县"))
        self.store_button = Button(tr("存下改动"), self.store_school, kind="main")
        self._month_rule = Label(tone="text2", wraps=True)
        self.policy_table = RowTable(
            [
                Column(title=tr("政策里的一条"), width=290),
                Column(title=tr("从"), width=90),
                Column(title=tr("到"), width=90),
                Column(title=tr("依据"), stretches=True),
            ]
        )
        self.policy_table.setMinimumHeight(260)
        self._backup = Label(wraps=True)
        self.old, self.new, self.again = (
            passphrase_field(tr("原口令")), passphrase_field(tr("新口令")), passphrase_field(tr("再输一次")),
        )  # fmt: skip
        self.code_passphrase = passphrase_field(tr("现在的口令"))
        self.scheme = QComboBox()
        for name, words in SCHEMES:
            self.scheme.addItem(tr(words), name)
        self.scheme.setCurrentIndex(max(0, self.scheme.findData(theme.stored_scheme())))
        self.scheme.activated.connect(lambda _at: self._choose_scheme())
        self.counties.textEdited.connect(self._check)
        for field in self.fields.values():
            field.textEdited.connect(self._check)
        self._stored: dict[str, str] = {}
        self._dated_counties: dict[str, list[Any]] = {}
        self.set_body(self._scroll())

    # Laying out

    def _scroll(self) -> QScrollArea:
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 24)
        column.setSpacing(0)
        rows = [(title, self.fields[name], note) for name, title, note in SCHOOL_FIELDS]
        rows.append((tr("对口贫困县"), self.counties, tr("户籍在这些县的学生算对口县学生")))
        self._section(column, tr("学校"), tr("印在报表上"), *_form(rows), _row(self.store_button))
        self._section(column, tr("统计月"), tr("建账时定下"), self._month_rule)
        self._section(
            column,
            tr("政策与期限"),
            tr("每条注明文件；没有规定的标“默认”"),
            self.policy_table,
        )
        self._section(
            column,
            tr("备份"),
            tr("关闭程序时也会自动备份"),
            self._backup,
            _row(
                Button(tr("现在备份"), self.back_up, icon="shield_checkmark"),
                Button(tr("备份到…"), self.back_up_elsewhere, icon="save"),
                Button(tr("核对台账是否完好"), self.look_over),
            ),
        )
        self._section(
            column,
            tr("口令"),
            f"至少 {LEAST_LETTERS} 位",
            *_form(
                [
                    (tr("原口令"), self.old, ""),
                    (tr("新口令"), self.new, ""),
                    (tr("再输一次"), self.again, ""),
                ]
            ),
            _row(Button(tr("换口令"), self.change_passphrase)),
        )
        self._section(
            column,
            tr("恢复码"),
            tr("那张纸丢了或被人看过，就换一个"),
            *_form([(tr("现在的口令"), self.code_passphrase, "")]),
            _row(Button(tr("换恢复码…"), self.renew_code, icon="key")),
        )
        self._section(column, tr("外观"), tr("只管这台电脑"), *_form([(tr("颜色"), self.scheme, "")]))
        column.addStretch(1)
        box = QWidget()
        box.setLayout(column)
        box.setMaximumWidth(WIDTH)
        across = QHBoxLayout()
        across.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, 0)
        across.addWidget(box, 100)
        across.addStretch(1)
        inner = QWidget()
        set_ground(inner, "surface")
        inner.setLayout(across)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        return scroll

    def _section(self, column: QVBoxLayout, title: str, note: str, *parts: QWidget) -> None:
        side = QVBoxLayout()
        side.setContentsMargins(0, 2, 12, 0)
        side.setSpacing(4)
        side.addWidget(Label(title, role="section2"))
        side.addWidget(Label(note, role="small", tone="text2", wraps=True))
        side.addStretch(1)
        holder = QWidget()
        holder.setLayout(side)
        holder.setFixedWidth(SIDE)
        body = QVBoxLayout()
        body.setSpacing(10)
        for part in parts:
            body.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(holder)
        row.addLayout(body, 1)
        if column.count():
            column.addWidget(Line())
        column.addSpacing(18)
        column.addLayout(row)
        column.addSpacing(18)

    # Reading

    def reload(self) -> None:
        with self.session.ledger_file.reading() as reading:
            settings, policy = reading.settings, reading.policy
        self._stored = {name: str(settings.get(name) or "") for name in self.fields}
        for name, field in self.fields.items():
            field.setText(self._stored[name])
        self._dated_counties = {
            county: [county, _iso(from_on), _iso(to_on)]
            for county, from_on, to_on in settings.paired_counties
        }
        self._stored["counties"] = "、".join(self._dated_counties)
        self.counties.setText(self._stored["counties"])
        day = settings.cutoff_day
        span = tr("每月 1 日到月末") if day is None else f"上月 {day + 1} 日到当月 {day} 日"
        first = settings.first_month
        self._month_rule.setText(
            f"一个统计月是{span}。台账从 {first[:4]}年{int(first[5:])}月 开始，之前的事只作历史。"
            "封过账的月份按当时的起止留存，所以起止不再改。"
        )
        rows = [
            (category.name + (tr("（帮扶对象）") if category.is_target else ""), category.official_from,
             category.official_to, category.source)
            for category in policy.categories
        ]  # fmt: skip
        rows += [
            (f"{deadline.title}：{f'{deadline.month}月' if deadline.month else '每月'}{deadline.day}日",
             deadline.from_on, deadline.to_on, deadline.source)
            for deadline in policy.deadlines
        ]  # fmt: skip
        rows += [(f"报送：{one.name}", one.from_on, one.to_on, one.source) for one in policy.recipients]
        self.policy_table.set_rows(
            [
                (
                    Cell(name),
                    Cell(_iso(start) or ""),
                    Cell(_iso(end) or ""),
                    Cell(source or tr("默认"), "text2"),
                )
                for name, start, end, source in rows
            ]
        )
        self._show_backup()
        self._check()

    def _show_backup(self) -> None:
        report = self.session.ledger_file.last_backup()
        if report is None:
            self._backup.setText(tr("这台电脑上还没有做过备份。"))
        else:
            people = report.counts.get("student", 0)
            self._backup.setText(
                f"最近一份：{report.made_at:%Y-%m-%d %H:%M}，{people} 名学生，核对过，完好。\n{report.path}"
            )

    # School

    def _changed(self) -> list[str]:
        now = {name: field.text().strip() for name, field in self.fields.items()}
        now["counties"] = self.counties.text().strip()
        return [name for name, value in now.items() if value != self._stored.get(name)]

    def _check(self) -> None:
        self.store_button.setEnabled(
            bool(self._changed()) and bool(self.fields["school_name"].text().strip())
        )

    def store_school(self) -> None:
        """Store what was changed about the school, as one step."""
        changed = self._changed()

        def store() -> None:
            with self.session.initiated_by(self), self.session.ledger_file.operation("改学校设置") as uow:
                for name in changed:
                    if name == "counties":
                        names = [one for one in re.split(r"[、，,；;\s]+", self.counties.text()) if one]
                        dated = [self._dated_counties.get(one, [one, None, None]) for one in names]
                        uow.set_setting("paired_counties", dated)
                    else:
                        uow.set_setting(name, self.fields[name].text().strip())

        if self.session.attempt(store):
            self.reload()
            self.session.say(tr("已存：学校设置"))

    def main_act(self) -> None:
        if self.store_button.isEnabled():
            self.store_school()

    # Backup

    def back_up(self) -> None:
        """Make a verified backup in the usual place."""
        from skillsaid_desktop.paths import backup_folder

        self._make_backup(lambda: backup_folder())

    def back_up_elsewhere(self) -> None:
        """Make a verified backup in a folder of the user's choice, such as a stick."""
        folder = self.session.prompts.choose_folder(tr("备份存到哪里"))
        if folder is not None:
            self._make_backup(lambda: folder)

    def _make_backup(self, where: Callable[[], Any]) -> None:
        def work(progress: Progress) -> Any:
            progress.report(0, 0, tr("正在备份并核对"))
            return self.session.ledger_file.backup(where())

        def done(report: Any) -> None:
            self._show_backup()
            self.session.say(f"备份完好：{report.path.name}", undo=False)

        self.session.tasks.run(tr("正在备份"), work, done=done)

    def look_over(self) -> None:
        """Look over the open ledger."""

        def work(progress: Progress) -> Any:
            progress.report(0, 0, tr("正在核对台账"))
            return self.session.ledger_file.verify()

        def done(report: Any) -> None:
            if report.is_whole:
                people = report.counts.get("student", 0)
                self.session.say(f"台账完好：{people} 名学生，{report.operations} 步操作", undo=False)
            else:
                words = f"台账有问题：{'；'.join(report.problems)}。"
                self.session.prompts.error(UserError(words, tr("请先备份一份，再从最近完好的备份恢复。")))

        self.session.tasks.run(tr("正在核对"), work, done=done)

    # Keys

    def change_passphrase(self) -> None:
        """Take another passphrase."""
        old, new, again = self.old.text(), self.new.text(), self.again.text()

        def change() -> None:
            if len(new) < LEAST_LETTERS:
                raise UserError(f"新口令太短，要至少 {LEAST_LETTERS} 位。", tr("口令没有换。"))
            if new != again:
                raise UserError(tr("两次输入的新口令不一样。"), tr("口令没有换。"))
            self.session.ledger_file.change_passphrase(old, new)

        if self.session.attempt(change):
            for field in (self.old, self.new, self.again):
                field.clear()
            self.session.say(tr("口令已换，下次打开用新口令"), undo=False)

    def renew_code(self) -> None:
        """Give the ledger a new recovery code and let it be printed and proved."""
        prompts = self.session.prompts
        if not prompts.ask(
            tr("换一个恢复码"),
            tr("旧的恢复码从此打不开这本台账（以前的备份仍用旧的）。新的要马上打印，锁进保险柜。"),
            act=tr("换恢复码"),
            safe=tr("不换"),
        ):
            return
        codes: list[str] = []
        passphrase = self.code_passphrase.text()
        if self.session.attempt(
            lambda: codes.append(self.session.ledger_file.renew_recovery_code(passphrase))
        ):
            self.code_passphrase.clear()
            prompts.run(CodeDialog(self, self.session, codes[0], self.fields["school_name"].text()))
            self.session.say(tr("恢复码已换，旧的那张请销毁"), undo=False)

    # Appearance

    def _choose_scheme(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.choose(app, str(self.scheme.currentData()))


class CodeDialog(QDialog):
    """Shows a new recovery code; closes by its button once two groups were typed back."""

    def __init__(self, parent: QWidget, session: Session, code: str, school: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("新的恢复码"))
        self.setMinimumWidth(720)
        self.sheet = RecoverySheet(session.prompts, school)
        self.close_button = Button(tr("已打印并锁好"), self.accept, kind="main")
        body = QVBoxLayout()
        body.setContentsMargins(20, 20, 20, 20)
        body.addWidget(self.sheet)
        footer = FooterBar(tr("输对两组，说明纸上的是对的。"))
        footer.add(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(body)
        layout.addWidget(footer)
        self.sheet.changed.connect(lambda: self.close_button.setEnabled(self.sheet.is_proved))
        self.sheet.set_code(code)

    def reject(self) -> None:
        """Stay open: a code that nobody has is a ledger that nobody can open."""


def _form(rows: Sequence[tuple[str, QWidget, str]]) -> list[QWidget]:
    lines: list[QWidget] = []
    for words, field, note in rows:
        label = Label(words)
        label.setMinimumWidth(LABEL)
        label.setBuddy(field)
        field.setAccessibleName(words)
        field.setMinimumWidth(260)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(label)
        row.addWidget(field)
        row.addWidget(Label(note, role="small", tone="text2"), 1)
        holder = QWidget()
        holder.setLayout(row)
        lines.append(holder)
    return lines


def _row(*buttons: Button) -> QWidget:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    holder = QWidget()
    holder.setLayout(row)
    return holder


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
