"""SQLite's errors in the words of a school office, translated once, here at the edge."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # it has no stubs

from skillsaid_desktop.errors import UserError

NOTHING_LOST = "刚才这一步没有保存，之前的都在。"

# Of Windows' own numbers those that Python gives a general one: a drive that is not ready "denies access", and what
# is written to one that was pulled out is an "invalid argument".
_IN_USE = (32, 33)  # sharing and lock violation
_UNPLUGGED = (
    21,
    31,
    55,
    433,
    1006,
    1117,
    1167,
)  # not ready, not functioning, gone, changed, input/output error


class DamagedError(UserError):
    """The file can not be read as a whole: the window offers the newest verified backup."""


class LockedError(UserError):
    """Somebody else holds the ledger."""


def damaged(path: Path, what: str = "") -> DamagedError:
    """Return the error of a damaged ledger file."""
    return DamagedError(
        f"台账“{path.name}”已损坏{'：' + what if what else ''}，没有打开，也没有改动它。",
        "请从最近的备份恢复；损坏的文件请先留着，不要删。",
    )


def translate(error: Exception, path: Path) -> UserError | None:
    """Return the user's words for a database error, None if it is a bug."""
    if isinstance(error, DBAPIError) and isinstance(error.orig, Exception):
        error = error.orig
    if isinstance(error, OSError) and not isinstance(error, dbapi2.Error):
        return _translate_os(error, path)
    if not isinstance(error, dbapi2.Error) or isinstance(error, dbapi2.IntegrityError):
        return None
    text = str(error).lower()
    if "full" in text:
        return UserError(
            f"磁盘满了，写不进“{path.name}”。{NOTHING_LOST}", "请在这个盘上腾出一些空间，再试一次。"
        )
    if "readonly" in text or "read-only" in text:
        return UserError(
            f"“{path.name}”是只读的，或者所在的文件夹不让写。{NOTHING_LOST}",
            "请去掉文件的“只读”，或把台账移到能写的文件夹，再打开。",
        )
    if "locked" in text or "busy" in text:
        return LockedError(
            f"“{path.name}”正被另一个程序占用。{NOTHING_LOST}", "请等一会儿再试；杀毒或备份软件可能正在读它。"
        )
    if "not a database" in text or "malformed" in text or "corrupt" in text or "hmac" in text:
        return damaged(path)
    if "disk i/o" in text or "unable to open" in text:
        return UserError(
            f"读写“{path.name}”时磁盘出错。{NOTHING_LOST}",
            "请看看优盘或移动硬盘是不是拔掉了、文件夹还在不在，再打开一次。",
        )
    return None


def _translate_os(error: OSError, path: Path) -> UserError | None:
    import errno

    name = Path(error.filename).name if isinstance(error.filename, str) else path.name
    windows = getattr(error, "winerror", None)
    if windows in _IN_USE:
        return LockedError(
            f"“{name}”正被另一个程序占用。{NOTHING_LOST}", "请等一会儿再试；杀毒或备份软件可能正在读它。"
        )
    if windows in _UNPLUGGED or (windows is None and error.errno == errno.EINVAL):
        return _disk_trouble(name)
    if error.errno == errno.ENOSPC:
        return UserError(f"磁盘满了，写不进“{name}”。{NOTHING_LOST}", "请在这个盘上腾出一些空间，再试一次。")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return UserError(f"“{name}”不让写。{NOTHING_LOST}", "请换一个能写的文件夹，或去掉“只读”，再试一次。")
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return UserError(
            f"“{name}”应该是文件夹，那里却有一个同名的文件。{NOTHING_LOST}", "请把那个文件改个名，再试一次。"
        )
    if error.errno in (errno.EIO, errno.ENODEV, errno.ENXIO):
        return _disk_trouble(name)
    if error.errno == errno.ENOENT:
        return UserError(f"找不到“{name}”。", "请看看文件夹还在不在，优盘是不是拔掉了。")
    return None


def _disk_trouble(name: str) -> UserError:
    return UserError(f"读写“{name}”时磁盘出错。{NOTHING_LOST}", "请看看优盘是不是拔掉了，再试一次。")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn database and file errors into UserErrors that name the file; bugs pass."""
    try:
        yield
    except (DBAPIError, dbapi2.Error, OSError) as error:
        worded = translate(error, path)
        if worded is None:
            raise
        raise worded from error
