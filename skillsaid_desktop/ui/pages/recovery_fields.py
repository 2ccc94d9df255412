"""The fields of the unlock page that only a forgotten passphrase needs; made when they are asked for."""

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.unlock_page import LEAST_LETTERS, passphrase_field
from skillsaid_desktop.ui.widgets.text import Label


class RecoveryFields(QWidget):
    """The recovery code, and a new passphrase twice."""

    def __init__(self) -> None:
        super().__init__()
        self.code = QPlainTextEdit()
        self.code.setAccessibleName(tr("恢复码"))
        self.code.setPlaceholderText(tr("照着纸上的 14 组输入，大小写和横线都可以不管"))
        self.code.setTabChangesFocus(True)
        self.code.setFixedHeight(3 * self.code.fontMetrics().lineSpacing() + 12)
        self.new_passphrase = passphrase_field(tr("新口令"))
        self.again = passphrase_field(tr("再输一次"))
        self.setFocusProxy(self.code)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for field, words in (
            (self.code, tr("恢复码")),
            (self.new_passphrase, tr("新口令（至少 8 位，以后用它打开）")),
            (self.again, tr("再输一次新口令")),
        ):
            column.addWidget(Label(words, tone="text2"))
            column.addWidget(field)

    def trouble(self) -> UserError | None:
        """Return what is wrong with the new passphrase, None if nothing is."""
        new = self.new_passphrase.text()
        if len(new) < LEAST_LETTERS:
            return UserError(f"新口令只有 {len(new)} 位，至少要 {LEAST_LETTERS} 位。")
        if new != self.again.text():
            return UserError(tr("两次输入的新口令不一样。"), tr("请再输一次。"))
        return None

    def clear(self) -> None:
        """Forget what was typed."""
        self.code.clear()
        self.new_passphrase.clear()
        self.again.clear()
