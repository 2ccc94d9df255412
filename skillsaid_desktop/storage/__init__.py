"""The only place that opens a ledger file: keys, engine, unit of work, journal, undo, backup. May import domain and below."""

from skillsaid_desktop.storage.backup import BackupReport, newest_backup, read_report
from skillsaid_desktop.storage.inspection import VerifyReport
from skillsaid_desktop.storage.ledger_file import LedgerFile, new_recovery_code
from skillsaid_desktop.storage.opening import restore, verify_file
from skillsaid_desktop.storage.records import ChangeRow, Changes, LaterOperation, OperationRow
from skillsaid_desktop.storage.settings import Settings
from skillsaid_desktop.storage.sqlite_errors import DamagedError, LockedError
from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork

__all__ = [
    "BackupReport",
    "ChangeRow",
    "Changes",
    "DamagedError",
    "LaterOperation",
    "LedgerFile",
    "LockedError",
    "OperationRow",
    "Reading",
    "Settings",
    "UnitOfWork",
    "VerifyReport",
    "new_recovery_code",
    "newest_backup",
    "read_report",
    "restore",
    "verify_file",
]
