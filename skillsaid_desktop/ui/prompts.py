"""All questions that stop the user, behind one interface: tests answer them without a modal loop.

The button names the act; the safe button stands left of it and Esc means it; nothing is ever called 确定.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QSettings, QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.paths import file_name_of
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.bars import FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.dialog import Dialog
from skillsaid_desktop.ui.widgets.notices import Icon
from skillsaid_desktop.ui.widgets.text import Label, set_ground

DIALOG_WIDTH = 480


class Prompts(Protocol):
    """What pages may ask; `WindowPrompts` in the program, `FakePrompts` in tests."""

    def error(self, error: UserError, *, retry: str = "") -> bool:
        """Show an expected trouble; True if `retry` (再试一次) was offered and chosen."""

    def ask(
        self, title: str, text: str, *, act: str, safe: str = "取消", detail: str = "", danger: bool = False
    ) -> bool:
        """Ask whether to do a named act; True for the act."""

    def ask_text(
        self, title: str, text: str, *, label: str, act: str, safe: str = "取消", initial: str = ""
    ) -> str | None:
        """Ask for a line such as a reason; None when given up. Never returns an empty text."""

    def choose(
        self, title: str, text: str, options: Sequence[tuple[str, str]], *, safe: str = "取消"
    ) -> str | None:
        """Offer several named acts as (value, button text); None when given up."""

    def open_files(self, title: str, pattern: str) -> list[Path]:
        """Ask for files to read; `pattern` as in `表格 (*.xlsx *.xls)`."""

    def save_file(self, title: str, name: str, pattern: str) -> Path | None:
        """Ask where to write a file of the proposed name; an existing one has been agreed to."""

    def choose_folder(self, title: str) -> Path | None:
        """Ask for a folder."""

    def run(self, dialog: QDialog) -> bool:
        """Show a dialog of a page's own until it is closed; True if accepted."""

    def bug(self, details: str) -> None:
        """Tell that the program is wrong, with 复制详情."""


class Ask(Dialog):
    """The plain dialog: bold first line, consequence under it, scrolled body, footer with named acts."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        text: str,
        *,
        buttons: Sequence[tuple[str, str, str]],
        safe: str,
        icon: str = "",
        tone: str = "stop",
        window_title: str = "",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(window_title or tr("技能帮扶台账"))
        self.chosen = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        body = QHBoxLayout()
        body.setContentsMargins(20, 20, 20, 20)
        body.setSpacing(12)
        if icon:
            body.addWidget(Icon(icon, tone, size=20), 0, Qt.AlignmentFlag.AlignTop)
        self.column = QVBoxLayout()
        self.column.setSpacing(8)
        self.column.addWidget(Label(title, role="section2", wraps=True))
        if text:
            sentence = Label(text, tone="text2", wraps=True)
            sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.column.addWidget(sentence)
        body.addLayout(self.column, 1)
        layout.addLayout(body)
        layout.addStretch(1)
        footer = FooterBar()
        self.safe = Button(safe, self.reject)
        footer.add(self.safe)
        self.acts: list[Button] = []
        for value, label, kind in buttons:
            button = Button(label, partial(self._choose, value), kind=kind)
            footer.add(button)
            self.acts.append(button)
        layout.addWidget(footer)
        self.setFixedWidth(max(DIALOG_WIDTH, footer.sizeHint().width()))
        if all(kind != "danger" for _v, _l, kind in buttons) and self.acts:
            self.acts[-1].setDefault(True)
        else:
            self.safe.setDefault(True)
            self.safe.setFocus()

    def _choose(self, value: str) -> None:
        self.chosen = value
        self.accept()


class WindowPrompts:
    """Prompts of the real window."""

    def __init__(self, parent: Callable[[], QWidget | None]) -> None:
        self._parent = parent

    def error(self, error: UserError, *, retry: str = "") -> bool:
        acts = [("retry", retry, "main")] if retry else []
        dialog = Ask(
            self._parent(), error.message, error.hint, buttons=acts, safe=tr("知道了"), icon="error_circle"
        )
        return dialog.exec() == QDialog.DialogCode.Accepted

    def ask(
        self, title: str, text: str, *, act: str, safe: str = "取消", detail: str = "", danger: bool = False
    ) -> bool:
        whole = f"{text}\n{detail}" if detail else text
        dialog = Ask(
            self._parent(), title, whole, buttons=[("act", act, "danger" if danger else "main")], safe=safe
        )
        return dialog.exec() == QDialog.DialogCode.Accepted

    def ask_text(
        self, title: str, text: str, *, label: str, act: str, safe: str = "取消", initial: str = ""
    ) -> str | None:
        dialog = Ask(self._parent(), title, text, buttons=[("act", act, "main")], safe=safe)
        field = QLineEdit(initial)
        field.setAccessibleName(label)
        dialog.column.addSpacing(4)
        dialog.column.addWidget(Label(label, tone="text2"))
        dialog.column.addWidget(field)
        dialog.acts[0].setEnabled(bool(initial.strip()))
        field.textChanged.connect(lambda value: dialog.acts[0].setEnabled(bool(value.strip())))
        field.setFocus()
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return None
        return field.text().strip()

    def choose(
        self, title: str, text: str, options: Sequence[tuple[str, str]], *, safe: str = "取消"
    ) -> str | None:
        acts = [(value, label, "plain") for value, label in options]
        dialog = Ask(self._parent(), title, text, buttons=acts, safe=safe)
        return dialog.chosen if dialog.exec() == QDialog.DialogCode.Accepted else None

    def open_files(self, title: str, pattern: str) -> list[Path]:
        files, _ = QFileDialog.getOpenFileNames(self._parent(), title, _last_folder(), pattern)
        if files:
            _remember_folder(Path(files[0]).parent)
        return [Path(file) for file in files]

    def save_file(self, title: str, name: str, pattern: str) -> Path | None:
        file, _ = QFileDialog.getSaveFileName(
            self._parent(), title, str(Path(_last_folder()) / file_name_of(name)), pattern
        )
        if not file:
            return None
        _remember_folder(Path(file).parent)
        return Path(file)

    def choose_folder(self, title: str) -> Path | None:
        folder = QFileDialog.getExistingDirectory(self._parent(), title, _last_folder())
        return Path(folder) if folder else None

    def run(self, dialog: QDialog) -> bool:
        return dialog.exec() == QDialog.DialogCode.Accepted

    def bug(self, details: str) -> None:
        dialog = Ask(
            self._parent(),
            tr("程序出了错"),
            tr("刚才这一步没有保存，之前的都在。点“复制详情”发给维护的人，里面没有学生的姓名和号码。"),
            buttons=[],
            safe=tr("关闭"),
            icon="error_circle",
        )
        copy = Button(tr("复制详情"), lambda: QGuiApplication.clipboard().setText(details))
        text = QPlainTextEdit(details)
        text.setReadOnly(True)
        text.setMaximumHeight(160)
        set_ground(text, "sunken")
        dialog.column.addWidget(text)
        row = QHBoxLayout()
        row.addWidget(copy)
        row.addStretch(1)
        dialog.column.addLayout(row)
        dialog.exec()


def _last_folder() -> str:
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return str(QSettings().value("last_folder", documents))


def _remember_folder(folder: Path) -> None:
    QSettings().setValue("last_folder", str(folder))
