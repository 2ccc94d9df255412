"""Cards and lists of one-to-one help out of the page: printed for a purpose, exported as they stand."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from skillsaid_desktop import clock
from skillsaid_desktop.documents import Grade
from skillsaid_desktop.ledgers import PAIRINGS
from skillsaid_desktop.services.export import preview_document, record_printing, report_document
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.models.ledger_model import LedgerModel
from skillsaid_desktop.ui.pages.ledger_output import export_rows
from skillsaid_desktop.ui.printing import print_pdf
from skillsaid_desktop.ui.session import Session

SHOWN = 8
"""The columns of the list that the page shows, too."""


def print_paper(parent: QWidget, session: Session, report: str, params: Mapping[str, Any]) -> None:
    """Print a card: it carries telephones, so its purpose is asked for and kept."""

    def send() -> None:
        document = report_document(session.ledger_file, report, params, Grade.FULL)
        purpose = session.prompts.ask_text(
            f"打印{document.title}，{document.people} 人", tr("里面有学生的电话。用途会写进操作记录。"),
            label=tr("用途"), act=tr("打印"), safe=tr("不打印"), initial=tr("校领导联系学生用"),
        )  # fmt: skip
        if purpose is None:
            return
        if print_pdf(parent, preview_document(document).content, document.title):
            record_printing(session.ledger_file, document, purpose)

    session.attempt(send)


def export_pairings(session: Session, ids: Sequence[int], words: str) -> None:
    """Export these pairings as the list of the ledger."""
    model = LedgerModel(session.ledger_file, PAIRINGS, clock.today())
    model.set_query(only=tuple(ids))
    model.reload()
    export_rows(session, PAIRINGS, model, range(SHOWN), words)
