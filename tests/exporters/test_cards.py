"""Cards to cut out: beside and below each other, none parted, with a line to cut along between two."""

import io

import openpyxl
import pytest

from skillsaid_desktop.documents import Card, Cards, Document, PageSetup, Table, TableColumn, TableRow
from skillsaid_desktop.exporters.pdf import render_pdf
from skillsaid_desktop.exporters.pdf_fonts import body_face, bold_face
from skillsaid_desktop.exporters.pdf_pages import Pages
from skillsaid_desktop.exporters.xlsx import render_xlsx
from skillsaid_desktop.schema import Text

COLUMNS = (
    TableColumn(headings=("学生",), type=Text(), width=6),
    TableColumn(headings=("近况",), type=Text(), width=9, fills=True),
)


def paper(*rows: int) -> Document:
    """Return a paper with one card for each number of rows."""
    cards = [
        Card(
            title=f"校领导{at}",
            subtitle="几名学生",
            table=Table(
                columns=COLUMNS, rows=[TableRow(values=(f"学生{each}", "正常")) for each in range(number)]
            ),
        )
        for at, number in enumerate(rows)
    ]
    return Document(title="口袋卡", file_name="口袋卡", blocks=(Cards(cards=cards),), page=PageSetup())


def placed(document: Document) -> Pages:
    return Pages(document, body_face(), bold_face(), [])


def test_two_stand_beside_each_other_with_lines_to_cut_along() -> None:
    (page,) = placed(paper(3, 5, 2)).pages
    first, second, third = page.tables
    assert first.y == second.y
    assert first.x == third.x == 0.0
    assert second.x > first.laid.edges[-1], "the cards do not touch"
    assert third.y > second.y + second.laid.heading_height + sum(row.height for row in second.rows)
    assert len(page.cuts) == 2
    upright = [cut for cut in page.cuts if cut[0] == cut[2]]
    assert len(upright) == 1
    assert first.laid.edges[-1] < upright[0][0] - 15 * 72 / 25.4 < second.x


def test_a_card_is_never_parted_over_two_pages() -> None:
    pages = placed(paper(25, 25, 25, 25)).pages
    assert [len(page.tables) for page in pages] == [2, 2]
    assert all(len(table.rows) == 25 for page in pages for table in page.tables)
    assert [len(page.cuts) for page in pages] == [1, 1], "no line above the first cards of a page"


def test_the_lines_are_dashed_and_a_workbook_has_a_page_for_each_card() -> None:
    document = paper(3, 5)
    assert render_pdf(document).pages == 1
    content, issues = render_xlsx(document)
    assert issues == []
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert "校领导0" in texts
    assert "校领导1" in texts
    assert len(sheet.row_breaks.brk) == 1
    assert [table.columns for table in document.tables] == [COLUMNS, COLUMNS]


@pytest.mark.parametrize("number", [0, 1])
def test_few_cards_are_a_paper_too(number: int) -> None:
    assert render_pdf(paper(*[2] * number)).pages == 1
    assert render_xlsx(paper(*[2] * number))[1] == []
