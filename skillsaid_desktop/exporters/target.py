"""Writing a file so that the old one stays whole until the new one is: beside, flushed, replaced."""

import errno
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.replacing import put_over

_AGAIN = "台账没有改动，原来的文件也还在。"
_LONGEST = 260  # characters of a path in Windows, which finds nothing behind longer ones


def replace_file(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Let `write` fill a new file and put it in the place of `path`.

    Raise UserError that names the file if the disk is full, the folder is gone or read-only, or the file is
    open in another program; the old file is then as it was.
    """
    part = path.with_name(f".{path.stem[:40]}.{secrets.token_hex(4)}.part")
    is_written = False
    try:
        try:
            with part.open("xb") as stream:
                write(stream)
                stream.flush()
                os.fsync(stream.fileno())
            is_written = True
            put_over(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise _explained(path, error, is_written) from error


def _explained(path: Path, error: OSError, is_written: bool) -> UserError:
    """Word an error; `is_written` tells that the new file lay there and only could not take the old one's place."""
    where = path.parent
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return UserError(
            f"“{where}”放不下了，“{path.name}”没有导出。{_AGAIN}", "腾出一些空间，或换个地方存，再试一次。"
        )
    if not where.is_dir():
        return UserError(
            f"找不到“{where}”，“{path.name}”没有导出。{_AGAIN}", "插上 U 盘或换个文件夹，再试一次。"
        )
    if path.is_dir():
        return UserError(f"“{path}”是一个文件夹，没有导出。{_AGAIN}", "换个文件名，再试一次。")
    if isinstance(error, PermissionError) or error.errno in (errno.EBUSY, errno.ETXTBSY):
        if is_written:
            return UserError(
                f"“{path.name}”正在 WPS 或 Excel 里打开，没有导出。{_AGAIN}", "关掉它，再试一次。"
            )
        return UserError(
            f"“{where}”不许写入，“{path.name}”没有导出。{_AGAIN}", "换个文件夹，例如“文档”，再试一次。"
        )
    if error.errno == errno.EROFS:
        return UserError(
            f"“{where}”是只读的，“{path.name}”没有导出。{_AGAIN}", "换个文件夹，或打开 U 盘的写保护开关。"
        )
    is_too_long = error.errno == errno.ENOENT and len(str(path.absolute())) >= _LONGEST
    if error.errno == errno.ENAMETOOLONG or is_too_long:
        return UserError(
            f"文件名连同文件夹太长，没有导出。{_AGAIN}", "改短一些，或换到上面一层的文件夹，再试一次。"
        )
    if error.errno == errno.EINVAL:  # what Windows says of a drive that was pulled out
        return UserError(
            f"写“{path.name}”时磁盘出错，没有导出。{_AGAIN}", "请看看 U 盘是不是拔掉了，再试一次。"
        )
    return UserError(
        f"“{path.name}”没有写成（{error.strerror or error}）。{_AGAIN}", "换个地方存，再试一次。"
    )
