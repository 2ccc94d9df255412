"""The tables of a file whose rows are too many to be held at once: headings from the first rows, then row by row."""

from collections.abc import Iterator, Sequence

from skillsaid_desktop.importers.headings import LAST_HEADING_ROW, HeadingWords, find_headings
from skillsaid_desktop.importers.reading import RawStream
from skillsaid_desktop.importers.tables import SourceRow, SourceTable, TableReader, why_no_table
from skillsaid_desktop.importers.workbook import RawRow, RawSheet, RawWorkbook
from skillsaid_desktop.schema import Field


class TableStream:
    """Yields each table with its rows; the rows of one must be read before the next is asked for.

    Raises UserError at the end if no sheet had a table of these fields.
    """

    def __init__(
        self, stream: RawStream, fields: Sequence[Field], title: str, sheet: str | None = None
    ) -> None:
        self._stream, self._fields, self._title, self._sheet = stream, fields, title, sheet
        self._words = HeadingWords(fields)
        self._next: RawSheet | None = None
        self._seen: list[RawSheet] = []

    def __iter__(self) -> Iterator[tuple[SourceTable, Iterator[SourceRow]]]:
        for _ in self._rows():
            pass  # a reader may begin with rows only after a sheet
        has_table = False
        while self._next is not None:
            sheet, self._next = self._next, None
            self._seen.append(sheet)
            rest = self._rows()
            for some in rest:
                sheet.rows.extend(some)
                if sheet.rows[-1].number > LAST_HEADING_ROW:
                    break
            is_wanted = self._sheet is None or sheet.name == self._sheet
            headings = find_headings(sheet, self._words) if is_wanted else None
            if headings is not None:
                has_table = True
                reader = TableReader(self._stream.file, sheet, headings, self._fields)
                yield reader.table, self._read(reader, sheet.rows, rest)
            for _ in rest:
                pass
            del sheet.rows[LAST_HEADING_ROW:]
        if not has_table:
            workbook = RawWorkbook(
                file=self._stream.file, digest=self._stream.digest, sheets=tuple(self._seen)
            )
            raise why_no_table(workbook, self._fields, self._title, sheet=self._sheet)

    def _rows(self) -> Iterator[list[RawRow]]:
        """Yield the rows up to the next sheet, which is then in `_next`."""
        for message in self._stream.messages:
            if isinstance(message, RawSheet):
                self._next = message
                return
            yield message

    @staticmethod
    def _read(reader: TableReader, first: list[RawRow], rest: Iterator[list[RawRow]]) -> Iterator[SourceRow]:
        yield from reader.read(first)
        for some in rest:
            yield from reader.read(some)
