"""Printing prints what the PDF exporter made, page by page at 300 dpi: paper, preview and file are one layout."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from skillsaid_desktop.errors import UserError

DPI = 300
POINTS_PER_INCH = 72


def print_pdf(parent: QWidget | None, content: bytes, title: str) -> bool:
    """Ask for a printer and print the bytes of a PDF file; False when given up."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    document = load_pdf(content)
    _set_page(printer, document, 0)
    printer.setFromTo(1, document.pageCount())
    dialog = QPrintDialog(printer, parent)
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return False
    paint_pages(printer, document)
    return True


def load_pdf(content: bytes) -> QPdfDocument:
    """Return the pages of a PDF file."""
    document = QPdfDocument()
    buffer = QBuffer(document)
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    if document.status() != QPdfDocument.Status.Ready:
        raise UserError("这份纸面打不开，没有打印。", "请再试一次；还不行就导出成 PDF 再打印。")
    return document


def paint_pages(printer: QPrinter, document: QPdfDocument) -> None:
    """Paint the chosen pages, one picture each."""
    first = max(1, printer.fromPage()) - 1
    last = (printer.toPage() or document.pageCount()) - 1
    painter = QPainter()
    for page in range(first, min(last, document.pageCount() - 1) + 1):
        _set_page(printer, document, page)
        if page == first:
            if not painter.begin(printer):
                raise UserError(
                    "打印机没有接受这份文件，没有打印。", "请看打印机是不是开着、有没有纸，再打印一次。"
                )
        else:
            printer.newPage()
        points = document.pagePointSize(page)
        size = QSize(
            round(points.width() * DPI / POINTS_PER_INCH), round(points.height() * DPI / POINTS_PER_INCH)
        )
        image = document.render(page, size)
        painter.drawImage(QRectF(painter.viewport()), image, QRectF(image.rect()))
    painter.end()


def _set_page(printer: QPrinter, document: QPdfDocument, page: int) -> None:
    points = document.pagePointSize(page)
    lying = points.width() > points.height()
    size = QPageSize(points.transposed() if lying else points, QPageSize.Unit.Point)
    way = QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait
    printer.setFullPage(True)
    printer.setPageLayout(QPageLayout(size, way, QMarginsF(0, 0, 0, 0)))
