"""Reporting months, what was frozen in them, and what was explained."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from skillsaid_desktop.domain.entities.base import Entity


class ReportingMonth(Entity, kw_only=True):
    """统计月: open (登记中) → closed (已封账) → submitted (已报送); may be reopened with a reason (重新打开)."""

    __tablename__ = "reporting_month"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    month: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="open")  # open, closed, submitted, reopened
    from_on: Mapped[date]
    to_on: Mapped[date]
    counted_to: Mapped[date | None] = mapped_column(
        default=None
    )  # 统计截止日: the real day of closing, at most to_on
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    digest: Mapped[str | None] = mapped_column(default=None)  # SHA-256 over figures and people
    reopened_reason: Mapped[str | None] = mapped_column(default=None)


class FrozenFigure(Entity, kw_only=True):
    """A figure as it stood at closing. Amounts in 分, ratios as real numbers, unknown is None."""

    __tablename__ = "frozen_figure"
    __table_args__ = (UniqueConstraint("month_id", "code"), {"sqlite_autoincrement": True})  # type: ignore[assignment]
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    month_id: Mapped[int] = mapped_column(ForeignKey("reporting_month.id"), index=True)
    code: Mapped[str]
    name: Mapped[str]
    period: Mapped[float | None] = mapped_column(default=None)
    year: Mapped[float | None] = mapped_column(default=None)
    since_start: Mapped[float | None] = mapped_column(default=None)
    records: Mapped[int | None] = mapped_column(default=None)


class FrozenPerson(Entity, kw_only=True):
    """Somebody behind a frozen figure, in the words of that day. Repeats are allowed where acts are counted."""

    __tablename__ = "frozen_person"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    figure_id: Mapped[int] = mapped_column(ForeignKey("frozen_figure.id"), index=True)
    student_id: Mapped[int | None] = mapped_column(
        default=None
    )  # no foreign key: the person may be removed later
    document_number: Mapped[str | None] = mapped_column(default=None)
    name: Mapped[str]
    class_name: Mapped[str | None] = mapped_column(default=None)
    note: Mapped[str | None] = mapped_column(default=None)


class CheckExplanation(Entity, kw_only=True):
    """The explanation of a ◐ check: by code and by what it is about; kept with the month."""

    __tablename__ = "check_explanation"
    __table_args__ = (UniqueConstraint("month", "code", "subject"), {"sqlite_autoincrement": True})  # type: ignore[assignment]
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    month: Mapped[str]
    code: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")  # "" explains the whole group
    reason: Mapped[str]
    explained_by: Mapped[str] = mapped_column(default="")
    explained_at: Mapped[datetime]


class OpeningFigure(Entity, kw_only=True):
    """期初累计 of a flow figure: the year before the first ledger month, and 启动以来 before it; typed once."""

    __tablename__ = "opening_figure"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    code: Mapped[str] = mapped_column(unique=True)
    year: Mapped[int | None] = mapped_column(default=None)
    since_start: Mapped[int | None] = mapped_column(default=None)
    source: Mapped[str | None] = mapped_column(default=None)
