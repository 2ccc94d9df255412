"""Export and print of what a table shows, through one paper for both."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.models.ledger_model import LedgerModel
from skillsaid_desktop.ui.session import Session

if TYPE_CHECKING:
    from skillsaid_desktop.documents import Document


def _document(session: Session, ledger: Ledger, model: LedgerModel, columns: Sequence[int]) -> "Document":
    from skillsaid_desktop.reports.listing_document import listing_document

    names = tuple(ledger.fields[at].name for at in columns)
    with session.ledger_file.reading() as reading:
        return listing_document(reading, ledger, model.query, columns=names)


def export_listing(session: Session, ledger: Ledger, model: LedgerModel, columns: Sequence[int]) -> None:
    """Write the rows and columns in sight as xlsx or pdf."""
    from skillsaid_desktop.services.export import export_document

    document = _document(session, ledger, model, columns)
    path = session.prompts.save_file(
        tr("导出") + ledger.title, document.file_name + ".xlsx", tr("Excel 表格 (*.xlsx);;PDF (*.pdf)")
    )
    if path is None:
        return
    purpose = session.prompts.ask_text(
        f"导出{ledger.title} {len(model.ids):,} {ledger.unit}",
        tr("里面有个人信息。用途会写进操作记录。"),
        label=tr("用途"),
        act=tr("导出"),
        safe=tr("不导出"),
    )
    if purpose is None:
        return
    target: Path = path
    session.tasks.run(
        tr("正在导出"),
        lambda progress: export_document(session.ledger_file, document, target, purpose=purpose),
        done=lambda _result: session.say(
            f"已导出 {len(model.ids):,} {ledger.unit}：{target.name}", undo=False
        ),
    )


def print_listing(
    parent: QWidget, session: Session, ledger: Ledger, model: LedgerModel, columns: Sequence[int]
) -> None:
    """Print what the PDF exporter makes of the rows and columns in sight."""
    from skillsaid_desktop.exporters.pdf import write_pdf
    from skillsaid_desktop.ui.printing import print_pdf

    document = _document(session, ledger, model, columns)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "print.pdf"
        if session.attempt(lambda: write_pdf(document, path)):
            print_pdf(parent, path, document.title)
