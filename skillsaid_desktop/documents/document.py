"""The parts of a paper (DOMAIN section 8): heading block, tables, signature line, page set-up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from skillsaid_desktop.schema.types import Align, FieldType

RowKind = Literal["body", "total", "group"]


class PaperSize(StrEnum):
    """Paper sizes a school printer takes."""

    A4 = "A4"
    A3 = "A3"


class Grade(StrEnum):
    """Who may see the paper (教财厅函〔2017〕28号): full 上报版, masked 校内版, public 公示版."""

    FULL = "full"
    MASKED = "masked"
    PUBLIC = "public"


@dataclass(frozen=True, kw_only=True)
class PageSetup:
    """Paper, direction and margins in millimetres."""

    size: PaperSize = PaperSize.A4
    landscape: bool = False
    margin_top: float = 18
    margin_bottom: float = 16
    margin_left: float = 15
    margin_right: float = 15


@dataclass(frozen=True, kw_only=True)
class TableColumn:
    """One column: the path of headings above it (outermost first), its type and relative width.

    Neighbouring columns with an equal first heading are merged in the heading rows; a path of one
    spans all heading rows. `width` counts full-width characters. Without `wrap` a text that is too long
    is made smaller. `merge_down` joins equal neighbours below each other into one cell. `align` is the
    type's own unless given. `fills` says that the column takes what is left of the paper's width. `names` says
    that its cells are the names of what stands right of them. Columns without any heading have no heading rows.
    """

    headings: tuple[str, ...]
    type: FieldType
    width: float = 8
    wrap: bool = True
    merge_down: bool = False
    align: Align | None = None
    fills: bool = False
    names: bool = False


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A value that differs from its column: another type, or `ref`, what a click on it opens (a figure's code)."""

    value: Any
    type: FieldType | None = None
    align: Align | None = None
    ref: str = ""


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """One body row: a value, or a Cell, for each column; a group row has one text across all columns.

    `about` names the person or thing of the row, for messages about it.
    """

    values: tuple[Any, ...]
    kind: RowKind = "body"
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table whose heading rows repeat on every page.

    `tall_rows`: rows high enough for a pen. `when_empty`: what stands in place of rows, e.g. 本月无异动.
    `name` is the sheet in a workbook: a table with a name of its own begins a sheet of its own.
    `text_size` is the largest type in points; a table too wide for the paper is set smaller.
    """

    columns: tuple[TableColumn, ...]
    rows: Sequence[TableRow]
    tall_rows: bool = False
    when_empty: str = ""
    frozen_columns: int = 0
    name: str = ""
    text_size: float = 9.5


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading inside the paper; `starts_page` if what it stands over is handed out by itself."""

    text: str
    level: int = 1
    starts_page: bool = False


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A paragraph of running text; `small` for notes under a table."""

    text: str
    small: bool = False


@dataclass(frozen=True, kw_only=True)
class Signatures:
    """The line at the end: 单位负责人, 审核人, 填表人, 联系电话, 填表日期, as (label, text) pairs."""

    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Part:
    """The beginning of a paper within a paper, one person's: its own title, page numbers, bookmark and sheet.

    A document of parts begins with one; its own title stands above none of them.
    """

    title: str
    name: str
    subtitle: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """A small paper to be cut out: who it is for, a line of facts, a table that fits on it."""

    title: str
    table: Table
    subtitle: str = ""


@dataclass(frozen=True, kw_only=True)
class Cards:
    """Cards beside and below each other with lines to cut along, `across` of them in a row."""

    cards: Sequence[Card]
    across: int = 2


Block = Table | Heading | Paragraph | Signatures | Part | Cards


@dataclass(frozen=True, kw_only=True)
class Document:
    """A paper: what stands above its tables, the blocks, and how the page is set up.

    `attachment` is 附件 number or "", `subtitle` the second line (the period), `header_left` and
    `header_right` stand over the first table (填报单位(盖章), 统计截止日 and 单位：人、元), `mark` is printed
    on each page (内部资料 注意保密, 暂定样式 …), `file_name` is the proposed name without ending.
    `people` counts the different persons named, for the log of exports; `author` is the school.
    """

    title: str
    file_name: str
    blocks: Sequence[Block]
    page: PageSetup = field(default_factory=PageSetup)
    attachment: str = ""
    subtitle: str = ""
    header_left: str = ""
    header_center: str = ""
    header_right: str = ""
    mark: str = ""
    grade: Grade = Grade.FULL
    people: int = 0
    author: str = ""

    @property
    def tables(self) -> tuple[Table, ...]:
        """Return the tables in order, those of cards among them."""
        found: list[Table] = []
        for block in self.blocks:
            if isinstance(block, Table):
                found.append(block)
            elif isinstance(block, Cards):
                found += [card.table for card in block.cards]
        return tuple(found)

    @property
    def has_parts(self) -> bool:
        """Whether the paper is made of parts."""
        return bool(self.blocks) and isinstance(self.blocks[0], Part)
