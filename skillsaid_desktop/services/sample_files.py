"""The sample school's proofs: most students have some, and a folder of scans lies beside it to be sorted by hand."""

from datetime import timedelta
from pathlib import Path

from skillsaid_desktop import clock
from skillsaid_desktop.documents import Document, Paragraph
from skillsaid_desktop.domain.months import Period
from skillsaid_desktop.domain.proofs import PROOFS
from skillsaid_desktop.ledgers import PROOFS_LEDGER
from skillsaid_desktop.ledgers.listing import ListQuery, fetch_rows, list_ids
from skillsaid_desktop.services.export import preview_document
from skillsaid_desktop.services.file_types import PDF
from skillsaid_desktop.services.files import NewFile, add_one
from skillsaid_desktop.storage.ledger_file import LedgerFile

_OF_TEN = (9, 8, 6, 7, 6)
"""Of ten students, how many have each proof."""
_LOOSE = 6


def bring_files(ledger_file: LedgerFile, folder: Path, period: Period) -> None:
    """Store proofs in one step in the last days of the month in hand, and write a folder of scans into `folder`."""
    papers = {kind: _paper(kind) for kind in PROOFS}
    with clock.pretending(period.to_on - timedelta(days=1)):
        with ledger_file.reading() as reading:
            day = clock.today()
            ids = list_ids(reading, PROOFS_LEDGER, ListQuery(as_of=day))
            rows = fetch_rows(reading, PROOFS_LEDGER, ids, day)
        loose = rows[-_LOOSE:]
        with ledger_file.operation("归入材料", source="批量归入") as uow:
            number = 0
            people = set()
            for at, row in enumerate(rows[:-_LOOSE]):
                for nth, kind in enumerate(PROOFS):
                    if (at * 7 + nth * 3) % 10 < _OF_TEN[nth]:
                        file = NewFile(f"{row['name']}{kind}（示例）.pdf", papers[kind], PDF.mime, kind)
                        number += add_one(uow, "student", row["id"], file) is not None
                        people.add(row["id"])
            uow.rename(f"归入材料 {len(people)} 人 {number} 份")
    scans = folder / "扫描件（示例）"
    scans.mkdir(exist_ok=True)
    for row in loose:
        for kind in PROOFS[:2]:
            (scans / f"{row['name']} {kind}.pdf").write_bytes(papers[kind])
    (scans / "扫描0001.pdf").write_bytes(papers[PROOFS[3]])


def _paper(kind: str) -> bytes:
    words = "示例数据，不是真实材料。真的材料是证件的照片或扫描件。"
    title = f"{kind}（示例）"
    return preview_document(Document(title=title, file_name=title, blocks=[Paragraph(text=words)])).content
