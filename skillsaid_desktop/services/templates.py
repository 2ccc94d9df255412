"""下载导入模板: workbooks with drop-downs that are filled in and import as they are."""

from pathlib import Path

from skillsaid_desktop.clock import today
from skillsaid_desktop.exporters.entry_sheet import EntryColumn, EntrySheet, write_entry_sheets
from skillsaid_desktop.ledgers import LEDGERS, Ledger
from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.field_type import Words
from skillsaid_desktop.schema.types import Choice, Date, Flag, Number
from skillsaid_desktop.storage.unit_of_work import Reading


def write_template(reading: Reading, kind: str, path: Path) -> None:
    """Write the import template of a list: its columns, required ones marked, words as drop-downs."""
    ledger = next(each for each in LEDGERS if each.name == kind)
    sheet = EntrySheet(name=ledger.list_name, columns=_columns(reading, ledger))
    write_entry_sheets([sheet], _notes(ledger), path)


def _columns(reading: Reading, ledger: Ledger) -> tuple[EntryColumn, ...]:
    words = reading.policy.words(today())
    classes = tuple(row[0] for row in reading.rows("SELECT name FROM school_class ORDER BY grade DESC, name"))
    return tuple(_column(each, words, classes) for each in ledger.importable)


def _column(column: Field, words: Words, classes: tuple[str, ...]) -> EntryColumn:
    options: tuple[str, ...] = ()
    if isinstance(column.type, Choice):
        options = tuple(words.values(column.type.vocabulary))
    elif isinstance(column.type, Flag):
        options = ("是", "否")
    elif column.name == "category":
        options = tuple(words.values("category"))
    elif column.name in ("class_name", "class_after"):
        options = classes
    return EntryColumn(
        title=column.title, width=column.width, is_required=column.required, help=column.help, options=options,
        is_date=isinstance(column.type, Date), is_number=isinstance(column.type, Number),
    )  # fmt: skip


def _notes(ledger: Ledger) -> list[str]:
    required = "、".join(each.title for each in ledger.importable if each.required)
    return [
        f"{ledger.list_name}：填好以后在“导入”里选这份文件。",
        f"黄色表头必填：{required}。其余可以空着，也可以整列删掉。",
        "证件号、卡号已设为文本，不要改成数字，否则后几位会丢。",
        "日期写成 2025-11-05，也可以写 20251105 或 2025.11.5；只有年月时按当月 1 日。",
        "列的次序可以换，表头前面可以有标题；合计行和签字行不会被读入。",
    ]
