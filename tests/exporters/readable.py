"""A written file as lines that a person can read and compare."""

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest


def workbook_lines(content: bytes) -> str:
    """Return every cell with its look, and the print set-up, as lines."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    lines = [f"title={book.properties.title} author={book.properties.creator}"]
    for sheet in book.worksheets:
        lines += _sheet_lines(sheet)
    return "\n".join(lines) + "\n"


def _sheet_lines(sheet: Any) -> list[str]:
    page = sheet.page_setup
    lines = [
        f"sheet {sheet.title}: paper={page.paperSize} {page.orientation} wide={page.fitToWidth} tall={page.fitToHeight}",
        f"  area={sheet.print_area} titles={sheet.print_title_rows} freeze={sheet.freeze_panes}",
        f"  header={sheet.oddHeader.right.text} footer={sheet.oddFooter.center.text}",
        f"  merged={sorted(str(each) for each in sheet.merged_cells.ranges)}",
    ]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            look = f"{cell.font.name} {cell.font.size:g} {cell.alignment.horizontal}"
            marks = "".join(
                mark
                for mark, on in (
                    (" wrap", cell.alignment.wrap_text),
                    (" shrink", cell.alignment.shrink_to_fit),
                    (" box", cell.border.left.style),
                    (" bold", cell.font.bold),
                )
                if on
            )
            lines.append(
                f"  {cell.coordinate} {cell.data_type} {cell.value!r} [{look} {cell.number_format}{marks}]"
            )
    return lines


def pdf_text(path: Path, *, layout: bool = True) -> str:
    """Return what can be copied out of a PDF; skip where poppler is not installed."""
    return _poppler("pdftotext", *(["-layout"] if layout else []), str(path), "-")


def pdf_fonts(path: Path) -> str:
    """Return the list of a PDF's fonts; skip where poppler is not installed."""
    return _poppler("pdffonts", str(path))


def _poppler(program: str, *arguments: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} of poppler is not installed")
    done = subprocess.run([found, *arguments], capture_output=True, check=True, timeout=60)
    return done.stdout.decode("utf-8")
