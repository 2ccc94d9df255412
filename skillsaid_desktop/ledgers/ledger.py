"""What a ledger is: columns, one listing, and the one writer of its rows.

A new ledger is one file that declares a `Ledger` and one line in `LEDGERS`; table, filter, search, form,
paste, import, template and export follow from it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from skillsaid_desktop.schema import Field, Issue, Severity
from skillsaid_desktop.schema.record import Record

if TYPE_CHECKING:
    from skillsaid_desktop.storage.unit_of_work import Reading, UnitOfWork


class Outcome(StrEnum):
    """How a row ends (PRODUCT, "How an imported row ends")."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WAITING = "waiting"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that a row would change, as texts; `effect` says what storing it does, in words."""

    field: str
    title: str
    before: str
    after: str
    effect: str = ""


@dataclass(slots=True, kw_only=True)
class PlannedRow:
    """A row with what storing it would do; `writes` is for the ledger's own `store`, which fills `record_id`."""

    record: Record
    outcome: Outcome
    record_id: int | None = None
    differences: tuple[Difference, ...] = ()
    who: str = ""
    issues: list[Issue] = field(default_factory=list)
    writes: Any = None

    @property
    def is_stored(self) -> bool:
        """Say whether storing this row writes anything."""
        return self.outcome is Outcome.NEW or self.outcome is Outcome.CHANGED


@dataclass(frozen=True, kw_only=True)
class SheetFacts:
    """What the lines around a table say about all its rows; `other_months` are those that disagree with `month`."""

    month: str | None = None
    other_months: tuple[str, ...] = ()
    class_name: str | None = None
    noted_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class IntakeContext:
    """Where rows come from and what the user has decided about them.

    `as_of` is the day a roster speaks of; `correction` the reason for touching a closed month; `accepted`
    the (sheet, row) pairs whose question the user has answered with yes; `mended` those that waited in 待处理
    and come back corrected. In a form, a blank erases and `record_id` is the row being edited.
    """

    as_of: date
    source: str = ""
    digest: str = ""
    correction: str = ""
    sheets: Mapping[str, SheetFacts] = field(default_factory=dict)
    accepted: frozenset[tuple[str, int]] = frozenset()
    mended: frozenset[tuple[str, int]] = frozenset()
    is_form: bool = False
    record_id: int | None = None

    def facts(self, record: Record) -> SheetFacts:
        """Return what is known about the sheet of a row."""
        return self.sheets.get(record.place.sheet, _NO_FACTS)

    def is_accepted(self, record: Record) -> bool:
        """Say whether the user has answered this row's question with yes."""
        return bool(self.accepted) and (record.place.sheet, record.place.row or 0) in self.accepted

    def is_mended(self, record: Record) -> bool:
        """Say whether this row waited in 待处理 and comes back corrected."""
        return bool(self.mended) and (record.place.sheet, record.place.row or 0) in self.mended

    def origin(self, record: Record) -> str:
        """Return where a row came from, as kept with what it wrote; "" for a form."""
        place = record.place
        source = self.source or place.file
        if not source:
            return ""
        sent = f"（表号 {record.sent_key}）" if record.sent_key else ""
        return f"{source} {place.sheet} 第 {place.row} 行{sent}" if place.row else source


_NO_FACTS = SheetFacts()

Plan = Callable[["Reading", Sequence[Record], IntakeContext], list[PlannedRow]]
Store = Callable[["UnitOfWork", Sequence[PlannedRow], IntakeContext], None]


class Through(NamedTuple):
    """Another table (or a query in brackets) whose rows lead to those of a ledger: its `key` is the ledger's `by`."""

    table: str
    key: str
    by: str


@dataclass(frozen=True)
class Searched:
    """A column that the search box looks in: anywhere, from the start of a reading, or at the tail of a number.

    `through` names the table that has the column, if that is another one: a record is found by its student.
    """

    column: str
    how: Literal["anywhere", "reading", "initials", "tail"] = "anywhere"
    through: Through | None = None


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """A list that the school keeps.

    `select` gives one row a record: `id`, one column for each field, and the columns that searching and sorting
    need; it takes the parameter `:as_of`. `fields` are shown; `extra_fields` are accepted on import only.
    `search` is what the page's search looks in, `found_by` what the search over all ledgers looks in besides.
    `sort_by` names the column that a field is sorted by where that is another, `several` the fields that hold
    more than one value joined by 、. `here` names the column that says whether a row is of this day (在籍); the page
    shows the others only when asked for. `summed` are the fields with a total under the table. `row_unit` counts
    the rows of a file where one is no whole record. `is_view` says that its rows are the records of another ledger
    shown once more (材料 shows students): they are found, named and deleted there.
    """

    name: str
    title: str
    entity: str
    fields: tuple[Field, ...]
    select: str
    default_sort: tuple[tuple[str, bool], ...]
    plan: Plan
    store: Store
    search: tuple[Searched, ...] = ()
    found_by: tuple[Searched, ...] = ()
    extra_fields: tuple[Field, ...] = ()
    sort_by: Mapping[str, str] = field(default_factory=dict)
    several: frozenset[str] = frozenset()
    here: str = ""
    summed: tuple[str, ...] = ()
    list_name: str = ""
    unit: str = "条"
    row_unit: str = ""
    is_view: bool = False

    @property
    def importable(self) -> tuple[Field, ...]:
        """Return the columns that a file of this kind may carry."""
        return tuple(each for each in self.fields if each.typed) + self.extra_fields

    @property
    def counted(self) -> str:
        """Return what the rows of a file are counted in."""
        return self.row_unit or self.unit

    def column(self, name: str) -> Field:
        """Return the field of this name."""
        return next(each for each in (*self.fields, *self.extra_fields) if each.name == name)


def issue_at(
    record: Record, severity: Severity, code: str, message: str, *, column: str = "", waits: bool = False
) -> Issue:
    """Return an issue about a row, with the place the row came from."""
    place = record.place
    return Issue(
        severity=severity, code=code, message=message, file=place.file, sheet=place.sheet, row=place.row,
        column=column, waits=waits,
    )  # fmt: skip


def outcome_of(issues: Sequence[Issue], otherwise: Outcome) -> Outcome:
    """Return how a row ends whose issues are these: refused, waiting, or `otherwise`."""
    if not issues:
        return otherwise
    if any(issue.severity is Severity.BLOCK for issue in issues):
        return Outcome.INVALID
    if any(issue.waits for issue in issues):
        return Outcome.WAITING
    return otherwise
