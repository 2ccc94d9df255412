"""Foreign files into raw rows that remember sheet and cell. No SQL. May import schema and what lies under it."""

from skillsaid_desktop.importers.as_of import as_of_day
from skillsaid_desktop.importers.clipboard import read_clipboard
from skillsaid_desktop.importers.column_values import KnownWords
from skillsaid_desktop.importers.folders import FoundFile, files_in
from skillsaid_desktop.importers.layout import Chosen, Layout, LayoutColumn, Why
from skillsaid_desktop.importers.mapping import MappedTable, map_tables
from skillsaid_desktop.importers.reading import read_workbook, stream_workbook
from skillsaid_desktop.importers.table_stream import TableStream
from skillsaid_desktop.importers.tables import SourceRow, SourceTable, find_tables, why_no_table
from skillsaid_desktop.importers.workbook import Limits, RawRow, RawSheet, RawWorkbook

__all__ = [
    "Chosen",
    "FoundFile",
    "KnownWords",
    "Layout",
    "LayoutColumn",
    "Limits",
    "MappedTable",
    "RawRow",
    "RawSheet",
    "RawWorkbook",
    "SourceRow",
    "SourceTable",
    "TableStream",
    "Why",
    "as_of_day",
    "files_in",
    "find_tables",
    "map_tables",
    "read_clipboard",
    "read_workbook",
    "stream_workbook",
    "why_no_table",
]
