"""How cells of a workbook look: one format for each combination that a paper uses."""

from typing import Any

from skillsaid_desktop.schema import Date
from skillsaid_desktop.schema.types import Align, FieldType

SONG = "宋体"
HEI = "黑体"
HEADING_FILL = "#EDEFF2"
GROUP_FILL = "#F5F6F7"


def number_format_of(kind: FieldType) -> str:
    """Return the number format of a type: its own, and days as days, so that they can be sorted and filtered."""
    return "yyyy-mm-dd" if isinstance(kind, Date) else kind.number_format


class Styles:
    """The formats of one workbook, made when first asked for."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def _format(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._workbook.add_format(properties)
        return made

    def line(self, *, size: float, align: Align = "left", bold: bool = False, wrap: bool = False) -> Any:
        """Return the format of a line above or below a table."""
        return self._format(
            font_name=HEI if bold else SONG,
            font_size=size,
            align=align,
            valign="vcenter",
            text_wrap=wrap,
            num_format="@",
        )

    def heading(self) -> Any:
        """Return the format of a table's headings."""
        return self._format(
            font_name=HEI,
            font_size=10,
            align="center",
            valign="vcenter",
            text_wrap=True,
            border=1,
            bg_color=HEADING_FILL,
            num_format="@",
        )

    def cell(
        self, *, kind: FieldType, align: Align, wrap: bool, row_kind: str, is_text: bool, names: bool = False
    ) -> Any:
        """Return the format of a body cell; texts are text whatever the column's type."""
        properties: dict[str, Any] = {
            "font_name": SONG,
            "font_size": 10,
            "align": align,
            "valign": "vcenter",
            "border": 1,
            "num_format": "@" if is_text else number_format_of(kind),
        }
        if wrap:
            properties["text_wrap"] = True
        else:
            properties["shrink"] = True
        if row_kind != "body" or names:
            properties["bold"] = True
            properties["bg_color"] = GROUP_FILL
        return self._format(**properties)
