"""设置—口令和外观: another passphrase, another recovery code, light or dark."""

from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.recovery_sheet import RecoverySheet
from skillsaid_desktop.ui.pages.settings_parts import Column
from skillsaid_desktop.ui.pages.unlock_page import LEAST_LETTERS, passphrase_field
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.text import Label


class KeysTab(Column):
    """The passphrase opens the ledger each time; the recovery code when it is forgotten."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.school = ""
        self.add_section(tr("换口令"), tr("换好以后，旧口令打不开这本台账；以前的备份还用旧口令"))
        self.old = passphrase_field(tr("现在的口令"))
        self.new = passphrase_field(tr("新口令"))
        self.again = passphrase_field(tr("再输一次"))
        for words, field in (("现在的口令", self.old), ("新口令", self.new), ("再输一次", self.again)):
            field.textChanged.connect(self._check)
            self.add_row(tr(words), field, width=300)
        self.change_button = Button(tr("换口令"), self.change, kind="main")
        self.why = Label(tone="text2")
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.change_button)
        row.addWidget(self.why, 1)
        self.column.addLayout(row)
        self.add_section(tr("换恢复码"), tr("纸丢了、被人看过，就换一个；旧的从此打不开，重新加密要一会儿"))
        self.renew_pass = passphrase_field(tr("口令"))
        self.add_row(tr("口令"), self.renew_pass, width=300)
        renew = QHBoxLayout()
        renew.addWidget(Button(tr("换一个恢复码…"), self.renew))
        renew.addStretch(1)
        self.column.addLayout(renew)
        self.sheet = RecoverySheet(session.prompts)
        self.sheet.hide()
        self.add_widget(self.sheet)
        self.add_section(tr("外观"))
        self.scheme = QComboBox()
        for value, words in theme.SCHEMES:
            self.scheme.addItem(tr(words), value)
        self.scheme.setCurrentIndex(max(0, self.scheme.findData(theme.stored_scheme())))
        self.scheme.activated.connect(self._on_scheme)
        self.add_row(tr("颜色"), self.scheme, tr("只管这台电脑"), width=160)
        self.end()
        self._check()

    def _check(self) -> None:
        words = ""
        if len(self.new.text()) < LEAST_LETTERS:
            words = f"新口令至少 {LEAST_LETTERS} 位"
        elif self.new.text() != self.again.text():
            words = tr("两次输入的不一样")
        elif not self.old.text():
            words = tr("先输入现在的口令")
        self.why.setText(words)
        self.change_button.setEnabled(not words)

    def change(self) -> None:
        """Change the passphrase."""
        old, new = self.old.text(), self.new.text()

        def done(_result: object) -> None:
            for field in (self.old, self.new, self.again):
                field.clear()
            self.session.say(tr("口令换好了，下次用新口令打开。"), undo=False)

        ledger_file = self.session.ledger_file
        self.session.tasks.run(
            tr("正在换口令"),
            lambda _progress: ledger_file.change_passphrase(old, new),
            done=done,
            refused=self._on_refused,
        )

    def _on_refused(self, error: UserError) -> None:
        self.session.prompts.error(error)

    def renew(self) -> None:
        """Make another recovery code and show it to be printed."""
        passphrase = self.renew_pass.text()
        if not passphrase:
            self.session.prompts.error(UserError("请先输入口令。", "换恢复码要再输一次口令。"))
            return
        agreed = self.session.prompts.ask(
            tr("换一个恢复码"),
            tr("旧的恢复码从此打不开这本台账，请把旧的那张纸销毁。以前的备份仍用旧的。"),
            act=tr("换恢复码"),
            safe=tr("先不换"),
        )
        if not agreed:
            return
        ledger_file = self.session.ledger_file

        def done(code: str) -> None:
            self.renew_pass.clear()
            self.sheet.school = self.school
            self.sheet.set_code(code)
            self.sheet.show()
            self.session.say(tr("恢复码换好了，请马上打印。"), undo=False)

        self.session.tasks.run(
            tr("正在重新加密"),
            lambda _progress: ledger_file.renew_recovery_code(passphrase),
            done=done,
            refused=self._on_refused,
        )

    def _on_scheme(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.choose(app, str(self.scheme.currentData()))
