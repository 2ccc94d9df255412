"""The drawing child: a process of its own that makes small pictures of photos and papers, and may die of a hostile one.

It is run by its path and needs nothing of the program but Qt; frozen, through the hidden switch. On stdin come, each
with its length, a mime type and a content; on stdout goes a PNG after each, or nothing for what can't be drawn.
"""

import struct
import sys
from typing import BinaryIO

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

SIDE = 256
"""Pixels of the longer side: enough at 200 %, too few to read a number off."""
MOST_PIXELS = 150_000_000
MOST_POINTS = 14_400  # the largest page that PDF allows, in either direction
_DECODED_MB = 320


def run_child(memory: int) -> int:
    """Draw what comes until nothing comes any more."""
    _fence(memory)
    QCoreApplication(["pictures"])
    QImageReader.setAllocationLimit(_DECODED_MB)
    inward, out = sys.stdin.buffer, sys.stdout.buffer
    while (mime := _receive(inward)) is not None:
        content = _receive(inward)
        if content is None:
            break
        picture = draw(mime.decode(), content)
        out.write(struct.pack("<I", len(picture)) + picture)
        out.flush()
    return 0


def _receive(stream: BinaryIO) -> bytes | None:
    head = stream.read(4)
    return stream.read(struct.unpack("<I", head)[0]) if len(head) == 4 else None


def _fence(memory: int) -> None:
    """Limit memory, write no file, and die with the program (Windows: see importers.job_object)."""
    if sys.platform == "win32":
        return
    import resource

    # Not the address space: PDFium reserves 32 GB of it and uses none.
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":
        import ctypes
        import signal

        parent_death_signal = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGKILL)


def draw(mime: str, content: bytes) -> bytes:
    """Return a small picture as PNG, b"" for what can't or must not be drawn."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    image = _first_page(buffer) if mime == "application/pdf" else _picture(buffer)
    if image is None or image.isNull():
        return b""
    if max(image.width(), image.height()) > SIDE:
        image = image.scaled(
            SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    out = QBuffer()
    out.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(out, "PNG")  # type: ignore[call-overload]  # the stubs want bytes, Qt takes the name
    return bytes(out.data().data())


def _picture(buffer: QBuffer) -> QImage | None:
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)  # a phone writes upright how it was held
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MOST_PIXELS:
        return None
    small = size.scaled(SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio)
    if small.width() < size.width():
        reader.setScaledSize(QSize(max(1, small.width()), max(1, small.height())))
    return reader.read()


def _first_page(buffer: QBuffer) -> QImage | None:
    from PySide6.QtPdf import QPdfDocument

    document = QPdfDocument()
    document.load(buffer)
    if document.status() != QPdfDocument.Status.Ready or not document.pageCount():
        return None
    points = document.pagePointSize(0)
    if not 0 < points.width() <= MOST_POINTS or not 0 < points.height() <= MOST_POINTS:
        return None
    size = points.toSize().scaled(SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio)
    drawn = document.render(0, QSize(max(1, size.width()), max(1, size.height())))
    page = QImage(drawn.size(), QImage.Format.Format_RGB32)
    page.fill(Qt.GlobalColor.white)  # paper is white, also in the dark
    from PySide6.QtGui import QPainter

    painter = QPainter(page)
    painter.drawImage(0, 0, drawn)
    painter.end()
    return page


if __name__ == "__main__":
    sys.exit(run_child(int(sys.argv[1])))
