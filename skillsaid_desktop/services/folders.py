"""Folders among the files to import: every spreadsheet in them, at any depth."""

from collections.abc import Sequence
from pathlib import Path

from skillsaid_desktop.errors import UserError

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv"})
"""Endings of files that may be lists; what a folder holds beside them is passed over."""


def files_in(paths: Sequence[Path]) -> list[Path]:
    """Return these files, and in the place of a folder the lists in it; UserError for a folder without any."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(
            one
            for one in path.rglob("*")
            if one.suffix.lower() in SUFFIXES and one.is_file() and not one.name.startswith(("~$", ".~", "."))
        )
        if not inside:
            raise UserError(f"文件夹“{path.name}”里没有表格。", "台账没有改动。请检查是不是选错了文件夹。")
        found += inside
    return list(dict.fromkeys(found))
