"""What imports leave behind: files, rows that wait, open questions, remembered layouts, sheets sent out."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from skillsaid_desktop.domain.entities.base import Entity


class PendingRow(Entity, kw_only=True):
    """待处理: an imported row that waits for an answer or was refused, with the place it came from."""

    __tablename__ = "pending_row"
    __table_args__ = (  # type: ignore[assignment]
        UniqueConstraint("file_digest", "sheet", "row", "ledger"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    ledger: Mapped[str]  # name of the ledger, e.g. "students"
    file: Mapped[str]
    file_digest: Mapped[str]
    sheet: Mapped[str]
    row: Mapped[int]
    outcome: Mapped[str]  # waiting, invalid
    who: Mapped[str] = mapped_column(default="")
    cells: Mapped[object] = mapped_column(JSON)  # field name -> text as it stood
    issues: Mapped[object] = mapped_column(JSON)  # list of {severity, code, column, message}
    received_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None] = mapped_column(default=None)
    resolution: Mapped[str | None] = mapped_column(default=None)  # stored, dropped


class OpenQuestion(Entity, kw_only=True):
    """A ◐ of an import whose row was stored: it stays on the desk until it is answered."""

    __tablename__ = "open_question"
    __table_args__ = (  # type: ignore[assignment]
        UniqueConstraint("entity", "record_id", "code", "message"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    code: Mapped[str]
    message: Mapped[str]
    entity: Mapped[str]
    record_id: Mapped[int]
    file: Mapped[str] = mapped_column(default="")
    sheet: Mapped[str] = mapped_column(default="")
    row: Mapped[int | None] = mapped_column(default=None)
    asked_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)


class ImportedFile(Entity, kw_only=True):
    """A file that was imported: its hash kept with the operation, and its as-of day if it was a roster."""

    __tablename__ = "imported_file"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    ledger: Mapped[str]
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(index=True)  # SHA-256
    as_of: Mapped[date | None] = mapped_column(default=None)
    rows: Mapped[int] = mapped_column(default=0)
    imported_at: Mapped[datetime]


class ColumnLayout(Entity, kw_only=True):
    """Which heading means which column in files of one layout, as the user confirmed it; used silently next time."""

    __tablename__ = "column_layout"
    __table_args__ = (UniqueConstraint("ledger", "fingerprint"), {"sqlite_autoincrement": True})  # type: ignore[assignment]
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    ledger: Mapped[str]
    fingerprint: Mapped[str]  # SHA-256 over the folded headings in their order
    columns: Mapped[object] = mapped_column(
        JSON
    )  # heading -> field name, "" ignored, "+" kept as an extra column
    remembered_at: Mapped[datetime]


class ExtraFact(Entity, kw_only=True):
    """A cell of a column that no ledger knows and the user chose to keep, with the record it stood beside."""

    __tablename__ = "extra_fact"
    __table_args__ = (  # type: ignore[assignment]
        UniqueConstraint("entity", "record_id", "title"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    entity: Mapped[str]
    record_id: Mapped[int]
    title: Mapped[str]
    value: Mapped[str]
    source: Mapped[str | None] = mapped_column(default=None)


class SentSheet(Entity, kw_only=True):
    """A prefilled sheet that was handed to a class teacher, and whether it came back."""

    __tablename__ = "sent_sheet"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    key: Mapped[str] = mapped_column(unique=True)  # stands hidden in the sheet
    purpose: Mapped[str]  # monitoring, facts, proofs
    month: Mapped[str | None] = mapped_column(default=None)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    file: Mapped[str]
    student_ids: Mapped[object] = mapped_column(JSON)  # in the order of the rows
    sent_at: Mapped[datetime]
    returned_at: Mapped[datetime | None] = mapped_column(default=None)
    returned_file: Mapped[str | None] = mapped_column(default=None)
