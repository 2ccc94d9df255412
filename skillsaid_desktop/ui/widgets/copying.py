"""What tables put on the clipboard: text with tabs for everything, and HTML that keeps cells what they are in Excel and WPS."""

import re
from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

_AS_TEXT = re.compile(r"[=+@]|-\D|\d{12}")
"""Beginnings that a spreadsheet would take for a formula, or for a number too long for it."""


def copy_cells(table: Sequence[Sequence[str]]) -> None:
    """Put rows of cells on the clipboard; a line break in a cell becomes a blank."""
    data = QMimeData()
    data.setText("\n".join("\t".join(cell.replace("\n", " ") for cell in line) for line in table))
    rows = "".join(f"<tr>{''.join(map(_cell, line))}</tr>" for line in table)
    data.setHtml(f"<table>{rows}</table>")
    QGuiApplication.clipboard().setMimeData(data)


def _cell(text: str) -> str:
    kept = " style=\"mso-number-format:'\\@'\"" if _AS_TEXT.match(text) else ""
    return f"<td{kept}>{escape(text)}</td>"
