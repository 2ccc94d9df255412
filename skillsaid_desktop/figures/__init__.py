"""The monthly figures, one file per block: a definition plus the people behind it. May import ledgers and below."""

from skillsaid_desktop.figures.bridge import BRIDGE
from skillsaid_desktop.figures.enrolment import ENROLMENT
from skillsaid_desktop.figures.figure import Figure, FigureResult, PersonRef, Unit
from skillsaid_desktop.figures.monitoring import MONITORING
from skillsaid_desktop.figures.pairings import PAIRINGS
from skillsaid_desktop.figures.standing import STANDING

FIGURES: tuple[Figure, ...] = (*ENROLMENT, *STANDING, *BRIDGE, *PAIRINGS, *MONITORING)
"""All figures in the order of the report."""

__all__ = ["FIGURES", "Figure", "FigureResult", "PersonRef", "Unit"]
