"""材料: the files that records carry, and their contents, each kept once (DOMAIN section 5)."""

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from skillsaid_desktop.domain.entities.base import Entity, Snapshot


class Attachment(Entity, kw_only=True):
    """A file at a record, or the word that only its paper is kept (`digest` None).

    The content is named by its SHA-256 and lies in `StoredFile`: the journal keeps this row, not the content.
    """

    __tablename__ = "attachment"
    __table_args__ = (Index(None, "entity", "record_id"), {"sqlite_autoincrement": True})  # type: ignore[assignment]
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    entity: Mapped[str]  # the table of the record
    record_id: Mapped[int]
    kind: Mapped[str]  # of domain.proofs.KINDS
    name: Mapped[str]  # of the file as it was added
    digest: Mapped[str | None] = mapped_column(default=None, index=True)
    size: Mapped[int] = mapped_column(default=0)  # bytes
    added_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(default=None)
    source: Mapped[str | None] = mapped_column(default=None)  # the sheet that told of the paper


class StoredFile(Snapshot, kw_only=True):
    """The content of files, once for each SHA-256; it stays while a row or a step that can be undone names it."""

    __tablename__ = "stored_file"
    digest: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    mime: Mapped[str]
    content: Mapped[bytes]
