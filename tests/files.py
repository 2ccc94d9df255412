"""Small real files for tests: a photo, a scan, a paper, a workbook."""

import io
import zipfile

from PIL import Image
from reportlab.pdfgen.canvas import Canvas


def photo(colour: str = "steelblue", size: tuple[int, int] = (320, 200), form: str = "JPEG") -> bytes:
    """Return a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form)
    return out.getvalue()


def paper(text: str = "scan", pages: int = 1) -> bytes:
    """Return a PDF file."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for page in range(pages):
        canvas.drawString(72, 720, f"{text} {page + 1}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def zipped(*names: str, text: bytes = b"<x/>") -> bytes:
    """Return a zip archive with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, text)
    return out.getvalue()
