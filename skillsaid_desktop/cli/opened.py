"""What every command needs: the ledger with its passphrase, JSON on stdout, progress on stderr."""

import argparse
import json
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from skillsaid_desktop.errors import UserError

if TYPE_CHECKING:
    from skillsaid_desktop.storage import LedgerFile

PASSPHRASE_VARIABLE = "SKILLSAID_PASSPHRASE"


def read_passphrase(options: argparse.Namespace) -> str:
    """Return the passphrase from the file named, the environment, or the keyboard."""
    from skillsaid_desktop.importers.text_encoding import decoded

    given: str | None = None
    if options.passphrase_file:
        try:
            content = options.passphrase_file.read_bytes()
        except OSError as error:
            raise UserError(f"读不了口令文件“{options.passphrase_file}”。", "请检查它在不在。") from error
        given = (decoded(content).splitlines() or [""])[0]  # 记事本 writes UTF-8, or GBK as ANSI
    elif os.environ.get(PASSPHRASE_VARIABLE) is not None:
        given = os.environ[PASSPHRASE_VARIABLE]
    elif sys.stdin is not None and sys.stdin.isatty():
        import getpass

        given = getpass.getpass("口令：")
    if not given:
        raise UserError("没有给口令。", f"请设环境变量 {PASSPHRASE_VARIABLE}，或用 --passphrase-file。")
    return given


class Opened:
    """A ledger for the time of one command; closed without the backup that the window makes on leaving."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._file: LedgerFile | None = None

    def __enter__(self) -> "LedgerFile":
        from skillsaid_desktop.storage import DamagedError, LedgerFile

        path: Path = self._options.ledger
        try:
            self._file = LedgerFile.open(path, passphrase=read_passphrase(self._options))
        except DamagedError as error:
            raise UserError(error.message, f"{error.hint}{say_newest_backup(path)}") from error
        warning = self._file.clock_warning()
        if warning:
            print(warning, file=sys.stderr)
        return self._file

    def __exit__(self, *_: object) -> None:
        assert self._file is not None
        self._file.close(backup=False)


def say_newest_backup(ledger: Path) -> str:
    """Return which backup of a damaged ledger is the newest, and how it is restored."""
    from skillsaid_desktop.storage import newest_backup

    if ledger.suffix == ".skillsaid-backup":
        return "请换一份备份。"
    report = newest_backup(ledger) if ledger.is_file() else None
    if report is None:
        return (
            "这台电脑上没有找到它的备份，请看看优盘；都没有，就抢救还能读的："
            f'\nskillsaid salvage "{ledger}" --to 新的文件名.skillsaid'
        )
    return (
        f"\n最近的备份是 {report.made_at:%Y-%m-%d %H:%M} 做的，里面有 {report.counts.get('student', 0)} 名学生，"
        f"{report.operation_id} 步操作；在那以后做的要重做。"
        f'\nskillsaid restore "{report.path}" --to 新的文件名.skillsaid'
        f'\n备份以后做的想找回来：skillsaid salvage "{ledger}" --to 另一个文件名.skillsaid'
    )


def print_json(value: object) -> None:
    """Print one JSON document."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


class Shown:
    """Progress on stderr, one line for each new sentence."""

    def __init__(self) -> None:
        self._said = ""

    def report(self, done: int, total: int, text: str) -> None:
        """Print a sentence the first time it comes."""
        if text != self._said and sys.stderr is not None and sys.stderr.isatty():
            print(text, file=sys.stderr)
        self._said = text
