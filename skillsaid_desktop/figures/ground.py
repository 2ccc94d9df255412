"""What figures are computed from: the stretches of all who were ever targets, loaded once for a month."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from skillsaid_desktop.domain.months import MonthRule
from skillsaid_desktop.domain.status import ATTENDING, ENTRY, OPENING_MARK, Event, walk
from skillsaid_desktop.figures.figure import Dated

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading

_DAY = timedelta(days=1)


class Stretch(NamedTuple):
    """A row of student_span: what held from one day to another, both included."""

    student_id: int
    from_on: date
    to_on: date
    state: str
    is_enrolled: bool
    is_target: bool
    is_paired_county: bool
    level: str | None
    opened_by: str

    @property
    def counts(self) -> bool:
        """Say whether this is a stretch as 在籍帮扶对象."""
        return self.is_enrolled and self.is_target


class Note(NamedTuple):
    """A student's latest note of a month."""

    on: date
    difficulty: str
    has_measure: bool


class Change(NamedTuple):
    """A change that happened in the span looked at: who, what, when, why."""

    student_id: int
    kind: str
    on: date
    reason: str
    applicant_kind: str


class Ground:
    """The stretches and changes from `since` on, of everybody who was ever a target.

    `since` is the first day that any flow is asked about; stocks can be asked of the day before it, too.
    """

    def __init__(self, reading: "Reading", since: date) -> None:
        self.reading = reading
        self.since = since
        self.rule = MonthRule(reading.settings.cutoff_day)
        self.cut: tuple[str, date] | None = None
        self.moves: dict[tuple[date, date], list[tuple[str, Dated]]] = {}
        self._on: dict[date, list[Stretch]] = {}
        self._paired: dict[date, list[tuple[str, int]]] = {}
        self._notes: dict[str, dict[int, Note]] = {}

    @cached_property
    def stretches(self) -> dict[int, list[Stretch]]:
        """The stretches by student, in order; the one before `since` is among them."""
        found: dict[int, list[Stretch]] = defaultdict(list)
        day = date.fromisoformat
        for row in self.reading.rows(
            "SELECT student_id, from_on, to_on, state, is_enrolled, is_target, is_paired_county, level, opened_by "
            "FROM student_span WHERE to_on >= date(:since, '-1 day') AND student_id IN "
            "(SELECT student_id FROM student_span WHERE is_target = 1) ORDER BY student_id, from_on",
            {"since": self.since.isoformat()},
        ):
            found[row[0]].append(
                Stretch(
                    row[0],
                    day(row[1]),
                    day(row[2]),
                    row[3],
                    bool(row[4]),
                    bool(row[5]),
                    bool(row[6]),
                    *row[7:],
                )
            )
        return found

    @staticmethod
    def first_day(reading: "Reading", month: str) -> date:
        """Return the first day of a month of this ledger."""
        return MonthRule(reading.settings.cutoff_day).period(month).from_on

    def last_day(self, month: str) -> date:
        """Return the last day that a month counts: its end, or the day of an early closing."""
        if self.cut is not None and self.cut[0] == month:
            return self.cut[1]
        return self.rule.period(month).to_on

    def gone_at_opening(self, day: date) -> list[Stretch]:
        """Return the stretches of those who counted on `day` and had left the day after by a 期初 change."""
        after = ((self.stretch_on(one.student_id, day + _DAY), one) for one in self.enrolled_targets(day))
        return [
            before
            for now, before in after
            if now is not None
            and now.from_on == day + _DAY
            and not now.counts
            and OPENING_MARK in now.opened_by
        ]

    def stretch_on(self, student_id: int, day: date) -> Stretch | None:
        """Return what held for a student on a day, None before his entry or for somebody who was never a target."""
        stretches = self.stretches.get(student_id, [])
        found = bisect_right(stretches, day, key=lambda one: one.from_on) - 1
        return stretches[found] if found >= 0 and stretches[found].to_on >= day else None

    def enrolled_targets(self, day: date) -> list[Stretch]:
        """Return the stretch of each 在籍帮扶对象 at the end of a day: the one that figures of the day look at."""
        if day not in self._on:
            found = (self.stretch_on(student_id, day) for student_id in self.stretches)
            self._on[day] = [one for one in found if one is not None and one.counts]
        return self._on[day]

    def look_at(self, days: Sequence[date]) -> None:
        """Prepare `enrolled_targets` of many days, in order, in one pass over the stretches."""
        lists: list[list[Stretch]] = [[] for _ in days]
        for stretches in self.stretches.values():
            for one in stretches:
                if one.is_enrolled and one.is_target:
                    for at in range(bisect_left(days, one.from_on), bisect_right(days, one.to_on)):
                        lists[at].append(one)
        self._on.update(zip(days, lists, strict=True))

    def attending_targets(self, day: date) -> list[int]:
        """Return the 在校帮扶对象 at the end of a day."""
        return [one.student_id for one in self.enrolled_targets(day) if one.state in ATTENDING]

    def paired(self, day: date) -> list[tuple[str, int]]:
        """Return leader and student of each pairing that holds on a day, the student being a 在籍帮扶对象."""
        if day not in self._paired:
            here = {one.student_id for one in self.enrolled_targets(day)}
            self._paired[day] = [
                (leader, student_id)
                for leader, student_id in self.reading.rows(
                    "SELECT DISTINCT leader, student_id FROM pairing"
                    " WHERE paired_on <= :day AND (ended_on IS NULL OR ended_on >= :day) ORDER BY leader, student_id",
                    {"day": day.isoformat()},
                )
                if student_id in here
            ]
        return self._paired[day]

    def latest_notes(self, month: str) -> dict[int, Note]:
        """Return the month's latest note of each student who is to be monitored in it.

        Latest by 监测日期, then by entry; `has_measure` looks at all his notes of the month.
        """
        if month not in self._notes:
            self._notes[month] = self._read_notes(month)
        return self._notes[month]

    def _read_notes(self, month: str) -> dict[int, Note]:
        due = set(self.attending_targets(self.last_day(month)))
        found: dict[int, Note] = {}
        for student_id, on, difficulty, measures in self.reading.rows(
            "SELECT n.student_id, n.noted_on, n.difficulty, "
            "(SELECT count(*) FROM help_measure m WHERE m.note_id = n.id) "
            "FROM monitoring_note n WHERE n.month = ? ORDER BY n.noted_on, n.id",
            (month,),
        ):
            if student_id in due:
                before = found.get(student_id)
                has_measure = bool(measures) or (before is not None and before.has_measure)
                found[student_id] = Note(date.fromisoformat(on), difficulty, has_measure)
        return found

    @cached_property
    def changes(self) -> list[Change]:
        """The changes from `since` on that took effect, without 期初 ones, in order of their days.

        Only of those who were ever a target; one that a roster implied and a dated change replaced is left out.
        """
        events: dict[int, list[Event]] = defaultdict(list)
        about: dict[int, tuple[str, str]] = {}
        day = date.fromisoformat
        for row in self.reading.rows(
            "SELECT c.student_id, c.kind, c.changed_on, c.class_id, c.major, c.level, c.is_opening, c.is_inferred, "
            "c.roster_before_on, c.roster_on, c.id, c.reason, s.applicant_kind FROM status_change c "
            "JOIN student s ON s.id = c.student_id WHERE c.student_id IN "
            "(SELECT student_id FROM student_span WHERE is_target = 1) AND c.student_id IN "
            "(SELECT student_id FROM status_change WHERE changed_on >= ?)",
            (self.since.isoformat(),),
        ):
            before, roster = row[8] and day(row[8]), row[9] and day(row[9])
            flags = bool(row[6]), bool(row[7])
            events[row[0]].append(
                Event(row[1], day(row[2]), row[3], row[4], row[5], *flags, before, roster, row[10])
            )
            about[row[10]] = (row[11] or "", row[12] or "")
        found = [
            Change(student_id, event.kind, event.on, *about[event.id])
            for student_id, rows in events.items()
            for event, _ in walk(rows)
            if event.on >= self.since and not event.is_opening and event.id is not None
        ]
        return sorted(found, key=lambda one: (one.on, one.student_id))

    @cached_property
    def entries(self) -> list[tuple[Change, Stretch]]:
        """The entries among the changes of those who were targets on that day, with what held then."""
        entered = (
            (one, self.stretch_on(one.student_id, one.on)) for one in self.changes if one.kind in ENTRY
        )
        return [(one, stretch) for one, stretch in entered if stretch is not None and stretch.is_target]
