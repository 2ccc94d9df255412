"""All figures of a month: 本期, 本年累计, 启动以来, and the people (DOMAIN section 3, Time).

A closed month gives what was frozen, its sums included, whatever is entered later. The sums of an open month:

- Figures that add months up (block C, acts, amounts) take the closed months as they were reported, so that each report
  is the one before plus this month. What came late to block C is in CX of the next month; a late act is in the drift
  list of its month.
- Figures that count different people in the span (E, T2, T4, T5) count those whom the ledger knows today, also in its
  closed months. CX brings a late person into the stock for good, so the total of the year must have him, too: who was
  entered late is in it from the next open month on, and whom a correction took away is out of it, because an inspector
  looks for every one of the number. Both are named in the drift list of the closed month, with the reason. So such a
  total may be less than the one reported before.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from skillsaid_desktop.collector import without_collecting
from skillsaid_desktop.domain.months import add_months, months_between
from skillsaid_desktop.figures import FIGURES
from skillsaid_desktop.figures.figure import Dated, Figure, FigureResult, PersonRef, Unit
from skillsaid_desktop.figures.frozen import closed_months, frozen_people, frozen_results, reported_codes
from skillsaid_desktop.figures.ground import Ground

if TYPE_CHECKING:
    from skillsaid_desktop.storage import Reading


class Opening(NamedTuple):
    """期初累计 of a flow figure, as typed: of the year before the first ledger month, and since the start."""

    year: int
    since_start: int


def compute_figures(
    reading: "Reading",
    month: str,
    live: bool = False,
    *,
    through: date | None = None,
    with_sums: bool = True,
) -> dict[str, FigureResult]:
    """Return every figure of a month by code, in the order of FIGURES; `live` computes a closed month anew.

    `through` ends the month early, as a closing before its last day does: what is dated later goes to CX of the next.
    Without sums only 本期 and its people are computed, and the months before need not be looked at.
    """
    if not live:
        frozen = frozen_results(reading, month)
        if frozen is not None:
            return frozen
    with without_collecting():
        return _Month(reading, month, through, with_sums).results()


class _Month:
    """One month being computed."""

    def __init__(self, reading: "Reading", month: str, through: date | None, with_sums: bool) -> None:
        self.reading = reading
        self.month = month
        self.with_sums = with_sums
        first = min(reading.settings.first_month or month, month)
        self.months = months_between(first, month)
        if not with_sums:
            self.months = self.months[-2:]  # the bridge begins with the list of the month before
        closed = closed_months(reading)
        self.closed = [one for one in self.months[:-1] if one in closed]
        open_months = [one for one in self.months if one not in closed or one == month]
        self.ground = Ground(reading, Ground.first_day(reading, self.months[0]))
        period = self.ground.rule.period(month)
        if through is not None and through < period.to_on:
            self.ground.cut = (month, through)
        self.last_on = self.ground.last_day(month)
        summed = [figure.code for figure in FIGURES if figure.sums_months or figure.opening_stock]
        self.frozen = frozen_people(reading, self.closed, ["S1", *summed])
        self.reported = reported_codes(reading, self.closed)
        self.by_month = self._flows(open_months)
        self.opening = _openings(reading)

    def results(self) -> dict[str, FigureResult]:
        """Return all figures."""
        people = _People(self.reading, self.last_on)
        found: dict[str, FigureResult] = {}
        for figure in FIGURES:
            if figure.share is not None:
                found[figure.code] = _share(figure, *(found[code] for code in figure.share))
            elif figure.standing is not None:
                standing = figure.standing(self.ground, self.last_on)
                count = len(standing)
                found[figure.code] = FigureResult(
                    code=figure.code, name=figure.name, period=count, year=count, since_start=count,
                    people=people.of((one, "") for one in standing),
                )  # fmt: skip
            elif figure.named is not None:
                named = figure.named(self.ground, self.last_on)
                count = len(named)
                found[figure.code] = FigureResult(
                    code=figure.code, name=figure.name, period=count, year=count, since_start=count,
                    people=tuple(PersonRef(0, "", name, note=note) for name, note in named),
                )  # fmt: skip
            else:
                found[figure.code] = self._flow(figure, people)
        return found

    def _flow(self, figure: Figure, people: "_People") -> FigureResult:
        here = self.by_month[figure.code][self.month]
        year, since_start = self._sums(figure) if self.with_sums else (None, None)
        return FigureResult(
            code=figure.code,
            name=figure.name,
            period=len(here),
            year=year,
            since_start=since_start,
            people=people.of((one.student_id, one.note) for one in here),
            records=len(here) if figure.unit is Unit.ACTS else None,
        )

    def _sums(self, figure: Figure) -> tuple[int, int]:
        """Return 本年累计 and 启动以来."""
        year_months = [one for one in self.months if one[:4] == self.month[:4]]
        if figure.opening_stock:
            return self._stock_before(year_months[0]), self._stock_before(self.months[0])
        opening = self.opening.get(figure.code, Opening(0, 0))
        this_year = opening.year if self.months[0][:4] == self.month[:4] else 0
        return (
            self._span(figure, year_months) + this_year,
            self._span(figure, self.months) + opening.since_start,
        )

    def _stock_before(self, month: str) -> int:
        if month in self.closed:
            return len(self.frozen[month]["C0"])
        return len(self.by_month["C0"][month])

    def _span(self, figure: Figure, months: Iterable[str]) -> int:
        """Return the sum of some months, closed ones as reported, or the number of different people in them."""
        lists = self.by_month[figure.code]
        if not figure.sums_months:
            return len({person.student_id for one in months for person in lists[one]})
        return sum(
            len(self.frozen[one].get(figure.code, []) if figure.code in self.reported[one] else lists[one])
            for one in months
        )

    def _flows(self, months: list[str]) -> dict[str, dict[str, list[Dated]]]:
        """Return who counts in each flow in each of these open months; of figures that count people, in all months."""
        found: dict[str, dict[str, list[Dated]]] = defaultdict(lambda: {month: [] for month in self.months})
        ends = {self.ground.rule.period(month).to_on for month in (add_months(months[0], -1), *self.months)}
        self.ground.look_at(sorted({*ends, self.last_on}))
        # Between open months nothing is corrected: only where a closed one goes before, or a sum begins.
        begins = {self.month, self.months[0], next(one for one in self.months if one[:4] == self.month[:4])}
        for month in months:
            if month not in begins and add_months(month, -1) not in self.frozen:
                continue
            found["C0"][month], found["CX+"][month], found["CX-"][month] = self._carried_over(month)
        last_on = self.ground.last_day(months[-1])
        month_of: dict[date, str] = {}  # acts are many, their days few
        for figure in FIGURES:
            lists = found[figure.code]
            looked_at = self.months
            if figure.sums_months:
                # A closed month counts as it was reported, if it was: an older program did not know every figure.
                looked_at = [
                    one for one in self.months if one in months or figure.code not in self.reported[one]
                ]
            if figure.noted is not None:
                for month in looked_at:
                    lists[month] = figure.noted(self.ground, month)
            elif figure.dated is not None:
                first_on = self.ground.rule.period(looked_at[0]).from_on
                for one in figure.dated(self.ground, first_on, last_on):
                    month = month_of.get(one.on) or month_of.setdefault(
                        one.on, self.ground.rule.month_of(one.on)
                    )
                    if month in lists:
                        lists[month].append(one)
                if figure.unit is not Unit.ACTS:
                    for month in looked_at:
                        lists[month] = list({one.student_id: one for one in lists[month]}.values())
        return found

    def _carried_over(self, month: str) -> tuple[list[Dated], list[Dated], list[Dated]]:
        """Return C0, CX+ and CX− of a month: the list of the month before as reported, and what has moved in it."""
        day = self.ground.rule.period(add_months(month, -1)).to_on
        now = {one.student_id for one in self.ground.enrolled_targets(day)}
        before = add_months(month, -1)
        if month == self.reading.settings.first_month:
            # Who had left when the ledger began is 期初: in no flow, so not in the list that flows go on from.
            now -= {one.student_id for one in self.ground.gone_at_opening(day)}
        reported = set(self.frozen[before]["S1"]) if before in self.frozen else now
        return (
            [Dated(one, day) for one in sorted(reported)],
            [Dated(one, day, "更正增加") for one in sorted(now - reported)],
            [Dated(one, day, "更正减少") for one in sorted(reported - now)],
        )


def _share(figure: Figure, part: FigureResult, whole: FigureResult) -> FigureResult:
    ratio = part.period / whole.period if part.period is not None and whole.period else None
    return FigureResult(
        code=figure.code, name=figure.name, period=ratio, year=None, since_start=None, people=part.people
    )


def _openings(reading: "Reading") -> dict[str, Opening]:
    return {
        code: Opening(year or 0, since_start or 0)
        for code, year, since_start in reading.rows("SELECT code, year, since_start FROM opening_figure")
    }


class _People:
    """Names, numbers and classes on a day, read once; also of those who only a frozen list still names."""

    _FACTS = (
        "SELECT s.id, s.document_number, s.name, s.name_sort, p.class_name FROM student s "
        "LEFT JOIN student_span p ON p.student_id = s.id AND p.from_on <= :day AND p.to_on >= :day "
    )
    _FROZEN = (
        "SELECT student_id, document_number, name, name, class_name FROM frozen_person "
        "WHERE student_id = :id ORDER BY id DESC LIMIT 1"
    )

    def __init__(self, reading: "Reading", day: date) -> None:
        self.reading = reading
        self.day = day.isoformat()
        self._known: dict[int, PersonRef] = {}
        self._order: dict[int, tuple[str, str, int]] = {}
        self._read(
            self._FACTS + "WHERE s.id IN (SELECT student_id FROM student_span WHERE is_target = 1)",
            {"day": self.day},
        )

    def _read(self, sql: str, params: dict[str, object]) -> None:
        for student_id, number, name, sort, class_name in self.reading.rows(sql, params):
            self._known[student_id] = PersonRef(student_id, number or "", name, class_name or "")
            self._order[student_id] = (class_name or "", sort, student_id)

    def _know(self, student_id: int) -> None:
        if student_id not in self._known:
            self._read(self._FACTS + "WHERE s.id = :id", {"day": self.day, "id": student_id})
        if student_id not in self._known:
            self._read(self._FROZEN, {"id": student_id})

    def of(self, found: Iterable[tuple[int, str]]) -> tuple[PersonRef, ...]:
        """Return people by class and by the sound of their names."""
        listed = list(found)
        for one, _ in listed:
            self._know(one)
        known, order = self._known, self._order
        listed = sorted((each for each in listed if each[0] in known), key=lambda each: order[each[0]])
        return tuple(known[one].noted(note) if note else known[one] for one, note in listed)
