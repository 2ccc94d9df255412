"""下载导入模板 and 发预填表: workbooks with drop-downs that come back and import as they are."""

from collections.abc import Sequence
from pathlib import Path

from skillsaid_desktop.clock import today
from skillsaid_desktop.exporters.entry_sheet import EntryColumn, EntrySheet, write_entry_sheets
from skillsaid_desktop.ledgers import LEDGERS, Ledger
from skillsaid_desktop.schema import Field
from skillsaid_desktop.schema.field_type import Words
from skillsaid_desktop.schema.types import Choice, Date, Flag, Number
from skillsaid_desktop.services.monitoring import class_progress, load_grid
from skillsaid_desktop.storage.unit_of_work import Reading


def write_template(reading: Reading, kind: str, path: Path) -> None:
    """Write the import template of a list: its columns, required ones marked, words as drop-downs."""
    ledger = next(each for each in LEDGERS if each.name == kind)
    sheet = EntrySheet(name=ledger.list_name, columns=_columns(reading, ledger))
    write_entry_sheets([sheet], _notes(ledger), path)


def write_monitoring_sheets(
    reading: Reading, month: str, path: Path, class_ids: Sequence[int | None] | None = None
) -> int:
    """Write the month's monitoring sheets, one for each class, with the due students filled in; return their number."""
    ledger = next(each for each in LEDGERS if each.name == "monitoring")
    columns = tuple(
        each
        for each in _columns(reading, ledger)
        if each.title not in ("班级", "月份", "学籍号", "学号", "身份证后四位")
    )
    sheets = []
    due = 0
    for each in class_progress(reading, month):
        if class_ids is not None and each.class_id not in class_ids:
            continue
        grid = load_grid(reading, each.class_id, month)
        people = [row for row in grid.rows if row.is_due]
        due += len(people)
        numbers = {
            row[0]: row[1] or ""
            for row in reading.rows(
                "SELECT id, document_number FROM student WHERE id IN (" + ",".join("?" * len(people)) + ")",
                [row.student_id for row in people],
            )
        }
        lines = (
            f"{each.name}帮扶对象学生{int(month[5:])}月监测登记（班主任填）",
            f"班级：{each.name}　　班主任：{each.teacher}　　统计时间：{month[:4]}年{int(month[5:])}月",
        )
        rows = [[row.name, numbers[row.student_id]] for row in people]
        sheets.append(EntrySheet(name=each.name, columns=columns, lines=lines, rows=rows))
    write_entry_sheets(sheets or [EntrySheet(name="监测", columns=columns)], _notes(ledger), path)
    return due


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
