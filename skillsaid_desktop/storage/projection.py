"""The computed table `student_span`: rebuilt from events in the operation that changed them, never typed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from skillsaid_desktop.domain.spans import Days, Hardship, build_spans, paired_days
from skillsaid_desktop.domain.status import Event
from skillsaid_desktop.storage.unit_of_work import UnitOfWork, id_conditions

_Row = tuple[Any, ...]
_COLUMNS = (
    "student_id", "from_on", "to_on", "state", "is_enrolled", "is_target", "is_paired_county", "class_id", "class_name",
    "grade", "major", "level", "category", "opened_by", "movement",
)  # fmt: skip
_EVENTS = (
    "SELECT student_id, kind, changed_on, class_id, major, level, is_opening, is_inferred,"
    " roster_before_on, roster_on, id FROM status_change"
)
_HARDSHIPS = "SELECT student_id, category, from_on, to_on, risk_cleared_on FROM hardship_status"
_STUDENTS = "SELECT id, home_county, is_paired_county FROM student"


def refresh_spans(uow: UnitOfWork, student_ids: Iterable[int] | None = None) -> None:
    """Rebuild the spans of these students (None: of all) from their events, categories and counties."""
    ids = None if student_ids is None else sorted(set(student_ids))
    if ids is not None and not ids:
        return
    policy, counties = uow.policy, uow.settings.paired_counties
    classes = {row[0]: (row[1], row[2]) for row in uow.rows("SELECT id, name, grade FROM school_class")}
    classes[None] = (None, None)
    events: defaultdict[int, list[_Row]] = defaultdict(list)
    for row in _rows_of(uow, _EVENTS, "student_id", ids):
        events[row[0]].append(row)
    hardships: defaultdict[int, list[_Row]] = defaultdict(list)
    for row in _rows_of(uow, _HARDSHIPS, "student_id", ids):
        hardships[row[0]].append(row[1:])
    day, texts = _Days(), _Texts()
    paired: dict[_Row, tuple[Days, ...]] = {}
    alike: dict[Any, list[_Row]] = {}
    rows: list[_Row] = []
    for student_id, county, typed in _rows_of(uow, _STUDENTS, "id", ids):
        own = events.get(student_id)
        if not own:
            continue
        categories = hardships.get(student_id, ())
        # A class that entered together has but a few different histories: each is laid out once.
        key = (own[0][1:-1], *categories, county, typed) if len(own) == 1 else None
        told = alike.get(key) if key else None
        if told is None:
            days = paired.get((county, typed))
            if days is None:
                days = paired_days(county, None if typed is None else bool(typed), counties)
                paired[county, typed] = days
            spans = build_spans(
                [_event(row, day) for row in own],
                [Hardship(category, *map(day.__getitem__, on)) for category, *on in categories],
                policy,
                days,
            )
            told = [
                (texts[span.from_on], texts[span.to_on], *span[2:7], *classes[span.class_id], *span[7:])
                for span in spans
            ]
            if key:
                alike[key] = told
        rows += [(student_id, *stretch) for stretch in told]
    _delete(uow, ids)
    if rows:
        uow.insert_values("student_span", _COLUMNS, rows)


def _event(row: _Row, day: "_Days") -> Event:
    _, kind, on, class_id, major, level, opening, inferred, before, roster, row_id = row
    return Event(kind, day[on], class_id, major, level, opening, inferred, day[before], day[roster], row_id)


def _rows_of(uow: UnitOfWork, sql: str, column: str, ids: Sequence[int] | None) -> list[_Row]:
    if ids is None:
        return uow.rows(sql)
    found: list[_Row] = []
    for chosen in id_conditions(ids):
        found += uow.rows(f"{sql} WHERE {column} {chosen}")
    return found


def _delete(uow: UnitOfWork, ids: Sequence[int] | None) -> None:
    if ids is None:
        uow.execute("DELETE FROM student_span")
        return
    for chosen in id_conditions(ids):
        uow.execute(f"DELETE FROM student_span WHERE student_id {chosen}")


class _Days(dict[str | None, Any]):
    """Days by their ISO text; each is read once, None stays None."""

    def __missing__(self, text: str | None) -> date | None:
        value = self[text] = None if text is None else date.fromisoformat(text)
        return value


class _Texts(dict[date, str]):
    """ISO texts by day; each is written once."""

    def __missing__(self, day: date) -> str:
        text = self[day] = day.isoformat()
        return text
