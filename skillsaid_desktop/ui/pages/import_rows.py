"""The lines of an import's preview: one for each row, or one for each field that would change."""

from typing import NamedTuple

from skillsaid_desktop.importers.layout import EXTRA
from skillsaid_desktop.ledgers import Ledger
from skillsaid_desktop.ledgers.ledger import Difference, Outcome, PlannedRow
from skillsaid_desktop.schema import Privacy, Severity
from skillsaid_desktop.schema.issue import without_who
from skillsaid_desktop.schema.masking import mask_number, mask_words
from skillsaid_desktop.services.import_options import Cell as CellKey
from skillsaid_desktop.services.import_options import Place
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column, Row

COLUMNS = (
    Column(title="", width=34),
    Column(title="姓名", width=110),
    Column(title="班级", width=110),
    Column(title="项目", width=110),
    Column(title="台账现有", width=150),
    Column(title="文件中", width=170),
    Column(title="导入后", width=200, stretches=True),
    Column(title="文件行号", width=80, right=True),
)
BEFORE, AFTER = 4, 5
"""The columns that only a row that changes fills."""
_SHOWN_NEW = ("major", "level", "category")


class PreviewLine(NamedTuple):
    """A line of the table: the row it is of, and which of its differences it shows (None for the whole row)."""

    row: int
    difference: int | None = None


def place_of(row: PlannedRow) -> Place:
    """Return where a row stands."""
    place = row.record.place
    return (place.file, place.sheet, place.row or 0)


def cell_of(row: PlannedRow, difference: Difference) -> CellKey:
    """Return the key of one cell of a row."""
    return (*place_of(row), difference.field)


def class_of(row: PlannedRow) -> str:
    """Return the class that a row names."""
    values = row.record.values
    return str(values.get("class_name") or row.record.raw.get("class_name") or "")


def changed_cells(
    ledger: Ledger, row: PlannedRow, one: Difference, *, is_first: bool, ticked: bool | None
) -> Row:
    """Return the cells of one field that would change; each says whose it is, as the lines can be sorted apart."""
    before, after = shown_value(ledger, one.field, one.before), shown_value(ledger, one.field, one.after)
    tone = "explain" if "新建" in one.effect else "text"
    stays = ticked is False
    effect = tr("不改，留台账的") if stays else one.effect or (tr("补填空白") if not before else tr("改资料"))
    return (
        Cell(ticked=ticked), Cell(row.who, "text" if is_first else "text3"),
        Cell(class_of(row), "text2" if is_first else "text3"),
        Cell(one.title, "text2"), Cell(before or tr("空"), "text2" if before else "text3"),
        Cell(after or tr("空"), "text3" if stays else "good" if after else "text3",
             tint="good" if after and not stays else ""),
        Cell(effect, "text3" if stays else tone),
        Cell(str(row.record.place.row or ""), "text2" if is_first else "text3"),
    )  # fmt: skip


def whole_cells(row: PlannedRow, *, ticked: bool | None) -> Row:
    """Return the cells of a row that is new, unchanged, waits or is refused."""
    number = Cell(str(row.record.place.row or ""), "text2")
    who, school_class = Cell(row.who), Cell(class_of(row), "text2")
    if row.outcome is Outcome.NEW:
        values = row.record.values
        facts = "　".join(str(values[name]) for name in _SHOWN_NEW if values.get(name))
        changes = "、".join(one.after for one in row.differences if one.after)[:60]
        effect = next((one.effect for one in row.differences if one.effect), "") or facts or changes
        stays = ticked is False
        return (
            Cell(ticked=ticked), who, school_class, Cell(tr("新增"), "text3" if stays else "good"), Cell(), Cell(),
            Cell(tr("不导入这一行") if stays else effect or tr("登记到台账"), "text3" if stays else "text"), number,
        )  # fmt: skip
    words = {
        Outcome.UNCHANGED: tr("不用动"), Outcome.WAITING: tr("等您答复"), Outcome.INVALID: tr("暂不导入"),
        Outcome.CHANGED: tr("变动"),
    }[row.outcome]  # fmt: skip
    first = next((each.message for each in row.issues if each.severity is not Severity.HINT), "")
    effect = mask_words(without_who(first, row.who)) or tr("和台账一样")
    return (
        Cell(ticked=ticked),
        who,
        school_class,
        Cell(words, "text2"),
        Cell(),
        Cell(),
        Cell(effect, "text2"),
        number,
    )


def shown_value(ledger: Ledger, name: str, text: str) -> str:
    """Return a value as lists show it: numbers masked."""
    if not text or name.startswith(EXTRA):
        return mask_words(text)
    private = next(
        (
            each.privacy is Privacy.NUMBER
            for each in (*ledger.fields, *ledger.extra_fields)
            if each.name == name
        ),
        False,
    )
    return mask_number(text) if private else text
