"""The first thing a user sees: which ledger, and its passphrase; other ways in below.

Painted before anything heavy is imported: this module imports only errors, theme and light widgets, and makes
only what is in sight.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.ui import icons, theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.notices import Icon, Trouble
from skillsaid_desktop.ui.widgets.text import ElidedLabel, Label, Line, set_ground

if TYPE_CHECKING:
    from skillsaid_desktop.ui.pages.recovery_fields import RecoveryFields
    from skillsaid_desktop.ui.pages.start_work import StartWork

WIDTH = 440
LEAST_LETTERS = 8
DOTS = 7.5


def passphrase_field(name: str) -> QLineEdit:
    """Return a field that hides what is typed, with an eye to show it."""
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    dots = theme.font("body")
    dots.setPointSizeF(DOTS)  # Chinese fonts draw ● as wide as a character
    field.setFont(dots)
    field.setAccessibleName(name)
    action = field.addAction(icons.icon("eye"), QLineEdit.ActionPosition.TrailingPosition)
    action.setToolTip(tr("显示口令"))

    def toggle() -> None:
        hidden = field.echoMode() == QLineEdit.EchoMode.Password
        field.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        field.setFont(theme.font("body") if hidden else dots)
        action.setIcon(icons.icon("eye_off" if hidden else "eye"))
        action.setToolTip(tr("遮住口令") if hidden else tr("显示口令"))

    action.triggered.connect(toggle)
    return field


class UnlockPage(QWidget):
    """Opens one ledger by passphrase, by recovery code, or brings it back from a backup."""

    opened = Signal(object)
    other_wanted = Signal(str)

    def __init__(self, path: Path, note: str = "") -> None:
        super().__init__()
        set_ground(self, "surface")
        self.path = path
        self._work: StartWork | None = None
        self._backup: Path | None = None
        self.passphrase = passphrase_field(tr("口令"))
        self.passphrase.returnPressed.connect(self.unlock)
        self.recovery: RecoveryFields | None = None
        self.open_button = Button(tr("打开台账"), self.unlock, kind="main")
        self.recover_link = Button(tr("忘了口令，用恢复码打开"), self.toggle_recovery, kind="link")
        self._lay_out(note)
        self.passphrase.setFocus()

    def _lay_out(self, note: str) -> None:
        self._title = Label(tr("打开台账"), role="first")
        column = QVBoxLayout()
        column.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._title)
        top.addStretch(1)
        column.addLayout(top)
        ledger = QHBoxLayout()
        ledger.setSpacing(8)
        ledger.addWidget(Icon("notepad"))
        self._name = Label(self.path.stem, role="bold")
        ledger.addWidget(self._name)
        ledger.addWidget(ElidedLabel(str(self.path.parent), tone="text3"), 1)
        column.addLayout(ledger)
        column.addSpacing(4)
        column.addWidget(Line())
        column.addSpacing(8)
        self.note = Label(note, tone="text2", wraps=True)
        self.note.setHidden(not note)
        column.addWidget(self.note)
        self._label = Label(tr("口令"), tone="text2")
        column.addWidget(self._label)
        column.addWidget(self.passphrase)
        self._column = column
        self._trouble = QVBoxLayout()
        column.addLayout(self._trouble)
        row = QHBoxLayout()
        row.setSpacing(12)
        self._busy = Label(tr("正在打开……"), tone="text2")
        self._busy.hide()
        row.addWidget(self.recover_link)
        row.addStretch(1)
        row.addWidget(self._busy)
        row.addWidget(self.open_button)
        column.addSpacing(4)
        column.addLayout(row)
        column.addSpacing(12)
        column.addWidget(Line())
        links = QHBoxLayout()
        links.setSpacing(20)
        links.addWidget(Button(tr("打开别的台账…"), lambda: self.other_wanted.emit("open"), kind="link"))
        links.addWidget(Button(tr("从备份恢复…"), lambda: self.other_wanted.emit("restore"), kind="link"))
        links.addWidget(Button(tr("建一本新台账"), lambda: self.other_wanted.emit("new"), kind="link"))
        links.addStretch(1)
        column.addLayout(links)
        box = QWidget()
        box.setLayout(column)
        box.setFixedWidth(WIDTH)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 12, 4)
        foot.addStretch(1)
        foot.addWidget(Label(tr("本机，不联网"), role="small", tone="text2"))
        bar = QWidget()
        set_ground(bar, "window")
        bar.setLayout(foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addStretch(2)
        # Between two stretches and not aligned: an aligned widget is asked for its height at the page's width.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(box)
        middle.addStretch(1)
        layout.addLayout(middle)
        layout.addStretch(3)
        layout.addWidget(Line())
        layout.addWidget(bar)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._field().setFocus()

    def _field(self) -> QWidget:
        """Return the first field of the way in that is offered."""
        return self.recovery if self.recovery is not None and self.is_recovering else self.passphrase

    @property
    def is_recovering(self) -> bool:
        """Tell whether the recovery code is asked for."""
        return self.recovery is not None and not self.recovery.isHidden()

    def toggle_recovery(self) -> None:
        """Ask for the recovery code, or for the passphrase again."""
        self._show_mode(recovery=not self.is_recovering)

    def _show_mode(self, *, recovery: bool) -> None:
        if recovery and self.recovery is None:
            from skillsaid_desktop.ui.pages.recovery_fields import RecoveryFields

            self.recovery = RecoveryFields()
            self._column.insertWidget(self._column.indexOf(self.passphrase) + 1, self.recovery)
        if self.recovery is not None:
            self.recovery.setVisible(recovery)
        self.passphrase.setVisible(not recovery)
        self._label.setVisible(not recovery)
        self.note.setVisible(bool(self.note.text()))
        if self._backup is not None:
            self._title.setText(tr("从备份恢复"))
        else:
            self._title.setText(tr("用恢复码打开") if recovery else tr("打开台账"))
        self.recover_link.setText(tr("想起口令了") if recovery else tr("忘了口令，用恢复码打开"))
        self._say(None)
        self._field().setFocus()

    # Acts

    def unlock(self) -> None:
        """Open the ledger with what was typed."""
        if self._work is not None:
            return
        path = self.path
        if self.recovery is not None and self.is_recovering:
            self._recover(path, self._backup, self.recovery)
            return
        passphrase = self.passphrase.text()
        if not passphrase:
            self._say(UserError(tr("请输入口令。")))
            return
        if self._backup is not None:
            self._restore(self._backup, passphrase)
            return

        def work() -> Any:
            from skillsaid_desktop.storage import LedgerFile

            return LedgerFile.open(path, passphrase=passphrase, checks_beside=True)

        self._start(work)

    def _recover(self, path: Path, backup: Path | None, fields: "RecoveryFields") -> None:
        code, new = fields.code.toPlainText(), fields.new_passphrase.text()
        trouble = fields.trouble()
        if trouble is not None:
            self._say(trouble)
            return
        place = path if backup is None else self._free_path()

        def work() -> Any:
            from skillsaid_desktop.storage import LedgerFile, restore

            if backup is not None:
                restore(backup, place, recovery_code=code)
            opened = LedgerFile.open(place, recovery_code=code)
            opened.set_passphrase(new)
            return opened

        self._start(work)

    def choose_backup(self, backup: Path) -> None:
        """Ask for the passphrase under which a backup was made."""
        self._backup = backup
        target = self._free_path()
        kept = tr("，原来的台账不动") if target != self.path else ""
        self.note.setText(f"备份“{backup.name}”会恢复成“{target.name}”{kept}。")
        self._show_mode(recovery=False)
        self._label.setText(tr("做这份备份时的口令"))
        self.open_button.setText(tr("恢复并打开"))

    def _restore(self, backup: Path, passphrase: str) -> None:
        target = self._free_path()

        def work() -> Any:
            from skillsaid_desktop.storage import LedgerFile, restore

            restore(backup, target, passphrase=passphrase)
            return LedgerFile.open(target, passphrase=passphrase)

        self._start(work)

    def salvage(self) -> None:
        """Bring what can be read of this damaged ledger into a new file beside it, and say what is missing."""
        if self._work is not None:
            return
        source, target, passphrase = self.path, self._free_path(tr("抢救")), self.passphrase.text()
        if not passphrase:
            self._say(UserError(tr("请先输入口令，再点“抢救到新文件”。")), can_salvage=True)
            self.passphrase.setFocus()
            return

        def work() -> Any:
            from skillsaid_desktop.services.salvage import describe_salvage
            from skillsaid_desktop.storage.salvage import salvage

            return describe_salvage(salvage(source, target, passphrase=passphrase))

        def done(lines: list[str]) -> None:
            self._end()
            self.path = target
            self._name.setText(target.stem)
            self.note.setText("\n".join(lines))
            self.note.show()
            self._field().setFocus()

        self._start(work, done)

    def _free_path(self, word: str = "恢复") -> Path:
        """Return where a ledger can be brought back to: this ledger's place, or a name beside it."""
        found, at = self.path, 0
        while found.exists() or found.with_name(found.name + "-keys").exists():
            at += 1
            found = self.path.with_name(f"{self.path.stem} {word}{at}{self.path.suffix}")
        return found

    def _start(self, work: Callable[[], Any], done: Callable[[Any], object] | None = None) -> None:
        from skillsaid_desktop.ui.pages.start_work import StartWork

        self._say(None)
        self._set_busy(True)
        self._work = StartWork(work, self)
        self._work.succeeded.connect(done or self._on_opened)
        self._work.refused.connect(self._on_refused)
        self._work.broken.connect(self._on_broken)
        self._work.start()

    def _end(self) -> None:
        if self._work is not None:
            self._work.wait()
            self._work = None
        self._set_busy(False)

    def _on_opened(self, ledger_file: object) -> None:
        self._end()
        self.passphrase.clear()
        if self.recovery is not None:
            self.recovery.clear()
        self.opened.emit(ledger_file)

    def _on_refused(self, error: UserError) -> None:
        self._end()
        self.refuse(error)

    def refuse(self, error: UserError) -> None:
        """Say why the ledger is not open, with the newest backup and a salvage if it is damaged."""
        self._say(error, self._newest_backup(error), can_salvage=self._is_damage(error))
        self.passphrase.selectAll()
        self._field().setFocus()

    def _is_damage(self, error: UserError) -> bool:
        from skillsaid_desktop.storage import DamagedError

        return isinstance(error, DamagedError) and self._backup is None and self.path.is_file()

    def _newest_backup(self, error: UserError) -> Path | None:
        from skillsaid_desktop.storage import newest_backup

        if not self._is_damage(error):
            return None
        report = newest_backup(self.path)
        return report.path if report is not None else None

    def _on_broken(self, error: Exception) -> None:
        self._end()
        raise error

    def _set_busy(self, busy: bool) -> None:
        self._busy.setVisible(busy)
        self.open_button.setEnabled(not busy)
        self.passphrase.setEnabled(not busy)

    def _say(self, error: UserError | None, backup: Path | None = None, *, can_salvage: bool = False) -> None:
        while self._trouble.count():
            item = self._trouble.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if error is not None:
            buttons: tuple[Button, ...] = ()
            if backup is not None:
                found = backup
                buttons = (Button(f"从 {found.stem[-17:-7]} 的备份恢复", lambda: self.choose_backup(found)),)
            if can_salvage and not self.is_recovering:
                buttons += (Button(tr("抢救到新文件"), self.salvage),)
            self._trouble.addWidget(Trouble(error, buttons))

    def trouble(self) -> str:
        """Return what is said about the last try, "" for nothing."""
        item = self._trouble.itemAt(0)
        widget = item.widget() if item is not None else None
        labels = widget.findChildren(Label) if widget is not None else []
        return "".join(label.text() for label in labels)
