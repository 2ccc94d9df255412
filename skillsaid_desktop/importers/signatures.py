"""What a file is by its first bytes and its zip directory, looked at before anything is unpacked."""

import re
import zipfile
from pathlib import Path
from typing import Literal

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers.text_encoding import decoded, marked_encoding
from skillsaid_desktop.importers.workbook import Limits

_NOTHING_CHANGED = "台账没有改动。"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*")
_BINARY_PICTURES = (b"BM", b"RIFF")  # a text may begin like these
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_WORD = "WordDocument".encode("utf-16-le")
_SPREADSHEET_XML = "urn:schemas-microsoft-com:office:spreadsheet"
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|style|table|tr|div)(?=[\s>/])", re.IGNORECASE)
_HEAD = 4096
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


Form = Literal["workbook", "document", "page", "xml", "text"]
"""How a file is read: by calamine, as Word's tables, as HTML tables, as Excel 2003 XML, as delimited text."""


def check_file(path: Path, limits: Limits) -> Form:
    """Return how a file is to be read.

    Raises UserError for one that can not hold a table, or that must not be unpacked.
    """
    name = path.name
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise UserError(f"“{name}”是文件夹，不是文件。", "请选择里面的表格文件。")
        if size == 0:
            raise UserError(f"“{name}”是空文件（0 字节）。", f"{_NOTHING_CHANGED}请向发来的人重新要一份。")
        with path.open("rb") as file:
            head = file.read(_HEAD)
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
    if head.startswith(_ZIP):
        return _check_zip(path, limits)
    if head.startswith(_COMPOUND):
        _check_compound(path)
        return "workbook"
    return _form_of_text(name, head)


def _check_zip(path: Path, limits: Limits) -> Form:
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
    if "word/document.xml" in names:
        return "document"
    if not any(each.startswith("xl/") or each == "content.xml" for each in names):
        raise UserError(
            f"“{name}”是压缩包，不是表格文件。", f"{_NOTHING_CHANGED}请先解压，再选择里面的表格文件。"
        )
    return "workbook"


def _check_compound(path: Path) -> None:
    with path.open("rb") as file:
        data = file.read()
    if _ENCRYPTED in data:
        raise protected(path.name)
    if _OLD_WORD in data:
        raise UserError(
            f"“{path.name}”是旧格式的 Word 文档。",
            f"{_NOTHING_CHANGED}请用 Word 或 WPS 打开它，另存为 docx，或者把里面的表格复制到工作簿里再导入。",
        )


def protected(name: str) -> UserError:
    """Return the refusal of a file with a password."""
    return UserError(
        f"“{name}”设了打开密码。", f"{_NOTHING_CHANGED}请用 Excel 或 WPS 打开，去掉密码后另存，再导入。"
    )


def _form_of_text(name: str, head: bytes) -> Form:
    """Tell texts, pages and XML from what is no text."""
    is_wide = marked_encoding(head).startswith("utf-16")
    is_binary = b"\x00" in head and not is_wide
    if head.startswith(_PICTURES) or (is_binary and head.startswith(_BINARY_PICTURES)):
        raise UserError(
            f"“{name}”是图片，不是表格。",
            f"{_NOTHING_CHANGED}请向发来的人要 Excel 原件；图片里的名单不能导入。",
        )
    if head.startswith(b"%PDF"):
        raise UserError(f"“{name}”是 PDF，不是表格。", f"{_NOTHING_CHANGED}请向发来的人要 Excel 原件。")
    if is_binary:
        raise UserError(
            f"“{name}”不是表格文件。", f"{_NOTHING_CHANGED}请选择 xlsx、xls、csv 这样的表格文件。"
        )
    start = decoded(head).lstrip("\ufeff\r\n\t ")
    if start[:20].lower().startswith(("mime-version:", "from: <saved by")):
        raise UserError(
            f"“{name}”是网页归档，只是名字像表格。",
            f"{_NOTHING_CHANGED}请用 Excel 或 WPS 打开它，另存为 xlsx 再导入。",
        )
    if start.startswith("{\\rtf"):
        raise UserError(
            f"“{name}”是 RTF 文档，不是表格。", f"{_NOTHING_CHANGED}请把里面的表格复制到工作簿里再导入。"
        )
    if not start.startswith("<"):
        return "text"
    if _SPREADSHEET_XML in start:
        return "xml"
    if _PAGE.search(start):
        return "page"
    if start.startswith("<?xml"):
        raise UserError(
            f"“{name}”是 XML 文件，但不是 Excel 的表格。",
            f"{_NOTHING_CHANGED}请用 Excel 或 WPS 打开它，另存为 xlsx 再导入。",
        )
    return "text"
