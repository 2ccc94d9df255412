"""Which column of a sheet is which field: by heading, by a similar heading, by the values, or as it was chosen before.

Aliases are sure. What is similar or only looks right is proposed, named in an issue and shown to whoever is there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from skillsaid_desktop.importers.column_values import MOST_ROWS, KnownWords, fits_type, guess_fields
from skillsaid_desktop.importers.headings import (
    Headings,
    HeadingWords,
    down_to_the_data,
    find_headings,
    fold_heading,
    heading_options,
)
from skillsaid_desktop.importers.layout import (
    EXTRA,
    IGNORED,
    REASON,
    REASON_HEADING,
    Chosen,
    Layout,
    LayoutColumn,
    Why,
    column_keys,
    fingerprint_of,
)
from skillsaid_desktop.importers.row_source import column_letter
from skillsaid_desktop.importers.tables import SourceTable, read_table
from skillsaid_desktop.importers.workbook import RawRow, RawSheet, RawWorkbook
from skillsaid_desktop.schema import Date, Field, Issue, Month, Name, Phone, RawValue, Severity

_SIMILAR = 80
_CLEARER = 8
"""How much better than the next field a similar heading must be."""
_OTHER_THING = frozenset("原新前后旧曾现父母户主监护家长师任紧急人起止始终开结入毕出非不未预计0123456789")
"""Characters that make a heading mean something else: 原班级 is not 班级, 联系人电话 not 联系电话."""
_OTHER_PERSON = (
    "父",
    "母",
    "户主",
    "监护",
    "家长",
    "班主任",
    "联系人",
    "责任",
    "帮扶",
    "领导",
    "教师",
    "经办",
)
_WHO = frozenset({"name", "document_number", "class_name"})
"""What makes a sheet without headings a list of students."""
_SAMPLES = 5


@dataclass(frozen=True)
class MappedTable:
    """A table with what its columns were taken for."""

    table: SourceTable
    layout: Layout


def map_tables(
    workbook: RawWorkbook,
    fields: Sequence[Field],
    *,
    sheet: str | None = None,
    known: KnownWords | None = None,
    chosen: Mapping[str, Chosen] | None = None,
    remembered: Mapping[str, Chosen] | None = None,
) -> list[MappedTable]:
    """Return the tables of one kind with their columns mapped.

    `chosen` and `remembered` give the columns of a layout by its fingerprint and hold for the whole sheet. A
    sheet without headings is read by its values, if no sheet of the file has headings of this kind.
    """
    mapper = _Mapper(workbook, fields, known or KnownWords(), chosen or {}, remembered or {})
    sheets = [each for each in workbook.sheets if sheet is None or each.name == sheet]
    found = [mapped for each in sheets if (mapped := mapper.with_headings(each))]
    return found or [mapped for each in sheets if (mapped := mapper.without_headings(each))]


class _Mapper:
    def __init__(
        self,
        workbook: RawWorkbook,
        fields: Sequence[Field],
        known: KnownWords,
        chosen: Mapping[str, Chosen],
        remembered: Mapping[str, Chosen],
    ) -> None:
        self._file, self._digest = workbook.file, workbook.digest
        self._fields = [each for each in fields if each.typed]
        self._by_name = {each.name: each for each in self._fields}
        self._words = HeadingWords(fields)
        self._needed = {
            each.name for each in self._fields if each.required and not isinstance(each.type, Month)
        }
        self._known, self._chosen, self._remembered = known, chosen, remembered

    def with_headings(self, sheet: RawSheet) -> MappedTable | None:
        """Map a sheet that has a heading row: one that somebody chose for before, else the best."""
        for option in heading_options(sheet, self._words) if self._chosen or self._remembered else ():
            fingerprint = fingerprint_of(option.titles)
            for source, why in ((self._chosen, Why.CHOSEN), (self._remembered, Why.REMEMBERED)):
                if fingerprint in source:
                    headings = down_to_the_data(option, sheet)
                    return self._settled(sheet, headings, fingerprint, source[fingerprint], why)
        best = find_headings(sheet, self._words)
        if best is not None:
            return self._proposed(sheet, best)
        options = [each for each in heading_options(sheet, self._words) if len(each.columns) >= 2]
        for option in sorted(options, key=lambda each: -len(each.columns))[:3]:
            guessed = self._guess(sheet, option)
            names = frozenset(option.columns) | {name for name, _ in guessed.values()}
            # Half of the required columns make a list of this kind only where its headings say so.
            if guessed and self._needed <= names:
                return self._proposed(sheet, down_to_the_data(option, sheet))
        return None

    def without_headings(self, sheet: RawSheet) -> MappedTable | None:
        """Map a sheet by its values alone; None if it does not show who its rows are about."""
        if any(len(each.columns) >= 2 for each in heading_options(sheet, self._words)):
            return None  # the headings of another kind of list
        width = max((len(row.cells) for row in sheet.rows[:MOST_ROWS]), default=0)
        headings = Headings(
            rows=(0,), columns={}, titles={}, unknown={}, twice={}, serial=None, raw=frozenset()
        )
        values = _column_values(sheet, headings, range(width))
        filled = {at: some for at, some in values.items() if any(one not in (None, "") for one in some)}
        fingerprint = f"无表头 {self._digest} {sheet.name}"
        letters = {at: column_letter(at) for at in filled}
        columns: dict[int, tuple[str, Why | None]]
        if fingerprint in self._chosen:
            by_letter = self._chosen[fingerprint]
            columns = {at: (by_letter.get(letter, IGNORED), Why.CHOSEN) for at, letter in letters.items()}
        else:
            guessed = guess_fields(filled, self._fields, self._known)
            if not any(one <= set(guessed.values()) for one in (self._needed, _WHO)):
                return None
            columns = {at: (guessed.get(at, IGNORED), Why.VALUES if at in guessed else None) for at in filled}
        return self._table(sheet, headings, fingerprint, columns, letters, has_headings=False)

    # With headings

    def _settled(
        self, sheet: RawSheet, headings: Headings, fingerprint: str, chosen: Chosen, why: Why
    ) -> MappedTable:
        keys = column_keys(headings.titles)
        columns: dict[int, tuple[str, Why | None]] = {}
        for at, key in keys.items():
            name = chosen.get(key, IGNORED)
            is_known = name in (EXTRA, REASON) or name in self._by_name
            columns[at] = (name, why) if is_known else (IGNORED, None)
        return self._table(sheet, headings, fingerprint, columns, keys, is_settled=True)

    def _proposed(self, sheet: RawSheet, headings: Headings) -> MappedTable:
        columns: dict[int, tuple[str, Why | None]] = {
            at: (IGNORED, None) for at in headings.titles if at != headings.serial
        }
        columns |= {at: (name, Why.HEADING) for name, at in headings.columns.items()}
        columns |= self._guess(sheet, headings)
        for at, title in headings.titles.items():
            if fold_heading(title) == fold_heading(REASON_HEADING):
                columns[at] = (REASON, Why.HEADING)
        keys = column_keys(headings.titles)
        return self._table(sheet, headings, fingerprint_of(headings.titles), columns, keys)

    def _guess(self, sheet: RawSheet, headings: Headings) -> dict[int, tuple[str, Why | None]]:
        """Return what unknown columns are by a similar heading, or by their values where a required one lacks."""
        free = [each for each in self._fields if each.name not in headings.columns]
        if not free or not (headings.unknown or self._unheaded(sheet, headings)):
            return {}
        unheaded = self._unheaded(sheet, headings)
        values = _column_values(sheet, headings, [*headings.unknown, *unheaded])
        found: dict[int, tuple[str, Why | None]] = {}
        for at, title in headings.unknown.items():
            name = self._similar(
                title, [each for each in free if each.name not in {one for one, _ in found.values()}]
            )
            if name and fits_type(self._by_name[name], values[at], self._known):
                found[at] = (name, Why.SIMILAR)
        taken = set(headings.columns) | {name for name, _ in found.values()}
        # A day says nothing of what happened on it: a column of days needs its heading.
        wanted = [
            each
            for each in self._fields
            if each.name not in taken
            and (each.required or each.name in ("document_number", "class_name"))
            and not isinstance(each.type, Date | Phone | Name)
        ]
        open_columns = {
            at: some
            for at, some in values.items()
            if at not in found
            and not any(word in headings.titles.get(at, "") for word in _OTHER_PERSON)
            and not set(fold_heading(headings.titles.get(at, ""))) & _OTHER_THING - set("人主现")
        }
        numbers: Sequence[RawValue] = ()
        if "document_number" in headings.columns:
            at_number = headings.columns["document_number"]
            numbers = _column_values(sheet, headings, [at_number])[at_number]
        guessed = guess_fields(open_columns, wanted, self._known, numbers)
        found |= {at: (name, Why.VALUES) for at, name in guessed.items()}
        return found

    @staticmethod
    def _unheaded(sheet: RawSheet, headings: Headings) -> list[int]:
        """Return the columns between the headings that have none."""
        first, last = min(headings.titles, default=0), max(headings.titles, default=-1)
        return [at for at in range(first, last + 1) if at not in headings.titles]

    def _similar(self, title: str, free: Sequence[Field]) -> str:
        """Return the field whose heading this one nearly is; "" if none or several are."""
        from rapidfuzz import fuzz  # late: not before the first paint

        folded = fold_heading(title)
        if len(folded) < 3:
            return ""
        scores: list[tuple[float, str]] = []
        for each in free:
            best = 0.0
            for heading in (each.title, *each.aliases):
                other = fold_heading(heading)
                if len(other) >= 3 and not (set(folded) ^ set(other)) & _OTHER_THING:
                    best = max(best, fuzz.ratio(folded, other))
            scores.append((best, each.name))
        scores.sort(reverse=True)
        if (
            not scores
            or scores[0][0] < _SIMILAR
            or (len(scores) > 1 and scores[0][0] - scores[1][0] < _CLEARER)
        ):
            return ""
        return scores[0][1]

    # The table

    def _table(
        self,
        sheet: RawSheet,
        headings: Headings,
        fingerprint: str,
        columns: Mapping[int, tuple[str, Why | None]],
        keys: Mapping[int, str],
        *,
        is_settled: bool = False,
        has_headings: bool = True,
    ) -> MappedTable:
        titles = headings.titles if has_headings else {at: f"{letter} 列" for at, letter in keys.items()}
        places: dict[str, int] = {}
        twice = dict(headings.twice)
        for at in sorted(columns):
            name = columns[at][0]
            if name == EXTRA:
                places.setdefault(_extra_name(titles.get(at, ""), at, places), at)
            elif name and name not in places:
                places[name] = at
        settled = is_settled or (fingerprint in self._chosen)
        amended = replace(
            headings,
            columns=places,
            twice={} if settled else twice,
            unknown={
                at: title for at, title in headings.unknown.items() if not columns.get(at, (IGNORED, None))[0]
            } if not settled else {},
        )  # fmt: skip
        table = read_table(self._file, sheet, amended, self._fields)
        numbers = {row.number for row in table.rows[:_SAMPLES]}
        first = [row for row in _data_rows(sheet, headings) if row.number in numbers]
        values = _column_values(sheet, headings, list(columns))
        layout = Layout(
            file=self._file,
            sheet=sheet.name,
            fingerprint=fingerprint,
            heading_rows=headings.rows if has_headings else (),
            columns=tuple(
                LayoutColumn(
                    at=at, key=keys.get(at, column_letter(at)), heading=" ".join(titles.get(at, "").split()),
                    field=columns[at][0], why=columns[at][1],
                    samples=tuple(row.cells[at] if at < len(row.cells) else "" for row in first),
                    is_filled=any(one not in (None, "") for one in values[at]),
                )
                for at in sorted(columns)
            ),
            twice=() if settled else tuple(twice),
            missing=tuple(
                each.name
                for each in self._fields
                if each.required and each.name not in places and not isinstance(each.type, Month)
            ),
            has_headings=has_headings,
            is_settled=settled,
        )  # fmt: skip
        table.issues.extend(self._guess_issues(sheet.name, layout))
        return MappedTable(table, layout)

    def _guess_issues(self, sheet: str, layout: Layout) -> list[Issue]:
        """Say which columns were taken for something that their heading does not say."""
        return [
            Issue(
                severity=Severity.HINT, code="column guessed", file=self._file, sheet=sheet,
                column=self._by_name[each.field].title,
                message=f"{each.letter} 列“{each.heading}”按“{self._by_name[each.field].title}”读（{each.why}）",
            )
            for each in layout.guessed
        ]  # fmt: skip


def _extra_name(title: str, at: int, taken: Mapping[str, int]) -> str:
    """Return the name of an extra column's cells; a second one of the same heading carries its letter."""
    plain = " ".join(title.split()) or f"{column_letter(at)} 列"
    name = f"{EXTRA}{plain}"
    return name if name not in taken else f"{name}（{column_letter(at)} 列）"


def _data_rows(sheet: RawSheet, headings: Headings) -> list[RawRow]:
    last = headings.rows[-1]
    return [row for row in sheet.rows[: MOST_ROWS + last + 20] if row.number > last][:MOST_ROWS]


def _column_values(
    sheet: RawSheet, headings: Headings, columns: Sequence[int] | range
) -> dict[int, list[RawValue]]:
    """Return the first cells of these columns, row by row, in the rows that have at least two."""
    values: dict[int, list[RawValue]] = {at: [] for at in columns}
    for _, cells in _data_rows(sheet, headings):
        if sum(1 for cell in cells if cell not in (None, "")) < 2:
            continue
        width = len(cells)
        for at, column in values.items():
            column.append(cells[at] if at < width else "")
    return values
