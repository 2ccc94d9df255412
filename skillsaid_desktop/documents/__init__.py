"""Papers before they have a format: what stands on them, not how it is drawn. May import schema and below.

A report builds a Document; an exporter writes it. A Document knows no xlsx, pdf or Word.
"""

from skillsaid_desktop.documents.document import (
    Block,
    Card,
    Cards,
    Cell,
    Document,
    Grade,
    Heading,
    PageSetup,
    PaperSize,
    Paragraph,
    Part,
    Signatures,
    Table,
    TableColumn,
    TableRow,
)

__all__ = [
    "Block",
    "Card",
    "Cards",
    "Cell",
    "Document",
    "Grade",
    "Heading",
    "PageSetup",
    "PaperSize",
    "Paragraph",
    "Part",
    "Signatures",
    "Table",
    "TableColumn",
    "TableRow",
]
