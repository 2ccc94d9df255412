"""The only place that opens a ledger file: keys, engine, unit of work, journal, undo, backup. May import domain and below."""

from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.storage.records import ChangeRow, Changes, OperationRow
from skillsaid_desktop.storage.settings import Settings
from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

__all__ = ["ChangeRow", "Changes", "LedgerFile", "OperationRow", "Reading", "Settings", "UnitOfWork"]
