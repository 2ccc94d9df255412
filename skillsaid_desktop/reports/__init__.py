"""One file per report: parameters in, Document out. May import follow_ups, checks, figures, ledgers and below."""

from skillsaid_desktop.reports.changes import CHANGES
from skillsaid_desktop.reports.comparison import COMPARISON
from skillsaid_desktop.reports.contact_cards import CONTACT_CARDS
from skillsaid_desktop.reports.follow_ups import FOLLOW_UPS
from skillsaid_desktop.reports.missing_proofs import MISSING_PROOFS
from skillsaid_desktop.reports.monitoring import MONITORING
from skillsaid_desktop.reports.pairings import PAIRINGS
from skillsaid_desktop.reports.pocket_cards import POCKET_CARDS
from skillsaid_desktop.reports.progress import PROGRESS
from skillsaid_desktop.reports.register import REGISTER
from skillsaid_desktop.reports.report import Report, find_report
from skillsaid_desktop.reports.student_file import STUDENT_FILE

REPORTS: tuple[Report, ...] = (
    PROGRESS, CHANGES, REGISTER, MONITORING, PAIRINGS, CONTACT_CARDS, POCKET_CARDS, FOLLOW_UPS, STUDENT_FILE, MISSING_PROOFS,
    COMPARISON,
)  # fmt: skip
"""All reports in the order of the window, group by group."""


def report_named(name: str) -> Report:
    """Return a report by its name, or raise UserError that lists the names."""
    return find_report(REPORTS, name)


__all__ = ["REPORTS", "Report", "report_named"]
