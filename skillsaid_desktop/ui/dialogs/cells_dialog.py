"""What a paste or a change of many rows would do, cell by cell, before anything is written; and which column to change."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from skillsaid_desktop.ledgers.ledger import Ledger
from skillsaid_desktop.schema import Field, Privacy
from skillsaid_desktop.schema.masking import mask_number, mask_words
from skillsaid_desktop.schema.types import Choice, Words
from skillsaid_desktop.services.cell_edits import PlannedEdit, PlannedEdits
from skillsaid_desktop.ui.forms.editors import ChoiceEditor, FieldEditor, make_editor
from skillsaid_desktop.ui.i18n import count, tr
from skillsaid_desktop.ui.widgets.bars import FooterBar
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.dialog import Dialog
from skillsaid_desktop.ui.widgets.notices import Strip
from skillsaid_desktop.ui.widgets.row_cells import Cell, Column, Row
from skillsaid_desktop.ui.widgets.row_table import RowTable
from skillsaid_desktop.ui.widgets.text import Label, Line

COLUMNS = (
    Column(title="谁", width=110),
    Column(title="栏目", width=100),
    Column(title="原来", width=150),
    Column(title="改为", width=170),
    Column(title="说明", width=200, stretches=True),
)
WIDTH, HEIGHT = 964, 560
LABEL_WIDTH = 56


class CellsDialog(Dialog):
    """The preview: rows that can not be stored first, then each cell that changes."""

    def __init__(
        self,
        parent: QWidget | None,
        ledger: Ledger,
        planned: PlannedEdits,
        *,
        act: str,
        notes: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{act} — {ledger.title}")
        stored, refused = planned.stored, planned.refused
        head = Label(
            f"{act}：改 {count(len(stored), ledger.unit)}的 {planned.cells:,} 格"
            if stored
            else tr("没有一格能存"),
            role="section2",
            wraps=True,
        )
        self.sentence = Label(_sentence(ledger, planned), tone="text2", wraps=True)
        self.sentence.setVisible(bool(self.sentence.text()))
        self.table = RowTable(COLUMNS, fixed=True)
        self.table.set_rows(
            [row for each in refused for row in _refused_rows(ledger, each)]
            + [row for each in stored for row in _changed_rows(ledger, each)]
        )
        column = QVBoxLayout()
        column.setContentsMargins(20, 16, 20, 12)
        column.setSpacing(6)
        column.addWidget(head)
        column.addWidget(self.sentence)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(column)
        if notes:
            layout.addWidget(Strip("attention", "".join(notes)))
        layout.addWidget(Line())
        layout.addWidget(self.table, 1)
        footer = FooterBar(tr("还没有写进台账。写进去以后可以一步撤销（Ctrl+Z）"))
        self.safe = Button(tr("不改"), self.reject)
        self.act = Button(
            f"改 {count(len(stored), ledger.unit)} {planned.cells:,} 格" if stored else tr("留在格子里改"),
            self.accept,
            kind="main",
        )
        self.act.setDefault(True)
        footer.add(self.safe)
        footer.add(self.act)
        layout.addWidget(footer)
        width, height = (parent.width() - 40, parent.height() - 40) if parent is not None else (WIDTH, HEIGHT)
        self.resize(min(WIDTH, width), min(HEIGHT, height))


def _sentence(ledger: Ledger, planned: PlannedEdits) -> str:
    parts = []
    same = len(planned.rows) - len(planned.stored) - len(planned.refused)
    if same:
        parts.append(f"{count(same, ledger.unit)}和台账一样，不用改。")
    if planned.refused:
        parts.append(
            f"{count(len(planned.refused), ledger.unit)}存不了，原因写在下面；粘贴的内容留在格子里待改，台账里还是原来的。"
        )
    return "".join(parts)


def _changed_rows(ledger: Ledger, planned: PlannedEdit) -> list[Row]:
    rows: list[Row] = []
    for at, one in enumerate(planned.differences):
        before, after = _shown(ledger, one.field, one.before), _shown(ledger, one.field, one.after)
        rows.append(
            (
                Cell(planned.who if not at else ""), Cell(one.title, "text2"),
                Cell(before or tr("空"), "text2" if before else "text3"),
                Cell(after or tr("清空"), "good" if after else "explain", tint="good" if after else "explain"),
                Cell(one.effect, "text2"),
            )
        )  # fmt: skip
    return rows


def _refused_rows(ledger: Ledger, planned: PlannedEdit) -> list[Row]:
    titles = {one.title for one in planned.differences}
    general = [sentence for title, sentence in planned.reasons if title not in titles]
    rows: list[Row] = []
    for at, one in enumerate(planned.differences):
        before, after = _shown(ledger, one.field, one.before), _shown(ledger, one.field, one.after)
        why = [sentence for title, sentence in planned.reasons if title == one.title]
        if not at:
            why = general + why
        tone = "stop" if why else "explain"
        rows.append(
            (
                Cell(planned.who if not at else ""), Cell(one.title, "text2"),
                Cell(before or tr("空"), "text2" if before else "text3"), Cell(after or tr("清空"), tone, tint=tone),
                Cell(mask_words("；".join(why)) if why else tr("和这一行一起留着待改"), "stop" if why else "text2",
                     weight="stop" if why else ""),
            )
        )  # fmt: skip
    return rows


def _shown(ledger: Ledger, name: str, text: str) -> str:
    """Return a value as lists show it: numbers masked."""
    return mask_number(text) if text and ledger.column(name).privacy is Privacy.NUMBER else text


class OneValueDialog(Dialog):
    """Which column of the chosen rows gets which value; the preview follows."""

    def __init__(
        self, parent: QWidget | None, ledger: Ledger, fields: Sequence[Field], words: Words, chosen: int
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("一起改一栏"))
        self._words = words
        self._fields = {field.title: field for field in fields}
        self.column = ChoiceEditor(
            Field(name="column", title=tr("栏目"), type=Choice(vocabulary="")), list(self._fields)
        )
        self.column.combo.removeItem(0)
        self.column.committed.connect(lambda _title: self._show_editor())
        self.editor: FieldEditor | None = None
        self._place = QVBoxLayout()
        self._place.setContentsMargins(0, 0, 0, 0)
        self.note = Label(
            tr("留空就是把这一栏清空。下一步先看每一行会怎样改，再写进台账。"), tone="text2", wraps=True
        )
        column = QVBoxLayout()
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(
            Label(f"选中的 {count(chosen, ledger.unit)}，这一栏都改成同一个值", role="section2", wraps=True)
        )
        column.addLayout(_labelled(tr("栏目"), self.column))
        value = QWidget()
        value.setLayout(self._place)
        column.addLayout(_labelled(tr("改为"), value))
        column.addWidget(self.note)
        column.addStretch(1)
        footer = FooterBar()
        footer.add(Button(tr("不改"), self.reject))
        self.act = Button(tr("看看会怎样改…"), self.accept, kind="main")
        self.act.setDefault(True)
        footer.add(self.act)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(column, 1)
        layout.addWidget(footer)
        self.resize(480, 280)
        self._show_editor()

    def choose(self, name: str) -> None:
        """Choose a column by its field name."""
        title = next((title for title, field in self._fields.items() if field.name == name), "")
        if title:
            self.column.set_text(title)
            self._show_editor()

    @property
    def field(self) -> Field:
        """The column that was chosen."""
        return self._fields[self.column.text()]

    def value(self) -> str:
        """Return the value that was typed."""
        return self.editor.text() if self.editor is not None else ""

    def _show_editor(self) -> None:
        if self.editor is not None:
            self._place.removeWidget(self.editor)
            self.editor.deleteLater()
        self.editor = make_editor(self.field, self._words)
        self._place.addWidget(self.editor)


def _labelled(title: str, widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    label = Label(title, tone="text2")
    label.setFixedWidth(LABEL_WIDTH)
    row.addWidget(label)
    row.addWidget(widget, 1)
    return row
