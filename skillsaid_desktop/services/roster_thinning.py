"""Old rosters let go: of each office the last few stay, and those that a category, a household or a verdict rests on.

What goes are the people of a snapshot that nothing compares with any more; who sent it when, and how many stood in it,
stays with the roster and with the operation that brought it. Nothing of the ledger itself changes.
"""

from collections import defaultdict

from skillsaid_desktop.ledgers.rosters import StoredRoster, list_rosters
from skillsaid_desktop.ledgers.school_register import SCHOOL
from skillsaid_desktop.progress import Progress, SilentProgress
from skillsaid_desktop.storage.ledger_file import LedgerFile
from skillsaid_desktop.storage.unit_of_work import Reading

_CITED = (
    "SELECT 1 FROM hardship_status WHERE source LIKE :rows ESCAPE '\\' OR evidence = :evidence"
    " UNION ALL SELECT 1 FROM household WHERE source LIKE :rows ESCAPE '\\'"
    " UNION ALL SELECT 1 FROM household_member WHERE source LIKE :rows ESCAPE '\\'"
    " UNION ALL SELECT 1 FROM verdict v JOIN change c ON c.entity = 'verdict' AND c.record_id = v.id"
    " JOIN operation o ON o.id = c.operation_id WHERE o.source = :file AND v.roster_kind = :kind LIMIT 1"
)


def dispensable_rosters(reading: Reading) -> list[StoredRoster]:
    """Return the rosters that can go: older than the last few of their office, and cited by nothing."""
    by_office: dict[tuple[str, str], list[StoredRoster]] = defaultdict(list)
    for roster in list_rosters(reading):
        by_office[roster.kind, roster.office].append(roster)
    return [
        roster
        for rosters in by_office.values()
        for roster in rosters[reading.settings.kept_rosters :]
        if not _is_cited(reading, roster)
    ]


def _is_cited(reading: Reading, roster: StoredRoster) -> bool:
    if roster.kind == SCHOOL:
        return False  # what it told is in the ledger itself
    escaped = roster.file.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    evidence = f"{roster.office}名册（{roster.as_of}）"
    told = {"rows": f"{escaped} %", "file": roster.file, "kind": roster.kind, "evidence": evidence}
    return bool(reading.scalar(_CITED, told))


def thin_rosters(ledger_file: LedgerFile, progress: Progress | None = None) -> int:
    """Let the people of dispensable rosters go, as one noted operation; return how many rosters that were.

    Undoing has nothing to bring back: the rosters themselves stay on record, and none of them was compared with.
    """
    with ledger_file.reading() as reading:
        going = dispensable_rosters(reading)
    if not going:
        return 0
    (progress or SilentProgress()).report(0, 0, f"整理旧名册 {len(going)} 份")
    with ledger_file.operation(f"整理旧名册：{len(going)} 份不再留名单") as uow:
        for roster in going:
            table = "register_person" if roster.kind == SCHOOL else "roster_person"
            uow.execute(f"DELETE FROM {table} WHERE roster_id = ?", (roster.id,))
            uow.log_note(f"{roster.office}　{roster.file}　截至 {roster.as_of}　{roster.people:,} 人")
    return len(going)
