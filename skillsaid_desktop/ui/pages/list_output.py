"""Export and print of what a plain table shows: its rows, columns and order as on screen."""

from collections.abc import Sequence

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from skillsaid_desktop import clock
from skillsaid_desktop.documents import Document, TableColumn
from skillsaid_desktop.schema import Number, Text
from skillsaid_desktop.schema.masking import mask_words
from skillsaid_desktop.ui import theme
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.pages.ledger_output import print_document
from skillsaid_desktop.ui.session import Session
from skillsaid_desktop.ui.widgets.row_table import RowTable


def list_document(session: Session, table: RowTable, title: str, unit: str) -> Document:
    """Return what a table shows as a paper."""
    from skillsaid_desktop.reports.shown_table import shown_table

    columns, shown = table.rows_model.columns, table.shown_columns()
    counts = {at for at in shown if columns[at].right and _are_counts(table, at)}
    one = QFontMetrics(theme.font("body")).horizontalAdvance("国")
    heads = [
        TableColumn(
            headings=(columns[at].title,),
            type=Number() if at in counts else Text(),
            width=max(table.columnWidth(at) / one, len(columns[at].title)),
            fills=columns[at].stretches,
            align="right" if columns[at].right else None,
        )
        for at in shown
    ]
    rows = [
        [int(row[at].text) if at in counts and row[at].text else mask_words(row[at].text) for at in shown]
        for row in table.rows_model.rows
    ]
    # The first name of a row is who it is about; behind it stands in whose hand that is.
    named = next((at for at in shown if columns[at].is_name), None)
    people = {row[named].text for row in table.rows_model.rows} if named is not None else set()
    with session.ledger_file.reading() as reading:
        return shown_table(
            reading, title=title, columns=heads, rows=rows, as_of=clock.today(), people=len(people),
            remarks=(f"共 {len(rows):,} {unit}", *_narrowed(table)),
        )  # fmt: skip


def _are_counts(table: RowTable, at: int) -> bool:
    """Tell whether a column holds nothing but whole numbers that a sheet can add up: none with a 0 in front, none masked."""
    texts = {row[at].text for row in table.rows_model.rows if row[at].text}
    return all(text.isdecimal() and str(int(text)) == text == mask_words(text) for text in texts)


def _narrowed(table: RowTable) -> Sequence[str]:
    """Say what the table is narrowed to."""
    how = table.arrangement
    parts = [f"查找“{how.search}”"] if how.search else []
    parts += [
        f"{title}：{'、'.join(text or tr('空') for text in sorted(texts))}"
        for title, texts in how.filters.items()
    ]
    return ("；".join(parts),) if parts else ()


def export_list(session: Session, table: RowTable, title: str, unit: str) -> None:
    """Ask for a place and write what a table shows; numbers are masked in it."""
    if not table.row_count():
        session.say(tr("这里一行也没有，没有导出。"), undo=False)
        return
    name = f"{title} {clock.today().isoformat()}.xlsx"
    path = session.prompts.save_file(tr("导出") + title, name, tr("Excel 表格 (*.xlsx);;PDF (*.pdf)"))
    if path is None:
        return
    from skillsaid_desktop.services.export import export_document

    document, counted = list_document(session, table, title, unit), f"{table.row_count():,} {unit}"
    session.tasks.run(
        tr("正在导出"),
        lambda _progress: export_document(session.ledger_file, document, path),
        done=lambda _exported: session.say(f"已导出 {counted}：{path.name}", undo=False),
    )


def print_list(parent: QWidget, session: Session, table: RowTable, title: str, unit: str) -> None:
    """Print what a table shows; numbers are masked in it."""
    if not table.row_count():
        session.say(tr("这里一行也没有，没有打印。"), undo=False)
        return
    print_document(parent, session, list_document(session, table, title, unit))
