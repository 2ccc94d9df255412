"""The heading rows of a table: which headings are merged over which columns and rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from skillsaid_desktop.documents.document import TableColumn


@dataclass(frozen=True)
class Span:
    """A heading and the cells that it covers, all ends included, counted from 0."""

    text: str
    row: int
    column: int
    last_row: int
    last_column: int


def heading_depth(columns: Sequence[TableColumn]) -> int:
    """Return how many heading rows the columns need; none where no column has a heading."""
    return max((len(column.headings) for column in columns), default=1)


def heading_spans(columns: Sequence[TableColumn]) -> list[Span]:
    """Return the headings in reading order; every cell of the heading rows is covered exactly once."""
    depth = heading_depth(columns)
    spans: list[Span] = []
    for level in range(depth):
        column = 0
        while column < len(columns):
            path = columns[column].headings
            if level >= len(path):
                column += 1
                continue
            last = column
            # The innermost heading belongs to its column alone; outer ones are shared by neighbours.
            if level < len(path) - 1:
                while last + 1 < len(columns):
                    other = columns[last + 1].headings
                    if len(other) <= level + 1 or other[: level + 1] != path[: level + 1]:
                        break
                    last += 1
            bottom = depth - 1 if level == len(path) - 1 else level
            spans.append(Span(path[level], level, column, bottom, last))
            column = last + 1
    return spans
