"""What is kept, as mapped dataclasses (DOMAIN sections 2 and 5).

Every journalled table has an INTEGER PRIMARY KEY AUTOINCREMENT `id`: an undone id must never be given to someone
else. Dates are days, both ends inclusive; months are "YYYY-MM"; money is integer 分 in columns named `*_fen`.
Relationships are not mapped: screens get rows from queries, rules get values.
"""

from skillsaid_desktop.domain.entities.base import NAMING, Entity, Projection, Snapshot
from skillsaid_desktop.domain.entities.files import Attachment, StoredFile
from skillsaid_desktop.domain.entities.households import Household, HouseholdMember
from skillsaid_desktop.domain.entities.intake import (
    ColumnLayout,
    ExtraFact,
    ImportedFile,
    OpenQuestion,
    PendingRow,
    SentSheet,
)
from skillsaid_desktop.domain.entities.months import (
    CheckExplanation,
    FrozenFigure,
    FrozenPerson,
    OpeningFigure,
    ReportingMonth,
)
from skillsaid_desktop.domain.entities.pairings import Contact, Pairing
from skillsaid_desktop.domain.entities.rosters import RegisterPerson, Roster, RosterPerson, Verdict
from skillsaid_desktop.domain.entities.school import ClassTeacher, PolicyText, SchoolClass, Setting
from skillsaid_desktop.domain.entities.students import (
    AttentionFlag,
    HardshipStatus,
    HelpMeasure,
    MonitoringNote,
    StatusChange,
    Student,
    StudentSpan,
)

__all__ = [
    "NAMING",
    "Attachment",
    "AttentionFlag",
    "CheckExplanation",
    "ClassTeacher",
    "ColumnLayout",
    "Contact",
    "Entity",
    "ExtraFact",
    "FrozenFigure",
    "FrozenPerson",
    "HardshipStatus",
    "HelpMeasure",
    "Household",
    "HouseholdMember",
    "ImportedFile",
    "MonitoringNote",
    "OpenQuestion",
    "OpeningFigure",
    "Pairing",
    "PendingRow",
    "PolicyText",
    "Projection",
    "RegisterPerson",
    "ReportingMonth",
    "Roster",
    "RosterPerson",
    "SchoolClass",
    "SentSheet",
    "Setting",
    "Snapshot",
    "StatusChange",
    "StoredFile",
    "Student",
    "StudentSpan",
    "Verdict",
]
