"""The list of classes at the left of 每月监测, those that are not finished in bold accent."""

from skillsaid_desktop.services.monitoring import ClassProgress
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column, Row

CLASS_COLUMNS = (
    Column(title="班级", stretches=True),
    Column(title="班主任", width=64),
    Column(title="已记 / 应记", width=84, right=True),
)


def class_cells(one: ClassProgress) -> Row:
    """Return the line of a class."""
    tone = "text2" if one.is_finished else "accent"
    return (
        Cell(one.name),
        Cell(one.teacher, "text2"),
        Cell(f"{one.done} / {one.due}", tone, bold=not one.is_finished),
    )
