"""Which files a choice of files and folders means, and which of those in a folder are left alone and why."""

import os
import re
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from skillsaid_desktop.errors import UserError

MOST_FILES = 3_000
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_NUMBER = re.compile(r"(\d+)")


@dataclass(frozen=True, kw_only=True)
class FoundFile:
    """A file to read, `name` telling it from the others; one with a `refusal` is not to be read."""

    path: Path
    name: str
    refusal: UserError | None = None


def files_in(paths: Sequence[Path]) -> list[FoundFile]:
    """Return the files named, and all that lie in the folders named, sorted by name there, each once.

    Hidden and temporary files in a folder, and folders that can not be opened, come with a refusal.
    Raises UserError for a folder without files, and for one with more than `MOST_FILES`.
    """
    found: dict[Path, FoundFile] = {}
    for path in paths:
        if not path.is_dir():
            found.setdefault(_key(path), FoundFile(path=path, name=path.name))
            continue
        inside = list(islice(_walk(path), MOST_FILES + 1))
        if len(inside) > MOST_FILES:
            raise UserError(
                f"文件夹“{path.name}”里有 {MOST_FILES:,} 个以上的文件，没有读。",
                "台账没有改动。请选择只放名单的文件夹。",
            )
        if not inside:
            raise UserError(f"文件夹“{path.name}”里没有文件。", "台账没有改动。请检查是不是选错了文件夹。")
        for one in inside:
            found.setdefault(_key(one.path), one)
    return _told_apart(list(found.values()))


def _key(path: Path) -> Path:
    return Path(os.path.normcase(path.absolute()))


def _walk(folder: Path) -> Iterator[FoundFile]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: _natural(entry.name))
    except OSError:
        refusal = UserError(f"文件夹“{folder.name}”打不开，里面的文件没有读。", "请检查权限后再试。")
        yield FoundFile(path=folder, name=folder.name, refusal=refusal)
        return
    for entry in entries:
        path = Path(entry.path)
        if _is_hidden(entry):
            refusal = UserError(f"“{entry.name}”是临时文件或隐藏文件，没有读。")
            yield FoundFile(path=path, name=entry.name, refusal=refusal)
        elif path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        elif path.is_file():
            yield FoundFile(path=path, name=entry.name)


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith((".", "~$")) or entry.name.lower() in _SYSTEM:
        return True
    try:
        attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    except OSError:
        return False  # reading it says what is wrong
    return bool(attributes & stat.FILE_ATTRIBUTE_HIDDEN)


def _natural(name: str) -> list[tuple[int, str]]:
    """Sort 9月 before 11月."""
    return [
        (int(part) if part.isascii() and part.isdecimal() and len(part) < 19 else -1, part.casefold())
        for part in _NUMBER.split(name)
    ]


def _told_apart(found: list[FoundFile]) -> list[FoundFile]:
    """Name files of the same name by the folders they lie in."""
    for depth in range(2, 20):
        counts = Counter(one.name for one in found)
        if max(counts.values(), default=1) == 1:
            break
        found = [
            replace(one, name="/".join(one.path.absolute().parts[-depth:])) if counts[one.name] > 1 else one
            for one in found
        ]
    return found
