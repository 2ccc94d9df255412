"""Which files can be added to a record, told by their first bytes and not by their name."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from skillsaid_desktop.errors import UserError

_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACROS = "vbaproject.bin"
_HEAD = 1024
_OFFERED = "照片、扫描件、PDF、Word 和 Excel"


@dataclass(frozen=True)
class FileType:
    """A type of file: its mime type and the endings that it goes by, the usual one first."""

    mime: str
    endings: tuple[str, ...]

    @property
    def is_picture(self) -> bool:
        """Tell whether it is a photo or a scan."""
        return self.mime.startswith("image/")


JPEG = FileType("image/jpeg", (".jpg", ".jpeg", ".jfif"))
PNG = FileType("image/png", (".png",))
GIF = FileType("image/gif", (".gif",))
BMP = FileType("image/bmp", (".bmp",))
TIFF = FileType("image/tiff", (".tif", ".tiff"))
WEBP = FileType("image/webp", (".webp",))
HEIC = FileType("image/heic", (".heic", ".heif"))
PDF = FileType("application/pdf", (".pdf",))
DOCX = FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))
XLSX = FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",))
OFD = FileType("application/ofd", (".ofd",))
DOC = FileType("application/msword", (".doc", ".wps"))
XLS = FileType("application/vnd.ms-excel", (".xls", ".et"))
TYPES = (JPEG, PNG, GIF, BMP, TIFF, WEBP, HEIC, PDF, DOCX, XLSX, OFD, DOC, XLS)

_STARTS = (
    (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"GIF8", GIF), (b"BM", BMP),
    (b"II*\x00", TIFF), (b"MM\x00*", TIFF),
)  # fmt: skip
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis"})

PATTERN = "材料 (" + " ".join(f"*{ending}" for one in TYPES for ending in one.endings) + ")"
"""What a file dialog offers."""


def type_of(name: str, content: bytes) -> FileType:
    """Return what a file is; UserError, naming it, for what can't be kept: programs, archives, macros, texts."""
    if not content:
        raise UserError(f"“{name}”是空文件（0 字节），没有存。", "请向交来的人重新要一份。")
    found = _recognised(name, content)
    if found is None:
        raise UserError(
            f"“{name}”不是能存的材料，没有存。", f"可以存{_OFFERED}；压缩包请先解开，别的请另存成 PDF。"
        )
    return found


def ending_for(name: str, mime: str) -> str:
    """Return the ending under which a content is written out: the name's own if it fits what the content is."""
    found = next((one for one in TYPES if one.mime == mime), None)
    own = Path(name).suffix.lower()
    if found is None:
        return ".bin"
    return own if own in found.endings else found.endings[0]


def _recognised(name: str, content: bytes) -> FileType | None:
    for start, found in _STARTS:
        if content.startswith(start):
            return found
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return HEIC
    if b"%PDF-" in content[:_HEAD]:
        return PDF
    if content.startswith(_ZIP):
        return _zipped(name, content)
    if content.startswith(_COMPOUND):
        # Word's and Excel's old files look alike from outside; the name says which program opens them.
        return next((one for one in (DOC, XLS) if Path(name).suffix.lower() in one.endings), None)
    return None


def _zipped(name: str, content: bytes) -> FileType | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {member.lower() for member in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UserError(f"“{name}”不完整，可能没有拷完，没有存。", "请重新拷一份再添加。") from error
    if any(member.endswith(_MACROS) for member in members):
        raise UserError(
            f"“{name}”里带着宏，没有存。", "请用 WPS 或 Office 打开它，另存成 PDF 或不带宏的文件。"
        )
    if "word/document.xml" in members:
        return DOCX
    if "xl/workbook.xml" in members:
        return XLSX
    return OFD if "ofd.xml" in members else None
