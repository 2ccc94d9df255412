"""A person who answers at once: the prompts of tests."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog

from skillsaid_desktop.errors import UserError


class FakePrompts:
    """Answers from what a test has laid out, and keeps what was asked."""

    def __init__(self) -> None:
        self.errors: list[UserError] = []
        self.asked: list[str] = []
        self.told: list[str] = []
        """The sentences under the questions."""
        self.bugs: list[str] = []
        self.answer = True
        self.text: str | None = "检查要用"
        self.offered = ""  # what the last line to fill in began with
        self.choice: str | None = None
        self.files: list[Path] = []
        self.save_as: Path | None = None
        self.folder: Path | None = None
        self.drive: Callable[[Any], object] | None = None
        """Does what a person would in a dialog that is shown through `run`."""

    def error(self, error: UserError, *, retry: str = "") -> bool:
        self.errors.append(error)
        return False

    def ask(
        self, title: str, text: str, *, act: str, safe: str = "取消", detail: str = "", danger: bool = False
    ) -> bool:
        self.asked.append(title)
        self.told.append(text)
        return self.answer

    def ask_text(
        self, title: str, text: str, *, label: str, act: str, safe: str = "取消", initial: str = ""
    ) -> str | None:
        self.asked.append(title)
        self.told.append(text)
        self.offered = initial
        return self.text

    def choose(
        self, title: str, text: str, options: Sequence[tuple[str, str]], *, safe: str = "取消"
    ) -> str | None:
        self.asked.append(title)
        self.told.append(text)
        return self.choice

    def open_files(self, title: str, pattern: str) -> list[Path]:
        return self.files

    def save_file(self, title: str, name: str, pattern: str) -> Path | None:
        return self.save_as

    def choose_folder(self, title: str) -> Path | None:
        return self.folder

    def run(self, dialog: QDialog) -> bool:
        if self.drive is not None:
            self.drive(dialog)
        accepted = dialog.result() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return bool(accepted)

    def bug(self, details: str) -> None:
        self.bugs.append(details)
