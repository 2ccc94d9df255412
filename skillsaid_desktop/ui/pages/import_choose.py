"""The first step of an import: which list, which files or what was copied, the day it speaks of."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.importers import RawWorkbook
from skillsaid_desktop.ledgers import LEDGERS
from skillsaid_desktop.schema import Date
from skillsaid_desktop.services.sources import Source
from skillsaid_desktop.ui.i18n import tr
from skillsaid_desktop.ui.widgets.bars import PAGE_MARGIN
from skillsaid_desktop.ui.widgets.buttons import Button
from skillsaid_desktop.ui.widgets.drop_area import DropArea
from skillsaid_desktop.ui.widgets.fields import mark_wrong
from skillsaid_desktop.ui.widgets.text import Label


class ChoosePane(QWidget):
    """The form of the first step."""

    kind_changed = Signal()
    files_wanted = Signal()
    folder_wanted = Signal()
    paste_wanted = Signal()
    template_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMaximumWidth(820)
        self.kind = QComboBox()
        for ledger in LEDGERS:
            self.kind.addItem(ledger.list_name or ledger.title, ledger.name)
        self.kind.setMinimumWidth(220)
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.as_of = QLineEdit()
        self.as_of.setPlaceholderText(tr("照文件里写的；没写就是今天"))
        self.as_of.setMinimumWidth(220)
        self.correction = QLineEdit()
        self.correction.setPlaceholderText(tr("日期在已封账的月份才要写"))
        self.drop = DropArea(
            tr("把文件或文件夹拖到这里，可以一次拖几个；也可以在表格里复制，再到这里粘贴"),
            (
                Button(tr("选文件…"), self.files_wanted.emit, icon="document"),
                Button(tr("选文件夹…"), self.folder_wanted.emit, icon="folder_open"),
                Button(tr("粘贴表格"), self.paste_wanted.emit, icon="clipboard_paste", tip="Ctrl+V"),
            ),
        )
        self._as_of_label = Label(tr("名册截至"))
        self._as_of_note = Label(tr("名册说的是哪一天，例如 2025-09-18"), tone="text2")
        template = Button(tr("下载导入模板…"), self.template_wanted.emit, kind="link")
        form = QVBoxLayout(self)
        form.setContentsMargins(PAGE_MARGIN, 20, PAGE_MARGIN, 20)
        form.setSpacing(12)
        rows: tuple[tuple[Label, QWidget, QWidget | None], ...] = (
            (Label(tr("清单")), self.kind, template),
            (self._as_of_label, self.as_of, self._as_of_note),
            (Label(tr("更正原因")), self.correction, None),
        )
        for label, field, note in rows:
            row = QHBoxLayout()
            row.setSpacing(12)
            label.setMinimumWidth(72)
            field.setAccessibleName(label.text())
            row.addWidget(label)
            row.addWidget(field, 0 if note is not None else 1)
            if note is not None:
                row.addWidget(note)
                row.addStretch(1)
            form.addLayout(row)
        form.addSpacing(4)
        form.addWidget(self.drop, 1)
        form.addWidget(
            Label(
                tr("文件原样就行：标题行、合计行、签名行会自己跳过。导入只新增和改动，从不删除台账里的人。"),
                tone="text2",
                wraps=True,
            )
        )
        self._on_kind()

    @property
    def kind_name(self) -> str:
        """The name of the chosen list."""
        return str(self.kind.currentData())

    def choose_kind(self, kind: str) -> None:
        """Choose a list by its name."""
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))

    def show_sources(self, sources: Sequence[Source]) -> None:
        """Name what was chosen."""
        self.drop.show_files([one.file if isinstance(one, RawWorkbook) else one.name for one in sources])

    def clear(self) -> None:
        """Forget what was typed."""
        self.as_of.clear()
        self.correction.clear()
        self.drop.show_files([])

    def as_of_day(self) -> date | None:
        """Return the day that was typed; UserError if it is none."""
        text = self.as_of.text().strip()
        if not text or self.kind_name != "students":
            return None
        day: date | None = Date().parse(text).value
        mark_wrong(self.as_of, day is None)
        if day is None:
            raise UserError(
                f"“{text}”看不懂是哪一天。", "请写成 2025-09-18，也可以写 20250918 或 2025.9.18。"
            )
        return day

    def _on_kind(self) -> None:
        for widget in (self._as_of_label, self.as_of, self._as_of_note):
            widget.setVisible(self.kind_name == "students")
        self.kind_changed.emit()
