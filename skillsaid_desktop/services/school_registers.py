"""The school register kept as a dated snapshot whenever a full one is imported: what was in it stays to be compared."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from skillsaid_desktop.clock import now
from skillsaid_desktop.domain.entities import RegisterPerson
from skillsaid_desktop.ledgers.ledger import Outcome, PlannedRow
from skillsaid_desktop.ledgers.rosters import RosterWriter
from skillsaid_desktop.ledgers.school_register import OFFICE, SCHOOL, register_row
from skillsaid_desktop.services.absentees import FULL
from skillsaid_desktop.services.sources import SourceFile
from skillsaid_desktop.storage.unit_of_work import UnitOfWork


def keep_registers(uow: UnitOfWork, sources: Sequence[SourceFile], rows: Sequence[PlannedRow]) -> None:
    """Keep what these files say of students, one snapshot a day; class sheets of one day are one register.

    A list of some students is no register and is not kept.
    """
    by_day: dict[date, list[SourceFile]] = defaultdict(list)
    for source in sources:
        by_day[source.as_of].append(source)
    for as_of, files in by_day.items():
        names = {each.name for each in files}
        told = [each for each in rows if each.record.place.file in names and each.record.values.get("name")]
        enrolled = int(
            uow.scalar(
                "SELECT count(*) FROM student_span WHERE is_enrolled AND from_on <= ? AND to_on >= ?",
                (as_of.isoformat(), as_of.isoformat()),
            )
            or 0
        )
        enrolled += sum(each.outcome is Outcome.NEW for each in told)
        if told and len(told) >= FULL * enrolled:
            _keep(uow, files, told, as_of)


def _keep(uow: UnitOfWork, files: Sequence[SourceFile], told: Sequence[PlannedRow], as_of: date) -> None:
    digests = sorted(each.digest for each in files)
    digest = digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    if uow.scalar("SELECT 1 FROM roster WHERE kind = ? AND digest = ?", (SCHOOL, digest)):
        return
    writer = RosterWriter(uow, RegisterPerson)
    people = []
    for each in told:
        place = each.record.place
        people.append(
            register_row(each.record.values, (place.file, place.sheet, place.row or 0), each.record_id)
        )
    writer.add(people)
    writer.finish(
        kind=SCHOOL,
        office=OFFICE,
        file=files[0].name if len(files) == 1 else f"{files[0].name} 等 {len(files)} 个文件",
        digest=digest,
        as_of=as_of,
        counties="",
        problems=[],
        received_at=now(),
    )
