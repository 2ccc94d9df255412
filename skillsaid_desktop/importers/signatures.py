"""What a file is by its first bytes and its zip directory, looked at before anything is unpacked."""

import zipfile
from pathlib import Path

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers.workbook import Limits

_NOTHING_CHANGED = "台账没有改动。"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"RIFF", b"II*\x00", b"MM\x00*")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check_file(path: Path, limits: Limits) -> None:
    """Raise UserError for a file that can not be a workbook, or that must not be unpacked."""
    name = path.name
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise UserError(f"“{name}”是文件夹，不是文件。", "请选择里面的表格文件。")
        if size == 0:
            raise UserError(f"“{name}”是空文件（0 字节）。", f"{_NOTHING_CHANGED}请向发来的人重新要一份。")
        with path.open("rb") as file:
            head = file.read(4096)
    except FileNotFoundError as error:
        raise UserError(f"找不到文件“{name}”。", "请检查它是否被移走或改了名。") from error
    except OSError as error:
        raise UserError(
            f"打不开文件“{name}”。", f"{_NOTHING_CHANGED}如果它正在 Excel 或 WPS 里打开，请先关闭再试。"
        ) from error
    if size > limits.file_bytes:
        raise UserError(
            f"“{name}”有 {size // 2**20} MB，超过了上限 {limits.file_bytes // 2**20} MB。",
            f"{_NOTHING_CHANGED}请把其中的名单另存为单独的工作簿再导入。",
        )
    if head.startswith(b"PK"):
        _check_zip(path, limits)
    elif head.startswith(_COMPOUND):
        _check_compound(path)
    else:
        raise _not_a_workbook(name, head)


def _check_zip(path: Path, limits: Limits) -> None:
    name = path.name
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UserError(
            f"“{name}”不完整，可能在传输中断了。", f"{_NOTHING_CHANGED}请重新下载或请对方再发一次。"
        ) from error
    inflated = sum(member.file_size for member in members)
    packed = max(sum(member.compress_size for member in members), 1)
    is_bomb = inflated > limits.suspicious_bytes and inflated > limits.packing * packed
    if inflated > limits.inflated_bytes or is_bomb or len(members) > 20_000:
        raise UserError(
            f"“{name}”解开后有 {inflated // 2**20} MB，大得不正常，没有打开它。",
            f"{_NOTHING_CHANGED}请把需要的名单复制到新的工作簿再导入。",
        )
    if any(member.flag_bits & 1 for member in members):
        raise protected(name)
    names = {member.filename for member in members}
    if any(each.startswith("word/") for each in names):
        raise UserError(
            f"“{name}”是 Word 文档，不是表格。", f"{_NOTHING_CHANGED}请把表格复制到工作簿里再导入。"
        )
    if not any(each.startswith("xl/") or each == "content.xml" for each in names):
        raise UserError(
            f"“{name}”是压缩包，不是表格文件。", f"{_NOTHING_CHANGED}请先解压，再选择里面的 xlsx 文件。"
        )


def _check_compound(path: Path) -> None:
    with path.open("rb") as file:
        data = file.read()
    if _ENCRYPTED in data:
        raise protected(path.name)


def protected(name: str) -> UserError:
    """Return the refusal of a file with a password."""
    return UserError(
        f"“{name}”设了打开密码。", f"{_NOTHING_CHANGED}请用 Excel 或 WPS 打开，去掉密码后另存，再导入。"
    )


def _not_a_workbook(name: str, head: bytes) -> UserError:
    start = head.lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    if head.startswith(_PICTURES):
        return UserError(
            f"“{name}”是图片，不是表格。",
            f"{_NOTHING_CHANGED}请向发来的人要 Excel 原件；图片里的名单不能导入。",
        )
    if head.startswith(b"%PDF"):
        return UserError(f"“{name}”是 PDF，不是表格。", f"{_NOTHING_CHANGED}请向发来的人要 Excel 原件。")
    if start.startswith((b"<html", b"<table", b"<!doctype", b"<?xml", b"<meta", b"<head", b"<style")):
        return UserError(
            f"“{name}”是网页格式，只是名字像表格。",
            f"{_NOTHING_CHANGED}请用 Excel 或 WPS 打开它，另存为 xlsx 再导入。",
        )
    if b"\x00" not in head:
        return UserError(
            f"“{name}”是纯文本，不是工作簿。",
            f"{_NOTHING_CHANGED}请用 Excel 或 WPS 打开它，另存为 xlsx 再导入。",
        )
    return UserError(f"“{name}”不是表格文件。", f"{_NOTHING_CHANGED}请选择 xlsx 或 xls 文件。")
