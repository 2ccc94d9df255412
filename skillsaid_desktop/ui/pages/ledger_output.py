"""Export and print of what a table shows: rows, columns, order and filters as on screen, one paper for both."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from skillsaid_desktop.documents import Document, Grade
from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.models.ledger_model import LedgerModel
from skillsaid_desktop.ui.session import Session

GRADES = ((Grade.MASKED, "校内版，号码遮住"), (Grade.FULL, "上报版，号码完整…"))


def export_rows(
    session: Session, ledger: Ledger, model: LedgerModel, columns: Sequence[int], filters: str
) -> None:
    """Ask for grade, purpose and place, and write the list beside the window."""
    counted = f"{len(model.ids):,} {ledger.unit}"
    title = f"导出{ledger.title} {counted}"
    offered = [(grade.value, tr(words)) for grade, words in GRADES]
    chosen = session.prompts.choose(
        title, tr("导出什么、给谁，都会写进操作记录。"), offered, safe=tr("不导出")
    )
    if chosen is None:
        return
    grade = Grade(chosen)
    why = ""
    if grade is Grade.FULL:
        text = tr("里面有完整的证件号和电话。用途会写进操作记录。")
        purpose = session.prompts.ask_text(
            title, text, label=tr("用途，例如“报县乡村振兴局”"), act=tr("导出"), safe=tr("不导出")
        )
        if purpose is None:
            return
        why = purpose
    name = f"{ledger.list_name or ledger.title} {session.as_of.isoformat()}.xlsx"
    path = session.prompts.save_file(tr("导出") + ledger.title, name, tr("Excel 表格 (*.xlsx);;PDF (*.pdf)"))
    if path is None:
        return
    from skillsaid_desktop.services.export import export_listing

    query, ids = model.query, list(model.ids)
    names = tuple(ledger.fields[at].name for at in columns)
    session.tasks.run(
        tr("正在导出"),
        lambda _progress: export_listing(
            session.ledger_file,
            ledger,
            query,
            path,
            ids=ids,
            columns=names,
            filters=filters,
            grade=grade,
            purpose=why,
        ),
        done=lambda _exported: session.say(f"已导出 {counted}：{path.name}", undo=False),
    )


def print_rows(
    parent: QWidget,
    session: Session,
    ledger: Ledger,
    model: LedgerModel,
    columns: Sequence[int],
    filters: str,
) -> None:
    """Print what the PDF exporter makes of the rows in sight, with numbers masked."""
    from skillsaid_desktop.reports.listing_document import listing_document

    names = tuple(ledger.fields[at].name for at in columns)
    with session.ledger_file.reading() as reading:
        document = listing_document(
            reading, ledger, model.query, ids=model.ids, columns=names, filters=filters, grade=Grade.MASKED
        )
    print_document(parent, session, document)


def print_document(parent: QWidget, session: Session, document: Document) -> None:
    """Print a list whose numbers are masked, and write down that it was."""
    from skillsaid_desktop.services.export import preview_document, record_printing
    from skillsaid_desktop.ui.printing import print_pdf

    content = preview_document(document).content

    def send() -> None:
        if print_pdf(parent, content, document.title):
            record_printing(session.ledger_file, document)

    session.attempt(send)
