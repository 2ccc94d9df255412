"""学生台账: the general ledger page with the acts on a student."""

from skillsaid_desktop.ledgers.students import STUDENTS
from skillsaid_desktop.ui.pages.ledger_page import LedgerPage
from skillsaid_desktop.ui.session import Session


class StudentsPage(LedgerPage):
    """The students as of a day."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, STUDENTS)
