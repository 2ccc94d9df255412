"""A Document as a file: one writer class for each format. May import documents, schema and below; no SQL.

The libraries are imported when a paper is written, not when the program starts.
"""

from pathlib import Path
from typing import Protocol

from skillsaid_desktop.documents import Document
from skillsaid_desktop.schema.issue import Issue


class Exporter(Protocol):
    """A writer of one format."""

    name: str
    ending: str
    title: str

    def write(self, document: Document, path: Path) -> list[Issue]:
        """Write the paper and return what could not be shown as it should, or raise UserError."""


class PdfExporter:
    """The paper as it prints."""

    name = "pdf"
    ending = ".pdf"
    title = "PDF"

    def write(self, document: Document, path: Path) -> list[Issue]:
        """Write the paper as PDF, all fonts embedded."""
        from skillsaid_desktop.exporters.pdf import write_pdf

        return write_pdf(document, path)


class XlsxExporter:
    """The paper as a workbook that prints like it."""

    name = "xlsx"
    ending = ".xlsx"
    title = "Excel"

    def write(self, document: Document, path: Path) -> list[Issue]:
        """Write the paper as a workbook; no cell is ever a formula."""
        from skillsaid_desktop.exporters.xlsx import write_xlsx

        return write_xlsx(document, path)


EXPORTERS: dict[str, Exporter] = {each.name: each for each in (XlsxExporter(), PdfExporter())}

__all__ = ["EXPORTERS", "Exporter", "PdfExporter", "XlsxExporter"]
