"""What the user points at when importing: files and whole folders, as files that each have a name of their own."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from skillsaid_desktop.errors import UserError

READABLE = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".txt", ".et"})


class SourcePath(NamedTuple):
    """A file to read, and what it is called: with its folder where another file has the same name."""

    path: Path
    name: str


def source_paths(paths: Sequence[Path]) -> list[SourcePath]:
    """Return the files behind `paths`; a folder gives its lists, those in folders below too, in order of their names.

    Raises UserError for a folder without a list in it.
    """
    files: dict[Path, None] = {}
    for path in paths:
        if not path.is_dir():
            files[path] = None
            continue
        found = sorted(each for each in path.rglob("*") if _is_list(each))
        if not found:
            raise UserError(
                f"“{path.name}”这个文件夹里没有表格。", "台账没有改动。请选放着交回的表的那个文件夹。"
            )
        files.update(dict.fromkeys(found))
    counts = Counter(each.name for each in files)
    return [
        SourcePath(each, each.name if counts[each.name] == 1 else f"{each.parent.name}/{each.name}")
        for each in files
    ]


def _is_list(path: Path) -> bool:
    return path.suffix.lower() in READABLE and not path.name.startswith(("~$", ".")) and path.is_file()
