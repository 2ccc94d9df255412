"""What is on screen goes out as it stands: exported with its purpose on record, printed page by page."""

from pathlib import Path

import openpyxl
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from skillsaid_desktop.reports.listing_document import listing_document
from skillsaid_desktop.services.export import preview_document
from skillsaid_desktop.ui.main_window import MainWindow
from skillsaid_desktop.ui.pages.students_page import StudentsPage
from skillsaid_desktop.ui.printing import load_pdf, paint_pages
from tests.ui.prompts import FakePrompts


def cells(path: Path) -> list[str]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


def test_the_rows_in_sight_are_exported_masked_and_it_is_written_down(
    window: MainWindow, prompts: FakePrompts, tmp_path: Path, qtbot: QtBot
) -> None:
    window.open_page("students")
    page = window.page()
    assert isinstance(page, StudentsPage)
    prompts.choice, prompts.save_as = "masked", tmp_path / "学生.xlsx"
    page.export()
    qtbot.waitUntil(lambda: window.toast.text().startswith("已导出 8 人"), timeout=20_000)
    found = cells(tmp_path / "学生.xlsx")
    assert "吴宇佳" in found
    assert "曾诗" not in found
    assert not any(text.isdigit() and len(text) >= 17 for text in found)
    assert page.session.ledger_file.history(limit=1)[0].name.startswith("导出")


def test_giving_up_the_grade_writes_nothing(window: MainWindow, prompts: FakePrompts, tmp_path: Path) -> None:
    window.open_page("students")
    prompts.choice, prompts.save_as = None, tmp_path / "学生.xlsx"
    page = window.page()
    assert page is not None
    page.export()
    assert not (tmp_path / "学生.xlsx").exists()


def test_printing_paints_every_page_of_the_paper(window: MainWindow, tmp_path: Path) -> None:
    window.open_page("students")
    page = window.page()
    assert isinstance(page, StudentsPage)
    with page.session.ledger_file.reading() as reading:
        paper = listing_document(reading, page.ledger, page.model.query, columns=("name", "class_name"))
    document = load_pdf(preview_document(paper).content)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    paint_pages(printer, document)
    printed = load_pdf((tmp_path / "out.pdf").read_bytes())
    assert printed.pageCount() == document.pageCount() >= 1
